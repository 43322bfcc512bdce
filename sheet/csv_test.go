package sheet

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

func TestRecords(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want [][]string
	}{
		"doubled quotes":          {"a,\"b \"\"c\"\"\"\n", [][]string{{"a", `b "c"`}}},
		"stray quote is literal":  {"5\" disk,a\"b\"\n1,2\n", [][]string{{`5" disk`, `a"b"`}, {"1", "2"}}},
		"breaks in quotes stay":   {"\"a\nb\r\nc\rd\",e\nf,g\n", [][]string{{"a\nb\r\nc\rd", "e"}, {"f", "g"}}},
		"CR only":                 {"a,b\r\"c\rd\",e\rf,g", [][]string{{"a", "b"}, {"c\rd", "e"}, {"f", "g"}}},
		"LF and CRLF":             {"a,b\nc,d\r\ne,f", [][]string{{"a", "b"}, {"c", "d"}, {"e", "f"}}},
		"no end of the last line": {"a,b\nc,", [][]string{{"a", "b"}, {"c", ""}}},
		"quote at the very end":   {"a,b\nc,\"\"", [][]string{{"a", "b"}, {"c", ""}}},
		"blanks are kept in cell": {" a , b\n", [][]string{{" a ", " b"}}},
		"tabs":                    {"a\tb,c\nd\te\n", [][]string{{"a", "b,c"}, {"d", "e"}}},
		"semicolons, money":       {"a;1,234.50;x\nb;2,345.60;y\n", [][]string{{"a", "1,234.50", "x"}, {"b", "2,345.60", "y"}}},
		"pipes":                   {"a|b\nc|d\n", [][]string{{"a", "b"}, {"c", "d"}}},
		"quoted semicolons":       {"\"a\";\"b,c\"\n\"d\";\"e\"\n", [][]string{{"a", "b,c"}, {"d", "e"}}},
		"empty columns dropped":   {"a,b" + strings.Repeat(",", 300) + "\n", [][]string{append([]string{"a", "b"}, make([]string, 62)...)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := texts(mustOpen(t, written(t, "a.csv", c.in)), 0)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

func TestRecordsRefused(t *testing.T) {
	head := "a,b\nc,d\n"
	for name, c := range map[string]struct {
		in, want string
	}{
		"text after quote":     {head + "\"e\"f,g\nh,i\n", "Row 3: text follows the closing quote in column 1."},
		"space after quote":    {head + "e,\"f\" \n", "Row 3: text follows the closing quote in column 2."},
		"never closed":         {head + "e,\"f\ng,h\n", "Row 3: a quote is opened in column 2 and never closed."},
		"closing quote far":    {head + "e,\"f" + strings.Repeat("g,h\n", 10_000), "Row 3: the quoted cell in column 2 is longer than 32 KiB"},
		"CR among LF":          {head + "e\rf,g\n", "Row 3: it ends in another way (CR) than the rows above (LF)"},
		"CR among CRLF":        {"a,b\r\nc,d\re,f\r\n", "Row 2: it ends in another way (CR) than the rows above (CRLF)"},
		"LF among CR":          {"a,b\rc,d\ne,f\r", "Row 2: it ends in another way (LF) than the rows above (CR)"},
		"long cell":            {head + "e," + strings.Repeat("f", MaxCellBytes+1), "Row 3: the cell in column 2 is longer than 32 KiB."},
		"many columns":         {head + strings.Repeat(",", 64) + "x\n", "Row 3: it has more than 64 columns."},
		"many rows":            {strings.Repeat("a\n", MaxRows+1), "The file has more than 1050000 rows."},
		"rows after a refusal": {head + "\"e\"f\n" + head, "Row 3: text follows"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := texts(mustOpen(t, written(t, "a.csv", c.in)), 0)
			if r := refusal(t, err); !strings.HasPrefix(r.Error(), c.want) {
				t.Errorf("got  %v\nwant %v", r, c.want)
			}
		})
	}
}

func TestLimitsAreReached(t *testing.T) {
	long := strings.Repeat("f", MaxCellBytes)
	for _, in := range []string{"a,b\ne," + long, "a,b\ne,\"" + long + "\"", strings.Repeat("a,", 63) + "a", strings.Repeat("a\n", MaxRows)} {
		if _, _, err := texts(mustOpen(t, written(t, "a.csv", in)), 0); err != nil {
			t.Errorf("%.20q…: %v", in, err)
		}
	}
}

func TestEncodings(t *testing.T) {
	text := "name,city\nMüller & Söhne,Zürich – “Süd” €\n漢,𝒳\n"
	western := "name,city\nMüller & Söhne,Zürich – “Süd” €\n"
	latin, _ := charmap.Windows1252.NewEncoder().String(western)
	for _, c := range []struct{ name, in, want, text string }{
		{"UTF-8", text, "UTF-8", text},
		{"BOM", "\uFEFF" + text, "UTF-8 with BOM", text},
		{"ASCII", "a,b\nc,d\n", "UTF-8", "a,b\nc,d\n"},
		{"LE with mark", encode16("\uFEFF"+text, false), "UTF-16 LE", text},
		{"BE with mark", encode16("\uFEFF"+text, true), "UTF-16 BE", text},
		{"LE without", encode16(text, false), "UTF-16 LE", text},
		{"BE without", encode16(text, true), "UTF-16 BE", text},
		{"Windows-1252", latin, "Windows-1252", western},
		{"one accent at the end", strings.Repeat("a,b\n", 50_000) + "M\xFCller,c\n", "Windows-1252", strings.Repeat("a,b\n", 50_000) + "Müller,c\n"},
		{"dashes", "Sales \x97\x97\x97\x97\x97\x97\x97 2006\na,b\n", "Windows-1252", "Sales ——————— 2006\na,b\n"},
		{"a letter across chunks", strings.Repeat("a", 30_000) + ",\n" + strings.Repeat("é", 15_000) + ",\n" + strings.Repeat("漢", 9_000) + ",b\n", "UTF-8",
			strings.Repeat("a", 30_000) + ",\n" + strings.Repeat("é", 15_000) + ",\n" + strings.Repeat("漢", 9_000) + ",b\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := mustOpen(t, written(t, "a.csv", c.in))
			rows, _, err := texts(b, 0)
			if err != nil || b.Found.Encoding != c.want {
				t.Fatalf("found %q, %v", b.Found.Encoding, err)
			}
			var lines strings.Builder
			for _, row := range rows {
				lines.WriteString(strings.Join(row, ",") + "\n")
			}
			if got := lines.String(); got != c.text {
				t.Errorf("got %.200q\nwant %.200q", got, c.text)
			}
		})
	}
}

func encode16(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestFilesRefused(t *testing.T) {
	mixed := strings.Repeat("é,è\n", 100) + "\xE9,b\n"
	cyrillic, _ := charmap.Windows1251.NewEncoder().String("имя,город\nИван,Москва\n")
	for name, c := range map[string]struct{ in, want string }{
		"empty":          {"", "The file is empty."},
		"old Excel":      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 rest", "This is an old Excel workbook (.xls) or one protected by a password."},
		"PDF":            {"%PDF-1.7\n", "This is a PDF document."},
		"web page":       {"\n <!DOCTYPE HTML><html>", "This is a web page"},
		"page as xls":    {"<html xmlns:o=\"urn\"><table>", "This is a web page"},
		"page in UTF-16": {"\xFF\xFE<\x00h\x00t\x00m\x00l\x00>\x00", "This is a web page"},
		"XML workbook":   {"\xEF\xBB\xBF<?xml version=\"1.0\"?><Workbook>", "This is an XML file."},
		"gzip":           {"\x1F\x8B\x08\x00", "This is a compressed file"},
		"picture":        {"\x89PNG\r\n\x1A\n\x00\x00", "This is a picture."},
		"binary":         {"MZ\x90\x00\x03\x00\x01\x04\x00", "This is not a text file"},
		"controls":       {"\x01\x02\x03\x04,\n", "This is not a text file"},
		"a zero inside":  {"a,b\nc,\x00d\n" + strings.Repeat("e,f\n", 100), "This is not a text file"},
		"half UTF-8":     {mixed, "The file is mostly UTF-8 but has 1 bytes that are not"},
		"marked, is not": {"\xEF\xBB\xBFa,\xE9\n", "The file is mostly UTF-8"},
		"no letter":      {"a,\x81\x8D\n", "The file's encoding is not"},
		"Cyrillic":       {cyrillic, "The file's encoding is not"},
		"UTF-32":         {"\xFF\xFE\x00\x00a\x00\x00\x00", "This text is in UTF-32."},
		"half a unit":    {encode16("\uFEFFa,b\n", false) + "c", "The file begins like UTF-16"},
		"lone surrogate": {encode16("\uFEFFa,b\n", false) + "\x00\xD8a\x00", "The file begins like UTF-16"},
		"ends in half":   {encode16("\uFEFFa,b\n", false) + "\x00\xD8", "The file begins like UTF-16"},
		"second half":    {encode16("\uFEFFa,b\n", true) + "\xDC\x00", "The file begins like UTF-16"},
		"zero in UTF-16": {encode16("\uFEFFa,\x00\n", true), "The file begins like UTF-16"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(written(t, "a.csv", c.in), Options{})
			if r := refusal(t, err); !strings.HasPrefix(r.Error(), c.want) {
				t.Errorf("got  %v\nwant %v", r, c.want)
			}
		})
	}
}

func TestSizeLimits(t *testing.T) {
	for content, limit := range map[string]int64{"a,b\n": MaxCSVBytes, "PK\x03\x04": MaxXLSXBytes} {
		path := written(t, "a", content)
		if err := os.Truncate(path, limit+1); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path, Options{})
		want := fmt.Sprintf("The file has %d MiB;", limit>>20+1)
		if r := refusal(t, err); !strings.HasPrefix(r.Reason, want) {
			t.Errorf("got %v", r)
		}
	}
	if _, err := Open("no such file", Options{}); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
