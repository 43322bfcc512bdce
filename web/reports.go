package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"irm/influence"
	"irm/sheet"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// reportList shows the reports that the actor sees.
func (s *server) reportList(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Reports(r.Request().Context(), reportFilter(q))
	if err != nil {
		return err
	}
	head, err := r.reportHead(q)
	if err != nil {
		return err
	}
	m := views.ReportListModel{ListModel: head, ShowLAR: r.actor.Role == influence.RoleStaff, CanUpload: r.actor.May(influence.UploadReports)}
	m.Older, m.Newer = r.neighbours("/reports", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, x := range page.Rows {
		w := reportWords[x.State]
		m.Rows = append(m.Rows, views.ReportItem{Href: "/reports/" + x.Ref, Ref: x.Ref, File: x.FileName, LAR: x.LAR, By: x.By, State: w.title, Tone: w.tone, Icon: w.icon,
			When: instantText(x.CreatedAt, r.zone()), Rows: number(x.Summary.Rows()), Amount: influence.FormatMoney(x.Summary.Cents())})
	}
	return r.html(http.StatusOK, views.ReportList(r.page("Reports"), m))
}

// reportWords is how a report's state is shown.
var reportWords = map[store.ReportState]struct{ title, tone, icon string }{
	store.ReportReading:    {"Being read", "info", "clock"},
	store.ReportMapping:    {"Columns to explain", "warn", "hand"},
	store.ReportPreview:    {"To check", "warn", "hand"},
	store.ReportCommitting: {"Being imported", "info", "clock"},
	store.ReportCommitted:  {"Imported", "good", "ok"},
	store.ReportUndone:     {"Undone", "", "undo"},
	store.ReportDiscarded:  {"Discarded", "", "x"},
}

// reportShow is a report's page: the preview, or what became of it.
func (s *server) reportShow(r *request) error { return r.reportPage(http.StatusOK, nil) }

func (r *request) reportPage(status int, wrong influence.Invalid) error {
	p, err := r.store.Report(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	w := reportWords[p.State]
	m := views.ReportModel{Ref: p.Ref, File: p.FileName, LAR: p.LAR, State: w.title, Tone: w.tone, Icon: w.icon, Bytes: sizeText(p.Bytes), Version: p.Version,
		Preview: p.State == store.ReportPreview || p.State == store.ReportMapping, Own: p.Own, Found: foundFacts(p)}
	m.Needs = sentences(wrong)
	m.Lead = r.reportLead(p)
	changing := p.Own && r.actor.May(influence.UploadReports)
	m.CanMap = changing && m.Preview
	m.CanDiscard = changing && (m.Preview || p.State == store.ReportReading) // a reading that was cut off too
	m.CanImport = changing && p.State == store.ReportPreview && p.Summary.Orders()+p.Summary.Held.Rows > 0
	m.CanUndo = changing && (p.State == store.ReportCommitted || p.Failed && p.State == store.ReportCommitting)
	m.ImportLabel = "Import " + count(p.Summary.Orders()+p.Summary.Held.Rows, "row")
	if p.State == store.ReportCommitting && !p.Failed {
		m.JobHref = "/jobs/" + p.Job
	}
	if p.Own {
		r.reportColumns(&m, p)
	}
	if p.State != store.ReportMapping && p.State != store.ReportReading {
		verdicts(&m, p.Summary, r.today())
	}
	if err := r.reportLines(&m, p); err != nil {
		return err
	}
	return r.html(status, views.ReportShow(r.page(p.FileName+" · "+p.Ref), m))
}

func (r *request) reportLead(p store.ReportPage) string {
	switch p.State {
	case store.ReportMapping:
		return "Nothing is stored yet. Say what the columns mean, then the rows are read."
	case store.ReportPreview:
		return fmt.Sprintf("Nothing counts yet. %s of %s rows can be imported.", number(p.Summary.Orders()+p.Summary.Held.Rows), number(p.Summary.Rows()-p.Summary.Totals.Rows))
	case store.ReportCommitted:
		return fmt.Sprintf("Imported %s by %s.", instantText(p.CommittedAt, r.zone()), p.By)
	case store.ReportCommitting:
		if p.Failed {
			return "The import stopped before its end. What came in is kept until you undo the report; then you can upload it again."
		}
	case store.ReportUndone:
		return fmt.Sprintf("Undone %s. None of its rows counts.", instantText(p.UndoneAt, r.zone()))
	}
	return "Uploaded " + instantText(p.CreatedAt, r.zone()) + " by " + p.By + "."
}

func sizeText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// foundFacts say how the file was read.
func foundFacts(p store.ReportPage) []views.Fact {
	var f sheet.Found
	if err := json.Unmarshal(p.Found, &f); err != nil {
		return nil
	}
	var all []views.Fact
	add := func(label, value string) {
		if value != "" && value != "0" {
			all = append(all, views.Fact{Label: label, Value: value})
		}
	}
	add("Kind of file", f.Kind)
	add("Encoding", f.Encoding)
	add("Columns split by", f.Delimiter)
	add("Line ends", f.LineEnds)
	add("Sheet", f.Sheet)
	add("Headings in", "row "+number(int64(f.HeaderRow)))
	add("Rows above them", number(int64(f.PreambleRows)))
	add("Blank rows", number(int64(f.BlankRows)))
	add("Hidden sheets left out", number(int64(f.HiddenSheets)))
	if p.Summary.First != "" {
		add("Order dates", days(p.Summary.First, p.Summary.Last))
	}
	if p.State != store.ReportMapping {
		add("Naming a partner", count(p.Summary.Naming, "row"))
	}
	return all
}

// days writes a span of days, and one day alone.
func days(first, last influence.Day) string {
	if first == last {
		return influence.FormatDay(first)
	}
	return influence.FormatDay(first) + " – " + influence.FormatDay(last)
}

// naming says how many rows name a partner.
func naming(n int64) string {
	if n == 1 {
		return "1 row names a partner"
	}
	return number(n) + " rows name a partner"
}

// reportColumns shows what each heading means, and asks where it is not known.
func (r *request) reportColumns(m *views.ReportModel, p store.ReportPage) {
	if p.State == store.ReportMapping {
		_, problems := influence.MapHeadings(p.Headings, influence.FoldMapping(p.Mapping))
		m.Needs = append(m.Needs, problems...)
	}
	for i, h := range p.Headings {
		column, told := p.Mapping[h]
		if column == influence.NotUsed {
			column = ""
		}
		c := views.MapColumn{Index: i, Heading: h, How: "–", Options: []ui.Option{{Value: influence.NotUsed, Label: "not used", Selected: column == ""}}}
		for _, x := range influence.ReportColumns() {
			c.Options = append(c.Options, ui.Option{Value: x.Name, Label: strings.ReplaceAll(x.Name, "_", " "), Selected: x.Name == column})
		}
		if usual, ok := influence.RecognizeHeading(h); ok && usual == column {
			c.How = "by its name"
		} else if told {
			c.How = "as you said"
		}
		if i < len(p.Samples) {
			c.Sample = shortened(p.Samples[i])
		}
		m.Columns = append(m.Columns, c)
	}
}

// shortened is a value of which the beginning is enough to recognize it.
func shortened(s string) string {
	if runes := []rune(s); len(runes) > 24 {
		return string(runes[:23]) + "…"
	}
	return s
}

// verdicts is the table that adds up to the file.
func verdicts(m *views.ReportModel, s store.ReportSummary, today influence.Day) {
	row := func(label, hint, tone string, t store.Tally) {
		m.Verdicts = append(m.Verdicts, views.VerdictRow{Label: label, Hint: hint, Tone: tone, Count: number(t.Rows), Amount: influence.FormatMoney(t.Cents)})
	}
	row("New orders", "", "", s.New)
	row("Corrected orders", "amount, date, kind or partner differs from before", "", s.Corrected)
	row("Unchanged", "", "", s.Unchanged)
	if s.Held.Rows > 0 {
		row("Held", "the agreement is booked by another LAR; kept, not counted", "warnt", s.Held)
	}
	row("Refused", "", "badt", s.Refused)
	m.TotalRows = number(s.Rows() - s.Totals.Rows)
	total := s.Cents() + s.Held.Cents + s.Refused.Cents
	m.TotalAmount = influence.FormatMoney(total)
	m.Notes = append(m.Notes, count(s.Agreements, "agreement"), naming(s.Naming))
	if s.Future > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%s orders are dated after today, %s", number(s.Future), influence.FormatDay(today)))
	}
	if s.Totals.Rows > 0 {
		m.FootNote = fmt.Sprintf("A totals row was left out. It says %s, ", influence.FormatMoney(s.Totals.Cents))
		if s.Totals.Cents == total {
			m.FootNote += "the same."
		} else {
			m.FootNote += "which is " + influence.FormatMoney(s.Totals.Cents-total) + " away from the sum of the rows."
		}
	}
}

// shownLines is how many rows of a verdict the page lists.
const shownLines = 20

func (r *request) reportLines(m *views.ReportModel, p store.ReportPage) error {
	ctx := r.Request().Context()
	if !p.Own {
		for reason, n := range p.Summary.Reasons {
			m.Reasons = append(m.Reasons, views.Fact{Label: reason, Value: number(n)})
		}
		slices.SortFunc(m.Reasons, func(a, b views.Fact) int { return strings.Compare(a.Label, b.Label) })
		return nil
	}
	for _, x := range []struct {
		verdict, title, lead string
		n                    int64
		into                 *views.LineList
	}{
		{"refused", "refused row", "Correct them and upload the file again. Rows imported already stay as they are.", p.Summary.Refused.Rows, &m.Refused},
		{"corrected", "corrected order", "What stood before, and what stands now.", p.Summary.Corrected.Rows, &m.Corrected},
		{"held", "held row", "Their agreements are booked by another LAR. They are kept and not counted.", p.Summary.Held.Rows, &m.Held},
	} {
		if x.n == 0 {
			continue
		}
		lines, err := r.store.ReportLines(ctx, p.Ref, x.verdict, 0, shownLines)
		if err != nil {
			return err
		}
		x.into.Title, x.into.Lead, x.into.More = count(x.n, x.title), x.lead, x.n > shownLines
		if x.verdict == "refused" {
			x.into.Download = "/reports/" + p.Ref + "/refused.csv"
		}
		for _, l := range lines {
			x.into.Rows = append(x.into.Rows, views.LineItem{Row: number(l.Row), Order: firstOf(l.Order, l.Agreement, "–"), Customer: l.Customer, Reason: l.Reason, Amount: dollarsOr(l.Cents)})
		}
	}
	return nil
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// reportMap takes what the headings mean and reads the file again.
func (s *server) reportMap(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ctx, ref := r.Request().Context(), r.Param("ref")
	p, err := r.store.Report(ctx, ref)
	if err != nil {
		return err
	}
	mapping := map[string]string{}
	for i, h := range p.Headings {
		if column := f.Get(fmt.Sprintf("map_%d", i)); column != "" && h != "" {
			mapping[h] = column
		}
	}
	err = r.store.MapReport(ctx, ref, atoi(f.Get("version")), mapping)
	if wrong, ok := invalid(err); ok {
		return r.reportPage(http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	return r.seeOther("/reports/" + ref)
}

// reportCommit hands a checked report to a job.
func (s *server) reportCommit(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	job, err := r.store.CommitReport(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")))
	var dup store.DuplicateReport
	if errors.As(err, &dup) {
		return r.reportPage(http.StatusUnprocessableEntity, influence.Invalid{"file": dup.Error()})
	}
	if err != nil {
		return err
	}
	return r.seeOther("/jobs/" + job)
}

func (s *server) reportDiscard(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.DiscardReport(r.Request().Context(), r.Param("ref"), atoi(f.Get("version"))); err != nil {
		return err
	}
	return r.said("/reports", "info", "The report was discarded. None of it was kept.")
}

func (s *server) reportUndo(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.UndoReport(r.Request().Context(), r.Param("ref"), atoi(f.Get("version"))); err != nil {
		return err
	}
	return r.said("/reports/"+r.Param("ref"), "info", "The report was undone. Everything is as it was before it.")
}

// reportRefused is the refused rows with their reasons, to correct and send again.
func (s *server) reportRefused(r *request) error {
	done, err := r.mayExport()
	if err != nil {
		return err
	}
	defer done()
	p, err := r.store.Report(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	if !p.Own {
		return influence.ErrNotFound
	}
	r.attachment("text/csv; charset=utf-8", p.Ref+"-refused.csv")
	return r.store.WriteRefused(r.Request().Context(), p, r.Response())
}

// filePolicy keeps a browser that opens a file all the same from running or
// loading anything of it.
const filePolicy = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"

// attachment makes the answer a file to keep.
func (r *request) attachment(kind, name string) {
	h := r.Response().Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}
