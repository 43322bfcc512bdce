package sheet

import (
	"archive/zip"
	"bytes"
	"image/jpeg"
	"image/png"
	"strings"
)

// Holds reports whether data is what a file with an ending such as .pdf holds: a
// document or picture that can be told by its contents, or text.
func Holds(ending string, data []byte) bool {
	switch ending {
	case ".pdf":
		return holdsPDF(data)
	case ".png":
		return holdsPNG(data)
	case ".jpg", ".jpeg":
		return holdsJPEG(data)
	case ".docx":
		return holdsOffice(data, "word/document.xml")
	case ".xlsx":
		return holdsOffice(data, "xl/workbook.xml")
	case ".csv", ".txt":
		return holdsText(data)
	}
	return false
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
