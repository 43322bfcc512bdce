package store

import (
	"context"
	"database/sql"
	"fmt"

	"irm/influence"
)

// dispute is a dispute's own row.
type dispute struct {
	ID, Ref, AgreementID, DecisionID, LAR, PartnerID, ClaimID string
	State                                                     influence.DisputeState
	Reason, Evidence, MemberID                                string
	OpenedAt                                                  int64
	AnswersDue, RulingDue                                     influence.Day
	RuledAt                                                   sql.NullInt64
	RuledBy, Ruling, RuledDecision                            string
	Version                                                   int64
}

const disputeColumns = `dp.id, dp.ref, dp.agreement_id, dp.decision_id, dp.lar_id, dp.partner_id, coalesce(dp.claim_id, ''), dp.state, dp.reason, dp.evidence, dp.member_id,
	dp.opened_at, dp.answers_due, dp.ruling_due, dp.ruled_at, dp.ruled_by, dp.ruling, dp.ruled_decision, dp.version`

func (d *dispute) dest() []any {
	return []any{&d.ID, &d.Ref, &d.AgreementID, &d.DecisionID, &d.LAR, &d.PartnerID, &d.ClaimID, &d.State, &d.Reason, &d.Evidence, &d.MemberID,
		&d.OpenedAt, &d.AnswersDue, &d.RulingDue, &d.RuledAt, &d.RuledBy, &d.Ruling, &d.RuledDecision, &d.Version}
}

func scanDispute(row scanner) (d dispute, err error) {
	err = row.Scan(d.dest()...)
	return d, err
}

// disputeRecord is what the ledger keeps of a dispute: its opener's members and
// others read it, so not what is said.
type disputeRecord struct {
	Ref      string                 `json:"ref"`
	Decision string                 `json:"decision,omitempty"`
	State    influence.DisputeState `json:"state"`
	Ruled    string                 `json:"ruled,omitempty"`
	Proposed influence.DisputeState `json:"proposed,omitempty"` // what waits for a second approval
}

// dispute reads one dispute that the actor may perform act on.
func (v Session) dispute(ctx context.Context, q querier, act influence.Action, ref string) (dispute, error) {
	return scanDispute(q.QueryRowContext(ctx, `SELECT `+disputeColumns+` FROM disputes dp WHERE `+v.visible(act, "dp")+` AND dp.ref = $2`, v.actor.OrgID, ref))
}

