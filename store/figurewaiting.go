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
// is due; what is older than the classes is what remains of all. What waits for a
// partner has no clock and is left out.
func (f *figures) waitingByLAR() (map[string]*Waiting, error) {
	if f.waits != nil {
		return f.waits, nil
	}
	f.waits = map[string]*Waiting{}
	after := influence.WaitingBounds(f.today, f.v.s.settings)
	rows, err := f.rows(waitingByAge, string(after[0]), string(after[1]), string(after[2]), string(after[3]), f.lar)
	err = scanEach(rows, err, func(row scanner) error {
		var lar string
		var w Waiting
		if err := row.Scan(&lar, &w[0], &w[1], &w[2], &w[3], &w[4]); err != nil {
			return err
		}
		w[4] -= w[0] + w[1] + w[2] + w[3]
		f.waits[lar] = &w
		return nil
	})
	if err != nil {
		return nil, err
	}
	for at, s := range f.late {
		w := f.waits[at.scope]
		switch {
		case at.name != "decide" || w == nil:
		case at.kind == "inbox":
			w[4] += s.Agreements
		case at.kind == "due" && at.period == string(influence.NoClock):
			w[4] -= s.Agreements
		case at.kind == "due" && at.period > string(after[3]):
			w[influence.WaitingClass(influence.Day(at.period), after)] += s.Agreements
			w[4] -= s.Agreements
		}
	}
	return f.waits, nil
}

// waitingByAge counts per LAR what waits since four ages, and all that waits: each
// age is a range of one index, added up where it stands.
var waitingByAge = `SELECT l.id, ` + dueSum(`t.period > $1 AND t.period < '`+string(influence.NoClock)+`'`) + `, ` + dueSum(`t.period > $2 AND t.period <= $1`) + `, ` +
	dueSum(`t.period > $3 AND t.period <= $2`) + `, ` + dueSum(`t.period > $4 AND t.period <= $3`) + `,
	coalesce((SELECT t.agreements FROM totals t WHERE t.kind = 'inbox' AND t.period = '' AND t.scope = l.id AND t.name = 'decide'), 0)
	- ` + dueSum(`t.period = '`+string(influence.NoClock)+`'`) + `
	FROM lars l WHERE $5 = '' OR l.id = $5 LIMIT 200`

func dueSum(when string) string {
	return `(SELECT CAST(coalesce(sum(t.agreements), 0) AS BIGINT) FROM totals t
		WHERE t.kind = 'due' AND t.name = 'decide' AND t.scope = l.id AND ` + when + `)`
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
