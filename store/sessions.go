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
	Flash string // what the next page says once, "" for nothing
}

// seenEvery is how exact the last use of a session is, so that a page read is
// not a write.
const seenEvery = time.Minute

// Actor returns who is signed in with a cookie, with the rights of this moment: a
// member who was put out, or whose company was suspended, is out at once. The
// error is ErrNotFound when the session has ended.
func (s *Store) Actor(ctx context.Context, cookie string) (a influence.Actor, info SessionInfo, err error) {
	now := s.clock.System()
	var seen int64
	err = s.read.QueryRowContext(ctx, `SELECT m.id, m.org_id, m.role, m.rank, m.name, `+orgName+`, coalesce(l.status, ''), x.flash, x.seen_at
		FROM sessions x JOIN members m ON m.id = x.member_id `+orgJoin+`
		WHERE x.hash = $1 AND x.expires_at > $2 AND `+mayEnter, hashed(cookie), now.UnixMicro()).
		Scan(&a.MemberID, &a.OrgID, &a.Role, &a.Rank, &a.Name, &a.OrgName, &a.LAR, &info.Flash, &seen)
	if err != nil {
		return influence.Actor{}, info, wrap(err)
	}
	quiet := now.Sub(micros(seen))
	if idle, _ := influence.SessionLife(a.Role); quiet > idle {
		return influence.Actor{}, SessionInfo{}, influence.ErrNotFound
	}
	if quiet > seenEvery {
		err = s.touchSession(ctx, cookie)
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
const mayEnter = `(m.active AND (m.role <> 'partner' OR (p.enrolled_at IS NOT NULL AND p.suspended_at IS NULL)))`

func (s *Store) touchSession(ctx context.Context, cookie string) error {
	return s.transact(ctx, func(t *tx) error {
		return t.later(`UPDATE sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hashed(cookie), t.sys.UnixMicro())
	})
}

// Client is where a session is used from, as its owner sees it in the list.
// Browser is the browser's own cookie, by which it is known again.
type Client struct{ Address, Agent, Browser string }

// BrowserKnown is how long a browser is known after it was last signed in with.
const BrowserKnown = 365 * 24 * time.Hour

// StartSession signs a member in and returns the cookie. Tries at the address are
// forgotten. It is ErrForbidden for a member who may not enter.
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

func (t *tx) startSession(cookie, memberID string, from Client) error {
	var role influence.Role
	var email string
	err := t.row(`SELECT m.role, m.email FROM members m `+orgJoin+` WHERE m.id = $1 AND `+mayEnter, memberID).Scan(&role, &email)
	if errors.Is(err, sql.ErrNoRows) {
		return influence.ErrForbidden
	}
	if err != nil {
		return err
	}
	_, longest := influence.SessionLife(role)
	if err := t.later(`INSERT INTO sessions (hash, member_id, created_at, seen_at, expires_at, address, agent) VALUES ($1, $2, $3, $3, $4, $5, $6)`,
		hashed(cookie), memberID, t.sys.UnixMicro(), t.sys.Add(longest).UnixMicro(), cut(from.Address, 100), cut(from.Agent, 300)); err != nil {
		return err
	}
	return t.knowBrowser(email, from.Browser)
}

// cut shortens what a browser says of itself; it is for people to read.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) > n {
		runes = runes[:n]
	}
	return string(runes)
}

// sweep removes what has ended: sessions, one-time links, tries, browsers that
// nobody uses any more, and sign-ups that nobody confirmed, because they hold a person's data.
func (t *tx) sweep() error {
	now := t.sys.UnixMicro()
	if err := t.later(`DELETE FROM sessions WHERE expires_at < $1`, now); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM tokens WHERE expires_at < $1`, now); err != nil {
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
	return wrap(s.transact(ctx, func(t *tx) error { return t.later(`DELETE FROM sessions WHERE hash = $1`, hashed(cookie)) }))
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
