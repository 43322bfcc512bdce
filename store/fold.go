package store

// fold adds the movements of the entries sealed from seq on to totals. What the
// view counted would have the database sort is added up in memory.
func (t *tx) fold(seq int64) error {
	y, err := t.newTally()
	if err != nil {
		return err
	}
	if err := t.sealed(y, seq); err != nil {
		return err
	}
	if err := y.add(t); err != nil {
		return err
	}
	_, err = t.exec(activeSince, seq, sealLimit)
	return err
}

// sealedMovements reads the movements of the entries sealed from seq on. The
// LIMIT tells PostgreSQL, whatever its statistics say, that these are few.
var sealedMovements = `SELECT m.topic, m.on_day, m.month, m.quarter, m.year, m.program, m.lar_id, m.state, m.partner_id, m.name, ` + sumNames("m.") + `
	FROM (SELECT entry_id FROM seals WHERE seq >= $1 ORDER BY seq LIMIT $2) AS s CROSS JOIN movements m WHERE m.entry_id = s.entry_id`

// sealed counts the movements of the entries sealed from seq on.
func (t *tx) sealed(y *tally, seq int64) error {
	rows, err := t.rows(sealedMovements, seq, sealLimit)
	if err != nil {
		return err
	}
	defer rows.Close()
	var m movement
	var month, quarter, year string
	into := append([]any{&m.topic, &m.on, &month, &quarter, &year, &m.program, &m.lar, &m.state, &m.partner, &m.name}, m.dest()...)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		y.count(m, month, quarter, year)
	}
	return rows.Err()
}

// activeSince moves the numbers of active partners by those that got their first
// order or lost their last: what a name had before follows from what it has now,
// so that no other name is looked at.
const activeSince = `INSERT INTO actives AS d (kind, period, scope, n)
	SELECT x.kind, x.period, x.scope, CAST(sum(CASE WHEN t.orders > 0 THEN 1 ELSE 0 END - CASE WHEN t.orders - x.orders > 0 THEN 1 ELSE 0 END) AS BIGINT)
	FROM (SELECT c.kind, c.period, c.scope, c.name, CAST(sum(c.orders) AS BIGINT) AS orders
		FROM (SELECT entry_id FROM seals WHERE seq >= $1 ORDER BY seq LIMIT $2) AS s CROSS JOIN counted c
		WHERE c.entry_id = s.entry_id AND c.kind IN ('partner', 'program_partner', 'lar_partner', 'state_partner')
		GROUP BY c.kind, c.period, c.scope, c.name) AS x
	CROSS JOIN totals t WHERE t.kind = x.kind AND t.period = x.period AND t.scope = x.scope AND t.name = x.name
	GROUP BY x.kind, x.period, x.scope
	ON CONFLICT (kind, period, scope) DO UPDATE SET n = d.n + excluded.n`
