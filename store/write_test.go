package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
	"irm/store/storetest"
)

var errWanted = errors.New("wanted")

// full is how often something is tried: few times by default, more often with
// IRM_TEST_ALL=1, and most often with IRM_TEST_FULL=1.
func full(few, all, most int) int {
	switch {
	case os.Getenv("IRM_TEST_FULL") == "1":
		return most
	case os.Getenv("IRM_TEST_ALL") == "1":
		return all
	}
	return few
}

// filled books n agreements of North worth $1,000 each, with a claim of Alder's
// attached, and returns their references.
func filled(t testing.TB, s *Store, p program, n int) []string {
	t.Helper()
	key, _ := ownSigner(t, s)
	at := storetest.Start().AddDate(0, 0, -3)
	err := s.Load(t.Context(), key, func(l *Loader) error {
		for i := range n {
			number := fmt.Sprintf("E%06d", i)
			a := PastAgreement{Number: number, Customer: "Fabrikam " + number, State: "NH", LAR: p.north.ID, Member: p.north.MemberID,
				Program: influence.Enterprise, Seats: 300, SignedOn: "2007-03-01", At: at,
				Orders: []influence.Order{{ID: number + "-1", Number: number + "-1", Kind: influence.Initial, OrderedOn: "2007-03-02", Cents: 100_000}},
				Claims: []PastClaim{{Partner: p.alder.ID, LAR: p.north.ID, LARRef: p.north.Ref, Member: p.alder.MemberID, State: influence.ClaimAttached,
					Number: number, Customer: "Fabrikam", CustomerState: "NH", Program: influence.Enterprise, Seats: 300, Cents: 100_000,
					Kind: influence.Presales, Note: "We ran the pilot.", CreatedAt: at, SubmittedAt: at, AttachedAt: at, Decision: -1}}}
			if err := l.Agreement(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts(t, s, `SELECT ref FROM agreements ORDER BY number_key`)
}

// confirm has North give Alder the whole of an agreement.
func (p program) confirm(ctx context.Context, s *Store, agreement string) error {
	_, err := s.As(larActor(p.north)).Decide(ctx, agreement, wholly(p.alder, 1))
	return err
}

// TestManyCallersDoNotDisturbEachOther lets 64 callers decide, fail after
// writing, panic after writing, write the same key twice, and give up, all at once.
func TestManyCallersDoNotDisturbEachOther(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		refs := filled(t, s, p, full(240, 600, 1200))
		entries := count(t, s, `SELECT count(*) FROM entries`)
		var next, good atomic.Int64
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(refs)); i = next.Add(1) - 1 {
					if decideOrFail(t, s, p, refs[i]) {
						good.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if good.Load() == 0 {
			t.Fatal("nobody decided anything")
		}
		for what, query := range map[string]string{
			"decisions":          `SELECT count(*) FROM decisions`,
			"shares":             `SELECT count(*) FROM shares`,
			"decided agreements": `SELECT count(*) FROM agreements WHERE decided AND version = 2 AND influenced = 100000`,
			"confirmed claims":   `SELECT count(*) FROM claims WHERE state = 'confirmed' AND version = 3`,
			"claim events":       `SELECT count(*) FROM claim_events WHERE state = 'confirmed'`,
			"agreements gone":    fmt.Sprintf(`SELECT %d - count(*) FROM inbox`, len(refs)),
			"entries":            fmt.Sprintf(`SELECT count(*) - %d FROM entries`, entries),
		} {
			if got := count(t, s, query); got != good.Load() {
				t.Errorf("%d %s, want %d", got, what, good.Load())
			}
		}
		verified(t, s)
	})
}

// decideOrFail decides an agreement, in one of five ways that must change
// nothing three times, and reports whether it did.
func decideOrFail(t *testing.T, s *Store, p program, ref string) bool {
	ctx, v := context.Background(), s.As(larActor(p.north))
	half := func(then func(*tx) error) error {
		return v.do(ctx, influence.Decide, func(t *tx) (change, error) {
			if _, err := t.exec(`UPDATE agreements SET decided = TRUE, version = version + 1 WHERE ref = $1`, ref); err != nil {
				return change{}, err
			}
			return change{ref, nil, nil}, then(t)
		})
	}
	switch rand.N(6) {
	case 0:
		if err := half(func(*tx) error { return errWanted }); !errors.Is(err, errWanted) {
			t.Errorf("failing change: %v", err)
		}
	case 1:
		if err := half(func(*tx) error { panic("oh") }); err == nil || !strings.Contains(err.Error(), "oh") {
			t.Errorf("panicking change: %v", err)
		}
	case 2:
		if err := half(func(t *tx) error {
			_, err := t.exec(`INSERT INTO leases (name, holder, until) VALUES ('sealer', '', 0)`)
			return err
		}); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("the same key again: %v", err)
		}
	case 3: // given up at any moment: done or not, but never half
		ctx, cancel := context.WithTimeout(ctx, rand.N(3*time.Millisecond))
		defer cancel()
		err := p.confirm(ctx, s, ref)
		if err != nil && ctx.Err() == nil {
			t.Errorf("given up: %v", err)
		}
		return err == nil
	default:
		if err := p.confirm(ctx, s, ref); err != nil {
			t.Errorf("decide: %v", err)
			return false
		}
		return true
	}
	return false
}

// TestBatchOutlivesItsTransaction has one of several callers roll back the
// transaction that they share: SQLite does so by itself when a disk is full.
func TestBatchOutlivesItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		refs := filled(t, s, p, 50)
		var wg sync.WaitGroup
		for i, ref := range refs {
			wg.Go(func() {
				if i%10 == 0 {
					err := s.transact(t.Context(), func(t *tx) error { t.exec(`ROLLBACK`); return errWanted })
					if !errors.Is(err, errWanted) {
						t.Error(err)
					}
				} else if err := p.confirm(t.Context(), s, ref); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := count(t, s, `SELECT count(*) FROM decisions`); got != 45 {
			t.Errorf("%d decisions, want 45", got)
		}
		verified(t, s)
	})
}

// TestQueueLeft: who gives up while waiting has never been in.
func TestQueueLeft(t *testing.T) {
	s := onSQLite(t)
	in, out := make(chan struct{}), make(chan struct{})
	go s.transact(t.Context(), func(*tx) error { close(in); <-out; return nil })
	<-in
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	ran := false
	err := s.transact(ctx, func(*tx) error { ran = true; return nil })
	close(out)
	if !errors.Is(err, context.DeadlineExceeded) || ran {
		t.Errorf("err %v, ran %v", err, ran)
	}
}

// TestMisspeltPragmaIsRefused: SQLite ignores one silently, opening must not.
func TestMisspeltPragmaIsRefused(t *testing.T) {
	for _, p := range []pragma{{"jornal_mode", "WAL", "wal"}, {"synchronous", "FUL", "2"}} {
		db, err := openPool(t.Context(), t.TempDir()+"/t.db", []pragma{p}, 1)
		if err == nil {
			db.Close()
			t.Errorf("%s(%s) was not refused", p.name, p.set)
		}
	}
}

// TestReadersCannotWrite: a write that goes round the writer is an error.
func TestReadersCannotWrite(t *testing.T) {
	s := onSQLite(t)
	if _, err := s.db.Exec(`DELETE FROM leases`); err == nil {
		t.Error("a reading connection could write")
	}
}

// TestASVS_2_3_4_15_4_2_OneOfSixteenDeciders: of 16 who decide an agreement with the same version
// one wins, and the others are told that somebody was faster.
func TestASVS_2_3_4_15_4_2_OneOfSixteenDeciders(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		rounds := full(20, 100, 2000)
		for _, ref := range filled(t, s, p, rounds) {
			var won, lost atomic.Int64
			var wg sync.WaitGroup
			for i := range 16 {
				to := []LoadedPartner{p.alder, p.birch, p.cedar, p.dogwood}[i%4]
				wg.Go(func() {
					_, err := s.As(larActor(p.north)).Decide(t.Context(), ref, withCode(wholly(to, 1)))
					switch {
					case err == nil:
						won.Add(1)
					case errors.Is(err, influence.ErrConflict):
						lost.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 || lost.Load() != 15 {
				t.Fatalf("%s: %d won, %d were told of a conflict; want 1 and 15", ref, won.Load(), lost.Load())
			}
		}
		if got := count(t, s, `SELECT count(*) FROM decisions`); got != int64(rounds) {
			t.Errorf("%d decisions after %d rounds", got, rounds)
		}
		storetest.Figure(t, "R8", "%s: %d rounds of 16 deciders, each time 1 won and 15 were told", s.dialect, rounds)
		verified(t, s)
	})
}

// withCode says why the claims that the decision leaves out are rejected.
func withCode(d influence.DecisionDraft) influence.DecisionDraft {
	d.Code = "other_partner_confirmed"
	return d
}
