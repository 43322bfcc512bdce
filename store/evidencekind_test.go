package store

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"irm/influence"
	"irm/sheet"
)

func zipped(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("<x/>")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestEvidenceIsWhatItsNameSays: kind by ending and contents together; what is
// renamed, damaged, empty, too large or has macros is refused with a sentence.
func TestEvidenceIsWhatItsNameSays(t *testing.T) {
	var p, j bytes.Buffer
	if err := errors.Join(png.Encode(&p, image.NewGray(image.Rect(0, 0, 1, 1))), jpeg.Encode(&j, image.NewGray(image.Rect(0, 0, 1, 1)), nil)); err != nil {
		t.Fatal(err)
	}
	word, book := zipped(t, "[Content_Types].xml", "word/document.xml"), zipped(t, "[Content_Types].xml", "xl/workbook.xml")
	pdf := "%PDF-1.4\n1 0 obj\n%%EOF\n"
	for _, c := range []struct {
		name, data string
		want       influence.EvidenceKind
	}{
		{"a.pdf", pdf, influence.EvidencePDF}, {"A.PDF", pdf, influence.EvidencePDF}, {"a.png", p.String(), influence.EvidencePNG}, {"a.jpg", j.String(), influence.EvidenceJPEG}, {"a.jpeg", j.String(), influence.EvidenceJPEG},
		{"a.docx", word, influence.EvidenceDOCX}, {"a.xlsx", book, influence.EvidenceXLSX}, {"a.csv", "a,b\r\n1,2\r\n", influence.EvidenceCSV}, {"a.txt", "caf\xe9", influence.EvidenceTXT}, {"a.txt", "\xff\xfea\x00", influence.EvidenceTXT},
		{"a.pdf", "", ""}, {"a.pdf", "%PDF-1.4 cut", ""}, {"a.png", pdf, ""}, {"a.png", p.String()[:20], ""}, {"a.jpg", p.String(), ""},
		{"a.docx", book, ""}, {"a.xlsx", word, ""}, {"a.docx", "PK\x03\x04 no", ""}, {"a.xlsx", zipped(t, "[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), ""},
		{"a.docx", zipped(t, "[Content_Types].xml", "word/document.xml", "../x"), ""}, {"a.txt", "MZ\x00\x01", ""}, {"a.csv", word, ""},
		{"a.exe", "MZ", ""}, {"a.html", "<b>", ""}, {"a.svg", "<svg/>", ""}, {"pdf", pdf, ""}, {"a.pdf.exe", pdf, ""}, {"", pdf, ""},
		{"a.txt", strings.Repeat("a", influence.EvidenceLargest), influence.EvidenceTXT}, {"a.txt", strings.Repeat("a", influence.EvidenceLargest+1), ""},
	} {
		got, err := influence.ReadEvidence(c.name, len(c.data), func(ending string) bool { return sheet.Holds(ending, []byte(c.data)) })
		var no influence.Refusal
		if got != c.want || (err == nil) != (c.want != "") || err != nil && !errors.As(err, &no) {
			t.Errorf("%s with %.20q: %q, %v", c.name, c.data, got, err)
		}
	}
}

func TestEvidenceNamesAreOneHarmlessLine(t *testing.T) {
	for typed, want := range map[string]string{"Plan 18 Jan.pdf": "Plan 18 Jan.pdf", "a\r\nSet-Cookie: x.pdf": "aSet-Cookie: x.pdf", "a\u202Efdp.exe": "afdp.exe", "é.txt": "é.txt"} {
		if got := influence.EvidenceName(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
	if got := influence.EvidenceName(strings.Repeat("é", 300) + ".pdf"); len(got) > 200 || !strings.HasSuffix(got, ".pdf") {
		t.Errorf("a long name is %q", got)
	}
}
