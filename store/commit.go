package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"irm/influence"
)

// line is one row of a report, staged with its verdict.
type line struct {
	influence.Line
	verdict, reason string
}

// bundle is a report's lines of one agreement, while they are committed.
type bundle struct {
	t       *tx
	v       Session
	report  string
	ready   bool // the LAR is
	lines   []line
	a       agreement
	isNew   bool
	touched bool
	filed   bool            // it stands in the inbox, or was kept out of it, as it belongs
	orders  *orderBook      // nil until a line asks
	spelt   map[string]bool // how the lines spell the customer
	named   map[string]bool // partner IDs
	dropped []string        // partner IDs that corrections took away
}

// commit takes the lines of one agreement: those that are right become orders,
// those of an agreement booked by another LAR are held.
func (b *bundle) commit(key string) error {
	var err error
	b.named = map[string]bool{}
	b.a, err = b.t.known(key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	known := err == nil
	if known && b.a.LAR != b.v.actor.OrgID && !b.a.Withdrawn {
		return b.hold()
	}
	for i := range b.lines {
		if b.lines[i].verdict == "refused" || b.lines[i].verdict == "totals" {
			continue
		}
		if !known || b.a.Withdrawn {
			if !b.open(&b.lines[i], known) {
				continue
			}
			if err := b.book(b.lines[i], known); err != nil {
				return err
			}
			known = true
		}
		if err := b.take(&b.lines[i]); err != nil {
			return err
		}
	}
	if !known || !b.touched {
		return b.asked(known)
	}
	return b.follow()
}

// open reports whether a line says all that an agreement not yet known needs.
func (b *bundle) open(l *line, known bool) bool {
	missing := influence.MissingForNew(l.Line)
	if len(missing) == 0 || known && b.a.LAR == b.v.actor.OrgID {
		return true
	}
	l.verdict, l.reason = "refused", influence.MissingSentence(missing)
	return false
}

// known finds an agreement by its number, whoever booked it.
func (t *tx) known(key string) (agreement, error) {
	if key == "" {
		return agreement{}, sql.ErrNoRows
	}
	return scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.number_key = $1`, key))
}

// book opens the agreement of a line, or again one that was withdrawn.
func (b *bundle) book(l line, again bool) error {
	if again {
		return b.bookAgain(l)
	}
	a, err := b.t.newAgreement(newAgreement{Number: l.AgreementNumber, Program: l.Program, Customer: l.Customer, State: l.State,
		Seats: l.Seats, SignedOn: l.SignedOn, spelt: b.spellings(l.Line), lar: b.v.actor.OrgID, report: b.report})
	b.a, b.isNew = a, true
	return err
}

// spellings are how the lines spell the customer of a line that books the
// agreement, one of each key, the most frequent first: a slip in the first row
// makes no other customer.
func (b *bundle) spellings(first influence.Line) []string {
	names := map[string]string{}
	times := map[string]int{}
	keys := []string{}
	for _, l := range b.lines {
		if l.Customer == "" || l.State != "" && l.State != first.State {
			continue
		}
		key := influence.NameKey(l.Customer)
		if times[key]++; times[key] == 1 {
			names[key] = l.Customer
			keys = append(keys, key)
		}
	}
	slices.SortStableFunc(keys, func(x, y string) int { return cmp.Compare(times[y], times[x]) })
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = names[key]
	}
	return all
}

// bookAgain takes up an agreement that had no orders left. Another LAR books it
// as if it were new: what the former one wrote of it is not its to see.
func (b *bundle) bookAgain(l line) error {
	was := b.a
	b.a.Withdrawn = false
	if was.LAR != b.v.actor.OrgID {
		b.a.LAR, b.a.Program, b.a.Customer, b.a.State, b.a.Seats, b.a.SignedOn = b.v.actor.OrgID, l.Program, l.Customer, l.State, l.Seats, l.SignedOn
		var err error
		if b.a.CustomerID, err = b.t.customer(b.spellings(l.Line), l.State, b.a.LAR); err != nil {
			return err
		}
		if err := b.t.booking(b.a.ID, b.a.LAR, influence.Start); err != nil {
			return err
		}
	}
	return b.t.later(`UPDATE agreements SET lar_id = $2, program = $3, customer_id = $4, customer = $5, state = $6, seats = $7, signed_on = $8,
		withdrawn = FALSE WHERE id = $1`, b.a.ID, b.a.LAR, string(b.a.Program), b.a.CustomerID, b.a.Customer, b.a.State, b.a.Seats, string(b.a.SignedOn))
}

// take makes a line an order, or a new version of one.
func (b *bundle) take(l *line) error {
	if err := b.read(); err != nil {
		return err
	}
	was := b.orders.now[l.OrderKey]
	now := orderVersion{Order: influence.Order{ID: l.OrderKey, Number: l.OrderNumber, OrderedOn: l.OrderedOn, Kind: kindOr(l.Kind, was, b.isNew && !b.touched),
		Cents: l.Cents, NamedPartnerNo: l.PartnerNo}, report: b.report, row: int64(l.Row)}
	if b.report == "" {
		now.NamedPartnerNo = was.NamedPartnerNo // the form says nothing of it
	}
	if b.judge(l, was, now); l.verdict == "refused" {
		return nil
	}
	if l.PartnerNo != "" {
		b.named[l.PartnerNo] = true
	}
	if err := b.spell(l.Customer); err != nil || l.verdict == "unchanged" {
		return err
	}
	b.touched = true
	return b.orders.keep(b.t, b.a.ID, now)
}

// read reads the agreement's orders, once; one that is new has none.
func (b *bundle) read() (err error) {
	if b.orders != nil {
		return nil
	}
	if b.isNew {
		b.orders = &orderBook{now: map[string]orderVersion{}, last: map[string]int64{}}
		return nil
	}
	b.orders, err = b.t.orderBook(b.a.ID)
	return err
}

// spell keeps how a line spells the customer, as an alias of the LAR's.
func (b *bundle) spell(customer string) error {
	if customer == "" || b.spelt[customer] {
		return nil
	}
	if b.spelt == nil {
		b.spelt = map[string]bool{}
	}
	b.spelt[customer] = true
	return b.t.aliasIn(b.a.CustomerID, b.v.actor.OrgID, customer, b.a.State)
}

// judge gives a line its verdict beside the order as it stands.
func (b *bundle) judge(l *line, was, now orderVersion) {
	switch {
	case was.n == 0:
		l.verdict, l.reason = "new", ""
	case was.same(now):
		l.verdict, l.reason = "unchanged", ""
	case b.report != "" && was.report == b.report:
		l.verdict, l.reason = "refused", twiceSentence
	default:
		l.verdict, l.reason = "corrected", changes(was, now)
		if was.NamedPartnerNo != "" && was.NamedPartnerNo != now.NamedPartnerNo {
			b.dropped = append(b.dropped, was.NamedPartnerNo)
		}
	}
}

// twiceSentence says why the second of two rows for one order is refused.
const twiceSentence = "This order stands in an earlier row of this file, with other details."

// kindOr fills in a kind that the report left out: the one the order has, or
// initial for the first of a new agreement and call-off for the rest.
func kindOr(kind influence.OrderKind, was orderVersion, first bool) influence.OrderKind {
	switch {
	case kind != "":
		return kind
	case was.n > 0:
		return was.Kind
	case first:
		return influence.Initial
	}
	return influence.CallOff
}

// changes says what a correction replaces.
func changes(was, now orderVersion) string {
	var parts []string
	say := func(what, old, fresh string) {
		if old != fresh {
			parts = append(parts, fmt.Sprintf("%s %s → %s", what, orNone(old), orNone(fresh)))
		}
	}
	say("amount", influence.FormatMoney(was.Cents), influence.FormatMoney(now.Cents))
	say("date", string(was.OrderedOn), string(now.OrderedOn))
	say("kind", string(was.Kind), string(now.Kind))
	say("partner", was.NamedPartnerNo, now.NamedPartnerNo)
	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

const heldSentence = "This agreement is booked by another LAR."

// hold keeps lines for an agreement that another LAR booked; nothing is counted.
func (b *bundle) hold() error {
	for i := range b.lines {
		l := &b.lines[i]
		if l.verdict == "refused" || l.verdict == "totals" {
			continue
		}
		l.verdict, l.reason = "held", heldSentence
		err := b.t.later(`INSERT INTO held_lines (agreement_id, lar_id, order_key, order_number, kind, ordered_on, cents, partner_no,
			report_id, report_row, recorded_at, entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
			ON CONFLICT (agreement_id, lar_id, order_key, report_id) DO NOTHING`,
			b.a.ID, b.v.actor.OrgID, l.OrderKey, l.OrderNumber, string(l.Kind), string(l.OrderedOn), l.Cents, l.PartnerNo,
			b.report, int64(l.Row), b.t.at.UnixMicro(), b.t.entry)
		if err != nil {
			return err
		}
	}
	return nil
}

// follow draws what follows from new orders: claims that fit, the decision that
// the report's names make or the question that they raise, and the figures.
func (b *bundle) follow() error {
	if !b.isNew {
		if err := b.t.later(`UPDATE agreements SET version = version + 1 WHERE id = $1`, b.a.ID); err != nil {
			return err
		}
	}
	// The figures come first, so that matching and the inbox see the amounts.
	if err := b.count(); err != nil {
		return err
	}
	found, err := b.t.suggestClaims(b.a)
	if err != nil {
		return err
	}
	if found {
		b.filed = true
		if err := b.t.refile(b.a.ID); err != nil {
			return err
		}
	}
	if err := b.names(); err != nil || !b.isNew || b.filed {
		return err
	}
	return b.t.file(b.a)
}

// count brings the agreement's figures up to date. Of a new one all is known.
func (b *bundle) count() (err error) {
	if b.isNew {
		f := facts{agreement: b.a}
		for _, o := range b.orders.now {
			f.Orders = append(f.Orders, o.Order)
			b.a.Cents += o.Cents
		}
		if _, err := b.t.recounted(f, nil); err != nil {
			return err
		}
		return b.t.seenByBooker(b.a)
	}
	if err := b.t.recount(b.a.ID, &b.a); err != nil {
		return err
	}
	b.a, err = scanAgreement(b.t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.id = $1`, b.a.ID))
	return err
}
