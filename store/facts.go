package store

import (
	"irm/influence"
)

// facts are an agreement and what its figures follow from, read in one transaction.
type facts struct {
	agreement
	Orders    []influence.Order
	Decisions []influence.Decision // by seq
}

// agreement is the agreement's own row.
type agreement struct {
	ID, Ref, Number, CustomerID, Customer, State, LAR string
	Program                                           influence.Program
	Seats                                             int64
	SignedOn                                          influence.Day
	Decided, Withdrawn                                bool
	Cents                                             int64
	Version                                           int64
}

const agreementColumns = `a.id, a.ref, a.number, a.customer_id, a.customer, a.state, a.lar_id, a.program, a.seats, a.signed_on,
	a.decided, a.withdrawn, a.cents, a.version`

func scanAgreement(row scanner) (a agreement, err error) {
	err = row.Scan(&a.ID, &a.Ref, &a.Number, &a.CustomerID, &a.Customer, &a.State, &a.LAR, &a.Program, &a.Seats, &a.SignedOn,
		&a.Decided, &a.Withdrawn, &a.Cents, &a.Version)
	return a, err
}

// factsOf reads the orders and decisions of an agreement already read.
func factsOf(q reader, a agreement) (f facts, err error) {
	f.agreement = a
	if f.Orders, err = q.ordersOf(a.ID); err != nil {
		return f, err
	}
	f.Decisions, err = q.decisionsOf(a.ID)
	return f, err
}

// standingRow is what an agreement counts for on one day and for one partner.
type standingKey struct {
	on      influence.Day
	partner string
}

// count says what the facts come to: by day and partner, and in sum. Whether an
// agreement is decided, and attached, is influence.Decided's to say.
func (f facts) count() (map[standingKey]sums, sums) {
	rows := map[standingKey]sums{}
	var all sums
	if f.Withdrawn || len(f.Orders) == 0 {
		return rows, all
	}
	add := func(on influence.Day, partner string, s sums) {
		k := standingKey{on, partner}
		rows[k] = rows[k].minus(sums{}.minus(s))
	}
	for _, o := range f.Orders {
		p := influence.PartsOf(o, f.SignedOn, f.Decisions)
		add(o.OrderedOn, "", sums{Unassisted: p.Unassisted, Undecided: p.Undecided, Orders: 1})
		all = all.minus(sums{Influenced: -p.Influenced, Unassisted: -p.Unassisted, Undecided: -p.Undecided, Orders: -1})
		for _, part := range p.Shares {
			s := sums{Influenced: part.Cents, Orders: 1}
			if part.Primary && part.Kind == influence.Sourced {
				s.Sourced = part.Cents
			}
			add(o.OrderedOn, part.PartnerID, s)
		}
	}
	all.Agreements = 1
	decided, withShare := influence.Decided(f.Decisions)
	if decided {
		all.Decided = 1
	}
	if withShare {
		all.Attached = 1
	}
	add(f.SignedOn, "", sums{Agreements: 1, Decided: all.Decided, Attached: all.Attached})
	return rows, all
}

// recount brings everything that follows from an agreement's facts up to date:
// standing and its movements, the agreement's sums, sight and inbox. was is the
// agreement as it stood before the change.
func (t *tx) recount(id string, was *agreement) error {
	a, err := scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.id = $1`, id))
	if err != nil {
		return err
	}
	f, err := factsOf(t.reader(), a)
	if err != nil {
		return err
	}
	if _, err := t.recounted(f, was); err != nil {
		return err
	}
	if err := t.see(id); err != nil {
		return err
	}
	return t.refile(id)
}

// recounted brings standing, its movements and the agreement's sums up to date
// with facts that are known already, and returns the sums. was is the agreement as
// it stood before the change, nil for a new one. Sight and inbox are the caller's.
func (t *tx) recounted(f facts, was *agreement) (all sums, err error) {
	before := f.Withdrawn
	f.Withdrawn = len(f.Orders) == 0
	rows, all := f.count()
	if err := t.stand(f.agreement, was, rows); err != nil {
		return all, err
	}
	if f.Withdrawn != before { // apart, for the indexes of what is not withdrawn are kept by it
		if err := t.later(`UPDATE agreements SET withdrawn = $2 WHERE id = $1`, f.ID, f.Withdrawn); err != nil {
			return all, err
		}
	}
	return all, t.later(`UPDATE agreements SET orders = $2, cents = $3, influenced = $4, unassisted = $5, undecided = $6,
		decided = $7, attached = $8 WHERE id = $1`, f.ID, all.Orders, all.Revenue(), all.Influenced, all.Unassisted,
		all.Undecided, all.Decided > 0, all.Attached > 0)
}

// stand replaces the standing rows of an agreement and records the differences.
func (t *tx) stand(a agreement, was *agreement, rows map[standingKey]sums) error {
	before := map[standingKey]sums{}
	if was != nil {
		var err error
		if before, err = t.standing(a.ID); err != nil {
			return err
		}
		if was.Program != a.Program || was.State != a.State || was.LAR != a.LAR {
			for k, s := range before { // it is counted elsewhere from now on
				if err := t.moveMoney(*was, k, sums{}.minus(s)); err != nil {
					return err
				}
			}
			if err := t.later(`DELETE FROM standing WHERE agreement_id = $1`, a.ID); err != nil {
				return err
			}
			clear(before)
		}
	}
	for k, s := range rows {
		if s == before[k] {
			continue
		}
		if err := t.moveMoney(a, k, s.minus(before[k])); err != nil {
			return err
		}
		args := append([]any{a.ID, string(k.on), k.partner}, s.args()...)
		if err := t.later(upsertStanding, args...); err != nil {
			return err
		}
	}
	for k, s := range before {
		if _, still := rows[k]; still {
			continue
		}
		if err := t.moveMoney(a, k, sums{}.minus(s)); err != nil {
			return err
		}
		if err := t.later(`DELETE FROM standing WHERE agreement_id = $1 AND on_day = $2 AND partner_id = $3`, a.ID, string(k.on), k.partner); err != nil {
			return err
		}
	}
	return nil
}

var upsertStanding = `INSERT INTO standing (agreement_id, on_day, partner_id, ` + sumNames("") + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
	ON CONFLICT (agreement_id, on_day, partner_id) DO UPDATE SET influenced = excluded.influenced, unassisted = excluded.unassisted,
		undecided = excluded.undecided, sourced = excluded.sourced, orders = excluded.orders, agreements = excluded.agreements,
		decided = excluded.decided, attached = excluded.attached`

func (t *tx) standing(agreementID string) (map[standingKey]sums, error) {
	rows, err := t.rows(`SELECT on_day, partner_id, `+sumNames("")+` FROM standing WHERE agreement_id = $1`, agreementID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[standingKey]sums{}
	for rows.Next() {
		var k standingKey
		var s sums
		if err := rows.Scan(append([]any{&k.on, &k.partner}, s.dest()...)...); err != nil {
			return nil, err
		}
		all[k] = s
	}
	return all, rows.Err()
}

func (t *tx) moveMoney(a agreement, k standingKey, s sums) error {
	return t.move(movement{topic: "money", on: k.on, program: string(a.Program), lar: a.LAR, state: a.State, partner: k.partner, sums: s})
}
