package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"irm/influence"
	"irm/sheet"
)

// RosterItem is one row of the roster, with what became of the partner.
type RosterItem struct {
	influence.RosterRow
	PartnerRef string
	Enrolled   bool
	Updated    time.Time
}

func (r RosterItem) cursor() string { return joinCursor(r.Name, r.PartnerNo) }

// RosterFilter narrows the roster.
type RosterFilter struct {
	Reversed      bool // the last name first
	Level         influence.Level
	State         string
	Enrolled      string // "yes", "no"; "" for both
	Gone          bool   // only those that are not on the current roster
	Query         string // beginning of the name or of the partner ID
	After, Before string
	Limit         int
}

// Roster returns a page of Microsoft's list of known partners, by name.
func (v Session) Roster(ctx context.Context, f RosterFilter) (Page[RosterItem], error) {
	w := v.where(v.visible(influence.ViewRoster, "r"))
	if f.Level != "" {
		w.and(`r.level = ?`, string(f.Level))
	}
	if f.State != "" {
		w.and(`r.state = ?`, f.State)
	}
	switch f.Enrolled {
	case "yes":
		w.and(`p.enrolled_at IS NOT NULL`)
	case "no":
		w.and(`p.enrolled_at IS NULL`)
	}
	if f.Gone {
		w.and(`r.gone_at IS NOT NULL`)
	}
	if f.Query != "" {
		w.and(`upper(r.name) LIKE ? ESCAPE '\' OR r.partner_no LIKE ? ESCAPE '\'`, likePrefix(upper(f.Query)), likePrefix(f.Query))
	}
	key, op, dir, back := keyset(f.After, f.Before, f.Reversed)
	if key[1] != "" {
		w.and(`(r.name, r.partner_no) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT r.partner_no, r.name, r.level, r.state, r.city, r.website, r.contact_name, r.contact_email, r.gone_at,
		r.updated_at, p.ref, p.enrolled_at FROM roster r CROSS JOIN partners p WHERE p.id = r.partner_id AND `+w.String()+`
		ORDER BY r.name `+dir+`, r.partner_no `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, scanRosterItem)
	if err != nil {
		return Page[RosterItem]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", RosterItem.cursor), nil
}

func scanRosterItem(row scanner) (r RosterItem, err error) {
	var gone, enrolled sql.NullInt64
	var updated int64
	err = row.Scan(&r.PartnerNo, &r.Name, &r.Level, &r.State, &r.City, &r.Website, &r.ContactName, &r.ContactEmail, &gone, &updated, &r.PartnerRef, &enrolled)
	r.Gone, r.Enrolled, r.Updated = gone.Valid, enrolled.Valid, micros(updated)
	return r, err
}

// EveryRosterItem yields all rows of the filter, for an export.
func (v Session) EveryRosterItem(ctx context.Context, f RosterFilter) iter.Seq2[RosterItem, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[RosterItem], error) {
		f.After = after
		return v.Roster(ctx, f)
	}, RosterItem.cursor)
}

// RosterImport is what an import of the roster came to.
type RosterImport struct {
	FileName, By                                       string
	At                                                 time.Time
	Partners, Added, Changed, Unchanged, Gone, Refused int64
	Refusals                                           []RosterRefusal // the first of them
	id                                                 string
	headings                                           []string
}

// RosterRefusal is a row that was not taken, with its cells.
type RosterRefusal struct {
	Row    int64
	Reason string
	Cells  []string
}

// refusalsShown is how many refused rows a page shows; the file has all.
const refusalsShown = 20

