package store

import (
	"database/sql"
	"errors"
	"strings"

	"irm/influence"
)

// item is a question that a report puts to the desk.
type item struct {
	kind     string
	nos      []string // the partner IDs it is about
	sentence string
	report   string
}

// raise puts an item into the inbox, once: the same question that is open, or
// was answered by a decision still standing, is not asked again.
func (t *tx) raise(a agreement, i item) error {
	nos := strings.Join(i.nos, " ")
	var known string
	err := t.row(`SELECT i.id FROM items i WHERE i.agreement_id = $1 AND i.kind = $2 AND i.partner_nos = $3
		AND (i.settled_at IS NULL OR i.settled_by <> ''
			AND NOT EXISTS (SELECT 1 FROM void_decisions v WHERE v.decision_id = i.settled_by)) LIMIT 1`, a.ID, i.kind, nos).Scan(&known)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = t.later(`INSERT INTO items (id, agreement_id, lar_id, kind, partner_nos, sentence, report_id, arose_at, due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, newID("itm", t.at), a.ID, a.LAR, i.kind, nos, i.sentence, i.report,
		t.at.UnixMicro(), string(influence.AddBusinessDays(t.today, t.s.settings.LARTurn)))
	if err != nil {
		return err
	}
	return t.refile(a.ID)
}
