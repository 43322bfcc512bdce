package web

import (
	"fmt"

	"irm/influence"
	"irm/views"
	"irm/views/ui"
)

// serviceItem is a LAR's service record in a list, dashes where there are too few
// decisions or the viewer is not told.
func (r *request) serviceItem(x influence.ServiceRecord) views.ServiceItem {
	if !x.Shown(r.s.Store.Settings()) {
		return views.ServiceItem{Days: "–", Confirms: "–", Lost: "–"}
	}
	twice, _ := x.Days.Median()
	return views.ServiceItem{Days: halfDays(twice), Confirms: x.Confirms().String(), Lost: lostDisputes(x)}
}

func lostDisputes(x influence.ServiceRecord) string {
	if x.Ruled == 0 {
		return "None ruled"
	}
	return fmt.Sprintf("%d of %d", x.Lost, x.Ruled)
}

// halfDays writes twice a number of days.
func halfDays(twice int) string {
	if twice == 2 {
		return "1 day"
	}
	return influence.HalfDays(twice) + " days"
}

// halfBusinessDays writes twice a number of business days.
func halfBusinessDays(twice int) string {
	if twice == 2 {
		return "1 business day"
	}
	return influence.HalfDays(twice) + " business days"
}

// serviceModel is the service record on a LAR's page; nil for who is not told.
func (r *request) serviceModel(all map[string]influence.ServiceRecord, ref string) *views.ServiceModel {
	x, told := all[ref]
	if !told {
		return nil
	}
	set := r.s.Store.Settings()
	from, _, _ := influence.ServiceSpan(r.today(), set)
	m := &views.ServiceModel{Span: influence.FormatDay(from) + " – " + influence.FormatDay(r.today()), Rule: serviceRule(set)}
	if !x.Shown(set) {
		return m
	}
	twice, _ := x.Days.Median()
	p90, _ := x.Days.P90()
	m.Facts = []ui.Fact{
		{Label: "Decisions", Value: number(x.Days.N())},
		{Label: "Median time to decision", Value: halfBusinessDays(twice)},
		{Label: "Nine of ten within", Value: plural(int64(p90), "business day")},
		{Label: "Confirms", Value: fmt.Sprintf("%s, %s of %s answered", x.Confirms(), number(x.Confirmed), plural(x.Answered, "claim"))},
		{Label: "Disputes lost", Value: lostDisputes(x)},
	}
	return m
}

// serviceRule says from when on there is a record.
func serviceRule(set influence.Settings) string {
	return fmt.Sprintf("A service record is shown from %s in %s on.", plural(int64(set.ServiceRecordDecisions), "decision"), plural(int64(set.ServiceRecordMonths), "month"))
}
