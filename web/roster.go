package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func rosterFilter(q *Fields) store.RosterFilter {
	p := partnerFilter(q)
	return store.RosterFilter{Reversed: p.Reversed, Level: p.Level, State: p.State, Enrolled: p.Enrolled, Gone: q.Get("gone") == "yes", Query: p.Query, After: p.After, Before: p.Before, Limit: pageSize}
}

// rosterShow is Microsoft's list of known partners, with its last import.
func (s *server) rosterShow(r *request) error { return r.rosterPage(http.StatusOK, nil) }

func (r *request) rosterPage(status int, wrong influence.Invalid) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Roster(r.Request().Context(), rosterFilter(q))
	if err != nil {
		return err
	}
	m := views.RosterModel{ListModel: r.partnerHead("/roster", q), Columns: rosterColumns(), Error: wrong["file"], Problems: problems(wrong)}
	m.Sorted = r.sorted("/roster", "Partner", false)
	m.Filters = append(m.Filters, selectField("gone", "Current roster", q.Get("gone"), []ui.Option{{Value: "", Label: "All rows"}, {Value: "yes", Label: "Not on it"}}))
	m.Older, m.Newer = r.neighbours("/roster", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, x := range page.Rows {
		m.Rows = append(m.Rows, views.RosterItem{No: x.PartnerNo, Name: x.Name, Href: "/partners/" + x.PartnerRef, Level: string(x.Level), Place: influence.StateName(x.State), City: orDash(x.City),
			Contact: orDash(x.ContactName), Email: x.ContactEmail, Enrolled: x.Enrolled, Gone: x.Gone})
	}
	if m.Last, err = r.lastImport(); err != nil {
		return err
	}
	return r.html(status, views.Roster(r.page(formTitle("Roster", wrong)), m))
}

func rosterColumns() []views.RosterColumn {
	var all []views.RosterColumn
	for _, c := range influence.RosterColumns() {
		needed := "if you have it"
		if c.Required {
			needed = "always"
		}
		all = append(all, views.RosterColumn{Name: c.Name, Needed: needed})
	}
	return all
}

func (r *request) lastImport() (*views.RosterImportModel, error) {
	d, err := r.store.LastRosterImport(r.Request().Context())
	if errors.Is(err, influence.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &views.RosterImportModel{File: d.FileName, When: instantText(d.At, r.zone()), By: d.By}
	for _, c := range []struct {
		label string
		n     int64
	}{{"Partners", d.Partners}, {"New", d.Added}, {"Changed", d.Changed}, {"Unchanged", d.Unchanged}, {"Gone", d.Gone}} {
		m.Counts = append(m.Counts, ui.Fact{Label: c.label, Value: number(c.n)})
	}
	switch {
	case d.Refused == 1:
		m.RefusedCount = "1 row was refused"
	case d.Refused > int64(len(d.Refusals)):
		m.RefusedCount = fmt.Sprintf("%s rows were refused, the first %d of them", number(d.Refused), len(d.Refusals))
	case d.Refused > 0:
		m.RefusedCount = number(d.Refused) + " rows were refused"
	}
	for _, x := range d.Refusals {
		m.Refused = append(m.Refused, views.RefusedRow{Row: number(x.Row), Reason: x.Reason, Cells: strings.Join(x.Cells, " · ")})
	}
	return m, nil
}

// rosterImport takes in an uploaded roster.
func (s *server) rosterImport(r *request) error {
	var done store.RosterDone
	err := r.upload("file", func(name, path string) (err error) {
		done, err = r.store.ImportRosterFile(r.Request().Context(), name, path, false)
		return err
	})
	if wrong, ok := invalid(err); ok {
		return r.rosterPage(http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	tone, text := "good", fmt.Sprintf("The roster was imported: %s partners.", number(done.Partners))
	if n := int64(len(done.Refused)); n > 0 {
		tone, text = "warn", text[:len(text)-1]+fmt.Sprintf(", %s refused.", count(n, "row"))
	}
	return r.said("/roster", tone, text)
}

// rosterRefused sends the rows that the last import refused, with the reasons.
func (s *server) rosterRefused(r *request) error {
	if _, err := r.store.LastRosterImport(r.Request().Context()); err != nil {
		return err
	}
	r.attachment(formats["csv"].kind, "roster-refused.csv")
	return r.store.WriteRosterRefusals(r.Request().Context(), r.Response())
}
