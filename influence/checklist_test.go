package influence

import (
	"errors"
	"strings"
	"testing"
)

// TestCheckListIsTheFormsRules: each line is bad for what the form refuses, warns of
// what the LAR may ask about, and is good otherwise.
func TestCheckListIsTheFormsRules(t *testing.T) {
	whole := ClaimDraft{LAR: "north", Customer: "Fabrikam", CustomerState: "NH", Program: "Enterprise", Seats: "300", Amount: "$2,000", ExpectedOn: "2007-05-01", Kind: "presales",
		Note: "We ran the pilot.", Evidence: "The plan."}
	good := CheckList{Draft: whole, On: "2007-04-16", LARReady: true}
	for _, c := range []struct {
		name   string
		change func(*CheckList)
		at     int
		tone   Tone
	}{
		{"as it is", func(*CheckList) {}, 0, ToneGood},
		{"no LAR", func(l *CheckList) { l.Draft.LAR = "" }, 0, ToneBad},
		{"a LAR that is not Ready", func(l *CheckList) { l.LARReady = false }, 0, ToneBad},
		{"no customer", func(l *CheckList) { l.Draft.Customer = "" }, 1, ToneBad},
		{"few seats", func(l *CheckList) { l.Draft.Seats = "249" }, 2, ToneBad},
		{"signed too long ago", func(l *CheckList) { l.Draft.ExpectedOn = "2007-01-01" }, 3, ToneBad},
		{"nothing done", func(l *CheckList) { l.Draft.Kind = "" }, 4, ToneBad},
		{"no evidence", func(l *CheckList) { l.Draft.Evidence = "" }, 5, ToneWarn},
		{"a file alone", func(l *CheckList) { l.Draft.Evidence, l.Files = "", 1 }, 5, ToneGood},
		{"claimed before", func(l *CheckList) { l.Twins = []Twin{{"CLM-1", ClaimConfirmed, false}} }, 6, ToneWarn},
	} {
		l := good
		c.change(&l)
		for i, line := range l.Checks(Defaults()) {
			want := ToneGood
			if i == c.at {
				want = c.tone
			}
			if line.Tone != want || (line.Hint == "") != (want == ToneGood) {
				t.Errorf("%s: line %d is %+v", c.name, i, line)
			}
		}
	}
}

// TestWarnedOnceOfTheSame: of each claim that says the same an author is told once.
func TestWarnedOnceOfTheSame(t *testing.T) {
	all := []Twin{{"CLM-1", ClaimConfirmed, false}, {"CLM-2", ClaimIntent, true}}
	var wrong Invalid
	if err := WarnOf(all, ""); !errors.As(err, &wrong) || !strings.Contains(wrong["customer"], "CLM-1 (confirmed)") || !strings.Contains(wrong["agreement_number"], "CLM-2") {
		t.Errorf("%v", err)
	}
	if err := WarnOf(all, "CLM-1"); !errors.As(err, &wrong) || wrong["agreement_number"] == "" {
		t.Errorf("told of one: %v", err)
	}
	if err := WarnOf(all, "CLM-2 CLM-1"); err != nil {
		t.Errorf("told of both: %v", err)
	}
	if err := WarnOf(nil, ""); err != nil {
		t.Errorf("none: %v", err)
	}
}
