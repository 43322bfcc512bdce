package influence

import (
	"errors"
	"strings"
	"unicode"
)

// TermsVersion names the program terms in force. It is kept with each acceptance,
// so that it can be shown later what was accepted.
const TermsVersion = "2007-04"

// SignUp is what a person types to enroll a company. Its fields are the form's.
type SignUp struct {
	Name      string
	Email     string
	Password  string // exactly as typed
	Company   string
	PartnerNo string
	Level     string
	State     string
	Phone     string // optional
	Terms     string // the TermsVersion the form showed
}

// Validate returns s as it is stored (trimmed, the address in lower case, level
// and state as codes) and an Invalid naming every field that is wrong.
func (s SignUp) Validate() (SignUp, error) {
	v := Invalid{}
	s.checkAll(v)
	s.Email = parsed(v, "email", s.Email, ParseEmail)
	owner := PasswordOwner{Name: s.Name, Email: s.Email, Company: s.Company}
	v.refuse("password", CheckPassword(s.Password, owner))
	return s, v.OrNil()
}

// ValidateAgain is Validate for who is known already: without the address and the
// password, which it has.
func (s SignUp) ValidateAgain() (SignUp, error) {
	v := Invalid{}
	s.checkAll(v)
	return s, v.OrNil()
}

func (s *SignUp) checkAll(v Invalid) {
	for _, f := range ApplicationFields() {
		s.check(v, f.Name)
	}
	v.Check(s.Terms == TermsVersion, "terms", "The program terms have changed. Read them, then send the form again.")
}

// check brings one field into the form in which it is stored, or records what is
// wrong with it.
func (s *SignUp) check(v Invalid, name string) {
	switch name {
	case "name":
		s.Name = line(s.Name)
		checkRequired(v, name, s.Name, "Enter your name.")
	case "phone":
		s.Phone = line(s.Phone)
		v.Check(isPhone(s.Phone), name, "A phone number has 7 to 20 digits, as in (603) 555-0142. You can leave it empty.")
	case "company":
		s.Company = line(s.Company)
		checkRequired(v, name, s.Company, "Enter the company’s name.")
	case "state":
		s.State = parsed(v, name, s.State, PartnerState)
	case "partner_id":
		s.PartnerNo = parsed(v, name, s.PartnerNo, ParsePartnerNo)
	case "level":
		s.Level = string(parsed(v, name, s.Level, ParseLevel))
	}
}

// place is where a field's value is kept, nil for a name that is none.
func (s *SignUp) place(name string) *string {
	return map[string]*string{"name": &s.Name, "phone": &s.Phone, "company": &s.Company, "state": &s.State, "partner_id": &s.PartnerNo, "level": &s.Level}[name]
}

// Field returns the value of one of ApplicationFields.
func (s SignUp) Field(name string) string {
	if at := s.place(name); at != nil {
		return *at
	}
	return ""
}

func (s *SignUp) set(name, value string) {
	if at := s.place(name); at != nil {
		*at = value
	}
}

// checkRequired records what is wrong with a one-line text that must be there.
func checkRequired(v Invalid, field, s, missing string) {
	v.Check(s != "", field, missing)
	checkText(v, field, s, NameLimit)
}

// parsed reads a field with parse and records its refusal.
func parsed[T any](v Invalid, field, s string, parse func(string) (T, error)) T {
	value, err := parse(s)
	v.refuse(field, err)
	return value
}

// refuse records against field the sentence of a refusal, if there is one.
func (v Invalid) refuse(field string, err error) {
	var r Refusal
	if errors.As(err, &r) {
		v.Check(false, field, string(r))
	}
}

// isPhone takes any way of writing a number, and none at all.
func isPhone(s string) bool {
	count := len(strings.Map(onlyIf(unicode.IsDigit), s))
	written := onlyOf(strings.ToLower(s), digits+" +-–().,/#ext")
	return s == "" || count >= 7 && count <= 20 && written && len(s) <= 60
}
