package sheet

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a part's XML, against what encoding/xml would keep in memory.
const (
	maxToken = 512 << 10 // a cell's text with every letter escaped fits
	maxDepth = 64
)

var (
	errLongToken = errors.New("XML token too long")
	errDeep      = errors.New("XML nested too deep")
)

// part reads one XML part of a workbook as a stream. Names are compared without
// their namespaces, which differ between the strict and the usual dialect.
type part struct {
	name  string
	file  io.ReadCloser
	in    *allowance
	dec   *xml.Decoder
	depth int
}

// allowance lets only so much be read before it is renewed.
type allowance struct {
	from io.Reader
	left int
}

func (a *allowance) Read(b []byte) (int, error) {
	if a.left <= 0 {
		return 0, errLongToken
	}
	n, err := a.from.Read(b[:min(len(b), a.left)])
	a.left -= n
	return n, err
}

func (a archive) open(name string) (*part, error) {
	f := a[partName(name)]
	if f == nil {
		return nil, damaged(fmt.Errorf("part %q is missing", name), name)
	}
	file, err := f.Open()
	if err != nil {
		return nil, damaged(err, name)
	}
	in := &allowance{from: file}
	return &part{name: name, file: file, in: in, dec: xml.NewDecoder(bufio.NewReaderSize(in, 32<<10))}, nil
}

// read calls root with a part's root element, and reads on to the end of the part,
// where its checksum is compared.
func (a archive) read(name string, root func(*part) error) error {
	p, err := a.open(name)
	if err != nil {
		return err
	}
	defer p.file.Close()
	for {
		tok, err := p.token()
		if err != nil {
			return damaged(err, name)
		}
		if _, ok := tok.(xml.StartElement); ok {
			if err = root(p); err == nil {
				err = p.drain()
			}
			return damaged(err, name)
		}
	}
}

func (p *part) drain() error {
	for {
		if _, err := p.token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// token returns the next token. A document type declaration, which could define
// entities, has no place in a workbook.
func (p *part) token() (xml.Token, error) {
	p.in.left = maxToken
	tok, err := p.dec.Token()
	switch tok.(type) {
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	case xml.Directive:
		return nil, &Refusal{Reason: "The workbook contains a document type declaration, which could hide anything; it is not read."}
	}
	if p.depth > maxDepth {
		return nil, errDeep
	}
	return tok, err
}

// children calls each for every child of the current element, and ends after the
// element's end. each must read its element to the end.
func (p *part) children(each func(xml.StartElement) error) error {
	for {
		tok, err := p.token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip reads the current element to its end.
func (p *part) skip() error {
	for open := 1; open > 0; {
		tok, err := p.token()
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// text appends the current element's own text to b and reads to its end. It keeps
// one byte more than a cell may have, so that the cell is found too long.
func (p *part) text(b *strings.Builder) error {
	for {
		tok, err := p.token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.CharData:
			b.Write(t[:min(len(t), MaxCellBytes+1-min(b.Len(), MaxCellBytes+1))])
		case xml.StartElement:
			if err := p.skip(); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// richText appends the text of a string item, in one piece or in runs, without
// its phonetic guides.
func (p *part) richText(b *strings.Builder) error {
	return p.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "t":
			return p.text(b)
		case "r":
			return p.richText(b)
		}
		return p.skip()
	})
}

// attr returns an attribute by its local name, or "".
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
