package store

import (
	"fmt"
	"strings"
)

// source is from where a topic's totals follow. Its columns are those of movements.
var sources = map[string]string{
	"money": `SELECT s.on_day, substr(s.on_day, 1, 7) AS month, a.program, a.lar_id, a.state, s.partner_id, '' AS name, ` + sumNames("s.") + `
		FROM standing s JOIN agreements a ON a.id = s.agreement_id`,
	"inbox": `SELECT i.due AS on_day, substr(i.due, 1, 7) AS month, '' AS program, i.lar_id, '' AS state, '' AS partner_id, i.tab AS name,
		0 AS influenced, 0 AS unassisted, - i.worth AS undecided, 0 AS sourced, 0 AS orders, 1 AS agreements, 0 AS decided, 0 AS attached FROM inbox i`,
	"claims": `SELECT '' AS on_day, '' AS month, '' AS program, c.lar_id, '' AS state, c.partner_id, c.state AS name,
		0 AS influenced, 0 AS unassisted, c.cents AS undecided, 0 AS sourced, 0 AS orders, 1 AS agreements, 0 AS decided, 0 AS attached FROM claims c`,
	// Counted by day and LAR alone: an undone decision's time does not count, nor does a revised answer.
	"days": `SELECT y.on_day, substr(y.on_day, 1, 7) AS month, '' AS program, y.lar_id, '' AS state, '' AS partner_id, y.name,
		0 AS influenced, 0 AS unassisted, 0 AS undecided, 0 AS sourced, 0 AS orders, y.agreements, y.decided, y.attached FROM (
			SELECT d.on_day, d.lar_id, substr(CAST(100000 + d.days AS TEXT), 2) AS name, 1 AS agreements, 0 AS decided, 0 AS attached
				FROM decision_times d LEFT JOIN voids v ON v.decision_id = d.decision_id WHERE v.decision_id IS NULL
			UNION ALL SELECT c.answered_on, c.lar_id, 'claims', 0, 1, CASE c.state WHEN 'confirmed' THEN 1 ELSE 0 END FROM claims c WHERE c.answered_on <> ''
			UNION ALL SELECT dp.ruled_on, dp.lar_id, 'disputes', 0, 1, CASE dp.state WHEN 'upheld' THEN 1 ELSE 0 END FROM disputes dp WHERE dp.ruled_on <> '') AS y`,
}

// totals compares each rollup with the rows it follows from, together with what
// is not added up yet.
func (v *verification) totals() error {
	rows, err := v.rows(`SELECT kind, topic, span, within, by_what, partners FROM kinds ORDER BY kind, span`)
	kinds, err := collect(rows, err, scanKind)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if err := v.rollup(k); err != nil {
			return fmt.Errorf("%s by %s: %w", k.kind, k.span, err)
		}
	}
	return nil
}

var thingColumns = map[string]string{"program": "x.program", "lar": "x.lar_id", "state": "x.state", "partner": "x.partner_id", "name": "x.name", "": "''"}

// spans are the expressions of a period; the fiscal ones are made of the month.
var spanColumns = map[string]string{"": "''", "day": "x.on_day", "month": "x.month",
	"year":    `CASE WHEN x.month = '' THEN '' ELSE 'FY' || CAST(` + fiscalYearOfMonth + ` AS TEXT) END`,
	"quarter": `CASE WHEN x.month = '' THEN '' ELSE 'FY' || CAST(` + fiscalYearOfMonth + ` AS TEXT) || 'Q' || ` + quarterOfMonth + ` END`}

const (
	fiscalYearOfMonth = `CAST(substr(x.month, 1, 4) AS BIGINT) + CASE WHEN substr(x.month, 6, 2) >= '07' THEN 1 ELSE 0 END`
	quarterOfMonth    = `CASE WHEN substr(x.month, 6, 2) IN ('07', '08', '09') THEN '1' WHEN substr(x.month, 6, 2) IN ('10', '11', '12') THEN '2'
		WHEN substr(x.month, 6, 2) IN ('01', '02', '03') THEN '3' ELSE '4' END`
)

// rollup compares one rollup; a period is told from those of the same kind's
// other spans by its length.
func (v *verification) rollup(k kind) error {
	where := ""
	if k.partners {
		where = ` WHERE x.partner_id <> ''`
	}
	columns := make([]string, len(sumColumns))
	for i, c := range sumColumns {
		columns[i] = "x." + c
		if c == "orders" && !k.partners {
			columns[i] = "CASE WHEN x.partner_id <> '' THEN 0 ELSE x.orders END AS orders"
		}
		if k.topic == "claims" && c == "orders" {
			columns[i] = "x.orders"
		}
	}
	negative := make([]string, len(sumColumns))
	differs := make([]string, len(sumColumns))
	for i, c := range sumColumns {
		negative[i] = "- " + c
		differs[i] = "sum(z." + c + ") <> 0"
	}
	length := map[string]string{"": `period = ''`, "day": `(length(period) = 10 OR period = '')`, "month": `length(period) = 7`, "quarter": `length(period) = 8`, "year": `length(period) = 6`}[k.span]
	rows, err := v.rows(`SELECT period, scope, name, `+sumsOf("z.")+` FROM (
			SELECT `+spanColumns[k.span]+` AS period, `+thingColumns[k.within]+` AS scope, `+thingColumns[k.by]+` AS name, `+strings.Join(columns, ", ")+`
				FROM (`+sources[k.topic]+`) AS x`+where+`
			UNION ALL SELECT period, scope, name, `+strings.Join(negative, ", ")+` FROM totals WHERE kind = $1 AND `+length+`
			UNION ALL SELECT period, scope, name, `+strings.Join(negative, ", ")+` FROM fresh WHERE kind = $1 AND `+length+`) AS z
		GROUP BY period, scope, name HAVING `+strings.Join(differs, " OR ")+` ORDER BY period, scope, name LIMIT 1000`, k.kind)
	return scanEach(rows, err, func(row scanner) error {
		var period, scope, name string
		var s sums
		if err := row.Scan(append([]any{&period, &scope, &name}, s.dest()...)...); err != nil {
			return err
		}
		v.say("totals of "+k.kind, "%s %s %s lack %s", period, scope, name, s)
		return nil
	})
}
