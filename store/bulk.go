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

// bulk gathers inserts of one row, by their text.
type bulk map[string]*gathered

type gathered struct {
	many  string // the same for bulkRows rows
	width int
	args  []any
}

var (
	oneRow     = regexp.MustCompile(`(?s)^(\s*INSERT INTO .*?\sVALUES\s*)(\([^()]*\))(.*)$`)
	bulkNumber = regexp.MustCompile(`\$(\d+)`)
)

// later takes an insert of one row and, from time to time, inserts what it has.
func (b bulk) later(t *tx, query string, args []any) error {
	g := b[query]
	if g == nil {
		m := oneRow.FindStringSubmatch(query)
		if m == nil {
			_, err := t.q.ExecContext(t.ctx, query, args...)
			return err
		}
		g = &gathered{many: m[1] + repeated(m[2], len(args)) + m[3], width: len(args)}
		b[query] = g
	}
	if g.args = append(g.args, args...); len(g.args) < bulkRows*g.width {
		return nil
	}
	_, err := t.q.ExecContext(t.ctx, g.many, g.args...)
	g.args = g.args[:0]
	return err
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

// flush inserts what is left, row by row.
func (b bulk) flush(t *tx) error {
	for query, g := range b {
		for len(g.args) > 0 {
			if _, err := t.q.ExecContext(t.ctx, query, g.args[:g.width]...); err != nil {
				return err
			}
			g.args = g.args[g.width:]
		}
		g.args = nil
	}
	return nil
}
