package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"irm/influence"
	"irm/views"
	"irm/views/ui"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// floorModel is what the inbox shows, kept in memory.
type floorModel struct {
	tabs                       []ui.Tab
	rows                       []floorRow
	files                      []floorFile
	total, count, newer, older string
	open, unclaimed            bool
}

type floorRow struct {
	href, customer, amount, why, tone, due string
	current                                bool
}

// floorFile is the list as a file.
type floorFile struct{ href, name string }

// floors are the inbox's bytes, and what they are rendered from.
type floors struct {
	body       []byte
	page       views.Page
	model      floorModel
	head, tail []byte // of F2: what stands before and after the rows
}

// newFloors reads from a rendered inbox what it was rendered from.
func newFloors(body []byte) (*floors, error) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	f := &floors{body: body, page: floorPage(doc), model: floorModel{total: doc.Find(".queue-side > .row .nums").Text(),
		count: doc.Find(".queue-side > p small").First().Text()}}
	doc.Find(".tabs a").Each(func(_ int, s *goquery.Selection) {
		n := countIn(s)
		_, current := s.Attr("aria-current")
		f.model.tabs = append(f.model.tabs, ui.Tab{Label: strings.TrimSpace(strings.TrimSuffix(s.Text(), s.Find(".count").Text())), Href: s.AttrOr("href", ""), Count: n, Current: current})
	})
	doc.Find(".queue li a").Each(func(_ int, s *goquery.Selection) {
		why := s.Find("small")
		f.model.rows = append(f.model.rows, floorRow{href: s.AttrOr("href", ""), customer: s.Find("b").Text(), amount: s.Find(".num").First().Text(),
			why: why.Text(), tone: why.AttrOr("class", ""), due: s.Find(".due").Text()})
	})
	doc.Find(".queue-side > p a").Each(func(_ int, s *goquery.Selection) {
		switch href, name := s.AttrOr("href", ""), s.Text(); name {
		case "Later ones":
			f.model.older = href
		case "Earlier ones":
			f.model.newer = href
		default:
			f.model.files = append(f.model.files, floorFile{href, name})
		}
	})
	first, last := bytes.Index(body, []byte("<li><a")), bytes.LastIndex(body, []byte("</ul></nav><p"))
	if first < 0 || last < first {
		return nil, errors.New("the inbox has no rows")
	}
	f.head, f.tail = body[:first], body[last:]
	return f, f.same()
}

// same checks that the floors render what the portal renders, but for a few
// bytes: who changes the page may forget the floor, but not for long.
func (f *floors) same() error {
	var plain bytes.Buffer
	if err := floorInbox(f.page, f.model).Render(context.Background(), &plain); err != nil {
		return err
	}
	for name, got := range map[string]int{"F1": plain.Len(), "F2": len(f.appended(nil))} {
		if off := got - len(f.body); off < -len(f.body)/50 || off > len(f.body)/50 {
			return fmt.Errorf("%s renders %d bytes, the portal %d: bring floor.templ up to date", name, got, len(f.body))
		}
	}
	return nil
}

func floorPage(doc *goquery.Document) views.Page {
	p := views.Page{Title: "Inbox", Path: "/inbox", Actor: influence.Actor{MemberID: "m", Role: influence.RoleLAR}}
	p.Actor.Name, p.Actor.OrgName, _ = strings.Cut(doc.Find(".me").AttrOr("title", ""), ", ")
	p.Search = doc.Find("form.find").Length() > 0
	p.Notices, p.News = doc.Find("a.news").Length() > 0, doc.Find("a.news .dot").Length() > 0
	doc.Find("#nav a").Each(func(_ int, s *goquery.Selection) {
		_, current := s.Attr("aria-current")
		p.Nav = append(p.Nav, views.NavItem{Label: strings.TrimSpace(strings.TrimSuffix(s.Text(), s.Find(".count").Text())), Href: s.AttrOr("href", ""), Current: current, Count: countIn(s)})
	})
	return p
}

func countIn(s *goquery.Selection) int64 {
	n, _ := strconv.ParseInt(strings.ReplaceAll(s.Find(".count").Text(), ",", ""), 10, 64)
	return n
}

// handler answers with hello, the bytes (F0), the component (F1), and the page
// appended by hand (F2).
func (f *floors) handler() http.Handler {
	e := echo.New()
	e.GET("/hello", func(c echo.Context) error { return c.String(http.StatusOK, "hello") })
	e.GET("/f0", func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, f.body) })
	e.GET("/f1", func(c echo.Context) error {
		buf := templ.GetBuffer()
		defer templ.ReleaseBuffer(buf)
		if err := floorInbox(f.page, f.model).Render(c.Request().Context(), buf); err != nil {
			return err
		}
		return c.HTMLBlob(http.StatusOK, buf.Bytes())
	})
	e.GET("/f2", func(c echo.Context) error {
		buf := templ.GetBuffer()
		defer templ.ReleaseBuffer(buf)
		buf.Write(f.appended(buf.AvailableBuffer()))
		return c.HTMLBlob(http.StatusOK, buf.Bytes())
	})
	return e
}

func (f *floors) appended(b []byte) []byte {
	b = append(b, f.head...)
	for _, r := range f.model.rows {
		b = append(append(append(b, `<li><a href="`...), html.EscapeString(r.href)...), `" data-row><b>`...)
		b = append(append(append(b, html.EscapeString(r.customer)...), `</b><span class="num">`...), html.EscapeString(r.amount)...)
		b = append(append(append(b, `</span><small class="`...), html.EscapeString(r.tone)...), `">`...)
		b = append(append(append(b, html.EscapeString(r.why)...), `</small><span class="due mute num">`...), html.EscapeString(r.due)...)
		b = append(b, `</span></a></li>`...)
	}
	return append(b, f.tail...)
}
