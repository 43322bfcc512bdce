package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"irm/store"
)

// tableRows is how many rows a table has.
type tableRows struct {
	table string
	n     int
}

// copyRows inserts the rows of a database into a new one of the same schema, by
// prepared statements of one row each, 5,000 to a transaction, with the same
// settings as the portal's writer; nothing is checked and nothing looked up. What
// reading the rows costs is not counted.
func (b *bench) copyRows(from string) (sum cost, tables []tableRows, err error) {
	to := b.path("rows.db")
	if _, err := store.Migrate(b.ctx, to, false); err != nil {
		return sum, nil, err
	}
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(to + suffix)
		}
	}()
	src, err := sql.Open("sqlite", "file:"+from+"?mode=ro")
	if err != nil {
		return sum, nil, err
	}
	defer src.Close()
	dst, err := sql.Open("sqlite", "file:"+to+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(OFF)"+
		"&_pragma=mmap_size(1073741824)&_pragma=wal_autocheckpoint(8000)&_pragma=cache_size(-65536)")
	if err != nil {
		return sum, nil, err
	}
	defer dst.Close()
	dst.SetMaxOpenConns(1)
	names, err := tableNames(b.ctx, src)
	if err != nil {
		return sum, nil, err
	}
	for _, name := range names {
		took, err := copyTable(b.ctx, src, dst, name)
		if err != nil {
			return sum, nil, fmt.Errorf("copy %s: %w", name, err)
		}
		if took.ops > 0 {
			tables = append(tables, tableRows{name, took.ops})
		}
		sum.ops, sum.wall, sum.cpu = sum.ops+took.ops, sum.wall+took.wall, sum.cpu+took.cpu
	}
	return sum, tables, nil
}

// tableNames are the tables that a change fills; what the migrations filled is there already.
func tableNames(ctx context.Context, db *sql.DB) (names []string, err error) {
	return texts(ctx, db, `SELECT name FROM sqlite_master WHERE type = 'table'
		AND name NOT IN ('goose_db_version', 'kinds', 'leases') AND name NOT LIKE 'sqlite_%' ORDER BY name`)
}

// texts reads the one column of a query.
func texts(ctx context.Context, db *sql.DB, query string, args ...any) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// copied is how many rows one transaction of the copy inserts.
const copied = 5_000

func copyTable(ctx context.Context, src, dst *sql.DB, table string) (sum cost, err error) {
	columns, err := texts(ctx, src, `SELECT name FROM pragma_table_info($1)`, table) // without those that are made of others
	if err != nil {
		return sum, err
	}
	names, marks := strings.Join(columns, ", "), strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	rows, err := src.QueryContext(ctx, `SELECT `+names+` FROM `+table) //nolint:gosec // names from the schema
	if err != nil {
		return sum, err
	}
	defer rows.Close()
	insert, err := dst.PrepareContext(ctx, `INSERT INTO `+table+` (`+names+`) VALUES (`+marks+`)`) //nolint:gosec // names from the schema
	if err != nil {
		return sum, err
	}
	defer insert.Close()
	for {
		chunk, err := readChunk(rows, len(columns))
		if err != nil || len(chunk) == 0 {
			return sum, errors.Join(err, rows.Err())
		}
		took, err := measure(func() (int, error) { return len(chunk), insertChunk(ctx, dst, insert, chunk) })
		if err != nil {
			return sum, err
		}
		sum.ops, sum.wall, sum.cpu = sum.ops+took.ops, sum.wall+took.wall, sum.cpu+took.cpu
	}
}

func readChunk(rows *sql.Rows, columns int) (chunk [][]any, err error) {
	for len(chunk) < copied && rows.Next() {
		row, into := make([]any, columns), make([]any, columns)
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		chunk = append(chunk, row)
	}
	return chunk, nil
}

func insertChunk(ctx context.Context, dst *sql.DB, insert *sql.Stmt, chunk [][]any) error {
	tx, err := dst.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	stmt := tx.StmtContext(ctx, insert)
	defer stmt.Close()
	for _, row := range chunk {
		if _, err := stmt.ExecContext(ctx, row...); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}
