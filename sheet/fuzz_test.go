package sheet

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// FuzzCSV: any file is refused in a sentence or read, always the same way; what
// was read is read again from what it is written as; and where the standard
// library takes a file as it is, it reads the same.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"", "a", "a,b\n1,2\n", "\"a\"\"b\",c\r\nd,\"e\r\nf\"\r\n", "a;b\r1;2\r", "\uFEFFa|b\n", "a\tb\n\"c\n", "\"a\"b\n", "a\rb\nc",
		"\xFF\xFEa\x00,\x00b\x00", "a,\xE9\n", "PK\x03\x04", "\n\n,,\n x", "a" + strings.Repeat(",", 70) + "b",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		rows, b := fuzzed(t, path)
		if b == nil || b.csv == nil {
			return
		}
		compareStandard(t, b, rows, string(content))
		again := newRecords(strings.NewReader(encoded(rows)), ',')
		for i, row := range rows {
			got, err := again.next()
			if err != nil || !slices.Equal(got, row) {
				t.Fatalf("row %d: %q, %v; want %q", i, got, err, row)
			}
		}
	})
}

// fuzzed reads a file twice.
func fuzzed(t *testing.T, path string) ([][]string, *Book) {
	b, err := Open(path, Options{})
	if err != nil {
		mustBeRefusal(t, err)
		return nil, nil
	}
	defer b.Close()
	if _, err := b.FindHeader(func(cells []string) int { return len(cells) }); err != nil && !errors.Is(err, ErrNoHeader) {
		mustBeRefusal(t, err)
	}
	rows, numbers, err := texts(b, 0)
	again, numbersAgain, errAgain := texts(b, 0)
	if !slices.EqualFunc(rows, again, slices.Equal) || !slices.Equal(numbers, numbersAgain) || (err == nil) != (errAgain == nil) {
		t.Fatal("read twice, two readings")
	}
	if err != nil {
		mustBeRefusal(t, err)
		return nil, nil
	}
	return rows, b
}

func mustBeRefusal(t *testing.T, err error) {
	var r *Refusal
	if !errors.As(err, &r) || !strings.HasSuffix(r.Reason, ".") {
		t.Fatalf("not a refusal in a sentence: %v", err)
	}
}

func encoded(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func compareStandard(t *testing.T, b *Book, rows [][]string, content string) {
	if b.Found.Encoding != "UTF-8" || strings.Contains(content, "\r") || strings.Contains(content, strings.Repeat(string(b.csv.delimiter), MaxColumns)) {
		return // it changes \r\n in quotes and has no limit on columns
	}
	r := csv.NewReader(strings.NewReader(content))
	r.Comma, r.FieldsPerRecord = rune(b.csv.delimiter), -1
	want, err := r.ReadAll()
	if err != nil {
		return
	}
	want = slices.DeleteFunc(want, func(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) == "" })
	if !slices.EqualFunc(want, rows, slices.Equal) {
		t.Fatalf("got  %q\nwant %q", rows, want)
	}
}

// FuzzWorksheet: any worksheet is refused in a sentence or read.
func FuzzWorksheet(f *testing.F) {
	f.Add(sheetOf(`<row r="2"><c r="B2" t="s"><v>1</v></c><c t="inlineStr"><is><t>a</t></is></c></row>`))
	f.Add(sheetOf(`<row><c s="1"><v>39083.5</v></c><c t="d"><v>2007-01-31</v></c><c><f>1</f></c></row>`))
	f.Add(`<!DOCTYPE a>` + sheetOf(``))
	f.Fuzz(func(t *testing.T, sheet string) {
		b := mustOpen(t, zipped(t, parts(map[string]string{sheetPart: sheet})))
		if _, _, err := texts(b, 0); err != nil {
			mustBeRefusal(t, err)
		}
	})
}
