package store

import (
	"context"

	"irm/influence"
)

// twins finds the claims of a partner that say the same as a claim and that the
// actor sees.
func (v Session) twins(ctx context.Context, q querier, c claim) ([]influence.Twin, error) {
	const same = ` AND c.partner_id = $2 AND c.id <> $3 AND c.state IN ('waiting', 'intent', 'attached', 'action_required', 'confirmed')`
	rows, err := q.QueryContext(ctx, `SELECT x.ref, x.state, x.numbered FROM (
			SELECT c.ref, c.state, c.id, TRUE AS numbered FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+same+` AND c.number_key = $4 AND c.number_key <> ''
			UNION ALL SELECT c.ref, c.state, c.id, FALSE FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+same+`
				AND c.name_key = $5 AND c.name_key <> '' AND c.customer_state = $6 AND c.program = $7 AND (c.number_key = '' OR $4 = '')) AS x
		ORDER BY x.id DESC LIMIT 5`, v.actor.OrgID, c.PartnerID, c.ID, c.NumberKey, c.NameKey, c.CustomerState, string(c.Program))
	return collect(rows, err, func(row scanner) (t influence.Twin, err error) { return t, row.Scan(&t.Ref, &t.State, &t.ByNumber) })
}

// twinsOf finds them for a claim that was read under visible.
func (v Session) twinsOf(ctx context.Context, claimID string) ([]influence.Twin, error) {
	c, err := scanClaim(v.s.read.QueryRowContext(ctx, `SELECT `+claimColumns+` FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.id = $2`, v.actor.OrgID, claimID))
	if err != nil {
		return nil, err
	}
	return v.twins(ctx, v.s.read, c)
}

// Twins finds the claims of the actor's company that say the same as a draft, which
// has a reference once it is stored.
func (v Session) Twins(ctx context.Context, ref string, d influence.ClaimDraft) ([]influence.Twin, error) {
	if !v.actor.May(influence.EditClaims) {
		return nil, influence.ErrForbidden
	}
	parsed, _ := d.ValidateDraft(v.s.clock.Today(), v.s.settings) // what can't be read says nothing
	c := claim{PartnerID: v.actor.OrgID, NumberKey: influence.NumberKey(parsed.AgreementNumber), NameKey: influence.NameKey(parsed.Customer),
		CustomerState: parsed.CustomerState, Program: parsed.Program}
	if ref != "" {
		stored, err := v.claim(ctx, v.s.read, influence.EditClaims, ref)
		if err != nil {
			return nil, wrap(err)
		}
		c.ID = stored.ID
	}
	all, err := v.twins(ctx, v.s.read, c)
	return all, wrap(err)
}

// warned refuses a claim that says the same as another one that its author was not
// told of.
func (v Session) warned(t *tx, c claim, d influence.ClaimDraft) error {
	if !d.Warn {
		return nil
	}
	all, err := v.twins(t.ctx, t.q, c)
	if err != nil {
		return err
	}
	open, err := t.openTwin(c) // that one is refused, or replaced
	if err != nil {
		return err
	}
	return influence.WarnOf(all, d.Known+" "+open)
}
