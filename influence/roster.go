package influence

import (
	"fmt"
	"slices"
	"strings"
)

// The columns of the roster, by the names that are promised to scripts.
const (
	RosterPartnerNo    = "partner_id"
	RosterName         = "name"
	RosterLevel        = "level"
	RosterState        = "state"
	RosterCity         = "city"
	RosterWebsite      = "website"
	RosterContactName  = "contact_name"
	RosterContactEmail = "contact_email"
)

// rosterColumns lists the columns in the order of the file, with the headings
// that are taken for them too.
var rosterColumns = []ReportColumn{
	{RosterPartnerNo, true, []string{"Partner No.", "Partner number", "MSPP ID"}},
	{RosterName, true, []string{"Partner name", "Company", "Company name"}},
	{RosterLevel, true, []string{"Partner level", "Program level"}},
	{RosterState, true, []string{"ST"}},
	{RosterCity, false, nil},
	{RosterWebsite, false, []string{"Web site", "URL"}},
	{RosterContactName, false, []string{"Contact"}},
	{RosterContactEmail, false, []string{"E-mail", "Email", "Contact e-mail"}},
}

// RosterMapping says in which cell of a row, from 0, a column stands.
type RosterMapping map[string]int

// RosterHeadingsKnown counts the headings of the roster among a row's cells; 0
// when the partner ID is not among them.
func RosterHeadingsKnown(cells []string) int {
	m, _ := MapRoster(cells)
	if _, ok := m[RosterPartnerNo]; !ok {
		return 0
	}
	return len(m)
}

// MapRoster finds the roster's columns among headings. Its Refusal names the
// required ones that are missing, or one that stands there twice.
func MapRoster(headings []string) (RosterMapping, error) {
	m := RosterMapping{}
	var twice error
	for i, heading := range headings {
		name := rosterColumn(heading)
		if name == "" {
			continue
		}
		if _, taken := m[name]; taken && twice == nil {
			twice = Refusal(fmt.Sprintf("The column %s stands in this file twice. Remove one of them.", name))
		}
		m[name] = i
	}
	var missing []string
	for _, c := range rosterColumns {
		if _, ok := m[c.Name]; c.Required && !ok {
			missing = append(missing, c.Name)
		}
	}
	if len(missing) > 0 {
		return m, Refusal("The roster lacks a column: " + strings.Join(missing, ", ") + ". It needs partner_id, name, level and state.")
	}
	return m, twice
}

func rosterColumn(heading string) string {
	folded := FoldHeading(heading)
	for _, c := range rosterColumns {
		usual := slices.ContainsFunc(c.usual, func(u string) bool { return FoldHeading(u) == folded })
		if folded == FoldHeading(c.Name) || usual {
			return c.Name
		}
	}
	return ""
}

// ParseRosterRow reads a row of the roster. Its Refusal says why the row is not
// taken: the first thing wrong with it.
func ParseRosterRow(cells []string, m RosterMapping) (RosterRow, error) {
	at := func(column string) string {
		if i, ok := m[column]; ok && i < len(cells) {
			return line(cells[i])
		}
		return ""
	}
	no := at(RosterPartnerNo)
	r := RosterRow{Name: at(RosterName), City: at(RosterCity), Website: at(RosterWebsite), ContactName: at(RosterContactName),
		ContactEmail: strings.ToLower(at(RosterContactEmail))}
	var err error
	if no == "" {
		return r, Refusal("The partner ID is missing.")
	}
	if r.PartnerNo, err = ParsePartnerNo(no); err != nil {
		return r, Refusal("The partner ID is not 4 to 10 digits: " + quoted(no) + ".")
	}
	if r.Name == "" {
		return r, Refusal("The name is missing.")
	}
	if r.Level, err = ParseLevel(at(RosterLevel)); err != nil {
		return r, err
	}
	if r.State, err = PartnerState(at(RosterState)); err != nil {
		return r, err
	}
	return r, r.fits()
}

// fits refuses texts that are too long or cannot be shown.
func (r RosterRow) fits() error {
	for _, f := range []struct{ name, text string }{{"name", r.Name}, {"city", r.City}, {"website", r.Website}, {"contact name", r.ContactName}, {"contact e-mail", r.ContactEmail}} {
		wrong := Invalid{}
		checkText(wrong, f.name, f.text, NameLimit)
		if msg, bad := wrong[f.name]; bad {
			return Refusal("The " + f.name + ": " + msg)
		}
	}
	return nil
}

// UsedByEarlierRow is why a row of the roster is refused whose partner ID stands
// in an earlier one.
func UsedByEarlierRow(row int) Refusal {
	return Refusal(fmt.Sprintf("This row has a partner ID used by an earlier row, row %d.", row))
}

// RosterColumns returns the columns in the order in which files are written.
func RosterColumns() []ReportColumn { return slices.Clone(rosterColumns) }
