package store

import (
	"fmt"
	"strings"

	"irm/influence"
)

// sums are what movements carry and totals add up: amounts in cents, the rest
// are numbers of things.
type sums struct {
	Influenced, Unassisted, Undecided, Sourced int64
	Orders, Agreements, Decided, Attached      int64
}

// Revenue is the three parts together.
func (s sums) Revenue() int64 { return s.Influenced + s.Unassisted + s.Undecided }

func (s sums) minus(o sums) sums {
	return sums{s.Influenced - o.Influenced, s.Unassisted - o.Unassisted, s.Undecided - o.Undecided, s.Sourced - o.Sourced,
		s.Orders - o.Orders, s.Agreements - o.Agreements, s.Decided - o.Decided, s.Attached - o.Attached}
}

func (s sums) args() []any {
	return []any{s.Influenced, s.Unassisted, s.Undecided, s.Sourced, s.Orders, s.Agreements, s.Decided, s.Attached}
}

func (s *sums) dest() []any {
	return []any{&s.Influenced, &s.Unassisted, &s.Undecided, &s.Sourced, &s.Orders, &s.Agreements, &s.Decided, &s.Attached}
}

// movement is one change of what is counted.
type movement struct {
	topic                              string
	on                                 influence.Day // '' for what has no day
	program, lar, state, partner, name string
	sums
}

// move records a movement of the change under way. It only ever inserts: a total
// that every decision updated would be the one row that all of them wait for.
func (t *tx) move(m movement) error {
	if m.sums == (sums{}) {
		return nil
	}
	var month, quarter, year string
	if m.on != "" {
		month, quarter, year = string(m.on[:7]), quarterOf(m.on), yearOf(m.on)
	}
	args := []any{t.entry, t.weight, string(t.today), m.topic, string(m.on), month, quarter, year,
		m.program, m.lar, m.state, m.partner, m.name}
	t.weight++
	if t.loading != nil {
		t.loading.count(m, month, quarter, year)
	}
	return t.later(insertMovement, append(args, m.sums.args()...)...)
}

var insertMovement = `INSERT INTO movements (entry_id, n, day, topic, on_day, month, quarter, year, program, lar_id, state, partner_id, name, ` +
	sumNames("") + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`

var sumColumns = []string{"influenced", "unassisted", "undecided", "sourced", "orders", "agreements", "decided", "attached"}

// sumNames lists the columns of sums, each behind an alias such as "t.".
func sumNames(alias string) string { return alias + strings.Join(sumColumns, ", "+alias) }

// sumsOf lists the columns added up.
func sumsOf(alias string) string {
	parts := make([]string, len(sumColumns))
	for i, c := range sumColumns {
		parts[i] = "CAST(sum(" + alias + c + ") AS BIGINT)"
	}
	return strings.Join(parts, ", ")
}

// yearOf names the fiscal year of a day: FY2007.
func yearOf(d influence.Day) string { return fmt.Sprintf("FY%d", influence.FiscalYear(d)) }

// quarterOf names the quarter of a day: FY2007Q1.
func quarterOf(d influence.Day) string {
	return fmt.Sprintf("FY%dQ%d", influence.FiscalYear(d), influence.Quarter(d))
}
