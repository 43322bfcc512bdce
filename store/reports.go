package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"irm/influence"
	"irm/sheet"
)

// ReportState is where a LAR's report stands.
type ReportState string

// The states of a report.
const (
	ReportReading    ReportState = "reading"
	ReportMapping    ReportState = "mapping" // columns have to be explained
	ReportPreview    ReportState = "preview"
	ReportCommitting ReportState = "committing"
	ReportCommitted  ReportState = "committed"
	ReportUndone     ReportState = "undone"
	ReportDiscarded  ReportState = "discarded"
)

// report is a report's own row.
type report struct {
	ID, Ref, LAR, MemberID string
	State                  ReportState
	FileName, SHA256       string
	Bytes                  int64
	Found                  json.RawMessage
	Headings, Samples      []string
	Mapping                map[string]string
	Summary                ReportSummary
	CreatedAt              int64
	CommittedAt, UndoneAt  sql.NullInt64
	Version                int64
}

const reportColumns = `r.id, r.ref, r.lar_id, r.member_id, r.state, r.file_name, r.sha256, r.bytes, r.found, r.headings, r.mapping, r.samples, r.summary,
	r.created_at, r.committed_at, r.undone_at, r.version`

func scanReport(row scanner) (r report, err error) {
	var found, headings, mapping, samples, summary string
	err = row.Scan(&r.ID, &r.Ref, &r.LAR, &r.MemberID, &r.State, &r.FileName, &r.SHA256, &r.Bytes, &found, &headings, &mapping, &samples, &summary,
		&r.CreatedAt, &r.CommittedAt, &r.UndoneAt, &r.Version)
	r.Found = json.RawMessage(found)
	for _, x := range []struct {
		text string
		into any
	}{{headings, &r.Headings}, {mapping, &r.Mapping}, {samples, &r.Samples}, {summary, &r.Summary}} {
		if err == nil {
			err = json.Unmarshal([]byte(x.text), x.into)
		}
	}
	return r, err
}

// Tally is a number of rows and the sum of their amounts in cents.
type Tally struct {
	Rows  int64 `json:"rows"`
	Cents int64 `json:"cents"`
}

// ReportSummary says how many rows have which verdict.
type ReportSummary struct {
	New        Tally         `json:"new"`
	Corrected  Tally         `json:"corrected"`
	Unchanged  Tally         `json:"unchanged"`
	Refused    Tally         `json:"refused"`
	Held       Tally         `json:"held"`
	Totals     Tally         `json:"totals"` // rows that are not orders: their sum is the file's own
	Naming     int64         `json:"naming"` // rows taken that name a partner
	Agreements int64         `json:"agreements"`
	First      influence.Day `json:"first"`
	Last       influence.Day `json:"last"`
	Future     int64         `json:"future"` // rows dated after the day of the upload
	// Reasons says how many rows were refused why, without what they held: what
	// Microsoft sees of them too.
	Reasons map[string]int64 `json:"reasons,omitempty"`
}

// Rows is how many rows of the file are orders or should have been.
func (s ReportSummary) Rows() int64 {
	return s.New.Rows + s.Corrected.Rows + s.Unchanged.Rows + s.Refused.Rows + s.Held.Rows + s.Totals.Rows
}

// Orders is how many rows are orders that the program has.
func (s ReportSummary) Orders() int64 { return s.New.Rows + s.Corrected.Rows + s.Unchanged.Rows }

// Cents is their sum.
func (s ReportSummary) Cents() int64 { return s.New.Cents + s.Corrected.Cents + s.Unchanged.Cents }

type reportRecord struct {
	Ref      string        `json:"ref"`
	State    ReportState   `json:"state"`
	FileName string        `json:"file"`
	SHA256   string        `json:"sha256"`
	Summary  ReportSummary `json:"summary"`
}

func recordReport(r report, state ReportState) reportRecord {
	return reportRecord{r.Ref, state, r.FileName, r.SHA256, r.Summary}
}

// DuplicateReport says that the same bytes were taken before: as which report,
// by whom, and when, in program time.
type DuplicateReport struct {
	Ref, By string
	At      time.Time
}

func (d DuplicateReport) Error() string {
	return fmt.Sprintf("The same file was imported already, as %s by %s on %s.", d.Ref, d.By, d.At.Format("2 Jan 2006 at 3:04 pm"))
}

