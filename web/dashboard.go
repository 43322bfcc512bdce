package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// dashboard shows the figures of a selection to Microsoft, and to a LAR its own.
func (s *server) dashboard(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	status := http.StatusOK
	sel, err := r.selection(q)
	var d store.Dashboard
	if err == nil {
		d, err = r.store.Dashboard(r.Request().Context(), sel)
	}
	wrong, refused := invalid(err)
	if refused { // the figures of everything, and what is wrong with the selection
		status = http.StatusUnprocessableEntity
		d, err = r.store.Dashboard(r.Request().Context(), store.Selection{Period: influence.Period{FY: influence.FiscalYear(r.today())}})
	}
	if err != nil {
		return err
	}
	b := board{r: r, d: d}
	m, err := b.model(q)
	if err != nil {
		return err
	}
	m.Wrong = sentences(wrong)
	if r.actor.Role == influence.RoleStaff { // a LAR has them in its inbox
		if m.Disputes, err = r.disputesDue(); err != nil {
			return err
		}
	}
	p := r.page("Dashboard")
	p.Wide = true
	p.PrintedAt = fmt.Sprintf("%s · printed %s by %s, %s", d.Title(), instantText(r.now(), r.zone()), r.actor.Name, r.actor.OrgName)
	return r.html(status, views.Dashboard(p, m))
}

// selection reads what the dashboard is to show; without a year the one that runs.
func (r *request) selection(q *Fields) (store.Selection, error) {
	sel := store.Selection{Program: influence.Program(q.Get("program")), LAR: q.Get("lar"), State: strings.ToUpper(q.Get("state"))}
	sel.FY = influence.FiscalYear(r.today())
	if typed := q.Get("fy"); typed != "" {
		fy, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(typed), "FY"))
		if err != nil {
			return sel, influence.Invalid{"fy": "A fiscal year is written 2007."}
		}
		sel.FY = fy
	}
	if typed := q.Get("quarter"); typed != "" {
		quarter, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(typed), "Q"))
		if err != nil || quarter < 1 || quarter > 4 {
			return sel, influence.Invalid{"quarter": "A quarter is 1 to 4."}
		}
		sel.Quarter = quarter
	}
	return sel, nil
}

// board is a dashboard on its way to the page.
type board struct {
	r *request
	d store.Dashboard
}

// rows is the address of the agreements behind a figure: those of the selection,
// with further fields in pairs of name and value. "" takes a field away.
func (b board) rows(more ...string) string {
	v := url.Values{"fy": {strconv.Itoa(b.d.FY)}}
	set := func(name, value string) {
		v.Del(name)
		if value != "" {
			v.Set(name, value)
		}
	}
	if b.d.Quarter > 0 {
		set("quarter", strconv.Itoa(b.d.Quarter))
	}
	set("program", string(b.d.Program))
	set("state", b.d.State)
	if b.r.actor.Role == influence.RoleStaff {
		set("lar", b.d.LAR)
	}
	for i := 0; i+1 < len(more); i += 2 {
		set(more[i], more[i+1])
	}
	return "/agreements?" + v.Encode()
}

func (b board) model(q *Fields) (m views.DashboardModel, err error) {
	d := b.d
	first, last := d.Span()
	m.Title, m.Over = "Influence revenue, "+d.Title(), influence.FormatDay(first)+" – "+influence.FormatDay(last)
	if b.r.actor.Role == influence.RoleLAR {
		m.Over = d.LARName + " · " + m.Over
	}
	if d.Before != nil {
		before, _ := d.YearBefore().Span()
		m.Over += ", compared with " + influence.FormatDay(before) + " – " + influence.FormatDay(d.Until)
	}
	if m.Filters, m.Chips, err = b.filters(); err != nil {
		return m, err
	}
	if m.Yours, err = b.yours(); err != nil {
		return m, err
	}
	m.Empty = d.Now == (store.Sums{}) && (d.Before == nil || *d.Before == (store.Sums{}))
	m.EmptyText = "Figures appear with the first orders that a LAR reports for this period."
	if len(m.Chips) > 0 {
		m.EmptyText = "The selection leaves nothing to count."
	}
	m.Tiles = b.tiles()
	m.Months, m.BeforeName = b.months(), d.YearBefore().Title()
	m.Quarters, m.Sum = b.spans(), b.span(d.Title(), b.rows(), d.Now)
	b.states(&m)
	b.lars(&m)
	b.partners(&m)
	m.Facts = b.facts()
	return m, nil
}

