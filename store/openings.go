package store

import (
	"context"
	"time"

	"irm/influence"
)

// Opening is when a person of the LAR first opened a claim.
type Opening struct {
	Name string
	At   time.Time
}

// OpenClaims writes down that the actor, a member of a LAR, has opened claims: each
// once. Staff that sees the portal as the LAR does opens none.
func (v Session) OpenClaims(ctx context.Context, refs ...string) error {
	if v.actor.Role != influence.RoleLAR || v.actor.Viewing || !v.actor.May(influence.ViewClaims) {
		return nil
	}
	for _, ref := range refs {
		if err := v.openClaim(ctx, ref); err != nil {
			return wrap(err)
		}
	}
	return nil
}

func (v Session) openClaim(ctx context.Context, ref string) error {
	var id string
	rows, err := v.s.read.QueryContext(ctx, `SELECT c.id FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.ref = $2
		AND NOT EXISTS (SELECT 1 FROM openings o WHERE o.claim_id = c.id AND o.member_id = $3)`, v.actor.OrgID, ref, v.actor.MemberID)
	fresh, err := collect(rows, err, func(row scanner) (string, error) { return id, row.Scan(&id) })
	if err != nil || len(fresh) == 0 {
		return err
	}
	return v.do(ctx, influence.ViewClaims, func(t *tx) (change, error) {
		return change{}, t.later(`INSERT INTO openings (claim_id, member_id, at) VALUES ($1, $2, $3) ON CONFLICT (claim_id, member_id) DO NOTHING`,
			id, v.actor.MemberID, t.at.UnixMicro())
	})
}

// openings lists who of its LAR opened a claim that was read under visible, the
// first one first. What a LAR opened before a claim came back to the drafts stays.
func (v Session) openings(ctx context.Context, claimID string) ([]Opening, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT coalesce(m.name, 'A former member'), o.at FROM claims c CROSS JOIN openings o LEFT JOIN members m ON m.id = o.member_id
		WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.id = $2 AND o.claim_id = c.id ORDER BY o.at, o.member_id LIMIT 100`, v.actor.OrgID, claimID)
	return collect(rows, err, func(row scanner) (o Opening, err error) {
		var at int64
		err = row.Scan(&o.Name, &at)
		o.At = micros(at)
		return o, err
	})
}
