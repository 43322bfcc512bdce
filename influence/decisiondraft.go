package influence

import (
	"fmt"
	"slices"
)

// DecisionDraft is what the desk's form says about an agreement.
type DecisionDraft struct {
	Version  int64   // the agreement's, as the form was rendered with
	Shares   []Share // with PartnerNo as typed
	None     bool    // no partner influenced the agreement
	Code     string  // why the claims without a share are rejected, unless Rejects says
	From     Day
	Note     string
	Replaces []string          // IDs of decisions that it takes the place of
	Rejects  map[string]string // claim's reference to code
	Unread   Invalid           // by field, what the form holds that could not be read
}

// OpenClaim is a claim that waits on an agreement while the desk decides.
type OpenClaim struct {
	Ref, PartnerNo, Partner string
	State                   ClaimState
	Due                     Day
	Owned                   bool // the partner is owned by the LAR that decides
}

// DeskView is what the desk's draft is checked against.
type DeskView struct {
	SignedOn, Today Day
	Open            []OpenClaim // all that are attached, of every partner
}

// Validate checks what the form says and returns an Invalid that names every
// wrong field. Whether the partners exist is the records' to say.
func (d DecisionDraft) Validate(on DeskView) error {
	v := Invalid{}
	for field, msg := range d.Unread {
		v.Check(false, field, msg)
	}
	CheckShares(v, d.Shares)
	v.Check(d.None == (len(d.Shares) == 0) || d.Unread["share"] != "", "outcome", "Give at least one partner a share, or choose No partner influenced.")
	CheckFrom(v, d.From, on.SignedOn)
	v.Check(d.From == Start, "effective_on", "A decision is in force from the beginning. One from a later day is not offered yet, so leave this empty.")
	note := block(d.Note)
	checkText(v, "note", note, NoteLimit)
	d.checkClaims(v, on)
	return v.OrNil()
}

// CheckFrom records against effective_on a day that no decision can be in force
// from: it is start, or lies after the signing date.
func CheckFrom(v Invalid, from, signedOn Day) {
	v.Check(from == Start || from > signedOn, "effective_on",
		"A decision is in force from the beginning, or from a day after the signing date, "+FormatDay(signedOn)+".")
}

// checkClaims checks how the draft disposes of the open claims: every one
// without a share is rejected with a code.
func (d DecisionDraft) checkClaims(v Invalid, on DeskView) {
	rejected := map[string]bool{}
	for _, c := range on.Open {
		if slices.ContainsFunc(d.Shares, func(s Share) bool { return s.PartnerNo == c.PartnerNo }) {
			continue
		}
		rejected[c.Ref] = true
		waits := c.State == ClaimActionRequired && on.Today <= c.Due
		v.Check(!waits, "reject", fmt.Sprintf("%s has until %s to answer a question about claim %s. It can be rejected after that day, or once the question is withdrawn.",
			c.Partner, FormatDay(c.Due), c.Ref))
		v.Check(!d.None || d.Code != "" || d.Rejects[c.Ref] != "", "code", "Choose why the claims are rejected.")
		v.Check(c.Owned || !on.owned(), "outcome", "A partner that your company owns claims this agreement too, so rejecting another’s claim needs a second approval, which the portal does not offer yet.")
	}
	v.Check(d.Code == "" || slices.Contains(RejectReasons(), ReasonCode(d.Code)), "code", "Choose a reason from the list.")
	for ref, code := range d.Rejects {
		v.Check(code == "" || slices.Contains(RejectReasons(), ReasonCode(code)), "reject", "Choose a reason from the list.")
		v.Check(rejected[ref] || d.gives(ref, on), "reject", "Claim "+ref+" does not wait on this agreement any more.")
	}
}

// gives reports whether an open claim's partner has a share in the draft, so
// that a reason chosen for it has no effect.
func (d DecisionDraft) gives(ref string, on DeskView) bool {
	return slices.ContainsFunc(on.Open, func(c OpenClaim) bool { return c.Ref == ref })
}

// owned reports whether a partner that the LAR owns has an open claim.
func (on DeskView) owned() bool {
	return slices.ContainsFunc(on.Open, func(c OpenClaim) bool { return c.Owned })
}

// RejectCode is why the claim with a reference is rejected by d.
func (d DecisionDraft) RejectCode(ref string) string {
	for _, code := range []string{d.Rejects[ref], d.Code} {
		if code != "" {
			return code
		}
	}
	return string(OtherPartnerConfirmed)
}

// OwnedSentence says that a partner owned by the LAR can't be given a share yet.
func OwnedSentence(name string) string {
	return name + " is owned by your company. A decision that gives it a share needs a second approval, which the portal does not offer yet."
}
