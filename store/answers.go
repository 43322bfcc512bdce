package store

import (
	"database/sql"
	"errors"
)

// answered returns the first answer to a form's key, if the same member sent it
// before: a double click acts once. On PostgreSQL, where changes run side by side,
// it takes the key: whoever sends the same at the same time waits here until the
// first one's answer is there, or acts itself if the first one failed.
func (t *tx) answered(key string) (location string, ok bool, err error) {
	if key == "" {
		return "", false, nil
	}
	if t.queue != nil {
		n, err := t.exec(`INSERT INTO answers (member_id, key, location, at) VALUES ($1, $2, '', $3) ON CONFLICT (member_id, key) DO NOTHING`,
			t.who.MemberID, key, t.sys.UnixMicro())
		if err != nil || n == 1 {
			return "", false, err
		}
	}
	err = t.row(`SELECT location FROM answers WHERE member_id = $1 AND key = $2`, t.who.MemberID, key).Scan(&location)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return location, err == nil, err
}

// answer keeps the answer to a form's key.
func (t *tx) answer(key, location string) error {
	if key == "" {
		return nil
	}
	return t.later(`INSERT INTO answers (member_id, key, location, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member_id, key) DO UPDATE SET location = excluded.location`, t.who.MemberID, key, location, t.sys.UnixMicro())
}
