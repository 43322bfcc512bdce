package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// pragma is a setting, and what SQLite answers once it took. SQLite ignores a
// misspelt pragma silently, so each is read back.
type pragma struct{ name, set, want string }

var (
	common = []pragma{
		{"busy_timeout", "5000", "5000"}, // another process may have the file open
		{"mmap_size", "1073741824", "1073741824"},
		{"temp_store", "MEMORY", "2"}, // sorting makes no files
	}
	writing = append([]pragma{
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", "2"}, // an answer given survives a power cut
		{"foreign_keys", "ON", "1"},
		{"journal_size_limit", "67108864", "67108864"},
		{"wal_autocheckpoint", "8000", "8000"}, // pages: 32 MB, so that pages written often are copied once
		{"cache_size", "-65536", "-65536"},     // KiB
	}, common...)
	reading = append([]pragma{{"query_only", "ON", "1"}}, common...)
)

// openSQLite opens connections that read and, apart from them, one that writes.
// That one's settings make SQLite read the whole schema, which is a third of what
// a start takes, so it opens with the first change. A setting that does not take
// is the error of every change.
func (s *Store) openSQLite(ctx context.Context, file string) (err error) {
	if s.db, err = openCurrent(ctx, file); err != nil {
		return err
	}
	s.read = &prepared{querier: s.db, on: s.db}
	s.writer = newWriter(func() (*sql.DB, error) { return openPool(context.WithoutCancel(ctx), file, writing, 1) }, s)
	return nil
}

// openCurrent opens the connections that read, of a file with the newest schema.
func openCurrent(ctx context.Context, file string) (*sql.DB, error) {
	if _, err := migrateSQLite(ctx, file); err != nil {
		return nil, err
	}
	return openPool(ctx, file, reading, max(2, runtime.GOMAXPROCS(0)))
}

// openPool opens file with pragmas on every connection.
func openPool(ctx context.Context, file string, pragmas []pragma, conns int) (*sql.DB, error) {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p.name+"("+p.set+")")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	for _, p := range pragmas {
		var got string
		if err = db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err == nil && got != p.want {
			err = fmt.Errorf("pragma %s is %q, want %q", p.name, got, p.want)
		}
		if err != nil {
			db.Close()
			return nil, err
		}
	}
	return db, nil
}

// A batch ends when nobody waits, and at the latest after so many changes or so long.
const (
	batchSize = 128
	batchTime = 25 * time.Millisecond
)

// writer is the one goroutine that writes to an SQLite file. Flushing to the
// disk costs far more than a change does, so callers that wait share a
// transaction and its flush.
type writer struct {
	db   *sql.DB
	conn *sql.Conn
	q    *watched
	s    *Store
	jobs chan *job // unbuffered: a caller that stops waiting was never in
	quit chan struct{}
	gone chan struct{}
}

// job is one caller's change.
type job struct {
	fn   func(*tx) error
	err  error
	done chan struct{}
}

// newWriter returns the writer at once; it opens the file for its first job.
func newWriter(open func() (*sql.DB, error), s *Store) *writer {
	w := &writer{s: s, jobs: make(chan *job), quit: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		defer close(w.gone)
		select {
		case first := <-w.jobs:
			if err := w.open(open); err != nil {
				w.refuse(first, err)
				return
			}
			w.settle(w.arriving(first))
			w.run()
		case <-w.quit:
		}
	}()
	return w
}

func (w *writer) open(open func() (*sql.DB, error)) (err error) {
	if w.db, err = open(); err != nil {
		return err
	}
	if w.conn, err = w.db.Conn(context.Background()); err != nil {
		return errors.Join(err, w.db.Close())
	}
	w.q = &watched{prepared: &prepared{querier: w.conn, on: w.conn}}
	return nil
}

// refuse answers every job with why there is no connection.
func (w *writer) refuse(j *job, err error) {
	for {
		j.err = fmt.Errorf("open for writing: %w", err)
		close(j.done)
		select {
		case j = <-w.jobs:
		case <-w.quit:
			return
		}
	}
}

// do has fn run and returns once its change is on the disk, or is certain not to
// be. When ctx ends in the queue fn never runs; once fn runs its end is awaited.
func (w *writer) do(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{fn: fn, done: make(chan struct{})}
	select {
	case w.jobs <- j:
		<-j.done
		return j.err
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return sql.ErrConnDone
	}
}

