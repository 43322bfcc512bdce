package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"irm/store/storetest"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// Whatever is typed into any text field of any form stands on the pages as text: a
// refused form has it again byte for byte, and no page that shows what was stored
// has an element or an attribute of it. The forms are found on the pages.
func TestASVS_1_2_1_EveryFieldOfEveryFormIsShownAsText(t *testing.T) {
	t.Parallel()
	h := &hostile{t: t, texts: storetest.Naughty(t, storetest.Full(100, 60, 1)), fields: map[string]map[string]string{}, sent: map[string]bool{}, lost: map[string]int{}, unseen: map[string]int{}}
	h.fresh()
	h.find()
	for _, p := range permissions(t) {
		if role := p.fillsIn(); role != "" && len(h.fields[p.path]) > 0 && !h.sent[p.path] && p.path != "/reports" && p.path != "/roster" {
			h.fill(p, role)
		}
	}
	for _, path := range slices.Sorted(mapKeys2(h.fields)) {
		for name, kind := range h.fields[path] {
			if !h.sent[path+" "+name] && kind != "file" {
				t.Errorf("nothing was typed into %s of %s", name, path)
			}
		}
	}
	h.t.Logf("not held by the refused form: %v; taken and on none of the pages: %v", h.lost, h.unseen)
	h.fresh()
	h.search()
	if h.back < len(h.texts) || h.stored < len(h.texts) {
		t.Errorf("%d texts came back, %d were stored: the test shows little", h.back, h.stored)
	}
	storetest.Figure(t, "S2", "%d texts through each of %d text fields of %d forms (%d posts): %d came back byte for byte in the refused form, %d stored and shown; %d pages, no element or attribute of a text",
		len(h.texts), len(h.sent)-h.forms, h.forms, h.posts, h.back, h.stored, h.pages)
}

func mapKeys2[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range m {
			if !yield(name) {
				return
			}
		}
	}
}

// hostile types texts into forms.
type hostile struct {
	t                                 *testing.T
	texts                             []string
	w                                 *world
	cookie                            map[string]string            // by role
	fields                            map[string]map[string]string // the kind of each text field by its form's address
	sent                              map[string]bool              // what was typed into, "/claims note", and where, "/claims"
	lost                              map[string]int               // how often a refused form did not hold the text any more, by form and field
	unseen                            map[string]int               // how often a text was taken and is on none of the pages, by form and field
	forms, posts, back, stored, pages int
}

// fresh begins in a new world.
func (h *hostile) fresh() {
	many := Limits{}
	for _, name := range DefaultLimits().Names() {
		many[name] = Limit{1_000_000, 1_000_000}
	}
	dsn := worlds.SQLite(h.t)
	h.w = &world{portal: bare(h.t, dsn, Config{Limits: many}), db: storetest.Behind(h.t, dsn)}
	h.w.find(h.t)
	h.cookie = map[string]string{}
}

// as is the cookie of a role that is signed in.
func (h *hostile) as(role string) string {
	if _, ok := h.cookie[role]; !ok {
		h.cookie[role] = h.w.signedIn(h.t, role)
	}
	h.w.asking = roles()[role]
	return h.cookie[role]
}

// find reads the text fields of all forms off the pages.
func (h *hostile) find() {
	h.w.everyAnswer(h.t, func(_ string, resp *http.Response, text string) {
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			return
		}
		for _, form := range parsed(h.t, text).Find("form[method=post]").EachIter() {
			at := anyRef.ReplaceAllString(form.AttrOr("action", ""), ":ref")
			for _, f := range form.Find("input[name], textarea[name]").EachIter() {
				kind := f.AttrOr("type", "text")
				if slices.Contains([]string{"hidden", "radio", "checkbox", "submit", "file", "date"}, kind) {
					continue
				}
				if h.fields[at] == nil {
					h.fields[at] = map[string]string{}
				}
				h.fields[at][f.AttrOr("name", "")] = kind
			}
		}
	})
}

