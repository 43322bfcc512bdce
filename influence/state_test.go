package influence

import (
	"strings"
	"testing"
)

func TestStates(t *testing.T) {
	if len(CustomerStates()) != 51 || len(PartnerStates()) != 56 {
		t.Fatalf("%d customer and %d partner states", len(CustomerStates()), len(PartnerStates()))
	}
	seen, regions := map[string]bool{}, map[string]int{}
	for _, s := range PartnerStates() {
		if len(s.Code) != 2 || seen[s.Code] || seen[s.Name] || s.Code != strings.ToUpper(s.Code) {
			t.Errorf("state %+v", s)
		}
		seen[s.Code], seen[s.Name] = true, true
		regions[s.Region]++
		if StateName(s.Code) != s.Name || Region(s.Code) != s.Region {
			t.Errorf("%s is not found", s.Code)
		}
	}
	// The Census counts 9, 12, 16 and DC, 13.
	want := map[string]int{Northeast: 9, Midwest: 12, South: 17, West: 13, Territories: 5}
	for region, n := range want {
		if regions[region] != n {
			t.Errorf("%s has %d states, want %d", region, regions[region], n)
		}
	}
}

func TestParseState(t *testing.T) {
	for _, c := range []struct{ typed, customer, partner string }{
		{"NY", "NY", "NY"}, {" ny ", "NY", "NY"}, {"new york", "NY", "NY"}, {"DC", "DC", "DC"},
		{"PR", "", "PR"}, {"gu", "", "GU"}, {"VI", "", "VI"}, {"AS", "", "AS"}, {"MP", "", "MP"},
		{"ZZ", "", ""}, {"ON", "", ""}, {"", "", ""}, {"N Y", "", ""},
	} {
		customer, err := CustomerState(c.typed)
		if customer != c.customer || (err == nil) != (c.customer != "") {
			t.Errorf("CustomerState(%q) = %q, %v", c.typed, customer, err)
		}
		partner, err := PartnerState(c.typed)
		if partner != c.partner || (err == nil) != (c.partner != "") {
			t.Errorf("PartnerState(%q) = %q, %v", c.typed, partner, err)
		}
	}
	if StateName("ZZ") != "ZZ" || Region("ZZ") != "" {
		t.Error("an unknown code has a name or region")
	}
}
