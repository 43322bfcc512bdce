package store

import (
	"errors"
	"fmt"
)

// unindexed runs fill without the indexes that only make reading quick, and then
// with them. SQLite sorts an index in one go faster than it keeps it row by row.
func (t *tx) unindexed(fill, then func() error) (err error) {
	if t.s.writer == nil {
		if _, err := t.exec(`SET LOCAL statement_timeout = 0`); err != nil { // it is for pages
			return err
		}
		return orThen(fill(), then)
	}
	if _, err := t.exec(`PRAGMA cache_size = -4194304`); err != nil { // KiB: in memory until it is written, once
		return err
	}
	defer func() {
		_, reset := t.exec(`PRAGMA cache_size = -65536`)
		err = errors.Join(err, reset)
	}()
	rows, err := t.rows(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX %' ORDER BY name`)
	all, err := collect(rows, err, func(row scanner) (x [2]string, err error) { return x, row.Scan(&x[0], &x[1]) })
	if err != nil {
		return err
	}
	for _, x := range all {
		if _, err := t.s.writer.conn.ExecContext(t.ctx, `DROP INDEX `+x[0]); err != nil {
			return fmt.Errorf("drop index: %w", err)
		}
	}
	if err := fill(); err != nil {
		return err
	}
	for _, x := range all {
		if _, err := t.s.writer.conn.ExecContext(t.ctx, x[1]); err != nil {
			return fmt.Errorf("index %s: %w", x[0], err)
		}
	}
	return then()
}

// orThen runs then unless err says that what was before it failed.
func orThen(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}
