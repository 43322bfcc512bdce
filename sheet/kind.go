package sheet

import (
	"bytes"
	"io"
	"strings"
)

const saveAs = " Save it as .xlsx or .csv and send that."

// foreign lists how files begin that are neither text nor zip archives.
var foreign = []struct{ magic, sentence string }{
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "This is an old Excel workbook (.xls) or one protected by a password." + saveAs},
	{"%PDF-", "This is a PDF document. Send the table it was made from, as .xlsx or .csv."},
	{"{\\rtf", "This is a rich text document." + saveAs},
	{"\x1F\x8B", "This is a compressed file (gzip). Unpack it and send the table inside."},
	{"7z\xBC\xAF\x27\x1C", "This is a compressed file (7-Zip). Unpack it and send the table inside."},
	{"Rar!\x1A\x07", "This is a compressed file (RAR). Unpack it and send the table inside."},
	{"\x89PNG\r\n\x1A\n", "This is a picture. Send the table itself, as .xlsx or .csv."},
	{"\xFF\xD8\xFF", "This is a picture. Send the table itself, as .xlsx or .csv."},
	{"GIF8", "This is a picture. Send the table itself, as .xlsx or .csv."},
	{"\xFF\xFE\x00\x00", "This text is in UTF-32. Save it as UTF-8 and send that."},
	{"\x00\x00\xFE\xFF", "This text is in UTF-32. Save it as UTF-8 and send that."},
	{"SQLite format 3\x00", "This is a database, not a table."},
}

// markup lists how text files begin that are pages rather than tables.
var markup = []struct{ start, sentence string }{
	{"<!doctype html", "This is a web page, even if it is named like a workbook." + saveAs},
	{"<html", "This is a web page, even if it is named like a workbook." + saveAs},
	{"<table", "This is a web page, even if it is named like a workbook." + saveAs},
	{"<?xml", "This is an XML file." + saveAs},
	{"<workbook", "This is an XML file." + saveAs},
}

// checkKind tells by a file's content and size whether it is a zip archive, which
// may be XLSX, or else may be CSV. It refuses everything it knows to be neither.
func checkKind(f io.ReaderAt, size int64) (zipped bool, err error) {
	head := make([]byte, 512)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return false, err
	}
	head = head[:n]
	if n == 0 {
		return false, refuse("The file is empty.")
	}
	zipped = bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
	if zipped {
		return true, checkSize(size, MaxXLSXBytes, "an .xlsx file")
	}
	if err := checkForeign(head); err != nil {
		return false, err
	}
	return false, checkSize(size, MaxCSVBytes, "a .csv file")
}

func checkForeign(head []byte) error {
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return refuse("%s", f.sentence)
		}
	}
	text := strings.ReplaceAll(string(head), "\x00", "") // UTF-16
	for _, mark := range []string{"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"} {
		text = strings.TrimPrefix(text, mark)
	}
	text = strings.ToLower(strings.TrimSpace(text))
	for _, m := range markup {
		if strings.HasPrefix(text, m.start) {
			return refuse("%s", m.sentence)
		}
	}
	return nil
}

func checkSize(size, limit int64, kind string) error {
	if size > limit {
		return refuse("The file has %d MiB; %s may have %d MiB. Send it in parts.",
			(size+1<<20-1)>>20, kind, limit>>20)
	}
	return nil
}
