package sheet

import (
	"encoding/xml"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const (
	maxTexts    = 8 << 20  // shared texts of a workbook
	textsInHeap = 16 << 20 // bytes of them kept in memory; the rest goes to a file
)

// sharedTexts are a workbook's texts, which its cells name by number.
type sharedTexts struct {
	dir  string
	heap []byte
	ends []uint32 // where text i ends; all texts fit below MaxUnpackedBytes
	file *os.File // holds all the texts once there are too many for the heap
}

func (s *sharedTexts) read(p *part) error {
	err := p.children(func(e xml.StartElement) error {
		if e.Name.Local != "si" {
			return p.skip()
		}
		var b strings.Builder
		if err := p.richText(&b); err != nil {
			return err
		}
		return s.add(unescape(b.String()))
	})
	if err == nil && s.file != nil {
		err = s.flush()
	}
	return err
}

func (s *sharedTexts) add(text string) error {
	if len(s.ends) >= maxTexts {
		return refuse("The workbook has more than %d different texts. Send it in parts.", maxTexts)
	}
	s.heap = append(s.heap, text...)
	s.ends = append(s.ends, s.end(len(s.ends)-1)+uint32(len(text)))
	if len(s.heap) > textsInHeap {
		return s.flush()
	}
	return nil
}

func (s *sharedTexts) end(i int) uint32 {
	if i < 0 {
		return 0
	}
	return s.ends[i]
}

func (s *sharedTexts) flush() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp(s.dir, "sheet-texts-"); err != nil {
			return err
		}
	}
	_, err = s.file.Write(s.heap)
	s.heap = s.heap[:0]
	return err
}

// get returns the text a cell names.
func (s *sharedTexts) get(number string) (string, error) {
	i, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || i < 0 || i >= len(s.ends) {
		return "", fmt.Errorf("no shared text %q", number)
	}
	from, to := s.end(i-1), s.ends[i]
	if s.file == nil {
		return string(s.heap[from:to]), nil
	}
	b := make([]byte, to-from)
	if len(b) == 0 {
		return "", nil
	}
	_, err = s.file.ReadAt(b, int64(from))
	return string(b), err
}

func (s *sharedTexts) close() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// unescape turns _x000D_ into the character it stands for: the way a workbook
// writes characters that XML cannot hold. One that is still no text stays as it is.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		r, ok := escaped(s[i:])
		if !ok {
			b.WriteByte(s[i])
			continue
		}
		b.WriteRune(r)
		i += len("_x000D_") - 1
	}
	return b.String()
}

func escaped(s string) (rune, bool) {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	r := rune(n)
	return r, err == nil && r > 0 && (r < 0xD800 || r > 0xDFFF)
}
