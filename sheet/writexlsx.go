package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf16"
)

// maxExact is the largest whole number a spreadsheet keeps exactly: 15 digits.
const maxExact = 999_999_999_999_999

// What a spreadsheet program takes: rows, and units of UTF-16 in a cell.
const (
	maxXLSXRows = 1_048_576
	maxCellText = 32_767
)

var columnWidths = map[ColumnKind]int{TextColumn: 24, MoneyColumn: 16, IntColumn: 10, DayColumn: 12}

// The styles, by their place in cellXfs of xlsxStyles.
const (
	plainStyle = iota
	headStyle
	moneyStyle
	dayStyle
	guardedStyle // text that stays text when it is edited, as if entered with an apostrophe
)

// xlsxWriter writes a workbook of one sheet as it comes: nothing of it is kept.
// Texts stand in their cells, so there is no table of them to finish first.
type xlsxWriter struct {
	out  io.Writer
	zip  *zip.Writer
	buf  *bufio.Writer // into the sheet's part
	rows int
}

func (x *xlsxWriter) head(columns []Column) error {
	x.zip = zip.NewWriter(x.out)
	for _, part := range xlsxParts {
		w, err := x.zip.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, xml.Header+part.text); err != nil {
			return err
		}
	}
	w, err := x.zip.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	x.buf = bufio.NewWriter(w)
	x.buf.WriteString(xml.Header + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, c := range columns {
		fmt.Fprintf(x.buf, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, columnWidths[c.Kind])
	}
	x.buf.WriteString(`</cols><sheetData>`)
	if err := x.begin(); err != nil {
		return err
	}
	for i, c := range columns {
		x.text(i, headStyle, c.Name)
	}
	return x.end()
}

func (x *xlsxWriter) begin() error {
	if x.rows++; x.rows > maxXLSXRows {
		return fmt.Errorf("a spreadsheet has no more than %d rows", maxXLSXRows)
	}
	x.buf.WriteString(`<row r="` + strconv.Itoa(x.rows) + `">`)
	return nil
}

func (x *xlsxWriter) end() error {
	_, err := x.buf.WriteString(`</row>`)
	return err
}

func (x *xlsxWriter) row(values []value) error {
	if err := x.begin(); err != nil {
		return err
	}
	for i, v := range values {
		if !v.filled || v.text == "" && v.kind == TextColumn {
			continue
		}
		if len(v.text) > maxCellText && len(utf16.Encode([]rune(v.text))) > maxCellText {
			return fmt.Errorf("a text in column %d is longer than a spreadsheet cell can be", i+1)
		}
		x.cell(i, v)
	}
	return x.end()
}

func (x *xlsxWriter) cell(i int, v value) {
	exact := v.number >= -maxExact && v.number <= maxExact
	switch {
	case v.kind == MoneyColumn && exact:
		x.number(i, moneyStyle, strconv.FormatFloat(float64(v.number)/100, 'f', -1, 64))
	case v.kind == MoneyColumn:
		x.text(i, plainStyle, dollars(v.number))
	case v.kind == IntColumn && exact:
		x.number(i, plainStyle, strconv.FormatInt(v.number, 10))
	case v.kind == IntColumn:
		x.text(i, plainStyle, strconv.FormatInt(v.number, 10))
	case v.kind == DayColumn:
		x.day(i, v.text)
	case formulaLike(v.text):
		x.text(i, guardedStyle, v.text)
	default:
		x.text(i, plainStyle, v.text)
	}
}

// day is a real date, or text before March 1900, where spreadsheets disagree.
func (x *xlsxWriter) day(i int, iso string) {
	if t, err := time.Parse(isoDay, iso); err == nil {
		days := (t.Unix() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()) / 86400
		if days > 60 {
			x.number(i, dayStyle, strconv.FormatInt(days, 10))
			return
		}
	}
	x.text(i, plainStyle, iso)
}

func (x *xlsxWriter) number(i, style int, digits string) {
	x.open(i, style, "n")
	x.buf.WriteString(`<v>` + digits + `</v></c>`)
}

func (x *xlsxWriter) text(i, style int, s string) {
	x.open(i, style, "inlineStr")
	x.buf.WriteString(`<is><t xml:space="preserve">`)
	_ = xml.EscapeText(x.buf, []byte(s)) // the buffer keeps its error for the end of the row
	x.buf.WriteString(`</t></is></c>`)
}

func (x *xlsxWriter) open(i, style int, kind string) {
	x.buf.WriteString(`<c r="` + columnLetters(i) + strconv.Itoa(x.rows) + `" s="` + strconv.Itoa(style) + `" t="` + kind + `">`)
}

// columnLetters names a column, the first of which is 0: A, B … Z, AA.
func columnLetters(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnLetters(i/26-1) + columnLetters(i%26)
}

func (x *xlsxWriter) close(failed error) error {
	if x.zip == nil || failed != nil {
		return failed
	}
	x.buf.WriteString(`</sheetData></worksheet>`)
	if err := x.buf.Flush(); err != nil {
		return err
	}
	return x.zip.Close()
}
