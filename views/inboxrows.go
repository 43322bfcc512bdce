package views

import (
	"context"
	"html"
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
	for i := range len(s) {
		switch s[i] {
		case '&', '\'', '<', '>', '"':
			return append(b, html.EscapeString(s)...)
		}
	}
	return append(b, s...)
}
