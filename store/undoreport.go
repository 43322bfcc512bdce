package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// UndoReport takes a committed report back with everything it brought
// (decisions.md rule 9), or says why it can't be. So it does with what came in of
// a report whose import failed.
func (v Session) UndoReport(ctx context.Context, ref string, version int64) error {
	err := v.do(ctx, influence.UploadReports, func(t *tx) (change, error) {
		r, err := v.report(t.ctx, t.q, influence.UploadReports, ref)
		if err != nil {
			return change{}, err
		}
		var working bool
		if err := t.row(`SELECT EXISTS (SELECT 1 FROM jobs WHERE subject = $1 AND state IN ('waiting', 'running'))`, r.ID).Scan(&working); err != nil {
			return change{}, err
		}
		switch {
		case working:
			return change{}, influence.Refusal("This report is being imported. Cancel the import instead.")
		case r.State != ReportCommitted && r.State != ReportCommitting || r.Version != version:
			return change{}, influence.ErrConflict
		}
		return change{ref, recordReport(r, r.State), recordReport(r, ReportUndone)}, v.takeReportBack(t, r)
	})
	if err != nil {
		return fmt.Errorf("undo report %s: %w", ref, err)
	}
	return nil
}

// takeReportBack undoes what a report did, agreement by agreement.
func (v Session) takeReportBack(t *tx, r report) error {
	err := t.must(`UPDATE reports SET state = 'undone', undone_at = $3, version = version + 1 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, t.at.UnixMicro())
	if err != nil {
		return err
	}
	keys, err := t.brought(r.ID)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := v.takeBack(t, r, key); err != nil {
			return err
		}
	}
	return t.later(`DELETE FROM held_lines WHERE report_id = $1`, r.ID)
}

// brought lists the agreements of which a report's rows were taken, as far as
// they are known: those of a cancelled import may not have come in.
func (t *tx) brought(reportID string) ([]string, error) {
	rows, err := t.rows(`SELECT DISTINCT l.agreement_key FROM report_lines l CROSS JOIN agreements a
		WHERE l.report_id = $1 AND l.verdict IN ('new', 'corrected', 'unchanged') AND a.number_key = l.agreement_key ORDER BY l.agreement_key`, reportID)
	return collect(rows, err, func(row scanner) (key string, err error) { return key, row.Scan(&key) })
}

// takeBack undoes what a report did to one agreement. The version rises first:
// a decision made at the same time comes before it or is refused.
func (v Session) takeBack(t *tx, r report, key string) error {
	a, err := t.known(key)
	if err != nil || a.LAR != r.LAR {
		return err // another LAR has booked it since
	}
	if _, err := t.exec(`UPDATE agreements SET version = version + 1 WHERE id = $1`, a.ID); err != nil {
		return err
	}
	f, err := factsOf(t.reader(), a)
	if err != nil {
		return err
	}
	orders, current, err := t.versionsOf(a.ID, r.ID)
	if err != nil {
		return err
	}
	later, err := t.decidedAfter(a.ID, r.ID)
	if err != nil {
		return err
	}
	if err := influence.CanUndoReport(a.Number, current, later); err != nil {
		return err
	}
	disputed, err := t.inDispute(a.ID)
	if err != nil {
		return err
	}
	if disputed {
		return influence.Refusal("A decision on agreement " + a.Number + " is disputed. The report can be undone when that is ruled.")
	}
	for _, o := range orders {
		if err := t.withdrawOrder(a.ID, o); err != nil {
			return err
		}
	}
	if err := t.voidReported(&f, r.ID); err != nil {
		return err
	}
	if err := t.later(`UPDATE items SET settled_at = $3 WHERE agreement_id = $1 AND report_id = $2 AND settled_at IS NULL`,
		a.ID, r.ID, t.at.UnixMicro()); err != nil {
		return err
	}
	if err := t.emptied(a); err != nil {
		return err
	}
	return t.recount(a.ID, &a)
}

// versionsOf lists the order versions that a report brought to an agreement,
// and whether each is the one that stands.
func (t *tx) versionsOf(agreementID, reportID string) (brought []orderVersion, current bool, err error) {
	rows, err := t.rows(`SELECT v.order_key, v.n, coalesce(o.n, 0) FROM order_versions v
		LEFT JOIN orders o ON o.agreement_id = v.agreement_id AND o.order_key = v.order_key
		WHERE v.agreement_id = $1 AND v.report_id = $2 AND v.withdrawn_at IS NULL`, agreementID, reportID)
	current = true
	brought, err = collect(rows, err, func(row scanner) (o orderVersion, err error) {
		var standing int64
		err = row.Scan(&o.ID, &o.n, &standing)
		current = current && standing == o.n
		return o, err
	})
	return brought, current, err
}

// decidedAfter reports whether a desk, an escalation or a ruling decided an
// agreement after a report brought orders to it or decided it; decisions that
// were undone count as not made.
func (t *tx) decidedAfter(agreementID, reportID string) (yes bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM decisions d WHERE d.agreement_id = $1 AND d.basis IN ('desk', 'escalation', 'ruling')
		AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.decision_id = d.id)
		AND d.recorded_at >= (SELECT min(x.at) FROM (
			SELECT o.recorded_at AS at FROM order_versions o WHERE o.agreement_id = $1 AND o.report_id = $2 AND o.withdrawn_at IS NULL
			UNION ALL SELECT r.recorded_at FROM decisions r WHERE r.agreement_id = $1 AND r.report_id = $2) AS x))`, agreementID, reportID).Scan(&yes)
	return yes, err
}

// voidReported voids the decisions that a report made on an agreement.
func (t *tx) voidReported(f *facts, reportID string) error {
	rows, err := t.rows(`SELECT d.id FROM decisions d WHERE d.agreement_id = $1 AND d.report_id = $2
		AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.decision_id = d.id)`, f.ID, reportID)
	made, err := collect(rows, err, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
	if err != nil {
		return err
	}
	for _, id := range made {
		for i := range f.Decisions {
			f.Decisions[i].Void = f.Decisions[i].Void || f.Decisions[i].ID == id
		}
		if err := t.void(f.Decisions, id, "report undone"); err != nil {
			return err
		}
		if err := t.giveBack(id); err != nil {
			return err
		}
	}
	return nil
}

// emptied returns the claims attached to an agreement without orders to intents,
// with their clocks, and closes what was suggested for it.
func (t *tx) emptied(a agreement) error {
	var one int
	err := t.row(`SELECT 1 FROM orders WHERE agreement_id = $1 LIMIT 1`, a.ID).Scan(&one)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	open, err := t.reader().openClaims(a.ID)
	if err != nil {
		return err
	}
	for _, was := range open {
		c := was
		c.AgreementID = ""
		if _, err := t.turn(was, c, turned{action: influence.DetachClaim, state: influence.ClaimIntent, due: c.ValidUntil}); err != nil {
			return err
		}
	}
	return t.later(`DELETE FROM suggestions WHERE agreement_id = $1`, a.ID)
}
