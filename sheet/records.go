package sheet

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// lineEnds is the set of line ends met outside quotes.
type lineEnds uint8

const (
	endLF lineEnds = 1 << iota
	endCRLF
	endCR
)

func (e lineEnds) String() string {
	return [...]string{"", "LF", "CRLF", "LF and CRLF", "CR"}[min(e, endCR)]
}

// records splits UTF-8 text into records as RFC 4180 has it, reading on where the
// standard is silent only if there is one way to read on. The first line end
// decides between the families LF/CRLF and CR; one of the other family outside
// quotes is refused, because it may as well be part of a value as the end of a row.
type records struct {
	in        *bufio.Reader
	delimiter byte
	row       int
	ends      lineEnds

	text   []byte // of the record so far
	bounds []int  // where its cells end in text
}

// after is what ended a cell.
type after uint8

const (
	afterDelimiter after = iota
	afterLine
)

func newRecords(r io.Reader, delimiter byte) *records {
	return &records{in: bufio.NewReaderSize(r, 64<<10), delimiter: delimiter}
}

// next returns the cells of the next record, or io.EOF. A blank line is a record
// of one empty cell.
func (p *records) next() ([]string, error) {
	if _, err := p.in.Peek(1); err != nil {
		return nil, err
	}
	p.row++
	if p.row > MaxRows {
		return nil, refuse("The file has more than %d rows. Send it in parts.", MaxRows)
	}
	p.text, p.bounds = p.text[:0], p.bounds[:0]
	for {
		start := len(p.text)
		end, err := p.cell()
		if err != nil {
			return nil, err
		}
		if err := p.keep(start); err != nil {
			return nil, err
		}
		if end == afterLine {
			return p.cells(), nil
		}
	}
}

// keep notes where the cell ends. Spreadsheets that save every column they have
// leave thousands of empty ones, which are dropped.
func (p *records) keep(start int) error {
	if len(p.bounds) < MaxColumns {
		p.bounds = append(p.bounds, len(p.text))
		return nil
	}
	if strings.TrimSpace(string(p.text[start:])) != "" {
		return refuseRow(p.row, "it has more than %d columns.", MaxColumns)
	}
	p.text = p.text[:start]
	return nil
}

// cells cuts one string into the cells: one allocation for all their text.
func (p *records) cells() []string {
	text, start := string(p.text), 0
	cells := make([]string, len(p.bounds))
	for i, end := range p.bounds {
		cells[i], start = text[start:end], end
	}
	return cells
}

func (p *records) cell() (after, error) {
	b, err := p.in.ReadByte()
	if err == io.EOF {
		return afterLine, nil
	}
	if err != nil {
		return 0, err
	}
	if b == '"' {
		return p.quoted()
	}
	return p.bare(b)
}

// bare reads a cell that does not begin with a quote; quotes inside are text.
func (p *records) bare(b byte) (after, error) {
	var err error
	for start := len(p.text); ; b, err = p.in.ReadByte() {
		switch {
		case err == io.EOF:
			return afterLine, nil
		case err != nil:
			return 0, err
		case b == p.delimiter:
			return afterDelimiter, nil
		case b == '\n' || b == '\r':
			return afterLine, p.lineEnd(b)
		case len(p.text)-start >= MaxCellBytes:
			return 0, refuseRow(p.row, "the cell in column %d is longer than %d KiB.", len(p.bounds)+1, MaxCellBytes>>10)
		}
		p.text = append(p.text, b)
	}
}

// quoted reads a cell after its opening quote: a doubled quote is one, line
// breaks and delimiters are text.
func (p *records) quoted() (after, error) {
	for start := len(p.text); ; {
		b, err := p.in.ReadByte()
		if err == io.EOF {
			return 0, refuseRow(p.row, "a quote is opened in column %d and never closed.", len(p.bounds)+1)
		}
		if err != nil {
			return 0, err
		}
		if b == '"' {
			if b, err = p.in.ReadByte(); b != '"' || err != nil {
				return p.closed(b, err)
			}
		}
		if len(p.text)-start >= MaxCellBytes {
			return 0, refuseRow(p.row, "the quoted cell in column %d is longer than %d KiB; its closing quote may be missing.", len(p.bounds)+1, MaxCellBytes>>10)
		}
		p.text = append(p.text, b)
	}
}

// closed handles what follows a closing quote.
func (p *records) closed(b byte, err error) (after, error) {
	switch {
	case errors.Is(err, io.EOF):
		return afterLine, nil
	case err != nil:
		return 0, err
	case b == p.delimiter:
		return afterDelimiter, nil
	case b == '\n' || b == '\r':
		return afterLine, p.lineEnd(b)
	}
	return 0, refuseRow(p.row, "text follows the closing quote in column %d. A quote inside a quoted cell is written twice.", len(p.bounds)+1)
}

func (p *records) lineEnd(b byte) error {
	end := endLF
	if b == '\r' {
		end = endCR
		next, err := p.in.Peek(1)
		if err == nil && next[0] == '\n' {
			end = endCRLF
			_, err = p.in.Discard(1)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	if p.ends != 0 && (p.ends == endCR) != (end == endCR) {
		return refuseRow(p.row, "it ends in another way (%s) than the rows above (%s), or a line break stands in a cell without quotes.", end, p.ends)
	}
	p.ends |= end
	return nil
}
