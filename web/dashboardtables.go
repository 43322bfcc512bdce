package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// months is the chart: each month links to its orders.
func (b board) months() ui.MonthsProps {
	p := ui.MonthsProps{Label: axisLabel}
	for _, m := range b.d.Months {
		day := influence.Day(m.Month + "-01")
		title := influence.MonthTitle(day)
		before := m.Before.Revenue()
		p.Months = append(p.Months, ui.Month{Name: title[:3], Href: b.rows("month", m.Month, "fy", "", "quarter", ""), Before: before,
			Parts: [3]int64{m.Now.Influenced, m.Now.Unassisted, m.Now.Undecided},
			Title: fmt.Sprintf("%s: influenced %s, unassisted %s, undecided %s; a year before %s", title, influence.FormatMoneyShort(m.Now.Influenced),
				influence.FormatMoneyShort(m.Now.Unassisted), influence.FormatMoneyShort(m.Now.Undecided), influence.FormatMoneyShort(before))})
	}
	return p
}

// axisLabel writes a round amount: $80M, not $80.0M.
func axisLabel(cents int64) string {
	s := influence.FormatMoneyShort(cents)
	if !strings.Contains(s, ".") {
		return s
	}
	unit := s[len(s)-1:]
	return strings.TrimRight(strings.TrimRight(s[:len(s)-1], "0"), ".") + unit
}

// spans are the rows under the chart: quarters of a year, months of a quarter.
func (b board) spans() (all []views.SpanRow) {
	if b.d.Quarter > 0 {
		for _, m := range b.passed() {
			all = append(all, b.span(influence.MonthTitle(influence.Day(m.Month+"-01")), b.rows("month", m.Month, "fy", "", "quarter", ""), m.Now))
		}
		return all
	}
	for q := range 4 {
		var s store.Sums
		for _, m := range b.d.Months[3*q : 3*q+3] {
			s = s.Plus(m.Now)
		}
		if b.d.Months[3*q].Month <= string(b.r.today()[:7]) || s != (store.Sums{}) {
			label := [4]string{"Q1 Jul–Sep", "Q2 Oct–Dec", "Q3 Jan–Mar", "Q4 Apr–Jun"}[q]
			all = append(all, b.span(label, b.rows("quarter", strconv.Itoa(q+1)), s))
		}
	}
	return all
}

func (b board) span(label, href string, s store.Sums) views.SpanRow {
	return views.SpanRow{Label: label, Href: href, Influenced: influence.FormatMoneyShort(s.Influenced), Unassisted: influence.FormatMoneyShort(s.Unassisted),
		Undecided: influence.FormatMoneyShort(s.Undecided), Revenue: influence.FormatMoneyShort(s.Revenue()),
		Rate: influence.Rate{Part: s.Influenced, Whole: s.Revenue()}.String()}
}

// statesShown are the states in the table before the rest is folded.
const statesShown = 5

func (b board) states(m *views.DashboardModel) {
	m.Map.Label = axisLabel
	for _, s := range b.d.States {
		name, href := influence.StateName(s.Code), b.rows("state", s.Code)
		m.Map.States = append(m.Map.States, ui.StateValue{Code: s.Code, Title: name + ": " + influence.FormatMoneyShort(s.Influenced), Href: href, Value: s.Influenced})
		row := views.StateRow{Name: name, Href: href, Influenced: influence.FormatMoneyShort(s.Influenced), Exact: influence.FormatMoney(s.Influenced),
			Share: tenths(influence.Rate{Part: s.Influenced, Whole: b.d.Now.Influenced})}
		if s.Before != nil {
			row.Change = growth(s.Influenced, *s.Before)
		}
		m.States = append(m.States, row)
	}
	m.StatesMore = max(0, len(m.States)-statesShown)
}

// tenths writes a rate with one decimal.
func tenths(r influence.Rate) string {
	points, ok := r.Points()
	if !ok {
		return "–"
	}
	t := (points + 5) / 10
	return fmt.Sprintf("%d.%d\u00a0%%", t/10, t%10)
}

func (b board) lars(m *views.DashboardModel) {
	m.ShowLARs, m.ShowWaiting = b.d.LARs != nil, b.d.Waiting != nil
	if m.LARTitle = "LARs"; b.r.actor.Role == influence.RoleLAR {
		m.LARTitle = "Your desk"
	}
	titles := influence.WaitingTitles()
	m.Waiting, m.Heat = titles[:], []int64{1, 5, 10, 20, 40}
	m.SlowestFirst = len(b.d.LARs) > 1 && b.d.Days != nil
	slices.SortStableFunc(b.d.LARs, slower)
	for _, l := range b.d.LARs {
		row := b.larRow(l)
		row.Href, row.RowsHref = "/lars/"+l.Ref, b.rows("lar", l.Ref)
		if b.r.actor.Role == influence.RoleLAR {
			row.RowsHref = b.rows()
		}
		m.LARs = append(m.LARs, row)
	}
	sum := store.LARFigures{Name: "All LARs", Sums: b.d.Now, Waiting: b.d.Waiting}
	if b.d.Days != nil {
		sum.Days = b.d.Days.Now
	}
	m.LARSum = b.larRow(sum)
	m.LARSum.RowsHref = b.rows()
}

