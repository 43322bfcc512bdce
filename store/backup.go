package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ErrUsePgDump says that PostgreSQL brings its own tools for copies.
var ErrUsePgDump = errors.New("the records are in PostgreSQL: use pg_dump and pg_restore")

// Backup copies a running SQLite database to a file that must not exist yet.
// Writers go on meanwhile. The file appears only once the copy is on the disk
// and was checked: its pages, its keys, its rows and its ledger.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.writer == nil {
		return ErrUsePgDump
	}
	before, err := s.extent(ctx)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	err = appear(file, func(temp string) error {
		if err := s.vacuumInto(ctx, temp); err != nil {
			return err
		}
		copied, err := checkedCopy(ctx, temp)
		if err != nil {
			return err
		}
		return s.between(ctx, before, copied)
	})
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// vacuumInto writes the database as it stands at one moment. It reads through a
// connection of its own: those that read elsewhere refuse to write anything.
func (s *Store) vacuumInto(ctx context.Context, file string) error {
	db, err := openPool(ctx, s.dsn, common, 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, file)
	return errors.Join(err, db.Close())
}

// Restore puts a backup where the database of dsn is to be. It refuses to
// overwrite, and to restore a file that is damaged or no database of the portal.
func Restore(ctx context.Context, file, dsn string) error {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return ErrUsePgDump
	}
	if _, err := checkedCopy(ctx, file); err != nil {
		return fmt.Errorf("restore: %s: %w", file, err)
	}
	to := strings.TrimPrefix(dsn, "sqlite:")
	for _, rest := range []string{"-wal", "-shm", "-journal"} { // would be taken for the restored one's
		if _, err := os.Lstat(to + rest); err == nil {
			return fmt.Errorf("restore: %s is there already: %w", to+rest, os.ErrExist)
		}
	}
	if err := appear(to, func(temp string) error { return copyFile(file, temp) }); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

// appear has fill write a file beside another that must not exist, and gives it
// that name once it is whole and on the disk.
func appear(file string, fill func(temp string) error) error {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s is there already: %w", file, os.ErrExist)
	}
	dir, err := os.MkdirTemp(filepath.Dir(file), ".irm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	temp := filepath.Join(dir, "copy.db")
	if err := fill(temp); err != nil {
		return err
	}
	if err := flushed(temp); err != nil {
		return err
	}
	if err := os.Link(temp, file); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: %w", file, os.ErrExist)
	} else if err != nil { // a file system without links
		if err := os.Rename(temp, file); err != nil {
			return err
		}
	}
	return flushed(filepath.Dir(file))
}

// flushed waits until a file or folder is on the disk.
func flushed(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// extent is how much a database holds: rows of the tables that only grow, and
// the newest checkpoint of its ledger.
type extent struct {
	rows map[string]int64
	head head
}

// growing are the tables that never lose a row, so that a copy made while others
// write can be compared with what was there before and after.
func growing() []string {
	return []string{"entries", "seals", "checkpoints", "decisions", "shares", "voids", "order_versions"}
}

func (s *Store) extent(ctx context.Context) (extent, error) { return extentOf(ctx, s.db) }

func extentOf(ctx context.Context, q querier) (e extent, err error) {
	e.rows = map[string]int64{}
	for _, table := range growing() {
		var n int64
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n); err != nil {
			return e, err
		}
		e.rows[table] = n
	}
	e.head, err = readHead(ctx, q)
	return e, err
}

// between checks that a copy lies between what was there before it and now.
func (s *Store) between(ctx context.Context, before, copied extent) error {
	now, err := s.extent(ctx)
	if err != nil {
		return err
	}
	for _, table := range growing() {
		if n := copied.rows[table]; n < before.rows[table] || n > now.rows[table] {
			return fmt.Errorf("the copy has %d rows of %s, the original %d", n, table, now.rows[table])
		}
	}
	if copied.head.N == 0 && before.head.N == 0 {
		return nil
	}
	var root string
	err = s.db.QueryRowContext(ctx, `SELECT root FROM checkpoints WHERE size = $1`, copied.head.N).Scan(&root)
	if err != nil || root != copied.head.Hash.String() || copied.head.N < before.head.N {
		return errors.Join(errors.New("the copy's ledger is not the original's"), err)
	}
	return nil
}

// checkedCopy reads every page of a copy and says how much it holds.
func checkedCopy(ctx context.Context, file string) (e extent, err error) {
	if _, err := os.Stat(file); err != nil {
		return e, err
	}
	db, err := openPool(ctx, file, []pragma{{"query_only", "ON", "1"}}, 1)
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var said string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&said); err != nil {
		return e, err
	}
	if said != "ok" {
		return e, fmt.Errorf("it is damaged: %s", said)
	}
	var stray string
	err = db.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&stray)
	if !errors.Is(err, sql.ErrNoRows) {
		return e, errors.Join(fmt.Errorf("rows of %s belong to nothing", stray), err)
	}
	return extentOf(ctx, db)
}

// SQLiteVersion is the version of the SQLite that is built in.
func SQLiteVersion(ctx context.Context) (version string, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version)
	return version, err
}
