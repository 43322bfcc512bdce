package influence

import (
	"fmt"
	"time"
)

// DisputeState is where a dispute stands.
type DisputeState string

// The states.
const (
	DisputeOpen      DisputeState = "open"
	DisputeUpheld    DisputeState = "upheld"    // the partner is right
	DisputeDismissed DisputeState = "dismissed" // nothing changes
)

// DisputeStates returns the states in their order.
func DisputeStates() []DisputeState {
	return []DisputeState{DisputeOpen, DisputeUpheld, DisputeDismissed}
}

// Title is the badge's words for s.
func (s DisputeState) Title() string {
	switch s {
	case DisputeUpheld:
		return "Upheld"
	case DisputeDismissed:
		return "Dismissed"
	}
	return "Open"
}

// Tone is the badge's look for s.
func (s DisputeState) Tone() Tone {
	switch s {
	case DisputeUpheld:
		return ToneGood
	case DisputeDismissed:
		return TonePlain
	}
	return ToneWarn
}

// Disputable is a partner's claim and the decision that answered it.
type Disputable struct {
	State       ClaimState
	Code        ReasonCode
	Decision    Decision // the zero Decision for a claim rejected before there was an agreement
	Own, Before int64    // the partner's share in it and in the one before, in basis points
	Disputed    bool     // by this partner, once already
}

// May returns the last day on which the decision can be disputed, and a Refusal
// that says why it can't be now.
func (x Disputable) May(now time.Time, zone *time.Location, set Settings) (until Day, err error) {
	if err := x.State.Can(DisputeClaim, RolePartner); err != nil {
		return "", err
	}
	final := x.Decision.RecordedAt.Add(set.Undo)
	until = DayOf(final, zone).AddDays(set.DisputeWindow)
	switch {
	case x.State == ClaimRejected && x.Code == NoAnswer:
		return "", Refusal("This claim was rejected because there was no answer. Reopen it instead.")
	case x.Decision.ID == "":
		return "", Refusal("The LAR rejected this claim before there was an agreement, so there is no decision to dispute. You can send the claim to the LAR that sells the agreement.")
	case x.Decision.Basis == Ruling:
		return "", Refusal("Microsoft ruled on this agreement. A ruling is final.")
	case x.Disputed:
		return "", Refusal("Your company disputed this decision already.")
	case x.State == ClaimConfirmed && x.Own >= Whole:
		return "", Refusal("Your share is 100 %, so there is nothing to dispute.")
	case !now.After(final):
		return "", Refusal("This decision can still be undone. It can be disputed in " + plural(int(final.Sub(now).Minutes())+1, "minute") + ".")
	case DayOf(now, zone) > until:
		return "", Refusal(fmt.Sprintf("This decision could be disputed until %s.", FormatDay(until)))
	}
	return until, nil
}

// DisputeDue are the last days of the answers to a dispute opened today and of the
// ruling, which follows them.
func DisputeDue(today Day, set Settings) (answers, ruling Day) {
	answers = AddBusinessDays(today, set.DisputeAnswers)
	return answers, AddBusinessDays(answers, set.DisputeRuling)
}

// DisputeDraft is what a partner says against a decision.
type DisputeDraft struct{ Reason, Evidence string }

// Validate returns the draft tidied, and an Invalid that names every wrong field.
func (d DisputeDraft) Validate() (DisputeDraft, error) {
	v := Invalid{}
	d.Reason, d.Evidence = block(d.Reason), block(d.Evidence)
	v.Check(d.Reason != "", "reason", "Say why the decision is wrong.")
	checkText(v, "reason", d.Reason, NoteLimit)
	checkText(v, "evidence", d.Evidence, NoteLimit)
	return d, v.OrNil()
}

// CheckAnswer returns what a side says about a dispute tidied, and an Invalid.
func CheckAnswer(s string) (string, error) {
	v := Invalid{}
	s = block(s)
	v.Check(s != "", "answer", "Write what you have to say.")
	checkText(v, "answer", s, NoteLimit)
	return s, v.OrNil()
}

// RulingDraft is what Microsoft's form says of a dispute.
type RulingDraft struct {
	Outcome  string // a DisputeState but open
	Reason   string // for all to read
	Decision DecisionDraft
}

// Docket is what a ruling is checked against.
type Docket struct {
	TookPart   bool  // who rules decided on the agreement before
	Waits      bool  // for answers, until AnswersDue
	AnswersDue Day   // their last day
	Cents      int64 // the agreement's revenue
}

// MayRule returns nil when somebody can rule now, and a Refusal that says why not.
func (k Docket) MayRule(today Day, set Settings) error {
	switch {
	case k.Cents >= set.SecondApproval:
		return Refusal(fmt.Sprintf("The agreement’s revenue is %s. From %s on a ruling needs a second approval, which the portal does not offer yet.",
			FormatMoney(k.Cents), FormatDollars(set.SecondApproval)))
	case k.TookPart:
		return Refusal("You decided on this agreement, so somebody else rules on the dispute.")
	case k.Waits && today <= k.AnswersDue:
		return Refusal(fmt.Sprintf("The sides have until %s to answer. You can rule when all have answered, or after that day.", FormatDay(k.AnswersDue)))
	}
	return nil
}

// Validate returns the ruling's outcome, and an Invalid that names every wrong field
// beside the decision's.
func (d *RulingDraft) Validate() (DisputeState, error) {
	v := Invalid{}
	d.Reason = block(d.Reason)
	outcome := DisputeState(d.Outcome)
	v.Check(outcome == DisputeUpheld || outcome == DisputeDismissed, "outcome", "Choose whether the dispute is upheld or dismissed.")
	v.Check(d.Reason != "", "reason", "Give the reason. All sides read it.")
	checkText(v, "reason", d.Reason, NoteLimit)
	return outcome, v.OrNil()
}

// ShareOf is a partner's share in a decision, in basis points.
func (d Decision) ShareOf(partnerID string) int64 {
	for _, s := range d.Shares {
		if s.PartnerID == partnerID {
			return s.Points
		}
	}
	return 0
}
