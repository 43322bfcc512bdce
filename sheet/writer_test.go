package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func orderColumns() []Column {
	return []Column{{Name: "Order", Key: "order_number"}, {Name: "Amount", Key: "amount_cents", Kind: MoneyColumn},
		{Name: "Seats", Kind: IntColumn}, {Name: "Day", Key: "ordered_on", Kind: DayColumn}}
}

func writeAll(t *testing.T, w *Writer, rows ...[]any) {
	t.Helper()
	if err := w.Head(orderColumns()); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWriteCSVAndJSON(t *testing.T) {
	rows := [][]any{
		{"A-1", int64(123450), 250, "2007-01-31"},
		{"say \"a, b\"\r\n", int64(-5), int64(-3), ""},
		{"=1+1", nil, nil, nil},
		{nil, int64(math.MinInt64), math.MaxInt64, "0001-01-01"},
	}
	var b bytes.Buffer
	writeAll(t, NewCSV(&b), rows...)
	want := "Order,Amount,Seats,Day\r\nA-1,1234.50,250,2007-01-31\r\n\"say \"\"a, b\"\"\r\n\",-0.05,-3,\r\n'=1+1,,,\r\n" +
		",-92233720368547758.08,9223372036854775807,0001-01-01\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	writeAll(t, NewJSON(&b), rows...)
	want = `[
{"order_number":"A-1","amount_cents":123450,"Seats":250,"ordered_on":"2007-01-31"},
{"order_number":"say \"a, b\"\r\n","amount_cents":-5,"Seats":-3,"ordered_on":null},
{"order_number":"=1+1","amount_cents":null,"Seats":null,"ordered_on":null},
{"order_number":null,"amount_cents":-9223372036854775808,"Seats":9223372036854775807,"ordered_on":"0001-01-01"}
]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteNoRows(t *testing.T) {
	for want, make := range map[string]func(*bytes.Buffer) *Writer{
		"Order,Amount,Seats,Day\r\n": func(b *bytes.Buffer) *Writer { return NewCSV(b) },
		"[\n]\n":                     func(b *bytes.Buffer) *Writer { return NewJSON(b) },
	} {
		var b bytes.Buffer
		writeAll(t, make(&b))
		if b.String() != want {
			t.Errorf("got %q, want %q", b.String(), want)
		}
	}
}

func TestWriteXLSX(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	writeAll(t, NewXLSX(f), []any{"007", int64(4418023), 250, "2007-01-31"}, []any{"=1+1", int64(-5), int64(-3), nil},
		[]any{"", int64(maxExact + 1), math.MaxInt64, "1900-02-28"}, []any{"x", nil, nil, "9999-12-31"})
	f.Close()
	b := mustOpen(t, path)
	var got [][]Cell
	for row, err := range b.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row.Cells)
	}
	day := func(s string) Cell { return Cell{Text: s, Kind: Date, Day: s} }
	number := func(s string) Cell { return Cell{Text: s, Kind: Number} }
	want := [][]Cell{
		{{Text: "Order"}, {Text: "Amount"}, {Text: "Seats"}, {Text: "Day"}},
		{{Text: "007"}, number("44180.23"), number("250"), day("2007-01-31")},
		{{Text: "=1+1"}, number("-0.05"), number("-3")},
		{{}, {Text: "10000000000000.00"}, {Text: "9223372036854775807"}, {Text: "1900-02-28"}},
		{{Text: "x"}, {}, {}, day("9999-12-31")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	shown(t, path)
}

// shown asks the library what a reader of the workbook sees.
func shown(t *testing.T, path string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A2": "007", "B2": "44,180.23", "D2": "2007-01-31", "A3": "=1+1"} {
		if got, err := f.GetCellValue("Sheet1", cell); got != want || err != nil {
			t.Errorf("%s shows %q, %v; want %q", cell, got, err, want)
		}
	}
	styles := f.Styles.CellXfs.Xf
	if id, _ := f.GetCellStyle("Sheet1", "A3"); styles[id].QuotePrefix == nil || !*styles[id].QuotePrefix {
		t.Error("a text like a formula is not marked as text")
	}
}

// hostileTexts are what gets cells taken for formulas, and what breaks programs.
func hostileTexts(t *testing.T) []string {
	t.Helper()
	texts := []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1", "＋1", "－1", "＠A", "=", "'=1", `="a"`, `=cmd|' /C calc'!A0`, `a";=1;"`}
	var blns []string
	text, err := os.ReadFile(dataFile(t, "strings", "blns.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &blns); err != nil {
		t.Fatal(err)
	}
	text, err = os.ReadFile(dataFile(t, "strings", "patt_csv_injection.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		blns = append(blns, strings.TrimSpace(line))
	}
	if len(blns) < 500 {
		t.Fatalf("only %d texts", len(blns))
	}
	return append(texts, blns...)
}

// TestHostileTexts: no text becomes a formula or anything else, in either format.
func TestHostileTexts(t *testing.T) {
	texts := hostileTexts(t)
	dir := t.TempDir()
	for name, open := range map[string]func(*os.File) *Writer{
		"a.csv":  func(f *os.File) *Writer { return NewCSV(f) },
		"a.xlsx": func(f *os.File) *Writer { return NewXLSX(f) },
	} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		w := open(f)
		if err := w.Head([]Column{{Name: "order", Kind: IntColumn}, {Name: "day"}, {Name: "amount"}}); err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			text = strings.ReplaceAll(text, "\x00", "")
			if err := w.Row(i, text, "end"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		f.Close()
		checkHostile(t, f.Name(), texts)
	}
	noFormulas(t, filepath.Join(dir, "a.xlsx"), len(texts))
}

func checkHostile(t *testing.T, path string, texts []string) {
	t.Helper()
	b := mustOpen(t, path)
	_, rows := readBelow(t, b, "order|day|amount")
	if len(rows) != len(texts) {
		t.Fatalf("%s: %d rows of %d", path, len(rows), len(texts))
	}
	for i, row := range rows {
		want := strings.ReplaceAll(texts[i], "\x00", "")
		if b.Found.Kind == "CSV" {
			want = Guard(want)
		} else {
			want = inXML(want)
		}
		if got := row.Cells[1]; got.Text != want || got.Kind != Text || got.Formula || row.Cells[2].Text != "end" {
			t.Errorf("%s, row %d: %+v, want %q", path, row.Number, got, want)
		}
		if b.Found.Kind == "CSV" && strings.ContainsAny(firstRune(row.Cells[1].Text), "=+-@\t\r\n＝＋－＠") {
			t.Errorf("row %d begins like a formula: %q", row.Number, row.Cells[1].Text)
		}
	}
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// inXML is a text as XML can hold it.
func inXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, s)
}

func noFormulas(t *testing.T, path string, rows int) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range rows {
		cell, _ := excelize.CoordinatesToCellName(2, i+2)
		if formula, err := f.GetCellFormula("Sheet1", cell); formula != "" || err != nil {
			t.Errorf("%s: formula %q, %v", cell, formula, err)
		}
	}
}

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a=1": "a=1", " =1": " =1", "'=1": "'=1", "1-2": "1-2", "=": "'=", "-5": "'-5", "+1 555": "'+1 555",
		"@a": "'@a", "\ta": "'\ta", "\ra": "'\ra", "\na": "'\na", "\x00a": "'\x00a", "＝a": "'＝a", "＋": "'＋", "－": "'－", "＠": "'＠",
	} {
		if got := Guard(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errDisk }

var errDisk = errors.New("disk full")

func TestWriterFails(t *testing.T) {
	for name, w := range map[string]*Writer{"CSV": NewCSV(fullDisk{}), "JSON": NewJSON(fullDisk{}), "XLSX": NewXLSX(fullDisk{})} {
		w.Head(orderColumns())
		w.Row("a", int64(1), 1, "2007-01-31")
		if err := w.Close(); !errors.Is(err, errDisk) {
			t.Errorf("%s: %v", name, err)
		}
		if err := w.Row("a", int64(1), 1, "2007-01-31"); !errors.Is(err, errDisk) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWriterRefusesWrongValues(t *testing.T) {
	for _, row := range [][]any{
		{"a"}, {}, {1, int64(1), 1, ""}, {"a", 1, 1, ""}, {"a", 1.5, 1, ""}, {"a", "1", 1, ""}, {"a", int64(1), "1", ""},
		{"a", int64(1), 1, "2007-02-30"}, {"a", int64(1), 1, "1/31/2007"}, {"a", int64(1), 1, 5},
	} {
		for _, make := range []func(*bytes.Buffer) *Writer{
			func(b *bytes.Buffer) *Writer { return NewJSON(b) }, func(b *bytes.Buffer) *Writer { return NewXLSX(b) },
		} {
			var b bytes.Buffer
			w := make(&b)
			w.Head(orderColumns())
			if err := w.Row(row...); err == nil {
				t.Errorf("%v: no error", row)
			}
			if err := w.Close(); err == nil || strings.HasSuffix(b.String(), "]\n") || strings.HasPrefix(b.String(), "PK") {
				t.Errorf("%v: the file looks whole: %v", row, err)
			}
		}
	}
	w := NewCSV(&bytes.Buffer{})
	if err := w.Head([]Column{{Name: "a", Key: "b"}, {Name: "b"}}); err == nil {
		t.Error("two columns of one name")
	}
	if err := NewXLSX(&bytes.Buffer{}).Close(); err != nil {
		t.Error(err)
	}
	long := NewXLSX(&bytes.Buffer{})
	long.Head([]Column{{Name: "a"}})
	if err := long.Row(strings.Repeat("x", 32768)); err == nil {
		t.Error("a text that would be cut off")
	}
	long.Close()
}

// TestLargeWorkbookStreams sees rows leave before the end, and nothing put by in
// a file; a workbook that broke off can't be opened.
func TestLargeWorkbookStreams(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, fail := range []bool{false, true} {
		var b bytes.Buffer
		w := NewXLSX(&b)
		w.Head([]Column{{Name: "a"}, {Name: "b"}})
		for range 1000 {
			if err := w.Row(strings.Repeat("a", 20_000), "b"); err != nil {
				t.Fatal(err)
			}
		}
		if b.Len() < 10_000 {
			t.Errorf("after 20 MB of text only %d bytes have left", b.Len())
		}
		if fail {
			w.Row()
		}
		if err := w.Close(); (err != nil) != fail {
			t.Error(err)
		}
		if files, _ := os.ReadDir(dir); len(files) != 0 {
			t.Errorf("%d files were made", len(files))
		}
		if _, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len())); (err != nil) != fail {
			t.Errorf("broken off: %v, opened: %v", fail, err)
		}
	}
}