// search types each text into each field of the forms that only ask, such as the
// filters of a list.
func (h *hostile) search() {
	for _, role := range []string{"alder", "north", "administrator"} {
		for _, path := range []string{"/claims", "/agreements", "/partners", "/customers", "/roster", "/inbox", "/audit", "/team/activity", "/applications", "/connections", "/members", "/lars"} {
			for _, form := range parsed(h.t, h.w.ask(h.t, h.as(role), "GET", path, "", nil).text).Find("form:not([method=post])").EachIter() {
				for _, f := range form.Find("input[type=search], input[type=text], input:not([type])").EachIter() {
					h.ask(role, form.AttrOr("action", path), f.AttrOr("name", ""))
				}
			}
		}
	}
}

func (h *hostile) ask(role, path, name string) {
	h.t.Helper()
	for _, text := range h.texts {
		got := h.w.ask(h.t, h.as(role), "GET", path+"?"+url.Values{name: {text}}.Encode(), "", nil)
		h.pages++
		h.clean(path+"?"+name, text, got.text)
		if got.status >= 500 {
			h.t.Errorf("%s?%s: %q is answered %d", path, name, text, got.status)
		}
		held := parsed(h.t, got.text).Find(fmt.Sprintf("form:not([method=post])[action=%q] [name=%q]", path, name)).First().AttrOr("value", "")
		if got.status == 200 && held != tidyText(shownText(text)) {
			h.t.Errorf("%s?%s: %q came back as %q", path, name, text, held)
		}
	}
}

// fillsIn is a role that may send a permission's form, be it that what the world
// sends is refused for what stands in it.
func (p permission) fillsIn() string {
	if role := p.acceptedBy(); role != "" || p.method != "POST" {
		return role
	}
	for _, role := range []string{"alder", "north", "administrator", "applicant", "nobody"} {
		if p.status[role] == http.StatusUnprocessableEntity {
			return role
		}
	}
	return ""
}

// atATime is how many texts go into a field before the worlds that they needed end.
const atATime = 25

// fill types each text into each field of a form, and sends it.
func (h *hostile) fill(p permission, role string) {
	h.t.Helper()
	h.sent[p.path], h.forms = true, h.forms+1
	whole := h.t
	for _, name := range slices.Sorted(mapKeys2(h.fields[p.path])) {
		h.sent[p.path+" "+name] = true
		for texts := range slices.Chunk(h.texts, atATime) {
			whole.Run(p.path+" "+name, func(t *testing.T) {
				h.t = t
				h.fresh()
				h.type1(p, role, name, texts)
			})
		}
	}
	h.t = whole
}

// type1 types texts into a field of a form.
func (h *hostile) type1(p permission, role, name string, texts []string) {
	for i, text := range texts {
		got := h.send(p, role, name, text, i)
		if h.done(p, name, got) {
			h.fresh()
			got = h.send(p, role, name, text, i)
		}
		h.judge(p, role, name, text, got)
	}
}

// done reports whether an answer says that what the form was about is done already,
// or no longer has the form.
func (h *hostile) done(p permission, name string, got answer) bool {
	if got.status == http.StatusUnprocessableEntity && h.fields[p.path][name] != "password" && name != "code" {
		_, ok := typedAgain(parsed(h.t, got.text), p.path, name)
		return !ok
	}
	return slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone}, got.status)
}

func (h *hostile) send(p permission, role, name, text string, i int) answer {
	h.t.Helper()
	cookie := h.as(role)
	p.role = role
	f := h.w.tell(h.t, p)
	if f.Has("key") {
		f.Set("key", fmt.Sprint("hostile", name, i))
	}
	f.Set(name, text)
	kind, body := formBody(f)
	h.posts++
	return h.w.ask(h.t, cookie, p.method, h.w.address(h.t, p), kind, body)
}

