package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

func (s *Store) openPostgres(ctx context.Context, dsn string) error {
	if _, err := migratePostgres(ctx, dsn); err != nil {
		return err
	}
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return err
	}
	c.RuntimeParams["synchronous_commit"] = "on" // an answer given survives a power cut
	c.RuntimeParams["statement_timeout"] = "10s"
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "10s"
	s.db = stdlib.OpenDB(*c)
	s.read = s.db // pgx compiles once by itself
	s.db.SetMaxOpenConns(pgConns)
	s.db.SetMaxIdleConns(pgConns)
	return nil
}

const pgConns = 32

// retry runs fn until it is not a race with others that fails it.
func (s *Store) retry(ctx context.Context, fn func(*tx) error) error {
	for try := 0; ; try++ {
		err := s.once(ctx, fn)
		if err == nil || !retryable(err) || try == 10 {
			return err
		}
		select {
		case <-time.After(rand.N(time.Millisecond << try)): //nolint:gosec // a pause, no secret
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// once runs fn in one transaction. The transaction has a context of its own,
// which the caller's can end only before COMMIT is sent: afterwards nobody
// could say whether it happened.
func (s *Store) once(ctx context.Context, fn func(*tx) error) error {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	conn, err := s.db.Conn(own)
	if err != nil {
		return err
	}
	defer conn.Close()
	// What two changes race for is settled by a version in the WHERE of an UPDATE
	// or by a unique index. SERIALIZABLE would also refuse neighbours on a page.
	q, err := conn.BeginTx(own, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	defer q.Rollback()
	t := newTx(own, q, s)
	t.queue = &queue{conn: conn}
	if err := contain(fn, t); err != nil {
		return t.queue.cause(err)
	}
	if err := t.flush(); err != nil {
		return err
	}
	if !stop() {
		return ctx.Err()
	}
	return committed(q.Commit())
}

// ErrUnknown says that the connection broke during COMMIT: the change was made
// entirely or not at all.
var ErrUnknown = errors.New("nobody knows whether it was saved")

func committed(err error) error {
	var said *pgconn.PgError
	if err == nil || errors.As(err, &said) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnknown, err)
}

// queue holds statements to send in one round trip.
type queue struct {
	pgx.Batch
	conn *sql.Conn
	err  error // of what was sent before a row was read
}

func (q *queue) send(ctx context.Context) error {
	if q.err != nil || q.Len() == 0 {
		return q.err
	}
	err := q.conn.Raw(func(c any) error {
		return c.(*stdlib.Conn).Conn().SendBatch(ctx, &q.Batch).Close()
	})
	q.Batch = pgx.Batch{}
	return err
}

// cause is the error that made the transaction fail: what was sent before a row
// was read, where the row could only say that the transaction has failed.
func (q *queue) cause(err error) error {
	var said *pgconn.PgError
	if q.err != nil && errors.As(err, &said) && said.Code == "25P02" {
		return q.err
	}
	return err
}
