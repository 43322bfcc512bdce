package store

import (
	"context"
	"fmt"

	"irm/influence"
)

// Ceremony names what was begun in a browser and waits for its second half.
type Ceremony string

// The ceremonies: a sign-in whose password was right, and a passkey's challenge to
// sign in, to be registered, or to prove who is there.
const (
	SecondStep      Ceremony = "second"
	EnterByPasskey  Ceremony = "enter"
	RegisterPasskey Ceremony = "register"
	ProveByPasskey  Ceremony = "prove"
)

// Begin remembers a ceremony of the browser with a cookie for CeremonyLife. An
// earlier one of the same kind is over.
func (s *Store) Begin(ctx context.Context, c Ceremony, cookie, memberID, data string) error {
	err := s.transact(ctx, func(t *tx) error {
		return t.later(`INSERT INTO ceremonies (hash, purpose, member_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (hash, purpose) DO UPDATE SET member_id = excluded.member_id, data = excluded.data, expires_at = excluded.expires_at`,
			hashed(cookie), string(c), memberID, data, t.sys.Add(influence.CeremonyLife).UnixMicro())
	})
	if err != nil {
		return fmt.Errorf("begin %s: %w", c, err)
	}
	return nil
}

// Begun returns whose ceremony it is, "" if that is to be found out, and what was
// remembered. It is ErrNotFound when there is none, or none any more.
func (s *Store) Begun(ctx context.Context, c Ceremony, cookie string) (memberID, data string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT member_id, data FROM ceremonies WHERE hash = $1 AND purpose = $2 AND expires_at > $3`,
		hashed(cookie), string(c), s.clock.System().UnixMicro()).Scan(&memberID, &data)
	return memberID, data, wrap(err)
}

// Take is Begun for the last time: of two at once, one gets ErrNotFound.
func (s *Store) Take(ctx context.Context, c Ceremony, cookie string) (memberID, data string, err error) {
	err = s.transact(ctx, func(t *tx) error {
		return t.row(`DELETE FROM ceremonies WHERE hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING member_id, data`,
			hashed(cookie), string(c), t.sys.UnixMicro()).Scan(&memberID, &data)
	})
	return memberID, data, wrap(err)
}
