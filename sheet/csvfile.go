package sheet

import (
	"errors"
	"io"
	"iter"
	"os"
)

// delimiters are tried in this order; the earlier wins a tie.
const delimiters = ",;\t|"

var delimiterNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}

// sampleRows is how many records are looked at to find the delimiter.
const sampleRows = 100

type csvFile struct {
	file *os.File
	size int64
	enc  charset
	reading
}

// reading is how the text is cut up, and what that gave.
type reading struct {
	delimiter byte
	ends      lineEnds // as far as the file was read
}

func openCSV(f *os.File, size int64) (*csvFile, error) {
	enc, err := findCharset(f, size)
	if err != nil {
		return nil, err
	}
	c := &csvFile{file: f, size: size, enc: enc}
	return c, c.findDelimiter()
}

func (c *csvFile) records(delimiter byte) *records {
	return newRecords(c.enc.decode(c.file, c.size), delimiter)
}

// findDelimiter takes the delimiter that splits the most records alike into the
// most cells.
func (c *csvFile) findDelimiter() error {
	best := -1
	for _, d := range []byte(delimiters) {
		score, ends, err := c.scoreDelimiter(d)
		if err != nil {
			return err
		}
		if score > best {
			best, c.reading = score, reading{d, ends}
		}
	}
	return nil
}

// scoreDelimiter counts the delimiters in the first records that agree on how
// many there are. A record that cannot be read that way ends the count.
func (c *csvFile) scoreDelimiter(d byte) (int, lineEnds, error) {
	p := c.records(d)
	widths := make([]int, MaxColumns+1)
	best := 0
	var refused *Refusal
	for range sampleRows {
		cells, err := p.next()
		if errors.As(err, &refused) || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		widths[len(cells)]++
		best = max(best, widths[len(cells)]*(len(cells)-1))
	}
	return best, p.ends, nil
}

func (c *csvFile) rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		p := c.records(c.delimiter)
		defer func() { c.ends |= p.ends }()
		for {
			texts, err := p.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{Number: p.row}, err)
				return
			}
			if !yield(Row{Number: p.row, Cells: textCells(texts)}, nil) {
				return
			}
		}
	}
}

func textCells(texts []string) []Cell {
	cells := make([]Cell, len(texts))
	for i, t := range texts {
		cells[i].Text = t
	}
	return cells
}
