package store

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Migration is one step of the schema and whether the database has it.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

// Migrate brings the schema of the database at dsn up to date and returns all
// steps as they stand afterwards; with dry it changes nothing.
func Migrate(ctx context.Context, dsn string, dry bool) ([]Migration, error) {
	up := migrateSQLite
	if strings.HasPrefix(dsn, "postgres") {
		up = migratePostgres
	}
	if dry {
		ctx = context.WithValue(ctx, dryRun{}, true)
	}
	steps, err := up(ctx, strings.TrimPrefix(dsn, "sqlite:"))
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return steps, nil
}

// dryRun asks, in a context, only to look.
type dryRun struct{}

// migrateSQLite tries again when it fails: of several processes that start at
// once one migrates, and the others find nothing left to do.
func migrateSQLite(ctx context.Context, file string) (steps []Migration, err error) {
	if upToDate(file) && ctx.Value(dryRun{}) == nil {
		return nil, nil
	}
	for try := range 5 {
		if steps, err = migrateFile(ctx, file); err == nil {
			return steps, nil
		}
		time.Sleep(time.Duration(try) * 100 * time.Millisecond)
	}
	return nil, err
}

func migrateFile(ctx context.Context, file string) ([]Migration, error) {
	db, err := openPool(ctx, file, writing, 1)
	if err != nil {
		return nil, err
	}
	steps, err := migrate(ctx, goose.DialectSQLite3, db)
	if err == nil && ctx.Value(dryRun{}) == nil {
		_, err = db.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, newest()))
	}
	return steps, errors.Join(err, db.Close())
}

// upToDate spares the migrator for a file that has the newest schema. It looks at
// the mark that the last migration left in the file's head: asking SQLite takes as
// long as half of the rest of a start. The head may be older than what is in the
// log beside the file, never newer, and then the migrator finds nothing to do.
func upToDate(file string) bool {
	head := make([]byte, 64)
	f, err := os.Open(file) //nolint:gosec // the file that the operator names
	if err != nil {
		return false
	}
	_, err = io.ReadFull(f, head)
	err = errors.Join(err, f.Close())
	return err == nil && string(head[:16]) == "SQLite format 3\x00" && binary.BigEndian.Uint32(head[60:]) == newest()
}

// newest is the mark of the newest schema: IRM, and the number of its migration.
func newest() uint32 {
	names, _ := fs.Glob(migrations, "migrations/*.sql")
	return 'I'<<24 | 'R'<<16 | 'M'<<8 | uint32(numberOf(names[len(names)-1])) //nolint:gosec // below 10,000
}

// migrationLock is the advisory lock that one process at a time migrates under.
const migrationLock = 7_140_420_070_416

func migratePostgres(ctx context.Context, dsn string) (steps []Migration, err error) {
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*c)
	defer db.Close()
	holder, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer holder.Close()
	if _, err := holder.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return nil, err
	}
	steps, err = migrate(ctx, goose.DialectPostgres, db)
	_, gone := holder.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
	return steps, errors.Join(err, gone)
}

func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB) ([]Migration, error) {
	steps, err := scripts(dialect)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(dialect, db, nil, goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, err
	}
	if ctx.Value(dryRun{}) == nil {
		if _, err := p.Up(ctx); err != nil {
			return nil, err
		}
	}
	status, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	var all []Migration
	for _, st := range status {
		all = append(all, Migration{st.Source.Version, nameOf(st.Source.Version), st.State == goose.StateApplied})
	}
	return all, nil
}

// scripts are NNNN_name.sql, each followed by NNNN_name.<dialect>.sql if there is one.
func scripts(dialect goose.Dialect) (steps []*goose.Migration, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		base := strings.TrimSuffix(name, ".sql")
		if strings.Contains(path.Base(base), ".") {
			continue // a dialect's part; applied with its parent
		}
		body, err := script(base, dialect)
		if err != nil {
			return nil, err
		}
		run := func(ctx context.Context, tx *sql.Tx) error { _, err := tx.ExecContext(ctx, body); return err }
		steps = append(steps, goose.NewGoMigration(numberOf(name), &goose.GoFunc{RunTx: run}, nil))
	}
	return steps, nil
}

func script(base string, dialect goose.Dialect) (string, error) {
	body, err := migrations.ReadFile(base + ".sql")
	if err != nil {
		return "", err
	}
	if dialect == goose.DialectPostgres {
		extra, _ := migrations.ReadFile(base + ".postgres.sql")
		return strings.ReplaceAll(string(body), " WITHOUT ROWID", "") + string(extra), nil
	}
	extra, _ := migrations.ReadFile(base + ".sqlite.sql")
	return string(body) + string(extra), nil
}

// numberOf reads 3 from migrations/0003_name.sql.
func numberOf(name string) int64 {
	n, _, _ := strings.Cut(path.Base(name), "_")
	v, _ := strconv.ParseInt(n, 10, 64)
	return v
}

func nameOf(version int64) string {
	names, _ := fs.Glob(migrations, fmt.Sprintf("migrations/%04d_*.sql", version))
	if len(names) == 0 {
		return ""
	}
	return strings.TrimSuffix(path.Base(names[0]), ".sql")
}
