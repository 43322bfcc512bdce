package store

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"irm/store/storetest"
)

// TestManyMigrateAtOnce: of eight that start on an empty database at the same
// time one migrates, and all of them can work afterwards.
func TestManyMigrateAtOnce(t *testing.T) {
	for name, dsn := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "new.db") },
		"postgres": emptyPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			to := dsn(t)
			stores := make([]*Store, 8)
			errs := make([]error, 8)
			var wg sync.WaitGroup
			for i := range stores {
				wg.Go(func() {
					stores[i], errs[i] = Open(t.Context(), to, Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
				})
			}
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			for _, s := range stores {
				if n := count(t, s, `SELECT count(*) FROM leases WHERE name = 'sealer'`); n != 1 {
					t.Errorf("%d sealer's leases", n)
				}
			}
			steps := count(t, stores[0], `SELECT count(*) FROM goose_db_version WHERE version_id > 0`)
			files, err := filepath.Glob("migrations/[0-9][0-9][0-9][0-9]_*.sql")
			if err != nil {
				t.Fatal(err)
			}
			want := int64(0)
			for _, f := range files {
				if strings.Count(filepath.Base(f), ".") == 1 {
					want++
				}
			}
			if steps != want {
				t.Errorf("%d steps were applied, want each of %d once", steps, want)
			}
			for _, s := range stores {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// emptyPostgres is a fresh database without a schema: a copy whose tables are
// out of the way.
func emptyPostgres(t *testing.T) string {
	dsn := databases.Postgres(t)
	s := opened(t, dsn)
	if _, err := s.db.Exec(`CREATE SCHEMA fresh`); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", "fresh")
	u.RawQuery = q.Encode()
	return u.String()
}

// TestMigrateDryChangesNothing: the status of an empty database lists every step
// as pending, and leaves it empty.
func TestMigrateDryChangesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new.db")
	steps, err := Migrate(t.Context(), file, true)
	if err != nil || len(steps) == 0 {
		t.Fatalf("%v, %v", steps, err)
	}
	for _, m := range steps {
		if m.Applied || m.Name == "" {
			t.Errorf("%+v", m)
		}
	}
	if again, err := Migrate(t.Context(), file, false); err != nil || len(again) != len(steps) || !again[0].Applied {
		t.Errorf("%v, %v", again, err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