// yours is what waits for the reader.
func (b board) yours() ([]views.YourCount, error) {
	if b.r.actor.Role != influence.RoleLAR {
		return nil, nil
	}
	counts, err := b.r.inboxCounts()
	if err != nil {
		return nil, err
	}
	var all []views.YourCount
	for _, tab := range []struct{ name, words string }{{"decide", "to decide"}, {"unclaimed", "without a claim"}} {
		if n := counts[tab.name].Agreements; n > 0 {
			all = append(all, views.YourCount{Count: number(n), Label: tab.words, Href: "/inbox?tab=" + tab.name})
		}
	}
	return all, nil
}

// filters are the choices above the figures, and what is chosen.
func (b board) filters() ([]ui.FieldProps, []ui.Chip, error) {
	d := b.d
	var years []ui.Option
	for _, fy := range d.Years {
		years = append(years, ui.Option{Value: strconv.Itoa(fy), Label: fmt.Sprintf("FY%d", fy)})
	}
	quarters := []ui.Option{{Value: "", Label: "Whole year"}, {Value: "1", Label: "Q1 Jul–Sep"}, {Value: "2", Label: "Q2 Oct–Dec"}, {Value: "3", Label: "Q3 Jan–Mar"}, {Value: "4", Label: "Q4 Apr–Jun"}}
	quarter := ""
	if d.Quarter > 0 {
		quarter = strconv.Itoa(d.Quarter)
	}
	fields := []ui.FieldProps{selectField("fy", "Fiscal year", strconv.Itoa(d.FY), years), selectField("quarter", "Quarter", quarter, quarters),
		selectField("program", "Program", string(d.Program), []ui.Option{{Value: "", Label: "Both"}, {Value: "enterprise", Label: "Enterprise"}, {Value: "select", Label: "Select"}})}
	words := map[string]string{"program": programTitleOr(string(d.Program)), "state": influence.StateName(d.State)}
	if b.r.actor.Role == influence.RoleStaff {
		lars, err := b.r.larOptions(d.LAR, "All LARs")
		if err != nil {
			return nil, nil, err
		}
		fields = append(fields, selectField("lar", "LAR", d.LAR, lars))
		words["lar"] = d.LARName
	}
	return append(fields, selectField("state", "State", d.State, anyState())), b.r.chips("/dashboard", words), nil
}

// tiles are the headline numbers, influenced revenue first.
func (b board) tiles() []ui.TileProps {
	d := b.d
	first := ui.TileProps{Label: "Influenced revenue", Href: b.rows(), Number: influence.FormatMoneyShort(d.Now.Influenced), Exact: influence.FormatMoney(d.Now.Influenced), First: true}
	first.Note = influence.Rate{Part: d.Now.Influenced, Whole: d.Now.Revenue()}.String() + " of " + influence.FormatMoneyShort(d.Now.Revenue())
	if d.Before != nil {
		if first.Delta = growth(d.Now.Influenced, d.Before.Influenced); first.Delta != nil {
			first.Delta.On, first.Note = "on "+d.YearBefore().Title(), "· "+first.Note
		}
	}
	coverage := b.rateTile("Coverage", b.rows("by", "signed"), func(s store.Sums) influence.Rate { return influence.Rate{Part: s.Decided, Whole: s.Agreements} })
	attach := b.rateTile("Attach rate", b.rows("by", "signed", "decided", "yes"), func(s store.Sums) influence.Rate { return influence.Rate{Part: s.Attached, Whole: s.Decided} })
	for _, m := range b.passed() {
		first.Spark = append(first.Spark, m.Now.Influenced)
	}
	return []ui.TileProps{first, coverage, attach, b.daysTile(), b.activeTile()}
}

