package store

import (
	"database/sql"
	"errors"
)

// refile files an agreement where inbox_now says it belongs, and counts it there.
func (t *tx) refile(agreementID string, fresh bool) error {
	if !fresh {
		var lar, tab string
		var worth int64
		err := t.row(`DELETE FROM inbox WHERE agreement_id = $1 RETURNING lar_id, tab, worth`, agreementID).Scan(&lar, &tab, &worth)
		if err == nil {
			err = t.moveInbox(lar, tab, -1, worth)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	var lar, tab string
	var worth int64
	err := t.row(`INSERT INTO inbox (`+inboxColumns+`) SELECT `+inboxColumns+` FROM inbox_now WHERE agreement_id = $1
		RETURNING lar_id, tab, worth`, agreementID).Scan(&lar, &tab, &worth)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.moveInbox(lar, tab, 1, -worth)
}

const inboxColumns = `lar_id, tab, due, worth, agreement_id, ref, number, customer, state, program, signed_on, claims, items, score`

// moveInbox counts an agreement in or out of a tab.
func (t *tx) moveInbox(lar, tab string, n, cents int64) error {
	return t.move(movement{topic: "inbox", lar: lar, name: tab, sums: sums{Agreements: n, Undecided: cents}})
}
