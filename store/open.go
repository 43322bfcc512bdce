package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"irm/influence"
)

// Open connects to a postgres:// URL or an SQLite file (sqlite:FILE or FILE) and
// brings its schema up to date.
func Open(ctx context.Context, dsn string, clock Clock) (*Store, error) {
	s := &Store{dialect: "sqlite", dsn: strings.TrimPrefix(dsn, "sqlite:"), clock: clock, settings: influence.Defaults()}
	open := s.openSQLite
	s.UseKeys(s.dsn + ".keys")
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		s.dialect, open = "postgres", s.openPostgres
		s.UseKeys("")
	}
	if err := open(ctx, s.dsn); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.Close())
	}
	return s, nil
}

// Close waits for the changes under way.
func (s *Store) Close() (err error) {
	if p, ok := s.read.(*prepared); ok {
		err = p.close()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	if s.writer != nil {
		err = errors.Join(err, s.writer.close()) // last, so that it empties the log
	}
	return err
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect }
