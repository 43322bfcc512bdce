package web

import (
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func customerFilter(q *Fields) store.CustomerFilter {
	return store.CustomerFilter{Reversed: turned(q), State: strings.ToUpper(q.Get("state")), Query: q.Get("q"), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
}

// customerList shows the customers with who spells them how.
func (s *server) customerList(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Customers(r.Request().Context(), customerFilter(q))
	if err != nil {
		return err
	}
	m := views.CustomerListModel{ListModel: views.ListModel{Order: r.order(), Sorted: r.sorted("/customers", "Customer", false), Action: "/customers", Exports: r.exports("/customers")}}
	m.Filters = []ui.FieldProps{{Name: "q", Label: "Name or spelling", Kind: "search", Value: q.Get("q")}, selectField("state", "State", strings.ToUpper(q.Get("state")), anyState())}
	m.Chips = r.chips("/customers", map[string]string{"q": q.Get("q"), "state": influence.StateName(strings.ToUpper(q.Get("state")))})
	m.Filtered = len(m.Chips) > 0
	m.Older, m.Newer = r.neighbours("/customers", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, c := range page.Rows {
		item := views.CustomerItem{Name: c.Name, Ref: c.Ref, Place: influence.StateName(c.State)}
		for _, a := range c.Aliases {
			item.Spellings = append(item.Spellings, views.Spelling{Name: a.Name, By: a.By})
		}
		m.Rows = append(m.Rows, item)
	}
	return r.html(http.StatusOK, views.CustomerList(r.page("Customers"), m))
}
