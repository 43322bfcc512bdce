package store

import (
	"fmt"
	"slices"

	"irm/influence"
)

// stretch is how many agreements are recomputed at a time.
const stretch = 500

// agreements recomputes every agreement from its orders and decisions.
func (v *verification) agreements() error {
	for after := ""; ; {
		rows, err := v.rows(`SELECT `+agreementColumns+`, a.orders, a.influenced, a.unassisted, a.undecided, a.attached FROM agreements a
			WHERE a.id > $1 ORDER BY a.id LIMIT $2`, after, stretch)
		all, err := collect(rows, err, scanKept)
		if err != nil || len(all) == 0 {
			return err
		}
		if err := v.recompute(all); err != nil {
			return err
		}
		after = all[len(all)-1].ID
	}
}

// keptAgreement is an agreement with the sums that it keeps, and what is read of it.
type keptAgreement struct {
	facts
	sums     sums // as they are kept
	attached bool
	void     map[string]bool
	standing map[standingKey]sums
}

func scanKept(row scanner) (k keptAgreement, err error) {
	a := &k.agreement
	err = row.Scan(&a.ID, &a.Ref, &a.Number, &a.CustomerID, &a.Customer, &a.State, &a.LAR, &a.Program, &a.Seats, &a.SignedOn,
		&a.Decided, &a.Withdrawn, &a.Cents, &a.Version, &k.sums.Orders, &k.sums.Influenced, &k.sums.Unassisted, &k.sums.Undecided, &k.attached)
	k.void, k.standing = map[string]bool{}, map[standingKey]sums{}
	return k, err
}

