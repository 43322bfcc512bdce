package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// ColumnKind is what the values of a written column are.
type ColumnKind int

// The kinds of columns. A nil value leaves a cell of any kind empty.
const (
	TextColumn  ColumnKind = iota // string
	MoneyColumn                   // int64 cents; 1234.50 in CSV and XLSX, 123450 in JSON
	IntColumn                     // int or int64
	DayColumn                     // string "2006-01-02", or "" for no day
)

// Column is one column to write.
type Column struct {
	Name string // the heading
	Key  string // the name in JSON, where money is cents: amount_cents; empty: Name
	Kind ColumnKind
}

func (c Column) key() string {
	if c.Key != "" {
		return c.Key
	}
	return c.Name
}

// Writer writes one table: Head, then Row for each row, then Close. It keeps
// neither rows nor the file in memory. After an error only Close is of use.
type Writer struct {
	to      encoder
	columns []Column
	failed  error
}

// NewCSV writes RFC 4180 in UTF-8. A text a spreadsheet would take for a formula
// gets an apostrophe in front (see Guard); numbers and days stay as they are.
func NewCSV(w io.Writer) *Writer { return &Writer{to: &csvWriter{out: w}} }

// NewXLSX writes a workbook of one sheet. Texts are text cells, never formulas.
// Nothing reaches w before Close.
func NewXLSX(w io.Writer) *Writer { return &Writer{to: &xlsxWriter{out: w}} }

// NewJSON writes an array of objects, one a line.
func NewJSON(w io.Writer) *Writer { return &Writer{to: &jsonWriter{out: w}} }

// encoder is one file format.
type encoder interface {
	head(columns []Column) error
	row(values []value) error
	close(failed error) error
}

// value is one cell to write, its kind checked.
type value struct {
	kind   ColumnKind
	filled bool
	text   string // TextColumn, DayColumn
	number int64  // MoneyColumn, IntColumn
}

// Head writes the headings; call it once, first.
func (w *Writer) Head(columns []Column) error {
	keys := map[string]bool{}
	for _, c := range columns {
		if keys[c.key()] {
			return w.fail(fmt.Errorf("two columns named %q", c.key()))
		}
		keys[c.key()] = true
	}
	if w.columns != nil || len(columns) == 0 {
		return w.fail(errors.New("the headings are written once, and not none"))
	}
	w.columns = columns
	return w.fail(w.to.head(columns))
}

// Row writes one row: a value for each column, of the column's kind.
func (w *Writer) Row(values ...any) error {
	if w.failed != nil {
		return w.failed
	}
	if len(values) != len(w.columns) || len(values) == 0 {
		return w.fail(fmt.Errorf("%d values for %d columns", len(values), len(w.columns)))
	}
	row := make([]value, len(values))
	for i, v := range values {
		var err error
		if row[i], err = w.columns[i].value(v); err != nil {
			return w.fail(err)
		}
	}
	return w.fail(w.to.row(row))
}

// Close ends the file. It must be called even after an error, which it returns
// again; it does not close the io.Writer.
func (w *Writer) Close() error {
	err := w.to.close(w.failed)
	if w.failed == nil {
		return w.fail(err)
	}
	return w.failed
}

func (w *Writer) fail(err error) error {
	if w.failed == nil {
		w.failed = err
	}
	return err
}

func (c Column) value(v any) (value, error) {
	out := value{kind: c.Kind, filled: true}
	ok := false
	switch v := v.(type) {
	case nil:
		return value{kind: c.Kind}, nil
	case string:
		out.text = strings.ToValidUTF8(v, "\uFFFD")
		out.filled = v != "" || c.Kind == TextColumn
		ok = c.Kind == TextColumn || c.Kind == DayColumn && (v == "" || isDay(v))
	case int64:
		out.number = v
		ok = c.Kind == MoneyColumn || c.Kind == IntColumn
	case int:
		out.number = int64(v)
		ok = c.Kind == IntColumn // cents are int64 everywhere; a plain int may be dollars
	}
	if !ok {
		return value{}, fmt.Errorf("column %q cannot hold %T %v", c.Name, v, v)
	}
	return out, nil
}

func isDay(s string) bool {
	_, err := time.Parse(isoDay, s)
	return err == nil
}

// Guard puts an apostrophe before a text that spreadsheets take for a formula
// when they open a CSV file (OWASP ASVS 1.2.10).
func Guard(text string) string {
	if formulaLike(text) {
		return "'" + text
	}
	return text
}

func formulaLike(text string) bool {
	for _, r := range text {
		return strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", r)
	}
	return false
}

// dollars writes cents as a decimal number: -1234.50.
func dollars(cents int64) string {
	sign, abs := "", uint64(cents)
	if cents < 0 {
		sign, abs = "-", -abs
	}
	return fmt.Sprintf("%s%d.%02d", sign, abs/100, abs%100)
}
