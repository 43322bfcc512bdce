package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"irm/influence"
)

// newSecret makes 256 random bits, for a cookie or a one-time link.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashed is what the database keeps of a secret, so that who reads a copy of it
// can't sign in.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// SessionInfo is what a request learns of its session besides who asks.
type SessionInfo struct {
	Flash string    // what the next page says once, "" for nothing
	Renew bool      // the member's rank is another one since: the session needs a new cookie
	Until time.Time // when staff stops seeing the portal as another; zero if it does not
	News  bool      // a notice was not read yet
}

// seenEvery is how exact the last use of a session is, so that a page read is
// not a write.
const seenEvery = time.Minute

// RequireSecondFactor has members of whom a second factor is due reach only the
// pages to set one up, until they did. Call it before the first request.
func (s *Store) RequireSecondFactor() { s.second = true }

// Actor returns who is signed in with a cookie, with the rights of this moment: a
// member who was put out, or whose company was suspended, is out at once. The
// error is ErrNotFound when the session has ended.
func (s *Store) Actor(ctx context.Context, cookie string) (a influence.Actor, info SessionInfo, err error) {
	now := s.clock.System()
	var seen, proved int64
	var twoStep bool
	var rank influence.Rank
	var viewing string
	err = s.read.QueryRowContext(ctx, `SELECT m.id, m.org_id, m.role, m.rank, m.name, `+orgName+`, coalesce(l.status, ''), x.flash, x.seen_at, x.proved_at, x.two_step, x.rank, x.viewing,
		EXISTS (SELECT 1 FROM outbox o WHERE o.member_id = m.id AND o.kind <> '' AND o.dropped_why = '' AND o.read_at IS NULL AND o.not_before <= $3)
		FROM sessions x JOIN members m ON m.id = x.member_id `+orgJoin+`
		WHERE x.hash = $1 AND x.expires_at > $2 AND `+mayEnter, hashed(cookie), now.UnixMicro(), s.clock.Program().UnixMicro()).
		Scan(&a.MemberID, &a.OrgID, &a.Role, &a.Rank, &a.Name, &a.OrgName, &a.LAR, &info.Flash, &seen, &proved, &twoStep, &rank, &viewing, &info.News)
	if err != nil {
		return influence.Actor{}, info, wrap(err)
	}
	quiet := now.Sub(micros(seen))
	if idle, _ := influence.SessionLife(a.Role); quiet > idle {
		return influence.Actor{}, SessionInfo{}, influence.ErrNotFound
	}
	a.Stale = now.Sub(micros(proved)) > influence.ProofLife
	a.NoSecondFactor = s.second && !twoStep && influence.NeedsSecondFactor(a.Role, a.Rank)
	info.Renew = rank != a.Rank
	if quiet > seenEvery {
		if err = s.touchSession(ctx, cookie); err != nil {
			return a, info, err
		}
	}
	if viewing != "" {
		a, info.Until, err = s.seenThrough(ctx, a, viewing)
	}
	return a, info, err
}

// A member m with the name of its organization: a partner p, a LAR l, an
// application a, or Microsoft.
const (
	orgName = `coalesce(p.name, l.name, a.company, 'Microsoft')`
	orgJoin = `LEFT JOIN partners p ON p.id = m.org_id LEFT JOIN lars l ON l.id = m.org_id LEFT JOIN applications a ON a.id = m.org_id`
)

// mayEnter holds for members who can be signed in.
const mayEnter = `(` + mayProve + ` AND p.suspended_at IS NULL AND l.suspended_at IS NULL)`

// mayProve holds for those and for the members of a suspended company, who are told
// so once they proved who they are.
const mayProve = `(m.active AND m.suspended_at IS NULL AND (m.role <> 'partner' OR p.enrolled_at IS NOT NULL))`

