package store

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"time"

	"irm/influence"
)

// AuditRow is one entry of the ledger with who made it.
type AuditRow struct {
	ID, MemberID string
	Who, Org     string // names; Who is "" for somebody who was not a member yet
	Action       influence.Action
	Subject      string
	Thing        string // the subject, or the name of the member who it is
	At           time.Time
	Changes      []AuditChange
	entry        Entry
}

func (r AuditRow) cursor() string { return joinCursor("", r.ID) }

// AuditChange is one value that is not the same after a change as before.
type AuditChange struct {
	Keys        []string // where it stands, such as shares, 0, points
	Was, Became string   // "" for none
}

// AuditFilter narrows the ledger.
type AuditFilter struct {
	Reversed      bool   // the oldest first
	Person        string // id of the member
	Thing         string // its public reference
	Action        influence.Action
	From, Until   influence.Day // of the days on which entries were made
	After, Before string
	Limit         int
}

// Entries returns a page of the ledger, the newest entry first: act is ViewLedger
// for all of it, ViewActivity for what members of the actor's organization did.
func (v Session) Entries(ctx context.Context, act influence.Action, f AuditFilter) (Page[AuditRow], error) {
	w := v.where(v.visible(act, "e"))
	v.narrowEntries(w, act, f)
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[1] != "" {
		w.and(`e.id `+op+` ?`, key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+entryColumns+`, coalesce(m.name, ''), coalesce(l.name, p.name, ap.company, '')
		FROM entries e LEFT JOIN members m ON m.id = e.member_id LEFT JOIN lars l ON l.id = e.org_id LEFT JOIN partners p ON p.id = e.org_id
		LEFT JOIN applications ap ON ap.id = e.org_id WHERE `+w.String()+` ORDER BY e.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, scanAuditRow)
	if err != nil {
		return Page[AuditRow]{}, wrap(err)
	}
	page := paged(all, f.Limit, back, f.After != "", AuditRow.cursor)
	return page, wrap(v.reader(ctx).explain(page.Rows))
}

func scanAuditRow(row scanner) (r AuditRow, err error) {
	r.entry, err = scanEntry(row, &r.Who, &r.Org)
	e := r.entry
	r.ID, r.MemberID, r.Action, r.Subject, r.At = e.ID, e.MemberID, influence.Action(e.Action), e.Subject, micros(e.At)
	if e.OrgID == influence.Staff {
		r.Org = "Microsoft"
	}
	r.Thing = r.Subject
	for _, a := range []influence.Actor{influence.Operator(), influence.Clockwork()} {
		if e.MemberID == a.MemberID {
			r.Who = a.Name
		}
	}
	return r, err
}

// narrowEntries leads each query through one index, the narrowest that its filters
// have: a column with something added is not looked up in its own.
func (v Session) narrowEntries(w *where, act influence.Action, f AuditFilter) {
	led := false
	by := func(column, value string) {
		switch {
		case value == "":
			return
		case led:
			column += ` || ''`
		}
		led = true
		w.and(column+` = ?`, value)
	}
	by(`e.subject`, f.Thing)
	by(`e.member_id`, f.Person)
	led = led || v.actor.Scope(act) == influence.ScopeOwn
	by(`e.action`, string(f.Action))
	w.and(`e.id >= ?`, v.s.firstEntry(f.From)) // without a day, all of them
	if f.Until != "" {
		w.and(`e.id < ?`, v.s.firstEntry(f.Until.AddDays(1)))
	}
}

// firstEntry sorts before all entries of a day and after all of the day before: ids
// begin with the instant.
func (s *Store) firstEntry(day influence.Day) string {
	at, err := time.ParseInLocation("2006-01-02", string(day), s.clock.zone())
	if err != nil {
		return "ent_"
	}
	return fmt.Sprintf("ent_%011s", strconv.FormatInt(at.UnixMicro(), 36))
}

// EveryEntry yields all entries of the filter, for an export.
func (v Session) EveryEntry(ctx context.Context, act influence.Action, f AuditFilter) iter.Seq2[AuditRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[AuditRow], error) {
		if !v.actor.May(act) {
			return Page[AuditRow]{}, influence.ErrForbidden
		}
		f.After = after
		return v.Entries(ctx, act, f)
	}, AuditRow.cursor)
}

// EntryPerson finds a person among those whose entries the actor sees, by address
// or id. It is ErrNotFound for anybody else.
func (v Session) EntryPerson(ctx context.Context, act influence.Action, typed string) (id, name string, err error) {
	for _, a := range []influence.Actor{influence.Operator(), influence.Clockwork()} {
		if typed == a.MemberID && v.actor.OrgID == influence.Staff {
			return a.MemberID, a.Name, nil
		}
	}
	err = v.s.read.QueryRowContext(ctx, `SELECT m.id, m.name FROM members m WHERE `+v.visible(act, "m")+` AND (m.email = $2 OR m.email = $2 || '#' || m.id OR m.id = $3)`,
		v.actor.OrgID, tidyEmail(typed), typed).Scan(&id, &name)
	return id, name, wrap(err)
}

// Head returns the newest checkpoint of the ledger, "" if there is none, and the
// public keys that it can be checked with.
func (v Session) Head(ctx context.Context) (checkpoint string, size int64, keys []string, err error) {
	if v.actor.Scope(influence.ViewLedger) != influence.ScopeAll {
		return "", 0, nil, influence.ErrForbidden
	}
	h, err := readHead(ctx, v.s.read)
	if err == nil {
		keys, err = publicKeys(ctx, v.s.read)
	}
	return h.note, h.N, keys, wrap(err)
}
