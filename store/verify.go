package store

import (
	"context"
	"fmt"
)

// verification computes anew what is kept for speed and writes a sentence for
// each difference, up to a limit for each subject.
type verification struct {
	reader
	s     *Store
	held  string // a checkpoint that was kept elsewhere, "" for none
	wrong []string
	said  map[string]int
}

type check struct {
	name string
	run  func() error
}

// mostSaid is how many differences of one subject are written out.
const mostSaid = 20

func (v *verification) say(subject, format string, args ...any) {
	v.said[subject]++
	if v.said[subject] <= mostSaid {
		v.wrong = append(v.wrong, subject+": "+fmt.Sprintf(format, args...))
	}
}

// Verify computes every figure, every split, sight, the inbox and the ledger's
// tree anew from the records, and returns a sentence for each difference. Each
// subject is read at one moment; rows are read in stretches, so that memory does
// not grow with the database.
func (s *Store) Verify(ctx context.Context) ([]string, error) { return s.VerifySince(ctx, "") }

// VerifySince also holds the ledger against a checkpoint that was kept elsewhere:
// today's must begin with the entries that it was signed for.
func (s *Store) VerifySince(ctx context.Context, checkpoint string) ([]string, error) {
	v := &verification{s: s, held: checkpoint, said: map[string]int{}}
	for _, check := range []check{
		{"agreements", v.agreements}, {"derived tables", v.derived}, {"movements", v.movements}, {"totals", v.totals}, {"ledger", v.ledger},
	} {
		if err := s.verifying(ctx, func(r reader) error { v.reader = r; return check.run() }); err != nil {
			return v.wrong, fmt.Errorf("verify %s: %w", check.name, err)
		}
	}
	for subject, n := range v.said {
		if n > mostSaid {
			v.wrong = append(v.wrong, fmt.Sprintf("%s: %d more differences", subject, n-mostSaid))
		}
	}
	return v.wrong, nil
}

// verifying reads a snapshot without the limit on time that pages have.
func (s *Store) verifying(ctx context.Context, fn func(reader) error) error {
	return s.snapshot(ctx, func(r reader) error {
		if s.dialect == "postgres" {
			if _, err := r.q.ExecContext(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
				return err
			}
		}
		return fn(r)
	})
}

// derived tables and the statements that they must be equal to.
func derivedTables() []struct{ name, key, kept, facts string } {
	return []struct{ name, key, kept, facts string }{
		{"inbox", "agreement_id", `SELECT ` + inboxColumns + ` FROM inbox`, `SELECT ` + inboxColumns + ` FROM inbox_now`},
		{"sight", "agreement_id", `SELECT org_id, agreement_id, seen_as, number_key, customer_key FROM sight`, sightNow("IS NOT NULL")},
		{"actives", "period", `SELECT kind, period, scope, n FROM actives WHERE n <> 0`,
			`SELECT kind, period, scope, count(*) AS n FROM totals
			WHERE kind IN ('partner', 'program_partner', 'lar_partner', 'state_partner') AND orders > 0 GROUP BY kind, period, scope`},
		{"ledger", "id", `SELECT id FROM entries`, `SELECT entry_id AS id FROM seals UNION ALL SELECT entry_id FROM unsealed`},
		{"unsealed", "entry_id", `SELECT entry_id, weight FROM unsealed`,
			`SELECT u.entry_id, (SELECT count(*) FROM movements m WHERE m.entry_id = u.entry_id) AS weight FROM unsealed u`},
		{"orders", "agreement_id", `SELECT agreement_id, order_key, n, order_number, kind, ordered_on, cents, partner_no, report_id FROM orders`,
			`SELECT agreement_id, order_key, n, order_number, kind, ordered_on, cents, partner_no, report_id FROM order_versions o
			WHERE withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM order_versions x WHERE x.agreement_id = o.agreement_id
				AND x.order_key = o.order_key AND x.n > o.n AND x.withdrawn_at IS NULL)`},
	}
}

// derived compares tables with what they follow from, both ways.
func (v *verification) derived() error {
	for _, d := range derivedTables() {
		// EXCEPT and UNION ALL bind from left to right: each side stands for itself.
		kept, facts := `SELECT * FROM (`+d.kept+`) AS k`, `SELECT * FROM (`+d.facts+`) AS f`
		rows, err := v.rows(`SELECT which, ` + d.key + ` FROM (
			SELECT 'kept, but not so in the records' AS which, a.* FROM (` + kept + ` EXCEPT ` + facts + `) AS a
			UNION ALL SELECT 'missing, or not so as in the records', b.* FROM (` + facts + ` EXCEPT ` + kept + `) AS b) AS c LIMIT 10000`)
		type difference struct{ which, key string }
		all, err := collect(rows, err, func(row scanner) (x difference, err error) { return x, row.Scan(&x.which, &x.key) })
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		for _, x := range all {
			v.say(d.name, "the row of %s is %s", x.key, x.which)
		}
	}
	return nil
}
