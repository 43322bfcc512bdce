package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ledgerOf fills a store with so many entries beside those of a small program, and
// returns the checkpoint over them, as somebody else would keep it. A few more
// come after it.
func ledgerOf(t testing.TB, s *Store, n int) (held string) {
	t.Helper()
	begun(t, s)
	key, _ := ownSigner(t, s)
	must(t, s.Load(t.Context(), key, func(l *Loader) error { return record(l, 0, n) }))
	held = texts(t, s, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0]
	must(t, s.Load(t.Context(), key, func(l *Loader) error { return record(l, n, 300) }))
	return held
}

func record(l *Loader, from, n int) error {
	for i := range n {
		t := l.at(storetest.Start(), influence.Operator(), influence.Operate)
		err := t.record(change{fmt.Sprintf("AGR-%06d", from+i), map[string]any{"state": "attached", "amount_cents": i}, decisionRecord{Ref: fmt.Sprintf("DEC-%06d", i), Basis: influence.Desk,
			Shares: []shareRecord{{"10001", 10_000, "presales", true}}, Claims: map[string]string{"CLM-1": "confirmed"}, Note: "<b>No & yes</b>"}})
		if err != nil {
			return err
		}
	}
	return nil
}

// ledgerWrong verifies the ledger alone against a checkpoint.
func ledgerWrong(t testing.TB, s *Store, held string) []string {
	t.Helper()
	v := &verification{s: s, held: held, said: map[string]int{}}
	must(t, s.verifying(context.Background(), func(r reader) error { v.reader = r; return v.ledger() }))
	return v.wrong
}

