package store

import (
	"context"
	"fmt"
	"iter"

	"irm/influence"
)

// StatementFilter says which orders a statement has.
type StatementFilter struct {
	First, Last   influence.Day // of the period
	Period        string        // its name in the rollups: 2007-03, FY2007Q3 or FY2007; "" for a half
	Quarters      []string      // of a half, instead of Period
	Program       influence.Program
	LAR           string // public reference
	After, Before string
	Limit         int
}

// StatementLine is an order that the partner has a part in.
type StatementLine struct {
	Agreement, Number, Customer, LAR string
	Program                          influence.Program
	OrderNumber                      string
	Kind                             influence.OrderKind
	OrderedOn                        influence.Day
	Cents, Part, Points              int64
	cursor                           string
}

// statementDay is what the partner's part of one agreement's orders of one day is.
type statementDay struct {
	agreementID, lar string
	on               influence.Day
}

// Statement returns the orders of a period that the actor's company has a part in,
// the newest first. A page holds Limit days of agreements, each with its orders.
func (v Session) Statement(ctx context.Context, f StatementFilter) (p Page[StatementLine], err error) {
	if v.actor.Role != influence.RolePartner || !v.actor.May(influence.ViewStatement) {
		return p, influence.ErrForbidden
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		days, err := v.statementDays(r, f)
		if err != nil {
			return err
		}
		p = Page[StatementLine]{Older: days.Older, Newer: days.Newer}
		known := map[string]facts{}
		for _, d := range days.Rows {
			if _, ok := known[d.agreementID]; !ok {
				if known[d.agreementID], err = v.partFacts(r, d.agreementID); err != nil {
					return err
				}
			}
			p.Rows = append(p.Rows, v.statementLines(known[d.agreementID], d)...)
		}
		return nil
	})
	return p, wrap(err)
}

func (d statementDay) cursor() string { return joinCursor(string(d.on), d.agreementID) }

// statementDays reads a stretch of the index that holds a partner's parts by day.
func (v Session) statementDays(r reader, f StatementFilter) (Page[statementDay], error) {
	w := &where{parts: []string{"k.partner_id = $1", "k.partner_id <> ''"}, args: []any{v.actor.OrgID}}
	w.and(`k.on_day BETWEEN ? AND ?`, string(f.First), string(f.Last))
	w.and(`k.orders > 0`)
	if f.Program != "" {
		w.and(`a.program = ?`, string(f.Program))
	}
	if f.LAR != "" {
		w.and(`l.ref = ?`, f.LAR)
	}
	key, op, dir, back := keyset(f.After, f.Before, true)
	if key[0] != "" {
		w.and(`(k.on_day, k.agreement_id) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := r.rows(`SELECT k.agreement_id, k.on_day, l.name FROM standing k CROSS JOIN agreements a CROSS JOIN lars l
		WHERE a.id = k.agreement_id AND l.id = a.lar_id AND `+v.visible(influence.ViewAgreements, "a")+` AND `+w.String()+`
		ORDER BY k.on_day `+dir+`, k.agreement_id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (d statementDay, err error) { return d, row.Scan(&d.agreementID, &d.on, &d.lar) })
	if err != nil {
		return Page[statementDay]{}, err
	}
	return paged(all, f.Limit, back, f.After != "", statementDay.cursor), nil
}

// partFacts reads an agreement that the partner has a part of, under visible.
func (v Session) partFacts(r reader, id string) (facts, error) {
	a, err := scanAgreement(r.row(`SELECT `+agreementColumns+` FROM agreements a WHERE `+v.visible(influence.ViewAgreements, "a")+` AND a.id = $2`, v.actor.OrgID, id))
	if err != nil {
		return facts{}, err
	}
	return factsOf(r, a)
}

func (v Session) statementLines(f facts, d statementDay) (all []StatementLine) {
	for _, o := range f.Orders {
		if o.OrderedOn != d.on {
			continue
		}
		parts := influence.PartsOf(o, f.SignedOn, f.Decisions)
		for _, part := range parts.Shares {
			if part.PartnerID == v.actor.OrgID {
				all = append(all, StatementLine{Agreement: f.Ref, Number: f.Number, Customer: f.Customer, LAR: d.lar, Program: f.Program, OrderNumber: o.Number,
					Kind: o.Kind, OrderedOn: o.OrderedOn, Cents: o.Cents, Part: part.Cents, Points: part.Points, cursor: d.cursor()})
			}
		}
	}
	return all
}

// StatementSum is what the lines of a statement come to, in cents: of the rollups.
// ok is false for a selection that none of them counts.
func (v Session) StatementSum(ctx context.Context, f StatementFilter) (sum Sums, ok bool, err error) {
	if v.actor.Role != influence.RolePartner || !v.actor.May(influence.ViewStatement) {
		return sum, false, influence.ErrForbidden
	}
	periods := f.Quarters
	if f.Period != "" {
		periods = []string{f.Period}
	}
	kind, scope := "partner", ""
	switch {
	case f.Program != "" && f.LAR != "", f.Program+influence.Program(f.LAR) != "" && len(f.Period) == len("2007-03"):
		return sum, false, nil
	case f.Program != "":
		kind, scope = "program_partner", string(f.Program)
	case f.LAR != "":
		kind = "lar_partner"
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		if f.LAR != "" {
			if err := r.row(`SELECT id FROM lars WHERE ref = $1`, f.LAR).Scan(&scope); err != nil {
				return err
			}
		}
		x := newRollups(r)
		if err := x.latest(kind); err != nil {
			return err
		}
		all, err := x.series(spot{kind: kind, scope: scope, name: v.actor.OrgID}, periods)
		sum = total(all)
		return err
	})
	if err != nil {
		return sum, false, fmt.Errorf("sum of a statement: %w", wrap(err))
	}
	return sum, true, nil
}

// EveryStatementLine yields all lines of the filter, page by page.
func (v Session) EveryStatementLine(ctx context.Context, f StatementFilter) iter.Seq2[StatementLine, error] {
	f.Limit, f.Before = 200, ""
	return every(func(after string) (Page[StatementLine], error) {
		f.After = after
		return v.Statement(ctx, f)
	}, func(l StatementLine) string { return l.cursor })
}
