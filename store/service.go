package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"irm/influence"
)

// timing is how long a decision took: the day it was made, at whose desk, and
// after how many business days. on is "" for one whose time does not count.
type timing struct {
	on   influence.Day
	lar  string
	days int64
}

// timed is how long it took to answer today what waited since a day, "" if nothing did.
func (t *tx) timed(a agreement, since influence.Day) timing {
	if since == "" {
		return timing{}
	}
	return timing{t.today, a.LAR, int64(max(influence.BusinessDaysBetween(since, t.today), 0))}
}

// keepTime writes down how long a decision took, if that counts, and counts it.
func (t *tx) keepTime(a agreement, decision string, x timing) error {
	if x.on == "" {
		return nil
	}
	if err := t.later(`INSERT INTO decision_times (decision_id, on_day, lar_id, days) VALUES ($1, $2, $3, $4)`, decision, string(x.on), x.lar, x.days); err != nil {
		return err
	}
	return t.moveTime(a, x, 1)
}

// moveTime counts n decisions with a timing.
func (t *tx) moveTime(a agreement, x timing, n int64) error {
	return t.move(movement{topic: "days", on: x.on, program: string(a.Program), lar: x.lar, state: a.State,
		name: fmt.Sprintf("%05d", x.days), sums: sums{Agreements: n}})
}

// What is counted beside the days that decisions took: claims by their LAR's
// answer, and disputes by Microsoft's. decided is all of them; attached those that
// were confirmed, or upheld.
const (
	countClaims   = "claims"
	countDisputes = "disputes"
)

// moveAnswer counts n claims as their LAR answered them, if it did.
func (t *tx) moveAnswer(c claim, n int64) error {
	if c.AnsweredOn == "" {
		return nil
	}
	s := sums{Decided: n}
	if c.State == influence.ClaimConfirmed {
		s.Attached = n
	}
	return t.move(movement{topic: "days", on: c.AnsweredOn, lar: c.LAR, name: countClaims, sums: s})
}

// moveRuling counts a dispute that was ruled today. A ruling is final.
func (t *tx) moveRuling(d dispute) error {
	s := sums{Decided: 1}
	if d.State == influence.DisputeUpheld {
		s.Attached = 1
	}
	return t.move(movement{topic: "days", on: t.today, lar: d.LAR, name: countDisputes, sums: s})
}

// ServiceRecords returns the service records of the LARs that the actor may know
// them of, by public reference: all for Microsoft and partners, its own for a LAR;
// with ref of that LAR alone. One with too few decisions is empty.
func (v Session) ServiceRecords(ctx context.Context, ref string) (all map[string]influence.ServiceRecord, err error) {
	only := ""
	switch {
	case !v.actor.May(influence.ViewLARs):
		return nil, influence.ErrForbidden
	case v.actor.Role == influence.RoleLAR:
		only = v.actor.OrgID
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		rows, err := r.rows(`SELECT l.id, l.ref FROM lars l WHERE ($1 = '' OR l.id = $1) AND ($2 = '' OR l.ref = $2) ORDER BY l.id LIMIT 200`, only, ref)
		names := map[string]string{}
		if err := scanEach(rows, err, func(row scanner) error {
			var id, ref string
			err := row.Scan(&id, &ref)
			names[id] = ref
			return err
		}); err != nil {
			return err
		}
		all, err = v.serviceOf(r, names)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("service records: %w", wrap(err))
	}
	return all, nil
}

// serviceOf adds up what the LARs did in the months of the settings; names are
// their references by id.
func (v Session) serviceOf(r reader, names map[string]string) (map[string]influence.ServiceRecord, error) {
	_, periods, days := influence.ServiceSpan(v.s.clock.Today(), v.s.settings)
	periods = append(periods, dayTexts(days)...)
	x := newRollups(r)
	if err := x.latest("days_lar"); err != nil {
		return nil, err
	}
	found := map[string]influence.ServiceRecord{}
	for id := range names {
		found[id] = influence.ServiceRecord{Days: influence.Histogram{}}
	}
	only := ""
	if len(names) == 1 {
		for only = range names {
		}
	}
	if err := x.services(only, periods, found); err != nil {
		return nil, err
	}
	all := map[string]influence.ServiceRecord{}
	for id, ref := range names {
		if all[ref] = found[id]; !found[id].Shown(v.s.settings) {
			all[ref] = influence.ServiceRecord{Days: influence.Histogram{}}
		}
	}
	return all, nil
}

// services adds what is counted in the periods to those of all that are asked for;
// only is one of them, to read of no other, or "".
func (r *rollups) services(only string, periods []string, all map[string]influence.ServiceRecord) error {
	add := func(scope, name string, s sums) {
		x, ok := all[scope]
		if !ok {
			return
		}
		switch name {
		case countClaims:
			x.Answered, x.Confirmed = x.Answered+s.Decided, x.Confirmed+s.Attached
		case countDisputes:
			x.Ruled, x.Lost = x.Ruled+s.Decided, x.Lost+s.Attached
		default:
			days, _ := strconv.Atoi(name)
			x.Days.Add(days, s.Agreements)
		}
		all[scope] = x
	}
	query, args := serviceAll, []any{"days_lar"}
	if only != "" {
		query, args = serviceOne, append(args, only)
	}
	padded := sized(periods)
	rows, err := r.rows(query+` AND period IN `+in(len(args)+1, len(padded))+` GROUP BY scope, name`, withPeriods(args, padded)...)
	err = scanEach(rows, err, func(row scanner) error {
		var scope, name string
		var s sums
		if err := row.Scan(&scope, &name, &s.Agreements, &s.Decided, &s.Attached); err != nil {
			return err
		}
		add(scope, name, s)
		return nil
	})
	for at, s := range r.late {
		if at.kind == "days_lar" && slices.Contains(periods, at.period) {
			add(at.scope, at.name, s)
		}
	}
	return err
}

const (
	serviceAll = `SELECT scope, name, CAST(sum(agreements) AS BIGINT), CAST(sum(decided) AS BIGINT), CAST(sum(attached) AS BIGINT)
		FROM totals WHERE kind = $1`
	serviceOne = serviceAll + ` AND scope = $2`
)
