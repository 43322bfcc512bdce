package storetest

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Behind opens a database behind the program's back: to see what it wrote, and
// to do what only its owner could. It has a sqlite: or postgres:// address.
func Behind(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver, at := "sqlite", "file:"+(&url.URL{Path: strings.TrimPrefix(dsn, "sqlite:")}).EscapedPath()+"?_pragma=busy_timeout(5000)"
	if strings.HasPrefix(dsn, "postgres") {
		driver, at = "pgx", dsn
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Tables lists the tables of a database.
func Tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	query := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`
	if strings.Contains(fmt.Sprintf("%T", db.Driver()), "stdlib") {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`
	}
	return Texts(t, db, query)
}

// Texts reads one column.
func Texts(t testing.TB, db *sql.DB, query string, args ...any) (all []string) {
	t.Helper()
	for _, row := range Rows(t, db, query, args...) {
		all = append(all, row[0])
	}
	return all
}

// Rows reads all columns as text.
func Rows(t testing.TB, db *sql.DB, query string, args ...any) (all [][]string) {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells, dest := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, c := range cells {
			row[i] = c.String
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Hash is a fingerprint of everything in a database but the tables left out.
func Hash(t testing.TB, db *sql.DB, without ...string) string {
	t.Helper()
	h := sha256.New()
	for _, table := range Tables(t, db) {
		if slices.Contains(without, table) {
			continue
		}
		var lines []string
		for _, row := range Rows(t, db, `SELECT * FROM `+table) {
			lines = append(lines, strings.Join(row, "\x1f"))
		}
		slices.Sort(lines)
		fmt.Fprintf(h, "%s\x1e%s\x1e", table, strings.Join(lines, "\x1e"))
	}
	return hex.EncodeToString(h.Sum(nil))
}
