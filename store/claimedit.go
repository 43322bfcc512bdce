package store

import (
	"context"
	"fmt"

	"irm/influence"
)

// EditClaim changes a claim that was submitted and has no agreement yet. Its date
// stays. Once a LAR has it, it stays there.
func (v Session) EditClaim(ctx context.Context, ref string, version int64, d influence.ClaimDraft) error {
	err := v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		was, err := v.claim(t.ctx, t.q, influence.EditClaims, ref)
		if err != nil {
			return change{}, err
		}
		if was.Version != version || was.State == influence.ClaimDrafted {
			return change{}, influence.ErrConflict
		}
		if err := was.State.Can(influence.EditClaim, influence.RolePartner); err != nil {
			return change{}, err
		}
		c, err := v.edited(t, was, d)
		return change{ref, recordClaim(was), recordClaim(c)}, err
	})
	if err != nil {
		return fmt.Errorf("edit claim %s: %w", ref, err)
	}
	return nil
}

// edited writes the claim's new fields and draws what follows from them.
func (v Session) edited(t *tx, was claim, d influence.ClaimDraft) (claim, error) {
	parsed, err := d.Validate(was.DatedOn, t.s.settings)
	if err != nil {
		return was, err
	}
	c, err := v.filled(t, was, d, parsed)
	if err != nil {
		return was, err
	}
	if c.LAR != was.LAR && !was.State.MayChangeLAR() {
		return was, influence.Invalid{"lar": "The LAR has this claim. Withdraw it here and claim anew to send it to another."}
	}
	if err := t.onlyOpen(c); err != nil {
		return was, err
	}
	if err := t.updateClaim(was, &c, was.Version); err != nil {
		return was, err
	}
	if c.LAR != was.LAR {
		return v.redirected(t, c)
	}
	if c.State == influence.ClaimIntent {
		return t.matchedAgain(c)
	}
	return c, nil
}

// redirected sends a claim that waits for a connection to another LAR.
func (v Session) redirected(t *tx, c claim) (claim, error) {
	connected, err := t.claimable(c)
	if err != nil {
		return c, err
	}
	if connected {
		return t.filed(c, c, influence.DeliverClaim)
	}
	return t.turn(c, c, turned{action: influence.EditClaim, state: influence.ClaimWaiting, due: influence.ConnectionDue(t.today, t.s.settings)})
}

// matchedAgain looks for the agreement of an intent whose fields have changed.
func (t *tx) matchedAgain(c claim) (claim, error) {
	rows, err := t.rows(`DELETE FROM suggestions WHERE claim_id = $1 AND closed_at IS NULL RETURNING agreement_id`, c.ID)
	if err := t.refileAll(rows, err); err != nil {
		return c, err
	}
	a, ok, err := t.certain(c)
	if err != nil {
		return c, err
	}
	if ok {
		return t.attach(c, c, a, influence.AttachClaim)
	}
	return c, t.suggestAgreements(c)
}
