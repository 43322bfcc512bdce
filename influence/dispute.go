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

// Contested is a decision on an agreement, and what it gives the partner that would
// dispute it.
type Contested struct {
	Decision    Decision  // the zero Decision for none
	Own, Before int64     // the partner's share in it and in the one before, in basis points
	Disputed    bool      // by this partner, once already
	Enrolled    time.Time // of the partner: it could not be told before
}

// MayShare returns the last day on which a partner that claimed nothing can dispute
// the share that is left to it, and a Refusal that says why it can't now.
func (x Contested) MayShare(now time.Time, zone *time.Location, set Settings) (until Day, err error) {
	if x.Own >= x.Before {
		return "", Refusal("Your share is not lower than before, so there is nothing to dispute.")
	}
	return x.within(now, zone, set)
}

// within refuses to dispute what is final, was disputed, can still be undone, or was
// told too long ago.
func (x Contested) within(now time.Time, zone *time.Location, set Settings) (until Day, err error) {
	final := x.Decision.RecordedAt.Add(set.Undo)
	told := final
	if x.Enrolled.After(told) {
		told = x.Enrolled
	}
	until = DayOf(told, zone).AddDays(set.DisputeWindow)
	switch {
	case x.Decision.Basis == Ruling:
		return "", Refusal("Microsoft ruled on this agreement. A ruling is final.")
	case x.Disputed:
		return "", Refusal("Your company disputed this decision already.")
	case !now.After(final):
		return "", Refusal("This decision can still be undone. It can be disputed in " + plural(int(final.Sub(now).Minutes())+1, "minute") + ".")
	case DayOf(now, zone) > until:
		return "", Refusal(fmt.Sprintf("This decision could be disputed until %s.", FormatDay(until)))
	}
	return until, nil
}

// Disputable is a partner's claim and the decision that answered it.
type Disputable struct {
	Contested
	State ClaimState
	Code  ReasonCode
}

// May returns the last day on which the decision can be disputed, and a Refusal
// that says why it can't be now.
func (x Disputable) May(now time.Time, zone *time.Location, set Settings) (until Day, err error) {
	if err := x.State.Can(DisputeClaim, RolePartner); err != nil {
		return "", err
	}
	switch {
	case x.State == ClaimRejected && x.Code == NoAnswer:
		return "", Refusal("This claim was rejected because there was no answer. Reopen it instead.")
	case x.Decision.ID == "":
		return "", Refusal("The LAR rejected this claim before there was an agreement, so there is no decision to dispute. You can send the claim to the LAR that sells the agreement.")
	case x.State == ClaimConfirmed && x.Own >= Whole && x.Decision.Basis != Ruling && !x.Disputed:
		return "", Refusal("Your share is 100 %, so there is nothing to dispute.")
	}
	return x.within(now, zone, set)
}

// ContestedBy is the newest of an agreement's decisions, and what it and the one
// before it give a partner. What an undo took back never counted.
func ContestedBy(ds []Decision, partnerID string) (x Contested) {
	live := Live(ds)
	if len(live) == 0 {
		return x
	}
	x.Decision = live[len(live)-1]
	return x.before(ds, partnerID)
}

// ContestedOf is a decision of an agreement's, and what it and the one before it give
// a partner.
func ContestedOf(ds []Decision, decisionID, partnerID string) (x Contested) {
	for _, d := range Live(ds) {
		if d.ID == decisionID {
			x.Decision = d
			return x.before(ds, partnerID)
		}
	}
	return ContestedBy(ds, partnerID)
}

func (x Contested) before(ds []Decision, partnerID string) Contested {
	x.Own = x.Decision.ShareOf(partnerID)
	var seq int64
	for _, d := range ds {
		if !d.Void && d.Seq < x.Decision.Seq && d.Seq > seq {
			seq, x.Before = d.Seq, d.ShareOf(partnerID)
		}
	}
	return x
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
	TookPart   bool  // who rules decided on the agreement before, or answered the dispute
	Waits      bool  // for answers, until AnswersDue
	AnswersDue Day   // their last day
	Cents      int64 // the agreement's revenue
	Proposed   bool  // a ruling waits for its second approval
	ProposedBy string
}

// NeedsTwo reports whether a ruling needs a second approval.
func (k Docket) NeedsTwo(set Settings) bool { return k.Cents >= set.SecondApproval }

// errTookPart says who does not rule.
const errTookPart = Refusal("You decided on this agreement, so somebody else rules on the dispute.")

// MayRule returns nil when somebody can rule now, and a Refusal that says why not.
func (k Docket) MayRule(today Day) error {
	switch {
	case k.Proposed:
		return Refusal("A ruling is proposed already. Somebody else approves it or sends it back.")
	case k.TookPart:
		return errTookPart
	case k.Waits && today <= k.AnswersDue:
		return Refusal(fmt.Sprintf("The sides have until %s to answer. You can rule when all have answered, or after that day.", FormatDay(k.AnswersDue)))
	}
	return nil
}

// MayApprove returns nil when a member can approve the proposed ruling or send it
// back, and a Refusal that says why not.
func (k Docket) MayApprove(memberID string) error {
	switch {
	case !k.Proposed:
		return Refusal("No ruling is proposed.")
	case k.ProposedBy == memberID:
		return Refusal("You proposed this ruling, so somebody else approves it.")
	case k.TookPart:
		return errTookPart
	}
	return nil
}

// Approval is what a second member says of a proposed ruling.
type Approval struct {
	Answer   string // "approve" or "return"
	Sentence string // why it is sent back
}

// Validate returns whether the ruling is approved, and an Invalid that names every
// wrong field.
func (a *Approval) Validate() (approved bool, err error) {
	v := Invalid{}
	a.Sentence = block(a.Sentence)
	v.Check(a.Answer == "approve" || a.Answer == "return", "answer", "Choose whether you approve the ruling or send it back.")
	v.Check(a.Answer != "return" || a.Sentence != "", "sentence", "Say what is to be changed. Who proposed the ruling reads it.")
	checkText(v, "sentence", a.Sentence, NoteLimit)
	return a.Answer == "approve", v.OrNil()
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
