package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Entry is one entry of the ledger.
type Entry struct {
	ID, MemberID, OrgID, Action, Subject string
	At                                   int64           // microseconds since 1970 UTC
	Was, Became                          json.RawMessage // null for a new thing, and for one that is gone
	Salt                                 string          // 128 random bits; "" of entries from before there were salts
}

const entryColumns = `e.id, e.at, e.member_id, e.org_id, e.action, e.subject, e.was, e.became, e.salt`

func scanEntry(row scanner, more ...any) (e Entry, err error) {
	var was, became string
	err = row.Scan(append([]any{&e.ID, &e.At, &e.MemberID, &e.OrgID, &e.Action, &e.Subject, &was, &became, &e.Salt}, more...)...)
	e.Was, e.Became = json.RawMessage(was), json.RawMessage(became)
	return e, err
}

// ErrProof says that a receipt or a checkpoint does not prove what it claims.
var ErrProof = errors.New("proof does not hold")

// Extends checks that the ledger of today begins with the one that an earlier
// checkpoint, kept elsewhere, has signed.
func (v Session) Extends(ctx context.Context, checkpoint string, keys ...note.Verifier) error {
	if v.actor.Scope(influence.ViewLedger) != influence.ScopeAll {
		return influence.ErrForbidden
	}
	old, err := openCheckpoint(checkpoint, keys...)
	if err != nil {
		return err
	}
	head, err := readHead(ctx, v.s.read)
	if err != nil {
		return err
	}
	return extends(head.Tree, old, tileReader{ctx, v.s.read})
}

// extends proves by stored tiles that the newer tree begins with the older one.
func extends(newer, older tlog.Tree, tiles tileReader) error {
	if newer.N < older.N {
		return fmt.Errorf("%w: the ledger has %d entries, and the checkpoint is of %d", ErrProof, newer.N, older.N)
	}
	if older.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(newer.N, older.N, tlog.TileHashReader(newer, tiles))
	if err == nil {
		err = tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	return nil
}

// logName is the ledger's name in its checkpoints and of its keys.
const logName = "irm-ledger"

// A checkpoint is a signed note of three lines: the log's name, the number of
// entries, the root (c2sp.org/tlog-checkpoint).
func signCheckpoint(t tlog.Tree, key note.Signer) (string, error) {
	msg, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", key.Name(), t.N, t.Hash)}, key)
	return string(msg), err
}

// openCheckpoint takes a checkpoint that one of the keys has signed.
func openCheckpoint(msg string, keys ...note.Verifier) (t tlog.Tree, err error) {
	n, err := note.Open([]byte(msg), note.VerifierList(keys...))
	if err != nil {
		return t, fmt.Errorf("%w: %w", ErrProof, err)
	}
	var name, hash string
	if _, err = fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &name, &t.N, &hash); err == nil {
		t.Hash, err = tlog.ParseHash(hash)
	}
	if err != nil || name != logName || t.N < 0 {
		return t, fmt.Errorf("%w: not a checkpoint of %s", ErrProof, logName)
	}
	return t, nil
}

// IsCheckpoint reports whether a text has the form of a checkpoint, whoever signed it.
func IsCheckpoint(msg string) bool {
	return strings.HasPrefix(msg, logName+"\n") && strings.Contains(msg, "\n\n— "+logName+" ")
}
