package influence

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var (
	disputeZone = time.FixedZone("program", -4*3600)
	decidedAt   = time.Date(2007, 4, 16, 9, 0, 0, 0, disputeZone)
)

// refused checks that an error is a refusal that says words, or none for no words.
func refused(t *testing.T, what string, err error, words string) {
	t.Helper()
	var no Refusal
	is := errors.As(err, &no)
	if words == "" && err != nil || words != "" && (!is || !strings.Contains(string(no), words)) {
		t.Errorf("%s: %v, want %q", what, err, words)
	}
}

// TestWhatCanBeDisputed tries each condition of a claim's dispute on a decision that
// can be disputed otherwise.
func TestWhatCanBeDisputed(t *testing.T) {
	hour := decidedAt.Add(time.Hour)
	for what, c := range map[string]struct {
		change func(*Disputable)
		now    time.Time
		words  string
	}{
		"rejected":                 {func(*Disputable) {}, hour, ""},
		"confirmed with a part":    {func(x *Disputable) { x.State, x.Own = ClaimConfirmed, 4_000 }, hour, ""},
		"confirmed with all":       {func(x *Disputable) { x.State, x.Own = ClaimConfirmed, Whole }, hour, "100"},
		"nobody answered":          {func(x *Disputable) { x.Code = NoAnswer }, hour, "Reopen it instead"},
		"before an agreement":      {func(x *Disputable) { x.Decision = Decision{} }, hour, "no decision to dispute"},
		"ruled":                    {func(x *Disputable) { x.Decision.Basis = Ruling }, hour, "final"},
		"ruled, with all":          {func(x *Disputable) { x.State, x.Own, x.Decision.Basis = ClaimConfirmed, Whole, Ruling }, hour, "final"},
		"disputed once":            {func(x *Disputable) { x.Disputed = true }, hour, "already"},
		"attached":                 {func(x *Disputable) { x.State = ClaimAttached }, hour, "cannot be disputed"},
		"while it can be undone":   {func(*Disputable) {}, decidedAt.Add(14*time.Minute + time.Second), "1 minute"},
		"on the last day":          {func(*Disputable) {}, time.Date(2007, 5, 16, 23, 59, 0, 0, disputeZone), ""},
		"after it":                 {func(*Disputable) {}, time.Date(2007, 5, 17, 0, 1, 0, 0, disputeZone), "until 16 May 2007"},
		"enrolled later":           {func(x *Disputable) { x.Enrolled = decidedAt.AddDate(0, 0, 20) }, time.Date(2007, 6, 5, 12, 0, 0, 0, disputeZone), ""},
		"enrolled later, too late": {func(x *Disputable) { x.Enrolled = decidedAt.AddDate(0, 0, 20) }, time.Date(2007, 6, 6, 12, 0, 0, 0, disputeZone), "until 5 Jun 2007"},
	} {
		x := Disputable{State: ClaimRejected, Code: OtherPartnerConfirmed, Contested: Contested{Decision: Decision{ID: "d", RecordedAt: decidedAt, Basis: Desk}}}
		c.change(&x)
		_, err := x.May(c.now, disputeZone, Defaults())
		refused(t, what, err, c.words)
	}
}

// TestAShareIsDisputedWhenItIsLower: by a partner that claimed nothing.
func TestAShareIsDisputedWhenItIsLower(t *testing.T) {
	for _, c := range []struct {
		own, before int64
		words       string
	}{{0, 10_000, ""}, {4_000, 4_001, ""}, {4_000, 4_000, "not lower"}, {5_000, 4_000, "not lower"}, {0, 0, "not lower"}} {
		x := Contested{Decision: Decision{ID: "d", RecordedAt: decidedAt, Basis: Desk}, Own: c.own, Before: c.before}
		until, err := x.MayShare(decidedAt.Add(time.Hour), disputeZone, Defaults())
		refused(t, FormatPercent(c.own), err, c.words)
		if err == nil && until != "2007-05-16" {
			t.Errorf("until %s", until)
		}
	}
}

