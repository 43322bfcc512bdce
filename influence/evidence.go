package influence

import (
	"fmt"
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

// evidenceKinds are the endings that files of each kind have, and the media type
// that it is sent with.
var evidenceKinds = map[string]struct {
	kind  EvidenceKind
	media string
}{
	".pdf":  {EvidencePDF, "application/pdf"},
	".png":  {EvidencePNG, "image/png"},
	".jpg":  {EvidenceJPEG, "image/jpeg"},
	".jpeg": {EvidenceJPEG, "image/jpeg"},
	".docx": {EvidenceDOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".xlsx": {EvidenceXLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	".csv":  {EvidenceCSV, "application/octet-stream"}, // nobody said in which encoding it is
	".txt":  {EvidenceTXT, "application/octet-stream"},
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
// have to agree, or a Refusal that says why it is not taken. holds reports whether
// its contents are those of a file with an ending such as .pdf.
func ReadEvidence(name string, bytes int, holds func(ending string) bool) (EvidenceKind, error) {
	ending := strings.ToLower(fileEnding(name))
	x, known := evidenceKinds[ending]
	switch {
	case !known:
		return "", Refusal("Choose a PDF, PNG, JPEG, DOCX, XLSX, CSV or TXT file.")
	case bytes == 0:
		return "", Refusal("The file is empty.")
	case bytes > EvidenceLargest:
		return "", Refusal(fmt.Sprintf("The file is larger than %d MB.", EvidenceLargest>>20))
	case !holds(ending):
		return "", Refusal(fmt.Sprintf("The file is called %s, and its contents are something else or damaged. Save it again and add that.", ending))
	}
	return x.kind, nil
}

// fileEnding is a file's name from its last dot on.
func fileEnding(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && !strings.Contains(name[i:], "/") {
		return name[i:]
	}
	return ""
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
	if ending := fileEnding(name); len(name) > 200 && len(ending) < 10 {
		return strings.ToValidUTF8(name[:200-len(ending)], "") + ending
	}
	return strings.ToValidUTF8(name[:min(len(name), 200)], "")
}
