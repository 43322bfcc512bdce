package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail to one person. ID names it for good: the same ID gives the
// same Message-ID and the same file, so that a mail sent twice is known as one.
type Message struct {
	ID      string // letters, digits, - and _ only
	To      string // one address, without a name
	Subject string
	Text    string
	HTML    string // the same as Text for programs that show HTML; may be empty
	At      time.Time
}

// ErrRefused marks a mail that will not go through however often it is tried: its
// address is no address, or the server has said no for good.
var ErrRefused = errors.New("mail refused")

// Limits of what is put into a mail. 254 bytes is the longest address of RFC
// 5321; it is checked before the address is parsed, which takes quadratic time.
const (
	maxAddress = 254
	maxSubject = 200 // letters
)

// plainID reports whether an ID is at most 128 letters and digits, with _ and -
// from the second on.
func plainID(id string) bool {
	return id != "" && len(id) <= 128 && id[0] != '_' && id[0] != '-' && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	})
}

// build makes the RFC 5322 form of m. Nothing of m can start a header line of its
// own: addresses and IDs with anything odd in them are refused, subjects lose
// their control characters.
func (m Message) build(from *netmail.Address) (*gomail.Msg, error) {
	if !plainID(m.ID) {
		return nil, fmt.Errorf("%w: the ID %q is not made of letters and digits", ErrRefused, m.ID)
	}
	to, err := address(m.To)
	if err != nil {
		return nil, err
	}
	to.Name = ""
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(m.At.UTC())
	msg.SetMessageIDWithValue(m.ID + "@" + domain(from))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // keeps holiday notices away
	msg.SetBodyString(gomail.TypeTextPlain, body(m.Text))
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, body(m.HTML))
	}
	return msg, nil
}

// bytes is what stands in an .eml file.
func (m Message) bytes(from *netmail.Address) ([]byte, error) {
	msg, err := m.build(from)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write mail %s: %w", m.ID, err)
	}
	return b.Bytes(), nil
}

func address(s string) (*netmail.Address, error) {
	if len(s) > maxAddress || strings.ContainsFunc(s, unicode.IsControl) {
		return nil, fmt.Errorf("%w: %.60q is not an address", ErrRefused, s)
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %.60q is not an address", ErrRefused, s)
	}
	return a, nil
}

func domain(a *netmail.Address) string { return a.Address[strings.LastIndexByte(a.Address, '@')+1:] }

// oneLine takes out of a header's text everything that could end its line, also
// the mark that would have a mail program decode a line's end from plain letters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "=?", "= ?")
	if r := []rune(s); len(r) > maxSubject {
		s = string(r[:maxSubject-1]) + "…"
	}
	return s
}

// body leaves line breaks and tabs; a NUL or a lone carriage return is not mail.
func body(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.ReplaceAll(s, "\n", "\r\n")
}