// recompute reads what belongs to a stretch of agreements and compares each.
func (v *verification) recompute(all []keptAgreement) error {
	at := map[string]*keptAgreement{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	first, last := all[0].ID, all[len(all)-1].ID
	for _, read := range []func(map[string]*keptAgreement, string, string) error{v.readOrders, v.readDecisions, v.readShares, v.readReplaced, v.readVoid, v.readStanding} {
		if err := read(at, first, last); err != nil {
			return err
		}
	}
	for _, k := range all {
		v.compare(k)
	}
	return nil
}

func (v *verification) readOrders(at map[string]*keptAgreement, first, last string) error {
	rows, err := v.rows(`SELECT agreement_id, order_key, order_number, ordered_on, kind, cents, partner_no FROM orders
		WHERE agreement_id BETWEEN $1 AND $2 ORDER BY agreement_id, order_key`, first, last)
	return scanEach(rows, err, func(row scanner) error {
		var id string
		var o influence.Order
		if err := row.Scan(&id, &o.ID, &o.Number, &o.OrderedOn, &o.Kind, &o.Cents, &o.NamedPartnerNo); err != nil {
			return err
		}
		if k := at[id]; k != nil {
			k.facts.Orders = append(k.facts.Orders, o)
		}
		return nil
	})
}

func (v *verification) readDecisions(at map[string]*keptAgreement, first, last string) error {
	rows, err := v.rows(`SELECT d.agreement_id, d.id, d.seq, d.from_day, d.basis, v.decision_id IS NOT NULL FROM decisions d
		LEFT JOIN voids v ON v.decision_id = d.id WHERE d.agreement_id BETWEEN $1 AND $2 ORDER BY d.agreement_id, d.seq`, first, last)
	return scanEach(rows, err, func(row scanner) error {
		var id string
		var d influence.Decision
		if err := row.Scan(&id, &d.ID, &d.Seq, &d.From, &d.Basis, &d.Void); err != nil {
			return err
		}
		if k := at[id]; k != nil {
			k.Decisions = append(k.Decisions, d)
		}
		return nil
	})
}

// decision finds a decision of an agreement.
func (k *keptAgreement) decision(id string) *influence.Decision {
	for i := range k.Decisions {
		if k.Decisions[i].ID == id {
			return &k.Decisions[i]
		}
	}
	return &influence.Decision{}
}

func (v *verification) readShares(at map[string]*keptAgreement, first, last string) error {
	rows, err := v.rows(`SELECT d.agreement_id, d.id, s.partner_id, p.partner_no, s.points, s.kind, s.is_primary
		FROM decisions d JOIN shares s ON s.decision_id = d.id JOIN partners p ON p.id = s.partner_id
		WHERE d.agreement_id BETWEEN $1 AND $2 ORDER BY d.agreement_id, d.seq, s.is_primary DESC, s.points DESC, p.partner_no`, first, last)
	return scanEach(rows, err, func(row scanner) error {
		var id, decision string
		var s influence.Share
		if err := row.Scan(&id, &decision, &s.PartnerID, &s.PartnerNo, &s.Points, &s.Kind, &s.Primary); err != nil {
			return err
		}
		if k := at[id]; k != nil {
			d := k.decision(decision)
			d.Shares = append(d.Shares, s)
		}
		return nil
	})
}

func (v *verification) readReplaced(at map[string]*keptAgreement, first, last string) error {
	rows, err := v.rows(`SELECT d.agreement_id, d.id, x.replaced_id FROM decisions d JOIN replacements x ON x.decision_id = d.id
		WHERE d.agreement_id BETWEEN $1 AND $2`, first, last)
	return scanEach(rows, err, func(row scanner) error {
		var id, decision, replaced string
		if err := row.Scan(&id, &decision, &replaced); err != nil {
			return err
		}
		if k := at[id]; k != nil {
			d := k.decision(decision)
			d.Replaces = append(d.Replaces, replaced)
		}
		return nil
	})
}

func (v *verification) readVoid(at map[string]*keptAgreement, first, last string) error {
	rows, err := v.rows(`SELECT d.agreement_id, d.id FROM decisions d JOIN void_decisions v ON v.decision_id = d.id
		WHERE d.agreement_id BETWEEN $1 AND $2`, first, last)
	return scanEach(rows, err, func(row scanner) error {
		var id, decision string
		if err := row.Scan(&id, &decision); err != nil {
			return err
		}
		if k := at[id]; k != nil {
			k.void[decision] = true
		}
		return nil
	})
}

func (v *verification) readStanding(at map[string]*keptAgreement, first, last string) error {
	rows, err := v.rows(`SELECT agreement_id, on_day, partner_id, `+sumNames("")+` FROM standing WHERE agreement_id BETWEEN $1 AND $2`, first, last)
	return scanEach(rows, err, func(row scanner) error {
		var id string
		var key standingKey
		var s sums
		if err := row.Scan(append([]any{&id, &key.on, &key.partner}, s.dest()...)...); err != nil {
			return err
		}
		if k := at[id]; k != nil {
			k.standing[key] = s
		}
		return nil
	})
}

// compare recomputes one agreement: its splits, its sums, what it counts for,
// and which of its decisions are void.
func (v *verification) compare(k keptAgreement) {
	for _, o := range k.facts.Orders {
		v.split(k, o)
	}
	rows, all := k.facts.count()
	said := func(format string, args ...any) { v.say("agreement "+k.Ref, format, args...) }
	if k.Withdrawn != (len(k.facts.Orders) == 0) {
		said("it is kept as withdrawn %t, and has %d orders", k.Withdrawn, len(k.facts.Orders))
	}
	now := sums{Influenced: k.sums.Influenced, Unassisted: k.sums.Unassisted, Undecided: k.sums.Undecided, Orders: k.sums.Orders, Agreements: all.Agreements,
		Decided: boolean(k.Decided), Attached: boolean(k.attached)}
	if now != all || k.Cents != all.Revenue() {
		said("its sums are %s, and its orders and decisions come to %s", now, all)
	}
	for key, s := range rows {
		if k.standing[key] != s {
			said("on %s%s it counts for %s, and should for %s", key.on, ofPartner(key.partner), k.standing[key], s)
		}
	}
	for key, s := range k.standing {
		if _, right := rows[key]; !right {
			said("on %s%s it counts for %s, and should for nothing", key.on, ofPartner(key.partner), s)
		}
	}
	live := influence.Live(k.Decisions)
	for _, d := range k.Decisions {
		void := !slices.ContainsFunc(live, func(x influence.Decision) bool { return x.ID == d.ID })
		if void != k.void[d.ID] {
			said("its decision %d is kept as void %t, and is %t", d.Seq, k.void[d.ID], void)
		}
	}
}

// split checks that the parts of an order add up to it.
func (v *verification) split(k keptAgreement, o influence.Order) {
	p := influence.PartsOf(o, k.SignedOn, k.Decisions)
	var shares int64
	for _, s := range p.Shares {
		shares += s.Cents
	}
	if p.Influenced+p.Unassisted+p.Undecided != o.Cents || shares != p.Influenced {
		v.say("agreement "+k.Ref, "order %s of %s is split into %s influenced, %s unassisted, %s undecided; the shares are %s", o.Number,
			influence.FormatMoney(o.Cents), influence.FormatMoney(p.Influenced), influence.FormatMoney(p.Unassisted),
			influence.FormatMoney(p.Undecided), influence.FormatMoney(shares))
	}
}

func ofPartner(id string) string {
	if id == "" {
		return ""
	}
	return " for partner " + id
}

func boolean(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// String writes what differs from nothing.
func (s sums) String() string {
	text := ""
	for i, x := range s.args() {
		if n := x.(int64); n != 0 {
			text += fmt.Sprintf(" %s %d", sumColumns[i], n)
		}
	}
	if text == "" {
		return "nothing"
	}
	return text[1:]
}
