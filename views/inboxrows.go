package views

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// inboxRows are the rows of the page that is asked for all day. Appending them is
// several times quicker than a component for each.
func inboxRows(m InboxModel) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		buf := templ.GetBuffer()
		defer templ.ReleaseBuffer(buf)
		buf.Grow(320 * len(m.Rows))
		b := buf.AvailableBuffer()
		for i := range m.Rows {
			b = m.Rows[i].append(b, m.Place)
		}
		_, err := w.Write(b)
		return err
	})
}

func (r *InboxRow) append(b []byte, place string) []byte {
	b = escaped(escaped(append(b, `<li><a href="/inbox?at=`...), r.Ref), place)
	b = append(b, '"')
	if r.Current {
		b = append(b, ` aria-current`...)
	}
	b = escaped(append(b, ` data-row><b>`...), r.Customer)
	b = escaped(append(b, `</b><span class="num">`...), r.Amount)
	b = escaped(append(b, `</span><small class="`...), r.Tone)
	b = escaped(append(b, `">`...), r.Why)
	b = escaped(append(b, `</small><span class="due mute num">`...), r.Due)
	return append(b, `</span></a></li>`...)
}

// escaped appends s as templ would write it, in a text or an attribute.
func escaped(b []byte, s string) []byte {
	done := 0
	for i := range len(s) {
		if s[i] > '>' {
			continue // most are letters
		}
		if to := entity(s[i]); to != "" {
			b = append(append(b, s[done:i]...), to...)
			done = i + 1
		}
	}
	return append(b, s[done:]...)
}

// entity is what html.EscapeString writes for a character, "" for itself.
func entity(c byte) string {
	switch c {
	case '&':
		return "&amp;"
	case '\'':
		return "&#39;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&#34;"
	}
	return ""
}
