package store

import (
	"database/sql"
	"errors"
)

// answered returns the first answer to a form's key, if the same member sent it
// before: a double click acts once.
func (t *tx) answered(key string) (location string, ok bool, err error) {
	if key == "" {
		return "", false, nil
	}
	err = t.row(`SELECT location FROM answers WHERE member_id = $1 AND key = $2`, t.who.MemberID, key).Scan(&location)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return location, err == nil, err
}

// answer keeps the answer to a form's key. Of two at once the database lets one in.
func (t *tx) answer(key, location string) error {
	if key == "" {
		return nil
	}
	return t.later(`INSERT INTO answers (member_id, key, location, at) VALUES ($1, $2, $3, $4)`, t.who.MemberID, key, location, t.sys.UnixMicro())
}