// TestTheDecisionBefore is the one that counted before: what an undo took back never
// did, what another replaced did.
func TestTheDecisionBefore(t *testing.T) {
	give := func(id string, seq, points int64) Decision {
		d := Decision{ID: id, Seq: seq}
		if points > 0 {
			d.Shares = []Share{{PartnerID: "p", Points: points}}
		}
		return d
	}
	undone := give("b", 2, 9_000)
	undone.Void = true
	replacing := give("c", 3, 4_000)
	replacing.Replaces = []string{"a"}
	for what, c := range map[string]struct {
		all         []Decision
		of          string
		decision    string
		own, before int64
	}{
		"none":            {nil, "", "", 0, 0},
		"one":             {[]Decision{give("a", 1, 6_000)}, "", "a", 6_000, 0},
		"lower":           {[]Decision{give("a", 1, 6_000), give("b", 2, 0)}, "", "b", 0, 6_000},
		"undone between":  {[]Decision{give("a", 1, 6_000), undone, give("c", 3, 5_000)}, "", "c", 5_000, 6_000},
		"replaced":        {[]Decision{give("a", 1, 6_000), replacing}, "", "c", 4_000, 6_000},
		"an older one":    {[]Decision{give("a", 1, 6_000), give("b", 2, 0), give("c", 3, 0)}, "b", "b", 0, 6_000},
		"one that's void": {[]Decision{give("a", 1, 6_000), undone}, "b", "a", 6_000, 0},
	} {
		x := ContestedOf(c.all, c.of, "p")
		if x.Decision.ID != c.decision || x.Own != c.own || x.Before != c.before {
			t.Errorf("%s: %s gives %d after %d", what, x.Decision.ID, x.Own, x.Before)
		}
	}
}

// TestWhoRulesAndApproves tries what keeps a member from ruling, and from approving.
func TestWhoRulesAndApproves(t *testing.T) {
	const due, after Day = "2007-04-23", "2007-04-24"
	for what, c := range map[string]struct {
		k             Docket
		today         Day
		rule, approve string // words of the refusals
	}{
		"all answered":        {Docket{AnswersDue: due}, due, "", "No ruling"},
		"answers are missing": {Docket{AnswersDue: due, Waits: true}, due, "until 23 Apr 2007", "No ruling"},
		"their days are over": {Docket{AnswersDue: due, Waits: true}, after, "", "No ruling"},
		"took part":           {Docket{AnswersDue: due, TookPart: true}, after, "You decided", "No ruling"},
		"proposed by another": {Docket{AnswersDue: due, Proposed: true, ProposedBy: "other"}, after, "proposed already", ""},
		"proposed by oneself": {Docket{AnswersDue: due, Proposed: true, ProposedBy: "me"}, after, "proposed already", "You proposed"},
		"took part, proposed": {Docket{AnswersDue: due, Proposed: true, ProposedBy: "other", TookPart: true}, after, "proposed already", "You decided"},
	} {
		refused(t, what+", ruling", c.k.MayRule(c.today), c.rule)
		refused(t, what+", approving", c.k.MayApprove("me"), c.approve)
	}
	for cents, two := range map[int64]bool{0: false, 999_999_99: false, 1_000_000_00: true, -5: false} {
		if got := (Docket{Cents: cents}).NeedsTwo(Defaults()); got != two {
			t.Errorf("%s needs two: %v", FormatMoney(cents), got)
		}
	}
}

// TestAnApprovalSaysWhatItIs: approve or send back, and why it is sent back.
func TestAnApprovalSaysWhatItIs(t *testing.T) {
	for _, c := range []struct {
		a        Approval
		approved bool
		wrong    string
	}{
		{Approval{Answer: "approve"}, true, ""},
		{Approval{Answer: "return", Sentence: "The letter is older."}, false, ""},
		{Approval{Answer: "return", Sentence: " \n"}, false, "sentence"},
		{Approval{}, false, "answer"},
		{Approval{Answer: "maybe"}, false, "answer"},
		{Approval{Answer: "return", Sentence: strings.Repeat("x", NoteLimit+1)}, false, "sentence"},
	} {
		approved, err := c.a.Validate()
		var wrong Invalid
		errors.As(err, &wrong)
		if approved != c.approved && err == nil || c.wrong == "" && err != nil || c.wrong != "" && wrong[c.wrong] == "" {
			t.Errorf("%+v: %v, %v", c.a, approved, err)
		}
	}
}

// TestDisputeDays: five business days to answer and ten to rule, over Memorial Day.
func TestDisputeDays(t *testing.T) {
	answers, ruling := DisputeDue("2007-05-23", Defaults())
	if answers != "2007-05-31" || ruling != "2007-06-14" {
		t.Errorf("answers until %s, the ruling until %s", answers, ruling)
	}
}
