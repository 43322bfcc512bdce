package sheet

import "slices"

// headerRows is how far down a header is looked for.
const headerRows = 50

// Header is where a table's headings stand.
type Header struct {
	Sheet int      // index into Book.Sheets
	Row   int      // row number
	Cells []string // the headings, without empty ones at the end
	Known int      // how many of them the caller recognized
}

// FindHeader looks through the first 50 rows of each sheet in order. recognize
// says how many headings it knows among a row's cells, 0 when that is too few to
// be a header; the row with the most wins, the upper one of equals, in the first
// sheet that has any. A CSV file is tried with every delimiter, and read with the
// one that gives the most known headings. What was found is noted in Found.
func (b *Book) FindHeader(recognize func(cells []string) int) (Header, error) {
	if b.csv != nil {
		return b.csvHeader(recognize)
	}
	for i, name := range b.Sheets() {
		best, above, err := b.bestRow(i, recognize)
		if err != nil {
			return Header{}, err
		}
		if best.Known > 0 {
			b.noteHeader(best, above, name)
			return best, nil
		}
	}
	return Header{}, ErrNoHeader
}

func (b *Book) csvHeader(recognize func([]string) int) (Header, error) {
	best, above, err := b.bestRow(0, recognize)
	found := b.csv.reading
	for _, d := range []byte(delimiters) {
		if d == found.delimiter {
			continue
		}
		b.csv.reading = reading{delimiter: d}
		h, n, other := b.bestRow(0, recognize)
		if other == nil && h.Known > best.Known {
			best, above, err, found = h, n, nil, b.csv.reading
		}
	}
	b.csv.reading = found
	if err == nil && best.Known == 0 {
		err = ErrNoHeader
	}
	if err != nil {
		return Header{}, err
	}
	b.noteHeader(best, above, "")
	return best, nil
}

// bestRow returns the best row and how many rows that are not blank stand above.
// A row that cannot be read ends the search; it is an error only if nothing was
// recognized above it, and is met again when the rows are read.
func (b *Book) bestRow(sheet int, recognize func([]string) int) (best Header, above int, err error) {
	seen := 0
	for row, err := range b.Rows(sheet) {
		if err != nil && best.Known > 0 || err == nil && row.Number > headerRows {
			break
		}
		if err != nil {
			return Header{}, 0, err
		}
		cells := headings(row.Cells)
		if known := recognize(cells); known > best.Known {
			best = Header{Sheet: sheet, Row: row.Number, Cells: cells, Known: known}
			above = seen
		}
		seen++
	}
	return best, above, nil
}

func headings(cells []Cell) []string {
	texts := make([]string, filled(cells))
	for i := range texts {
		texts[i] = cells[i].Text
	}
	return texts
}

// filled is how many cells there are without empty ones at the end.
func filled(cells []Cell) int {
	n := len(cells)
	for n > 0 && cells[n-1].empty() {
		n--
	}
	return n
}

func (b *Book) noteHeader(h Header, above int, sheet string) {
	b.Found.HeaderRow, b.Found.PreambleRows, b.Found.Sheet = h.Row, above, sheet
	b.Found.BlankRows = 0 // of another reading, if any
	if b.csv != nil {
		b.describeCSV()
	}
}

// Below yields the rows under a header that are not blank, each with exactly as
// many cells as there are headings, unless it is Ragged: then its cells come as
// they are. Ragged is a row with something in a cell beyond the headings, or, in
// a CSV file, with fewer than half as many cells; refuse it, its values may stand
// under the wrong headings.
func (b *Book) Below(h Header) func(yield func(Row, error) bool) {
	return func(yield func(Row, error) bool) {
		for row, err := range b.Rows(h.Sheet) {
			if err == nil && row.Number <= h.Row {
				continue
			}
			if err == nil {
				b.fit(&row, len(h.Cells))
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (b *Book) fit(row *Row, width int) {
	n := len(row.Cells)
	row.Ragged = filled(row.Cells) > width || b.csv != nil && n*2 < width
	if row.Ragged {
		return
	}
	if n < width {
		row.Cells = slices.Concat(row.Cells, make([]Cell, width-n))
	}
	row.Cells = row.Cells[:width]
}
