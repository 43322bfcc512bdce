package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"irm/influence"
)

// attemptKey is the same for all spellings of an address, known or not, and says
// nothing of it to who reads the table.
func attemptKey(email string) string { return hashed("attempt " + tidyEmail(email)) }

// attemptKey counts the tries of a browser that the account was signed in with
// apart: strangers' wrong ones do not keep the account's owner waiting.
func (t *tx) attemptKey(email, browser string) (key string, err error) {
	key = attemptKey(email)
	if browser == "" {
		return key, nil
	}
	var known bool
	err = t.row(`SELECT EXISTS (SELECT 1 FROM browsers WHERE hash = $1 AND account = $2)`, hashed(browser), key).Scan(&known)
	if known {
		key = hashed(key + " " + browser)
	}
	return key, err
}

// knowBrowser remembers a browser for an account that was signed in with it, and
// forgets the tries that led there.
func (t *tx) knowBrowser(email, browser string) error {
	key, err := t.attemptKey(email, browser)
	if err != nil {
		return err
	}
	if err := t.later(`DELETE FROM attempts WHERE key = $1`, key); err != nil || browser == "" {
		return err
	}
	return t.later(`INSERT INTO browsers (hash, account, used_at) VALUES ($1, $2, $3) ON CONFLICT (hash, account) DO UPDATE SET used_at = excluded.used_at`,
		hashed(browser), attemptKey(email), t.sys.UnixMicro())
}

// KnowsBrowser reports whether an account, known or not, was signed in with a
// browser before; browser is its cookie, "" if it has none.
func (s *Store) KnowsBrowser(ctx context.Context, email, browser string) (known bool, err error) {
	if browser == "" {
		return false, nil
	}
	err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM browsers WHERE hash = $1 AND account = $2)`, hashed(browser), attemptKey(email)).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("know browser: %w", err)
	}
	return known, nil
}

// tidyEmail is an address as it is compared. It may be no address at all.
func tidyEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Attempt counts a try to sign in with an address, before the password is
// checked, so that tries at once can't outrun the count. It returns 0, or how long
// to wait; such a try counts for nothing. Known and unknown addresses are alike.
// browser is the browser's own cookie, "" for one that was never signed in.
func (s *Store) Attempt(ctx context.Context, email, browser string) (wait time.Duration, err error) {
	err = s.transact(ctx, func(t *tx) error {
		key, err := t.attemptKey(email, browser)
		if err == nil {
			wait, err = t.attempt(key, influence.TriesPause)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count try: %w", err)
	}
	return wait, nil
}

// attempt counts by comparing and setting: of two at once, one comes later.
func (t *tx) attempt(key string, pause func(int64) time.Duration) (wait time.Duration, err error) {
	for range 5 {
		var since, n int64
		err := t.row(`SELECT since, n FROM attempts WHERE key = $1`, key).Scan(&since, &n)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, err
		}
		known := err == nil
		counted := n
		quiet := t.sys.Sub(micros(since))
		if quiet >= influence.TriesForgotten {
			counted = 0
		}
		if wait := pause(counted) - quiet; known && wait > 0 {
			return wait, nil
		}
		if done, err := t.countAttempt(key, since, n, counted+1); err != nil || done {
			return 0, err
		}
	}
	return time.Second, nil
}

func (t *tx) countAttempt(key string, since, n, next int64) (done bool, err error) {
	var rows int64
	if since == 0 {
		rows, err = t.exec(`INSERT INTO attempts (key, since, n) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`, key, t.sys.UnixMicro(), next)
	} else {
		rows, err = t.exec(`UPDATE attempts SET since = $4, n = $5 WHERE key = $1 AND since = $2 AND n = $3`, key, since, n, t.sys.UnixMicro(), next)
	}
	return rows == 1, err
}

// Credential is what a password is checked against. It is empty for an address
// that nobody can sign in with, and then is checked all the same.
type Credential struct{ MemberID, Hash string }

// Credential finds what the password of an address is checked against.
func (s *Store) Credential(ctx context.Context, email string) (c Credential, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT m.id, m.password FROM members m `+orgJoin+` WHERE m.email = $1 AND `+mayProve, tidyEmail(email)).
		Scan(&c.MemberID, &c.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Credential{}, nil
	}
	return c, wrap(err)
}
