package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"irm/influence"
)

// viewing is a time in which staff sees the portal as an organization does.
type viewing struct {
	ID, MemberID, OrgID, OrgRef string
	Role                        influence.Role
	Until                       int64
}

// viewingRecord is what the ledger keeps of it.
type viewingRecord struct {
	Viewing string         `json:"viewing"`
	As      influence.Role `json:"as"`
	State   string         `json:"state"` // started or ended
	Until   int64          `json:"until"` // microseconds since 1970 UTC, the machine's
}

func (x viewing) record(state string) viewingRecord {
	return viewingRecord{x.ID, x.Role, state, x.Until}
}

// ViewAsPartner has the session with a cookie see the portal as an enrolled partner
// does, for influence.ViewingLife.
func (v Session) ViewAsPartner(ctx context.Context, ref, cookie string) error {
	return v.viewAs(ctx, influence.RolePartner, `SELECT p.id FROM partners p WHERE p.ref = $1 AND p.enrolled_at IS NOT NULL AND p.suspended_at IS NULL`, ref, cookie)
}

// ViewAsLAR is the same for a LAR.
func (v Session) ViewAsLAR(ctx context.Context, ref, cookie string) error {
	return v.viewAs(ctx, influence.RoleLAR, `SELECT l.id FROM lars l WHERE l.ref = $1 AND l.suspended_at IS NULL`, ref, cookie)
}

func (v Session) viewAs(ctx context.Context, role influence.Role, query, ref, cookie string) error {
	err := v.do(ctx, influence.ViewAs, func(t *tx) (change, error) {
		x := viewing{ID: newID("view", t.at), MemberID: v.actor.MemberID, OrgRef: ref, Role: role, Until: t.sys.Add(influence.ViewingLife).UnixMicro()}
		if err := t.row(query, ref).Scan(&x.OrgID); err != nil {
			return change{}, err
		}
		if err := v.still(t, influence.ViewAs); err != nil {
			return change{}, err
		}
		if err := t.endViewingOf(cookie); err != nil {
			return change{}, err
		}
		if err := t.later(`INSERT INTO viewings (id, member_id, org_id, role, org_ref, started_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			x.ID, x.MemberID, x.OrgID, string(x.Role), x.OrgRef, t.sys.UnixMicro(), x.Until); err != nil {
			return change{}, err
		}
		return change{ref, nil, x.record("started")}, t.must(`UPDATE sessions SET viewing = $3 WHERE hash = $1 AND member_id = $2`, hashed(cookie), v.actor.MemberID, x.ID)
	})
	if err != nil {
		return fmt.Errorf("view as %s: %w", ref, err)
	}
	return nil
}

// EndViewing has the session with a cookie see the portal as itself again.
func (s *Store) EndViewing(ctx context.Context, cookie string) error {
	return wrap(s.transact(ctx, func(t *tx) error { return t.endViewingOf(cookie) }))
}

// endViewingOf ends what the session with a cookie sees the portal as, if it does.
func (t *tx) endViewingOf(cookie string) error {
	x, err := scanViewing(t.row(`SELECT `+viewingColumns+` FROM sessions x JOIN viewings w ON w.id = x.viewing WHERE x.hash = $1`, hashed(cookie)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.endViewing(x)
}

const viewingColumns = `w.id, w.member_id, w.org_id, w.org_ref, w.role, w.until`

func scanViewing(row scanner) (x viewing, err error) {
	err = row.Scan(&x.ID, &x.MemberID, &x.OrgID, &x.OrgRef, &x.Role, &x.Until)
	return x, err
}

// endViewing records that a viewing has ended, once.
func (t *tx) endViewing(x viewing) error {
	if err := t.later(`UPDATE sessions SET viewing = '' WHERE viewing = $1`, x.ID); err != nil {
		return err
	}
	n, err := t.exec(`UPDATE viewings SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, x.ID, t.sys.UnixMicro())
	if err != nil || n == 0 {
		return err
	}
	who := t.who
	t.who = influence.Actor{MemberID: x.MemberID, OrgID: influence.Staff}
	err = t.apart(influence.ViewAs, func() (change, error) { return change{x.OrgRef, x.record("started"), x.record("ended")}, nil })
	t.who = who
	return err
}

// endOverdueViewings records the end of those whose time is over.
func (t *tx) endOverdueViewings() error {
	rows, err := t.rows(`SELECT `+viewingColumns+` FROM viewings w WHERE w.ended_at IS NULL AND w.until <= $1 ORDER BY w.until LIMIT 100`, t.sys.UnixMicro())
	all, err := collect(rows, err, scanViewing)
	for _, x := range all {
		err = errors.Join(err, t.endViewing(x))
	}
	return err
}

// seenThrough is staff as the organization that it sees the portal as, or as
// itself once the time is over.
func (s *Store) seenThrough(ctx context.Context, a influence.Actor, id string) (influence.Actor, time.Time, error) {
	x, err := scanViewing(s.read.QueryRowContext(ctx, `SELECT `+viewingColumns+` FROM viewings w WHERE w.id = $1`, id))
	if err != nil {
		return influence.Actor{}, time.Time{}, wrap(err)
	}
	if !s.clock.System().Before(micros(x.Until)) || !a.May(influence.ViewAs) {
		return a, time.Time{}, wrap(s.transact(ctx, func(t *tx) error { return t.endViewing(x) }))
	}
	as := influence.Actor{MemberID: a.MemberID, Name: a.Name, OrgID: x.OrgID, Role: x.Role, Rank: influence.TopRank(x.Role), Viewing: true}
	err = s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT p.name FROM partners p WHERE p.id = $1), (SELECT l.name FROM lars l WHERE l.id = $1), ''),
		coalesce((SELECT l.status FROM lars l WHERE l.id = $1), '')`, x.OrgID).Scan(&as.OrgName, &as.LAR)
	return as, micros(x.Until), wrap(err)
}
