package web

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"

	"irm/influence"
	"irm/sheet"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// statementFilter reads the period and the filters from the address; without a
// period it is the fiscal year that runs.
func (r *request) statementFilter(q *Fields) (f store.StatementFilter, words string, err error) {
	f = store.StatementFilter{Program: influence.Program(q.Get("program")), LAR: q.Get("lar"), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
	if f.Program != "" && !slices.Contains(influence.Programs(), f.Program) {
		return f, "", influence.Invalid{"program": "A program is enterprise or select."}
	}
	if f.First, f.Last, words, err = periodOf(q); err != nil {
		return f, words, err
	}
	fy := influence.FiscalYear(r.today())
	if words != "" {
		fy = influence.FiscalYear(f.First)
	}
	quarter, half := q.Get("quarter"), q.Get("half")
	if err := oneSpan(q.Get("month"), quarter, half); err != nil {
		return f, words, err
	}
	switch n := int(atoi(quarter + half)); {
	case q.Get("month") != "":
		f.Period = q.Get("month")
	case half != "":
		words = fmt.Sprintf("FY%d H%d", fy, n)
		for i := 2*n - 1; i <= 2*n; i++ {
			f.Quarters = append(f.Quarters, influence.Period{FY: fy, Quarter: i}.Name())
		}
		f.First, _ = influence.QuarterSpan(fy, 2*n-1)
		_, f.Last = influence.QuarterSpan(fy, 2*n)
	case quarter != "":
		f.Period, words = influence.Period{FY: fy, Quarter: n}.Name(), fmt.Sprintf("FY%d Q%d", fy, n)
		f.First, f.Last = influence.QuarterSpan(fy, n)
	default:
		f.Period, words = influence.Period{FY: fy}.Name(), fmt.Sprintf("FY%d", fy)
		f.First, f.Last = influence.FiscalYearSpan(fy)
	}
	return f, words, nil
}

// oneSpan refuses parts of a year that are none, and two of them at once: the sum
// and the orders are those of one span.
func oneSpan(month, quarter, half string) error {
	v := influence.Invalid{}
	v.Check(quarter == "" || len(quarter) == 1 && quarter >= "1" && quarter <= "4", "quarter", "A quarter is 1, 2, 3 or 4.")
	v.Check(half == "" || half == "1" || half == "2", "half", "A half is 1 or 2.")
	v.Check(quarter == "" || half == "", "half", "Choose a half or a quarter, not both.")
	v.Check(month == "" || quarter+half == "", "month", "Choose a month or a part of a year, not both.")
	return v.OrNil()
}

// statement lists what the partner influenced in a period, order by order.
func (s *server) statement(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	f, words, err := r.statementFilter(q)
	if err != nil {
		return err
	}
	page, err := r.store.Statement(r.Request().Context(), f)
	if err != nil {
		return err
	}
	m := views.StatementModel{Period: words, Printed: instantText(r.now(), r.zone()), By: r.actor.Name, Company: r.actor.OrgName, Filter: r.statementHead(q, page)}
	sum, ok, err := r.store.StatementSum(r.Request().Context(), f)
	if err != nil {
		return err
	}
	if m.Total = "Not available for this selection"; ok {
		m.Total, m.Note = influence.FormatMoney(sum.Influenced), plural(sum.Orders, "order")
	}
	for _, l := range page.Rows {
		m.Lines = append(m.Lines, statementItem(l))
	}
	return r.html(http.StatusOK, views.Statement(r.page("Statement"), m))
}

func statementItem(l store.StatementLine) views.StatementItem {
	return views.StatementItem{Customer: l.Customer, Number: l.Number, Href: "/agreements/" + l.Agreement, LAR: l.LAR, Order: l.OrderNumber, Kind: orderTitle(l.Kind),
		Date: influence.FormatDay(l.OrderedOn), Amount: influence.FormatMoney(l.Cents), Percent: influence.FormatPercent(l.Points), Part: influence.FormatMoney(l.Part),
		Explain: "/statement/" + l.Agreement + "?order=" + url.QueryEscape(l.OrderNumber)}
}

func (r *request) statementHead(q *Fields, page store.Page[store.StatementLine]) views.ListModel {
	m := views.ListModel{Action: "/statement", Exports: r.exports("/statement"), Empty: len(page.Rows) == 0, Count: counted(len(page.Rows), page.Older+page.Newer != "")}
	var years []ui.Option
	for fy := influence.FiscalYear(r.today()); len(years) < 10; fy-- {
		years = append(years, ui.Option{Value: fmt.Sprint(fy), Label: fmt.Sprintf("FY%d", fy)})
	}
	m.Filters = []ui.FieldProps{selectField("fy", "Fiscal year", q.Get("fy"), years),
		selectField("half", "Half", q.Get("half"), []ui.Option{{Value: "", Label: "Both"}, {Value: "1", Label: "H1"}, {Value: "2", Label: "H2"}}),
		selectField("quarter", "Quarter", q.Get("quarter"), []ui.Option{{Value: "", Label: "All"}, {Value: "1", Label: "Q1"}, {Value: "2", Label: "Q2"}, {Value: "3", Label: "Q3"}, {Value: "4", Label: "Q4"}}),
		selectField("program", "Program", q.Get("program"), []ui.Option{{Value: "", Label: "Both"}, {Value: "enterprise", Label: "Enterprise"}, {Value: "select", Label: "Select"}})}
	m.Chips = r.chips("/statement", map[string]string{"program": programTitleOr(q.Get("program")), "lar": r.larChip(q.Get("lar")), "month": monthChip(q)})
	m.Filtered = len(m.Chips) > 0
	m.Older, m.Newer = r.neighbours("/statement", page.Older, page.Newer)
	return m
}

// statementExplain shows how one line of the statement comes about.
func (s *server) statementExplain(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	x, err := r.store.Explain(r.Request().Context(), r.Param("ref"), q.Get("order"))
	if err != nil {
		return err
	}
	d := x.Decision
	m := views.ExplainModel{Customer: x.Customer, Part: influence.FormatMoney(x.Order.Part), Facts: []ui.Fact{
		{Label: "Agreement", Value: x.Number, Href: "/agreements/" + x.Ref},
		{Label: "Order", Value: fmt.Sprintf("%s, %s of %s, version %d", x.Order.Number, orderTitle(x.Order.Kind), influence.FormatDay(x.Order.OrderedOn), x.Version)},
		{Label: "Amount", Value: influence.FormatMoney(x.Order.Cents)},
		{Label: "Counts on", Value: influence.FormatDay(x.Counted) + ", the later of the order’s day and the signing day"},
		{Label: "Decision in force that day", Value: d.Ref + ", " + basisTitle(d.Basis)},
		{Label: "Decided by", Value: d.By + ", " + d.LAR},
		{Label: "Recorded", Value: instantText(d.At, r.zone())},
		{Label: "Program settings", Value: fmt.Sprintf("Version %d, in force when it was recorded", r.s.store.Settings().Version), Href: "/help/claims"},
		{Label: "Your share", Value: influence.FormatPercent(x.Share.Points)}}}
	m.Steps = explainSteps(x)
	return r.html(http.StatusOK, views.Explain(r.page("Explain this number"), m))
}

// explainSteps writes the arithmetic down, with its rounding.
func explainSteps(x store.Explanation) []string {
	amount := x.Order.Cents
	if amount < 0 {
		amount = -amount
	}
	steps := []string{fmt.Sprintf("%s × %s = %s, and %d ten-thousandths of a cent are left.", influence.FormatMoney(amount), influence.FormatPercent(x.Share.Points), influence.FormatMoney(x.Floor), x.Rest)}
	if x.Holders > 1 {
		steps = append(steps, fmt.Sprintf("The shares of all %d partners together are %s of the order: %s, rounded half up to a cent. Cents left over go one each to the largest remainders.",
			x.Holders, influence.FormatPercent(x.Points), influence.FormatMoney(x.Influenced)))
	} else {
		steps = append(steps, "A share that stands alone is rounded half up to a cent.")
	}
	if x.Extra > 0 {
		steps = append(steps, fmt.Sprintf("%s and %d cent are %s.", influence.FormatMoney(x.Floor), x.Extra, influence.FormatMoney(x.Floor+x.Extra)))
	}
	if x.Order.Cents < 0 {
		steps = append(steps, "The order is a credit, so your part is below zero.")
	}
	return append(steps, "Your part is "+influence.FormatMoney(x.Order.Part)+".")
}

// exportStatement writes the statement's lines; sums are not among them.
func exportStatement(rows iter.Seq2[store.StatementLine, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement_number"), text("program"), text("customer"), text("lar"), text("order_number"), text("order_kind"), day("ordered_on"),
		money("amount"), text("share_percent"), money("own_part")}
	return write(w, columns, rows, func(l store.StatementLine) []any {
		return []any{l.Agreement, l.Number, string(l.Program), l.Customer, l.LAR, l.OrderNumber, string(l.Kind), string(l.OrderedOn), l.Cents, percentTyped(l.Points), l.Part}
	})
}
