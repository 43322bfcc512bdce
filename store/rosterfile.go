package store

import (
	"errors"
	"fmt"
	"iter"
	"strconv"

	"irm/influence"
	"irm/sheet"
)

// rosterFile is a roster that can be read as often as needed.
type rosterFile struct {
	book    *sheet.Book
	head    sheet.Header
	mapping influence.RosterMapping
}

// rosterLine is a row of the file: taken, or refused for a reason.
type rosterLine struct {
	influence.RosterRow
	number int
	cells  []string
	reason string
}

// openRoster finds out how the file is read and where its columns are.
func openRoster(path string) (*rosterFile, error) {
	book, err := sheet.Open(path, sheet.Options{})
	if err != nil {
		return nil, err
	}
	f := &rosterFile{book: book}
	f.head, err = book.FindHeader(influence.RosterHeadingsKnown)
	if errors.Is(err, sheet.ErrNoHeader) {
		err = influence.Refusal("No row of headings was found. A roster needs the columns partner_id, name, level and state.")
	}
	if err == nil {
		f.mapping, err = influence.MapRoster(f.head.Cells)
	}
	if err != nil {
		book.Close()
		return nil, err
	}
	return f, nil
}

func (f *rosterFile) close() { f.book.Close() }

// lines yields the rows under the headings, each judged by itself and against
// the rows above it.
func (f *rosterFile) lines() iter.Seq2[rosterLine, error] {
	return func(yield func(rosterLine, error) bool) {
		seen := map[uint64]int{}
		for row, err := range f.book.Below(f.head) {
			if err != nil {
				yield(rosterLine{}, err)
				return
			}
			if !yield(f.judge(row, seen), nil) {
				return
			}
		}
	}
}

// judge reads a row; seen tells in which row a partner ID stood first.
func (f *rosterFile) judge(row sheet.Row, seen map[uint64]int) rosterLine {
	l := rosterLine{number: row.Number, cells: cellTexts(row)}
	if l.reason = f.unreadable(row); l.reason != "" {
		return l
	}
	r, err := influence.ParseRosterRow(l.cells, f.mapping)
	if err != nil {
		l.reason = err.Error()
		return l
	}
	key, _ := strconv.ParseUint("1"+r.PartnerNo, 10, 64) // at most 11 digits; 0017 is not 17
	if earlier := seen[key]; earlier > 0 {
		l.reason = string(influence.UsedByEarlierRow(earlier))
		return l
	}
	seen[key] = row.Number
	l.RosterRow = r
	return l
}

// unreadable says why a row's cells can't be read for certain.
func (f *rosterFile) unreadable(row sheet.Row) string {
	if row.Ragged {
		return fmt.Sprintf("This row has %d cells where there are %d headings. Its values may stand under the wrong ones.", len(row.Cells), len(f.head.Cells))
	}
	for column, i := range f.mapping {
		if c := row.Cells[i]; c.Kind == sheet.Error || c.Kind == sheet.Formula {
			return "The cell under " + column + " holds no value but an error or a formula without a result."
		}
	}
	return ""
}
