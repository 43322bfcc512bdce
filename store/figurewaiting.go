package store

import (
	"context"

	"irm/influence"
)

// Waiting counts the agreements on a desk by how long it has been its turn: for
// less than 7, 30, 60 and 90 calendar days, and for longer.
type Waiting [influence.WaitingClasses]int64

// All is how many wait.
func (w Waiting) All() (n int64) {
	for _, x := range w {
		n += x
	}
	return n
}

// waiting adds up what waits at the LARs of the selection.
func (f *figures) waiting() error {
	if f.Program != "" || f.State != "" {
		return nil
	}
	by, err := f.waitingByLAR()
	if err != nil {
		return err
	}
	f.d.Waiting = &Waiting{}
	for _, w := range by {
		for i, n := range w {
			f.d.Waiting[i] += n
		}
	}
	return nil
}

// waitingByLAR reads what waits by LAR and age. The age follows from the day it
// is due; what is older than the classes is what remains of all.
func (f *figures) waitingByLAR() (map[string]*Waiting, error) {
	if f.waits != nil {
		return f.waits, nil
	}
	f.waits = map[string]*Waiting{}
	add := func(lar string, class int, n int64) {
		if f.lar != "" && f.lar != lar {
			return
		}
		if f.waits[lar] == nil {
			f.waits[lar] = &Waiting{}
		}
		f.waits[lar][class] += n
	}
	after := influence.WaitingBounds(f.today, f.v.s.settings)
	rows, err := f.rows(`SELECT scope, CASE WHEN period > $1 THEN 0 WHEN period > $2 THEN 1 WHEN period > $3 THEN 2 ELSE 3 END AS class,
			CAST(sum(agreements) AS BIGINT)
		FROM totals WHERE kind = 'due' AND period > $4 AND name = 'decide' GROUP BY scope, class`,
		string(after[0]), string(after[1]), string(after[2]), string(after[3]))
	if err != nil {
		return nil, err
	}
	type aged struct {
		lar   string
		class int
		n     int64
	}
	all, err := collect(rows, err, func(row scanner) (a aged, err error) { return a, row.Scan(&a.lar, &a.class, &a.n) })
	if err != nil {
		return nil, err
	}
	rows, err = f.rows(`SELECT scope, 4, agreements FROM totals WHERE kind = 'inbox' AND period = '' AND name = 'decide'`)
	whole, err := collect(rows, err, func(row scanner) (a aged, err error) { return a, row.Scan(&a.lar, &a.class, &a.n) })
	if err != nil {
		return nil, err
	}
	for at, s := range f.late {
		switch {
		case at.name != "decide":
		case at.kind == "inbox":
			whole = append(whole, aged{at.scope, 4, s.Agreements})
		case at.kind == "due" && at.period > string(after[3]):
			all = append(all, aged{at.scope, influence.WaitingClass(influence.Day(at.period), after), s.Agreements})
		}
	}
	for _, a := range append(all, whole...) {
		add(a.lar, a.class, a.n)
		if a.class < 4 {
			add(a.lar, 4, -a.n)
		}
	}
	return f.waits, nil
}

// InboxCounts returns how many agreements wait in each tab of the actor's LAR,
// and with which amount in cents.
func (v Session) InboxCounts(ctx context.Context) (counts map[string]Sums, err error) {
	if v.actor.Role != influence.RoleLAR || v.actor.Scope(influence.ViewInbox) == influence.ScopeNone {
		return nil, influence.ErrForbidden
	}
	// One statement, so one moment: what is added up and what is not yet.
	rows, err := v.s.read.QueryContext(ctx, `SELECT name, agreements, undecided FROM totals WHERE kind = 'inbox' AND period = '' AND scope = $1
		UNION ALL SELECT name, agreements, undecided FROM fresh WHERE kind = 'inbox' AND scope = $1`, v.actor.OrgID)
	if err != nil {
		return nil, wrap(err)
	}
	defer rows.Close()
	counts = map[string]Sums{}
	for rows.Next() {
		var tab string
		var s Sums
		if err := rows.Scan(&tab, &s.Agreements, &s.Undecided); err != nil {
			return nil, wrap(err)
		}
		counts[tab] = counts[tab].Plus(s)
	}
	return counts, wrap(rows.Err())
}

// waitingDue are the days between which it is due what has waited so long.
func (v Session) waitingDue(class int) (after, until string) {
	bounds := influence.WaitingBounds(v.s.clock.Today(), v.s.settings)
	until = "9999"
	if class > 1 {
		until = string(bounds[min(class, influence.WaitingClasses)-2])
	}
	if class < influence.WaitingClasses {
		after = string(bounds[max(class, 1)-1])
	}
	return after, until
}
