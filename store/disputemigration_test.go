package store

import (
	"slices"
	"testing"

	"github.com/pressly/goose/v3"
)

// TestDisputesAreKeptByTheMigration: the step that makes the tables of disputes anew
// keeps every dispute and answer that is there, on both databases.
func TestDisputesAreKeptByTheMigration(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		later, _, _, ref := disputed(t, s, p)
		answered(t, later, p, ref)
		rows := func() []string {
			return slices.Concat(texts(t, s, `SELECT id || ref || agreement_id || decision_id || lar_id || partner_id || claim_id || state || reason || evidence || member_id || CAST(opened_at AS TEXT) ||
					answers_due || ruling_due || CAST(version AS TEXT) FROM disputes ORDER BY id`),
				texts(t, s, `SELECT dispute_id || org_id || member_id || CAST(at AS TEXT) || answer FROM dispute_answers ORDER BY org_id`))
		}
		before := rows()
		dialect := map[string]goose.Dialect{"sqlite": goose.DialectSQLite3, "postgres": goose.DialectPostgres}[s.dialect]
		body, err := script("migrations/0030_rulings", dialect)
		must(t, err)
		must(t, s.transact(t.Context(), func(t *tx) error { // as they were before it: nothing else refers to them
			if _, err := t.exec(`DROP TABLE proposed_rulings`); err != nil {
				return err
			}
			_, err := t.exec(body)
			return err
		}))
		if after := rows(); len(before) != 3 || !slices.Equal(before, after) {
			t.Errorf("of %q is left %q", before, after)
		}
		if n := count(t, s, `SELECT count(*) FROM proposed_rulings`); n != 0 {
			t.Errorf("%d rulings are proposed", n)
		}
	})
}