func (s *Store) touchSession(ctx context.Context, cookie string) error {
	return s.transact(ctx, func(t *tx) error {
		return t.later(`UPDATE sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hashed(cookie), t.sys.UnixMicro())
	})
}

// Client is where a session is used from, as its owner sees it in the list.
// Browser is the browser's own cookie, by which it is known again. By is how the
// person proved who it is; a password if nothing is said.
type Client struct {
	Address, Agent, Browser string
	By                      influence.Method
}

// method is By with its default.
func (c Client) method() influence.Method {
	if c.By == "" {
		return influence.ByPassword
	}
	return c.By
}

// BrowserKnown is how long a browser is known after it was last signed in with.
const BrowserKnown = 365 * 24 * time.Hour

// StartSession signs a member in and returns the cookie. Tries at the address are
// forgotten. It is ErrForbidden for a member who may not enter, and
// ErrSecondFactor for one who has to prove more than from.By.
func (s *Store) StartSession(ctx context.Context, memberID string, from Client) (cookie string, err error) {
	cookie = newSecret()
	err = s.transact(ctx, func(t *tx) error {
		if err := t.sweep(); err != nil {
			return err
		}
		return t.startSession(cookie, memberID, from)
	})
	if err != nil {
		return "", fmt.Errorf("start session: %w", err)
	}
	return cookie, nil
}

// letIn reads where a member stands and asks the one rule of entering. Every way
// in comes through here.
func (t *tx) letIn(memberID string, by influence.Method) (m member, err error) {
	var stands influence.Standing
	err = t.row(`SELECT m.id, m.role, m.rank, m.email, m.active, `+mayEnter+`, `+hasSecond+`, `+mayProve+` AND NOT `+mayEnter+`,
		coalesce(p.suspended_why, l.suspended_why, '') FROM members m `+orgJoin+` WHERE m.id = $1`, memberID).
		Scan(&m.ID, &m.Role, &m.Rank, &m.Email, &stands.Active, &stands.Open, &stands.HasSecond, &stands.Suspended, &stands.Why)
	if errors.Is(err, sql.ErrNoRows) {
		return m, influence.ErrForbidden
	}
	if err != nil {
		return m, err
	}
	return m, influence.LetIn(stands, by)
}

// hasSecond holds for members who set up a second factor.
const hasSecond = `(EXISTS (SELECT 1 FROM authenticators u WHERE u.member_id = m.id AND u.confirmed_at IS NOT NULL)
	OR EXISTS (SELECT 1 FROM passkeys k WHERE k.member_id = m.id))`

func (t *tx) startSession(cookie, memberID string, from Client) error {
	m, err := t.letIn(memberID, from.method())
	if err != nil {
		return err
	}
	_, longest := influence.SessionLife(m.Role)
	if err := t.later(`INSERT INTO sessions (hash, member_id, created_at, seen_at, expires_at, address, agent, method, two_step, proved_at, rank)
		VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $3, $9)`, hashed(cookie), memberID, t.sys.UnixMicro(), t.sys.Add(longest).UnixMicro(),
		cut(from.Address, 100), cut(from.Agent, 300), string(from.method()), from.method().TwoFactors(), string(m.Rank)); err != nil {
		return err
	}
	if err := t.signIn(memberID, from, "in"); err != nil {
		return err
	}
	return t.knowBrowser(m.Email, from.Browser)
}

// RenewSession gives a session another cookie, so that who had the old one has
// nothing. by is what was proved for it, "" for nothing new. It is ErrNotFound
// for a session that has ended.
func (s *Store) RenewSession(ctx context.Context, cookie string, by influence.Method) (fresh string, err error) {
	fresh = newSecret()
	err = s.transact(ctx, func(t *tx) error {
		proved := int64(0)
		if by != "" {
			proved = t.sys.UnixMicro()
		}
		n, err := t.exec(`UPDATE sessions SET hash = $2, two_step = (two_step OR $3), proved_at = CASE WHEN $4 > proved_at THEN $4 ELSE proved_at END,
			rank = (SELECT m.rank FROM members m WHERE m.id = sessions.member_id) WHERE hash = $1`, hashed(cookie), hashed(fresh), by.TwoFactors(), proved)
		if err == nil && n != 1 {
			err = influence.ErrNotFound
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("renew session: %w", err)
	}
	return fresh, nil
}

// cut shortens what a browser says of itself; it is for people to read.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) > n {
		runes = runes[:n]
	}
	return string(runes)
}

// sweep removes what has ended, and records what ends by itself: sessions, one-time links, tries, browsers that
// nobody uses any more, and sign-ups that nobody confirmed, because they hold a person's data.
func (t *tx) sweep() error {
	now := t.sys.UnixMicro()
	if err := t.endOverdueViewings(); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM sessions WHERE expires_at < $1`, now); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM tokens WHERE expires_at < $1`, now); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM personal_links WHERE expires_at < $1`, t.sys.Add(-influence.PersonalLinkKept).UnixMicro()); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM ceremonies WHERE expires_at < $1`, now); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM sign_ins WHERE at < $1 OR (at < $2 AND member_id = '')`, t.sys.Add(-influence.SignInsKept).UnixMicro(),
		t.sys.Add(-influence.TriesForgotten).UnixMicro()); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM attempts WHERE since < $1`, t.sys.Add(-influence.TriesForgotten).UnixMicro()); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM browsers WHERE used_at < $1`, t.sys.Add(-BrowserKnown).UnixMicro()); err != nil {
		return err
	}
	return t.later(`DELETE FROM applications WHERE state = 'unconfirmed' AND created_at < $1`, t.at.Add(-2*influence.ConfirmLinkLife).UnixMicro())
}

// EndSession signs out.
func (s *Store) EndSession(ctx context.Context, cookie string) error {
	return wrap(s.transact(ctx, func(t *tx) error {
		if err := t.endViewingOf(cookie); err != nil {
			return err
		}
		return t.later(`DELETE FROM sessions WHERE hash = $1`, hashed(cookie))
	}))
}

// SetFlash keeps what the session's next page says.
func (s *Store) SetFlash(ctx context.Context, cookie, flash string) error {
	return wrap(s.transact(ctx, func(t *tx) error {
		return t.later(`UPDATE sessions SET flash = $2 WHERE hash = $1`, hashed(cookie), flash)
	}))
}

// TakeFlash forgets it once it was said.
func (s *Store) TakeFlash(ctx context.Context, cookie string) error {
	return s.SetFlash(ctx, cookie, "")
}
