package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
)

// TestSealingLosesNoEntry runs two sealers, restarted at random, beside 16 writers.
func TestSealingLosesNoEntry(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		key, public := ownSigner(t, s)
		refs := filled(t, s, p, full(160, 400, 800))
		ctx, stop := context.WithCancel(t.Context())
		var sealers, writers sync.WaitGroup
		for range 2 {
			sealers.Go(func() { restarting(ctx, t, s, key) })
		}
		for w := range 16 {
			writers.Go(func() {
				for i := w; i < len(refs); i += 16 {
					if err := p.confirm(t.Context(), s, refs[i]); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		stop()
		sealers.Wait()
		sealAll(t, s, key)
		if sealed, all := count(t, s, `SELECT count(*) FROM seals`), count(t, s, `SELECT count(*) FROM entries`); sealed != all {
			t.Errorf("%d sealed of %d entries", sealed, all)
		}
		verified(t, s)
		proven(t, s, public)
	})
}

// restarting seals under a new name each time, as if its process had died.
func restarting(ctx context.Context, t *testing.T, s *Store, key note.Signer) {
	for ctx.Err() == nil {
		me := newID("slr", s.clock.System())
		life, kill := context.WithCancel(ctx)
		time.AfterFunc(rand.N(100*time.Millisecond), kill)
		for life.Err() == nil {
			if _, _, err := s.Seal(life, me, key); err != nil && life.Err() == nil {
				t.Error(err)
			}
		}
		kill()
		freeLease(s)
	}
}

func sealAll(t testing.TB, s *Store, key note.Signer) {
	t.Helper()
	freeLease(s)
	if err := s.SealAll(context.Background(), key); err != nil {
		t.Fatal(err)
	}
	if left := count(t, s, `SELECT count(*) FROM unsealed`); left != 0 {
		t.Fatalf("%d entries are not sealed", left)
	}
}

// proven checks receipts, that forged ones are refused, and that the ledger
// extends each of its checkpoints.
func proven(t *testing.T, s *Store, public note.Verifier) {
	t.Helper()
	v := s.As(staffActor())
	ids := texts(t, s, `SELECT id FROM entries`)
	for range 20 { // a sample
		r, err := v.Receipt(t.Context(), ids[rand.N(len(ids))])
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Check(public); err != nil {
			t.Fatal(err)
		}
		r.Entry.MemberID += "x"
		if err := r.Check(public); !errors.Is(err, ErrProof) {
			t.Fatalf("forged receipt: %v", err)
		}
	}
	notes := texts(t, s, `SELECT note FROM checkpoints ORDER BY size`)
	for _, c := range notes {
		if err := v.Extends(t.Context(), c, public); err != nil {
			t.Fatal(err)
		}
	}
	if len(notes) == 0 {
		t.Fatal("the ledger has no checkpoint")
	}
}

// TestLedgerIsStaffs: partners and LARs get no receipts and compare no checkpoints.
func TestLedgerIsStaffs(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		_, public := ownSigner(t, s)
		id := texts(t, s, `SELECT id FROM entries ORDER BY id LIMIT 1`)[0]
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.north), {}} {
			if _, err := s.As(who).Receipt(t.Context(), id); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s gets a receipt: %v", who.OrgName, err)
			}
			if err := s.As(who).Extends(t.Context(), "", public); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s compares checkpoints: %v", who.OrgName, err)
			}
		}
	})
}

