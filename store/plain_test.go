package store

import (
	"maps"
	"slices"
	"testing"

	"irm/influence"
)

// plain computes figures anew, slowly, from the orders and decisions of every
// agreement: what rollups must come to.
type plain struct {
	now, before Sums
	months      map[string]Sums
	states      map[string]Sums
	statesSame  map[string]Sums // of the days compared
	lars        map[string]Sums
	partners    map[string]Sums
	active      map[string]map[string]bool // by month and quarter
	waiting     map[string]Waiting
	pipeline    PipelineFigures
}

// facts of every agreement that stands.
func allFacts(t testing.TB, s *Store) (all []facts) {
	t.Helper()
	rows, err := s.db.Query(`SELECT ` + agreementColumns + ` FROM agreements a WHERE NOT a.withdrawn ORDER BY a.id`)
	agreements, err := collect(rows, err, scanAgreement)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range agreements {
		f, err := factsOf(reader{t.Context(), s.db}, a)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// plainly computes the figures of a selection; lar is the id of its LAR.
func plainly(t testing.TB, s *Store, all []facts, sel Selection, lar string) plain {
	t.Helper()
	p := plain{months: map[string]Sums{}, states: map[string]Sums{}, statesSame: map[string]Sums{}, lars: map[string]Sums{}, partners: map[string]Sums{},
		active: map[string]map[string]bool{}, waiting: map[string]Waiting{}}
	_, _, until := sel.SameDays(s.clock.Today())
	for _, f := range all {
		if sel.Program != "" && f.Program != sel.Program || lar != "" && f.LAR != lar || sel.State != "" && f.State != sel.State {
			continue
		}
		p.agreement(f, sel.Period, until)
	}
	p.desks(t, s, lar)
	return p
}

// agreement counts an agreement by its signing day and its orders by theirs.
func (p *plain) agreement(f facts, period influence.Period, until influence.Day) {
	signed := Sums{Agreements: 1}
	for _, span := range influence.Spans(f.Decisions) {
		signed.Decided = 1
		if len(span.Decision.Shares) > 0 {
			signed.Attached = 1
		}
	}
	p.count(f, period, until, f.SignedOn, "", signed)
	for _, o := range f.Orders {
		parts := influence.PartsOf(o, f.SignedOn, f.Decisions)
		whole := Sums{Influenced: parts.Influenced, Unassisted: parts.Unassisted, Undecided: parts.Undecided, Orders: 1}
		for _, sh := range parts.Shares {
			own := Sums{Influenced: sh.Cents, Orders: 1}
			if sh.Primary && sh.Kind == influence.Sourced {
				own.Sourced = sh.Cents
				whole.Sourced += sh.Cents
			}
			p.count(f, period, until, o.OrderedOn, sh.PartnerID, own)
		}
		p.count(f, period, until, o.OrderedOn, "", whole)
	}
}

// count adds sums of a day: of a partner, or of all.
func (p *plain) count(f facts, period influence.Period, until, on influence.Day, partner string, s Sums) {
	first, last := period.Span()
	if partner != "" {
		for _, name := range []string{string(on[:7]), quarterOf(on), yearOf(on)} {
			if p.active[name] == nil {
				p.active[name] = map[string]bool{}
			}
			p.active[name][partner] = true
		}
		if on >= first && on <= last {
			p.partners[partner] = p.partners[partner].Plus(s)
		}
		return
	}
	p.months[string(on[:7])] = p.months[string(on[:7])].Plus(s)
	if on >= first && on <= last {
		p.now, p.states[f.State], p.lars[f.LAR] = p.now.Plus(s), p.states[f.State].Plus(s), p.lars[f.LAR].Plus(s)
	}
	if from, _ := period.YearBefore().Span(); until != "" && on >= from && on <= until {
		p.before, p.statesSame[f.State] = p.before.Plus(s), p.statesSame[f.State].Plus(s)
	}
}

// desks counts what waits, by the age of its turn, and the open claims.
func (p *plain) desks(t testing.TB, s *Store, lar string) {
	t.Helper()
	rows, err := s.db.Query(`SELECT lar_id, due FROM inbox_now WHERE tab = 'decide'`)
	type desk struct{ lar, due string }
	all, err := collect(rows, err, func(row scanner) (d desk, err error) { return d, row.Scan(&d.lar, &d.due) })
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		w := p.waiting[d.lar]
		w[age(influence.TurnBegan(influence.Day(d.due), s.settings), s.clock.Today())]++
		p.waiting[d.lar] = w
	}
	condition, args := ``, []any{}
	if lar != "" {
		condition, args = ` AND lar_id = $1`, []any{lar}
	}
	err = s.db.QueryRow(`SELECT count(*), CAST(coalesce(sum(cents), 0) AS BIGINT) FROM claims WHERE state IN ('waiting', 'intent', 'attached', 'action_required')`+condition, args...).
		Scan(&p.pipeline.Claims, &p.pipeline.Cents)
	if err != nil {
		t.Fatal(err)
	}
}

// age is the class of a turn that began on a day, counted day by day.
func age(began, today influence.Day) int {
	days := 0
	for d := began; d < today; d = d.AddDays(1) {
		days++
	}
	class := 0
	for _, n := range []int{7, 30, 60, 90} {
		if days >= n {
			class++
		}
	}
	return class
}

// differs says what of a dashboard is not as computed plainly; "" if nothing.
func (p plain) differs(d Dashboard, s *Store) []string {
	var wrong []string
	same := func(what string, got, want any) {
		if got != want {
			wrong = append(wrong, what+": "+sprint(got)+", computed plainly "+sprint(want))
		}
	}
	same("the selection", d.Now, p.now)
	if d.Before != nil {
		same("the same days a year before", *d.Before, p.before)
	}
	for i, m := range d.Months {
		same(m.Month, m.Now, p.months[m.Month])
		before := d.YearBefore().Months()[i]
		same(before, m.Before, p.months[before])
	}
	for _, st := range d.States {
		same("state "+st.Code, [2]int64{st.Influenced, st.Revenue}, [2]int64{p.states[st.Code].Influenced, p.states[st.Code].Revenue()})
		if st.Before != nil {
			same("state "+st.Code+" a year before", *st.Before, p.statesSame[st.Code].Influenced)
		}
	}
	if d.State == "" && d.States != nil {
		missingFrom(p.states, d.States, func(n StateFigures) string { return n.Code }, &wrong)
	}
	for _, l := range d.LARs {
		same("LAR "+l.Name, l.Sums, p.lars[l.id])
		if l.Waiting != nil {
			same("waiting at "+l.Name, *l.Waiting, p.waiting[l.id])
		}
	}
	for i, r := range d.Partners {
		same("partner "+r.Name, r.Sums, p.partners[r.id])
		if i > 0 && r.Influenced > d.Partners[i-1].Influenced {
			wrong = append(wrong, "partners are not in order")
		}
	}
	if d.Partners != nil && len(d.Partners) < min(topPartners, len(p.partners)) {
		wrong = append(wrong, "partners are missing: "+sprint(slices.Collect(maps.Keys(p.partners))))
	}
	if d.Active != nil {
		same("active partners", d.Active.N, int64(len(p.active[d.Name()])))
		if d.Active.Compared.FY > 0 {
			same("active in "+d.Active.Compared.Name(), d.Active.Now, int64(len(p.active[d.Active.Compared.Name()])))
			same("active a year before", d.Active.Before, int64(len(p.active[d.Active.Compared.YearBefore().Name()])))
		}
	}
	if d.Pipeline != nil {
		same("pipeline", *d.Pipeline, p.pipeline)
	}
	return wrong
}

// missingFrom names what was computed plainly and is not shown.
func missingFrom[T any](want map[string]Sums, shown []T, name func(T) string, wrong *[]string) {
	for code, s := range want {
		if s.Influenced+s.Unassisted+s.Undecided != 0 && !slices.ContainsFunc(shown, func(x T) bool { return name(x) == code }) {
			*wrong = append(*wrong, code+" is not shown")
		}
	}
}
