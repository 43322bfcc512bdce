package influence

import (
	"regexp"
	"slices"
	"strings"
)

// Profile is what a partner says of its company. Name, level, state and partner
// ID are Microsoft's.
type Profile struct {
	Street, City, PostalCode string
	Phone, Website           string
	Competencies             []string // of Competencies, in its order
	Listed                   bool     // shown to everybody who is signed in
}

// Competencies returns what a partner of the program can be competent in.
func Competencies() []string {
	return []string{"Advanced Infrastructure Solutions", "Business Process and Integration", "Custom Development Solutions", "Data Management Solutions",
		"Information Worker Solutions", "Learning Solutions", "Licensing Solutions", "Microsoft Business Solutions", "Mobility Solutions",
		"Networking Infrastructure Solutions", "OEM Hardware Solutions", "Security Solutions", "Software Solutions"}
}

// Validate returns p as it is stored and an Invalid naming every field that is wrong.
func (p Profile) Validate() (Profile, error) {
	v := Invalid{}
	for _, f := range []struct {
		name string
		text *string
	}{{"street", &p.Street}, {"city", &p.City}, {"postal_code", &p.PostalCode}, {"phone", &p.Phone}, {"website", &p.Website}} {
		*f.text = line(*f.text)
		checkText(v, f.name, *f.text, NameLimit)
	}
	v.Check(p.PostalCode == "" || postalCode.MatchString(p.PostalCode), "postal_code", "A ZIP code has 5 digits, or 9 as in 03101-1234. You can leave it empty.")
	v.Check(isPhone(p.Phone), "phone", "A phone number has 7 to 20 digits, as in (603) 555-0142. You can leave it empty.")
	v.Check(p.Website == "" || website.MatchString(p.Website), "website", "A website looks like www.example.com. You can leave it empty.")
	var chosen []string
	for _, c := range Competencies() {
		if slices.Contains(p.Competencies, c) {
			chosen = append(chosen, c)
		}
	}
	for _, c := range p.Competencies {
		v.Check(slices.Contains(Competencies(), c), "competency", "Choose competencies from the list.")
	}
	p.Competencies = chosen
	return p, v.OrNil()
}

var (
	postalCode = regexp.MustCompile(`^\d{5}(-\d{4})?$`)
	website    = regexp.MustCompile(`^(?i)(https?://)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(/[^\s<>"]*)?$`)
)

// Address writes street, city and ZIP code in one line, "" when none is known.
func (p Profile) Address() string {
	var parts []string
	for _, s := range []string{p.Street, strings.TrimSpace(p.City + " " + p.PostalCode)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