// TestLateCommit: an entry whose id is older than what is sealed already is
// sealed when it commits, not skipped.
func TestLateCommit(t *testing.T) {
	dsn := databases.Postgres(t) // SQLite has one writer: ids commit in order
	s := opened(t, dsn)
	p := begun(t, s)
	key, _ := ownSigner(t, s)
	refs := filled(t, s, p, 20)
	before := count(t, s, `SELECT count(*) FROM seals`)
	in, out, late := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		late <- s.As(larActor(p.north)).do(t.Context(), influence.Decide, func(*tx) (change, error) {
			close(in)
			<-out
			return change{"late", nil, nil}, nil
		})
	}()
	<-in
	for _, ref := range refs {
		if err := p.confirm(t.Context(), s, ref); err != nil {
			t.Fatal(err)
		}
	}
	sealAll(t, s, key)
	close(out)
	if err := <-late; err != nil {
		t.Fatal(err)
	}
	sealAll(t, s, key)
	order := texts(t, s, `SELECT e.subject FROM seals s JOIN entries e ON e.id = s.entry_id WHERE s.seq >= $1 ORDER BY s.seq`, before)
	oldest := texts(t, s, `SELECT e.subject FROM seals s JOIN entries e ON e.id = s.entry_id WHERE s.seq >= $1 ORDER BY e.id LIMIT 1`, before)
	if len(order) != 21 || order[20] != "late" || !slices.Equal(oldest, []string{"late"}) {
		t.Errorf("oldest %v, order %v", oldest, order)
	}
	verified(t, s)
}

// verified fails the test unless everything that is kept equals the facts.
func verified(t testing.TB, s *Store) {
	t.Helper()
	wrong, err := s.Verify(context.Background())
	if err != nil || len(wrong) > 0 {
		t.Fatalf("verify: %q, %v", wrong, err)
	}
}

// TestVerifyFinds changes things behind the store's back.
func TestVerifyFinds(t *testing.T) {
	for what, query := range map[string]string{
		"inbox":      `UPDATE inbox SET claims = claims + 1 WHERE number = 'E000003'`,
		"inbox row":  `DELETE FROM inbox WHERE number = 'E000003'`,
		"standing":   `UPDATE standing SET influenced = influenced + 1 WHERE influenced > 0`,
		"totals":     `UPDATE totals SET influenced = influenced + 1 WHERE kind = 'all' AND influenced > 0`,
		"totals row": `DELETE FROM totals WHERE kind = 'partner'`,
		"sight":      `UPDATE sight SET seen_as = 'PS' WHERE seen_as = 'PC'`,
		"sight row":  `INSERT INTO sight (org_id, agreement_id, seen_as, number_key) SELECT id, (SELECT min(id) FROM agreements), 'PC', 'x' FROM partners WHERE partner_no = '10003'`,
		"agreement":  `UPDATE agreements SET cents = cents + 1 WHERE number = 'E000003'`,
		"order":      `UPDATE orders SET cents = cents + 1 WHERE ordered_on = '2007-03-02'`,
		"movement":   `UPDATE movements SET influenced = influenced + 1 WHERE influenced > 0`,
		"ledger":     `UPDATE entries SET member_id = 'forged' WHERE action = 'agreements.decide'`,
		"share":      `UPDATE shares SET points = 5000`,
	} {
		t.Run(strings.ReplaceAll(what, " ", "_"), func(t *testing.T) {
			each(t, func(t *testing.T, s *Store) {
				p := begun(t, s)
				for _, ref := range filled(t, s, p, 9)[5:] {
					if err := p.confirm(t.Context(), s, ref); err != nil {
						t.Fatal(err)
					}
				}
				key, _ := ownSigner(t, s)
				sealAll(t, s, key)
				verified(t, s)
				tamper(t, s, query)
				if wrong, err := s.Verify(t.Context()); err != nil || len(wrong) == 0 {
					t.Errorf("verify found %q, %v", wrong, err)
				}
			})
		})
	}
}

// tamper does what only the owner of the database could.
func tamper(t *testing.T, s *Store, query string) {
	t.Helper()
	unlock := []string{`DROP TRIGGER entries_no_update`, `DROP TRIGGER shares_no_update`}
	if s.dialect == "postgres" {
		unlock = []string{`DROP TRIGGER entries_no_change ON entries`, `DROP TRIGGER shares_no_change ON shares`}
	}
	err := s.transact(t.Context(), func(t *tx) error {
		for _, q := range unlock {
			if _, err := t.exec(q); err != nil {
				return err
			}
		}
		n, err := t.exec(query)
		if n == 0 {
			return errors.Join(err, errWanted)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
