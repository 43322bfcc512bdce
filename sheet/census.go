package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var errNotText = &Refusal{Reason: "This is not a text file or an .xlsx workbook." + saveAs}

// census counts what tells the one-byte encodings, UTF-8 and other files apart.
type census struct {
	bytes     [256]int
	total     int
	invalid   int // bytes that are not UTF-8
	multibyte int // letters of two or more bytes that are

	previous byte
	run      int // bytes above ASCII up to here, repeated ones counted once
	inRuns   int // those in runs of 4 and more
}

func takeCensus(r io.Reader) (*census, error) {
	c := &census{}
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return nil, err
		}
		chunk := buf[:kept+n]
		rest := c.count(chunk, last)
		if last {
			return c, nil
		}
		kept = copy(buf, rest)
	}
}

// count returns the bytes of a letter cut off by the end of the chunk.
func (c *census) count(chunk []byte, last bool) []byte {
	for len(chunk) > 0 {
		if b := chunk[0]; b < utf8.RuneSelf {
			c.bytes[b]++
			c.total++
			c.run = 0
			chunk = chunk[1:]
			continue
		}
		if !last && !utf8.FullRune(chunk) {
			return chunk
		}
		r, n := utf8.DecodeRune(chunk)
		if r == utf8.RuneError && n == 1 {
			c.invalid++
		} else {
			c.multibyte++
		}
		c.high(chunk[:n])
		c.total += n
		chunk = chunk[n:]
	}
	return nil
}

func (c *census) high(bytes []byte) {
	for _, b := range bytes {
		c.bytes[b]++
		if c.run > 0 && b == c.previous {
			continue // a line of dashes is no word
		}
		c.previous = b
		if c.run++; c.run == 4 {
			c.inRuns += 4
		} else if c.run > 4 {
			c.inRuns++
		}
	}
}

// foreign tells whether the bytes above ASCII stand together as in words of
// another script; in Western languages accented letters stand alone.
func (c *census) foreign() bool {
	high := 0
	for _, n := range c.bytes[0x80:] {
		high += n
	}
	return c.inRuns*2 > high
}

// charset decides. Windows-1252 accepts nearly any bytes, so it is taken only
// when the file cannot be meant as UTF-8 and has none of the bytes without a letter.
func (c *census) charset(marked bool) (charset, error) {
	switch {
	case c.bytes[0] > 0 || c.controls()*10 > c.total:
		return charset{}, errNotText
	case c.invalid == 0 && marked:
		return charset{"UTF-8 with BOM", 3, nil}, nil
	case c.invalid == 0:
		return charset{"UTF-8", 0, nil}, nil
	case marked || c.multibyte > c.invalid:
		return charset{}, refuse("The file is mostly UTF-8 but has %d bytes that are not; names would be garbled. Save it again as UTF-8 and send that.", c.invalid)
	case c.foreign() || c.bytes[0x81]+c.bytes[0x8D]+c.bytes[0x8F]+c.bytes[0x90]+c.bytes[0x9D] > 0:
		return charset{}, refuse("The file's encoding is not UTF-8, UTF-16 or Windows-1252. Save it as UTF-8 and send that.")
	}
	return charset{"Windows-1252", 0, charmap.Windows1252}, nil
}

func (c *census) controls() int {
	n := c.bytes[0x7F]
	for b := range 0x20 {
		if bytes.IndexByte([]byte("\t\n\r\f"), byte(b)) < 0 {
			n += c.bytes[b]
		}
	}
	return n
}

// checkUTF16 reads the file to its end: what is not UTF-16 after all would
// otherwise turn into replacement characters without a word.
func checkUTF16(c charset, f io.ReaderAt, size int64) (charset, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(f, c.mark, size-c.mark), 64<<10)
	var high rune // a first half still waiting for its second
	var controls, total int
	for {
		u, err := c.unit(in)
		if high == 0 && controls*10 <= total && errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return charset{}, err
		}
		paired := utf16.DecodeRune(high, u) != utf8.RuneError
		lone := (high != 0) != (u >= 0xDC00 && u <= 0xDFFF) || high != 0 && !paired
		if err != nil || u == 0 || lone {
			return charset{}, refuse("The file begins like UTF-16 but is not UTF-16 throughout. Save it as UTF-8 and send that.")
		}
		high = 0
		if u >= 0xD800 && u <= 0xDBFF {
			high = u
		}
		if total++; u < 0x20 && u != '\t' && u != '\n' && u != '\r' {
			controls++
		}
	}
}

func (c charset) unit(in *bufio.Reader) (rune, error) {
	a, err := in.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := in.ReadByte()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if c.name == "UTF-16 BE" {
		return rune(a)<<8 | rune(b), err
	}
	return rune(b)<<8 | rune(a), err
}
