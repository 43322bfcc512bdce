package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// newAgreement is an agreement about to be booked.
type newAgreement struct {
	Number   string
	Program  influence.Program
	Customer string
	State    string
	Seats    int64
	SignedOn influence.Day
	spelt    []string // how its rows spell the customer, the most frequent first
	lar      string
	report   string
}

// newAgreement books an agreement with its LAR, from the start.
func (t *tx) newAgreement(n newAgreement) (agreement, error) {
	a := agreement{ID: newID("agr", t.at), Number: n.Number, Program: n.Program, Customer: n.Customer, State: n.State,
		Seats: n.Seats, SignedOn: n.SignedOn, LAR: n.lar, Version: 1}
	var err error
	if a.CustomerID, err = t.customer(n.spelt, n.State, n.lar); err != nil {
		return a, err
	}
	a.Ref, err = t.referred("AGR", func(ref string) (int64, error) {
		return t.exec(insertAgreement, a.ID, ref, a.Number, influence.NumberKey(a.Number), string(a.Program), a.CustomerID, a.Customer,
			a.State, a.Seats, string(a.SignedOn), a.LAR, t.who.MemberID, n.report, t.at.UnixMicro())
	})
	if err != nil {
		return a, err
	}
	return a, t.booking(a.ID, a.LAR, influence.Start)
}

func (t *tx) booking(agreementID, lar string, from influence.Day) error {
	return t.later(`INSERT INTO bookings (agreement_id, from_day, lar_id, recorded_at, entry_id) VALUES ($1, $2, $3, $4, $5)`,
		agreementID, string(from), lar, t.at.UnixMicro(), t.entry)
}

// EnterAgreement books an agreement with its first order by form, and answers
// with its reference. It follows the same rules as a report's line that names
// no partner.
func (v Session) EnterAgreement(ctx context.Context, key string, d influence.AgreementDraft) (ref string, err error) {
	err = v.do(ctx, influence.EnterAgreements, func(t *tx) (change, error) {
		if known, ok, err := t.answered(key); err != nil || ok {
			ref = known
			return change{}, err
		}
		l, err := d.Validate(t.today, t.s.settings)
		if err != nil {
			return change{}, err
		}
		known, err := t.known(l.AgreementKey)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return change{}, err
		}
		if err == nil && !known.Withdrawn { // one that was withdrawn is booked again
			return change{}, influence.Invalid{"agreement_number": "This number is in the program already."}
		}
		b := bundle{t: t, v: v, lines: []line{{Line: l, verdict: "new"}}}
		if err := b.commit(l.AgreementKey); err != nil {
			return change{}, err
		}
		ref = b.a.Ref
		return change{ref, nil, recordLine(l)}, t.answer(key, ref)
	})
	if err != nil {
		return "", fmt.Errorf("enter agreement: %w", err)
	}
	return ref, nil
}

// EnterOrder adds an order to an agreement by form, or corrects one.
func (v Session) EnterOrder(ctx context.Context, ref string, version int64, d influence.OrderDraft) error {
	err := v.do(ctx, influence.EnterAgreements, func(t *tx) (change, error) {
		a, err := v.agreement(t.ctx, t.q, influence.EnterAgreements, ref)
		if err != nil {
			return change{}, err
		}
		l, err := d.Validate(t.today, t.s.settings)
		if err != nil {
			return change{}, err
		}
		if err := t.claimVersion(a, version); err != nil {
			return change{}, err
		}
		was, err := t.order(a.ID, l.OrderKey)
		if err != nil {
			return change{}, err
		}
		if was.n > 0 && !d.Correct {
			return change{}, influence.Invalid{"order_number": "Order " + was.Number + " is known already. Correct it instead."}
		}
		b := bundle{t: t, v: v, a: a, named: map[string]bool{}, lines: []line{{Line: l, verdict: "new"}}}
		if err := b.take(&b.lines[0]); err != nil {
			return change{}, err
		}
		if !b.touched {
			return change{}, influence.Invalid{"amount": "Nothing differs from the order as it stands."}
		}
		return change{ref, recordOrder(was), recordLine(l)}, b.follow()
	})
	if err != nil {
		return fmt.Errorf("enter order of %s: %w", ref, err)
	}
	return nil
}

// lineRecord is what the ledger keeps of an order's line.
type lineRecord struct {
	Agreement string        `json:"agreement_number,omitempty"`
	Order     string        `json:"order_number"`
	Kind      string        `json:"order_kind"`
	On        influence.Day `json:"ordered_on"`
	Cents     int64         `json:"amount_cents"`
	PartnerNo string        `json:"partner_id,omitempty"`
}

func recordLine(l influence.Line) lineRecord {
	return lineRecord{l.AgreementNumber, l.OrderNumber, string(l.Kind), l.OrderedOn, l.Cents, l.PartnerNo}
}

func recordOrder(o orderVersion) any {
	if o.n == 0 {
		return nil
	}
	return lineRecord{"", o.Number, string(o.Kind), o.OrderedOn, o.Cents, o.NamedPartnerNo}
}

const insertAgreement = `INSERT INTO agreements (id, ref, number, number_key, program, customer_id, customer, state, seats, signed_on,
			lar_id, member_id, report_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (ref) DO NOTHING`
