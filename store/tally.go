package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tally adds up in memory: what the sealer has sealed, and, with its tree, what
// is loaded into an empty database. The view counted says the same, and verify
// compares the two.
type tally struct {
	kinds   []kind
	totals  map[spot]sums
	actives map[spot]int64 // without a name: by how many its active partners change
	tree    tlog.Tree
	leaves  [][]byte        // not in the tree yet
	seq     int64           // place of the next entry
	refs    map[string]bool // references given while loading
	rows    bulk            // not inserted yet
}

// kind is a row of the table of what is added up.
type kind struct {
	kind, topic, span, within, by string
	partners                      bool
}

func scanKind(row scanner) (k kind, err error) {
	return k, row.Scan(&k.kind, &k.topic, &k.span, &k.within, &k.by, &k.partners)
}

func (t *tx) beginTally() (y *tally, err error) {
	if y, err = t.newTally(); err != nil {
		return nil, err
	}
	old, err := readHead(t.ctx, t.q)
	y.tree, y.seq = old.Tree, old.N
	return y, err
}

func (t *tx) newTally() (*tally, error) {
	y := &tally{totals: map[spot]sums{}, actives: map[spot]int64{}, refs: map[string]bool{}, rows: bulk{rows: map[string]*gathered{}}}
	rows, err := t.rows(`SELECT kind, topic, span, within, by_what, partners FROM kinds ORDER BY kind, span`)
	y.kinds, err = collect(rows, err, scanKind)
	return y, err
}

// isNew reports whether a reference was not given before, and notes it.
func (y *tally) isNew(ref string) bool {
	if y.refs[ref] {
		return false
	}
	y.refs[ref] = true
	return true
}

// count adds a movement to every total that it belongs to.
func (y *tally) count(m movement, month, quarter, year string) {
	for _, k := range y.kinds {
		if k.topic != m.topic || k.partners && m.partner == "" {
			continue
		}
		s := m.sums
		if m.partner != "" && !k.partners {
			s.Orders = 0
		}
		at := spot{k.kind, pickSpan(k.span, m, month, quarter, year), m.value(k.within), m.value(k.by)}
		y.totals[at] = y.totals[at].Plus(s)
	}
}

func pickSpan(span string, m movement, month, quarter, year string) string {
	switch span {
	case "day":
		return string(m.on)
	case "month":
		return month
	case "quarter":
		return quarter
	case "year":
		return year
	}
	return ""
}

func (m movement) value(what string) string {
	switch what {
	case "program":
		return m.program
	case "lar":
		return m.lar
	case "state":
		return m.state
	case "partner":
		return m.partner
	case "name":
		return m.name
	}
	return ""
}

// growEvery is how many leaves are put into the tree at a time.
const growEvery = 1024

func (y *tally) leaf(e Entry) {
	data, err := e.leafBytes()
	if err == nil { // was and became are JSON already
		y.leaves = append(y.leaves, data)
	}
}

// seal gives the entry of t its place.
func (y *tally) seal(t *tx) error {
	if err := t.later(`INSERT INTO seals (seq, entry_id) VALUES ($1, $2)`, y.seq, t.entry); err != nil {
		return err
	}
	y.seq++
	if len(y.leaves) < growEvery {
		return nil
	}
	return y.grow(t)
}

func (y *tally) grow(t *tx) (err error) {
	y.tree, err = t.grow(y.tree, y.leaves)
	y.leaves = y.leaves[:0]
	return err
}

// add adds what was counted to totals, in the order of their key.
func (y *tally) add(t *tx) error {
	order := make([]spot, 0, len(y.totals))
	for at := range y.totals {
		order = append(order, at)
	}
	slices.SortFunc(order, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.period, b.period), cmp.Compare(a.scope, b.scope), cmp.Compare(a.name, b.name))
	})
	for _, at := range order {
		s := y.totals[at]
		if s == (sums{}) {
			continue // what came has gone
		}
		query, amounts := s.addition()
		args := append([]any{at.kind, at.period, at.scope, at.name}, amounts...)
		var err error
		if s.Orders != 0 && t.loading == nil && rankedKind(at.kind) {
			err = t.laterRow(query+` RETURNING orders`, args, func(row scanner) error { return y.activated(at, s.Orders, row) })
		} else {
			err = t.later(query, args...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addition is the statement that adds s to a total, and its amounts. Most sums
// have a few of them only, and the statement no more.
func (s sums) addition() (query string, amounts []any) {
	switch s {
	case sums{Influenced: s.Influenced, Sourced: s.Sourced, Orders: s.Orders}:
		return addShares, []any{s.Influenced, s.Sourced, s.Orders}
	case sums{Agreements: s.Agreements, Undecided: s.Undecided}:
		return addCounts, []any{s.Undecided, s.Agreements}
	}
	return addTotal, s.args()
}

// activated notes whether a partner got its first order somewhere, or lost its
// last: what it had before follows from what it has now.
func (y *tally) activated(at spot, more int64, row scanner) error {
	var now int64
	if err := row.Scan(&now); err != nil {
		return err
	}
	at.name = ""
	y.actives[at] += active(now) - active(now-more)
	return nil
}

// addActives moves the numbers of active partners.
func (y *tally) addActives(t *tx) error {
	if err := t.flush(); err != nil { // so that what it counts is known
		return err
	}
	for at, n := range y.actives {
		if n == 0 {
			continue
		}
		err := t.later(`INSERT INTO actives AS d (kind, period, scope, n) VALUES ($1, $2, $3, $4)
			ON CONFLICT (kind, period, scope) DO UPDATE SET n = d.n + excluded.n`, at.kind, at.period, at.scope, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// finish writes the totals and signs the tree.
func (y *tally) finish(t *tx, key note.Signer) error {
	if err := y.grow(t); err != nil {
		return err
	}
	if err := y.add(t); err != nil {
		return err
	}
	if err := y.rows.flush(t); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO actives (kind, period, scope, n) SELECT kind, period, scope, count(*) FROM totals
		WHERE kind IN ('partner', 'program_partner', 'lar_partner', 'state_partner') AND orders > 0 GROUP BY kind, period, scope
		ON CONFLICT (kind, period, scope) DO UPDATE SET n = excluded.n`)
	if err != nil {
		return err
	}
	return t.sign(y.tree, key)
}

// rankedKind reports whether a kind counts partners, whose orders say whether they
// are active.
func rankedKind(kind string) bool {
	switch kind {
	case "partner", "program_partner", "lar_partner", "state_partner":
		return true
	}
	return false
}

var (
	addTotal  = addition(sumColumns...)
	addShares = addition("influenced", "sourced", "orders")
	addCounts = addition("undecided", "agreements")
)

// addition adds amounts to a total; the other columns of a new one are 0.
func addition(columns ...string) string {
	values, sets := make([]string, len(sumColumns)), make([]string, len(columns))
	for i, c := range sumColumns {
		values[i] = "0"
		if n := slices.Index(columns, c); n >= 0 {
			values[i] = fmt.Sprintf("$%d", n+5)
		}
	}
	for i, c := range columns {
		sets[i] = c + " = d." + c + " + excluded." + c
	}
	return `INSERT INTO totals AS d (kind, period, scope, name, ` + sumNames("") + `)
	VALUES ($1, $2, $3, $4, ` + strings.Join(values, ", ") + `)
	ON CONFLICT (kind, period, scope, name) DO UPDATE SET ` + strings.Join(sets, ", ")
}
