package store

import (
	"database/sql"
	"errors"

	"irm/influence"
)

// slot is where an agreement stands in the inbox; lar is "" where it does not.
type slot struct {
	lar, tab string
	due      influence.Day
	worth    int64 // minus the amount, in cents
}

func (t *tx) slot(query, agreementID string) (f slot, err error) {
	err = t.row(query+` RETURNING lar_id, tab, due, worth`, agreementID).Scan(&f.lar, &f.tab, &f.due, &f.worth)
	if errors.Is(err, sql.ErrNoRows) {
		return slot{}, nil
	}
	return f, err
}

// refile files an agreement where inbox_now says it belongs, and counts it there.
func (t *tx) refile(agreementID string) error {
	was, err := t.slot(`DELETE FROM inbox WHERE agreement_id = $1`, agreementID)
	if err != nil {
		return err
	}
	now, err := t.slot(`INSERT INTO inbox (`+inboxColumns+`) SELECT `+inboxColumns+` FROM inbox_now WHERE agreement_id = $1`, agreementID)
	if err != nil || was == now {
		return err
	}
	if err := t.moveInbox(was, -1, was.worth); err != nil {
		return err
	}
	return t.moveInbox(now, 1, -now.worth)
}

// file files a new agreement that nobody has claimed or asked about.
func (t *tx) file(a agreement) error {
	f := slot{lar: a.LAR, tab: "unclaimed", worth: -a.Cents}
	err := t.later(`INSERT INTO inbox (`+inboxColumns+`) VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0)`,
		f.lar, f.tab, f.worth, a.ID, a.Ref, a.Number, a.Customer, a.State, string(a.Program), string(a.SignedOn))
	if err != nil {
		return err
	}
	return t.moveInbox(f, 1, a.Cents)
}

// unfile takes an agreement out of the inbox: it is decided, and all that was
// asked about it is answered.
func (t *tx) unfile(agreementID string) error {
	was, err := t.slot(`DELETE FROM inbox WHERE agreement_id = $1`, agreementID)
	if err != nil {
		return err
	}
	return t.moveInbox(was, -1, was.worth)
}

const inboxColumns = `lar_id, tab, due, worth, agreement_id, ref, number, customer, state, program, signed_on, claims, items, score`

// moveInbox counts n agreements in or out of a tab, by the day they are due.
func (t *tx) moveInbox(f slot, n, cents int64) error {
	if f.lar == "" {
		return nil
	}
	return t.move(movement{topic: "inbox", on: f.due, lar: f.lar, name: f.tab, sums: sums{Agreements: n, Undecided: cents}})
}
