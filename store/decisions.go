package store

import (
	"context"
	"fmt"

	"irm/influence"
)

// decisionsOf reads all decisions of an agreement by seq, with their shares,
// what they replace, and whether a record voids them.
func (r reader) decisionsOf(agreementID string) ([]influence.Decision, error) {
	rows, err := r.rows(`SELECT d.id, d.seq, d.from_day, d.basis, d.member_id, d.note, d.recorded_at, v.decision_id IS NOT NULL
		FROM decisions d LEFT JOIN voids v ON v.decision_id = d.id WHERE d.agreement_id = $1 ORDER BY d.seq`, agreementID)
	ds, err := collect(rows, err, func(row scanner) (d influence.Decision, err error) {
		var at int64
		err = row.Scan(&d.ID, &d.Seq, &d.From, &d.Basis, &d.By, &d.Note, &at, &d.Void)
		d.RecordedAt = micros(at)
		return d, err
	})
	if err != nil || len(ds) == 0 {
		return ds, err
	}
	if err := r.sharesOf(agreementID, ds); err != nil {
		return nil, err
	}
	return ds, r.replacedBy(agreementID, ds)
}

func (r reader) sharesOf(agreementID string, ds []influence.Decision) error {
	rows, err := r.rows(`SELECT sh.decision_id, sh.partner_id, p.partner_no, sh.points, sh.kind, sh.is_primary
		FROM decisions d CROSS JOIN shares sh CROSS JOIN partners p
		WHERE d.agreement_id = $1 AND sh.decision_id = d.id AND p.id = sh.partner_id
		ORDER BY d.seq, sh.is_primary DESC, sh.points DESC, p.partner_no`, agreementID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var sh influence.Share
		if err := rows.Scan(&id, &sh.PartnerID, &sh.PartnerNo, &sh.Points, &sh.Kind, &sh.Primary); err != nil {
			return err
		}
		for i := range ds {
			if ds[i].ID == id {
				ds[i].Shares = append(ds[i].Shares, sh)
			}
		}
	}
	return rows.Err()
}

func (r reader) replacedBy(agreementID string, ds []influence.Decision) error {
	rows, err := r.rows(`SELECT x.decision_id, x.replaced_id FROM decisions d CROSS JOIN replacements x
		WHERE d.agreement_id = $1 AND x.decision_id = d.id`, agreementID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, replaced string
		if err := rows.Scan(&id, &replaced); err != nil {
			return err
		}
		for i := range ds {
			if ds[i].ID == id {
				ds[i].Replaces = append(ds[i].Replaces, replaced)
			}
		}
	}
	return rows.Err()
}

// newDecision is a decision about to be recorded.
type newDecision struct {
	influence.Decision
	lar, code, report string
	timing            // of what it answers
}

// decide records a decision with its shares, and which decisions are void now.
// It returns the public reference. Figures are left to recount.
func (t *tx) decide(f facts, d *newDecision) (ref string, err error) {
	d.ID, d.RecordedAt, d.By = newID("dec", t.at), t.at, t.who.MemberID
	d.Seq = 1
	if n := len(f.Decisions); n > 0 {
		d.Seq = f.Decisions[n-1].Seq + 1
	}
	ref, err = t.referred("DEC", func(ref string) (int64, error) {
		return t.once(`INSERT INTO decisions (id, ref, agreement_id, seq, from_day, basis, member_id, lar_id, note, code, report_id, recorded_at, entry_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (ref) DO NOTHING`,
			d.ID, ref, f.ID, d.Seq, string(d.From), string(d.Basis), d.By, d.lar, d.Note, d.code, d.report, t.at.UnixMicro(), t.entry)
	})
	if err != nil {
		return "", err
	}
	for _, sh := range d.Shares {
		if err := t.later(`INSERT INTO shares (decision_id, partner_id, points, kind, is_primary) VALUES ($1, $2, $3, $4, $5)`,
			d.ID, sh.PartnerID, sh.Points, string(sh.Kind), sh.Primary); err != nil {
			return "", err
		}
	}
	for _, id := range d.Replaces {
		if err := t.later(`INSERT INTO replacements (decision_id, replaced_id) VALUES ($1, $2)`, d.ID, id); err != nil {
			return "", err
		}
	}
	if err := t.keepTime(f.agreement, d.ID, d.timing); err != nil || len(d.Replaces) == 0 {
		return ref, err
	}
	return ref, t.keepVoids(append(f.Decisions, d.Decision))
}

// keepVoids writes down which of an agreement's decisions are void.
func (t *tx) keepVoids(ds []influence.Decision) error {
	live := map[string]bool{}
	for _, d := range influence.Live(ds) {
		live[d.ID] = true
	}
	for _, d := range ds {
		query := `INSERT INTO void_decisions (decision_id) VALUES ($1) ON CONFLICT (decision_id) DO NOTHING`
		if live[d.ID] {
			query = `DELETE FROM void_decisions WHERE decision_id = $1`
		}
		if err := t.later(query, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// Decide enters a LAR's decision on one of its agreements and returns its
// reference. Of several who decide with the same version one wins; the others
// get ErrConflict (decisions.md rule 5).
func (v Session) Decide(ctx context.Context, ref string, draft influence.DecisionDraft) (decision string, err error) {
	err = v.do(ctx, influence.Decide, func(t *tx) (change, error) {
		a, err := v.agreement(t.ctx, t.q, influence.Decide, ref)
		if err != nil {
			return change{}, err
		}
		if err := t.claimVersion(a, draft.Version); err != nil {
			return change{}, err
		}
		f, err := factsOf(t.reader(), a)
		if err != nil {
			return change{}, err
		}
		desk := desk{v: v, t: t, f: f, lar: v.actor.OrgID}
		decision, err = desk.decide(draft)
		return change{ref, desk.was, desk.became}, err
	})
	if err != nil {
		return "", fmt.Errorf("decide %s: %w", ref, err)
	}
	return decision, nil
}

// agreement reads one agreement that the actor may perform act on.
func (v Session) agreement(ctx context.Context, q querier, act influence.Action, ref string) (agreement, error) {
	return scanAgreement(q.QueryRowContext(ctx, `SELECT `+agreementColumns+` FROM agreements a
		WHERE `+v.visible(act, "a")+` AND a.ref = $2`, v.actor.OrgID, ref))
}

// claimVersion takes the agreement's next version, unless somebody was faster.
func (t *tx) claimVersion(a agreement, version int64) error {
	return t.must(`UPDATE agreements SET version = version + 1 WHERE id = $1 AND version = $2`, a.ID, version)
}

// dayOf is the program day of a recorded instant.
func (t *tx) dayOf(us int64) influence.Day {
	return influence.DayOf(micros(us).In(t.s.clock.zone()), t.s.clock.zone())
}