// inDispute reports whether a decision on an agreement is disputed.
func (t *tx) inDispute(agreementID string) (open bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM disputes dp WHERE dp.agreement_id = $1 AND dp.state = 'open')`, agreementID).Scan(&open)
	return open, err
}

// undisputed refuses a decision while one is disputed, and one that would change
// what Microsoft ruled.
func (d *desk) undisputed() error {
	open, err := d.t.inDispute(d.f.ID)
	if err != nil {
		return err
	}
	if open {
		return influence.Invalid{"outcome": "A decision on this agreement is disputed. Nothing is decided until Microsoft has ruled."}
	}
	for _, x := range influence.Live(d.f.Decisions) {
		if x.Basis == influence.Ruling {
			return influence.Invalid{"outcome": "Microsoft ruled on this agreement, and the ruling is final. A decision from a later day on is not offered yet."}
		}
	}
	return nil
}

// disputable gathers what says whether a claim's decision can be disputed.
func (v Session) disputable(r reader, c claim) (x influence.Disputable, err error) {
	x = influence.Disputable{State: c.State, Code: influence.ReasonCode(c.Code)}
	if c.AgreementID == "" {
		return x, nil
	}
	decidedBy := ""
	if c.State == influence.ClaimRejected {
		decidedBy = c.DecidedBy
	}
	x.Contested, err = r.contested(c.AgreementID, decidedBy, c.PartnerID)
	return x, err
}

// contested reads a decision on an agreement, or its newest, with what it gives a
// partner and whether that disputed it.
func (r reader) contested(agreementID, decisionID, partnerID string) (x influence.Contested, err error) {
	ds, err := r.decisionsOf(agreementID)
	if err != nil {
		return x, err
	}
	x = influence.ContestedOf(ds, decisionID, partnerID)
	var enrolled sql.NullInt64
	err = r.row(`SELECT p.enrolled_at, EXISTS (SELECT 1 FROM disputes dp WHERE dp.partner_id = p.id AND dp.decision_id = $2) FROM partners p WHERE p.id = $1`,
		partnerID, x.Decision.ID).Scan(&enrolled, &x.Disputed)
	x.Enrolled = when(enrolled)
	return x, err
}

// OpenDispute disputes the decision that answered a claim of the actor's company,
// and returns the dispute's reference. While it is open nothing is decided on the
// agreement; the decision stays in force (decisions.md rule 11).
func (v Session) OpenDispute(ctx context.Context, claimRef string, version int64, d influence.DisputeDraft) (ref string, err error) {
	err = v.do(ctx, influence.OpenDisputes, func(t *tx) (change, error) {
		c, err := v.claim(t.ctx, t.q, influence.OpenDisputes, claimRef)
		if err != nil {
			return change{}, err
		}
		if c.Version != version {
			return change{}, influence.ErrConflict
		}
		x, err := v.disputable(t.reader(), c)
		if err != nil {
			return change{}, err
		}
		if _, err := x.May(t.at, t.s.clock.zone(), t.s.settings); err != nil {
			return change{}, err
		}
		dp := dispute{AgreementID: c.AgreementID, DecisionID: x.Decision.ID, PartnerID: c.PartnerID, ClaimID: c.ID}
		made, err := t.openDispute(&dp, d, "its claim on "+claimName(c))
		ref = dp.Ref
		return made, err
	})
	if err != nil {
		return "", fmt.Errorf("dispute claim %s: %w", claimRef, err)
	}
	return ref, nil
}

// DisputeShare disputes the newest decision on an agreement that the actor's company
// did not claim and that gives it less than the one before: a report had named it. It
// returns the dispute's reference; version is the agreement's.
func (v Session) DisputeShare(ctx context.Context, agreementRef string, version int64, d influence.DisputeDraft) (ref string, err error) {
	err = v.do(ctx, influence.OpenDisputes, func(t *tx) (change, error) {
		a, err := v.agreement(t.ctx, t.q, influence.OpenDisputes, agreementRef)
		if err != nil {
			return change{}, err
		}
		if a.Version != version {
			return change{}, influence.ErrConflict
		}
		x, err := t.reader().unclaimed(a.ID, v.actor.OrgID)
		if err != nil {
			return change{}, err
		}
		if _, err := x.MayShare(t.at, t.s.clock.zone(), t.s.settings); err != nil {
			return change{}, err
		}
		dp := dispute{AgreementID: a.ID, DecisionID: x.Decision.ID, PartnerID: v.actor.OrgID}
		made, err := t.openDispute(&dp, d, "agreement "+a.Number)
		ref = dp.Ref
		return made, err
	})
	if err != nil {
		return "", fmt.Errorf("dispute the share in %s: %w", agreementRef, err)
	}
	return ref, nil
}

// errOwnClaim says where a partner that claimed an agreement disputes.
const errOwnClaim = influence.Refusal("Your company claimed this agreement. You can dispute the decision on the claim’s page.")

// unclaimed is contested for a partner that was only named; whoever claimed disputes
// the answer to its claim.
func (r reader) unclaimed(agreementID, partnerID string) (x influence.Contested, err error) {
	var claimed bool
	err = r.row(`SELECT EXISTS (SELECT 1 FROM claims c WHERE c.agreement_id = $1 AND c.partner_id = $2 AND c.state IN ('confirmed', 'rejected'))`, agreementID, partnerID).Scan(&claimed)
	if err == nil && claimed {
		err = errOwnClaim
	}
	if err != nil {
		return x, err
	}
	return r.contested(agreementID, "", partnerID)
}

// openDispute writes a dispute and tells of it; what names in words what the decision
// is on. The agreement's version rises, so that whoever decides at the same moment is
// told.
func (t *tx) openDispute(d *dispute, draft influence.DisputeDraft, what string) (change, error) {
	draft, err := draft.Validate()
	if err != nil {
		return change{}, err
	}
	d.Reason, d.Evidence = draft.Reason, draft.Evidence
	if err := t.must(`UPDATE agreements SET version = version + 1 WHERE id = $1`, d.AgreementID); err != nil {
		return change{}, err
	}
	if err := t.row(`SELECT a.lar_id FROM agreements a WHERE a.id = $1`, d.AgreementID).Scan(&d.LAR); err != nil {
		return change{}, err
	}
	if err := t.insertDispute(d); err != nil {
		return change{}, err
	}
	return change{d.Ref, nil, disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: influence.DisputeOpen}}, t.tellDisputed(*d, what)
}

func (t *tx) insertDispute(d *dispute) (err error) {
	d.ID, d.State, d.MemberID, d.OpenedAt, d.Version = newID("dsp", t.at), influence.DisputeOpen, t.who.MemberID, t.at.UnixMicro(), 1
	d.AnswersDue, d.RulingDue = influence.DisputeDue(t.today, t.s.settings)
	d.Ref, err = t.referred("DSP", func(ref string) (int64, error) {
		return t.once(`INSERT INTO disputes (id, ref, agreement_id, decision_id, lar_id, partner_id, claim_id, state, reason, evidence, member_id, opened_at, answers_due, ruling_due)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12, $13) ON CONFLICT (ref) DO NOTHING`,
			d.ID, ref, d.AgreementID, d.DecisionID, d.LAR, d.PartnerID, sql.NullString{String: d.ClaimID, Valid: d.ClaimID != ""}, d.Reason, d.Evidence, d.MemberID, d.OpenedAt,
			string(d.AnswersDue), string(d.RulingDue))
	})
	return err
}

// tellDisputed tells the LAR, the other holders and Microsoft that a decision is
// disputed. A holder hears who disputes it only from the page, if it may know.
func (t *tx) tellDisputed(d dispute, what string) error {
	link, until := "/disputes/"+d.Ref, influence.FormatDay(d.AnswersDue)
	if err := t.mailOrg(d.LAR, mail{subject: "Your decision is disputed: " + d.Ref, link: link, button: "Answer",
		body: "A partner disputes your decision on " + what + ". You have until " + until + " to answer. Nothing is decided on the agreement until Microsoft has ruled."}); err != nil {
		return err
	}
	others, err := t.holdersBeside(d)
	if err != nil {
		return err
	}
	for _, org := range others {
		if err := t.mailOrg(org, mail{subject: "A dispute may change your share", link: link, button: "Answer",
			body: "A dispute may change your share in an agreement. You can answer until " + until + "."}); err != nil {
			return err
		}
	}
	return t.mailOrg(influence.Staff, mail{subject: "A decision is disputed: " + d.Ref, link: link, button: "Open the dispute",
		body: "A partner disputes a LAR’s decision. The sides answer until " + until + ", and the ruling is due on " + influence.FormatDay(d.RulingDue) + "."})
}

// holdersBeside are the partners with a share in the disputed decision, but for
// the one that disputes it.
func (t *tx) holdersBeside(d dispute) ([]string, error) {
	rows, err := t.rows(`SELECT sh.partner_id FROM shares sh WHERE sh.decision_id = $1 AND sh.partner_id <> $2 ORDER BY sh.partner_id`, d.DecisionID, d.PartnerID)
	return collect(rows, err, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
}

// AnswerDispute says what the LAR or another holder has to say about a dispute,
// once, until its last day.
func (v Session) AnswerDispute(ctx context.Context, ref string, version int64, answer string) error {
	err := v.do(ctx, influence.AnswerDisputes, func(t *tx) (change, error) {
		d, err := v.dispute(t.ctx, t.q, influence.AnswerDisputes, ref)
		if err != nil {
			return change{}, err
		}
		if err := v.mayAnswerDispute(d, t.today); err != nil {
			return change{}, err
		}
		if answer, err = influence.CheckAnswer(answer); err != nil {
			return change{}, err
		}
		if err := t.must(`UPDATE disputes SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'`, d.ID, version); err != nil {
			return change{}, err
		}
		n, err := t.exec(`INSERT INTO dispute_answers (dispute_id, org_id, member_id, at, answer) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (dispute_id, org_id) DO NOTHING`,
			d.ID, v.actor.OrgID, t.who.MemberID, t.at.UnixMicro(), answer)
		if err == nil && n == 0 {
			err = influence.Refusal("Your company answered this dispute already.")
		}
		if err == nil {
			err = t.allAnswered(d)
		}
		return change{ref, nil, map[string]string{"dispute": ref, "answered_by": v.actor.OrgID}}, err
	})
	if err != nil {
		return fmt.Errorf("answer dispute %s: %w", ref, err)
	}
	return nil
}

