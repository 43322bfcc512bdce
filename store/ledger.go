package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Entry is one line of the ledger.
type Entry struct {
	ID       string          `json:"id"`
	At       int64           `json:"at"` // microseconds since 1970 UTC
	MemberID string          `json:"member"`
	OrgID    string          `json:"org"`
	Action   string          `json:"action"`
	Subject  string          `json:"subject"`
	Was      json.RawMessage `json:"was"` // null for a new thing
	Became   json.RawMessage `json:"became"`
}

// leaf is what the tree hashes: the entry's JSON, fields in the order above.
func (e Entry) leaf() ([]byte, error) { return json.Marshal(e) }

const entryColumns = `e.id, e.at, e.member_id, e.org_id, e.action, e.subject, e.was, e.became`

func scanEntry(row interface{ Scan(...any) error }, more ...any) (e Entry, err error) {
	var was, became string
	err = row.Scan(append([]any{&e.ID, &e.At, &e.MemberID, &e.OrgID, &e.Action, &e.Subject, &was, &became}, more...)...)
	e.Was, e.Became = json.RawMessage(was), json.RawMessage(became)
	return e, err
}

// Receipt proves to whoever trusts the portal's key that an entry is in the ledger.
type Receipt struct {
	Entry      Entry
	Seq        int64            // the entry's place
	Checkpoint string           // signed
	Proof      tlog.RecordProof // from the entry to the checkpoint's root
}

// ErrProof says that a receipt or a checkpoint does not prove what it claims.
var ErrProof = errors.New("proof does not hold")

// Check needs nothing but the receipt and the portal's public key.
func (r Receipt) Check(key note.Verifier) error {
	tree, err := openCheckpoint(r.Checkpoint, key)
	if err != nil {
		return err
	}
	leaf, err := r.Entry.leaf()
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(r.Proof, tree.N, tree.Hash, r.Seq, tlog.RecordHash(leaf)); err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	return nil
}

// Receipt returns the proof of an entry. An entry younger than a second may not be found yet.
func (v Session) Receipt(ctx context.Context, entryID string) (r Receipt, err error) {
	if v.actor.Scope(influence.ViewLedger) != influence.ScopeAll {
		return r, influence.ErrForbidden
	}
	r.Entry, err = scanEntry(v.s.read.QueryRowContext(ctx, `SELECT `+entryColumns+`, s.seq
		FROM entries e JOIN seals s ON s.entry_id = e.id WHERE e.id = $1`, entryID), &r.Seq)
	if err != nil {
		return r, wrap(err)
	}
	head, err := readHead(ctx, v.s.read)
	if err != nil {
		return r, err
	}
	r.Checkpoint = head.note
	r.Proof, err = tlog.ProveRecord(head.N, r.Seq, tlog.TileHashReader(head.Tree, tileReader{ctx, v.s.read}))
	return r, err
}

// Extends checks that the ledger of today begins with the one that an earlier
// checkpoint, kept elsewhere, has signed.
func (v Session) Extends(ctx context.Context, checkpoint string, key note.Verifier) error {
	if v.actor.Scope(influence.ViewLedger) != influence.ScopeAll {
		return influence.ErrForbidden
	}
	old, err := openCheckpoint(checkpoint, key)
	if err != nil {
		return err
	}
	head, err := readHead(ctx, v.s.read)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(head.N, old.N, tlog.TileHashReader(head.Tree, tileReader{ctx, v.s.read}))
	if err == nil {
		err = tlog.CheckTree(proof, head.N, head.Hash, old.N, old.Hash)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	return nil
}

// A checkpoint is a signed note of three lines: the log's name, the number of
// entries, the root (c2sp.org/tlog-checkpoint).
func signCheckpoint(t tlog.Tree, key note.Signer) (string, error) {
	msg, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", key.Name(), t.N, t.Hash)}, key)
	return string(msg), err
}

func openCheckpoint(msg string, key note.Verifier) (t tlog.Tree, err error) {
	n, err := note.Open([]byte(msg), note.VerifierList(key))
	if err != nil {
		return t, fmt.Errorf("%w: %w", ErrProof, err)
	}
	var name, hash string
	if _, err = fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &name, &t.N, &hash); err == nil {
		t.Hash, err = tlog.ParseHash(hash)
	}
	if err != nil || name != key.Name() {
		return t, fmt.Errorf("%w: not a checkpoint of %s", ErrProof, key.Name())
	}
	return t, nil
}
