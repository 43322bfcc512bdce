package store

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// bulkRows is how many rows one statement inserts while a database is loaded:
// running a statement costs as much as a row.
const bulkRows = 8

// bulkAll is how many rows are gathered before all of them are sent.
const bulkAll = 400

// bulk gathers inserts of one row, by their text, and runs them beside whoever
// makes them: on two cores a database is loaded in two thirds of the time. Tables
// are filled in the order in which they were first written to, so that what a row
// refers to is there.
type bulk struct {
	rows  map[string]*gathered
	order []*gathered
	n     int // rows gathered
	work  chan insert
	done  chan error // the first one that failed
}

type gathered struct {
	one   string
	many  string // the same for bulkRows rows
	width int
	args  []any
}

type insert struct {
	query string
	args  []any
}

var (
	oneRow     = regexp.MustCompile(`(?s)^(\s*INSERT INTO .*?\sVALUES\s*)(\([^()]*\))(.*)$`)
	bulkNumber = regexp.MustCompile(`\$(\d+)`)
)

// later takes a statement and, from time to time, runs those that it has.
func (b *bulk) later(t *tx, query string, args []any) error {
	g := b.rows[query]
	if g == nil {
		g = &gathered{one: query, width: len(args)}
		if m := oneRow.FindStringSubmatch(query); m != nil {
			g.many = m[1] + repeated(m[2], len(args)) + m[3]
		}
		b.rows[query] = g
		b.order = append(b.order, g)
	}
	if g.many == "" { // no insert of one row: after all that was before it
		b.sendAll(t)
		b.send(t, insert{query, args})
		return nil
	}
	g.args = append(g.args, args...)
	if b.n++; b.n == bulkAll {
		b.sendAll(t)
	}
	return nil
}

// sendAll sends what was gathered.
func (b *bulk) sendAll(t *tx) {
	for _, g := range b.order {
		for ; len(g.args) >= bulkRows*g.width; g.args = g.args[bulkRows*g.width:] {
			b.send(t, insert{g.many, g.args[:bulkRows*g.width]})
		}
		for ; len(g.args) > 0; g.args = g.args[g.width:] {
			b.send(t, insert{g.one, g.args[:g.width]})
		}
		g.args = nil
	}
	b.n = 0
}

// send has an insert run, after those sent before.
func (b *bulk) send(t *tx, i insert) {
	if b.work == nil {
		b.work, b.done = make(chan insert, 64), make(chan error, 1)
		go run(t, b.work, b.done)
	}
	b.work <- i
}

// run runs inserts until there are no more, and reports the first failure.
func run(t *tx, work <-chan insert, done chan<- error) {
	var failed error
	for i := range work {
		if failed == nil {
			_, failed = t.q.ExecContext(t.ctx, i.query, i.args...)
		}
	}
	done <- failed
}

// repeated writes a row's placeholders for all rows of a statement.
func repeated(row string, width int) string {
	rows := make([]string, bulkRows)
	for i := range rows {
		rows[i] = bulkNumber.ReplaceAllStringFunc(row, func(p string) string {
			n, _ := strconv.Atoi(p[1:])
			return fmt.Sprintf("$%d", n+i*width)
		})
	}
	return strings.Join(rows, ", ")
}

// flush inserts what is left and waits until all is inserted.
func (b *bulk) flush(t *tx) error {
	b.sendAll(t)
	return b.stop()
}

// stop waits for what was sent.
func (b *bulk) stop() error {
	if b.work == nil {
		return nil
	}
	close(b.work)
	b.work = nil
	return <-b.done
}
