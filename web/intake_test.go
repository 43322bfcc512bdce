package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"irm/store/storetest"

	"github.com/PuerkitoBio/goquery"
)

// markup of a page that came back.
func parsed(t testing.TB, text string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var anyRef = regexp.MustCompile(`[A-Z]{3}-[0-9A-Z]{6}`)

// formFields are the names of the fields of every form of the portal, by its route.
func (w *world) formFields(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	w.everyAnswer(t, func(_ string, resp *http.Response, text string) {
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			return
		}
		for _, form := range parsed(t, text).Find("form[method=post]").EachIter() {
			at := anyRef.ReplaceAllString(form.AttrOr("action", ""), ":ref")
			if all[at] == nil {
				all[at] = map[string]bool{}
			}
			for _, f := range form.Find("[name]").EachIter() {
				all[at][f.AttrOr("name", "")] = true
			}
		}
	})
	return all
}

// acceptedBy is a role that may send a permission's request, "" if none may.
func (p permission) acceptedBy() string {
	for _, role := range []string{"alder", "birch", "cedar", "north", "south", "administrator", "applicant", "nobody"} {
		if p.accepts(role) && p.method == "POST" {
			return role
		}
	}
	return ""
}

// tell returns the fields of a permission's form.
func (w *world) tell(t testing.TB, p permission) url.Values {
	t.Helper()
	_, body := w.body(t, p)
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	f, err := url.ParseQuery(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// To every form that somebody may send, the name of every column of every table
// is added: none of what is sent with them is stored anywhere.
func TestASVS_15_3_3_NoFieldThatAFormLacksIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worlds.SQLite(t))
	fields := w.formFields(t)
	known := map[string]string{"/agreements/:ref/decide": "effective_on", // in the form for what is decided already, which nobody here opens
		"/agreements/:ref/dispute": "evidence", // in the form of a partner whose share was lowered, which nobody here opens either
		"/partners/:ref/link":      "key"}      // on the page of a partner that has not enrolled, nor that
	var columns []string
	for _, table := range storetest.Tables(t, w.db) {
		columns = append(columns, storetest.Texts(t, w.db, `SELECT name FROM pragma_table_info($1)`, table)...)
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	tried := 0
	for _, p := range permissions(t) {
		role := p.acceptedBy()
		if role == "" || p.path == "/reports" || p.path == "/roster" { // those take files
			continue
		}
		fresh := newWorld(t, worlds.SQLite(t))
		cookie := fresh.signedIn(t, role)
		at := fresh.address(t, p)
		f := fresh.tell(t, p)
		for i, name := range columns {
			if !fields[p.path][name] && name != known[p.path] && !f.Has(name) && len(f) < maxFields {
				f.Set(name, []string{"smuggled-in", "77177177"}[i%2])
				tried++
			}
		}
		kind, body := formBody(f)
		if got := fresh.ask(t, cookie, p.method, at, kind, body); got.status != p.status[role] {
			t.Errorf("%s %s with more fields: %d, want %d", p.method, p.path, got.status, p.status[role])
		}
		fresh.holdsNot(t, p.method+" "+p.path, "smuggled-in", "77177177")
	}
	if tried < 1000 {
		t.Errorf("only %d fields were tried", tried)
	}
}

// holdsNot fails when a text is in any table.
func (w *world) holdsNot(t testing.TB, what string, texts ...string) {
	t.Helper()
	for _, table := range storetest.Tables(t, w.db) {
		columns := storetest.Texts(t, w.db, `SELECT name FROM pragma_table_info($1)`, table)
		for _, row := range storetest.Rows(t, w.db, `SELECT * FROM `+table) {
			for i, cell := range row {
				if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(cell, text) }) {
					t.Errorf("%s stored what was smuggled in: %s.%s is %.100q", what, table, columns[i], cell)
				}
			}
		}
	}
}

