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
	return y.addActives(t)
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
