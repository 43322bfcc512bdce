package web

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Staff that sees the portal as an organization is told so on every page, finds
// no button there that would change something and no link that is not for it.
func TestSeenAsAnotherIsSaidAndHasNoDeadButtons(t *testing.T) {
	for _, role := range []string{"view_alder", "view_north"} {
		t.Run(role, func(t *testing.T) {
			w := newWorld(t, worlds.SQLite(t))
			cookie := w.signedIn(t, role)
			next, seen := []string{"/"}, map[string]string{"/": ""}
			for len(next) > 0 {
				path := next[0]
				next = next[1:]
				got := w.ask(t, cookie, "GET", path, "", nil)
				if got.status == 403 || got.status >= 500 {
					t.Errorf("%s: %s, linked at %s: %d", role, path, seen[path], got.status)
				}
				if got.status != 200 || got.file {
					continue
				}
				w.heldToLook(t, role+" "+path, got.text)
				for _, to := range links(got.text) {
					if _, known := seen[to]; !known && len(seen) < 150 {
						seen[to] = path
						next = append(next, to)
					}
				}
			}
			if len(seen) < 20 {
				t.Errorf("%s: only %d pages", role, len(seen))
			}
		})
	}
}

// heldToLook checks the line of a page and that it has no form that changes anything.
func (w *world) heldToLook(t *testing.T, what, page string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(doc.Find("aside").Text(), "You see the portal as") {
		t.Errorf("%s does not say that it is seen as another", what)
	}
	doc.Find("form[method=post]").Each(func(_ int, s *goquery.Selection) {
		if to := s.AttrOr("action", ""); to != endViewingPath {
			t.Errorf("%s has a form to %s", what, to)
		}
	})
}
