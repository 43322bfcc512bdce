package influence

import "testing"

func TestParseLevel(t *testing.T) {
	for typed, want := range map[string]Level{"Gold": Gold, " certified ": Certified, "REGISTERED": Registered} {
		if got, err := ParseLevel(typed); err != nil || got != want {
			t.Errorf("ParseLevel(%q) = %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "Platinum", "gold certified"} {
		if got, err := ParseLevel(typed); err == nil {
			t.Errorf("ParseLevel(%q) = %q", typed, got)
		}
	}
	for level, title := range map[Level]string{Gold: "Gold", Certified: "Certified", Registered: "Registered"} {
		if level.Title() != title {
			t.Errorf("%s is shown as %q", level, level.Title())
		}
	}
}
