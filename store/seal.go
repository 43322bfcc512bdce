package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// SealEvery is how often a sealer looks for entries while there is not more than
// one bite of them.
const SealEvery = 500 * time.Millisecond

const (
	sealLimit = 256  // entries a transaction, so that others need not wait
	foldLimit = 2000 // movements a transaction; one entry's may be more
	leaseTime = 5 * time.Second
)

// KeepSealed seals until ctx ends. It may run in several processes: the one
// that holds the lease works, the others stand by.
func (s *Store) KeepSealed(ctx context.Context, key note.Signer, failed func(error)) {
	me := newID("slr", s.clock.System())
	tick := time.NewTicker(SealEvery)
	defer tick.Stop()
	for {
		_, full, err := s.Seal(ctx, me, key)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if full {
			continue // there is more than one bite
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Seal gives up to sealLimit entries their places in the tree, adds up what they
// count for, and signs the new tree. It returns how many, 0 if another holds the
// lease, and whether there is likely more than this bite.
func (s *Store) Seal(ctx context.Context, me string, key note.Signer) (n int, full bool, err error) {
	n, moved, err := s.bite(ctx, me, key)
	return n, n >= sealLimit || moved >= foldLimit/2, err
}

// bite returns how many entries it sealed, and their movements.
func (s *Store) bite(ctx context.Context, me string, key note.Signer) (n int, moved int64, err error) {
	var any bool // an idle portal writes nothing
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM unsealed)`).Scan(&any); err != nil || !any {
		return 0, 0, err
	}
	err = s.transact(ctx, func(t *tx) error {
		n, moved = 0, 0 // of a try that was rolled back
		mine, err := t.lease("sealer", me)
		if err != nil || !mine {
			return err
		}
		n, moved, err = t.seal(key)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("seal: %w", err)
	}
	return n, moved, nil
}

// SealAll seals whatever waits; for commands that end when their work does.
func (s *Store) SealAll(ctx context.Context, key note.Signer) error {
	me := newID("slr", s.clock.System())
	for {
		n, _, err := s.Seal(ctx, me, key)
		if err != nil || n == 0 {
			return err
		}
	}
}

// lease takes or keeps a lease until some seconds from now. Until the
// transaction ends the row is locked: even two holders whose clocks disagree
// work one after the other.
func (t *tx) lease(name, me string) (mine bool, err error) {
	n, err := t.exec(`UPDATE leases SET holder = $2, until = $3 WHERE name = $1 AND (holder = $2 OR until < $4)`,
		name, me, t.sys.Add(leaseTime).UnixMicro(), t.sys.UnixMicro())
	return n == 1, err
}

func (t *tx) seal(key note.Signer) (n int, moved int64, err error) {
	old, err := readHead(t.ctx, t.q)
	if err != nil {
		return 0, 0, err
	}
	if moved, err = t.place(old.N); err != nil {
		return 0, 0, err
	}
	leaves, err := t.placed(old.N)
	if err != nil {
		return 0, 0, err
	}
	tree, err := t.grow(old.Tree, leaves)
	if err != nil {
		return 0, 0, err
	}
	if moved > 0 {
		if err := t.fold(old.N); err != nil {
			return 0, 0, err
		}
	}
	if key, err = t.signing(key); err != nil {
		return 0, 0, err
	}
	return len(leaves), moved, t.sign(tree, key)
}

// place numbers what waits, from seq on, and returns how many movements it has.
// It takes what it sees, whatever its id: an entry that commits late is seen
// late, but never passed over.
func (t *tx) place(seq int64) (moved int64, err error) {
	_, err = t.exec(`INSERT INTO seals (seq, entry_id)
		SELECT $1 - 1 + row_number() OVER (ORDER BY entry_id), entry_id
		FROM (SELECT entry_id, sum(weight) OVER (ORDER BY entry_id) AS upto, weight
			FROM (SELECT entry_id, weight FROM unsealed ORDER BY entry_id LIMIT $2) AS w) AS u
		WHERE upto <= $3 OR upto = weight`, seq, sealLimit, foldLimit)
	if err != nil {
		return 0, err
	}
	const placed = `unsealed WHERE entry_id IN (SELECT entry_id FROM seals WHERE seq >= $1)`
	if err = t.row(`SELECT CAST(coalesce(sum(weight), 0) AS BIGINT) FROM `+placed, seq).Scan(&moved); err == nil {
		_, err = t.exec(`DELETE FROM `+placed, seq)
	}
	return moved, err
}

// placed returns the leaves from seq on.
func (t *tx) placed(seq int64) (leaves [][]byte, err error) {
	rows, err := t.q.QueryContext(t.ctx, `SELECT `+entryColumns+`
		FROM seals s JOIN entries e ON e.id = s.entry_id WHERE s.seq >= $1 ORDER BY s.seq`, seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		leaf, err := e.leafBytes()
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf)
	}
	return leaves, rows.Err()
}

// grow appends leaves to the tree old and stores the tiles that change.
func (t *tx) grow(old tlog.Tree, leaves [][]byte) (tree tlog.Tree, err error) {
	hashes := newHashes(tlog.TileHashReader(old, tileReader{t.ctx, t.q}))
	for i, leaf := range leaves {
		n := old.N + int64(i)
		fresh, err := tlog.StoredHashes(n, leaf, hashes)
		if err != nil {
			return tree, err
		}
		hashes.add(tlog.StoredHashIndex(0, n), fresh)
	}
	tree.N = old.N + int64(len(leaves))
	for _, tile := range tlog.NewTiles(tileHeight, old.N, tree.N) {
		data, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return tree, err
		}
		if err := t.putTile(tile, data); err != nil {
			return tree, err
		}
	}
	tree.Hash, err = tlog.TreeHash(tree.N, hashes)
	return tree, err
}

// sign stores tree as the ledger's newest checkpoint.
func (t *tx) sign(tree tlog.Tree, key note.Signer) error {
	msg, err := signCheckpoint(tree, key)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO checkpoints (size, root, at, note) VALUES ($1, $2, $3, $4)`,
		tree.N, tree.Hash.String(), t.at.UnixMicro(), msg)
	return err
}

// head is the newest checkpoint.
type head struct {
	tlog.Tree
	note string
}

// readHead returns the newest checkpoint, the empty tree if there is none.
func readHead(ctx context.Context, q querier) (h head, err error) {
	var root string
	err = q.QueryRowContext(ctx, `SELECT size, root, note FROM checkpoints ORDER BY size DESC LIMIT 1`).Scan(&h.N, &root, &h.note)
	if errors.Is(err, sql.ErrNoRows) {
		h.Hash, err = tlog.TreeHash(0, nil)
		return h, err
	}
	if err == nil {
		h.Hash, err = tlog.ParseHash(root)
	}
	return h, err
}

// hashes are the tree's stored ones and those that a transaction adds to them.
type hashes struct {
	stored tlog.HashReader
	fresh  map[int64]tlog.Hash
}

func newHashes(stored tlog.HashReader) hashes { return hashes{stored, map[int64]tlog.Hash{}} }

func (h hashes) add(from int64, fresh []tlog.Hash) {
	for i, x := range fresh {
		h.fresh[from+int64(i)] = x
	}
}

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var missing []int64
	for _, i := range indexes {
		if _, ok := h.fresh[i]; !ok {
			missing = append(missing, i)
		}
	}
	old, err := h.readStored(missing)
	if err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(indexes))
	for n, i := range indexes {
		var ok bool
		if out[n], ok = h.fresh[i]; !ok {
			out[n], old = old[0], old[1:]
		}
	}
	return out, nil
}

func (h hashes) readStored(indexes []int64) ([]tlog.Hash, error) {
	if len(indexes) == 0 {
		return nil, nil
	}
	return h.stored.ReadHashes(indexes)
}

const tileHeight = 8

func (t *tx) putTile(tile tlog.Tile, data []byte) error {
	_, err := t.exec(`INSERT INTO tiles (level, n, hashes) VALUES ($1, $2, $3)
		ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`,
		tile.L, tile.N, base64.StdEncoding.EncodeToString(data))
	return err
}

// tileReader reads stored tiles for tlog, which checks them against the root.
type tileReader struct {
	ctx context.Context
	q   querier
}

func (tileReader) Height() int { return tileHeight }

func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		var text string
		err := r.q.QueryRowContext(r.ctx, `SELECT hashes FROM tiles WHERE level = $1 AND n = $2`, tile.L, tile.N).Scan(&text)
		if err != nil {
			return nil, fmt.Errorf("tile %d of level %d: %w", tile.N, tile.L, err)
		}
		full, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(full) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%w: tile %d of level %d is cut off", ErrProof, tile.N, tile.L)
		}
		data[i] = full[:tile.W*tlog.HashSize]
	}
	return data, nil
}
