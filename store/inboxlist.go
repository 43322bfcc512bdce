package store

import (
	"context"
	"iter"
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
	w.and(`i.tab = ?`, tab)
	op, dir, at := ">", "ASC", after
	back := before != ""
	if back {
		op, dir, at = "<", "DESC", before
	}
	if key := strings.SplitN(at, "~", 3); len(key) == 3 {
		w.and(`(i.due, i.worth, i.agreement_id) `+op+` (?, ?, ?)`, key[2], number(key[1]), key[0])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT i.ref, i.number, i.customer, i.state, i.program, i.signed_on, i.due, i.worth, i.claims, i.items,
		i.score, i.agreement_id FROM inbox i WHERE `+w.String()+`
		ORDER BY i.due `+dir+`, i.worth `+dir+`, i.agreement_id `+dir+` LIMIT `+w.arg(limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (r InboxRow, err error) {
		err = row.Scan(&r.Ref, &r.Number, &r.Customer, &r.State, &r.Program, &r.SignedOn, &r.Due, &r.worth, &r.Claims, &r.Items, &r.Score, &r.id)
		r.Cents = -r.worth
		return r, err
	})
	if err != nil {
		return Page[InboxRow]{}, wrap(err)
	}
	return paged(all, limit, back, after != "", InboxRow.cursor), nil
}

func (r InboxRow) cursor() string { return r.id + "~" + digits(r.worth) + "~" + string(r.Due) }

// EveryInboxRow yields all rows of a LAR's tab, for an export.
func (v Session) EveryInboxRow(ctx context.Context, tab string) iter.Seq2[InboxRow, error] {
	return every(func(after string) (Page[InboxRow], error) { return v.Inbox(ctx, tab, after, "", 500) }, InboxRow.cursor)
}
