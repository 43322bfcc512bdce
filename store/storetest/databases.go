// Package storetest gives each test a database of its own: a copy of one that
// was migrated once, on SQLite and, where there is a server, on PostgreSQL. It
// imports no package of the program, so that all of them can use it.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Databases copies databases that migrate has brought up to date.
type Databases struct {
	server string // postgres:// URL, "" without one
	file   func() (string, error)
	name   func() (string, error)
	like   func() (pristine, error)
	free   free
	// What Run removes, set when it was made.
	fileGone, nameGone func() error
}

// New returns databases that migrate makes, given the address of an empty one.
// The server is IRM_TEST_POSTGRES.
func New(migrate func(ctx context.Context, dsn string) error) *Databases {
	d := &Databases{server: os.Getenv("IRM_TEST_POSTGRES")}
	d.file = sync.OnceValues(func() (string, error) { return d.sqlite(migrate) })
	d.name = sync.OnceValues(func() (string, error) { return d.postgres(migrate) })
	d.like = sync.OnceValues(func() (p pristine, err error) {
		from, err := d.name()
		if err == nil {
			p, err = d.pristineOf(from)
		}
		return p, err
	})
	return d
}

// Run runs the tests, removes what they were copied from, and returns the exit status.
func (d *Databases) Run(m *testing.M) int { return Run(m, d) }

// Run is the same for several kinds of databases.
func Run(m *testing.M, all ...*Databases) int {
	code := m.Run()
	for _, d := range all {
		for _, gone := range []func() error{d.fileGone, d.nameGone} {
			if gone == nil {
				continue
			}
			if err := gone(); err != nil {
				fmt.Fprintln(os.Stderr, "clean up:", err)
				code = max(code, 1)
			}
		}
	}
	return code
}

// removed is all copies that wait, and what they were copied from.
func (d *Databases) removed(from string) error {
	err := d.ask("DROP DATABASE " + from + " WITH (FORCE)")
	for name, ok := d.free.take(); ok; name, ok = d.free.take() {
		err = errors.Join(err, d.ask("DROP DATABASE "+name+" WITH (FORCE)"))
	}
	return err
}

// Each runs test with the address of a fresh database of each kind. Without a
// server the half for PostgreSQL is skipped, and failed with IRM_TEST_ALL=1.
func (d *Databases) Each(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, d.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, d.Postgres(t)) })
}

// SQLite returns a fresh file.
func (d *Databases) SQLite(t testing.TB) string {
	t.Helper()
	from, err := d.file()
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(to, body, 0o600); err != nil { //nolint:gosec // in the test's own folder
		t.Fatal(err)
	}
	return to
}

// Postgres returns a fresh database on the server, or skips the test.
func (d *Databases) Postgres(t testing.TB) string {
	t.Helper()
	if d.server == "" {
		Missing(t, "IRM_TEST_POSTGRES names no PostgreSQL server, such as postgres://user@localhost/postgres")
	}
	from, err := d.name()
	if err != nil {
		t.Fatal(err)
	}
	name, ok := d.free.take()
	if !ok {
		name = unique()
		if err := d.ask("CREATE DATABASE " + name + " TEMPLATE " + from); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { d.ended(t, name) })
	return d.at(name)
}

// Missing skips a test that lacks what it needs; with IRM_TEST_ALL=1 it fails it.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("IRM_TEST_ALL") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func (d *Databases) sqlite(migrate func(context.Context, string) error) (string, error) {
	dir, err := os.MkdirTemp("", "irm-test-")
	if err != nil {
		return "", err
	}
	d.fileGone = func() error { return os.RemoveAll(dir) }
	file := filepath.Join(dir, "migrated.db")
	return file, migrate(context.Background(), file)
}

func (d *Databases) postgres(migrate func(context.Context, string) error) (string, error) {
	name := unique()
	if err := d.ask("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	d.nameGone = func() error { return d.removed(name) }
	return name, migrate(context.Background(), d.at(name))
}

// ask has the server do one thing.
func (d *Databases) ask(query string) error {
	admin, err := sql.Open("pgx", d.server)
	if err != nil {
		return err
	}
	defer admin.Close()
	if _, err := admin.Exec(query); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// at is the server's address with another database.
func (d *Databases) at(name string) string {
	u, err := url.Parse(d.server)
	if err != nil {
		return d.server
	}
	u.Path = "/" + name
	return u.String()
}

func unique() string { return "irm_test_" + strings.ToLower(rand.Text()[:16]) }