// slower orders LARs by the median days that they take to decide, the slowest
// first, then by what nine of ten take. Who has decided nothing comes last.
func slower(a, b store.LARFigures) int {
	pace := func(l store.LARFigures) (median, p90 int) {
		median, ok := l.Days.Median()
		if !ok {
			return -1, -1
		}
		p90, _ = l.Days.P90()
		return median, p90
	}
	aMedian, aP90 := pace(a)
	bMedian, bP90 := pace(b)
	return cmp.Or(cmp.Compare(bMedian, aMedian), cmp.Compare(bP90, aP90))
}

func (b board) larRow(l store.LARFigures) views.LARRow {
	row := views.LARRow{Name: l.Name, Revenue: influence.FormatMoneyShort(l.Revenue()), Exact: influence.FormatMoney(l.Revenue()), Agreements: number(l.Agreements),
		Coverage: influence.Rate{Part: l.Decided, Whole: l.Agreements}.String(), Attach: influence.Rate{Part: l.Attached, Whole: l.Decided}.String(),
		Decided: l.Decided, Signed: l.Agreements, Median: "–", P90: "–"}
	if median, ok := l.Days.Median(); ok {
		p90, _ := l.Days.P90()
		row.Median, row.P90 = influence.HalfDays(median), strconv.Itoa(p90)
	}
	if l.Waiting == nil {
		return row
	}
	titles := influence.WaitingTitles()
	for i, n := range l.Waiting {
		// What waits, waits now: whatever the period.
		href := b.rows("fy", "", "quarter", "", "lar", l.Ref, "waiting", strconv.Itoa(i+1))
		if b.r.actor.Role == influence.RoleLAR {
			href = b.rows("fy", "", "quarter", "", "waiting", strconv.Itoa(i+1))
		}
		row.Waiting = append(row.Waiting, views.WaitingCell{Count: n, Head: titles[i], Href: href, Label: fmt.Sprintf("%s: %s waiting, days %s", l.Name, number(n), titles[i])})
	}
	return row
}

func (b board) partners(m *views.DashboardModel) {
	if b.d.Partners == nil {
		m.PartnersSay = "Partners are " + notCounted + "."
		return
	}
	var together int64
	for _, p := range b.d.Partners {
		row := views.PartnerRank{Name: p.Name, Href: "/partners/" + p.Ref, Level: p.Level.Title(), Place: p.State, Influenced: influence.FormatMoneyShort(p.Influenced),
			Exact: influence.FormatMoney(p.Influenced), RowsHref: b.rows("partner", p.Ref), Orders: number(p.Orders), Before: together, Own: p.Influenced, Whole: b.d.Now.Influenced}
		if !p.Enrolled {
			row.Place += " · not enrolled"
		}
		together += p.Influenced
		row.Together = influence.Rate{Part: together, Whole: b.d.Now.Influenced}.String()
		m.Partners = append(m.Partners, row)
	}
	m.PartnersSay = fmt.Sprintf("The first %d hold %s of influenced revenue.", len(b.d.Partners), influence.Rate{Part: together, Whole: b.d.Now.Influenced})
	if len(b.d.Partners) == 0 {
		m.PartnersSay = "No partner has a share in an order of this period yet."
	}
}

// facts are the figures behind the tiles, each with its rows.
func (b board) facts() []ui.Fact {
	s := b.d.Now
	money := func(label string, cents int64, href string) ui.Fact {
		return ui.Fact{Label: label, Value: influence.FormatMoney(cents), Href: href}
	}
	all := []ui.Fact{money("Revenue", s.Revenue(), b.rows()), money("Influenced", s.Influenced, b.rows()), money("Unassisted", s.Unassisted, b.rows()),
		money("Undecided", s.Undecided, b.rows()), money("Sourced, within influenced", s.Sourced, b.rows()),
		{Label: "Coverage by amount", Value: influence.Rate{Part: s.Influenced + s.Unassisted, Whole: s.Revenue()}.String(), Href: b.rows()},
		{Label: "Agreements signed", Value: number(s.Agreements), Href: b.rows("by", "signed")},
		{Label: "Decided", Value: number(s.Decided), Href: b.rows("by", "signed", "decided", "yes")},
		{Label: "Undecided agreements", Value: number(s.Agreements - s.Decided), Href: b.rows("by", "signed", "decided", "no")}}
	if b.d.Days != nil {
		if p90, ok := b.d.Days.Now.P90(); ok {
			all = append(all, ui.Fact{Label: "Nine of ten decided within", Value: plural(int64(p90), "business day"), Href: b.rows("by", "answered")})
		}
	}
	if p := b.d.Pipeline; p != nil {
		href := "/claims?state=open"
		if b.r.actor.Role == influence.RoleStaff && b.d.LAR != "" {
			href += "&lar=" + b.d.LAR
		}
		all = append(all, ui.Fact{Label: "Pipeline", Value: fmt.Sprintf("%s in %s", influence.FormatMoneyShort(p.Cents), plural(p.Claims, "open claim")), Href: href, Title: influence.FormatMoney(p.Cents)})
	}
	return all
}
