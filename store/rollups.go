package store

import (
	"database/sql"
	"fmt"
	"strings"
)

// Sums are what is counted of agreements and orders: amounts in cents, the rest
// are numbers of things.
type Sums = sums

// Plus adds two sums.
func (s sums) Plus(o sums) sums { return s.minus(sums{}.minus(o)) }

// spot is a place where something is counted: a kind of rollup, a period, and
// the names within.
type spot struct{ kind, period, scope, name string }

// rollups reads what is added up together with what is not yet, at one moment.
type rollups struct {
	reader
	late map[spot]sums // not added up yet
}

// latest reads what is not added up yet of the kinds given, at most ten. It is
// read once: the rows of the last second are few, finding them is most of the work.
func (r *rollups) latest(kinds ...string) error {
	args := make([]any, lateKinds)
	for i := range args {
		args[i] = kinds[min(i, len(kinds)-1)]
	}
	rows, err := r.rows(`SELECT kind, period, scope, name, `+sumsOf("f.")+` FROM fresh f
		WHERE kind IN `+in(1, lateKinds)+` GROUP BY kind, period, scope, name`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var at spot
		var s sums
		if err := rows.Scan(append([]any{&at.kind, &at.period, &at.scope, &at.name}, s.dest()...)...); err != nil {
			return err
		}
		r.late[at] = r.late[at].Plus(s)
	}
	return rows.Err()
}

const lateKinds = 10

// in writes a list of n placeholders from $first on.
func in(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", first+i)
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// sized pads a list of periods, so that statements come in few sizes and each is
// compiled once. A period twice in a list counts once.
func sized(periods []string) []string {
	for _, n := range []int{1, 3, 12, 24, 31, 42} {
		if len(periods) <= n {
			padded := append([]string(nil), periods...)
			for len(padded) < n {
				padded = append(padded, periods[len(periods)-1])
			}
			return padded
		}
	}
	return periods
}

func withPeriods(args []any, periods []string) []any {
	for _, p := range periods {
		args = append(args, p)
	}
	return args
}

// series returns what is counted under one name, by period.
func (r *rollups) series(at spot, periods []string) (map[string]sums, error) {
	all := map[string]sums{}
	if len(periods) == 0 {
		return all, nil
	}
	padded := sized(periods)
	rows, err := r.rows(`SELECT period, `+sumNames("")+` FROM totals WHERE kind = $1 AND scope = $2 AND name = $3
		AND period IN `+in(4, len(padded)), withPeriods([]any{at.kind, at.scope, at.name}, padded)...)
	if err != nil {
		return nil, err
	}
	if err := scanSums(rows, all); err != nil {
		return nil, err
	}
	for _, p := range periods {
		if s, ok := r.late[spot{at.kind, p, at.scope, at.name}]; ok {
			all[p] = all[p].Plus(s)
		}
	}
	return all, nil
}

// names returns what is counted in the periods together, by name.
func (r *rollups) names(kind, scope string, periods []string) (map[string]sums, error) {
	all := map[string]sums{}
	if len(periods) == 0 {
		return all, nil
	}
	padded := sized(periods)
	rows, err := r.rows(`SELECT name, `+sumsOf("t.")+` FROM totals t WHERE kind = $1 AND scope = $2
		AND period IN `+in(3, len(padded))+` GROUP BY name`, withPeriods([]any{kind, scope}, padded)...)
	if err != nil {
		return nil, err
	}
	if err := scanSums(rows, all); err != nil {
		return nil, err
	}
	within := map[string]bool{}
	for _, p := range periods {
		within[p] = true
	}
	for at, s := range r.late {
		if at.kind == kind && at.scope == scope && within[at.period] {
			all[at.name] = all[at.name].Plus(s)
		}
	}
	return all, nil
}

// amounts are cents.
type amounts struct{ influenced, revenue int64 }

// amounts is names for the amounts alone: adding up fewer columns of many rows.
func (r *rollups) amounts(kind, scope string, periods []string) (map[string]amounts, error) {
	all := map[string]amounts{}
	if len(periods) == 0 {
		return all, nil
	}
	padded := sized(periods)
	rows, err := r.rows(`SELECT name, CAST(sum(influenced) AS BIGINT), CAST(sum(unassisted + undecided) AS BIGINT) FROM totals WHERE kind = $1 AND scope = $2
		AND period IN `+in(3, len(padded))+` GROUP BY name`, withPeriods([]any{kind, scope}, padded)...)
	err = scanEach(rows, err, func(row scanner) error {
		var name string
		var a amounts
		if err := row.Scan(&name, &a.influenced, &a.revenue); err != nil {
			return err
		}
		all[name] = amounts{a.influenced, a.influenced + a.revenue}
		return nil
	})
	within := map[string]bool{}
	for _, p := range periods {
		within[p] = true
	}
	for at, s := range r.late {
		if at.kind == kind && at.scope == scope && within[at.period] {
			a := all[at.name]
			all[at.name] = amounts{a.influenced + s.Influenced, a.revenue + s.Revenue()}
		}
	}
	return all, err
}

// scanSums reads rows of a name and its sums.
func scanSums(rows *sql.Rows, all map[string]sums) error {
	defer rows.Close()
	for rows.Next() {
		var name string
		var s sums
		if err := rows.Scan(append([]any{&name}, s.dest()...)...); err != nil {
			return err
		}
		all[name] = s
	}
	return rows.Err()
}

// total adds up what series or names returned.
func total(all map[string]sums) (t sums) {
	for _, s := range all {
		t = t.Plus(s)
	}
	return t
}

func newRollups(r reader) rollups { return rollups{r, map[spot]sums{}} }

// firstAndLast are the first and the last month that anything counts in; "" when
// nothing does.
func (r *rollups) firstAndLast() (first, last string, err error) {
	err = r.row(`SELECT coalesce((SELECT period FROM totals WHERE kind = 'all' ORDER BY period LIMIT 1), ''),
		coalesce((SELECT period FROM totals WHERE kind = 'all' ORDER BY period DESC LIMIT 1), '')`).Scan(&first, &last)
	for at := range r.late {
		if len(at.period) == len("2006-07") && (first == "" || at.period < first) {
			first = at.period
		}
		if len(at.period) == len("2006-07") && at.period > last {
			last = at.period
		}
	}
	return first[:min(len(first), 7)], last[:min(len(last), 7)], err
}
