package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"irm/influence"
)

// Passkey is one of a member's passkeys. Credential is what the library of passkeys
// keeps of it, as JSON: nothing in it is secret.
type Passkey struct {
	ID, Ref, MemberID, Name, Credential string
	Made, Used                          time.Time // the machine's
	Version                             int64
}

const passkeyColumns = `k.id, k.ref, k.member_id, k.name, k.credential, k.created_at, k.used_at, k.version` //nolint:gosec // names of columns

func scanPasskey(row scanner) (p Passkey, err error) {
	var made int64
	var used sql.NullInt64
	err = row.Scan(&p.ID, &p.Ref, &p.MemberID, &p.Name, &p.Credential, &made, &used, &p.Version)
	p.Made, p.Used = micros(made), when(used)
	return p, err
}

// mostPasskeys is how many a member has at most.
const mostPasskeys = 20

// Passkeys returns the actor's, the oldest first.
func (v Session) Passkeys(ctx context.Context) ([]Passkey, error) {
	if !v.actor.May(influence.ViewAccount) {
		return nil, influence.ErrForbidden
	}
	return v.s.PasskeysOf(ctx, v.actor.MemberID)
}

// PasskeysOf returns those of a member who is about to sign in.
func (s *Store) PasskeysOf(ctx context.Context, memberID string) ([]Passkey, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+passkeyColumns+` FROM passkeys k WHERE k.member_id = $1 ORDER BY k.created_at, k.id LIMIT $2`, memberID, mostPasskeys)
	all, err := collect(rows, err, scanPasskey)
	return all, wrap(err)
}

// AddPasskey registers a passkey for the actor; id and credential come from a
// ceremony that was checked. With the first second factor come recovery codes,
// which nobody sees again, and other sessions end. It is ErrConflict for a
// passkey that is registered already.
func (v Session) AddPasskey(ctx context.Context, p Passkey, cookie string) (codes []string, err error) {
	err = v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		had, err := t.factors(v.actor.MemberID)
		if err != nil {
			return change{}, err
		}
		if had.passkeys >= mostPasskeys {
			return change{}, influence.Refusal("You have 20 passkeys, and more are not kept. Remove one first.")
		}
		ref, err := t.referred("KEY", func(ref string) (int64, error) {
			return t.exec(`INSERT INTO passkeys (id, ref, member_id, name, credential, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ref) DO NOTHING`,
				p.ID, ref, v.actor.MemberID, p.Name, p.Credential, t.sys.UnixMicro())
		})
		if err != nil {
			return change{}, err
		}
		if err := t.secondFactorSet(v.actor.MemberID, cookie); err != nil {
			return change{}, err
		}
		if !had.app && had.passkeys == 0 {
			if codes, err = t.newCodes(v.actor.MemberID); err != nil {
				return change{}, err
			}
		}
		return change{v.actor.MemberID, nil, factorRecord{Passkey: ref + " added", Codes: len(codes)}},
			t.tellCredentials(v.actor.MemberID, "A passkey was added", "The passkey “"+p.Name+"” was added to your account.")
	})
	if err != nil {
		return nil, fmt.Errorf("add passkey: %w", err)
	}
	return codes, nil
}

// NamePasskey gives one of the actor's another name.
func (v Session) NamePasskey(ctx context.Context, ref, name string, version int64) error {
	err := v.do(ctx, influence.EditAccount, func(t *tx) (change, error) {
		return change{}, t.ownPasskey(v.actor.MemberID, ref, func() (int64, error) {
			return t.exec(`UPDATE passkeys SET name = $3, version = version + 1 WHERE ref = $1 AND member_id = $2 AND version = $4`, ref, v.actor.MemberID, name, version)
		})
	})
	if err != nil {
		return fmt.Errorf("name passkey: %w", err)
	}
	return nil
}

// ownPasskey runs a change of one passkey: ErrNotFound for who has no such one,
// ErrConflict when the change meets another version.
func (t *tx) ownPasskey(memberID, ref string, fn func() (int64, error)) error {
	var id string
	if err := t.row(`SELECT id FROM passkeys WHERE ref = $1 AND member_id = $2`, ref, memberID).Scan(&id); err != nil {
		return err
	}
	n, err := fn()
	if err == nil && n != 1 {
		err = influence.ErrConflict
	}
	return err
}

// RemovePasskey takes one of the actor's out of use; other sessions end.
func (v Session) RemovePasskey(ctx context.Context, ref, cookie string) error {
	err := v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		err := t.ownPasskey(v.actor.MemberID, ref, func() (int64, error) {
			return t.exec(`DELETE FROM passkeys WHERE ref = $1 AND member_id = $2`, ref, v.actor.MemberID)
		})
		if err != nil {
			return change{}, err
		}
		left, err := t.factors(v.actor.MemberID)
		if err == nil {
			err = t.mayDoWithout(v.actor, left)
		}
		if err == nil {
			err = t.endOthers(v.actor.MemberID, cookie)
		}
		if err != nil {
			return change{}, err
		}
		return change{v.actor.MemberID, nil, factorRecord{Passkey: ref + " removed"}},
			t.tellCredentials(v.actor.MemberID, "A passkey was removed", "A passkey of your account was removed.")
	})
	if err != nil {
		return fmt.Errorf("remove passkey: %w", err)
	}
	return nil
}

// EnterByPasskey signs in the owner of a passkey whose ceremony was checked, and
// keeps what the library says of it now. Tries of passwords do not matter to it.
func (s *Store) EnterByPasskey(ctx context.Context, p Passkey, from Client) (cookie string, err error) {
	cookie, from.By = newSecret(), influence.ByPasskey
	err = s.transact(ctx, func(t *tx) error {
		if err := t.sweep(); err != nil {
			return err
		}
		if err := t.usePasskey(p); err != nil {
			return err
		}
		return t.startSession(cookie, p.MemberID, from)
	})
	if err != nil {
		return "", fmt.Errorf("enter by passkey: %w", wrap(err))
	}
	return cookie, nil
}

// ProveByPasskey keeps what a ceremony for a fresh proof says of one of the
// actor's passkeys.
func (v Session) ProveByPasskey(ctx context.Context, p Passkey) error {
	err := v.do(ctx, influence.EditAccount, func(t *tx) (change, error) {
		if p.MemberID != v.actor.MemberID {
			return change{}, influence.ErrForbidden
		}
		return change{}, t.usePasskey(p)
	})
	if err != nil {
		return fmt.Errorf("prove by passkey: %w", err)
	}
	return nil
}

func (t *tx) usePasskey(p Passkey) error {
	return t.must(`UPDATE passkeys SET credential = $2, used_at = $3 WHERE id = $1 AND member_id = $4`, p.ID, p.Credential, t.sys.UnixMicro(), p.MemberID)
}
