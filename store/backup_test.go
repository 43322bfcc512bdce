package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"irm/store/storetest"
)

// TestBackupUnderLoad copies a database while 16 callers decide; what is
// restored is whole, and goes on from where it was.
func TestBackupUnderLoad(t *testing.T) {
	s := onSQLite(t)
	p := begun(t, s)
	refs := filled(t, s, p, 400)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := w; i < len(refs) && ctx.Err() == nil; i += 16 {
				if err := p.confirm(t.Context(), s, refs[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	err := s.Backup(t.Context(), file)
	stop()
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "restored.db")
	if err := Restore(t.Context(), file, "sqlite:"+to); err != nil {
		t.Fatal(err)
	}
	restored := opened(t, to)
	if got := count(t, restored, `SELECT count(*) FROM agreements`); got != 400 {
		t.Errorf("%d agreements were restored, want 400", got)
	}
	whole(t, restored)
	key, public := ownSigner(t, restored)
	for _, ref := range texts(t, restored, `SELECT ref FROM agreements WHERE NOT decided ORDER BY ref LIMIT 3`) {
		if err := p.confirm(t.Context(), restored, ref); err != nil {
			t.Fatal(err)
		}
	}
	sealAll(t, restored, key)
	whole(t, restored)
	proven(t, restored, public)
	storetest.Figure(t, "R6", "a backup while 16 decide %d agreements: checked, restored whole, and its ledger proven after more decisions", len(refs))
}

// TestBackupAndRestoreOverwriteNothing: a file that is there stays as it is.
func TestBackupAndRestoreOverwriteNothing(t *testing.T) {
	s := onSQLite(t)
	begun(t, s)
	dir := t.TempDir()
	there, backup := filepath.Join(dir, "there"), filepath.Join(dir, "backup.db")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), there); !errors.Is(err, os.ErrExist) {
		t.Errorf("backup over a file: %v", err)
	}
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), backup, there); !errors.Is(err, os.ErrExist) {
		t.Errorf("restore over a file: %v", err)
	}
	if body, err := os.ReadFile(there); err != nil || string(body) != "mine" {
		t.Errorf("the file is now %q, %v", body, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "new.db-wal"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), backup, filepath.Join(dir, "new.db")); !errors.Is(err, os.ErrExist) {
		t.Errorf("restore beside the log of another: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".irm-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestRestoreRefusesDamage: a file that is cut off, altered, or no database of
// the portal never becomes one.
func TestRestoreRefusesDamage(t *testing.T) {
	s := onSQLite(t)
	p := begun(t, s)
	filled(t, s, p, 50)
	dir := t.TempDir()
	good := filepath.Join(dir, "backup.db")
	if err := s.Backup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	altered := append([]byte(nil), body...)
	for i := len(altered) / 2; i < len(altered)/2+20_000; i++ {
		altered[i] ^= 0xff
	}
	for what, content := range map[string][]byte{"cut off": body[:len(body)/2], "altered": altered, "empty": nil, "text": []byte("not a database, but long enough to be read as one")} {
		bad, to := filepath.Join(dir, "bad"), filepath.Join(dir, "to.db")
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), bad, to); err == nil {
			t.Errorf("%s: was restored", what)
		}
		if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestPostgresHasItsOwnBackup: the portal does not copy what it can't copy well.
func TestPostgresHasItsOwnBackup(t *testing.T) {
	s := opened(t, databases.Postgres(t))
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "b")); !errors.Is(err, ErrUsePgDump) {
		t.Errorf("backup: %v", err)
	}
	if err := Restore(t.Context(), "b", s.dsn); !errors.Is(err, ErrUsePgDump) {
		t.Errorf("restore: %v", err)
	}
}

// TestSQLiteVersionIsKnown: the version command prints it.
func TestSQLiteVersionIsKnown(t *testing.T) {
	v, err := SQLiteVersion(t.Context())
	if err != nil || len(v) < 5 || v[0] != '3' {
		t.Errorf("version %q, %v", v, err)
	}
}
