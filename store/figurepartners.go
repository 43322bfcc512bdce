package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"irm/influence"
)

// PartnerFigures is one of the partners with the most influenced revenue.
type PartnerFigures struct {
	Ref, No, Name, State string
	Level                influence.Level
	Enrolled             bool
	Sums
	id string
}

// ActiveFigures count the partners with an order that they have a share in.
type ActiveFigures struct {
	N           int64
	Course      []int64          // by month up to now; by quarter, of two years, with a filter
	Compared    influence.Period // the newest complete quarter or year; zero when there is none
	Now, Before int64            // in it and in the same one a fiscal year earlier
}

// topPartners are how many the dashboard names.
const topPartners = 10

// partners reads those with the most influenced revenue.
func (f *figures) partners() error {
	kind, scope, _, ok := f.by("partner")
	if !ok {
		return nil
	}
	late := f.lateNames(kind, f.Name(), scope)
	// Of the names that did not move lately only the first ones can count, and at
	// most those that did stand between them.
	rows, err := f.rows(`SELECT name, `+sumNames("")+` FROM totals WHERE kind = $1 AND period = $2 AND scope = $3
		AND kind IN ('partner', 'program_partner', 'lar_partner', 'state_partner')
		ORDER BY influenced DESC, name LIMIT $4`, kind, f.Name(), scope, topPartners+len(late))
	if err != nil {
		return err
	}
	all := map[string]sums{}
	if err := scanSums(rows, all); err != nil {
		return err
	}
	for name, s := range late {
		if _, read := all[name]; !read {
			if all[name], err = f.one(spot{kind, f.Name(), scope, name}); err != nil {
				return err
			}
		}
		all[name] = all[name].Plus(s)
	}
	f.d.Partners = []PartnerFigures{}
	for id, s := range all {
		if s.Orders > 0 {
			f.d.Partners = append(f.d.Partners, PartnerFigures{id: id, Sums: s})
		}
	}
	slices.SortFunc(f.d.Partners, func(a, b PartnerFigures) int {
		return cmp.Or(cmp.Compare(b.Influenced, a.Influenced), cmp.Compare(a.id, b.id))
	})
	f.d.Partners = f.d.Partners[:min(len(f.d.Partners), topPartners)]
	return f.introduce()
}

// lateNames are the names of a rollup that are not added up yet.
func (r *rollups) lateNames(kind, period, scope string) map[string]sums {
	late := map[string]sums{}
	for at, s := range r.late {
		if at.kind == kind && at.period == period && at.scope == scope {
			late[at.name] = s
		}
	}
	return late
}

// one reads what is added up at one spot.
func (r *rollups) one(at spot) (s sums, err error) {
	err = r.row(`SELECT `+sumNames("")+` FROM totals WHERE kind = $1 AND period = $2 AND scope = $3 AND name = $4`,
		at.kind, at.period, at.scope, at.name).Scan(s.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return sums{}, nil
	}
	return s, err
}

// introduce finds out who the partners are.
func (f *figures) introduce() error {
	args := make([]any, topPartners)
	for i := range args {
		args[i] = ""
		if i < len(f.d.Partners) {
			args[i] = f.d.Partners[i].id
		}
	}
	rows, err := f.rows(`SELECT id, ref, partner_no, name, level, state, enrolled_at IS NOT NULL FROM partners WHERE id IN `+in(1, topPartners), args...)
	known, err := collect(rows, err, func(row scanner) (p PartnerFigures, err error) {
		return p, row.Scan(&p.id, &p.Ref, &p.No, &p.Name, &p.Level, &p.State, &p.Enrolled)
	})
	for _, k := range known {
		for i := range f.d.Partners {
			if f.d.Partners[i].id == k.id {
				k.Sums = f.d.Partners[i].Sums
				f.d.Partners[i] = k
			}
		}
	}
	return err
}

// active counts the partners of the period, its course, and a complete period
// with the same one a year earlier: a count of partners can't be cut by days.
func (f *figures) active() error {
	kind, scope, _, ok := f.by("partner")
	if !ok {
		return nil
	}
	course := f.course()
	compared := f.complete()
	periods := append(slices.Clone(course), f.Name())
	if compared.FY > 0 {
		periods = append(periods, compared.Name(), compared.YearBefore().Name())
	}
	n, err := f.actives(kind, scope, periods)
	if err != nil {
		return err
	}
	a := &ActiveFigures{N: n[f.Name()], Compared: compared, Now: n[compared.Name()], Before: n[compared.YearBefore().Name()]}
	for _, p := range course {
		a.Course = append(a.Course, n[p])
	}
	f.d.Active = a
	return nil
}

// course are the periods of the course: the months until now or, with a filter,
// the quarters since a year before.
func (f *figures) course() (periods []string) {
	if f.filters() == 0 {
		for _, m := range f.Months() {
			if m <= string(f.today[:7]) {
				periods = append(periods, m)
			}
		}
		return periods
	}
	for fy := f.FY - 1; fy <= f.FY; fy++ {
		for q := 1; q <= 4; q++ {
			p := influence.Period{FY: fy, Quarter: q}
			if first, _ := p.Span(); first <= f.today {
				periods = append(periods, p.Name())
			}
		}
	}
	return periods
}

// complete is the selection's period once it is over, else its newest quarter
// that is.
func (f *figures) complete() influence.Period {
	if _, last := f.Span(); f.today >= last {
		return f.Period
	}
	for q := 4; q >= 1 && f.Quarter == 0; q-- {
		p := influence.Period{FY: f.FY, Quarter: q}
		if _, last := p.Span(); f.today >= last {
			return p
		}
	}
	return influence.Period{}
}

// actives reads the number of active partners by period.
func (r *rollups) actives(kind, scope string, periods []string) (map[string]int64, error) {
	padded := sized(periods)
	rows, err := r.rows(`SELECT period, n FROM actives WHERE kind = $1 AND scope = $2 AND period IN `+in(3, len(padded)),
		withPeriods([]any{kind, scope}, padded)...)
	type count struct {
		period string
		n      int64
	}
	all, err := collect(rows, err, func(row scanner) (c count, err error) { return c, row.Scan(&c.period, &c.n) })
	if err != nil {
		return nil, fmt.Errorf("active partners: %w", err)
	}
	n := map[string]int64{}
	for _, c := range all {
		n[c.period] = c.n
	}
	slices.Sort(periods)
	for _, p := range slices.Compact(periods) {
		for name, s := range r.lateNames(kind, p, scope) {
			was, err := r.one(spot{kind, p, scope, name})
			if err != nil {
				return nil, err
			}
			n[p] += active(was.Orders+s.Orders) - active(was.Orders)
		}
	}
	return n, nil
}

func active(orders int64) int64 {
	if orders > 0 {
		return 1
	}
	return 0
}
