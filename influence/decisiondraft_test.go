package influence

import (
	"errors"
	"strings"
	"testing"
)

func invalidity(t *testing.T, err error) Invalid {
	t.Helper()
	var v Invalid
	if err != nil && !errors.As(err, &v) {
		t.Fatalf("not an Invalid: %v", err)
	}
	return v
}

func TestTheDeskRefusesWhatTheRulesDo(t *testing.T) {
	open := DeskView{SignedOn: "2006-07-15", Today: "2007-04-16", Open: []OpenClaim{
		{Ref: "CLM-P", PartnerNo: "1001", Partner: "Pine", State: ClaimAttached, Due: "2007-04-20"},
		{Ref: "CLM-Q", PartnerNo: "1002", Partner: "Quill", State: ClaimActionRequired, Due: "2007-04-16"},
	}}
	answered := open
	answered.Today = "2007-04-17"
	nobody := DeskView{SignedOn: "2006-07-15", Today: "2007-04-16"}
	ownsP := answered
	ownsP.Open = []OpenClaim{{Ref: "CLM-P", PartnerNo: "1001", Partner: "Pine", State: ClaimAttached, Owned: true}, answered.Open[1]}
	both := []Share{bp("1001", 6_000, true), bp("1002", 4_000, false)}
	one := []Share{bp("1001", Whole, true)}
	for name, c := range map[string]struct {
		draft DecisionDraft
		on    DeskView
		field string // "" for right
	}{
		"a split":                      {DecisionDraft{Shares: both}, open, ""},
		"none without claims":          {DecisionDraft{None: true}, nobody, ""},
		"none with a reason":           {DecisionDraft{None: true, Code: "influence_not_shown"}, answered, ""},
		"none with a reason for each":  {DecisionDraft{None: true, Rejects: map[string]string{"CLM-P": "duplicate", "CLM-Q": "customer_declined"}}, answered, ""},
		"none without a reason":        {DecisionDraft{None: true}, answered, "code"},
		"none with one of two":         {DecisionDraft{None: true, Rejects: map[string]string{"CLM-P": "duplicate"}}, answered, "code"},
		"neither":                      {DecisionDraft{}, nobody, "outcome"},
		"both":                         {DecisionDraft{None: true, Shares: one}, nobody, "outcome"},
		"over 100 %":                   {DecisionDraft{Shares: []Share{bp("1001", 6_001, true), bp("1002", 4_000, false)}}, open, "share"},
		"under 1 %":                    {DecisionDraft{Shares: []Share{bp("1001", 99, true)}}, nobody, "share"},
		"two shares":                   {DecisionDraft{Shares: []Share{bp("1001", 100, true), bp("1001", 200, false)}}, nobody, "partner_id"},
		"no primary":                   {DecisionDraft{Shares: []Share{bp("1001", 100, false)}}, nobody, "primary"},
		"two primaries":                {DecisionDraft{Shares: []Share{bp("1001", 100, true), bp("1002", 200, true)}}, nobody, "primary"},
		"an unknown kind":              {DecisionDraft{Shares: []Share{{PartnerNo: "1001", Points: 100, Primary: true}}}, nobody, "kind"},
		"a question waits":             {DecisionDraft{Shares: one}, open, "reject"},
		"the question's day is over":   {DecisionDraft{Shares: one}, answered, ""},
		"an unknown reason":            {DecisionDraft{Shares: one, Rejects: map[string]string{"CLM-Q": "no_answer"}}, answered, "reject"},
		"a reason for no claim":        {DecisionDraft{Shares: one, Rejects: map[string]string{"CLM-X": "duplicate"}}, answered, "reject"},
		"a reason for a sharer":        {DecisionDraft{Shares: both, Rejects: map[string]string{"CLM-P": "duplicate"}}, open, ""},
		"a later day":                  {DecisionDraft{Shares: one, From: "2007-01-01"}, nobody, "effective_on"},
		"the signing day":              {DecisionDraft{Shares: one, From: "2006-07-15"}, nobody, "effective_on"},
		"a long note":                  {DecisionDraft{Shares: one, Note: strings.Repeat("x", NoteLimit+1)}, nobody, "note"},
		"rejecting an own one's rival": {DecisionDraft{None: true, Code: "influence_not_shown"}, ownsP, "outcome"},
		"rejecting an own one":         {DecisionDraft{Shares: []Share{bp("1002", Whole, true)}}, ownsP, ""},
	} {
		wrong := invalidity(t, c.draft.Validate(c.on))
		switch {
		case c.field == "" && len(wrong) > 0:
			t.Errorf("%s: %v", name, map[string]string(wrong))
		case c.field != "" && (wrong[c.field] == "" || len(wrong) != 1):
			t.Errorf("%s: %v, not %s alone", name, map[string]string(wrong), c.field)
		}
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	wrong := invalidity(t, DecisionDraft{Shares: []Share{{PartnerNo: "1001", Points: 20_000}}, From: "2000-01-01"}.Validate(DeskView{SignedOn: "2006-07-15"}))
	for _, field := range []string{"share", "kind", "primary", "effective_on"} {
		if wrong[field] == "" {
			t.Errorf("nothing at %s: %v", field, map[string]string(wrong))
		}
	}
}

func TestARejectedClaimHasItsOwnReasonElseTheGeneralElseTheUsual(t *testing.T) {
	d := DecisionDraft{Code: "duplicate", Rejects: map[string]string{"CLM-P": "customer_declined", "CLM-Q": ""}}
	for ref, want := range map[string]string{"CLM-P": "customer_declined", "CLM-Q": "duplicate"} {
		if got := d.RejectCode(ref); got != want {
			t.Errorf("%s: %s", ref, got)
		}
	}
	if got := (DecisionDraft{}).RejectCode("CLM-P"); got != "other_partner_confirmed" {
		t.Errorf("chosen by nobody: %s", got)
	}
}

func TestPercentagesAsTyped(t *testing.T) {
	for typed, want := range map[string]int64{"60": 6_000, " 60 % ": 6_000, "33.33": 3_333, "33.3%": 3_330, ".5": 50, "100": 10_000, "100.00": 10_000, "0": 0} {
		if got, err := ParsePercent(typed); err != nil || got != want {
			t.Errorf("%q: %d, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "%", ".", "x", "33,3", "33.333", "100.01", "-5", "1e1", "99999999999999999999", "6 0"} {
		if got, err := ParsePercent(typed); err == nil {
			t.Errorf("%q is taken as %d", typed, got)
		}
	}
	for points, want := range map[int64]string{6_000: "60\u00a0%", 3_333: "33.33\u00a0%", 5: "0.05\u00a0%", -150: "−1.50\u00a0%"} {
		if got := FormatPercent(points); got != want {
			t.Errorf("%d: %s", points, got)
		}
	}
}