// mayAnswerDispute refuses an answer of the opener, and one that comes too late.
func (v Session) mayAnswerDispute(d dispute, today influence.Day) error {
	switch {
	case d.PartnerID == v.actor.OrgID:
		return influence.Refusal("Your company opened this dispute. The LAR and the partners with a share answer it.")
	case d.State != influence.DisputeOpen:
		return influence.Refusal("Microsoft has ruled on this dispute.")
	case today > d.AnswersDue:
		return influence.Refusal("This dispute could be answered until " + influence.FormatDay(d.AnswersDue) + ".")
	}
	return nil
}

// allAnswered has the ruling begin before the answers' last day when no side is left.
func (t *tx) allAnswered(d dispute) error {
	missing, err := t.unanswered(d)
	if err != nil || len(missing) > 0 {
		return err
	}
	if fresh, err := t.first(d.ID, influence.BeginRuling, string(d.AnswersDue)); err != nil || !fresh {
		return err
	}
	return t.mailOrg(influence.Staff, mail{subject: "All sides answered dispute " + d.Ref, link: "/disputes/" + d.Ref, button: "Open the dispute", kind: influence.NoticeDeadlines,
		body: "Dispute " + d.Ref + " can be ruled on. The ruling is due on " + influence.FormatDay(d.RulingDue) + "."})
}

