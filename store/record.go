package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"irm/influence"
)

// RecordLine is one share that a partner has in a decision in force: what it can show
// of its influence.
type RecordLine struct {
	Agreement, Number, Customer, State, LAR string // the LAR that decided, "Microsoft" for staff
	Program                                 influence.Program
	From, Until                             influence.Day // start without a beginning, "" without an end
	Share                                   influence.Share
	Orders, Cents                           int64 // the parts of its orders so far, in cents
	Decision, By                            string
	At                                      time.Time
	Claim, Receipt                          string // the confirmed claim, "" for a share without one; the receipt's hash
	cursor                                  string
}

// Record returns the shares that the actor's company has, agreement by agreement in
// the order of their numbers. A page holds limit agreements.
func (v Session) Record(ctx context.Context, after, before string, limit int) (p Page[RecordLine], err error) {
	if v.actor.Role != influence.RolePartner || !v.actor.May(influence.ViewStatement) {
		return p, influence.ErrForbidden
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		shared, err := v.sharedAgreements(r, after, before, limit)
		if err != nil {
			return err
		}
		p = Page[RecordLine]{Older: shared.Older, Newer: shared.Newer}
		for _, a := range shared.Rows {
			lines, err := v.recordOf(r, a)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, lines...)
		}
		return nil
	})
	if err != nil {
		return p, wrap(err)
	}
	return p, v.receipts(ctx, p.Rows)
}

// sharedAgreement is an agreement that a partner has, or had, a share of.
type sharedAgreement struct{ id, key string }

func (a sharedAgreement) cursor() string { return joinCursor(a.key, a.id) }

func (v Session) sharedAgreements(r reader, after, before string, limit int) (Page[sharedAgreement], error) {
	w := v.where(v.visible(influence.ViewAgreements, "s") + ` AND s.seen_as = 'PS'`)
	key, op, dir, back := keyset(after, before, false)
	if key[0] != "" {
		w.and(`(s.number_key, s.agreement_id) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := r.rows(`SELECT s.agreement_id, s.number_key FROM sight s WHERE `+w.String()+`
		ORDER BY s.number_key `+dir+`, s.agreement_id `+dir+` LIMIT `+w.arg(limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (a sharedAgreement, err error) { return a, row.Scan(&a.id, &a.key) })
	if err != nil {
		return Page[sharedAgreement]{}, err
	}
	return paged(all, limit, back, after != "", sharedAgreement.cursor), nil
}

// recordOf is the partner's shares of one agreement, with what its orders come to.
func (v Session) recordOf(r reader, a sharedAgreement) (all []RecordLine, err error) {
	f, err := v.partFacts(r, a.id)
	if err != nil || f.Withdrawn {
		return nil, err
	}
	names, err := r.partnerNames(f.ID)
	if err != nil {
		return nil, err
	}
	said, err := v.decisionViews(r, f, names)
	if err != nil {
		return nil, err
	}
	for _, span := range influence.Spans(f.Decisions) {
		for _, share := range span.Decision.Shares {
			if share.PartnerID != v.actor.OrgID {
				continue
			}
			line := RecordLine{Agreement: f.Ref, Number: f.Number, Customer: f.Customer, State: f.State, Program: f.Program, From: span.From, Until: span.Until, Share: share, cursor: a.cursor()}
			line.Orders, line.Cents = v.partUnder(f, span.Decision.ID)
			for _, d := range said {
				if d.ID == span.Decision.ID {
					line.Decision, line.By, line.LAR, line.At = d.Ref, d.By, d.LAR, d.At
				}
			}
			if line.Claim, err = v.claimOf(r, f.ID, span.Decision.ID); err != nil {
				return nil, err
			}
			all = append(all, line)
		}
	}
	return all, nil
}

// partUnder adds up the partner's parts of the orders that a decision is in force for.
func (v Session) partUnder(f facts, decision string) (orders, cents int64) {
	for _, o := range f.Orders {
		parts := influence.PartsOf(o, f.SignedOn, f.Decisions)
		if parts.Decision == nil || parts.Decision.ID != decision { // undecided on its day
			continue
		}
		for _, part := range parts.Shares {
			if part.PartnerID == v.actor.OrgID {
				orders, cents = orders+1, cents+part.Cents
			}
		}
	}
	return orders, cents
}

// claimOf is the partner's claim that a decision confirmed.
func (v Session) claimOf(r reader, agreementID, decision string) (ref string, err error) {
	err = r.row(`SELECT c.ref FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.agreement_id = $2 AND c.decided_by = $3 AND c.state = 'confirmed'
		ORDER BY c.id LIMIT 1`, v.actor.OrgID, agreementID, decision).Scan(&ref)
	if errors.Is(wrap(err), influence.ErrNotFound) {
		return "", nil
	}
	return ref, err
}

// receipts adds the hashes of the receipts of confirmed claims.
func (v Session) receipts(ctx context.Context, lines []RecordLine) error {
	for i := range lines {
		if lines[i].Claim == "" {
			continue
		}
		x, err := v.ClaimReceipt(ctx, lines[i].Claim)
		if errors.Is(err, influence.ErrNotFound) { // not confirmed any more
			continue
		}
		if err != nil {
			return err
		}
		lines[i].Receipt = x.Hash
	}
	return nil
}

// EveryRecordLine yields the whole record, page by page.
func (v Session) EveryRecordLine(ctx context.Context) iter.Seq2[RecordLine, error] {
	return func(yield func(RecordLine, error) bool) {
		for after := ""; ; {
			p, err := v.Record(ctx, after, "", 200)
			if err != nil {
				yield(RecordLine{}, err)
				return
			}
			for _, line := range p.Rows {
				if !yield(line, nil) {
					return
				}
			}
			if after = p.Older; after == "" {
				return
			}
		}
	}
}
