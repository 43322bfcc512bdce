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

const disputeColumns = `dp.id, dp.ref, dp.agreement_id, dp.decision_id, dp.lar_id, dp.partner_id, dp.claim_id, dp.state, dp.reason, dp.evidence, dp.member_id,
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
	ds, err := r.decisionsOf(c.AgreementID)
	if err != nil {
		return x, err
	}
	live := influence.Live(ds)
	for i, d := range live {
		if i == len(live)-1 || d.ID == c.DecidedBy && c.State == influence.ClaimRejected {
			x.Decision, x.Own = d, d.ShareOf(c.PartnerID)
			if i > 0 {
				x.Before = live[i-1].ShareOf(c.PartnerID)
			}
			break
		}
	}
	err = r.row(`SELECT EXISTS (SELECT 1 FROM disputes dp WHERE dp.partner_id = $1 AND dp.decision_id = $2)`, c.PartnerID, x.Decision.ID).Scan(&x.Disputed)
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
		if d, err = d.Validate(); err != nil {
			return change{}, err
		}
		dp := dispute{AgreementID: c.AgreementID, DecisionID: x.Decision.ID, PartnerID: c.PartnerID, ClaimID: c.ID, Reason: d.Reason, Evidence: d.Evidence}
		if err := t.openDispute(&dp); err != nil {
			return change{}, err
		}
		ref = dp.Ref
		return change{ref, nil, disputeRecord{ref, x.Decision.ID, influence.DisputeOpen, ""}}, t.tellDisputed(dp, c)
	})
	if err != nil {
		return "", fmt.Errorf("dispute claim %s: %w", claimRef, err)
	}
	return ref, nil
}

// openDispute writes a dispute. The agreement's version rises, so that whoever
// decides at the same moment is told.
func (t *tx) openDispute(d *dispute) (err error) {
	if err := t.must(`UPDATE agreements SET version = version + 1 WHERE id = $1`, d.AgreementID); err != nil {
		return err
	}
	if err := t.row(`SELECT a.lar_id FROM agreements a WHERE a.id = $1`, d.AgreementID).Scan(&d.LAR); err != nil {
		return err
	}
	d.ID, d.State, d.MemberID, d.OpenedAt, d.Version = newID("dsp", t.at), influence.DisputeOpen, t.who.MemberID, t.at.UnixMicro(), 1
	d.AnswersDue, d.RulingDue = influence.DisputeDue(t.today, t.s.settings)
	d.Ref, err = t.referred("DSP", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO disputes (id, ref, agreement_id, decision_id, lar_id, partner_id, claim_id, state, reason, evidence, member_id, opened_at, answers_due, ruling_due)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12, $13) ON CONFLICT (ref) DO NOTHING`,
			d.ID, ref, d.AgreementID, d.DecisionID, d.LAR, d.PartnerID, d.ClaimID, d.Reason, d.Evidence, d.MemberID, d.OpenedAt, string(d.AnswersDue), string(d.RulingDue))
	})
	return err
}

// tellDisputed tells the LAR, the other holders and Microsoft that a decision is
// disputed. A holder hears who disputes it only from the page, if it may know.
func (t *tx) tellDisputed(d dispute, c claim) error {
	link, until := "/disputes/"+d.Ref, influence.FormatDay(d.AnswersDue)
	if err := t.mailOrg(d.LAR, mail{subject: "Your decision on claim " + c.Ref + " is disputed", link: link, button: "Answer",
		body: "A partner disputes your decision on its claim on " + claimName(c) + ". You have until " + until + " to answer. Nothing is decided on the agreement until Microsoft has ruled."}); err != nil {
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

// docket gathers what a ruling is checked against.
func (v Session) docket(r reader, d dispute) (k influence.Docket, err error) {
	var answers, sides int64
	k.AnswersDue = d.AnswersDue
	err = r.row(`SELECT (SELECT count(*) FROM dispute_answers x WHERE x.dispute_id = $1),
		1 + (SELECT count(*) FROM shares sh JOIN partners p ON p.id = sh.partner_id WHERE sh.decision_id = $2 AND sh.partner_id <> $3 AND p.enrolled_at IS NOT NULL),
		EXISTS (SELECT 1 FROM decisions x WHERE x.agreement_id = $4 AND x.member_id = $5), coalesce((SELECT a.cents FROM agreements a WHERE a.id = $4), 0)`,
		d.ID, d.DecisionID, d.PartnerID, d.AgreementID, v.actor.MemberID).Scan(&answers, &sides, &k.TookPart, &k.Cents)
	k.Waits = answers < sides
	return k, err
}

// errRuled says that a dispute is ruled already.
const errRuled = influence.Refusal("Microsoft has ruled on this dispute.")