// LastRosterImport returns the newest import, and influence.ErrNotFound when
// there was none.
func (v Session) LastRosterImport(ctx context.Context) (d RosterImport, err error) {
	if v.actor.Scope(influence.ViewRoster) != influence.ScopeAll {
		return d, influence.ErrForbidden
	}
	var at int64
	var headings string
	err = v.s.read.QueryRowContext(ctx, `SELECT i.id, i.recorded_at, i.file_name, i.headings, i.partners, i.added, i.changed, i.unchanged, i.gone, i.refused,
		coalesce((SELECT m.name FROM members m WHERE m.id = i.member_id), 'Operator')
		FROM roster_imports i ORDER BY i.recorded_at DESC, i.id DESC LIMIT 1`).
		Scan(&d.id, &at, &d.FileName, &headings, &d.Partners, &d.Added, &d.Changed, &d.Unchanged, &d.Gone, &d.Refused, &d.By)
	if err != nil {
		return d, wrap(err)
	}
	d.At = micros(at)
	if err := json.Unmarshal([]byte(headings), &d.headings); err != nil {
		return d, err
	}
	d.Refusals, err = v.rosterRefusals(ctx, d.id, 0, refusalsShown)
	return d, wrap(err)
}

func (v Session) rosterRefusals(ctx context.Context, id string, after int64, limit int) ([]RosterRefusal, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT row_no, reason, raw FROM roster_refusals WHERE import_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3`, id, after, limit)
	return collect(rows, err, func(row scanner) (r RosterRefusal, err error) {
		var raw string
		if err := row.Scan(&r.Row, &r.Reason, &raw); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(raw), &r.Cells)
	})
}

// WriteRosterRefusals writes the rows that the newest import refused as CSV:
// their numbers, the reasons, and their cells as they stood in the file.
func (v Session) WriteRosterRefusals(ctx context.Context, out io.Writer) error {
	d, err := v.LastRosterImport(ctx)
	if err != nil {
		return err
	}
	columns := []sheet.Column{{Name: "row", Kind: sheet.IntColumn}, {Name: "reason"}}
	taken := map[string]int{"row": 1, "reason": 1}
	for _, h := range d.headings {
		if taken[h]++; taken[h] > 1 {
			h = fmt.Sprintf("%s (%d)", h, taken[h])
		}
		columns = append(columns, sheet.Column{Name: h})
	}
	w := sheet.NewCSV(out)
	if err := w.Head(columns); err != nil {
		return err
	}
	for after := int64(0); ; {
		some, err := v.rosterRefusals(ctx, d.id, after, 500)
		if err != nil || len(some) == 0 {
			return errors.Join(err, w.Close())
		}
		for _, r := range some {
			if err := w.Row(refusedCells(r, len(columns))...); err != nil {
				return err
			}
		}
		after = some[len(some)-1].Row
	}
}

func refusedCells(r RosterRefusal, columns int) []any {
	values := make([]any, columns)
	for i := range values {
		values[i] = ""
	}
	values[0], values[1] = r.Row, r.Reason
	for i, cell := range r.Cells {
		if i+2 < columns {
			values[i+2] = cell
		}
	}
	return values
}

// RosterHit is what a LAR sees of a partner whose ID it types.
type RosterHit struct {
	PartnerNo, Name, State string
	Level                  influence.Level
	Enrolled               bool
}

// LookUpRoster finds a partner by its exact ID, for a LAR; influence.ErrNotFound
// says that nobody has it. Who looked for which ID stands in the ledger.
func (v Session) LookUpRoster(ctx context.Context, typed string) (hit RosterHit, err error) {
	if !v.actor.May(influence.LookUpRoster) {
		return hit, influence.ErrForbidden
	}
	no, err := influence.ParsePartnerNo(typed)
	if err != nil {
		return hit, influence.Invalid{"partner_id": err.Error()}
	}
	var p partnerRow
	found := true
	err = v.do(ctx, influence.LookUpRoster, func(t *tx) (change, error) {
		p, err = t.partnerByNo(no)
		if found = !errors.Is(err, sql.ErrNoRows); err != nil && found {
			return change{}, err
		}
		return change{"roster", nil, map[string]any{"partner_id": no, "found": found}}, nil
	})
	if err == nil && !found {
		err = influence.ErrNotFound
	}
	return RosterHit{no, p.Name, p.state, p.level, p.enrolled}, err
}
