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
	return everyOf(ctx, v, f, func(f facts) (lines []OrderLine, err error) {
		for _, o := range f.Orders {
			p := influence.PartsOf(o, f.SignedOn, f.Decisions)
			lines = append(lines, OrderLine{f.Ref, f.Number, o.Number, o.NamedPartnerNo, o.Kind, o.OrderedOn, o.Cents, p.Influenced, p.Unassisted, p.Undecided})
		}
		return lines, nil
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
	return everyOf(ctx, v, f, func(f facts) (lines []DecisionLine, err error) {
		refs, err := v.reader(ctx).decisionRefs(f.ID)
		if err != nil {
			return nil, err
		}
		live := map[string]bool{}
		for _, d := range influence.Live(f.Decisions) {
			live[d.ID] = true
		}
		for _, d := range f.Decisions {
			lines = append(lines, DecisionLine{refs[d.ID], f.Ref, f.Number, d.Note, d.Seq, d.From, d.Basis, d.RecordedAt, !live[d.ID], d.Shares})
		}
		return lines, nil
	})
}

// decisionRefs are the references of an agreement's decisions by their ids.
func (r reader) decisionRefs(agreementID string) (map[string]string, error) {
	rows, err := r.rows(`SELECT id, ref FROM decisions WHERE agreement_id = $1`, agreementID)
	refs := map[string]string{}
	_, err = collect(rows, err, func(row scanner) (id string, err error) {
		var ref string
		err = row.Scan(&id, &ref)
		refs[id] = ref
		return id, err
	})
	return refs, err
}

// everyOf yields the lines that fn makes of each agreement that the actor sees
// in full.
func everyOf[T any](ctx context.Context, v Session, filter AgreementFilter, fn func(facts) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if v.actor.Role == influence.RolePartner {
			yield(none, influence.ErrForbidden)
			return
		}
		for row, err := range v.EveryAgreement(ctx, filter) {
			var lines []T
			if err == nil {
				lines, err = linesFor(ctx, v, row.Ref, fn)
			}
			if err != nil {
				yield(none, wrap(err))
				return
			}
			for _, line := range lines {
				if !yield(line, nil) {
					return
				}
			}
		}
	}
}

func linesFor[T any](ctx context.Context, v Session, ref string, fn func(facts) ([]T, error)) ([]T, error) {
	a, err := v.agreement(ctx, v.s.read, influence.ViewAgreements, ref)
	if err != nil {
		return nil, err
	}
	f, err := factsOf(v.reader(ctx), a)
	if err != nil {
		return nil, err
	}
	return fn(f)
}
