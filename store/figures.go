package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"irm/influence"
)

// Dashboard is what the program comes to in a selection, exact to the moment.
// What no rollup counts for the selection is nil.
type Dashboard struct {
	Selection // LAR is its public reference
	LARName   string
	Now       Sums
	Before    *Sums         // of the same days one fiscal year earlier; nil when there are none to compare with
	Until     influence.Day // the last of these days
	Months    []MonthFigures
	States    []StateFigures // the largest first
	Partners  []PartnerFigures
	LARs      []LARFigures
	Days      *DaysFigures
	Active    *ActiveFigures
	Pipeline  *PipelineFigures
	Waiting   *Waiting
	Years     []int // fiscal years to choose from, the newest first
}

// MonthFigures is one month of the selection, and the whole same month a year earlier.
type MonthFigures struct {
	Month       string // 2006-07
	Now, Before Sums
}

// StateFigures is a state of the selection, in cents; Before is what was
// influenced in the days that are compared, nil where it is not kept for them.
type StateFigures struct {
	Code                string
	Influenced, Revenue int64
	Before              *int64
}

// PipelineFigures are the open claims and the cents that their partners expect.
type PipelineFigures struct{ Claims, Cents int64 }

// figures is a dashboard while it is read.
type figures struct {
	rollups
	selected
	v     Session
	today influence.Day
	d     *Dashboard
	waits map[string]*Waiting // by LAR, once read
}

// Dashboard returns the figures of a selection: everything for Microsoft, its
// own for a LAR. Of a selection that no rollup counts the error is Invalid.
func (v Session) Dashboard(ctx context.Context, sel Selection) (d Dashboard, err error) {
	err = v.s.snapshot(ctx, func(r reader) error {
		d = Dashboard{}
		s, err := v.selected(r, sel)
		if err != nil {
			return err
		}
		d.Selection = s.Selection
		f := figures{rollups: newRollups(r), selected: s, v: v, today: v.s.clock.Today(), d: &d}
		return f.read()
	})
	if err != nil {
		return d, fmt.Errorf("dashboard: %w", wrap(err))
	}
	return d, nil
}

func (f *figures) read() error {
	kinds := []string{f.money().kind, "inbox", "due", "days", "days_lar", "claims"}
	if f.lar != "" {
		kinds[3], kinds[5] = "days_lar", "claims_lar"
	}
	for _, thing := range []string{"state", "lar", "partner"} {
		if kind, _, _, ok := f.by(thing); ok && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if err := f.latest(kinds...); err != nil {
		return err
	}
	for _, part := range []func() error{f.months, f.states, f.partners, f.active, f.days, f.waiting, f.pipeline, f.lars, f.years} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// months reads the course of the year and of the one before, and what they add up to.
func (f *figures) months() error {
	now, before := f.Months(), f.YearBefore().Months()
	at := f.money()
	all, err := f.series(at, append(slices.Clone(now), before...))
	if err != nil {
		return err
	}
	f.d.Months = make([]MonthFigures, len(now))
	for i, m := range now {
		f.d.Months[i] = MonthFigures{m, all[m], all[before[i]]}
		f.d.Now = f.d.Now.Plus(all[m])
	}
	whole, days, until := f.SameDays(f.today)
	if until == "" || len(days) > 0 && f.filters() > 1 { // pairs of filters are not kept by day
		return nil
	}
	var same sums
	for _, m := range whole {
		same = same.Plus(all[m])
	}
	part, err := f.series(at, dayTexts(days))
	if err != nil {
		return err
	}
	same = same.Plus(total(part))
	f.d.Before, f.d.Until = &same, until
	return nil
}

func dayTexts(days []influence.Day) []string {
	all := make([]string, len(days))
	for i, d := range days {
		all[i] = string(d)
	}
	return all
}

// states reads the selection by state.
func (f *figures) states() error {
	kind, scope, daily, ok := f.by("state")
	if !ok {
		f.oneState()
		return nil
	}
	now, err := f.amounts(kind, scope, f.Months())
	if err != nil {
		return err
	}
	whole, days, until := f.SameDays(f.today)
	comparable := until != "" && (daily || len(days) == 0)
	before := map[string]amounts{}
	if comparable {
		if before, err = f.amounts(kind, scope, append(whole, dayTexts(days)...)); err != nil {
			return err
		}
	}
	f.d.States = []StateFigures{}
	for code := range joined(now, before) {
		x := StateFigures{Code: code, Influenced: now[code].influenced, Revenue: now[code].revenue}
		if comparable {
			b := before[code].influenced
			x.Before = &b
		}
		f.d.States = append(f.d.States, x)
	}
	slices.SortFunc(f.d.States, func(a, b StateFigures) int {
		return cmp.Or(cmp.Compare(b.Influenced, a.Influenced), cmp.Compare(b.Revenue, a.Revenue), cmp.Compare(a.Code, b.Code))
	})
	return nil
}

// oneState is the selection itself where it is a state's.
func (f *figures) oneState() {
	if f.State == "" {
		return
	}
	x := StateFigures{Code: f.State, Influenced: f.d.Now.Influenced, Revenue: f.d.Now.Revenue()}
	if f.d.Before != nil {
		x.Before = &f.d.Before.Influenced
	}
	f.d.States = []StateFigures{x}
}

// joined is the set of the names of both that stand for something.
func joined(a, b map[string]amounts) map[string]bool {
	all := map[string]bool{}
	for _, names := range []map[string]amounts{a, b} {
		for name := range maps.Keys(names) {
			if names[name] != (amounts{}) {
				all[name] = true
			}
		}
	}
	return all
}

// open are the states of claims that wait for a decision or an agreement.
var openStates = []influence.ClaimState{influence.ClaimWaiting, influence.ClaimIntent, influence.ClaimAttached, influence.ClaimActionRequired}

// pipeline adds up the open claims. A LAR does not see those that wait for a
// connection.
func (f *figures) pipeline() error {
	if f.Program != "" || f.State != "" {
		return nil
	}
	kind := "claims"
	if f.lar != "" {
		kind = "claims_lar"
	}
	all, err := f.names(kind, f.lar, []string{""})
	if err != nil {
		return err
	}
	f.d.Pipeline = &PipelineFigures{}
	for _, state := range openStates {
		if state == influence.ClaimWaiting && f.v.actor.Role == influence.RoleLAR {
			continue
		}
		f.d.Pipeline.Claims += all[string(state)].Agreements
		f.d.Pipeline.Cents += all[string(state)].Undecided
	}
	return nil
}

// years are those from the first to the last month with an order, and at least
// the one that runs.
func (f *figures) years() error {
	first, last, err := f.firstAndLast()
	if err != nil {
		return err
	}
	from, to := f.FY, f.FY
	for _, month := range []string{first, last, string(f.today[:7])} {
		if month != "" {
			fy := influence.FiscalYear(influence.Day(month + "-01"))
			from, to = min(from, fy), max(to, fy)
		}
	}
	for fy := to; fy >= from; fy-- {
		f.d.Years = append(f.d.Years, fy)
	}
	return nil
}
