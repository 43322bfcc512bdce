package store

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"irm/influence"
)

// DaysFigures are the times to decision, in business days. Before is of the same
// days a fiscal year earlier, nil when there are none.
type DaysFigures struct {
	Now    influence.Histogram
	Before influence.Histogram
	Months []influence.Histogram // one for each month of the selection
}

// days reads the histogram of the times to decision.
func (f *figures) days() error {
	if f.Program != "" || f.State != "" {
		return nil
	}
	now, err := f.histograms(f.Months())
	if err != nil {
		return err
	}
	d := &DaysFigures{Now: influence.Histogram{}}
	for _, m := range f.Months() {
		h := now[m]
		if h == nil {
			h = influence.Histogram{}
		}
		d.Months = append(d.Months, h)
		addTo(d.Now, h)
	}
	whole, days, until := f.SameDays(f.today)
	if until != "" {
		before, err := f.histograms(append(whole, dayTexts(days)...))
		if err != nil {
			return err
		}
		d.Before = influence.Histogram{}
		for _, h := range before {
			addTo(d.Before, h)
		}
	}
	f.d.Days = d
	return nil
}

func addTo(h, more influence.Histogram) {
	for days, n := range more {
		h.Add(days, n)
	}
}

// histograms reads the times to decision by period.
func (f *figures) histograms(periods []string) (map[string]influence.Histogram, error) {
	kind := "days"
	if f.lar != "" {
		kind = "days_lar"
	}
	padded := sized(periods)
	rows, err := f.rows(`SELECT period, name, agreements FROM totals WHERE kind = $1 AND scope = $2 AND agreements <> 0 AND period IN `+in(3, len(padded)),
		withPeriods([]any{kind, f.lar}, padded)...)
	all, err := collect(rows, err, scanDays)
	if err != nil {
		return nil, err
	}
	for at, s := range f.late {
		if at.kind == kind && at.scope == f.lar && s.Agreements != 0 && slices.Contains(periods, at.period) {
			all = append(all, daysRow{at.period, at.name, s.Agreements})
		}
	}
	return histograms(all), nil
}

// daysRow is how many decisions under a key took how many days.
type daysRow struct {
	key, days string
	n         int64
}

func scanDays(row scanner) (d daysRow, err error) { return d, row.Scan(&d.key, &d.days, &d.n) }

func histograms(rows []daysRow) map[string]influence.Histogram {
	all := map[string]influence.Histogram{}
	for _, row := range rows {
		if all[row.key] == nil {
			all[row.key] = influence.Histogram{}
		}
		days, _ := strconv.Atoi(row.days)
		all[row.key].Add(days, row.n)
	}
	maps.DeleteFunc(all, func(_ string, h influence.Histogram) bool { return len(h) == 0 }) // decided and undone
	return all
}

// LARFigures is one LAR within the selection. Days and Waiting are nil where no
// rollup counts them for the selection.
type LARFigures struct {
	Ref, Name string
	Status    influence.LARStatus
	Sums
	Days    influence.Histogram
	Waiting *Waiting
	id      string
}

// lars reads the selection by LAR, the largest first.
func (f *figures) lars() error {
	by, served, err := f.byLAR()
	if err != nil || !served {
		return err
	}
	days, waiting := map[string]influence.Histogram{}, map[string]*Waiting{}
	whole := f.Program == "" && f.State == ""
	if whole {
		if days, err = f.daysByLAR(); err == nil {
			waiting, err = f.waitingByLAR()
		}
		if err != nil {
			return err
		}
	}
	rows, err := f.rows(`SELECT id, ref, name, status FROM lars ORDER BY name, id LIMIT 200`)
	all, err := collect(rows, err, func(row scanner) (l LARFigures, err error) {
		return l, row.Scan(&l.id, &l.Ref, &l.Name, &l.Status)
	})
	if err != nil {
		return err
	}
	f.d.LARs = []LARFigures{}
	for _, l := range all {
		l.Sums, l.Days, l.Waiting = by[l.id], days[l.id], waiting[l.id]
		if l.id == f.lar {
			f.d.LARName = l.Name
		}
		if whole && l.Waiting == nil {
			l.Waiting = &Waiting{}
		}
		if l.id == f.lar || f.lar == "" && (l.Status != influence.LARInvited || l.Sums != (sums{})) {
			f.d.LARs = append(f.d.LARs, l)
		}
	}
	slices.SortStableFunc(f.d.LARs, func(a, b LARFigures) int { return cmp.Compare(b.Revenue(), a.Revenue()) })
	return nil
}

func (f *figures) byLAR() (map[string]sums, bool, error) {
	if f.lar != "" {
		return map[string]sums{f.lar: f.d.Now}, true, nil
	}
	kind, scope, _, ok := f.by("lar")
	if !ok {
		return nil, false, nil
	}
	all, err := f.names(kind, scope, f.Months())
	return all, true, err
}

// daysByLAR reads the times to decision of the whole period by LAR.
func (f *figures) daysByLAR() (map[string]influence.Histogram, error) {
	rows, err := f.rows(`SELECT scope, name, agreements FROM totals WHERE kind = 'days_lar' AND period = $1 AND agreements <> 0`, f.Name())
	all, err := collect(rows, err, scanDays)
	if err != nil {
		return nil, err
	}
	for at, s := range f.late {
		if at.kind == "days_lar" && at.period == f.Name() && s.Agreements != 0 {
			all = append(all, daysRow{at.scope, at.name, s.Agreements})
		}
	}
	return histograms(all), nil
}
