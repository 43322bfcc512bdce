package store

import (
	"context"
	"iter"

	"irm/influence"
)

// AgreementFilter narrows a list of agreements. With a period, amounts are those
// of the orders in it and agreements without any are left out; BySigning takes
// the agreements signed in it instead, with all their orders.
type AgreementFilter struct {
	Reversed    bool          // the oldest first, for a partner the last number
	First, Last influence.Day // of the period; Start for none
	BySigning   bool
	ByAnswer    bool // decided at the desk in the period, after something waited
	Program     influence.Program
	LAR         string // public reference or slug
	State       string
	Partner     string // public reference: with a share of its
	Decided     string // "yes", "no", "none" (decided: no partner)
	Waiting     int    // on the desk now: 1 to 5 is the class of how long, the shortest first
	Query       string // beginning of the number or of the customer's name
	After       string // cursor of the last row seen
	Before      string // or of the first, to page back
	Limit       int
}

// AgreementRow is one row of the list. A partner sees of it what its kind of
// sight gives; the other fields are zero and their columns are left out.
type AgreementRow struct {
	Ref, Number, Customer, State, LAR, LARRef               string
	Program                                                 influence.Program
	As                                                      SeenAs
	SignedOn                                                influence.Day
	Seats, Orders, Cents, Influenced, Unassisted, Undecided int64
	Decided, Attached                                       bool
	Own                                                     int64 // a partner's own part, or that of the filter's partner, in cents
	cursor                                                  string
}

// Agreements returns a page of the agreements the actor sees, newest signature
// first (a partner's by number), and whether there are more behind and before it.
func (v Session) Agreements(ctx context.Context, f AgreementFilter) (Page[AgreementRow], error) {
	if v.actor.Role == influence.RolePartner {
		return v.partnerAgreements(ctx, f)
	}
	w := v.where(v.visible(influence.ViewAgreements, "a") + ` AND NOT a.withdrawn`)
	if err := v.narrow(ctx, w, f); err != nil {
		return Page[AgreementRow]{}, err
	}
	sum := f.sums(w) + ", " + f.part(w)
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[0] != "" {
		// Descending by day and by id: one row value, one index.
		w.and(`(a.signed_on, a.id) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT a.ref, a.number, a.customer, a.state, l.name, l.ref, a.program, a.signed_on, a.seats,
		a.decided, a.attached, a.id, `+sum+` FROM agreements a CROSS JOIN lars l WHERE l.id = a.lar_id AND `+w.String()+`
		ORDER BY a.signed_on `+dir+`, a.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (r AgreementRow, err error) {
		var id string
		err = row.Scan(&r.Ref, &r.Number, &r.Customer, &r.State, &r.LAR, &r.LARRef, &r.Program, &r.SignedOn, &r.Seats,
			&r.Decided, &r.Attached, &id, &r.Orders, &r.Influenced, &r.Unassisted, &r.Undecided, &r.Own)
		r.Cents, r.As = r.Influenced+r.Unassisted+r.Undecided, SeenByStaff
		if v.actor.Role == influence.RoleLAR {
			r.As = SeenByLAR
		}
		r.cursor = joinCursor(string(r.SignedOn), id)
		return r, err
	})
	if err != nil {
		return Page[AgreementRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", func(r AgreementRow) string { return r.cursor }), nil
}

// sums are the columns of the amounts: the agreement's own, or of the period.
func (f AgreementFilter) sums(w *where) string {
	if f.First == "" || f.whole() {
		return `a.orders, a.influenced, a.unassisted, a.undecided`
	}
	const of = ` FROM standing k WHERE k.agreement_id = a.id AND k.on_day BETWEEN `
	span := w.arg(string(f.First)) + ` AND ` + w.arg(string(f.Last))
	column := func(c, more string) string {
		return `(SELECT CAST(coalesce(sum(k.` + c + `), 0) AS BIGINT)` + of + span + more + `)`
	}
	return column("orders", ` AND k.partner_id = ''`) + `, ` + column("influenced", "") + `, ` + column("unassisted", "") + `, ` + column("undecided", "")
}

// whole reports whether agreements are listed with all their orders.
func (f AgreementFilter) whole() bool { return f.BySigning || f.ByAnswer }

// span are the days whose orders are taken.
func (f AgreementFilter) span() (first, last string) {
	if f.First == "" || f.whole() {
		return "", "9999"
	}
	return string(f.First), string(f.Last)
}

// part is the column of the filter's partner's part.
func (f AgreementFilter) part(w *where) string {
	if f.Partner == "" {
		return "0"
	}
	first, last := f.span()
	return `(SELECT CAST(coalesce(sum(k.influenced), 0) AS BIGINT) FROM standing k WHERE k.agreement_id = a.id
		AND k.partner_id = (SELECT p.id FROM partners p WHERE p.ref = ` + w.arg(f.Partner) + `) AND k.on_day BETWEEN ` + w.arg(first) + ` AND ` + w.arg(last) + `)`
}

// narrow adds the filter's conditions.
func (v Session) narrow(ctx context.Context, w *where, f AgreementFilter) error {
	if f.First != "" && f.BySigning {
		w.and(`a.signed_on BETWEEN ? AND ?`, string(f.First), string(f.Last))
	}
	if f.First != "" && f.ByAnswer {
		w.and(`EXISTS (SELECT 1 FROM decisions d CROSS JOIN movements m WHERE d.agreement_id = a.id AND m.entry_id = d.entry_id AND m.topic = 'days'
			AND m.on_day BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.decision_id = d.id))`, string(f.First), string(f.Last))
	}
	if f.First != "" && !f.whole() && f.Partner == "" {
		w.and(`EXISTS (SELECT 1 FROM standing k WHERE k.agreement_id = a.id AND k.on_day BETWEEN ? AND ? AND k.orders > 0)`, string(f.First), string(f.Last))
	}
	if f.Program != "" {
		w.and(`a.program = ?`, string(f.Program))
	}
	if f.LAR != "" {
		w.and(`a.lar_id = (SELECT id FROM lars WHERE ref = ? OR slug = ?)`, f.LAR, f.LAR)
	}
	if f.State != "" {
		w.and(`a.state = ?`, f.State)
	}
	switch f.Decided {
	case "yes":
		w.and(`a.decided`)
	case "no":
		w.and(`NOT a.decided`)
	case "none":
		w.and(`a.decided AND NOT a.attached`)
	}
	if f.Waiting > 0 {
		after, until := v.waitingDue(f.Waiting)
		w.and(`a.id IN (SELECT i.agreement_id FROM inbox i WHERE i.tab = 'decide' AND i.due > ? AND i.due <= ?)`, after, until)
	}
	if f.Query != "" {
		w.and(`a.number_key LIKE ? ESCAPE '\' OR upper(a.customer) LIKE ? ESCAPE '\'`,
			likeNumber(f.Query), likePrefix(upper(f.Query)))
	}
	if f.Partner == "" {
		return nil
	}
	first, last := f.span()
	w.and(`a.id IN (SELECT k.agreement_id FROM standing k JOIN partners p ON p.id = k.partner_id
		WHERE p.ref = ? AND k.partner_id <> '' AND k.on_day BETWEEN ? AND ?)`, f.Partner, first, last)
	return nil
}

