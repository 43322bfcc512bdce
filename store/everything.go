package store

import (
	"context"
	"iter"
	"time"

	"irm/influence"
)

// OrderLine is one order of an export, with its parts in cents.
type OrderLine struct {
	AgreementRef, AgreementNumber, Number, NamedNo string
	Kind                                           influence.OrderKind
	OrderedOn                                      influence.Day
	Cents, Influenced, Unassisted, Undecided       int64
}

// EveryOrder yields the orders of the agreements that the filter takes, for
// Microsoft and the LAR that booked them.
func (v Session) EveryOrder(ctx context.Context, f AgreementFilter) iter.Seq2[OrderLine, error] {
	return everyOf(v, ctx, f, func(a agreement, f facts, yield func(OrderLine) bool) bool {
		for _, o := range f.Orders {
			p := influence.PartsOf(o, f.SignedOn, f.Decisions)
			if !yield(OrderLine{a.Ref, a.Number, o.Number, o.NamedPartnerNo, o.Kind, o.OrderedOn, o.Cents, p.Influenced, p.Unassisted, p.Undecided}) {
				return false
			}
		}
		return true
	})
}

// DecisionLine is one decision of an export.
type DecisionLine struct {
	Ref, AgreementRef, AgreementNumber, Note string
	Seq                                      int64
	From                                     influence.Day
	Basis                                    influence.Basis
	At                                       time.Time
	Void                                     bool
	Shares                                   []influence.Share
}

// EveryDecision yields the decisions on the agreements that the filter takes.
func (v Session) EveryDecision(ctx context.Context, f AgreementFilter) iter.Seq2[DecisionLine, error] {
	return everyOf(v, ctx, f, func(a agreement, f facts, yield func(DecisionLine) bool) bool {
		live := map[string]bool{}
		for _, d := range influence.Live(f.Decisions) {
			live[d.ID] = true
		}
		for _, d := range f.Decisions {
			var ref string
			if err := v.s.read.QueryRowContext(ctx, `SELECT ref FROM decisions WHERE id = $1`, d.ID).Scan(&ref); err != nil {
				return false
			}
			if !yield(DecisionLine{ref, a.Ref, a.Number, d.Note, d.Seq, d.From, d.Basis, d.RecordedAt, !live[d.ID], d.Shares}) {
				return false
			}
		}
		return true
	})
}

// everyOf yields what fn takes from each agreement that the actor sees in full.
func everyOf[T any](v Session, ctx context.Context, f AgreementFilter, fn func(a agreement, f facts, yield func(T) bool) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if v.actor.Role == influence.RolePartner {
			yield(none, influence.ErrForbidden)
			return
		}
		for row, err := range v.EveryAgreement(ctx, f) {
			if err != nil {
				yield(none, err)
				return
			}
			a, err := v.agreement(ctx, v.s.read, influence.ViewAgreements, row.Ref)
			var x facts
			if err == nil {
				x, err = factsOf(v.reader(ctx), a)
			}
			if err != nil {
				yield(none, wrap(err))
				return
			}
			if !fn(a, x, func(line T) bool { return yield(line, nil) }) {
				return
			}
		}
	}
}

// CustomerLine is one customer of an export.
type CustomerLine struct{ Ref, Name, State, id string }

// EveryCustomer yields all customers, for Microsoft.
func (v Session) EveryCustomer(ctx context.Context) iter.Seq2[CustomerLine, error] {
	return every(func(after string) (Page[CustomerLine], error) {
		if v.actor.Scope(influence.ViewCustomers) != influence.ScopeAll {
			return Page[CustomerLine]{}, influence.ErrForbidden
		}
		key := splitCursor(after)
		rows, err := v.s.read.QueryContext(ctx, `SELECT id, ref, name, state FROM customers WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT 501`, key[0], key[1])
		all, err := collect(rows, err, func(row scanner) (c CustomerLine, err error) { return c, row.Scan(&c.id, &c.Ref, &c.Name, &c.State) })
		if err != nil {
			return Page[CustomerLine]{}, wrap(err)
		}
		return paged(all, 500, false, after != "", CustomerLine.cursor), nil
	}, CustomerLine.cursor)
}

func (c CustomerLine) cursor() string { return joinCursor(c.Name, c.id) }
