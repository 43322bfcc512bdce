// Package store keeps the program's records in SQLite or PostgreSQL. Every
// exported read or write belongs to a Session, and a Session belongs to an actor.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"irm/influence"
)

// Store is one open database.
type Store struct {
	db       *sql.DB // many connections; on SQLite they can only read
	read     querier // db, with statements compiled once
	writer   *writer // SQLite's one writing connection; nil on PostgreSQL
	dialect  string  // "sqlite" or "postgres"
	dsn      string
	clock    Clock
	settings influence.Settings
	keys     *keyring // of what is kept sealed
	second   bool     // a second factor is required of whom it is due
	inside   *tx      // the transaction that all changes are part of; nil for one each
}

// Clock tells the two times of the program.
type Clock struct {
	Now    func() time.Time // the machine's; time.Now if nil
	Offset time.Duration    // what program time is ahead of it
	Zone   *time.Location   // in which a program day is a calendar day
}

// System is the machine's time: sessions, one-time links, limits.
func (c Clock) System() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// Program is the time of recorded facts and deadlines, in the program's zone.
func (c Clock) Program() time.Time { return c.System().Add(c.Offset).In(c.zone()) }

// Today is the program's day.
func (c Clock) Today() influence.Day { return influence.DayOf(c.Program(), c.zone()) }

func (c Clock) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// Clock returns the clock that the store was opened with.
func (s *Store) Clock() Clock { return s.clock }

// Settings returns the program's settings in force.
func (s *Store) Settings() influence.Settings { return s.settings }

// As returns the store as actor sees it.
func (s *Store) As(actor influence.Actor) Session { return Session{s, actor} }

// Session is the store seen through one actor's permissions.
type Session struct {
	s     *Store
	actor influence.Actor
}

// Actor returns whose permissions v has.
func (v Session) Actor() influence.Actor { return v.actor }

// do is the only way to change anything: it checks the policy, runs fn, and
// writes who did what to which subject in the ledger, all in one transaction.
// When it returns nil the change is on the disk; when it returns an error other
// than ErrUnknown nothing was changed.
func (v Session) do(ctx context.Context, act influence.Action, fn func(*tx) (change, error)) error {
	if !v.actor.May(act) {
		return influence.ErrForbidden
	}
	if v.actor.Stale && influence.NeedsProof(act) {
		return influence.ErrProof
	}
	return wrap(v.s.transact(ctx, func(t *tx) error {
		t.who, t.act = v.actor, act
		c, err := fn(t)
		if err != nil || c.subject == "" {
			return err
		}
		return t.record(c)
	}))
}

// At returns the same store with another clock: to enter what happened earlier.
func (s *Store) At(c Clock) *Store {
	at := *s
	at.clock = c
	return &at
}

// Together runs all changes that fn makes through the store it is given in one
// transaction: all of them or none. It is for filling a database; fn must stop
// at the first error.
func (s *Store) Together(ctx context.Context, fn func(*Store) error) error {
	return s.transact(ctx, func(t *tx) error {
		in := *s
		in.inside = t
		return fn(&in)
	})
}

// transact runs fn in a transaction, and runs it again if the database asks for
// that, so fn must touch nothing but its tx.
func (s *Store) transact(ctx context.Context, fn func(*tx) error) error {
	mine := func(t *tx) error {
		if t.s != s { // the writer's own clock is not this store's
			fresh := newTx(t.ctx, t.q, s)
			fresh.queue = t.queue
			t = fresh
		}
		return fn(t)
	}
	switch {
	case s.inside != nil:
		return mine(s.inside)
	case s.writer != nil:
		return s.writer.do(ctx, mine)
	}
	return s.retry(ctx, mine)
}

// tx is one transaction. Its clocks stand still. Its methods take no context: on
// SQLite callers share a transaction, and a context that ended in the middle of
// a statement would roll all of them back.
type tx struct {
	q       querier
	ctx     context.Context
	s       *Store
	at      time.Time // program time
	sys     time.Time // the machine's
	today   influence.Day
	who     influence.Actor
	act     influence.Action
	entry   string // id of the ledger entry that the change will have
	weight  int64  // movements of the entry so far; they are numbered by it
	queue   *queue // PostgreSQL's statements not sent yet; nil on SQLite
	loading *tally // adds up what is loaded into an empty database; else nil
}

// querier is what *sql.DB, *sql.Tx and *prepared have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func newTx(ctx context.Context, q querier, s *Store) *tx {
	now := s.clock.System()
	at := now.Add(s.clock.Offset).In(s.clock.zone())
	return &tx{q: q, ctx: ctx, s: s, at: at, sys: now, today: influence.DayOf(at, s.clock.zone()), entry: newID("ent", at)}
}

// exec returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	if err := t.flush(); err != nil {
		return 0, err
	}
	res, err := t.q.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// must is exec for a statement that has to change exactly one row: if another
// was faster it changes none, and that is a conflict.
func (t *tx) must(query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n != 1 {
		err = influence.ErrConflict
	}
	return err
}

// row reads one row, after what was given to later.
func (t *tx) row(query string, args ...any) *sql.Row {
	t.sent()
	return t.q.QueryRowContext(t.ctx, query, args...)
}

// rows reads rows, after what was given to later.
func (t *tx) rows(query string, args ...any) (*sql.Rows, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	return t.q.QueryContext(t.ctx, query, args...)
}

