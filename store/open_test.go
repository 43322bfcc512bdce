package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"irm/store/storetest"
)

// TestMigratedFileIsMarked: who opens a file with the newest schema sees that from
// its head, and no other file passes for one.
func TestMigratedFileIsMarked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.db")
	if upToDate(file) {
		t.Error("a file that is not there is up to date")
	}
	for range 2 {
		s, err := Open(t.Context(), file, Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(file)
	if err != nil || !upToDate(file) {
		t.Errorf("a migrated file is not up to date, %v", err)
	}
	older := append([]byte{}, whole...)
	older[63]--
	for name, content := range map[string][]byte{"older": older, "cut off": whole[:62], "empty": {}, "no database": append([]byte("x"), whole[1:]...)} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if upToDate(file) {
			t.Errorf("a file that is %s is up to date", name)
		}
	}
}

// TestOlderMarkIsMigrated: a file whose mark is old is brought up to date, and
// marked, also when only the mark was missing.
func TestOlderMarkIsMigrated(t *testing.T) {
	file := databases.SQLite(t)
	db, err := openPool(t.Context(), file, writing, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `PRAGMA user_version = 0`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if upToDate(file) {
		t.Fatal("the mark is still there")
	}
	again, err := Open(t.Context(), file, Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil || !upToDate(file) {
		t.Errorf("marked %v, %v", upToDate(file), err)
	}
}

// TestNoDatabaseIsRefused: a file that is something else is not opened.
func TestNoDatabaseIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(file, []byte("This is a letter, not a database, and it is longer than a head is."), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), file, Clock{}); err == nil {
		t.Error("a letter was opened", s.Close())
	}
}

// TestWriterThatDoesNotOpenRefusesChanges: the connection that writes opens with
// the first change, and if it can't, that change and every later one says why.
func TestWriterThatDoesNotOpenRefusesChanges(t *testing.T) {
	s, full := onSQLite(t), errors.New("no room")
	opened := 0
	w := newWriter(func() (*sql.DB, error) { opened++; return nil, full }, s)
	for range 3 {
		if err := w.do(t.Context(), func(*tx) error { t.Error("a change was made"); return nil }); !errors.Is(err, full) {
			t.Errorf("%v", err)
		}
	}
	if err := w.close(); err != nil || opened != 1 {
		t.Errorf("opened %d times, %v", opened, err)
	}
	if err := w.do(t.Context(), func(*tx) error { return nil }); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("after the end: %v", err)
	}
}
