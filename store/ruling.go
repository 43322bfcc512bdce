package store

import (
	"context"
	"errors"
	"fmt"

	"irm/influence"
)

// RuleDispute is Microsoft's ruling on a dispute, by a member who took no part. An
// upheld one carries a decision, which is final: from the day of the disputed one,
// with the shares that the draft gives. It returns that decision's reference.
func (v Session) RuleDispute(ctx context.Context, ref string, version int64, draft influence.RulingDraft) (decision string, err error) {
	err = v.do(ctx, influence.RuleDisputes, func(t *tx) (change, error) {
		d, err := v.dispute(t.ctx, t.q, influence.RuleDisputes, ref)
		if err != nil {
			return change{}, err
		}
		if d.Version != version {
			return change{}, influence.ErrConflict
		}
		if d.State != influence.DisputeOpen {
			return change{}, errRuled
		}
		k, err := v.docket(t.reader(), d)
		if err != nil {
			return change{}, err
		}
		if err := k.MayRule(t.today, t.s.settings); err != nil {
			return change{}, err
		}
		was := disputeRecord{ref, d.DecisionID, d.State, ""}
		if decision, err = v.ruled(t, &d, draft); err != nil {
			return change{}, err
		}
		return change{ref, was, disputeRecord{ref, d.DecisionID, d.State, decision}}, t.tellRuled(d)
	})
	if err != nil {
		return "", fmt.Errorf("rule on dispute %s: %w", ref, err)
	}
	return decision, nil
}

// ruled writes the ruling, and the decision that it carries.
func (v Session) ruled(t *tx, d *dispute, draft influence.RulingDraft) (decision string, err error) {
	outcome, err := draft.Validate()
	wrong, known := asWrong(err)
	if !known {
		return "", err
	}
	if outcome == influence.DisputeUpheld {
		draft.Decision.Note = draft.Reason
		if decision, err = v.upheld(t, d, draft.Decision, wrong); err != nil {
			return "", err
		}
	}
	if err := wrong.OrNil(); err != nil {
		return "", err
	}
	d.State, d.Ruling = outcome, draft.Reason
	return decision, t.must(`UPDATE disputes SET state = $3, ruling = $4, ruled_by = $5, ruled_at = $6, ruled_decision = $7, version = version + 1 WHERE id = $1 AND version = $2`,
		d.ID, d.Version, string(outcome), draft.Reason, t.who.MemberID, t.at.UnixMicro(), decision)
}

// upheld records the decision of an upheld dispute. What is wrong with the ruling
// beside it is said together.
func (v Session) upheld(t *tx, d *dispute, draft influence.DecisionDraft, wrong influence.Invalid) (ref string, err error) {
	a, err := scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.id = $1`, d.AgreementID))
	if err != nil {
		return "", err
	}
	if err := t.claimVersion(a, a.Version); err != nil {
		return "", err
	}
	f, err := factsOf(t.reader(), a)
	if err != nil {
		return "", err
	}
	k := desk{v: v, t: t, f: f}
	r := t.reader()
	if k.open, err = r.openClaims(a.ID); err != nil {
		return "", err
	}
	if k.candidates, err = r.candidates(a.ID); err != nil {
		return "", err
	}
	err = k.check(&draft)
	more, known := asWrong(err)
	if !known {
		return "", err
	}
	for field, msg := range more {
		wrong.Check(false, field, msg)
	}
	disputed := influence.Decision{}
	for _, x := range f.Decisions {
		if x.ID == d.DecisionID {
			disputed = x
		}
	}
	ruling := influence.Decision{From: disputed.From, Basis: influence.Ruling, Note: draft.Note, Shares: draft.Shares}
	wrong.Check(ruling.ShareOf(d.PartnerID) > disputed.ShareOf(d.PartnerID), "share", "Upheld gives the partner that disputes the decision more than the decision did.")
	if len(wrong) > 0 {
		return "", nil // the caller says so
	}
	return k.record(&newDecision{Decision: ruling, code: draft.Code}, draft.RejectCode)
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
	orgs, err := t.holdersBeside(d)
	if err != nil {
		return err
	}
	for _, org := range append(orgs, d.PartnerID, d.LAR) {
		if err := t.mailOrg(org, mail{subject: "Dispute " + d.Ref + " was ruled", link: "/disputes/" + d.Ref, button: "Open the dispute",
			body: "Microsoft ruled on dispute " + d.Ref + ": " + d.State.Title() + ".\n\n“" + d.Ruling + "”"}); err != nil {
			return err
		}
	}
	return nil
}
