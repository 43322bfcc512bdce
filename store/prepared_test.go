package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// TestParametersInOrderNeedNoNames checks which statements lose the names of
// their parameters: only those that mean the same without.
func TestParametersInOrderNeedNoNames(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`:                             `SELECT 1`,
		`INSERT INTO t (a, b) VALUES ($1, $2)`: `INSERT INTO t (a, b) VALUES (?, ?)`,
		`VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`: `VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		`UPDATE t SET a = $2 WHERE b = $1`:                 `UPDATE t SET a = $2 WHERE b = $1`,
		`SELECT $1 WHERE a = $1`:                           `SELECT $1 WHERE a = $1`,
		`SELECT $10`:                                       `SELECT $10`,
		`SELECT $1, $20`:                                   `SELECT $1, $20`,
		`SELECT '$' WHERE a = $1`:                          `SELECT '$' WHERE a = $1`,
		`SELECT a FROM t WHERE b = $1 AND c = $`:           `SELECT a FROM t WHERE b = $1 AND c = $`,
	} {
		if got := nameless(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// TestEverySnapshotGetsItsStatements: as many snapshots as there are connections,
// each with a statement that nobody ran before, wait for none.
func TestEverySnapshotGetsItsStatements(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		n := 8
		if most := s.db.Stats().MaxOpenConnections; most > 0 {
			n = min(n, most)
		}
		var began, ended sync.WaitGroup
		began.Add(n)
		for i := range n {
			ended.Go(func() {
				err := s.snapshot(ctx, func(r reader) error {
					began.Done()
					began.Wait() // all hold their connection
					for range 2 {
						var got int
						if err := r.row(fmt.Sprintf(`SELECT %d + CAST($1 AS BIGINT)`, i), 1).Scan(&got); err != nil || got != i+1 {
							return fmt.Errorf("%d: %w", got, err)
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		ended.Wait()
		for i := range n {
			if p, ok := s.read.(*prepared); ok {
				if _, known := p.stmts.Load(fmt.Sprintf(`SELECT %d + CAST($1 AS BIGINT)`, i)); !known {
					t.Errorf("statement %d is not kept", i)
				}
			}
		}
	})
}
