package store

import "irm/influence"

// ordersOf reads the orders of an agreement as they stand.
func (r reader) ordersOf(agreementID string) ([]influence.Order, error) {
	rows, err := r.rows(`SELECT order_key, order_number, ordered_on, kind, cents, partner_no FROM orders
		WHERE agreement_id = $1 ORDER BY order_key`, agreementID)
	return collect(rows, err, func(row scanner) (o influence.Order, err error) {
		err = row.Scan(&o.ID, &o.Number, &o.OrderedOn, &o.Kind, &o.Cents, &o.NamedPartnerNo)
		return o, err
	})
}

// orderVersion is one version of an order, as a report or a form brings it.
type orderVersion struct {
	influence.Order // ID is the order's key
	n               int64
	report          string
	row             int64
}

func scanOrderVersion(row scanner) (o orderVersion, err error) {
	err = row.Scan(&o.ID, &o.Number, &o.n, &o.Kind, &o.OrderedOn, &o.Cents, &o.NamedPartnerNo, &o.report)
	return o, err
}

// order returns the order with a key as it stands; n is 0 if there is none.
func (t *tx) order(agreementID, key string) (orderVersion, error) {
	return t.reader().order(agreementID, key)
}

func (r reader) order(agreementID, key string) (o orderVersion, err error) {
	rows, err := r.rows(`SELECT order_key, order_number, n, kind, ordered_on, cents, partner_no, report_id FROM orders
		WHERE agreement_id = $1 AND order_key = $2`, agreementID, key)
	found, err := collect(rows, err, scanOrderVersion)
	if err != nil || len(found) == 0 {
		return o, err
	}
	return found[0], nil
}

// orderBook is an agreement's orders while lines are taken: the version that
// stands, and the number of the last one there was. Versions that were withdrawn
// keep their numbers.
type orderBook struct {
	now  map[string]orderVersion
	last map[string]int64
}

func (t *tx) orderBook(agreementID string) (*orderBook, error) {
	b := &orderBook{now: map[string]orderVersion{}, last: map[string]int64{}}
	rows, err := t.rows(`SELECT order_key, order_number, n, kind, ordered_on, cents, partner_no, report_id FROM orders WHERE agreement_id = $1`, agreementID)
	standing, err := collect(rows, err, scanOrderVersion)
	if err != nil {
		return nil, err
	}
	for _, o := range standing {
		b.now[o.ID] = o
	}
	rows, err = t.rows(`SELECT order_key, max(n) FROM order_versions WHERE agreement_id = $1 GROUP BY order_key`, agreementID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var n int64
		if err := rows.Scan(&key, &n); err != nil {
			return nil, err
		}
		b.last[key] = n
	}
	return b, rows.Err()
}

// keep records the next version of an order.
func (b *orderBook) keep(t *tx, agreementID string, o orderVersion) error {
	o.n = b.last[o.ID] + 1
	b.now[o.ID], b.last[o.ID] = o, o.n
	return t.writeOrder(agreementID, o.n, o)
}

// writeOrder inserts version n and makes it the one that stands.
func (t *tx) writeOrder(agreementID string, n int64, o orderVersion) error {
	err := t.later(`INSERT INTO order_versions (agreement_id, order_key, n, order_number, kind, ordered_on, cents, partner_no,
		report_id, report_row, member_id, recorded_at, entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		agreementID, o.ID, n, o.Number, string(o.Kind), string(o.OrderedOn), o.Cents, o.NamedPartnerNo,
		o.report, o.row, t.who.MemberID, t.at.UnixMicro(), t.entry)
	if err != nil {
		return err
	}
	return t.later(upsertOrder, agreementID, o.ID, o.Number, n, string(o.Kind), string(o.OrderedOn), o.Cents, o.NamedPartnerNo, o.report)
}

const upsertOrder = `INSERT INTO orders (agreement_id, order_key, order_number, n, kind, ordered_on, cents, partner_no, report_id)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	ON CONFLICT (agreement_id, order_key) DO UPDATE SET order_number = excluded.order_number, n = excluded.n, kind = excluded.kind,
		ordered_on = excluded.ordered_on, cents = excluded.cents, partner_no = excluded.partner_no, report_id = excluded.report_id`

// same reports whether a report's line says what the order says already.
func (o orderVersion) same(x orderVersion) bool {
	return o.OrderedOn == x.OrderedOn && o.Cents == x.Cents && o.Kind == x.Kind && o.NamedPartnerNo == x.NamedPartnerNo
}

// withdrawOrder takes back a version: the newest earlier one that was not
// withdrawn stands again, or the order is gone.
func (t *tx) withdrawOrder(agreementID string, o orderVersion) error {
	err := t.must(`UPDATE order_versions SET withdrawn_at = $4, withdrawn_by = $5
		WHERE agreement_id = $1 AND order_key = $2 AND n = $3 AND withdrawn_at IS NULL`,
		agreementID, o.ID, o.n, t.at.UnixMicro(), t.entry)
	if err != nil {
		return err
	}
	n, err := t.exec(`INSERT INTO orders (agreement_id, order_key, order_number, n, kind, ordered_on, cents, partner_no, report_id)
		SELECT agreement_id, order_key, order_number, n, kind, ordered_on, cents, partner_no, report_id FROM order_versions
		WHERE agreement_id = $1 AND order_key = $2 AND withdrawn_at IS NULL ORDER BY n DESC LIMIT 1
		ON CONFLICT (agreement_id, order_key) DO UPDATE SET order_number = excluded.order_number, n = excluded.n, kind = excluded.kind,
		ordered_on = excluded.ordered_on, cents = excluded.cents, partner_no = excluded.partner_no, report_id = excluded.report_id`,
		agreementID, o.ID)
	if err != nil || n == 1 {
		return err
	}
	return t.must(`DELETE FROM orders WHERE agreement_id = $1 AND order_key = $2`, agreementID, o.ID)
}
