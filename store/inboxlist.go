package store

import (
	"cmp"
	"context"
	"database/sql"
	"iter"
	"slices"
	"strings"

	"irm/influence"
)

// InboxRow is one agreement that waits for a LAR.
type InboxRow struct {
	Ref, Number, Customer, State string
	Program                      influence.Program
	SignedOn, Due                influence.Day
	Cents                        int64
	Claims, Items, Score         int64 // open claims, open items, best suggestion in hundredths
	worth                        int64
	id                           string
}

// Inbox returns a page of a LAR's tab, the most urgent and among these the
// largest first.
func (v Session) Inbox(ctx context.Context, tab, after, before string, limit int) (Page[InboxRow], error) {
	w := v.where(v.visible(influence.ViewInbox, "i"))
	w.arg("\n") // $2
	w.and(`i.tab = ?`, tab)
	op, dir, at := ">", "ASC", after
	back := before != ""
	if back {
		op, dir, at = "<", "DESC", before
	}
	if key := strings.SplitN(at, "~", 3); len(key) == 3 {
		w.and(`(i.due, i.worth, i.agreement_id) `+op+` (?, ?, ?)`, key[2], number(key[1]), key[0])
	}
	var text sql.NullString
	err := v.s.read.QueryRowContext(ctx, `SELECT string_agg(x.line, $2) FROM (SELECT i.line FROM inbox i WHERE `+w.String()+`
		ORDER BY i.due `+dir+`, i.worth `+dir+`, i.agreement_id `+dir+` LIMIT `+w.arg(limit+1)+`) AS x`, w.args...).Scan(&text)
	if err != nil {
		return Page[InboxRow]{}, wrap(err)
	}
	all := inboxRows(text.String, limit+1)
	sortInbox(all, back)
	return paged(all, limit, back, after != "", InboxRow.cursor), nil
}

// DueOn is the day until which it is the LAR's turn, "" while the clock stands.
func (r *InboxRow) DueOn() influence.Day {
	if r.Due == influence.NoClock {
		return ""
	}
	return r.Due
}

func (r InboxRow) cursor() string { return r.id + "~" + digits(r.worth) + "~" + string(r.Due) }

// EveryInboxRow yields all rows of a LAR's tab, for an export.
func (v Session) EveryInboxRow(ctx context.Context, tab string) iter.Seq2[InboxRow, error] {
	return every(func(after string) (Page[InboxRow], error) { return v.Inbox(ctx, tab, after, "", 500) }, InboxRow.cursor)
}

// inboxRows takes the lines of a page apart. Names and numbers are one line
// without tabs from the form or file on.
func inboxRows(text string, most int) []InboxRow {
	all := make([]InboxRow, 0, most)
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		all = append(all, InboxRow{})
		all[len(all)-1].read(line)
	}
	return all
}

// read takes the fields of inbox.line in their order.
func (r *InboxRow) read(line string) {
	var f [11]string // and the rest is the customer
	for i := range f {
		at := strings.IndexByte(line, '\t')
		if at < 0 {
			return // never: the database makes the line
		}
		f[i], line = line[:at], line[at+1:]
	}
	r.Due, r.worth, r.id, r.Ref = influence.Day(f[0]), number(f[1]), f[2], f[3]
	r.Claims, r.Items, r.Score = number(f[4]), number(f[5]), number(f[6])
	r.State, r.Program, r.SignedOn, r.Number, r.Customer = f[7], influence.Program(f[8]), influence.Day(f[9]), f[10], line
	r.Cents = -r.worth
}

// sortInbox sees to the order, in which a database gathers lines by habit only.
func sortInbox(all []InboxRow, back bool) {
	order := func(a, b *InboxRow) int {
		if back {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.worth, b.worth), cmp.Compare(a.id, b.id))
	}
	for i := 1; i < len(all); i++ {
		if order(&all[i-1], &all[i]) > 0 {
			slices.SortFunc(all, func(a, b InboxRow) int { return order(&a, &b) })
			return
		}
	}
}
