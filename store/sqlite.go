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

// openSQLite opens one connection that writes and, apart from it, several that read.
func (s *Store) openSQLite(ctx context.Context, file string) error {
	w, err := openCurrent(ctx, file)
	if err != nil {
		return err
	}
	conn, err := w.Conn(ctx)
	if err != nil {
		w.Close()
		return err
	}
	s.writer = newWriter(w, conn, s)
	if s.db, err = openPool(ctx, file, reading, max(2, runtime.GOMAXPROCS(0))); err == nil {
		s.read = &prepared{querier: s.db, on: s.db}
	}
	return err
}

// openCurrent opens the connection that writes, to a file with the newest schema.
// Reading the schema is most of what a start costs, so the usual start asks for
// its version where it is read anyway.
func openCurrent(ctx context.Context, file string) (*sql.DB, error) {
	if exists(file) {
		w, err := openPool(ctx, file, writing, 1)
		if err != nil || current(ctx, w) {
			return w, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
	}
	if _, err := migrateSQLite(ctx, file); err != nil {
		return nil, err
	}
	return openPool(ctx, file, writing, 1)
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
	q    *prepared
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

func newWriter(db *sql.DB, conn *sql.Conn, s *Store) *writer {
	w := &writer{db: db, conn: conn, q: &prepared{querier: conn, on: conn}, s: s,
		jobs: make(chan *job), quit: make(chan struct{}), gone: make(chan struct{})}
	go w.run()
	return w
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
	defer close(w.gone)
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

// settle runs jobs in one transaction and tells each its result. If the
// transaction itself fails, each gets one of its own: it may be one job's fault.
func (w *writer) settle(jobs iter.Seq[*job]) {
	ran, err := w.batch(jobs)
	if err != nil && len(ran) > 1 {
		for _, j := range ran {
			w.settle(slices.Values([]*job{j}))
		}
		return
	}
	for _, j := range ran {
		if j.err == nil {
			j.err = err
		}
		close(j.done)
	}
}

// batch runs jobs in one transaction. Its error is the transaction's; a job's
// own is in the job.
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

// apart runs j in a savepoint, so that it fails alone.
func (w *writer) apart(j *job) error {
	if err := w.exec(`SAVEPOINT j`); err != nil {
		return err
	}
	if j.err = contain(j.fn, newTx(context.Background(), w.q, w.s)); j.err != nil {
		if err := w.exec(`ROLLBACK TO j`); err != nil {
			return err
		}
	}
	return w.exec(`RELEASE j`)
}

func (w *writer) exec(query string) error {
	_, err := w.q.ExecContext(context.Background(), query)
	return err
}

// close lets the batch under way end and refuses what comes after.
func (w *writer) close() error {
	close(w.quit)
	<-w.gone
	return errors.Join(w.q.close(), w.conn.Close(), w.db.Close()) // a pool leaves open what is held
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