// oddValues are what no field of ours asks for; some are still good text.
func oddValues() []string {
	return []string{"", " ", "\x00", "\xff\xfe", "\u202e", "0", "-1", "1e309", "0x10", "NaN", "Infinity", "9223372036854775808", "99999999999999999999", "1.5.2", "½", "１２３", "٣",
		"2007-02-30", "0000-00-00", "9999-12-31", "31/12/2007", "2007-13-01", "1/1/1", "$", "$-1", "($5)", "$1,00,00", "$0.001", "€5", "true", "null", "undefined", "[]", "{}", "a=b&c=d",
		"<script>alert(1)</script>", "'; DROP TABLE members; --", "\" OR 1=1", "%27", "../../etc/passwd", "${7*7}", "{{7*7}}", "\r\nSet-Cookie: a=b", "=1+1", "@SUM(1)", "CLM-000000", "AGR-%", "_",
		strings.Repeat("x", 5000), strings.Repeat("9", 400), strings.Repeat("é", 2001), "😀", "ﷺ", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤"}
}

// Each field of each form that somebody may send gets what it does not ask for:
// the answer is that of a person's mistake, never a failure, and what is refused
// changes nothing.
func TestASVS_2_2_1_2_2_2_WrongInputIsRefusedByTheServer(t *testing.T) {
	t.Parallel()
	odd := oddValues()
	posts, refused := 0, 0
	for _, p := range permissions(t) {
		role := p.acceptedBy()
		if role == "" || p.path == "/reports" || p.path == "/roster" {
			continue
		}
		w := newWorld(t, worlds.SQLite(t))
		cookie := w.signedIn(t, role)
		f := w.tell(t, p)
		names := slices.Sorted(mapKeys(f))
		before := w.facts(t)
		for i := range storetest.Full(15, 50, len(odd)) {
			g := url.Values{}
			for name, v := range f {
				g[name] = v
			}
			if len(names) > 0 {
				g.Set(names[i%len(names)], odd[i%len(odd)])
			}
			g.Set("key", fmt.Sprint("odd", i))
			kind, body := formBody(g)
			got := w.ask(t, cookie, p.method, w.address(t, p), kind, body)
			posts++
			switch {
			case got.status >= 500:
				t.Errorf("%s %s with %v: %d", p.method, p.path, g, got.status)
			case got.status >= 400:
				refused++
				if i%5 == 0 && w.facts(t) != before {
					t.Errorf("%s %s with %v: refused (%d), yet records changed", p.method, p.path, g, got.status)
				}
			}
			if got.status < 400 || i%5 == 0 {
				before = w.facts(t)
			}
		}
	}
	t.Logf("%d posts, %d refused", posts, refused)
	if refused < posts/2 {
		t.Errorf("only %d of %d were refused: the test shows little", refused, posts)
	}
}

func mapKeys(f url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range f {
			if !yield(name) {
				return
			}
		}
	}
}

// What is larger than a form or a file may be is refused before it is read, at
// every address that takes anything; also when it does not say how large it is and
// the address reads it.
func TestASVS_5_2_1_WhatIsSentHasALimit(t *testing.T) {
	d := newDoor(t, worlds.SQLite(t), true, nil)
	cut := 0
	for _, p := range permissions(t) {
		role := p.acceptedBy()
		if role == "" {
			continue
		}
		cookie := d.w.signedIn(t, role)
		limit := limitOf(d.w.address(t, p), bodyLimit, uploads)
		for _, length := range []int64{limit + 1, -1} { // said beforehand, and not
			r := httptest.NewRequest(p.method, d.w.url+d.w.address(t, p), io.LimitReader(zeros{}, bodyLimit+1))
			r.ContentLength = length
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.AddCookie(&http.Cookie{Name: "sid", Value: cookie})
			w := httptest.NewRecorder()
			d.handler.ServeHTTP(w, r)
			switch {
			case length > 0 && (w.Code != 413 || !strings.Contains(w.Body.String(), "That is too large")):
				t.Errorf("%s %s takes more than %d bytes: %d", p.method, p.path, limit, w.Code)
			case length < 0 && w.Code == 413:
				cut++
			}
		}
	}
	if cut < 15 {
		t.Errorf("only %d addresses cut off what says no length", cut)
	}
}

// zeros are endless.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