// later is exec for a statement of which only the error matters. PostgreSQL gets
// all of these in one round trip, before the next exec, read or COMMIT.
func (t *tx) later(query string, args ...any) error {
	if t.loading != nil && t.queue == nil {
		return t.loading.rows.later(t, query, args)
	}
	if t.queue == nil {
		_, err := t.q.ExecContext(t.ctx, query, args...)
		return err
	}
	t.queue.Queue(query, args...)
	return nil
}

// laterRow is later for a statement that returns one row, which scan takes once
// the statement has run.
func (t *tx) laterRow(query string, args []any, scan func(scanner) error) error {
	if t.queue == nil {
		return scan(t.q.QueryRowContext(t.ctx, query, args...))
	}
	t.queue.Queue(query, args...).QueryRow(func(row pgx.Row) error { return scan(row) })
	return nil
}

func (t *tx) flush() error {
	if t.queue == nil {
		if t.loading != nil {
			return t.loading.rows.flush(t)
		}
		return nil
	}
	return t.queue.send(t.ctx)
}

// sent flushes before a row is read. PostgreSQL refuses everything after a
// statement that failed, so the error is not lost: the row's own says it.
func (t *tx) sent() {
	if t.queue != nil && t.queue.err == nil {
		t.queue.err = t.queue.send(t.ctx)
	}
}

// change says what a transaction did to its subject; was is nil for a new
// thing. A change without a subject is not recorded.
type change struct {
	subject     string
	was, became any
}

// record writes the ledger entry of a change, and leaves it for the sealer.
func (t *tx) record(c change) error {
	err := t.log(t.entry, c)
	if err == nil && t.loading != nil {
		return t.loading.seal(t)
	}
	if err == nil {
		err = t.later(`INSERT INTO unsealed (entry_id, weight) VALUES ($1, $2)`, t.entry, t.weight)
	}
	return err
}

// apart has fn make a change with an entry of its own inside the transaction,
// under the act that it is. fn reads the entry's id from t.entry.
func (t *tx) apart(act influence.Action, fn func() (change, error)) error {
	outer := *t
	t.act, t.entry, t.weight = act, newID("ent", t.at), 0
	c, err := fn()
	if err == nil {
		err = t.record(c)
	}
	t.act, t.entry, t.weight = outer.act, outer.entry, outer.weight
	return err
}

func (t *tx) log(id string, c change) error {
	was, err := json.Marshal(c.was)
	if err != nil {
		return err
	}
	became, err := json.Marshal(c.became)
	if err != nil {
		return err
	}
	salt := rand.Text()
	if t.loading != nil {
		t.loading.leaf(Entry{ID: id, At: t.at.UnixMicro(), MemberID: t.who.MemberID, OrgID: t.who.OrgID, Action: string(t.act), Subject: c.subject,
			Was: was, Became: became, Salt: salt})
	}
	return t.later(`INSERT INTO entries (id, at, member_id, org_id, action, subject, was, became, salt)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, t.at.UnixMicro(),
		t.who.MemberID, t.who.OrgID, string(t.act), c.subject, string(was), string(became), salt)
}

// newID makes an id that sorts by time, so that new rows lie side by side. It
// is lower case, so that it sorts alike under every collation.
func newID(prefix string, at time.Time) string {
	us := strconv.FormatInt(at.UnixMicro(), 36)
	return fmt.Sprintf("%s_%011s%s", prefix, us, strings.ToLower(rand.Text()[:10]))
}

// newRef makes a public reference such as CLM-7F3K9Q: six signs of Crockford's
// base 32, which has no I, L, O or U. Its column is unique; insert it with
// ON CONFLICT (ref) DO NOTHING and try again when nothing was inserted.
func newRef(prefix string) string {
	const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	b := make([]byte, 6)
	rand.Read(b)
	for i := range b {
		b[i] = signs[b[i]&31]
	}
	return prefix + "-" + string(b)
}

// once is exec for an insert of a row with a new reference; it inserts nothing if
// the reference is taken. While a database is loaded nobody else makes any, so
// that nothing has to be waited for.
func (t *tx) once(query string, args ...any) (int64, error) {
	if t.loading != nil {
		return 1, t.later(strings.TrimSuffix(query, "ON CONFLICT (ref) DO NOTHING"), args...)
	}
	return t.exec(query, args...)
}

// referred runs insert with new references until one is not taken.
func (t *tx) referred(prefix string, insert func(ref string) (int64, error)) (string, error) {
	for range 20 {
		ref := newRef(prefix)
		if t.loading != nil && !t.loading.isNew(ref) {
			continue
		}
		n, err := insert(ref)
		if err != nil || n == 1 {
			return ref, err
		}
	}
	return "", fmt.Errorf("no free reference %s", prefix)
}

func micros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// instant is null for the zero time.
func instant(at time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: at.UnixMicro(), Valid: !at.IsZero()}
}

// when is the zero time for null.
func when(us sql.NullInt64) time.Time {
	if !us.Valid {
		return time.Time{}
	}
	return micros(us.Int64)
}

// scanner is what *sql.Row and *sql.Rows have in common.
type scanner interface{ Scan(dest ...any) error }

// collect scans every row and closes rows.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

// scanEach has fn scan every row and closes rows.
func scanEach(rows *sql.Rows, err error, fn func(scanner) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
