package store

import (
	"context"
	"fmt"
	"time"

	"irm/influence"
)

// Account is what a member sees of itself.
type Account struct {
	Name, Email, Phone, Org string
	Role                    influence.Role
	Rank                    influence.Rank
	Since                   time.Time
	Version                 int64
}

// Account returns the actor's own.
func (v Session) Account(ctx context.Context) (a Account, err error) {
	if !v.actor.May(influence.ViewAccount) {
		return a, influence.ErrForbidden
	}
	var since int64
	err = v.s.read.QueryRowContext(ctx, `SELECT m.name, m.email, m.phone, m.role, m.rank, m.created_at, m.version FROM members m WHERE m.id = $1`, v.actor.MemberID).
		Scan(&a.Name, &a.Email, &a.Phone, &a.Role, &a.Rank, &since, &a.Version)
	a.Org, a.Since = v.actor.OrgName, micros(since)
	return a, wrap(err)
}

// SessionRow is one of the actor's sessions. Its times are the machine's.
type SessionRow struct {
	ID            string // the beginning of the hash, enough to name it
	Address       string
	Agent         string
	Started, Seen time.Time
	Ends          time.Time
	Current       bool
}

// sessionName is how many signs of the hash name a session.
const sessionName = 16

// OwnSessions returns the actor's sessions, the last used first; cookie is the
// one that asks.
func (v Session) OwnSessions(ctx context.Context, cookie string) ([]SessionRow, error) {
	if !v.actor.May(influence.ViewAccount) {
		return nil, influence.ErrForbidden
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT hash, address, agent, created_at, seen_at, expires_at FROM sessions
		WHERE member_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, hash LIMIT 100`, v.actor.MemberID, v.s.clock.System().UnixMicro())
	all, err := collect(rows, err, func(row scanner) (r SessionRow, err error) {
		var hash string
		var started, seen, ends int64
		err = row.Scan(&hash, &r.Address, &r.Agent, &started, &seen, &ends)
		r.Current, r.ID = hash == hashed(cookie), cut(hash, sessionName)
		r.Started, r.Seen, r.Ends = micros(started), micros(seen), micros(ends)
		return r, err
	})
	return all, wrap(err)
}

// EndOwnSessions ends the actor's session with an id, or all of them but the one
// with the cookie when id is empty.
func (v Session) EndOwnSessions(ctx context.Context, id, cookie string) error {
	err := v.do(ctx, influence.EditAccount, func(t *tx) (change, error) {
		if id == "" {
			return change{}, t.later(`DELETE FROM sessions WHERE member_id = $1 AND hash <> $2`, v.actor.MemberID, hashed(cookie))
		}
		return change{}, t.later(`DELETE FROM sessions WHERE member_id = $1 AND substr(hash, 1, 16) = $2`, v.actor.MemberID, id)
	})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// SignOutMember ends all sessions of a member, for an owner or administrator.
func (v Session) SignOutMember(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.SignOutMember, func(t *tx, m TeamMember) (TeamMember, error) {
		m.done = "signed out everywhere"
		if err := t.endSessionsOf(m.id); err != nil {
			return m, err
		}
		return m, t.tellMember(m, "signed out")
	})
}

func (t *tx) endSessionsOf(memberID string) error {
	return t.later(`DELETE FROM sessions WHERE member_id = $1`, memberID)
}

// EndAllSessions ends the sessions of all members but the one with the cookie: for
// a program administrator. The same key does it once.
func (v Session) EndAllSessions(ctx context.Context, cookie, key string) error {
	err := v.do(ctx, influence.EditMembers, func(t *tx) (change, error) {
		if _, ok, err := t.answered(key); err != nil || ok {
			return change{}, err
		}
		if err := v.still(t, influence.EditMembers); err != nil {
			return change{}, err
		}
		n, err := t.exec(`DELETE FROM sessions WHERE hash <> $2 AND `+v.visible(influence.EditMembers, "x"), v.actor.OrgID, hashed(cookie))
		if err != nil {
			return change{}, err
		}
		return change{"all members", nil, map[string]int64{"sessions_ended": n}}, t.answer(key, "/members")
	})
	if err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	return nil
}

// OwnApplication is what an applicant sees of its application.
type OwnApplication struct {
	influence.SignUp        // as it stands, without the password
	Ref, State       string // waiting, asked, refused
	Reason           string // of a refusal
	ByOwner          bool   // an owner of the company answered, not Microsoft
	Talk             []ApplicationTalk
	ConfirmedAt      time.Time
	DecidedAt, Asked time.Time
	Version          int64
}

// OwnApplication returns the application of the actor. Why it waits and for whom is
// not in it: that would tell who is known.
func (v Session) OwnApplication(ctx context.Context) (o OwnApplication, err error) {
	if v.actor.Role != influence.RoleApplicant {
		return o, influence.ErrForbidden
	}
	a, err := scanApplication(v.s.read.QueryRowContext(ctx, `SELECT `+applicationColumns+` FROM applications a WHERE a.id = $1`, v.actor.OrgID))
	if err != nil {
		return o, wrap(err)
	}
	byOwner := false
	err = v.s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM applications a JOIN members d ON d.id = a.decided_by WHERE a.id = $1 AND d.role = 'partner')`,
		v.actor.OrgID).Scan(&byOwner)
	if err != nil {
		return o, wrap(err)
	}
	o = OwnApplication{SignUp: a.signUp(), ByOwner: byOwner, Ref: a.Ref, State: a.row().Shown(), Reason: a.Reason, ConfirmedAt: when(a.ConfirmedAt), DecidedAt: when(a.DecidedAt),
		Asked: when(a.AskedAt), Version: a.Version}
	o.Talk, err = v.reader(ctx).applicationTalk(a.ID)
	return o, wrap(err)
}

// mostWaiting is up to how many applications are counted for the bar.
const mostWaiting = 1000

// WaitingApplications counts the applications that wait for a partner manager, up
// to mostWaiting.
func (v Session) WaitingApplications(ctx context.Context) (n int64, err error) {
	err = v.s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM applications a WHERE `+v.visible(influence.ViewApplications, "ap")+`
		AND a.state = 'waiting' AND a.asked_at IS NULL LIMIT $2) AS w`, v.actor.OrgID, mostWaiting).Scan(&n)
	return n, wrap(err)
}
