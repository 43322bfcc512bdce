package web

import (
	"iter"
	"net/http"

	"irm/influence"
	"irm/sheet"
	"irm/store"
	"irm/views"
)

// record is what a partner can show of its influence: each share, who confirmed it,
// and the receipt that proves it.
func (s *server) record(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Record(r.Request().Context(), q.Get("after"), q.Get("before"), pageSize)
	if err != nil {
		return err
	}
	m := views.RecordModel{Company: r.actor.OrgName, Printed: instantText(r.now(), r.zone()), By: r.actor.Name}
	m.List = views.ListModel{Action: "/record", Exports: r.exports("/record"), Empty: len(page.Rows) == 0, Count: counted(len(page.Rows), page.Older+page.Newer != "")}
	m.List.Older, m.List.Newer = r.neighbours("/record", page.Older, page.Newer)
	for _, l := range page.Rows {
		m.Lines = append(m.Lines, r.recordItem(l))
	}
	return r.html(http.StatusOK, views.Record(r.page("Influence record"), m))
}

func (r *request) recordItem(l store.RecordLine) views.RecordItem {
	x := views.RecordItem{Customer: l.Customer, Number: l.Number, Href: "/agreements/" + l.Agreement, Program: programTitleOr(string(l.Program)), Place: influence.StateName(l.State),
		Percent: influence.FormatPercent(l.Share.Points), Kind: kindTitle(l.Share.Kind), Span: spanWords(l.From, l.Until),
		Amount: influence.FormatMoney(l.Cents), Orders: plural(l.Orders, "order"), By: l.By, LAR: l.LAR, When: instantText(l.At, r.zone()), Claim: l.Claim, Receipt: l.Receipt}
	if l.Share.Primary {
		x.Kind += ", primary"
	}
	return x
}

// spanWords says from when to when a decision is in force.
func spanWords(from, until influence.Day) string {
	switch {
	case from == influence.Start && until == "":
		return "From the beginning"
	case from == influence.Start:
		return "Until " + influence.FormatDay(until)
	case until == "":
		return "From " + influence.FormatDay(from)
	}
	return influence.FormatDay(from) + " to " + influence.FormatDay(until)
}

// exportRecord writes each share with the hash that anybody can check at /receipt/.
func exportRecord(rows iter.Seq2[store.RecordLine, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("agreement_number"), text("program"), text("customer"), text("customer_state"), text("share_percent"), text("kind"), text("primary"),
		day("from"), day("until"), whole("orders"), money("influenced"), text("lar"), text("decided_by"), text("decided_at"), text("decision"), text("claim"), text("receipt")}
	return write(w, columns, rows, func(l store.RecordLine) []any {
		from := string(l.From)
		if l.From == influence.Start {
			from = ""
		}
		primary := "no"
		if l.Share.Primary {
			primary = "yes"
		}
		return []any{l.Agreement, l.Number, string(l.Program), l.Customer, l.State, percentTyped(l.Share.Points), string(l.Share.Kind), primary, from, string(l.Until), l.Orders, l.Cents,
			l.LAR, l.By, l.At.UTC().Format("2006-01-02T15:04:05Z"), l.Decision, l.Claim, l.Receipt}
	})
}
