package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// ListSums are what the rows of a list come to: how many agreements, the amounts
// of their orders, or both.
type ListSums struct {
	Agreements int64 // with Counted
	Counted    bool
	Sums       // the amounts and orders, with Added
	Added      bool
}

// AgreementSums adds up a list of agreements for filters that a rollup counts; it
// is nil for others. Orders of a period are added, but not the agreements they
// belong to; agreements signed in a period are counted, but not their orders.
func (v Session) AgreementSums(ctx context.Context, f AgreementFilter) (sums *ListSums, err error) {
	months, ok := f.months()
	if !ok || f.Query != "" || f.Partner != "" || f.Waiting > 0 || f.ByAnswer || v.actor.Role == influence.RolePartner || f.Decided != "" && f.First != "" && !f.BySigning {
		return nil, nil
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		sums = nil
		s, err := v.selected(r, Selection{Period: influence.Period{FY: 2000}, Program: f.Program, LAR: f.LAR, State: f.State})
		if err != nil {
			return noRollup(err)
		}
		x := newRollups(r)
		if err := x.latest(s.money().kind); err != nil {
			return err
		}
		if f.First == "" {
			if months, err = x.everyMonth(); err != nil {
				return err
			}
		}
		all, err := x.series(s.money(), months)
		if err == nil {
			sums = f.summed(total(all))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sum of agreements: %w", wrap(err))
	}
	return sums, nil
}

// summed takes from what is counted what the list's rows come to.
func (f AgreementFilter) summed(all Sums) *ListSums {
	l := &ListSums{Agreements: all.Agreements, Counted: f.First == "" || f.BySigning, Sums: all, Added: !f.BySigning && f.Decided == ""}
	switch f.Decided {
	case "yes":
		l.Agreements = all.Decided
	case "no":
		l.Agreements = all.Agreements - all.Decided
	case "none":
		l.Agreements = all.Decided - all.Attached
	}
	return l
}

// months are those of the filter's period; ok is false when it cuts one.
func (f AgreementFilter) months() (months []string, ok bool) {
	if f.First == "" {
		return nil, true
	}
	end := f.Last
	if end[8:] != "00" { // the day before the first of the next month
		end = end.AddDays(1)
		if end[8:] != "01" {
			return nil, false
		}
	}
	if f.First[8:] != "01" {
		return nil, false
	}
	return monthsUntil(string(f.First[:7]), string(end[:7])), true
}

// monthsUntil lists the months from one up to another, without it.
func monthsUntil(from, end string) (months []string) {
	for m := from; m < end && len(months) < 12*120; m = string(influence.Day(m + "-01").AddDays(31)[:7]) {
		months = append(months, m)
	}
	return months
}

// everyMonth lists the months from the first to the last that anything counts in.
func (r *rollups) everyMonth() ([]string, error) {
	first, last, err := r.firstAndLast()
	if err != nil || first == "" {
		return nil, err
	}
	return monthsUntil(first, last+"~"), nil // with the last
}

// noRollup makes a selection that nothing counts a list without sums.
func noRollup(err error) error {
	var wrong influence.Invalid
	if errors.As(err, &wrong) || errors.Is(err, influence.ErrNotFound) || errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
