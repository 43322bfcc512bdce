package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// workbookOf is a workbook with texts in the cells named, by the library.
func workbookOf(t *testing.T, cells map[string]string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for cell, text := range cells {
		if err := f.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	sheetPart = "xl/worksheets/sheet1.xml"
	relType   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// parts are those of a small workbook, with the given ones instead.
func parts(other map[string]string) map[string]string {
	p := map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"_rels/.rels":         `<Relationships><Relationship Id="r1" Type="` + relType + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     `<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + relType + `styles" Target="/xl/styles.xml"/><Relationship Id="r3" Type="` + relType + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d\-mmm\-yyyy;@"/><numFmt numFmtId="165" formatCode="0000000"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="4"/><xf numFmtId="165"/><xf numFmtId="18"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>plain</t></si><si><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>no</t></rPh></si><si/></sst>`,
		sheetPart:              sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`),
	}
	maps.Copy(p, other)
	return p
}

func sheetOf(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="x"><dimension ref="A1"/><sheetData>` + rows + `</sheetData><pageMargins/></worksheet>`
}

func zipped(t testing.TB, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return written(t, "a.xlsx", b.String())
}

func TestCells(t *testing.T) {
	for xml, want := range map[string]Cell{
		`<c t="s"><v>0</v></c>`:                                    {Text: "plain"},
		`<c t="s"><v>1</v></c>`:                                    {Text: "rich "},
		`<c t="inlineStr"><is><t>a &amp; b_x000D_c</t></is></c>`:   {Text: "a & b\rc"},
		`<c t="inlineStr"><is><t>_x005F_x000D_ _x00_</t></is></c>`: {Text: "_x000D_ _x00_"},
		`<c><v>44180.229999999996</v></c>`:                         {Text: "44180.23", Kind: Number},
		`<c><v>4.418023E4</v></c>`:                                 {Text: "44180.23", Kind: Number},
		`<c s="3"><v>1234.5</v></c>`:                               {Text: "1234.50", Kind: Number},
		`<c s="3"><v>-1234.567</v></c>`:                            {Text: "-1234.567", Kind: Number},
		`<c s="4"><v>599960</v></c>`:                               {Text: "0599960", Kind: Number},
		`<c s="5"><v>0.5</v></c>`:                                  {Text: "0.5", Kind: Number},
		`<c s="99"><v>39083</v></c>`:                               {Text: "39083", Kind: Number},
		`<c s="1"><v>39083</v></c>`:                                {Text: "2007-01-01", Kind: Date, Day: "2007-01-01"},
		`<c s="2"><v>39083.75</v></c>`:                             {Text: "2007-01-01 18:00:00", Kind: Date, Day: "2007-01-01"},
		`<c s="2"><v>39082.999999999</v></c>`:                      {Text: "2007-01-01", Kind: Date, Day: "2007-01-01"},
		`<c s="1"><v>59</v></c>`:                                   {Text: "1900-02-28", Kind: Date, Day: "1900-02-28"},
		`<c s="1"><v>60</v></c>`:                                   {Text: "60", Kind: Number}, // February 29, 1900, never was
		`<c s="1"><v>61</v></c>`:                                   {Text: "1900-03-01", Kind: Date, Day: "1900-03-01"},
		`<c s="1"><v>0</v></c>`:                                    {Text: "0", Kind: Number},
		`<c s="1"><v>2958465</v></c>`:                              {Text: "9999-12-31", Kind: Date, Day: "9999-12-31"},
		`<c s="1"><v>2958466</v></c>`:                              {Text: "2958466", Kind: Number},
		`<c t="d"><v>2007-01-31T00:00:00.000Z</v></c>`:             {Text: "2007-01-31", Kind: Date, Day: "2007-01-31"},
		`<c t="d"><v>2007-02-31</v></c>`:                           {Text: "2007-02-31"},
		`<c t="b"><v>1</v></c>`:                                    {Text: "TRUE", Kind: Bool},
		`<c t="e"><v>#REF!</v></c>`:                                {Text: "#REF!", Kind: Error},
		`<c><f>1+1</f><v>2</v></c>`:                                {Text: "2", Kind: Number, Formula: true},
		`<c t="str"><f>"a"</f><v>a</v></c>`:                        {Text: "a", Formula: true},
		`<c t="str"><f>""</f><v></v></c>`:                          {},
		`<c><f>1+1</f></c>`:                                        {Kind: Formula, Formula: true},
		`<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`:                    {Text: "#DIV/0!", Kind: Error, Formula: true},
		`<c s="1"/>`:                                               {},
		`<c><v>1</v><extLst><ext><v>2</v></ext></extLst></c>`:      {Text: "1", Kind: Number},
	} {
		path := zipped(t, parts(map[string]string{sheetPart: sheetOf(`<row>` + xml + `<c t="inlineStr"><is><t>end</t></is></c></row>`)}))
		n := 0
		for row, err := range mustOpen(t, path).Rows(0) {
			if n++; err != nil || len(row.Cells) != 2 || row.Cells[0] != want || row.Cells[1].Text != "end" {
				t.Errorf("%s:\ngot  %+v, %v\nwant %+v", xml, row.Cells, err, want)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d rows", xml, n)
		}
	}
}

func TestDaysFrom1904(t *testing.T) {
	cell := func(v string) string { return `<row><c s="1"><v>` + v + `</v></c></row>` }
	path := zipped(t, parts(map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="One" r:id="r1"/></sheets></workbook>`,
		sheetPart:         sheetOf(cell("0") + cell("60") + cell("37621") + cell("2957003") + cell("2957004") + cell("-1")),
	}))
	rows, _, err := texts(mustOpen(t, path), 0)
	want := [][]string{{"1904-01-01"}, {"1904-03-01"}, {"2007-01-01"}, {"9999-12-31"}, {"2957004"}, {"-1"}}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestRowsAndColumnsWhereNamed(t *testing.T) {
	rows := `<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="BL2"><v>3</v></c></row><row><c/><c><v>4</v></c></row><row r="9"><c r="A9"><v>5</v></c></row>`
	b := mustOpen(t, zipped(t, parts(map[string]string{sheetPart: sheetOf(rows)})))
	got, numbers, err := texts(b, 0)
	if err != nil || !slices.Equal(numbers, []int{2, 3, 9}) || b.Found.BlankRows != 6 {
		t.Fatalf("%v, %v, %+v", numbers, err, b.Found)
	}
	if len(got[0]) != 64 || got[0][1] != "1" || got[0][2] != "2" || got[0][63] != "3" || got[1][1] != "4" {
		t.Errorf("%q", got)
	}
}

func TestHiddenSheetsAreLeftOut(t *testing.T) {
	path := zipped(t, parts(map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="Old" state="hidden" r:id="r1"/>` +
		`<sheet name="Older" state="veryHidden" r:id="r1"/><sheet name="Chart" r:id="r9"/><sheet name="New" r:id="r1"/></sheets></workbook>`}))
	b := mustOpen(t, path)
	if !slices.Equal(b.Sheets(), []string{"New"}) || b.Found.HiddenSheets != 2 {
		t.Errorf("%q, %+v", b.Sheets(), b.Found)
	}
}

// TestASVS_1_5_1_WorkbooksRefused: each must be refused, at once, whether at opening or on reading.
func TestASVS_1_5_1_WorkbooksRefused(t *testing.T) {
	const damage = "The workbook is damaged (in "
	deep := strings.Repeat("<a>", 100_000)
	sheet := func(rows string) map[string]string { return parts(map[string]string{sheetPart: sheetOf(rows)}) }
	for name, c := range map[string]struct {
		parts map[string]string
		want  string
	}{
		"document type":    {parts(map[string]string{sheetPart: `<!DOCTYPE x [<!ENTITY a "b">]>` + sheetOf(`<row><c t="str"><v>&a;</v></c></row>`)}), "The workbook contains a document type declaration"},
		"in the texts":     {parts(map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x SYSTEM "file:///etc/passwd"><sst/>`}), "The workbook contains a document type declaration"},
		"unknown entity":   {sheet(`<row><c t="str"><v>&a;</v></c></row>`), damage},
		"deep":             {sheet(deep), damage},
		"long comment":     {sheet(`<!--` + strings.Repeat(" ", 8<<20) + `-->`), damage},
		"cut off":          {parts(map[string]string{sheetPart: strings.TrimSuffix(sheetOf(`<row/>`), `</sheetData><pageMargins/></worksheet>`)}), damage},
		"no sheet part":    {parts(map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="` + relType + `worksheet" Target="gone.xml"/></Relationships>`}), damage},
		"rows go back":     {sheet(`<row r="2"/><row r="1"/>`), damage},
		"cells go back":    {sheet(`<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>`), damage},
		"no such text":     {sheet(`<row><c t="s"><v>3</v></c></row>`), damage},
		"no number":        {sheet(`<row><c><v>1,5</v></c></row>`), damage},
		"infinite":         {sheet(`<row><c><v>1e999</v></c></row>`), damage},
		"no cell name":     {sheet(`<row><c r="1A"><v>1</v></c></row>`), damage},
		"65 columns":       {sheet(`<row r="7"><c r="BM7"><v>1</v></c></row>`), "Row 7: it has more than 64 columns."},
		"long cell":        {sheet(`<row r="7"><c t="str"><v>` + strings.Repeat("é", 17<<10) + `</v></c></row>`), "Row 7: the cell in column 1 is longer than 32 KiB."},
		"many rows":        {sheet(`<row r="1050001"/>`), "The sheet has more than 1050000 rows."},
		"nothing visible":  {parts(map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet state="hidden" r:id="r1"/></sheets></workbook>`}), "The workbook has no visible worksheet."},
		"same part twice":  {parts(map[string]string{"XL\\worksheets/sheet1.xml": ""}), damage},
		"Word":             {map[string]string{"[Content_Types].xml": "", "word/document.xml": ""}, "This is a Word document."},
		"presentation":     {map[string]string{"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "This is a presentation."},
		"OpenDocument":     {map[string]string{"mimetype": "", "content.xml": ""}, "This is an OpenDocument file."},
		"binary workbook":  {map[string]string{"[Content_Types].xml": "", "xl/workbook.bin": ""}, "This is a binary Excel workbook (.xlsb)."},
		"any archive":      {map[string]string{"report.csv": "a,b"}, "This is a zip archive, not a workbook."},
		"archive in it":    {map[string]string{"a.xlsx": "PK\x03\x04"}, "This is a zip archive, not a workbook."},
		"10,001 parts":     {manyParts(), "The archive has more than 10000 parts"},
		"no workbook part": {parts(map[string]string{"_rels/.rels": `<Relationships/>`}), damage},
	} {
		t.Run(name, func(t *testing.T) { refusedAtOnce(t, zipped(t, c.parts), c.want) })
	}
}

func manyParts() map[string]string {
	p := parts(nil)
	for i := range 10_001 {
		p[fmt.Sprintf("xl/media/%d", i)] = ""
	}
	return p
}

func refusedAtOnce(t *testing.T, path, want string) {
	t.Helper()
	start := time.Now()
	b, err := Open(path, Options{})
	if err == nil {
		defer b.Close()
		_, _, err = texts(b, 0)
	}
	if r := refusal(t, err); !strings.HasPrefix(r.Error(), want) {
		t.Errorf("got  %v (%v)\nwant %v", r, r.Cause, want)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

// TestASVS_5_2_3_ZipBombs: one that unpacks to too much, one to far too much for its size, and
// one that lies about it.
func TestASVS_5_2_3_ZipBombs(t *testing.T) {
	refusedAtOnce(t, bomb(t, 513, 513<<20), "The workbook unpacks to more than 512 MiB.")
	refusedAtOnce(t, bomb(t, 300, 300<<20), "The workbook unpacks to ")
	refusedAtOnce(t, bomb(t, 300, 1000), "The workbook is damaged (in "+sheetPart)
}

// bomb is a workbook with a sheet of so many MiB of blanks, said to be of so many bytes.
func bomb(t *testing.T, mib int, said uint64) string {
	t.Helper()
	var block bytes.Buffer
	deflate, _ := flate.NewWriter(&block, flate.BestCompression)
	deflate.Write([]byte(strings.Repeat(" ", 1<<20)))
	deflate.Flush() // a block that may be repeated
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts(nil) {
		if name == sheetPart {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(text))
	}
	head := &zip.FileHeader{Name: sheetPart, Method: zip.Deflate, UncompressedSize64: said, CompressedSize64: uint64(mib * block.Len())}
	w, err := z.CreateRaw(head)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(bytes.Repeat(block.Bytes(), mib))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return written(t, "bomb.xlsx", b.String())
}

// TestFlippedBit: a value changed on the way is found by the part's checksum.
func TestFlippedBit(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts(map[string]string{sheetPart: sheetOf(`<row><c><v>1234567</v></c></row>`)}) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(text))
	}
	z.Close()
	if !bytes.Contains(b.Bytes(), []byte("1234567")) {
		t.Fatal("nothing to change")
	}
	broken := strings.Replace(b.String(), "1234567", "1234568", 1)
	refusedAtOnce(t, written(t, "a.xlsx", broken), "The workbook is damaged (in "+sheetPart)
}

// TestManyTexts spools the texts to disk and removes them again.
func TestManyTexts(t *testing.T) {
	var texts strings.Builder
	text := func(i int) string { return fmt.Sprintf("%d %s", i, strings.Repeat("x", 3000)) }
	for i := range 8000 {
		fmt.Fprintf(&texts, "<si><t>%s</t></si>", text(i))
	}
	path := zipped(t, parts(map[string]string{
		"xl/sharedStrings.xml": "<sst>" + texts.String() + "</sst>",
		sheetPart:              sheetOf(`<row><c t="s"><v>7999</v></c><c t="s"><v>0</v></c><c t="s"><v>5592</v></c></row>`),
	}))
	dir := t.TempDir()
	b, err := Open(path, Options{TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files while open", len(files))
	}
	for row, err := range b.Rows(0) {
		if err != nil || row.Cells[0].Text != text(7999) || row.Cells[1].Text != text(0) || row.Cells[2].Text != text(5592) {
			t.Errorf("other texts, %v", err)
		}
	}
	b.Close()
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("%d files left", len(files))
	}
}
