package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Receipt proves to whoever trusts the portal's key that an entry is in the
// ledger. It shows the values of the entry that its holder may see; the others
// stand in it as hashes that tell nothing.
type Receipt struct {
	Hash       string           `json:"receipt"` // number and hash, as /receipt/ takes them
	Seq        int64            `json:"number"`  // the entry's place in the ledger, from 0
	Entry      Leaf             `json:"entry"`
	Shown      []Line           `json:"shown"`
	Checkpoint string           `json:"checkpoint"` // signed
	Proof      tlog.RecordProof `json:"proof"`      // from the entry to the checkpoint's root
	Key        string           `json:"key"`        // public half of what the portal signs with now
}

// Check needs nothing but the receipt and the portal's public keys.
func (r Receipt) Check(keys ...note.Verifier) error {
	tree, err := openCheckpoint(r.Checkpoint, keys...)
	if err != nil {
		return err
	}
	leaf, err := r.Entry.bytes()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	hash := tlog.RecordHash(leaf)
	if err := tlog.CheckRecord(r.Proof, tree.N, tree.Hash, r.Seq, hash); err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	if r.Hash != receiptName(r.Seq, hash) {
		return fmt.Errorf("%w: its name is another entry’s", ErrProof)
	}
	for _, l := range r.Shown {
		if err := r.Entry.shows(l); err != nil {
			return err
		}
	}
	return nil
}

// ReadReceipt reads a receipt's file.
func ReadReceipt(file []byte) (r Receipt, err error) {
	if err := json.Unmarshal(file, &r); err != nil || r.Checkpoint == "" {
		return r, errors.New("this is not a receipt’s file")
	}
	return r, nil
}

// A receipt's name leads to its entry by the number, and can't be guessed for the hash.
func receiptName(seq int64, hash tlog.Hash) string {
	return strconv.FormatInt(seq, 10) + "-" + hex.EncodeToString(hash[:])
}

// Receipt returns the proof of an entry, with all of its values. An entry younger
// than a second may not be found yet.
func (v Session) Receipt(ctx context.Context, entryID string) (Receipt, error) {
	if v.actor.Scope(influence.ViewLedger) != influence.ScopeAll {
		return Receipt{}, influence.ErrForbidden
	}
	return v.receipt(ctx, entryID, everyLine)
}

// receipt proves an entry and shows those of its lines that its holder may see.
// The first format has no lines: such an entry is shown whole or not at all.
func (v Session) receipt(ctx context.Context, entryID string, may func([]Line) []Line) (r Receipt, err error) {
	err = v.s.snapshot(ctx, func(s reader) error {
		e, err := scanEntry(s.row(`SELECT `+entryColumns+`, s.seq FROM entries e JOIN seals s ON s.entry_id = e.id WHERE e.id = $1`, entryID), &r.Seq)
		if err != nil {
			return err
		}
		var lines []Line
		if r.Entry, lines, err = e.leaf(); err != nil {
			return err
		}
		if lines == nil && len(may([]Line{{}})) == 0 {
			return influence.ErrNotFound
		}
		r.Shown = may(lines)
		return v.prove(ctx, s.q, &r)
	})
	return r, wrap(err)
}

// prove adds the newest checkpoint and the proof that leads to it.
func (v Session) prove(ctx context.Context, q querier, r *Receipt) error {
	leaf, err := r.Entry.bytes()
	if err != nil {
		return err
	}
	r.Hash = receiptName(r.Seq, tlog.RecordHash(leaf))
	head, err := readHead(ctx, q)
	if err != nil {
		return err
	}
	r.Checkpoint = head.note
	if r.Proof, err = tlog.ProveRecord(head.N, r.Seq, tlog.TileHashReader(head.Tree, tileReader{ctx, q})); err != nil {
		return err
	}
	keys, err := publicKeys(ctx, q)
	if err == nil && len(keys) > 0 {
		r.Key = keys[0]
	}
	return err
}

// Genuine is what anybody learns of an entry whose receipt it holds.
type Genuine struct {
	Seq        int64
	On         influence.Day // on which the entry was made
	Checkpoint string
	Keys       []string // public keys of the ledger, the one in force first
}

// Genuine says of which entry a receipt's name is. It is ErrNotFound for a name
// that no entry has.
func (v Session) Genuine(ctx context.Context, name string) (g Genuine, err error) {
	number, hash, _ := strings.Cut(name, "-")
	if g.Seq, err = strconv.ParseInt(number, 10, 64); err != nil || len(hash) != 2*tlog.HashSize {
		return Genuine{}, influence.ErrNotFound
	}
	err = v.s.snapshot(ctx, func(s reader) error {
		e, err := scanEntry(s.row(`SELECT `+entryColumns+` FROM seals s JOIN entries e ON e.id = s.entry_id WHERE s.seq = $1`, g.Seq))
		if err != nil {
			return err
		}
		leaf, err := e.leafBytes()
		if err != nil || receiptName(g.Seq, tlog.RecordHash(leaf)) != name {
			return influence.ErrNotFound
		}
		g.On = influence.DayOf(micros(e.At).In(v.s.clock.zone()), v.s.clock.zone())
		head, err := readHead(ctx, s.q)
		if err != nil {
			return err
		}
		g.Checkpoint = head.note
		g.Keys, err = publicKeys(ctx, s.q)
		return err
	})
	if err != nil {
		return Genuine{}, wrap(err)
	}
	return g, nil
}
