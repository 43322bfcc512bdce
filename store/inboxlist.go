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
	err := v.s.read.QueryRowContext(ctx, `SELECT string_agg(x.line, $2) FROM (SELECT `+inboxLine+` AS line FROM inbox i WHERE `+w.String()+`
		ORDER BY i.due `+dir+`, i.worth `+dir+`, i.agreement_id `+dir+` LIMIT `+w.arg(limit+1)+`) AS x`, w.args...).Scan(&text)
	if err != nil {
		return Page[InboxRow]{}, wrap(err)
	}
	all := inboxRows(text.String, limit+1)
	sortInbox(all, back)
	return paged(all, limit, back, after != "", InboxRow.cursor), nil
}

func (r InboxRow) cursor() string { return r.id + "~" + digits(r.worth) + "~" + string(r.Due) }

// EveryInboxRow yields all rows of a LAR's tab, for an export.
func (v Session) EveryInboxRow(ctx context.Context, tab string) iter.Seq2[InboxRow, error] {
	return every(func(after string) (Page[InboxRow], error) { return v.Inbox(ctx, tab, after, "", 500) }, InboxRow.cursor)
}

// inboxLine is a row as one text, and a page comes as one row of such lines: a
// value of each column of each row costs more to hand over than to find. Names
// and numbers are one line without tabs from the form or file on.
const inboxLine = "concat_ws('\t', i.due, i.worth, i.agreement_id, i.ref, i.claims, i.items, i.score, i.state, i.program, i.signed_on, " +
	"i.number, i.customer)"

func inboxRows(text string, most int) []InboxRow {
	all := make([]InboxRow, 0, most)
	for line := range strings.SplitSeq(text, "\n") {
		var f [11]string
		found := true
		for i := 0; i < len(f) && found; i++ {
			f[i], line, found = strings.Cut(line, "\t")
		}
		if !found {
			continue // of an empty page
		}
		worth := number(f[1])
		all = append(all, InboxRow{Due: influence.Day(f[0]), worth: worth, Cents: -worth, id: f[2], Ref: f[3],
			Claims: number(f[4]), Items: number(f[5]), Score: number(f[6]),
			State: f[7], Program: influence.Program(f[8]), SignedOn: influence.Day(f[9]), Number: f[10], Customer: line})
	}
	return all
}

// sortInbox sees to the order, in which a database gathers lines by habit only.
func sortInbox(all []InboxRow, back bool) {
	slices.SortFunc(all, func(a, b InboxRow) int {
		if back {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.worth, b.worth), cmp.Compare(a.id, b.id))
	})
}