// partnerAgreements lists what a partner sees, by number: the number is what
// every kind of its sight gives.
func (v Session) partnerAgreements(ctx context.Context, f AgreementFilter) (Page[AgreementRow], error) {
	w := v.where(v.visible(influence.ViewAgreements, "s"))
	key, op, dir, back := keyset(f.After, f.Before, f.Reversed)
	if key[0] != "" {
		w.and(`(s.number_key, s.agreement_id) `+op+` (?, ?)`, key[0], key[1])
	}
	if f.Query != "" { // the customer's name as each kind of sight gives it
		w.and(`s.number_key LIKE ? ESCAPE '\' OR s.seen_as = 'PS' AND upper(a.customer) LIKE ? ESCAPE '\'
			OR s.seen_as = 'PC' AND EXISTS (SELECT 1 FROM claims c WHERE c.agreement_id = a.id AND c.partner_id = $1 AND upper(c.customer) LIKE ? ESCAPE '\')`,
			likeNumber(f.Query), likePrefix(upper(f.Query)), likePrefix(upper(f.Query)))
	}
	if f.Program != "" {
		w.and(`a.program = ?`, string(f.Program))
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT s.seen_as, s.number_key, a.id, a.ref, a.number, a.program, a.customer, a.state, a.signed_on,
		a.seats, l.name, l.ref,
		(SELECT CAST(coalesce(sum(k.influenced), 0) AS BIGINT) FROM standing k WHERE k.agreement_id = a.id AND k.partner_id = $1),
		coalesce((SELECT max(c.customer) FROM claims c WHERE c.agreement_id = a.id AND c.partner_id = $1), ''),
		coalesce((SELECT max(c.customer_state) FROM claims c WHERE c.agreement_id = a.id AND c.partner_id = $1), ''),
		coalesce((SELECT max(m.name) FROM claims c JOIN lars m ON m.id = c.lar_id WHERE c.agreement_id = a.id AND c.partner_id = $1), '')
		FROM sight s CROSS JOIN agreements a CROSS JOIN lars l WHERE `+w.String()+` AND a.id = s.agreement_id AND l.id = a.lar_id AND NOT a.withdrawn
		ORDER BY s.number_key `+dir+`, s.agreement_id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, scanPartnerRow)
	if err != nil {
		return Page[AgreementRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", func(r AgreementRow) string { return r.cursor }), nil
}

// scanPartnerRow keeps of a row only what its kind of sight gives.
func scanPartnerRow(row scanner) (r AgreementRow, err error) {
	var key, id, spelled, state, addressed string
	full := AgreementRow{}
	err = row.Scan(&r.As, &key, &id, &r.Ref, &r.Number, &r.Program, &full.Customer, &full.State, &full.SignedOn, &full.Seats,
		&full.LAR, &full.LARRef, &r.Own, &spelled, &state, &addressed)
	r.cursor = joinCursor(key, id)
	if r.As == SeenByClaimant {
		r.Customer, r.State, r.LAR, r.Own = spelled, state, addressed, 0
		return r, err
	}
	r.Customer, r.State, r.SignedOn, r.Seats, r.LAR, r.LARRef = full.Customer, full.State, full.SignedOn, full.Seats, full.LAR, full.LARRef
	return r, err
}

// EveryAgreement yields all rows of the filter, page by page, for an export: no
// long transaction is held open.
func (v Session) EveryAgreement(ctx context.Context, f AgreementFilter) iter.Seq2[AgreementRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[AgreementRow], error) {
		f.After = after
		return v.Agreements(ctx, f)
	}, func(r AgreementRow) string { return r.cursor })
}
