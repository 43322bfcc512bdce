package web

import (
	"strings"
	"testing"
)

// TestRefusedLooksLikeMissing: what belongs to another is answered as what is
// not there, word for word.
func TestRefusedLooksLikeMissing(t *testing.T) {
	all := permissions(t)
	worlds.Each(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn)
		cookies := map[string]string{}
		for _, p := range all {
			if p.method != "GET" || p.thing == "" || p.thing == "missing" {
				continue
			}
			for role, status := range p.status {
				if status != 404 {
					continue
				}
				if cookies[role] == "" {
					cookies[role] = w.signedIn(t, role)
				}
				w.likeMissing(t, p, role, cookies[role])
			}
		}
	})
}

// likeMissing compares a refusal with the answer for what is not there.
func (w *world) likeMissing(t testing.TB, p permission, role, cookie string) {
	t.Helper()
	none := p
	none.thing = "missing"
	a := w.ask(t, cookie, "GET", w.address(t, p), "", nil)
	b := w.ask(t, cookie, "GET", w.address(t, none), "", nil)
	if scrubbed(a.text, w.things[p.thing]) != scrubbed(b.text, w.things["missing"]) {
		t.Errorf("%s sees that %s (%s) is there", role, p.path, p.thing)
	}
}

// scrubbed is a page without the reference that was asked for.
func scrubbed(text, ref string) string { return strings.ReplaceAll(text, ref, "REF") }
