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

// tidyEmail is an address as it is compared. It may be no address at all.
func tidyEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Attempt counts a try to sign in with an address, before the password is
// checked, so that tries at once can't outrun the count. It returns 0, or how long
// to wait; such a try counts for nothing. Known and unknown addresses are alike.
func (s *Store) Attempt(ctx context.Context, email string) (wait time.Duration, err error) {
	err = s.transact(ctx, func(t *tx) error {
		wait, err = t.attempt(attemptKey(email))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count try: %w", err)
	}
	return wait, nil
}

// attempt counts by comparing and setting: of two at once, one comes later.
func (t *tx) attempt(key string) (wait time.Duration, err error) {
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
		if wait := influence.TriesPause(counted) - quiet; known && wait > 0 {
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
	err = s.read.QueryRowContext(ctx, `SELECT m.id, m.password FROM members m `+orgJoin+` WHERE m.email = $1 AND `+mayEnter, tidyEmail(email)).
		Scan(&c.MemberID, &c.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Credential{}, nil
	}
	return c, wrap(err)
}
