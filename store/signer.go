package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
)

// Signer returns the key that signs the ledger's checkpoints, made on first use
// and kept in the database, with its public half as others may keep it.
func (s *Store) Signer(ctx context.Context) (key note.Signer, public string, err error) {
	var private string
	err = s.transact(ctx, func(t *tx) error {
		private, public, err = t.ledgerKey()
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err = t.newLedgerKey(); err == nil { // another instance may have been faster
			private, public, err = t.ledgerKey()
		}
		return err
	})
	if err == nil {
		key, err = note.NewSigner(private)
	}
	if err != nil {
		return nil, "", fmt.Errorf("ledger key: %w", err)
	}
	return key, public, nil
}

func (t *tx) ledgerKey() (private, public string, err error) {
	err = t.row(`SELECT private, public FROM signers WHERE name = 'ledger'`).Scan(&private, &public)
	return private, public, err
}

func (t *tx) newLedgerKey() error {
	private, public, err := note.GenerateKey(nil, logName)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO signers (name, private, public, created_at) VALUES ('ledger', $1, $2, $3)
		ON CONFLICT (name) DO NOTHING`, private, public, t.sys.UnixMicro())
	return err
}

// signing is the key in force: the one given, unless it was retired meanwhile.
func (t *tx) signing(key note.Signer) (note.Signer, error) {
	private, public, err := t.ledgerKey()
	if errors.Is(err, sql.ErrNoRows) {
		return key, nil
	}
	if err != nil {
		return nil, err
	}
	now, err := note.NewVerifier(public)
	if err != nil || key != nil && now.KeyHash() == key.KeyHash() {
		return key, err
	}
	return note.NewSigner(private)
}

// PublicKeys returns the public halves of the ledger's keys: the one in force, then
// the retired ones, the newest first. Checkpoints of all of them are good.
func (s *Store) PublicKeys(ctx context.Context) ([]string, error) {
	all, err := publicKeys(ctx, s.read)
	if err != nil {
		return nil, fmt.Errorf("public keys: %w", err)
	}
	return all, nil
}

func publicKeys(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT public FROM signers ORDER BY retired_at IS NOT NULL, created_at DESC, public`)
	return collect(rows, err, func(row scanner) (p string, err error) { return p, row.Scan(&p) })
}

// Verifiers reads public keys as PublicKeys returns them.
func Verifiers(public ...string) (all []note.Verifier, err error) {
	for _, p := range public {
		v, err := note.NewVerifier(p)
		if err != nil {
			return nil, fmt.Errorf("public key %q: %w", p, err)
		}
		all = append(all, v)
	}
	return all, nil
}

// keyRecord is what the ledger keeps of a key: its public half.
type keyRecord struct {
	Public string `json:"public_key"`
}

// RotateKeys makes a new key for the ledger's checkpoints and returns its public
// half. The private half of the old key is deleted, its public half stays: what it
// signed is good. Portals that run sign with the new key from the next checkpoint on.
func (v Session) RotateKeys(ctx context.Context) (public string, err error) {
	err = v.do(ctx, influence.Operate, func(t *tx) (change, error) {
		_, old, err := t.ledgerKey()
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return change{}, err
		}
		if _, err := t.exec(`UPDATE signers SET name = 'retired ' || public, private = '', retired_at = $1 WHERE name = 'ledger'`, t.sys.UnixMicro()); err != nil {
			return change{}, err
		}
		if err := t.newLedgerKey(); err != nil {
			return change{}, err
		}
		if _, public, err = t.ledgerKey(); err != nil {
			return change{}, err
		}
		c := change{"keys", nil, keyRecord{public}}
		if old != "" {
			c.was = keyRecord{old}
		}
		return c, nil
	})
	if err != nil {
		return "", fmt.Errorf("rotate keys: %w", err)
	}
	return public, nil
}
