package store

import (
	"fmt"

	"irm/influence"
)

// statements: the lines of a statement add up to the rollups and to what the
// partner's page says to Microsoft, and each line's arithmetic comes to its part.
func (h *chronicle) statements() {
	for _, p := range []LoadedPartner{h.p.alder, h.p.birch} {
		h.recorded(p)
		h.home(p)
		page, err := h.s.As(staffActor()).Partner(h.test.Context(), texts(h.test, h.s, `SELECT ref FROM partners WHERE id = $1`, p.ID)[0])
		if err != nil {
			h.Fatal(err)
		}
		years := map[string]int64{}
		for _, y := range page.Money {
			years[y.Year] = y.Influenced
		}
		for _, fy := range []int{2006, 2007} {
			whole := influence.Period{FY: fy}
			f := StatementFilter{Period: whole.Name()}
			f.First, f.Last = whole.Span()
			if sum := h.statement(p, f); sum != years[f.Period] {
				h.Errorf("%s: the statement comes to %d, the partner's page says %d", f.Period, sum, years[f.Period])
			}
			f.Program = influence.Select
			h.statement(p, f)
			f.Program, f.LAR = "", h.p.north.Ref
			h.statement(p, f)
			f = StatementFilter{Quarters: []string{fmt.Sprintf("FY%dQ1", fy), fmt.Sprintf("FY%dQ2", fy)}}
			f.First, _ = influence.QuarterSpan(fy, 1)
			_, f.Last = influence.QuarterSpan(fy, 2)
			h.statement(p, f)
		}
	}
}

// statement adds up the lines of one selection and compares them with its sum.
func (h *chronicle) statement(p LoadedPartner, f StatementFilter) (lines int64) {
	v, n := h.s.As(partnerActor(p)), int64(0)
	for l, err := range v.EveryStatementLine(h.test.Context(), f) {
		if err != nil {
			h.Fatal(err)
		}
		lines, n = lines+l.Part, n+1
		x, err := v.Explain(h.test.Context(), l.Agreement, l.OrderNumber)
		if err != nil {
			h.Fatalf("%s of %s is not explained: %v", l.OrderNumber, l.Agreement, err)
		}
		came := x.Floor + x.Extra
		if l.Cents < 0 {
			came = -came
		}
		if came != l.Part || x.Extra < 0 || x.Extra > 1 || x.Decision.Ref == "" || x.Floor*10_000+x.Rest != max(l.Cents, -l.Cents)*l.Points {
			h.Errorf("%s: %d is explained by %+v", l.OrderNumber, l.Part, x)
		}
	}
	sum, ok, err := v.StatementSum(h.test.Context(), f)
	if err != nil || !ok {
		h.Fatalf("%+v has no sum: %v", f, err)
	}
	if sum.Influenced != lines || sum.Orders != n {
		h.Errorf("%+v: %d lines come to %d, the rollup says %d of %d", f, n, lines, sum.Influenced, sum.Orders)
	}
	f.Limit = 2
	first, err := v.Statement(h.test.Context(), f)
	if err != nil || n > 0 && len(first.Rows) == 0 {
		h.Errorf("the first page has %d of %d lines: %v", len(first.Rows), n, err)
	}
	return lines
}
