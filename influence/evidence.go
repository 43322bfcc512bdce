package influence

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image/jpeg"
	"image/png"
	"path"
	"strings"
	"unicode/utf8"
)

// EvidenceKind is the kind of a file that shows what a claim says.
type EvidenceKind string

// The kinds.
const (
	EvidencePDF  EvidenceKind = "pdf"
	EvidencePNG  EvidenceKind = "png"
	EvidenceJPEG EvidenceKind = "jpeg"
	EvidenceDOCX EvidenceKind = "docx"
	EvidenceXLSX EvidenceKind = "xlsx"
	EvidenceCSV  EvidenceKind = "csv"
	EvidenceTXT  EvidenceKind = "txt"
)

// Limits of evidence: the bytes of a file, the files of a claim, and the files
// that one company adds in a day.
const (
	EvidenceLargest  = 10 << 20
	EvidencePerClaim = 20
	EvidencePerDay   = 200
)

// evidenceKinds are the endings that files of each kind have, what its contents
// must be, and the media type that it is sent with.
var evidenceKinds = map[string]struct {
	kind  EvidenceKind
	holds func([]byte) bool
	media string
}{
	".pdf":  {EvidencePDF, holdsPDF, "application/pdf"},
	".png":  {EvidencePNG, holdsPNG, "image/png"},
	".jpg":  {EvidenceJPEG, holdsJPEG, "image/jpeg"},
	".jpeg": {EvidenceJPEG, holdsJPEG, "image/jpeg"},
	".docx": {EvidenceDOCX, holdsDOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".xlsx": {EvidenceXLSX, holdsXLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	".csv":  {EvidenceCSV, holdsText, "application/octet-stream"}, // nobody said in which encoding it is
	".txt":  {EvidenceTXT, holdsText, "application/octet-stream"},
}

// EvidenceEndings are the endings of file names that are taken, for a file chooser.
func EvidenceEndings() string { return ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv,.txt" }

// Media is the media type that a file of kind k is sent with.
func (k EvidenceKind) Media() string {
	for _, x := range evidenceKinds {
		if x.kind == k {
			return x.media
		}
	}
	return "application/octet-stream"
}

// ReadEvidence returns the kind of a file by its name and its contents, which
// have to agree, or a Refusal that says why it is not taken.
func ReadEvidence(name string, data []byte) (EvidenceKind, error) {
	ending := strings.ToLower(path.Ext(name))
	x, known := evidenceKinds[ending]
	switch {
	case !known:
		return "", Refusal("Choose a PDF, PNG, JPEG, DOCX, XLSX, CSV or TXT file.")
	case len(data) == 0:
		return "", Refusal("The file is empty.")
	case len(data) > EvidenceLargest:
		return "", Refusal(fmt.Sprintf("The file is larger than %d MB.", EvidenceLargest>>20))
	case !x.holds(data):
		return "", Refusal(fmt.Sprintf("The file is called %s, and its contents are something else or damaged. Save it again and add that.", ending))
	}
	return x.kind, nil
}

func holdsPDF(data []byte) bool {
	end := data[max(0, len(data)-2048):]
	return bytes.HasPrefix(data, []byte("%PDF-")) && bytes.Contains(end, []byte("%%EOF"))
}

func holdsPNG(data []byte) bool {
	_, err := png.DecodeConfig(bytes.NewReader(data))
	return err == nil
}

func holdsJPEG(data []byte) bool {
	_, err := jpeg.DecodeConfig(bytes.NewReader(data))
	return err == nil
}

func holdsDOCX(data []byte) bool { return holdsOffice(data, "word/document.xml") }

func holdsXLSX(data []byte) bool { return holdsOffice(data, "xl/workbook.xml") }

// officeParts is how many parts an Office file has at most.
const officeParts = 10_000

// holdsOffice reports whether data is an archive with the parts of an Office file
// whose main one is called so, without macros and without names that lead out of it.
func holdsOffice(data []byte, main string) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) > officeParts {
		return false
	}
	found := 0
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.Contains(name, `\`), strings.HasSuffix(name, "vbaproject.bin"):
			return false
		case name == "[content_types].xml" || name == main:
			found++
		}
	}
	return found == 2
}

// holdsText reports whether data is text: UTF-8, UTF-16 with its mark, or an older
// code page, none of which has control signs.
func holdsText(data []byte) bool {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return len(data)%2 == 0
	}
	for _, b := range data {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' || b == 0x7F {
			return false
		}
	}
	return true
}

// EvidenceName is a file's name as it is kept: one line without signs that steer,
// of 200 bytes at most.
func EvidenceName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == utf8.RuneError || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, name)
	if ending := path.Ext(name); len(name) > 200 && len(ending) < 10 {
		return strings.ToValidUTF8(name[:200-len(ending)], "") + ending
	}
	return strings.ToValidUTF8(name[:min(len(name), 200)], "")
}
