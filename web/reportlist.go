package web

import (
	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func reportFilter(q *Fields) store.ReportFilter {
	return store.ReportFilter{State: store.ReportState(q.Get("state")), LAR: q.Get("lar"), Reversed: turned(q), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
}

// reportHead is the filter bar of the list.
func (r *request) reportHead(q *Fields) (views.ListModel, error) {
	states := []ui.Option{{Value: "", Label: "Any"}}
	for _, st := range []store.ReportState{store.ReportReading, store.ReportMapping, store.ReportPreview, store.ReportCommitting, store.ReportCommitted, store.ReportUndone} {
		states = append(states, ui.Option{Value: string(st), Label: reportWords[st].title})
	}
	m := views.ListModel{Order: r.order(), Action: "/reports", Exports: r.exports("/reports"), Sorted: r.sorted("/reports", "Uploaded", true),
		Filters: []ui.FieldProps{selectField("state", "State", q.Get("state"), states)}}
	if r.actor.Role == influence.RoleStaff {
		lars, err := r.larOptions(q.Get("lar"), "All LARs")
		if err != nil {
			return m, err
		}
		m.Filters = append(m.Filters, selectField("lar", "LAR", q.Get("lar"), lars))
	}
	m.Chips = r.chips("/reports", map[string]string{"state": reportWords[store.ReportState(q.Get("state"))].title, "lar": r.larChip(q.Get("lar"))})
	m.Filtered = len(m.Chips) > 0
	return m, nil
}
