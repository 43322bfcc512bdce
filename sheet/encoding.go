package sheet

import (
	"bytes"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is how a text file's bytes become letters.
type charset struct {
	name string
	mark int64 // bytes of the byte order mark to skip
	enc  encoding.Encoding
}

// decode returns the file's text as UTF-8, without its byte order mark.
func (c charset) decode(f io.ReaderAt, size int64) io.Reader {
	raw := io.NewSectionReader(f, c.mark, size-c.mark)
	if c.enc == nil {
		return raw
	}
	return transform.NewReader(raw, c.enc.NewDecoder())
}

// utf16LE skips the mark itself, so its decoder need not look for one.
func utf16LE(mark int64) charset {
	return charset{"UTF-16 LE", mark, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
}

func utf16BE(mark int64) charset {
	return charset{"UTF-16 BE", mark, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
}

// findCharset reads the whole file: a sample would miss the one accented name in
// row 200,000 that tells Windows-1252 from UTF-8.
func findCharset(f io.ReaderAt, size int64) (charset, error) {
	sample := make([]byte, min(size, 64<<10))
	if _, err := f.ReadAt(sample, 0); err != nil && err != io.EOF {
		return charset{}, err
	}
	switch {
	case bytes.HasPrefix(sample, []byte{0xFF, 0xFE}):
		return checkUTF16(utf16LE(2), f, size)
	case bytes.HasPrefix(sample, []byte{0xFE, 0xFF}):
		return checkUTF16(utf16BE(2), f, size)
	}
	if guess, ok := unmarkedUTF16(sample); ok {
		return checkUTF16(guess, f, size)
	}
	c, err := takeCensus(io.NewSectionReader(f, 0, size))
	if err != nil {
		return charset{}, err
	}
	return c.charset(bytes.HasPrefix(sample, []byte{0xEF, 0xBB, 0xBF}))
}

// unmarkedUTF16 recognizes UTF-16 without a byte order mark by the zero halves of
// its delimiters, digits and line ends.
func unmarkedUTF16(sample []byte) (charset, bool) {
	var even, odd int
	for i, b := range sample {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	enough := len(sample) / 100
	switch {
	case even == 0 && odd > enough:
		return utf16LE(0), true
	case odd == 0 && even > enough:
		return utf16BE(0), true
	}
	return charset{}, false
}
