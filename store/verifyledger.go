package store

import (
	"database/sql"
	"encoding/base64"
	"errors"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ledger hashes the sealed entries anew, and compares every signed root and
// every stored tile. It holds no more than the tree's right edge.
func (v *verification) ledger() error {
	head, err := readHead(v.ctx, v.q)
	if err != nil {
		return err
	}
	keys, err := v.verifiers()
	if err != nil {
		return err
	}
	held, err := v.opened(keys, head)
	if err != nil {
		return err
	}
	e := edge{tiles: map[int64]int64{}}
	for from := int64(0); from < head.N; from += leavesAtOnce {
		if err := v.leaves(&e, held, from, min(from+leavesAtOnce, head.N), keys); err != nil {
			return err
		}
	}
	if e.n != head.N {
		v.say("ledger", "the newest checkpoint is of %d entries, and %d have a place in it", head.N, e.n)
	}
	return v.compareTiles(e.partial())
}

// opened reads the checkpoint that was kept elsewhere and proves by the stored
// tiles that the newest one extends it. That the entries are the tiles', and that
// they are those of the checkpoint, is compared entry by entry.
func (v *verification) opened(keys []note.Verifier, head head) (held tlog.Tree, err error) {
	if v.held == "" {
		return tlog.Tree{N: -1}, nil
	}
	if held, err = openCheckpoint(v.held, keys...); err != nil {
		v.say("checkpoint", "the signature is not that of a key of this ledger")
		return tlog.Tree{N: -1}, nil //nolint:nilerr // a finding, not a failure
	}
	err = extends(head.Tree, held, tileReader{v.ctx, v.q})
	if errors.Is(err, ErrProof) {
		v.say("checkpoint", "today’s ledger of %d entries does not extend the one of %d entries that was signed then", head.N, held.N)
		err = nil
	}
	return held, err
}

// leavesAtOnce is how many entries are read at a time.
const leavesAtOnce = 4096

// leaves adds the entries from one place up to another to the tree.
func (v *verification) leaves(e *edge, held tlog.Tree, from, to int64, keys []note.Verifier) error {
	rows, err := v.rows(`SELECT `+entryColumns+`, s.seq, coalesce(c.root, ''), coalesce(c.note, '') FROM seals s JOIN entries e ON e.id = s.entry_id
		LEFT JOIN checkpoints c ON c.size = s.seq + 1 WHERE s.seq >= $1 AND s.seq < $2 ORDER BY s.seq`, from, to)
	var full []tileHashes
	err = scanEach(rows, err, func(row scanner) error {
		var seq int64
		var root, msg string
		x, err := scanEntry(row, &seq, &root, &msg)
		if err != nil {
			return err
		}
		for e.n < seq { // the tree goes on, with another hash
			v.say("ledger", "the entry at place %d is missing", e.n)
			e.add(nil, func(t tileHashes) { full = append(full, t) })
		}
		leaf, err := x.leafBytes()
		if err != nil {
			v.say("ledger", "the entry at place %d can’t be read", seq)
		}
		e.add(leaf, func(t tileHashes) { full = append(full, t) })
		v.checkpoint(*e, root, msg, keys)
		if e.n == held.N && e.root() != held.Hash {
			v.say("checkpoint", "the first %d entries are not those that were signed then", held.N)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.compareTiles(full)
}

// verifiers are the ledger's public keys; none when nothing was signed yet.
func (v *verification) verifiers() ([]note.Verifier, error) {
	public, err := publicKeys(v.ctx, v.q)
	if err != nil {
		return nil, err
	}
	return Verifiers(public...)
}

// checkpoint compares a signed root with the tree of so many entries.
func (v *verification) checkpoint(e edge, root, msg string, keys []note.Verifier) {
	if root == "" {
		return
	}
	if now := e.root().String(); root != now {
		v.say("ledger", "the checkpoint of %d entries is not the root of these entries", e.n)
		return
	}
	if len(keys) == 0 {
		v.say("ledger", "the checkpoint of %d entries was signed, and there is no key", e.n)
		return
	}
	tree, err := openCheckpoint(msg, keys...)
	if err != nil || tree.N != e.n || tree.Hash.String() != root {
		v.say("ledger", "the signature of the checkpoint of %d entries does not hold", e.n)
	}
}

// tileHashes is a row of hashes as it is stored.
type tileHashes struct {
	level, n int64
	hashes   []tlog.Hash
}

// edge is the right edge of a tree of n leaves: the roots of the full subtrees
// that n's binary digits name, the largest first, and the tiles not full yet.
type edge struct {
	n     int64
	roots []tlog.Hash
	open  [][]tlog.Hash // by level
	tiles map[int64]int64
}

func (e *edge) add(leaf []byte, full func(tileHashes)) {
	h := tlog.RecordHash(leaf)
	e.tile(0, h, full)
	for digits := e.n; digits&1 == 1; digits >>= 1 {
		last := len(e.roots) - 1
		h, e.roots = tlog.NodeHash(e.roots[last], h), e.roots[:last]
	}
	e.n, e.roots = e.n+1, append(e.roots, h)
}

// tile puts a hash into the open tile of a level; a full one becomes a hash of
// the level above.
func (e *edge) tile(level int64, h tlog.Hash, full func(tileHashes)) {
	for int64(len(e.open)) <= level {
		e.open = append(e.open, nil)
	}
	e.open[level] = append(e.open[level], h)
	if len(e.open[level]) < 1<<tileHeight {
		return
	}
	hashes := e.open[level]
	e.open[level] = nil
	full(tileHashes{level, e.tiles[level], hashes})
	e.tiles[level]++
	e.tile(level+1, together(hashes), full)
}

// together is the root of a full tile.
func together(hashes []tlog.Hash) tlog.Hash {
	for len(hashes) > 1 {
		var above []tlog.Hash
		for i := 0; i < len(hashes); i += 2 {
			above = append(above, tlog.NodeHash(hashes[i], hashes[i+1]))
		}
		hashes = above
	}
	return hashes[0]
}

// partial are the tiles not full.
func (e *edge) partial() (all []tileHashes) {
	for level, hashes := range e.open {
		if len(hashes) > 0 {
			all = append(all, tileHashes{int64(level), e.tiles[int64(level)], hashes})
		}
	}
	return all
}

func (e *edge) root() (h tlog.Hash) {
	for i := len(e.roots) - 1; i >= 0; i-- {
		if i == len(e.roots)-1 {
			h = e.roots[i]
		} else {
			h = tlog.NodeHash(e.roots[i], h)
		}
	}
	return h
}

// compareTiles compares stored tiles with computed ones. A stored tile may be
// longer than one that was not full.
func (v *verification) compareTiles(all []tileHashes) error {
	for _, t := range all {
		var text string
		err := v.row(`SELECT hashes FROM tiles WHERE level = $1 AND n = $2`, t.level, t.n).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			v.say("ledger", "tile %d of level %d is missing", t.n, t.level)
			continue
		}
		if err != nil {
			return err
		}
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(data) < len(t.hashes)*tlog.HashSize {
			v.say("ledger", "tile %d of level %d is cut off", t.n, t.level)
			continue
		}
		for i, h := range t.hashes {
			if [tlog.HashSize]byte(data[i*tlog.HashSize:(i+1)*tlog.HashSize]) != h {
				v.say("ledger", "tile %d of level %d differs from the entries", t.n, t.level)
				break
			}
		}
	}
	return nil
}