// unanswered are the sides that said nothing about a dispute yet: the LAR, and the
// holders that are enrolled.
func (t *tx) unanswered(d dispute) ([]string, error) {
	return t.reader().ids(`SELECT x.org_id FROM (SELECT $2 AS org_id UNION ALL
			SELECT sh.partner_id FROM shares sh CROSS JOIN partners p WHERE sh.decision_id = $3 AND sh.partner_id <> $4 AND p.id = sh.partner_id AND p.enrolled_at IS NOT NULL) AS x
		WHERE NOT EXISTS (SELECT 1 FROM dispute_answers y WHERE y.dispute_id = $1 AND y.org_id = x.org_id) ORDER BY x.org_id LIMIT 200`, d.ID, d.LAR, d.DecisionID, d.PartnerID)
}

// docket gathers what a ruling is checked against.
func (v Session) docket(r reader, d dispute) (k influence.Docket, err error) {
	var answers, sides int64
	k.AnswersDue = d.AnswersDue
	err = r.row(`SELECT (SELECT count(*) FROM dispute_answers x WHERE x.dispute_id = $1),
		1 + (SELECT count(*) FROM shares sh JOIN partners p ON p.id = sh.partner_id WHERE sh.decision_id = $2 AND sh.partner_id <> $3 AND p.enrolled_at IS NOT NULL),
		EXISTS (SELECT 1 FROM decisions x WHERE x.agreement_id = $4 AND x.member_id = $5) OR EXISTS (SELECT 1 FROM dispute_answers x WHERE x.dispute_id = $1 AND x.member_id = $5),
		coalesce((SELECT a.cents FROM agreements a WHERE a.id = $4), 0), coalesce((SELECT x.member_id FROM proposed_rulings x WHERE x.dispute_id = $1 AND x.answer = ''), '')`,
		d.ID, d.DecisionID, d.PartnerID, d.AgreementID, v.actor.MemberID).Scan(&answers, &sides, &k.TookPart, &k.Cents, &k.ProposedBy)
	k.Waits, k.Proposed = answers < sides, k.ProposedBy != ""
	return k, err
}

// errRuled says that a dispute is ruled already.
const errRuled = influence.Refusal("Microsoft has ruled on this dispute.")
