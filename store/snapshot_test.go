package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// state is everything that an undo has to restore: all but versions, the ledger
// and what happened. Ids of what a report brings differ when it comes again, so
// rows go by numbers.
var state = map[string]string{
	"agreements": `SELECT number, orders, cents, influenced, unassisted, undecided, decided, attached, withdrawn FROM agreements WHERE NOT withdrawn`,
	"orders":     `SELECT a.number, o.order_key, o.kind, o.ordered_on, o.cents, o.partner_no FROM orders o JOIN agreements a ON a.id = o.agreement_id`,
	"standing": `SELECT a.number, s.on_day, s.partner_id, s.influenced, s.unassisted, s.undecided, s.sourced, s.orders, s.agreements, s.decided, s.attached
		FROM standing s JOIN agreements a ON a.id = s.agreement_id`,
	"claims":      `SELECT ref, state, due, code, decided_by, coalesce(agreement_id, ''), since FROM claims`,
	"suggestions": `SELECT agreement_id, claim_id, score FROM suggestions WHERE closed_at IS NULL`,
	"items":       `SELECT a.number, i.kind, i.partner_nos FROM items i JOIN agreements a ON a.id = i.agreement_id WHERE i.settled_at IS NULL`,
	"inbox":       `SELECT lar_id, tab, due, worth, number, claims, items, score FROM inbox`,
	"sight":       `SELECT s.org_id, a.number, s.seen_as FROM sight s JOIN agreements a ON a.id = s.agreement_id WHERE NOT a.withdrawn`,
	"held":        `SELECT agreement_id, lar_id, order_key, cents FROM held_lines`,
	"figures": `SELECT topic, on_day, program, lar_id, state, partner_id, name, CAST(sum(influenced) AS BIGINT), CAST(sum(unassisted) AS BIGINT),
		CAST(sum(undecided) AS BIGINT), CAST(sum(sourced) AS BIGINT), CAST(sum(orders) AS BIGINT), CAST(sum(agreements) AS BIGINT),
		CAST(sum(decided) AS BIGINT), CAST(sum(attached) AS BIGINT) FROM movements GROUP BY topic, on_day, program, lar_id, state, partner_id, name
		HAVING sum(influenced) <> 0 OR sum(unassisted) <> 0 OR sum(undecided) <> 0 OR sum(sourced) <> 0 OR sum(orders) <> 0 OR sum(agreements) <> 0
			OR sum(decided) <> 0 OR sum(attached) <> 0`,
	"mails": `SELECT email, subject FROM outbox WHERE dropped_at IS NULL`,
}

// stateOf reads it, table by table, each row a text.
func stateOf(t testing.TB, s *Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for name, query := range state {
		rows, err := s.db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = rowTexts(t, rows)
	}
	return all
}

func rowTexts(t testing.TB, rows *sql.Rows) (all []string) {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]any, len(columns))
		dest := make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// same fails the test where two states differ, except in the tables named.
func same(t testing.TB, was, now map[string][]string, except ...string) {
	t.Helper()
	for name := range was {
		if slices.Contains(except, name) || slices.Equal(was[name], now[name]) {
			continue
		}
		t.Errorf("%s differ:\n  gone  %s\n  fresh %s", name, strings.Join(without(was[name], now[name]), "\n        "),
			strings.Join(without(now[name], was[name]), "\n        "))
	}
}

// without lists at most five rows of a that b lacks.
func without(a, b []string) (only []string) {
	for _, row := range a {
		if _, found := slices.BinarySearch(b, row); !found && len(only) < 5 {
			only = append(only, row)
		}
	}
	return only
}
