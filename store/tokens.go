package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"irm/influence"
)

// link makes a one-time link for subject (an application or a member) and returns
// its token. An earlier one for the same purpose no longer works.
func (t *tx) link(purpose, subject, email string, life time.Duration) (token string, err error) {
	token = newSecret()
	if err := t.later(`DELETE FROM tokens WHERE purpose = $1 AND subject = $2`, purpose, subject); err != nil {
		return "", err
	}
	return token, t.later(`INSERT INTO tokens (hash, purpose, subject, email, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		hashed(token), purpose, subject, email, t.sys.Add(life).UnixMicro())
}

// used takes a one-time link out of use and returns what it is for. Of two at
// once, one gets ErrNotFound, as after the link's time.
func (t *tx) used(purpose, token string) (subject, email string, err error) {
	err = t.row(`DELETE FROM tokens WHERE hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING subject, email`,
		hashed(token), purpose, t.sys.UnixMicro()).Scan(&subject, &email)
	return subject, email, wrap(err)
}

// TokenOwner is whose link it is: what a new password must not be made of.
type TokenOwner struct {
	influence.PasswordOwner
	MemberID string
}

// TokenOwner finds whose invitation or reset a link is, without using it.
func (s *Store) TokenOwner(ctx context.Context, purpose, token string) (o TokenOwner, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT m.id, m.name, m.email, `+orgName+` FROM tokens k JOIN members m ON m.id = k.subject `+orgJoin+`
		WHERE k.hash = $1 AND k.purpose = $2 AND k.expires_at > $3 AND m.active AND m.suspended_at IS NULL`, hashed(token), purpose, s.clock.System().UnixMicro()).
		Scan(&o.MemberID, &o.Name, &o.Email, &o.Company)
	if errors.Is(err, sql.ErrNoRows) {
		err = influence.ErrNotFound
	}
	return o, err
}
