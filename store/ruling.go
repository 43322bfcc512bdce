package store

import (
	"context"
	"errors"
	"fmt"

	"irm/influence"
)

// Ruled says what became of a ruling.
type Ruled struct {
	Decision string // reference of the one that an upheld dispute carries
	Proposed bool   // it needs a second approval: nothing has changed yet
}

// RuleDispute is Microsoft's ruling on a dispute, by a member who took no part. An
// upheld one carries a decision, which is final: from the day of the disputed one,
// with the shares that the draft gives. On an agreement of much revenue it is only
// proposed: a second member approves it.
func (v Session) RuleDispute(ctx context.Context, ref string, version int64, draft influence.RulingDraft) (done Ruled, err error) {
	err = v.do(ctx, influence.RuleDisputes, func(t *tx) (change, error) {
		d, k, err := v.ruling(t, influence.RuleDisputes, ref, version)
		if err != nil {
			return change{}, err
		}
		if err := k.MayRule(t.today); err != nil {
			return change{}, err
		}
		if done.Proposed = k.NeedsTwo(t.s.settings); done.Proposed {
			return v.proposed(t, d, draft)
		}
		was := disputeRecord{Ref: ref, Decision: d.DecisionID, State: d.State}
		if done.Decision, err = v.ruled(t, &d, draft, t.who.MemberID); err != nil {
			return change{}, err
		}
		return change{ref, was, disputeRecord{Ref: ref, Decision: d.DecisionID, State: d.State, Ruled: done.Decision}}, t.tellRuled(d)
	})
	if err != nil {
		return Ruled{}, fmt.Errorf("rule on dispute %s: %w", ref, err)
	}
	return done, nil
}

// ruling reads an open dispute that the actor may perform act on, at a version of it,
// and what a ruling is checked against.
func (v Session) ruling(t *tx, act influence.Action, ref string, version int64) (d dispute, k influence.Docket, err error) {
	if d, err = v.dispute(t.ctx, t.q, act, ref); err != nil {
		return d, k, err
	}
	if d.Version != version {
		return d, k, influence.ErrConflict
	}
	if d.State != influence.DisputeOpen {
		return d, k, errRuled
	}
	k, err = v.docket(t.reader(), d)
	return d, k, err
}

// ruled writes the ruling of a member, and the decision that it carries.
func (v Session) ruled(t *tx, d *dispute, draft influence.RulingDraft, by string) (decision string, err error) {
	outcome, x, err := v.checked(t, *d, &draft)
	if err != nil {
		return "", err
	}
	if outcome == influence.DisputeUpheld {
		if err := t.claimVersion(x.desk.f.agreement, x.desk.f.Version); err != nil {
			return "", err
		}
		if decision, err = x.desk.record(&x.decision, draft.Decision.RejectCode); err != nil {
			return "", err
		}
	}
	d.State, d.Ruling = outcome, draft.Reason
	if err := t.moveRuling(*d); err != nil {
		return "", err
	}
	return decision, t.must(`UPDATE disputes SET state = $3, ruling = $4, ruled_by = $5, ruled_at = $6, ruled_decision = $7, ruled_on = $8, version = version + 1 WHERE id = $1 AND version = $2`,
		d.ID, d.Version, string(outcome), draft.Reason, by, t.at.UnixMicro(), decision, string(t.today))
}

// upheldDispute is the decision of an upheld dispute, ready to be recorded.
type upheldDispute struct {
	desk     desk
	decision newDecision
}

// checked reports everything that is wrong with a ruling, and with the decision that
// an upheld one carries.
func (v Session) checked(t *tx, d dispute, draft *influence.RulingDraft) (outcome influence.DisputeState, x upheldDispute, err error) {
	outcome, err = draft.Validate()
	wrong, known := asWrong(err)
	if !known {
		return outcome, x, err
	}
	if outcome == influence.DisputeUpheld {
		draft.Decision.Note = draft.Reason
		if x, err = v.upheld(t, d, &draft.Decision, wrong); err != nil {
			return outcome, x, err
		}
	}
	return outcome, x, wrong.OrNil()
}

// upheld prepares the decision of an upheld dispute. What is wrong with it is said in
// wrong, beside what is wrong with the ruling.
func (v Session) upheld(t *tx, d dispute, draft *influence.DecisionDraft, wrong influence.Invalid) (x upheldDispute, err error) {
	r := t.reader()
	a, err := scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.id = $1`, d.AgreementID))
	if err != nil {
		return x, err
	}
	k := desk{v: v, t: t}
	if k.f, err = factsOf(r, a); err != nil {
		return x, err
	}
	if k.open, err = r.openClaims(a.ID); err != nil {
		return x, err
	}
	if k.candidates, err = r.candidates(a.ID); err != nil {
		return x, err
	}
	err = k.check(draft)
	more, known := asWrong(err)
	if !known {
		return x, err
	}
	for field, msg := range more {
		wrong.Check(false, field, msg)
	}
	disputed := influence.Decision{}
	for _, one := range k.f.Decisions {
		if one.ID == d.DecisionID {
			disputed = one
		}
	}
	made := influence.Decision{From: disputed.From, Basis: influence.Ruling, Note: draft.Note, Shares: draft.Shares}
	wrong.Check(made.ShareOf(d.PartnerID) > disputed.ShareOf(d.PartnerID), "share", "Upheld gives the partner that disputes the decision more than the decision did.")
	return upheldDispute{k, newDecision{Decision: made, code: draft.Code}}, nil
}

// asWrong takes an error that names wrong fields; none names none.
func asWrong(err error) (wrong influence.Invalid, ok bool) {
	if err == nil {
		return influence.Invalid{}, true
	}
	ok = errors.As(err, &wrong)
	return wrong, ok
}

// tellRuled tells every side how Microsoft ruled, with the reason that all read.
func (t *tx) tellRuled(d dispute) error {
	orgs, err := t.sidesOf(d)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if err := t.mailOrg(org, mail{subject: "Dispute " + d.Ref + " was ruled", link: "/disputes/" + d.Ref, button: "Open the dispute",
			body: "Microsoft ruled on dispute " + d.Ref + ": " + d.State.Title() + ".\n\n“" + d.Ruling + "”"}); err != nil {
			return err
		}
	}
	return nil
}
