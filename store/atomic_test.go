package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

var errBroken = errors.New("the statement broke")

// breaking lets so many statements through and breaks the next; a negative number
// breaks none. It counts them all.
type breaking struct {
	querier
	left, seen *int
}

func (b breaking) next() bool {
	*b.seen++
	*b.left--
	return *b.left == -1
}

func (b breaking) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if b.next() {
		return nil, errBroken
	}
	return b.querier.ExecContext(ctx, query, args...)
}

func (b breaking) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if b.next() {
		return nil, errBroken
	}
	return b.querier.QueryContext(ctx, query, args...)
}

// Whichever statement of a change fails, nothing of the change is there: the
// records are those of before, to the byte.
func TestASVS_2_3_3_AChangeIsMadeWhollyOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claimed(t, s, p, p.alder, "E1")
		agreement := booked(t, s, p, "E1")
		behind := storetest.Behind(t, s.dsn)
		changes := map[string]func(*Store) error{
			"decide": func(in *Store) error {
				_, err := in.As(larActor(p.north)).Decide(t.Context(), agreement, withCode(wholly(p.alder, versionOf(t, s, agreement))))
				return err
			},
			"submit a claim": func(in *Store) error {
				_, err := in.As(partnerActor(p.birch)).SubmitClaim(t.Context(), "", "atomic", 0, influence.ClaimDraft{LAR: p.north.Ref, AgreementNumber: "E1", Kind: "presales", Note: "We ran the pilot."})
				return err
			},
		}
		for what, change := range changes {
			before := storetest.Hash(t, behind)
			for k := 0; ; k++ {
				left, seen := k, 0
				err := s.transact(t.Context(), func(tx *tx) error {
					in := *s
					broken := newTx(tx.ctx, breaking{tx.q, &left, &seen}, &in)
					in.inside = broken
					if err := change(&in); err != nil {
						return err
					}
					return errWanted // all went well: undo it
				})
				if errors.Is(err, errWanted) {
					t.Logf("%s: each of %d statements broken", what, k)
					if k < 5 {
						t.Errorf("%s has %d statements only", what, k)
					}
					break
				}
				if err == nil || !strings.Contains(err.Error(), errBroken.Error()) {
					t.Fatalf("%s, statement %d: %v", what, k, err)
				}
				if storetest.Hash(t, behind) != before {
					t.Fatalf("%s: statement %d failed and left something", what, k)
				}
			}
		}
	})
}

// Sessions, links and browsers are named by 256 random bits, which nobody draws twice.
func TestASVS_7_2_3_SecretsAreLong(t *testing.T) {
	n := full(20_000, 100_000, 1_000_000)
	seen := make(map[string]bool, n)
	for range n {
		s := newSecret()
		if len(s) != 43 || seen[s] {
			t.Fatalf("%q", s)
		}
		seen[s] = true
	}
}
