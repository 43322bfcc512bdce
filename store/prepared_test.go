package store

import "testing"

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
