package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"irm/store/storetest"
)

var anyRef = regexp.MustCompile(`[A-Z]{3}-[0-9A-Z]{6}`)

// Every form of every page of the list is filled in with a hostile text, in each of
// its text fields, and sent: in the browser nothing of it runs, neither on the page
// that comes, which has the text again byte for byte if it refuses it, nor on any
// page of the list afterwards.
func TestASVS_1_2_1_NoFormRunsAScript(t *testing.T) {
	need(t, "Chromium", chromium())
	texts := storetest.Naughty(t, storetest.Full(9, 9, 5))
	each := storetest.Full(1, 1, 10) // texts for each form
	base, tabs, done := start(t, "demo", "--agreements", "300").URL, map[string]*Tab{}, map[string]bool{}
	sent, pages, back := 0, 0, 0
	visit := func(v view) *Tab {
		if tabs[v.actor] == nil {
			tabs[v.actor] = open(t, base, Look{})
			if v.actor != "" {
				tabs[v.actor].SignIn(v.actor+"@demo.example", "influence-demo-2007")
			}
		}
		b := tabs[v.actor]
		b.reach(view{path: v.path})
		b.unharmed(v.String())
		pages++
		return b
	}
	step := storetest.Full(4, 4, 1) // every change: a fourth of the pages
	looked := 0
	for _, v := range views {
		if v.press != "" || v.status == 403 {
			continue
		}
		if looked++; looked%step != 0 {
			continue
		}
		b := visit(v)
		at := b.URL()
		for nth, form := range formsOf(b) {
			kind := v.actor + " " + anyRef.ReplaceAllString(form, "")
			if form == "" || done[kind] {
				continue
			}
			done[kind] = true
			for range each {
				b.Visit(at)
				pages++
				if now := formsOf(b); nth >= len(now) || v.actor+" "+anyRef.ReplaceAllString(now[nth], "") != kind {
					break // it took a text, and is not there for another
				}
				back += b.hostile(nth, texts[sent%len(texts)])
				sent++
			}
		}
	}
	for i, v := range views {
		if step == 1 && v.press == "" || i%(5*step) == 1 {
			visit(v)
		}
	}
	if len(done) < 30/step || back < 30/step {
		t.Errorf("only %d forms were found, and %d texts came back: the test shows little", len(done), back)
	}
	storetest.Figure(t, "S2", "%d forms sent with hostile texts in Chromium, %d times, and %d pages: 0 scripts ran, 0 policy reports, %d texts back byte for byte", len(done), sent, pages, back)
}

func formsOf(b *Tab) []string {
	b.t.Helper()
	all, err := ask[[]string](b, "forms")
	b.must("list the forms", err)
	return all
}

// unharmed fails the test if a script of a text has run on the page.
func (b *Tab) unharmed(where string) {
	b.t.Helper()
	if ran, err := ask[bool](b, "pwned"); ran || err != nil {
		b.t.Errorf("%s: a script ran (%v)", where, err)
	}
}

// hostile sends a form with a text in each field and returns how many fields have
// it again.
func (b *Tab) hostile(nth int, text string) (back int) {
	b.t.Helper()
	where, before := fmt.Sprintf("form %d of %s with %q", nth, b.URL(), text), b.traffic.seen()
	names, err := ask[[]string](b, "hostile", nth, text)
	b.must(where, err)
	b.arrived(where, before)
	b.unharmed(where)
	if b.Status() >= 500 {
		b.t.Errorf("%s is answered %d", where, b.Status())
	}
	if b.Status() != 422 {
		return 0
	}
	for _, name := range names {
		got, err := ask[*string](b, "value", name, 0)
		if err == nil && got != nil && same(*got, text) {
			back++
		}
	}
	return back
}

// same reports whether a field holds a text as a browser holds it: one line without
// its breaks, several with breaks of one kind, without what is no text.
func same(got, text string) bool {
	flat := func(s string) string {
		return strings.Join(strings.Fields(strings.NewReplacer("\r", "", "\n", "", "\x00", "\uFFFD").Replace(s)), " ")
	}
	return flat(got) == flat(text)
}
