package store

import (
	"context"

	"irm/influence"
)

// Explanation is how a partner's part of an order comes about.
type Explanation struct {
	Ref, Number, Customer string
	SignedOn, Counted     influence.Day // Counted picks the decision
	Order                 HolderOrder
	Version               int64 // of the order
	Decision              DecisionView
	Share                 influence.Share
	Holders               int   // how many share the order
	Points                int64 // of all of them
	Influenced            int64 // of all of them, cents
	Floor, Rest, Extra    int64 // of the amount's magnitude: whole cents, ten-thousandths left, and the cent that went by largest remainder
}

// Explain says how the part of the actor's company of an order comes about. It is
// ErrNotFound for an order that it has no part in.
func (v Session) Explain(ctx context.Context, ref, order string) (x Explanation, err error) {
	if v.actor.Role != influence.RolePartner || !v.actor.May(influence.ViewStatement) {
		return x, influence.ErrForbidden
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		a, err := scanAgreement(r.row(`SELECT `+agreementColumns+` FROM agreements a WHERE `+v.visible(influence.ViewAgreements, "a")+` AND a.ref = $2`, v.actor.OrgID, ref))
		if err != nil {
			return err
		}
		f, err := factsOf(r, a)
		if err != nil {
			return err
		}
		if x, err = v.explained(f, order); err != nil {
			return err
		}
		return v.explainWho(r, f, &x)
	})
	return x, wrap(err)
}

// explained does the arithmetic of one order again, step by step.
func (v Session) explained(f facts, order string) (Explanation, error) {
	for _, o := range f.Orders {
		parts := influence.PartsOf(o, f.SignedOn, f.Decisions)
		for _, part := range parts.Shares {
			if o.Number != order || part.PartnerID != v.actor.OrgID {
				continue
			}
			x := Explanation{Ref: f.Ref, Number: f.Number, Customer: f.Customer, SignedOn: f.SignedOn, Counted: influence.CountedOn(o.OrderedOn, f.SignedOn),
				Order: HolderOrder{o.Number, o.Kind, o.OrderedOn, o.Cents, part.Cents, part.Points}, Share: part.Share, Holders: len(parts.Shares), Influenced: parts.Influenced}
			for _, s := range parts.Shares {
				x.Points += s.Points
			}
			x.Floor, x.Rest = influence.WholeCents(o.Cents, part.Points)
			if x.Extra = part.Cents - x.Floor; o.Cents < 0 {
				x.Extra = -part.Cents - x.Floor
			}
			x.Decision.ID = parts.Decision.ID
			return x, nil
		}
	}
	return Explanation{}, influence.ErrNotFound
}

// explainWho adds who decided, and which version of the order counts.
func (v Session) explainWho(r reader, f facts, x *Explanation) error {
	names, err := r.partnerNames(f.ID)
	if err != nil {
		return err
	}
	all, err := v.decisionViews(r, f, names)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.ID == x.Decision.ID {
			d.ID, d.Note = "", "" // the note is the LAR's own
			x.Decision = d
		}
	}
	return r.row(`SELECT o.n FROM orders o JOIN agreements a ON a.id = o.agreement_id
		WHERE `+v.visible(influence.ViewAgreements, "a")+` AND o.agreement_id = $2 AND o.order_number = $3 LIMIT 1`, v.actor.OrgID, f.ID, x.Order.Number).Scan(&x.Version)
}
