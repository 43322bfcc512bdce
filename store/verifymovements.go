package store

import (
	"fmt"
	"strings"
)

// movements checks that what was recorded as moved adds up to what stands: the
// rollups follow from the movements, the movements from the records.
func (v *verification) movements() error {
	for _, topic := range []string{"money", "inbox", "claims", "days"} {
		if err := v.moved(topic); err != nil {
			return fmt.Errorf("%s: %w", topic, err)
		}
	}
	return nil
}

func (v *verification) moved(topic string) error {
	const where = `on_day, program, lar_id, state, partner_id, name`
	kept := where
	if topic == "days" { // which the agreement's program and state say nothing of
		kept = `on_day, '' AS program, lar_id, '' AS state, partner_id, name`
	}
	negative, differs := make([]string, len(sumColumns)), make([]string, len(sumColumns))
	for i, c := range sumColumns {
		negative[i], differs[i] = "- "+c, "sum(z."+c+") <> 0"
	}
	rows, err := v.rows(`SELECT `+where+`, `+sumsOf("z.")+` FROM (
			SELECT `+where+`, `+sumNames("")+` FROM (`+sources[topic]+`) AS x
			UNION ALL SELECT `+kept+`, `+strings.Join(negative, ", ")+` FROM movements WHERE topic = $1) AS z
		GROUP BY `+where+` HAVING `+strings.Join(differs, " OR ")+` ORDER BY `+where+` LIMIT 1000`, topic)
	return scanEach(rows, err, func(row scanner) error {
		var at [6]string
		var s sums
		if err := row.Scan(append([]any{&at[0], &at[1], &at[2], &at[3], &at[4], &at[5]}, s.dest()...)...); err != nil {
			return err
		}
		v.say("movements of "+topic, "%s lack %s", strings.Join(strings.Fields(strings.Join(at[:], " ")), " "), s)
		return nil
	})
}