// passed are the months of the selection that have begun.
func (b board) passed() []store.MonthFigures {
	for i, m := range b.d.Months {
		if m.Month > string(b.r.today()[:7]) {
			return b.d.Months[:i]
		}
	}
	return b.d.Months
}

// growth is the change in percent; nil where there is nothing to compare with.
func growth(now, before int64) *ui.Delta {
	if before <= 0 {
		return nil
	}
	tenths := int64((float64(now) - float64(before)) / float64(before) * 1000)
	text := fmt.Sprintf("%d.%d\u00a0%%", magnitude(tenths)/10, magnitude(tenths)%10)
	if magnitude(tenths) >= 1000 {
		text = number(magnitude(tenths)/10) + "\u00a0%"
	}
	return &ui.Delta{By: now - before, Text: text, Good: now >= before}
}

func magnitude(n int64) int64 { return max(n, -n) }

func (b board) rateTile(label, href string, of func(store.Sums) influence.Rate) ui.TileProps {
	t := ui.TileProps{Label: label, Href: href, Number: of(b.d.Now).String(), Exact: number(of(b.d.Now).Part) + " of " + number(of(b.d.Now).Whole)}
	now, ok := of(b.d.Now).Points()
	if b.d.Before != nil && ok {
		if before, ok := of(*b.d.Before).Points(); ok {
			points := (now+50)/100 - (before+50)/100
			if points == 0 {
				t.Note = "as a year before"
				return b.sparked(t, of)
			}
			t.Delta = &ui.Delta{By: points, Text: plural(magnitude(points), "point"), Good: points >= 0}
		}
	}
	return b.sparked(t, of)
}

// sparked adds the course of a rate by month.
func (b board) sparked(t ui.TileProps, of func(store.Sums) influence.Rate) ui.TileProps {
	for _, m := range b.passed() {
		if points, ok := of(m.Now).Points(); ok {
			t.Spark = append(t.Spark, points)
		}
	}
	return t
}

func plural(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return number(n) + " " + word + "s"
}

const notCounted = "not available for this selection"

func (b board) daysTile() ui.TileProps {
	t := ui.TileProps{Label: "Median time to decision", Number: "–"}
	days := b.d.Days
	if days == nil {
		t.Note = notCounted
		return t
	}
	now, ok := days.Now.Median()
	if !ok {
		t.Note = "no decision yet"
		return t
	}
	t.Href, t.Number, t.Unit = b.rows("by", "answered"), influence.HalfDays(now), "business days"
	if before, ok := days.Before.Median(); ok && before != now {
		t.Delta = &ui.Delta{By: int64(now - before), Text: influence.HalfDays(int(magnitude(int64(now-before)))) + " days", Good: now <= before}
	}
	for _, h := range days.Months {
		if m, ok := h.Median(); ok {
			t.Spark = append(t.Spark, int64(m))
		}
	}
	return t
}

func (b board) activeTile() ui.TileProps {
	t := ui.TileProps{Label: "Active partners", Number: "–"}
	a := b.d.Active
	if a == nil {
		t.Note = notCounted
		return t
	}
	t.Number, t.Href, t.Spark = number(a.N), b.partnersHref(), a.Course
	if a.Compared.FY > 0 {
		if t.Delta = growth(a.Now, a.Before); t.Delta != nil {
			t.Delta.On = fmt.Sprintf("on %s", a.Compared.YearBefore().Title())
			if a.Compared != b.d.Period {
				t.Delta.On = fmt.Sprintf("in Q%d on %s", a.Compared.Quarter, a.Compared.YearBefore().Title())
			}
		}
	}
	return t
}

// partnersHref is the list of the partners that are active in the selection.
func (b board) partnersHref() string {
	v := url.Values{"active": {b.d.Name()}}
	for name, value := range map[string]string{"program": string(b.d.Program), "customer_state": b.d.State} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if b.r.actor.Role == influence.RoleStaff && b.d.LAR != "" {
		v.Set("lar", b.d.LAR)
	}
	return "/partners?" + v.Encode()
}
