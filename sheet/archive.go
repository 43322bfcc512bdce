package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// A workbook that unpacks to a large multiple of its size holds no table: real
// ones reach 70 times. Small ones may be anything, they cost nothing.
const (
	bombBytes = 100 << 20
	bombRatio = 200
)

// archive is an XLSX file's parts by their names in lower case.
type archive map[string]*zip.File

// openArchive checks the archive's promises about its size, which archive/zip
// holds it to while unpacking.
func openArchive(f *os.File, size int64) (archive, error) {
	if err := countEntries(io.NewSectionReader(f, 0, size)); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil, damaged(err, "the archive")
	}
	a, unpacked := archive{}, uint64(0)
	for _, part := range z.File {
		name := partName(part.Name)
		if a[name] != nil {
			return nil, damaged(fmt.Errorf("part %q twice", name), "the archive")
		}
		a[name] = part
		unpacked += min(part.UncompressedSize64, MaxUnpackedBytes+1)
	}
	if unpacked > MaxUnpackedBytes {
		return nil, refuse("The workbook unpacks to more than %d MiB. Send it in parts.", MaxUnpackedBytes>>20)
	}
	if unpacked > bombBytes && unpacked/uint64(size) > bombRatio {
		return nil, refuse("The workbook unpacks to %d times its size, which no table does. Save the rows you mean in a new workbook and send that.", unpacked/uint64(size))
	}
	return a, nil
}

// countEntries counts directory entries by their mark before archive/zip spends
// memory on each: the count an archive gives of itself may be a lie.
func countEntries(r io.Reader) error {
	mark := []byte("PK\x01\x02")
	in := bufio.NewReaderSize(r, 1<<20)
	entries := 0
	for {
		chunk, err := in.Peek(1 << 20)
		entries += bytes.Count(chunk, mark)
		if entries > MaxZipEntries {
			return refuse("The archive has more than %d parts, which no workbook has.", MaxZipEntries)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := in.Discard(len(chunk) - len(mark) + 1); err != nil { // a mark may lie across two chunks
			return err
		}
	}
}

func partName(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// checkWorkbook says what an archive is that is not a workbook.
func (a archive) checkWorkbook() error {
	starts := func(dir string) bool {
		for name := range a {
			if strings.HasPrefix(name, dir) {
				return true
			}
		}
		return false
	}
	switch {
	case a["xl/workbook.bin"] != nil:
		return refuse("This is a binary Excel workbook (.xlsb)." + saveAs)
	case starts("word/"):
		return refuse("This is a Word document. Send the table itself, as .xlsx or .csv.")
	case starts("ppt/"):
		return refuse("This is a presentation. Send the table itself, as .xlsx or .csv.")
	case a["mimetype"] != nil && a["content.xml"] != nil:
		return refuse("This is an OpenDocument file." + saveAs)
	case a["index.zip"] != nil || starts("index/"):
		return refuse("This is a Numbers document. Export it as .xlsx or .csv and send that.")
	case a["[content_types].xml"] == nil || a["_rels/.rels"] == nil:
		return refuse("This is a zip archive, not a workbook. Unpack it and send the table inside.")
	}
	return nil
}
