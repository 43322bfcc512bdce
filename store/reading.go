package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"

	"irm/influence"
	"irm/sheet"
)

// readReport finds out how a file is read, and stages its rows if every required
// column was found.
func (v Session) readReport(ctx context.Context, id, path string, m meanings) error {
	remembered, err := v.remembered(ctx, m.given)
	if err != nil {
		return err
	}
	book, err := sheet.Open(path, sheet.Options{})
	if err != nil {
		return asInvalid(err)
	}
	defer book.Close()
	head, err := book.FindHeader(func(cells []string) int { return influence.HeadingsKnown(cells, remembered) })
	if errors.Is(err, sheet.ErrNoHeader) {
		return influence.Invalid{"file": "No row of headings was found. A report needs at least the columns agreement_number, order_number, ordered_on and amount."}
	}
	if err != nil {
		return asInvalid(err)
	}
	columns, problems := influence.MapHeadings(head.Cells, remembered)
	found := finding{id: id, state: ReportMapping, found: book.Found, headings: head.Cells, columns: columns, told: remembered}
	if found.samples, err = firstValues(book.Below(head)); err != nil {
		return asInvalid(err)
	}
	if len(problems) > 0 {
		return v.keepReading(ctx, found)
	}
	r := &staging{v: v, id: id, mapping: columns, headings: head.Cells, today: v.s.clock.Today(), known: map[string]knownAgreement{},
		partners: map[string]bool{}, seen: map[uint64]uint64{}, seed: maphash.MakeSeed()}
	if err := r.stage(ctx, book.Below(head)); err != nil {
		return asInvalid(err)
	}
	found.state, found.found, found.remember = ReportPreview, book.Found, m.remember
	return v.keepReading(ctx, found)
}

// finding is what was found out about a file.
type finding struct {
	id       string
	state    ReportState
	found    sheet.Found
	headings []string
	samples  []string // what stands under them first
	columns  influence.Mapping
	told     map[string]string // what headings mean by the LAR, folded
	remember bool
}

// firstValues is what stands in the first row, to recognize columns by.
func firstValues(rows iter.Seq2[sheet.Row, error]) ([]string, error) {
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		values := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			values[i] = cellText(c)
		}
		return values, nil
	}
	return []string{}, nil
}

// cellText is a cell as a person writes it: real dates as days.
func cellText(c sheet.Cell) string {
	if c.Kind == sheet.Date {
		return c.Day
	}
	return c.Text
}

// asInvalid makes what is wrong with a file's content the upload form's message.
func asInvalid(err error) error {
	var r *sheet.Refusal
	var said influence.Refusal
	switch {
	case errors.As(err, &r):
		return influence.Invalid{"file": r.Error()}
	case errors.As(err, &said):
		return influence.Invalid{"file": said.Error()}
	}
	return err
}

// remembered is what the LAR's headings mean: what was given now, and what was
// explained before.
func (v Session) remembered(ctx context.Context, given map[string]string) (map[string]string, error) {
	all := map[string]string{}
	rows, err := v.s.read.QueryContext(ctx, `SELECT heading, column_name FROM mappings WHERE lar_id = $1 LIMIT 1000`, v.actor.OrgID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var heading, column string
		if err := rows.Scan(&heading, &column); err != nil {
			return nil, err
		}
		all[heading] = column
	}
	for heading, column := range given {
		if column != influence.NotUsed && !influence.IsReportColumn(column) {
			return nil, influence.Invalid{"map": fmt.Sprintf("There is no column %q. The columns are %s.", column, influence.ReportColumnNames())}
		}
		all[influence.FoldHeading(heading)] = column
	}
	return all, rows.Err()
}

// keepReading writes down what was found, and what headings mean for next time.
func (v Session) keepReading(ctx context.Context, r finding) error {
	meaning := map[string]string{}
	for i, heading := range r.headings {
		if column, used := r.columns[i]; used {
			meaning[heading] = column
		} else if r.told[influence.FoldHeading(heading)] == influence.NotUsed {
			meaning[heading] = influence.NotUsed
		}
	}
	var texts [4]string
	for i, x := range []any{r.found, r.headings, meaning, r.samples} {
		text, err := json.Marshal(x)
		if err != nil {
			return err
		}
		texts[i] = string(text)
	}
	return v.quietly(ctx, func(t *tx) error {
		err := t.must(`UPDATE reports SET state = $2, found = $3, headings = $4, mapping = $5, samples = $6, version = version + 1 WHERE id = $1
			AND state IN ('reading', 'mapping', 'preview')`, r.id, string(r.state), texts[0], texts[1], texts[2], texts[3])
		if err == nil && r.remember {
			err = t.remember(v.actor.OrgID, r.headings, r.columns)
		}
		if err == nil && r.state == ReportPreview {
			err = t.tally(r.id)
		}
		return err
	})
}

// remember keeps what a LAR's headings mean where that does not go without saying.
func (t *tx) remember(lar string, headings []string, columns influence.Mapping) error {
	for i, heading := range headings {
		column, used := columns[i]
		if !used {
			column = influence.NotUsed
		}
		if usual, ok := influence.RecognizeHeading(heading); heading == "" || ok && usual == column || !ok && !used {
			continue
		}
		if err := t.later(`INSERT INTO mappings (lar_id, heading, column_name) VALUES ($1, $2, $3)
			ON CONFLICT (lar_id, heading) DO UPDATE SET column_name = excluded.column_name`, lar, influence.FoldHeading(heading), column); err != nil {
			return err
		}
	}
	return nil
}