// judge reads the answer to a text, and the pages that show it.
func (h *hostile) judge(p permission, role, name, text string, got answer) {
	h.t.Helper()
	where := p.path + " " + name
	h.clean(where, text, got.text)
	switch {
	case got.status >= 500:
		h.t.Errorf("%s: %q is answered %d", where, text, got.status)
	case got.status == 422 && h.fields[p.path][name] != "password":
		if typed, ok := typedAgain(parsed(h.t, got.text), p.path, name); ok && typed != tidyText(shownText(text)) && typed != line1(text) {
			h.t.Errorf("%s: %q came back as %q", where, text, typed)
		} else if ok {
			h.back++
		} else {
			h.lost[where]++
		}
	case got.status == 303 && h.fields[p.path][name] != "password":
		h.shown(where, role, text, got.to)
	}
}

// shownText is a text as a page can hold it.
func shownText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func line1(s string) string { return strings.Join(strings.Fields(shownText(s)), " ") }

// typedAgain is what a field of a form holds on a page that shows the form again.
func typedAgain(page *goquery.Document, path, name string) (string, bool) {
	for _, form := range page.Find("form[method=post]").EachIter() {
		if anyRef.ReplaceAllString(form.AttrOr("action", ""), ":ref") != path {
			continue
		}
		for _, f := range form.Find(fmt.Sprintf("[name=%q]", name)).EachIter() {
			if goquery.NodeName(f) == "textarea" {
				return f.Text(), true
			}
			if f.AttrOr("type", "") != "hidden" {
				return f.Attr("value")
			}
		}
	}
	return "", false
}

// shown looks for a text that was stored on the page that the form leads to, on the
// lists and on the ledger, as those who see them.
func (h *hostile) shown(where, role, text, to string) {
	h.t.Helper()
	found := false
	for _, who := range []string{role, "north", "administrator"} {
		for _, path := range []string{to, to + "/edit", "/claims", "/partners", "/applications", "/connections", "/team/activity", "/demo/mail"} {
			if strings.HasPrefix(to, "/signin") || strings.Contains(to, "/receipt") {
				continue
			}
			got := h.w.ask(h.t, h.as(who), "GET", path, "", nil)
			if got.status != 200 || got.file {
				continue
			}
			h.pages++
			h.clean(where+" at "+path, text, got.text)
			found = found || line1(text) != "" && strings.Contains(allText(h.t, got.text), line1(text))
		}
	}
	if found {
		h.stored++
	} else {
		h.unseen[where]++
	}
}

// allText is what a page shows and what its fields hold, white space as one blank.
func allText(t testing.TB, page string) string {
	doc := parsed(t, page)
	all := []string{doc.Text()}
	for _, f := range doc.Find("[value]").EachIter() {
		all = append(all, f.AttrOr("value", ""))
	}
	return line1(strings.Join(all, " "))
}

// clean fails for what none of our templates writes: an attribute that runs a
// script, a script or a frame of the page's own, an address that leads elsewhere.
func (h *hostile) clean(where, text, page string) {
	h.t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		h.t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && !ours(n) {
			h.t.Errorf("%s: %q made an element of its own: <%s %v>", where, text, n.Data, n.Attr)
		}
	}
}

// ours reports whether one of our templates may have written an element.
func ours(n *html.Node) bool {
	switch n.Data {
	case "iframe", "object", "embed", "base", "style", "video", "audio", "marquee", "math", "frame", "applet":
		return false
	case "script":
		if n.FirstChild != nil {
			return false
		}
	}
	for _, a := range n.Attr {
		switch key := strings.ToLower(a.Key); {
		case strings.HasPrefix(key, "on"), key == "style", key == "srcdoc", key == "http-equiv", key == "hx-on:load":
			return false
		case key == "href", key == "src", key == "action", key == "formaction", key == "data":
			u, err := url.Parse(a.Val)
			if err != nil || u.Host != "" || u.Scheme != "" && u.Scheme != "mailto" && u.Scheme != "tel" {
				return false
			}
		}
	}
	return true
}