func (w *writer) run() {
	for {
		select {
		case j := <-w.jobs:
			w.settle(w.arriving(j))
		case <-w.quit:
			return
		}
	}
}

// arriving yields first and then whoever waits, until the batch ends.
func (w *writer) arriving(first *job) iter.Seq[*job] {
	return func(yield func(*job) bool) {
		end := time.Now().Add(batchTime)
		for n, j := 1, first; yield(j) && n < batchSize && time.Now().Before(end); n++ {
			select {
			case j = <-w.jobs:
			default:
				return
			}
		}
	}
}

// settle runs jobs in one transaction and tells each its result. If it has to be
// rolled back, those before the job that was the last to run get another one, and
// that job one of its own: it may be its fault.
func (w *writer) settle(jobs iter.Seq[*job]) {
	ran, err := w.batch(jobs)
	if err != nil && len(ran) > 1 {
		last := len(ran) - 1
		w.settle(slices.Values(ran[:last]))
		w.settle(slices.Values(ran[last:]))
		return
	}
	for _, j := range ran {
		if j.err == nil {
			j.err = err
		}
		close(j.done)
	}
}

// batch runs jobs in one transaction. A job that fails before it has changed
// anything fails alone. One that fails later takes the transaction with it, which
// is rare, and cheaper than a savepoint for each: for a savepoint SQLite keeps a
// copy of every page that is written.
func (w *writer) batch(jobs iter.Seq[*job]) (ran []*job, err error) {
	err = w.exec(`BEGIN IMMEDIATE`)
	for j := range jobs {
		ran = append(ran, j)
		if err == nil {
			err = w.apart(j)
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = w.exec(`COMMIT`)
	}
	if err != nil {
		_ = w.exec(`ROLLBACK`) // fails if SQLite has rolled back already
	}
	return ran, err
}

// apart runs j. Its error is j's own once j may have changed something, or may
// have lost the transaction.
func (w *writer) apart(j *job) error {
	w.q.begin()
	j.err = contain(j.fn, newTx(context.Background(), w.q, w.s))
	if failed := w.q.failure(); failed != nil && j.err == nil {
		j.err = failed
	}
	if w.q.touched.Load() {
		return j.err
	}
	return nil
}

func (w *writer) exec(query string) error {
	_, err := w.q.prepared.ExecContext(context.Background(), query)
	return err
}

// close lets the batch under way end and refuses what comes after.
func (w *writer) close() error {
	close(w.quit)
	<-w.gone
	if w.conn == nil {
		return nil // it never opened
	}
	return errors.Join(w.q.close(), w.conn.Close(), w.db.Close()) // a pool leaves open what is held
}

// watched notices what the statements of a job do to the transaction.
type watched struct {
	*prepared
	touched atomic.Bool // a row may have changed, or the transaction may be lost
	failed  atomic.Pointer[error]
}

func (q *watched) begin() {
	q.touched.Store(false)
	q.failed.Store(nil)
}

// failure is the first statement's that failed: a job can't pass over it, for
// SQLite may have rolled back.
func (q *watched) failure() error {
	if err := q.failed.Load(); err != nil {
		return *err
	}
	return nil
}

func (q *watched) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	res, err := q.prepared.ExecContext(ctx, query, args...)
	if err != nil {
		q.failed.CompareAndSwap(nil, &err)
		q.touched.Store(true)
		return res, err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 || !changesRows(query) {
		q.touched.Store(true)
	}
	return res, nil
}

func (q *watched) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	q.asked(query)
	return q.prepared.QueryContext(ctx, query, args...)
}

func (q *watched) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	q.asked(query)
	return q.prepared.QueryRowContext(ctx, query, args...)
}

// asked notes a query that changes what it returns.
func (q *watched) asked(query string) {
	if !begins(query, "SELECT") {
		q.touched.Store(true)
	}
}

// changesRows reports whether all that a statement can do is counted in rows.
func changesRows(query string) bool {
	return begins(query, "INSERT") || begins(query, "UPDATE") || begins(query, "DELETE")
}

func begins(query, word string) bool {
	return strings.HasPrefix(strings.TrimLeft(query, " \t\n"), word)
}

// contain runs fn and makes a panic its error.
func contain(fn func(*tx) error, t *tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return fn(t)
}
