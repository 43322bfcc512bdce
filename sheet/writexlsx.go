package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// maxExact is the largest whole number a spreadsheet keeps exactly: 15 digits.
const maxExact = 999_999_999_999_999

var columnWidths = map[ColumnKind]float64{TextColumn: 24, MoneyColumn: 16, IntColumn: 10, DayColumn: 12}

type xlsxWriter struct {
	out    io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter // spools to a temporary file
	rows   int
	styles struct{ head, money, day, guarded int }
}

func (x *xlsxWriter) head(columns []Column) error {
	x.file = excelize.NewFile()
	if err := x.makeStyles(); err != nil {
		return err
	}
	var err error
	if x.stream, err = x.file.NewStreamWriter("Sheet1"); err != nil {
		return err
	}
	frozen := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	if err := x.stream.SetPanes(frozen); err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		if err := x.stream.SetColWidth(i+1, i+1, columnWidths[c.Kind]); err != nil {
			return err
		}
		cells[i] = excelize.Cell{StyleID: x.styles.head, Value: c.Name}
	}
	return x.write(cells)
}

func (x *xlsxWriter) makeStyles() error {
	iso := "yyyy-mm-dd"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&x.styles.head, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&x.styles.money, excelize.Style{NumFmt: 4}}, // #,##0.00
		{&x.styles.day, excelize.Style{CustomNumFmt: &iso}},
		{&x.styles.guarded, excelize.Style{NumFmt: 49}}, // text
	} {
		var err error
		if *s.id, err = x.file.NewStyle(&s.style); err != nil {
			return err
		}
	}
	// The mark of a cell entered with an apostrophe: it stays text when edited.
	quoted := true
	x.file.Styles.CellXfs.Xf[x.styles.guarded].QuotePrefix = &quoted
	return nil
}

func (x *xlsxWriter) row(values []value) error {
	cells := make([]any, len(values))
	for i, v := range values {
		if !v.filled || v.text == "" && v.kind == TextColumn {
			continue
		}
		// excelize would cut a longer text off.
		if len(utf16.Encode([]rune(v.text))) > excelize.TotalCellChars {
			return fmt.Errorf("a text in column %d is longer than a spreadsheet cell can be", i+1)
		}
		cells[i] = x.cell(v)
	}
	return x.write(cells)
}

func (x *xlsxWriter) write(cells []any) error {
	x.rows++
	return x.stream.SetRow(fmt.Sprintf("A%d", x.rows), cells)
}

func (x *xlsxWriter) cell(v value) any {
	exact := v.number >= -maxExact && v.number <= maxExact
	switch {
	case v.kind == MoneyColumn && exact:
		return excelize.Cell{StyleID: x.styles.money, Value: float64(v.number) / 100}
	case v.kind == MoneyColumn:
		return dollars(v.number)
	case v.kind == IntColumn && exact:
		return v.number
	case v.kind == IntColumn:
		return fmt.Sprint(v.number)
	case v.kind == DayColumn:
		return x.day(v.text)
	case formulaLike(v.text):
		return excelize.Cell{StyleID: x.styles.guarded, Value: v.text}
	}
	return v.text
}

// day is a real date, or text before March 1900, where spreadsheets disagree.
func (x *xlsxWriter) day(iso string) any {
	t, err := time.Parse(isoDay, iso)
	days := (t.Unix() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()) / 86400
	if err != nil || days <= 60 {
		return iso
	}
	return excelize.Cell{StyleID: x.styles.day, Value: days}
}

func (x *xlsxWriter) close(failed error) error {
	if x.file == nil {
		return nil
	}
	if failed != nil {
		return x.file.Close()
	}
	if err := x.stream.Flush(); err != nil {
		return errors.Join(err, x.file.Close())
	}
	// excelize hands its zip writer a buffer for the whole file; ours writes past it.
	x.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(x.out) })
	_, err := x.file.WriteToBuffer()
	return errors.Join(err, x.file.Close())
}