// unlocked takes the triggers away, as only the owner of the database could.
func unlocked(t testing.TB, s *Store) {
	t.Helper()
	must(t, s.transact(t.Context(), func(t *tx) error {
		for _, table := range []string{"entries", "seals", "checkpoints"} {
			queries := []string{`DROP TRIGGER ` + table + `_no_update`, `DROP TRIGGER ` + table + `_no_delete`}
			if s.dialect == "postgres" {
				queries = []string{`DROP TRIGGER ` + table + `_no_change ON ` + table}
			}
			for _, q := range queries {
				if _, err := t.exec(q); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// TestTamperingIsFound: over 5,000 entries each change of one byte, each deletion,
// swap and truncation is found against a checkpoint that is held elsewhere.
func TestTamperingIsFound(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		const n = 5_000
		held := ledgerOf(t, s, n)
		if wrong := ledgerWrong(t, s, held); len(wrong) > 0 {
			t.Fatalf("untouched: %q", wrong)
		}
		unlocked(t, s)
		random, rounds := rand.New(rand.NewPCG(1, 2007)), full(3, 30, 300)
		for what, touch := range map[string]func(*testing.T, *Store, *rand.Rand) (undo func()){
			"byte": flipped, "deletion": deleted, "swap": swapped, "truncation": truncated,
		} {
			for range rounds {
				undo := touch(t, s, random)
				if wrong := ledgerWrong(t, s, held); len(wrong) == 0 {
					t.Errorf("%s: nothing was found", what)
				}
				undo()
			}
		}
		if wrong := ledgerWrong(t, s, held); len(wrong) > 0 {
			t.Fatalf("restored: %q", wrong)
		}
		storetest.Figure(t, "R11", "%d bytes, deletions, swaps and truncations over %d entries, all found", 4*rounds, n)
	})
}

// flipped changes one byte of one column of an entry.
func flipped(t *testing.T, s *Store, random *rand.Rand) func() {
	id := entryAt(t, s, random.Int64N(5_000))
	column := []string{"id", "at", "member_id", "org_id", "action", "subject", "was", "became", "salt"}[random.IntN(9)]
	old := texts(t, s, `SELECT CAST(`+column+` AS TEXT) FROM entries WHERE id = $1`, id)[0]
	changed := flip(old, random.IntN(len(old)))
	set := func(to, key string) {
		change1(t, s, `UPDATE entries SET `+column+` = CAST($2 AS `+map[bool]string{true: "BIGINT", false: "TEXT"}[column == "at"]+`) WHERE id = $1`, key, to)
	}
	set(changed, id)
	return func() {
		if column == "id" {
			id = changed
		}
		set(old, id)
	}
}

// flip changes one byte into another of its kind.
func flip(text string, at int) string {
	b := []byte(text)
	switch c := b[at]; {
	case c == '9' || c == 'z' || c == 'Z' || c == '~':
		b[at]--
	case c >= '0' && c < '9':
		b[at]++
	default:
		b[at] ^= 1
	}
	return string(b)
}

func entryAt(t testing.TB, s *Store, seq int64) string {
	t.Helper()
	return texts(t, s, `SELECT entry_id FROM seals WHERE seq = $1`, seq)[0]
}

func deleted(t *testing.T, s *Store, random *rand.Rand) func() {
	seq := random.Int64N(5_000)
	id := entryAt(t, s, seq)
	if random.IntN(2) == 0 {
		change1(t, s, `DELETE FROM seals WHERE seq = $1`, seq)
		return func() { change1(t, s, `INSERT INTO seals (seq, entry_id) VALUES ($1, $2)`, seq, id) }
	}
	must(t, s.transact(t.Context(), func(t *tx) error {
		_, err := t.exec(`CREATE TABLE kept AS SELECT * FROM entries WHERE id = '` + id + `'`)
		return err
	}))
	change1(t, s, `DELETE FROM entries WHERE id = $1`, id)
	return func() {
		change1(t, s, `INSERT INTO entries SELECT * FROM kept`)
		must(t, s.transact(t.Context(), func(t *tx) error { _, err := t.exec(`DROP TABLE kept`); return err }))
	}
}

func swapped(t *testing.T, s *Store, random *rand.Rand) func() {
	a, b := random.Int64N(5_000), random.Int64N(4_999)
	if b >= a {
		b++
	}
	x, y := entryAt(t, s, a), entryAt(t, s, b)
	set := func(x, y string) {
		change1(t, s, `UPDATE seals SET entry_id = 'gone' WHERE seq = $1`, a)
		change1(t, s, `UPDATE seals SET entry_id = $2 WHERE seq = $1`, b, x)
		change1(t, s, `UPDATE seals SET entry_id = $2 WHERE seq = $1`, a, y)
	}
	set(x, y)
	return func() { set(y, x) }
}

// truncated cuts the ledger off, with a newest checkpoint that fits what is left.
func truncated(t *testing.T, s *Store, random *rand.Rand) func() {
	key, _ := ownSigner(t, s)
	size := random.Int64N(5_000) + 1
	tree := treeOf(t, s, size)
	must(t, s.transact(t.Context(), func(t *tx) error {
		for _, q := range []string{`CREATE TABLE kept_seals AS SELECT * FROM seals`, `CREATE TABLE kept_checkpoints AS SELECT * FROM checkpoints`,
			fmt.Sprintf(`DELETE FROM seals WHERE seq >= %d`, size), fmt.Sprintf(`DELETE FROM checkpoints WHERE size >= %d`, size)} {
			if _, err := t.exec(q); err != nil {
				return err
			}
		}
		return t.sign(tree, key)
	}))
	return func() {
		must(t, s.transact(t.Context(), func(t *tx) error {
			for _, q := range []string{`DELETE FROM seals`, `DELETE FROM checkpoints`, `INSERT INTO seals SELECT * FROM kept_seals`, `INSERT INTO checkpoints SELECT * FROM kept_checkpoints`,
				`DROP TABLE kept_seals`, `DROP TABLE kept_checkpoints`} {
				if _, err := t.exec(q); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func treeOf(t testing.TB, s *Store, size int64) (tree tlog.Tree) {
	t.Helper()
	e := edge{tiles: map[int64]int64{}}
	for _, x := range leavesOf(t, s, size) {
		e.add(x, func(tileHashes) {})
	}
	return tlog.Tree{N: size, Hash: e.root()}
}

func leavesOf(t testing.TB, s *Store, size int64) (all [][]byte) {
	t.Helper()
	rows, err := s.db.Query(`SELECT `+entryColumns+` FROM seals s JOIN entries e ON e.id = s.entry_id WHERE s.seq < $1 ORDER BY s.seq`, size)
	all, err = collect(rows, err, func(row scanner) ([]byte, error) {
		e, err := scanEntry(row)
		if err != nil {
			return nil, err
		}
		return e.leafBytes()
	})
	must(t, err)
	return all
}

// TestRewritingIsFound: who has the database and the signing key can make a ledger
// that is whole, but not one that begins as the checkpoint says that others keep.
func TestRewritingIsFound(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		held := ledgerOf(t, s, 700)
		key, _ := ownSigner(t, s)
		unlocked(t, s)
		change1(t, s, `UPDATE entries SET became = 'null' WHERE id = $1`, entryAt(t, s, 400))
		must(t, s.transact(t.Context(), func(t *tx) error {
			for _, q := range []string{`INSERT INTO unsealed (entry_id, weight) SELECT entry_id, 0 FROM seals`, `DELETE FROM seals`, `DELETE FROM checkpoints`, `DELETE FROM tiles`} {
				if _, err := t.exec(q); err != nil {
					return err
				}
			}
			return nil
		}))
		freeLease(s)
		must(t, s.SealAll(t.Context(), key))
		if wrong := ledgerWrong(t, s, ""); len(wrong) > 0 {
			t.Errorf("the forged ledger is not whole: %q", wrong)
		}
		if wrong := ledgerWrong(t, s, held); len(wrong) == 0 {
			t.Error("the forged ledger is taken for an extension")
		}
	})
}

// TestEveryByteOfAnEntryCounts: no byte of any column can change without the leaf.
func TestEveryByteOfAnEntryCounts(t *testing.T) {
	s := onSQLite(t)
	ledgerOf(t, s, 5_000)
	rows, err := s.db.Query(`SELECT `+entryColumns+` FROM seals s JOIN entries e ON e.id = s.entry_id ORDER BY s.seq LIMIT $1`, full(50, 500, 5_000))
	all, err := collect(rows, err, func(row scanner) (Entry, error) { return scanEntry(row) })
	must(t, err)
	tried := 0
	for _, e := range all {
		leaf, err := e.leafBytes()
		must(t, err)
		for _, f := range []*string{&e.ID, &e.MemberID, &e.OrgID, &e.Action, &e.Subject, &e.Salt} {
			tried += bytesCount(t, string(leaf), *f, func(x string) Entry {
				old := *f
				*f = x
				c := e
				*f = old
				return c
			})
		}
		tried += bytesCount(t, string(leaf), string(e.Was), func(x string) Entry { c := e; c.Was = []byte(x); return c })
		tried += bytesCount(t, string(leaf), string(e.Became), func(x string) Entry { c := e; c.Became = []byte(x); return c })
	}
	storetest.Figure(t, "R11", "%d bytes of %d entries, each changed, none unnoticed", tried, len(all))
	if tried < 50*200 {
		t.Errorf("only %d bytes were tried", tried)
	}
}

func bytesCount(t *testing.T, leaf, text string, with func(string) Entry) int {
	t.Helper()
	for i := range text {
		if now, err := with(flip(text, i)).leafBytes(); err == nil && string(now) == leaf {
			t.Errorf("byte %d of %q can be another", i, text)
		}
	}
	return len(text)
}

// TestLedgerIsAppendOnly: neither database lets entries, places or checkpoints be
// changed or deleted.
func TestLedgerIsAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		for _, table := range []string{"entries", "seals", "checkpoints"} {
			column := map[string]string{"entries": "subject", "seals": "entry_id", "checkpoints": "note"}[table]
			for _, q := range []string{`UPDATE ` + table + ` SET ` + column + ` = 'forged'`, `DELETE FROM ` + table} {
				err := s.transact(t.Context(), func(t *tx) error { _, err := t.exec(q); return err })
				if err == nil || !strings.Contains(err.Error(), "append-only") {
					t.Errorf("%s: %v", q, err)
				}
			}
		}
		if s.dialect == "postgres" {
			err := s.transact(t.Context(), func(t *tx) error { _, err := t.exec(`TRUNCATE entries`); return err })
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("truncate: %v", err)
			}
		}
		verified(t, s)
	})
}

// TestOldEntriesKeepTheirLeaf: entries from before there were salts are hashed as
// they were then, beside those that have one.
func TestOldEntriesKeepTheirLeaf(t *testing.T) {
	e := Entry{ID: "ent_1", At: 5, MemberID: "mbr_1", OrgID: "lar_1", Action: "agreements.decide", Subject: "AGR-1", Was: []byte("null"), Became: []byte(`{"a":1}`)}
	leaf, err := e.leafBytes()
	must(t, err)
	want := `{"id":"ent_1","at":5,"member":"mbr_1","org":"lar_1","action":"agreements.decide","subject":"AGR-1","was":null,"became":{"a":1}}`
	if string(leaf) != want {
		t.Errorf("leaf %s", leaf)
	}
	e.Salt = "S"
	if leaf, err = e.leafBytes(); err != nil || strings.Contains(string(leaf), `"a"`) || !strings.HasPrefix(string(leaf), `{"version":2,`) {
		t.Errorf("leaf %s, %v", leaf, err)
	}
}

// TestEntriesHaveTheirOwnSalt: each entry holds 128 random bits of its own.
func TestEntriesHaveTheirOwnSalt(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ledgerOf(t, s, 200)
		salts := texts(t, s, `SELECT DISTINCT salt FROM entries WHERE length(salt) >= 26`) // 5 bits a sign
		if all := count(t, s, `SELECT count(*) FROM entries`); int64(len(salts)) != all || all < 500 {
			t.Errorf("%d salts of %d entries", len(salts), all)
		}
	})
}

// TestRotatedKeysStayGood: after the key was rotated new checkpoints are signed by
// the new one, also by a portal that still has the old one in memory; old ones and
// the whole ledger verify; the old private half is gone.
func TestRotatedKeysStayGood(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		old, oldPublic := ownSigner(t, s)
		before := texts(t, s, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0]
		fresh, err := s.As(influence.Operator()).RotateKeys(t.Context())
		must(t, err)
		booked(t, s, p, "E1")
		sealAll(t, s, old)
		now := texts(t, s, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0]
		keys, err := s.PublicKeys(t.Context())
		must(t, err)
		all, err := Verifiers(keys...)
		if err != nil || len(all) != 2 || keys[0] != fresh {
			t.Fatalf("keys %q, %v", keys, err)
		}
		for msg, by := range map[string]note.Verifier{before: oldPublic, now: all[0]} {
			if _, err := openCheckpoint(msg, by); err != nil {
				t.Errorf("%v", err)
			}
			must(t, s.As(staffActor()).Extends(t.Context(), msg, all...))
		}
		if left := count(t, s, `SELECT count(*) FROM signers WHERE private <> ''`); left != 1 {
			t.Errorf("%d private keys", left)
		}
		if wrong, err := s.VerifySince(t.Context(), before); err != nil || len(wrong) > 0 {
			t.Errorf("%q, %v", wrong, err)
		}
		if _, err := s.As(staffActor()).RotateKeys(t.Context()); err == nil {
			t.Error("a partner manager rotates keys")
		}
	})
}

// TestEntriesOfBothFormatsStandInOneTree: entries from before there were salts and
// those after are sealed and verified together, and Microsoft's receipts of both
// prove them.
func TestEntriesOfBothFormatsStandInOneTree(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		key, public := ownSigner(t, s)
		change1(t, s, `INSERT INTO entries (id, at, member_id, org_id, action, subject, was, became) VALUES ('ent_old', 1, 'm', 'o', 'operate', 'old', 'null', '{"a":1}')`)
		change1(t, s, `INSERT INTO unsealed (entry_id, weight) VALUES ('ent_old', 0)`)
		booked(t, s, p, "E1")
		sealAll(t, s, key)
		verified(t, s)
		for _, id := range []string{"ent_old", texts(t, s, `SELECT id FROM entries WHERE action = 'agreements.enter'`)[0]} {
			r, err := s.As(staffActor()).Receipt(t.Context(), id)
			must(t, err)
			must(t, r.Check(public))
		}
	})
}
