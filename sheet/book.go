// Package sheet reads and writes tables in files: CSV in the shapes spreadsheets
// and order systems leave it, XLSX, and (writing only) JSON. It knows nothing of
// what the tables mean. It refuses what it cannot read for certain: a wrong value
// read without a word is worse than a refused file.
package sheet

import (
	"iter"
	"os"
	"strings"
)

// Options say where Open may put its temporary files.
type Options struct {
	TempDir string // for the texts of large workbooks; empty: the system's
}

// Book is an open file of one or more tables. It is not safe for concurrent use.
type Book struct {
	// Found tells what was found out about the file, for a preview.
	Found Found

	file *os.File
	csv  *csvFile // exactly one of csv and xlsx is set
	xlsx *workbook
}

// Found says how a file is being read. LineEnds and BlankRows are complete only
// after a pass to the end of the table.
type Found struct {
	Kind         string // "CSV" or "XLSX"
	Encoding     string // CSV: "UTF-8", "UTF-8 with BOM", "UTF-16 LE", "UTF-16 BE", "Windows-1252"
	Delimiter    string // CSV: "comma", "semicolon", "tab", "pipe"
	LineEnds     string // CSV: "LF", "CRLF", "CR", "LF and CRLF"; empty: only one line
	Sheet        string // XLSX: the name of the sheet with the header
	HiddenSheets int    // XLSX: sheets left out because a reader of the file does not see them
	HeaderRow    int    // the header's row number; 0: not looked for, or none found
	PreambleRows int    // rows above the header that are not blank
	BlankRows    int    // blank rows above the last row that is not
}

// Kind is what a cell holds.
type Kind int

// The kinds of cells. A CSV file has only Text.
const (
	Text    Kind = iota
	Number       // Text is plain decimal: no exponent, no grouping, no float noise
	Date         // Day is the ISO day; Text adds the time of day when there is one
	Bool         // Text is TRUE or FALSE
	Error        // a spreadsheet error such as #REF!, in Text; never a value
	Formula      // a formula whose result the file does not hold; never a value
)

// Cell is one value of a table.
type Cell struct {
	Text    string
	Kind    Kind
	Day     string // "2006-01-02" for Kind Date, else empty
	Formula bool   // the value is the result of a formula, as last calculated and saved
}

// Row is one record. Number counts as a spreadsheet does: the first record of the
// file or sheet is row 1, title and blank rows count, and a record is one row
// however many line breaks its quoted cells hold.
type Row struct {
	Number int
	Cells  []Cell
	Ragged bool // set by Below: does not fit under the header
}

// Open finds out what kind of file is at path, by its content, and how to read it.
// A file that cannot be read for certain comes back as a *Refusal.
func Open(path string, opt Options) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b := &Book{file: f}
	if err := b.open(opt); err != nil {
		f.Close()
		return nil, err
	}
	return b, nil
}

func (b *Book) open(opt Options) error {
	info, err := b.file.Stat()
	if err != nil {
		return err
	}
	zipped, err := checkKind(b.file, info.Size())
	if err != nil {
		return err
	}
	if zipped {
		b.Found.Kind = "XLSX"
		b.xlsx, err = openWorkbook(b.file, info.Size(), opt.TempDir)
		if err == nil {
			b.Found.HiddenSheets = b.xlsx.hidden
		}
		return err
	}
	b.Found.Kind = "CSV"
	if b.csv, err = openCSV(b.file, info.Size()); err == nil {
		b.describeCSV()
	}
	return err
}

func (b *Book) describeCSV() {
	b.Found.Encoding = b.csv.enc.name
	b.Found.Delimiter = delimiterNames[b.csv.delimiter]
	b.Found.LineEnds = b.csv.ends.String()
}

// Close closes the file and removes what was spooled.
func (b *Book) Close() error {
	if b.xlsx != nil {
		b.xlsx.texts.close()
	}
	return b.file.Close()
}

// Sheets names the tables in the file's order: the visible worksheets of an XLSX
// file, one nameless table for CSV.
func (b *Book) Sheets() []string {
	if b.csv != nil {
		return []string{""}
	}
	names := make([]string, len(b.xlsx.sheets))
	for i, s := range b.xlsx.sheets {
		names[i] = s.name
	}
	return names
}

// Rows yields the rows of a table that are not blank, title rows and header
// included. It can be called again. An error ends it.
func (b *Book) Rows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		seen, last := 0, 0
		for row, err := range b.records(sheet) {
			if err == nil && row.blank() {
				continue
			}
			if !yield(row, err) || err != nil {
				return
			}
			seen, last = seen+1, row.Number
		}
		b.Found.BlankRows = last - seen
		if b.csv != nil {
			b.describeCSV()
		}
	}
}

func (b *Book) records(sheet int) iter.Seq2[Row, error] {
	if b.csv != nil {
		return b.csv.rows()
	}
	return b.xlsx.rows(sheet)
}

func (r Row) blank() bool {
	for _, c := range r.Cells {
		if !c.empty() {
			return false
		}
	}
	return true
}

// empty tells whether a reader of the file sees nothing in the cell.
func (c Cell) empty() bool {
	return c.Kind == Text && strings.TrimSpace(c.Text) == ""
}
