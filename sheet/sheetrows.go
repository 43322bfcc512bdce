package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

var errStop = errors.New("the caller has seen enough")

// sheetRows reads one worksheet as a stream.
type sheetRows struct {
	book  *workbook
	part  *part
	row   int
	at    int // the column of the cell read last, empty or not
	cells []Cell
	yield func(Row, error) bool
}

func (w *workbook) rows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s := &sheetRows{book: w, yield: yield}
		err := w.parts.read(w.sheets[sheet].part, func(p *part) error {
			s.part = p
			return s.read()
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(Row{Number: s.row}, err)
		}
	}
}

func (s *sheetRows) read() error {
	return s.part.children(func(e xml.StartElement) error {
		if e.Name.Local != "sheetData" {
			return s.part.skip()
		}
		return s.part.children(s.readRow)
	})
}

func (s *sheetRows) readRow(e xml.StartElement) error {
	number := s.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number {
			return fmt.Errorf("row %q after row %d", r, s.row)
		}
		number = n
	}
	if number > MaxRows {
		return refuse("The sheet has more than %d rows. Send it in parts.", MaxRows)
	}
	s.row, s.at, s.cells = number, 0, make([]Cell, 0, cap(s.cells))
	if err := s.part.children(s.readCell); err != nil {
		return err
	}
	if !s.yield(Row{Number: number, Cells: s.cells}, nil) {
		return errStop
	}
	return nil
}

// content is a cell as the file has it.
type content struct {
	value   strings.Builder // the stored value
	text    strings.Builder // the text written in place
	stored  bool
	formula bool
}

func (s *sheetRows) readCell(e xml.StartElement) error {
	column, err := s.column(attr(e, "r"))
	if err != nil {
		return err
	}
	var in content
	if err := in.read(s.part); err != nil {
		return err
	}
	style, _ := strconv.Atoi(attr(e, "s"))
	cell, err := s.book.cell(attr(e, "t"), style, &in)
	if err != nil {
		return fmt.Errorf("row %d, column %d: %w", s.row, column, err)
	}
	if cell.empty() && cell.Text == "" {
		return nil // a format without a value
	}
	return s.place(column, cell)
}

func (in *content) read(p *part) error {
	return p.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "v":
			in.stored = true
			return p.text(&in.value)
		case "is":
			in.stored = true
			return p.richText(&in.text)
		case "f":
			in.formula = true
		}
		return p.skip()
	})
}

// column is a cell's place counted from 1: by its name, or after the one before.
func (s *sheetRows) column(name string) (int, error) {
	if name == "" {
		s.at++
		return s.at, nil
	}
	column := 0
	for _, r := range strings.TrimRight(name, "0123456789") {
		if r < 'A' || r > 'Z' || column > 1<<16 {
			return 0, fmt.Errorf("cell named %q", name)
		}
		column = column*26 + int(r-'A') + 1
	}
	if column <= s.at {
		return 0, fmt.Errorf("cell %s after column %d", name, s.at)
	}
	s.at = column
	return column, nil
}

func (s *sheetRows) place(column int, c Cell) error {
	if column > MaxColumns {
		return refuseRow(s.row, "it has more than %d columns.", MaxColumns)
	}
	if len(c.Text) > MaxCellBytes {
		return refuseRow(s.row, "the cell in column %d is longer than %d KiB.", column, MaxCellBytes>>10)
	}
	for len(s.cells) < column-1 {
		s.cells = append(s.cells, Cell{})
	}
	s.cells = append(s.cells, c)
	return nil
}

// cell makes a cell of its content by the type the file gives it.
func (w *workbook) cell(kind string, style int, in *content) (c Cell, err error) {
	c.Formula = in.formula
	raw := in.value.String()
	switch {
	case in.formula && !in.stored:
		c.Kind = Formula
	case kind == "s" && in.stored:
		c.Text, err = w.texts.get(raw)
	case kind == "inlineStr":
		c.Text = unescape(in.text.String())
	case kind == "str":
		c.Text = unescape(raw)
	case kind == "e":
		c.Kind, c.Text = Error, raw
	case strings.TrimSpace(raw) == "":
	case kind == "b":
		c.Kind, c.Text = Bool, map[bool]string{true: "TRUE", false: "FALSE"}[strings.TrimSpace(raw) == "1" || strings.TrimSpace(raw) == "true"]
	case kind == "d":
		c.isoDate(raw)
	default:
		err = w.number(&c, strings.TrimSpace(raw), w.format(style))
	}
	return c, err
}

func (w *workbook) format(style int) format {
	if style < 0 || style >= len(w.formats) {
		return format{}
	}
	return w.formats[style]
}

// isoDate reads a date stored as text, as the strict dialect may.
func (c *Cell) isoDate(raw string) {
	c.Text = strings.TrimSpace(raw)
	day, clock, _ := strings.Cut(strings.TrimSuffix(c.Text, "Z"), "T")
	if _, err := time.Parse(isoDay, day); err != nil {
		return
	}
	c.Kind, c.Day = Date, day
	clock, _, _ = strings.Cut(clock, ".")
	if clock == "00:00:00" {
		clock = ""
	}
	c.Text = strings.TrimSpace(day + " " + clock)
}
