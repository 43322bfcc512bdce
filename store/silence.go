package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"irm/influence"
)

const (
	silenceTick  = 5 * time.Second // how soon a new day is noticed
	silenceEvery = 5 * time.Minute // and what came back to an old one, by an undo
	silenceLimit = 200             // of a step, read at once
)

// errNotMine says that another instance holds the lease.
var errNotMine = errors.New("another instance keeps the clocks")

// silence is a step that the program takes because nobody acted: how to find what
// it is due for, by id, and the act, each in a transaction of its own.
type silence struct {
	step string
	due  func(r reader, now moment) ([]string, error)
	act  func(t *tx, id string) (change, error)
}

// moment is when the clocks are looked at.
type moment struct {
	s     *Store
	at    time.Time // program time
	today influence.Day
	set   influence.Settings
}

func (s *Store) moment() moment { return moment{s, s.clock.Program(), s.clock.Today(), s.settings} }

// key is another one whenever something new can be due: with a new day, and with
// its morning.
func (m moment) key() string {
	if m.at.Before(influence.Morning(m.at)) {
		return string(m.today)
	}
	return string(m.today) + " morning"
}

// begins is the instant at which a program day begins.
func (m moment) begins(day influence.Day) int64 {
	at, err := time.ParseInLocation(time.DateOnly, string(day), m.s.clock.zone())
	if err != nil {
		return 0
	}
	return at.UnixMicro()
}

// KeepTime does what silence does, until ctx ends. It may run in several
// processes: whoever holds the lease acts, the others stand by.
func (s *Store) KeepTime(ctx context.Context, failed func(error)) {
	me := newID("clk", s.clock.System())
	tick := time.NewTicker(silenceTick)
	defer tick.Stop()
	var struck time.Time
	var last string
	for {
		now, key := s.clock.System(), s.moment().key()
		if key != last || now.Sub(struck) >= silenceEvery {
			_, err := s.Strike(ctx, me)
			if err != nil && !errors.Is(err, errNotMine) && ctx.Err() == nil {
				failed(err)
			}
			if !errors.Is(err, errNotMine) { // else the other may have ended: again with the next tick
				struck, last = now, key
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Strike takes every step that is due now, if me holds or gets the lease, and
// returns how many it took. One that fails keeps none of the others.
func (s *Store) Strike(ctx context.Context, me string) (n int, err error) {
	now := s.moment()
	for _, x := range silences() {
		took, err2 := s.strike(ctx, me, x, now)
		n += took
		if errors.Is(err2, errNotMine) {
			return n, errNotMine
		}
		if err2 != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", x.step, err2))
		}
	}
	return n, err
}

// silences are the steps, in the order in which they follow each other.
func silences() []silence {
	return slices.Concat(claimSilences(), connectionSilences(), disputeSilences(), []silence{{"send daily mails", dueMornings, (*tx).morning}})
}

// strike takes one step for all that it is due for.
func (s *Store) strike(ctx context.Context, me string, x silence, now moment) (n int, failed error) {
	for {
		ids, err := x.due(reader{ctx, s.read}, now)
		if err != nil || len(ids) == 0 {
			return n, errors.Join(failed, err)
		}
		went := false // at least one did, so that the next ones are others
		for _, id := range ids {
			took, err := s.act(ctx, me, x, id)
			switch {
			case errors.Is(err, errNotMine), ctx.Err() != nil:
				return n, err
			case errors.Is(err, influence.ErrConflict): // somebody was faster
			case err != nil:
				failed = errors.Join(failed, fmt.Errorf("%s: %w", id, err))
			default:
				went = true
			}
			if took {
				n++
			}
		}
		if !went || len(ids) < silenceLimit {
			return n, failed
		}
	}
}

// act takes a step for one thing, and reports whether it did: what has changed
// since it was found is left alone. The lease's row is locked until the end, so
// that two instances act one after the other.
func (s *Store) act(ctx context.Context, me string, x silence, id string) (took bool, err error) {
	err = wrap(s.transact(ctx, func(t *tx) error {
		took = false
		mine, err := t.lease("clocks", me)
		if err != nil {
			return err
		}
		if !mine {
			return errNotMine
		}
		t.who, t.act = influence.Clockwork(), influence.KeepTime
		c, err := x.act(t, id)
		if err != nil || c.subject == "" {
			return err
		}
		took = true
		return t.record(c)
	}))
	return took && err == nil, err
}

// first writes down a step, and reports whether it was not taken yet for this
// last day.
func (t *tx) first(subject string, step influence.SilenceStep, due string) (bool, error) {
	n, err := t.exec(`INSERT INTO silences (subject, step, due, at) VALUES ($1, $2, $3, $4) ON CONFLICT (subject, step, due) DO NOTHING`,
		subject, string(step), due, t.at.UnixMicro())
	return n == 1, err
}

// notYet leaves out what a step was taken for.
func notYet(alias, due string) string {
	return `NOT EXISTS (SELECT 1 FROM silences x WHERE x.subject = ` + alias + `.id AND x.step = $1 AND x.due = ` + due + `)`
}

// ids reads a column of ids.
func (r reader) ids(query string, args ...any) ([]string, error) {
	rows, err := r.rows(query, args...)
	return collect(rows, err, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
}