// committedBefore finds the report that took the same bytes from the same LAR.
func (t *tx) committedBefore(lar, sha string) (*DuplicateReport, error) {
	rows, err := t.rows(`SELECT r.ref, coalesce(m.name, 'Operator'), coalesce(r.committed_at, r.created_at) FROM reports r
		LEFT JOIN members m ON m.id = r.committed_by
		WHERE r.lar_id = $1 AND r.sha256 = $2 AND r.state IN ('committing', 'committed') LIMIT 1`, lar, sha)
	found, err := collect(rows, err, func(row scanner) (d DuplicateReport, err error) {
		var at int64
		err = row.Scan(&d.Ref, &d.By, &at)
		d.At = micros(at).In(t.s.clock.zone())
		return d, err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func (v Session) report(ctx context.Context, q querier, act influence.Action, ref string) (report, error) {
	return scanReport(q.QueryRowContext(ctx, `SELECT `+reportColumns+` FROM reports r WHERE `+v.visible(act, "r")+` AND r.ref = $2`, v.actor.OrgID, ref))
}

func (v Session) reportByID(ctx context.Context, q querier, act influence.Action, id string) (report, error) {
	return scanReport(q.QueryRowContext(ctx, `SELECT `+reportColumns+` FROM reports r WHERE `+v.visible(act, "r")+` AND r.id = $2`, v.actor.OrgID, id))
}

// ReportRow is one row of the list of reports.
type ReportRow struct {
	Ref, FileName, LAR, LARRef, By string
	State                          ReportState
	Summary                        ReportSummary
	CreatedAt, CommittedAt         time.Time
	Version                        int64
	id                             string
	created                        int64
}

// ReportFilter narrows a list of reports.
type ReportFilter struct {
	State         ReportState
	LAR           string // reference or slug
	Reversed      bool   // the oldest first
	After, Before string
	Limit         int
}

// Reports returns a page of the reports that the actor sees, the newest first.
func (v Session) Reports(ctx context.Context, f ReportFilter) (Page[ReportRow], error) {
	w := v.where(v.visible(influence.ViewReports, "r"))
	w.and(`r.state <> 'discarded'`)
	if f.State != "" {
		w.and(`r.state = ?`, string(f.State))
	}
	if f.LAR != "" {
		w.and(`r.lar_id = (SELECT id FROM lars WHERE ref = ? OR slug = ?)`, f.LAR, f.LAR)
	}
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[0] != "" {
		w.and(`(r.created_at, r.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT r.id, r.ref, r.file_name, l.name, l.ref, coalesce(m.name, 'Operator'), r.state, r.summary,
		r.created_at, r.committed_at, r.version FROM reports r JOIN lars l ON l.id = r.lar_id LEFT JOIN members m ON m.id = r.member_id
		WHERE `+w.String()+` ORDER BY r.created_at `+dir+`, r.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (r ReportRow, err error) {
		var summary string
		var committed sql.NullInt64
		if err = row.Scan(&r.id, &r.Ref, &r.FileName, &r.LAR, &r.LARRef, &r.By, &r.State, &summary, &r.created, &committed, &r.Version); err == nil {
			err = json.Unmarshal([]byte(summary), &r.Summary)
		}
		r.CreatedAt, r.CommittedAt = micros(r.created), when(committed)
		return r, err
	})
	if err != nil {
		return Page[ReportRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", ReportRow.cursor), nil
}

func (r ReportRow) cursor() string { return joinCursor(digits(r.created), r.id) }

// EveryReport yields all reports of the filter, for an export.
func (v Session) EveryReport(ctx context.Context, f ReportFilter) iter.Seq2[ReportRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[ReportRow], error) {
		f.After = after
		return v.Reports(ctx, f)
	}, ReportRow.cursor)
}

// ReportPage is one report: what was found, what columns mean, and its verdicts.
type ReportPage struct {
	Ref, FileName, LAR, LARRef, By   string
	State                            ReportState
	Bytes, Version                   int64
	Found                            json.RawMessage
	Headings, Samples                []string
	Mapping                          map[string]string
	Summary                          ReportSummary
	CreatedAt, CommittedAt, UndoneAt time.Time
	Job                              string // reference of the job that commits it
	Failed                           bool   // that job did
	Own                              bool
	id                               string
}

// Report returns the page of a report that the actor sees.
func (v Session) Report(ctx context.Context, ref string) (p ReportPage, err error) {
	r, err := v.report(ctx, v.s.read, influence.ViewReports, ref)
	if err != nil {
		return p, wrap(err)
	}
	p = ReportPage{Ref: r.Ref, FileName: r.FileName, State: r.State, Bytes: r.Bytes, Version: r.Version, Found: r.Found, Headings: r.Headings, Samples: r.Samples,
		Mapping: r.Mapping, Summary: r.Summary, CreatedAt: micros(r.CreatedAt), CommittedAt: when(r.CommittedAt), UndoneAt: when(r.UndoneAt),
		Own: r.LAR == v.actor.OrgID && !v.actor.Viewing, id: r.ID} // staff sees no rows as a LAR either
	err = v.s.read.QueryRowContext(ctx, `SELECT l.name, l.ref, coalesce((SELECT m.name FROM members m WHERE m.id = $2), 'Operator'),
		coalesce((SELECT max(j.ref) FROM jobs j WHERE j.subject = $3), ''), EXISTS (SELECT 1 FROM jobs j WHERE j.subject = $3 AND j.state = 'failed')
		FROM lars l WHERE l.id = $1`, r.LAR, r.MemberID, r.ID).Scan(&p.LAR, &p.LARRef, &p.By, &p.Job, &p.Failed)
	return p, wrap(err)
}

// ReportLine is one row of a report with its verdict.
type ReportLine struct {
	Row                                                    int64
	Verdict, Reason, Agreement, Customer, Order, PartnerNo string
	OrderedOn                                              influence.Day
	Cents                                                  int64
	Raw                                                    []string // the cells, of refused rows
}

// ReportLines returns the rows of a report with one verdict after a row number,
// for the LAR that uploaded it.
func (v Session) ReportLines(ctx context.Context, ref, verdict string, after int64, limit int) ([]ReportLine, error) {
	if !v.actor.May(influence.UploadReports) {
		return nil, influence.ErrNotFound // Microsoft sees counts, sums and reasons, no rows
	}
	r, err := v.report(ctx, v.s.read, influence.UploadReports, ref)
	if err != nil {
		return nil, wrap(err)
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT row_no, verdict, reason, agreement, customer, order_number, partner_no, ordered_on, cents, raw
		FROM report_lines WHERE report_id = $1 AND verdict = $2 AND verdict IN ('refused', 'held', 'corrected', 'totals') AND row_no > $3
		ORDER BY row_no LIMIT $4`, r.ID, verdict, after, limit)
	return collect(rows, err, func(row scanner) (l ReportLine, err error) {
		var raw string
		err = row.Scan(&l.Row, &l.Verdict, &l.Reason, &l.Agreement, &l.Customer, &l.Order, &l.PartnerNo, &l.OrderedOn, &l.Cents, &raw)
		if err == nil && raw != "" {
			err = json.Unmarshal([]byte(raw), &l.Raw)
		}
		return l, err
	})
}

// EveryReportLine yields all rows of a report with one verdict, for a download.
func (v Session) EveryReportLine(ctx context.Context, ref, verdict string) iter.Seq2[ReportLine, error] {
	return func(yield func(ReportLine, error) bool) {
		for after := int64(0); ; {
			lines, err := v.ReportLines(ctx, ref, verdict, after, 500)
			if err != nil {
				yield(ReportLine{}, err)
				return
			}
			for _, l := range lines {
				if !yield(l, nil) {
					return
				}
				after = l.Row
			}
			if len(lines) < 500 {
				return
			}
		}
	}
}

// WriteRefused writes a report's refused rows as they were, each with its row
// number and reason, as CSV.
func (v Session) WriteRefused(ctx context.Context, p ReportPage, out io.Writer) error {
	columns := []sheet.Column{{Name: "row", Kind: sheet.IntColumn}, {Name: "reason"}}
	taken := map[string]int{"row": 1, "reason": 1}
	for _, h := range p.Headings {
		if taken[h]++; taken[h] > 1 {
			h = fmt.Sprintf("%s (%d)", h, taken[h])
		}
		columns = append(columns, sheet.Column{Name: h})
	}
	w := sheet.NewCSV(out)
	if err := w.Head(columns); err != nil {
		return err
	}
	for l, err := range v.EveryReportLine(ctx, p.Ref, "refused") {
		if err != nil {
			return err
		}
		values := []any{l.Row, l.Reason}
		for i := range p.Headings {
			cell := ""
			if i < len(l.Raw) {
				cell = l.Raw[i]
			}
			values = append(values, cell)
		}
		if err := w.Row(values...); err != nil {
			return err
		}
	}
	return w.Close()
}
