package influence

import (
	"strings"
	"testing"
)

func TestParsePartnerNo(t *testing.T) {
	for typed, want := range map[string]string{"104482": "104482", " 0042 ": "0042", "1234567890": "1234567890", "00000000": "00000000"} {
		if got, err := ParsePartnerNo(typed); err != nil || got != want {
			t.Errorf("ParsePartnerNo(%q) = %q, %v", typed, got, err)
		}
	}
	for typed, reason := range map[string]string{
		"": "Enter", "123": "4 to 10 digits", "12345678901": "4 to 10 digits", "12A4": "other than digits",
		"21760A": "other than digits", "12-34": "other than digits", "１２３４": "other than digits", "1234.0": "other than digits",
	} {
		if got, err := ParsePartnerNo(typed); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("ParsePartnerNo(%q) = %q, %v; want refused: %s", typed, got, err, reason)
		}
	}
}

func TestAdmit(t *testing.T) {
	row := RosterRow{PartnerNo: "104482", Level: Certified, Website: "https://www.granite.example", ContactEmail: "info@granite-mail.example"}
	with := func(change func(*RosterRow)) *RosterRow {
		changed := row
		change(&changed)
		return &changed
	}
	for name, c := range map[string]struct {
		email, level string
		row          *RosterRow
		atOnce       bool
	}{
		"domain of the website":     {"dana@granite.example", "certified", &row, true},
		"domain of the contact":     {"dana@granite-mail.example", "certified", &row, true},
		"Gold":                      {"dana@granite.example", "gold", with(func(r *RosterRow) { r.Level = Gold }), true},
		"says another level":        {"dana@granite.example", "registered", &row, true},
		"not on the roster":         {"dana@granite.example", "certified", nil, false},
		"another row":               {"dana@granite.example", "certified", with(func(r *RosterRow) { r.PartnerNo = "104483" }), false},
		"gone from the roster":      {"dana@granite.example", "certified", with(func(r *RosterRow) { r.Gone = true }), false},
		"Registered":                {"dana@granite.example", "gold", with(func(r *RosterRow) { r.Level = Registered }), false},
		"level unknown":             {"dana@granite.example", "gold", with(func(r *RosterRow) { r.Level = "" }), false},
		"other domain":              {"dana@other.example", "certified", &row, false},
		"domain below":              {"dana@mail.granite.example", "certified", &row, false},
		"domain that ends the same": {"dana@notgranite.example", "certified", &row, false},
		"mail provider":             {"granite@gmail.com", "certified", with(func(r *RosterRow) { r.ContactEmail = "granite@gmail.com" }), false},
		"row without addresses":     {"dana@granite.example", "certified", with(func(r *RosterRow) { r.Website, r.ContactEmail = "", "" }), false},
		"nothing on either side":    {"", "certified", with(func(r *RosterRow) { r.Website, r.ContactEmail = "", "" }), false},
	} {
		got := Admit(SignUp{Email: c.email, PartnerNo: "104482", Level: c.level}, c.row)
		if got.AtOnce != c.atOnce || (got.Reason == "") != c.atOnce {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
