package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// Signer returns the key that signs the ledger's checkpoints, made on first use
// and kept in the database, with its public half as others may keep it.
func (s *Store) Signer(ctx context.Context) (key note.Signer, public string, err error) {
	var private string
	err = s.transact(ctx, func(t *tx) error {
		err := t.row(`SELECT private, public FROM signers WHERE name = 'ledger'`).Scan(&private, &public)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if private, public, err = note.GenerateKey(nil, "irm-ledger"); err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO signers (name, private, public, created_at) VALUES ('ledger', $1, $2, $3)
			ON CONFLICT (name) DO NOTHING`, private, public, t.sys.UnixMicro())
		if err == nil { // another instance may have been faster
			err = t.row(`SELECT private, public FROM signers WHERE name = 'ledger'`).Scan(&private, &public)
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
