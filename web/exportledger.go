package web

import (
	"iter"
	"strings"

	"irm/sheet"
	"irm/store"
)

func exportEntries(rows iter.Seq2[store.AuditRow, error], w *sheet.Writer) error {
	columns := []sheet.Column{text("ref"), text("at"), text("person"), text("organization"), text("action"), text("thing"), text("before"), text("after")}
	return write(w, columns, rows, func(e store.AuditRow) []any {
		before, after := sidesOf(e.Changes)
		return []any{e.ID, instantOf(e.At), e.Who, e.Org, string(e.Action), e.Thing, before, after}
	})
}

// sidesOf writes changes as two cells, a value a line.
func sidesOf(all []store.AuditChange) (before, after string) {
	var was, became []string
	for _, c := range all {
		if c.Was != "" {
			was = append(was, changeLabel(c.Keys)+": "+changeValue(c.Keys, c.Was))
		}
		if c.Became != "" {
			became = append(became, changeLabel(c.Keys)+": "+changeValue(c.Keys, c.Became))
		}
	}
	return strings.Join(was, "\n"), strings.Join(became, "\n")
}
