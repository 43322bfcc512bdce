package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// UndoDecision voids a decision by the person who made it, within the time the
// settings give, while it is the agreement's newest (decisions.md rule 7).
func (v Session) UndoDecision(ctx context.Context, ref, decision string, version int64) error {
	err := v.do(ctx, influence.Decide, func(t *tx) (change, error) {
		a, err := v.agreement(t.ctx, t.q, influence.Decide, ref)
		if err != nil {
			return change{}, err
		}
		if err := t.claimVersion(a, version); err != nil {
			return change{}, err
		}
		f, err := factsOf(t.reader(), a)
		if err != nil {
			return change{}, err
		}
		var id string
		err = t.row(`SELECT id FROM decisions WHERE agreement_id = $1 AND ref = $2`, a.ID, decision).Scan(&id)
		if err != nil {
			return change{}, err
		}
		return change{ref, map[string]string{"decision": decision}, map[string]string{"undone": decision}}, t.undo(f, id)
	})
	if err != nil {
		return fmt.Errorf("undo %s: %w", decision, err)
	}
	return nil
}

// undo takes a decision back with everything that followed from it.
func (t *tx) undo(f facts, id string) error {
	for i, d := range f.Decisions {
		if d.ID != id {
			continue
		}
		if err := influence.CanUndo(d, f.Decisions, t.who.MemberID, t.at, t.s.settings); err != nil {
			return err
		}
		f.Decisions[i].Void = true
	}
	open, err := t.inDispute(f.ID)
	if err != nil {
		return err
	}
	if open {
		return influence.Refusal("The decision is disputed, so it can’t be undone.")
	}
	if err := t.void(f.Decisions, id, "undone"); err != nil {
		return err
	}
	if err := t.untime(f.agreement, id); err != nil {
		return err
	}
	if err := t.giveBack(id); err != nil {
		return err
	}
	return t.recount(f.ID, &f.agreement)
}

// void writes the record that voids a decision of ds, and drops the mails that tell of it.
func (t *tx) void(ds []influence.Decision, id, reason string) error {
	if err := t.must(`INSERT INTO voids (decision_id, member_id, reason, recorded_at, entry_id) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (decision_id) DO NOTHING`, id, t.who.MemberID, reason, t.at.UnixMicro(), t.entry); err != nil {
		return err
	}
	if err := t.later(`UPDATE outbox SET dropped_at = $2, dropped_why = 'undone' WHERE about = $1 AND sent_at IS NULL AND dropped_at IS NULL`,
		id, t.at.UnixMicro()); err != nil {
		return err
	}
	return t.keepVoids(ds)
}

// giveBack returns the claims, items and suggestions that a decision answered
// to where they were.
func (t *tx) giveBack(decision string) error {
	if err := t.later(`UPDATE items SET settled_at = NULL, settled_by = '' WHERE settled_by = $1`, decision); err != nil {
		return err
	}
	rows, err := t.rows(`UPDATE suggestions SET closed_at = NULL, closed_by = '' WHERE closed_by = $1 RETURNING agreement_id`, decision)
	if err := t.refileAll(rows, err); err != nil {
		return err
	}
	rows, err = t.rows(`SELECT `+claimColumns+` FROM claims c WHERE c.id IN
		(SELECT claim_id FROM claim_events WHERE decision_id = $1) AND c.decided_by = $1`, decision)
	answered, err := collect(rows, err, scanClaim)
	if err != nil {
		return err
	}
	for _, c := range answered {
		if err := t.reopen(c, decision); err != nil {
			return err
		}
	}
	return nil
}

// reopen returns a claim to where it stood before a decision answered it: its
// state, turn and clock, and what had answered it then.
func (t *tx) reopen(was claim, decision string) error {
	var first int64
	to := turned{action: influence.UndoClaim}
	err := t.row(`SELECT e.n, e.state, e.due, e.code, e.decision_id FROM claim_events e WHERE e.claim_id = $1 AND e.n <
		(SELECT min(x.n) FROM claim_events x WHERE x.claim_id = $1 AND x.decision_id = $2) ORDER BY e.n DESC LIMIT 1`, was.ID, decision).
		Scan(&first, &to.state, &to.due, &to.code, &to.decision)
	if err != nil {
		return err
	}
	var since int64 // an undo of another decision may have brought it there, and silence passed it on: neither began it
	var by string
	err = t.row(`SELECT e.at, e.org_id FROM claim_events e WHERE e.claim_id = $1 AND e.n <= $2 AND e.state = $3 AND e.due = $4 AND e.action NOT IN ($5, $6, $7, $8, $9, $10)
		ORDER BY e.n DESC LIMIT 1`, was.ID, first, string(to.state), string(to.due), string(influence.UndoClaim),
		string(influence.OwnersClaim), string(influence.StaffClaim), string(influence.AddClaimEvidence), string(influence.SayMine), string(influence.SayNotMine)).Scan(&since, &by)
	if err != nil {
		return err
	}
	c := was
	if to.state.Answered() && by == c.LAR {
		to.answered = t.dayOf(since)
	}
	if to.state == influence.ClaimIntent {
		c.AgreementID = "" // the decision had attached it
	}
	if to.state.Open() {
		newer, err := t.newerTwin(was)
		if err != nil || newer != "" {
			return errors.Join(err, t.outrun(was, newer))
		}
	}
	if c, err = t.turn(was, c, to); err != nil {
		return err
	}
	return t.later(`UPDATE claims SET since = $2 WHERE id = $1`, c.ID, since)
}

// newerTwin finds the open claim that a partner filed for the same agreement after
// a decision had answered its first one, "" for none.
func (t *tx) newerTwin(c claim) (ref string, err error) {
	if ref, err = t.openTwin(c); err != nil || ref != "" || c.AgreementID == "" {
		return ref, err
	}
	return t.openOn(c, c.AgreementID)
}

// outrun leaves a claim replaced whose decision is undone while a newer one of its
// partner is open: that is the one that waits, for a partner has one open claim on
// an agreement.
func (t *tx) outrun(was claim, newer string) error {
	if newer == "" {
		return nil
	}
	c, err := t.turn(was, was, turned{action: influence.SupersedeClaim, state: influence.ClaimSuperseded, note: "Replaced by " + newer + "."})
	if err != nil {
		return err
	}
	return t.later(`UPDATE claims SET replaced_by = (SELECT n.id FROM claims n WHERE n.ref = $2) WHERE id = $1`, c.ID, newer)
}

// untime takes back what a decision counted for in the time to decision.
func (t *tx) untime(a agreement, decision string) error {
	var x timing
	err := t.row(`SELECT on_day, lar_id, days FROM decision_times WHERE decision_id = $1`, decision).Scan(&x.on, &x.lar, &x.days)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.moveTime(a, x, -1)
}
