package web

import (
	"mime"
	"strings"
	"testing"
)

// TestEvidenceIsAddedAndKeptToItself: a file goes in by the form of the page, comes
// back byte for byte as something to keep, and is seen by who sees the claim; what
// is not taken comes back with its reason at the field and with what was typed.
func TestEvidenceIsAddedAndKeptToItself(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	alder, at := w.signedIn(t, "alder"), "/claims/"+w.things["claim alder attached"]
	version := func() string { return w.version(t, "claims", w.things["claim alder attached"]) }
	kind, body := fileBody("Plän \"18\" Jan.txt", "What they planned.", "version", version(), "statement", "The plan of January.")
	if got := w.ask(t, alder, "POST", at+"/evidence", kind, body); got.status != 303 || got.to != at {
		t.Fatalf("added: %d to %q: %.300s", got.status, got.to, got.text)
	}
	page := w.ask(t, alder, "GET", at, "", nil)
	link := parsed(t, page.text).Find("#evidence .files a:contains(Plän)").AttrOr("href", "")
	if !strings.Contains(page.text, "The plan of January.") || !strings.HasPrefix(link, "/evidence/FIL-") {
		t.Fatalf("the page leads to %q", link)
	}
	for _, role := range []string{"north", "manager"} {
		resp, text := w.raw(t, bareClient(), w.signedIn(t, role), "GET", link, nil, "", nil)
		disposition, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
		if resp.StatusCode != 200 || text != "What they planned." || err != nil || disposition != "attachment" || params["filename"] != `Plän "18" Jan.txt` {
			t.Errorf("%s gets %d, %q as %q", role, resp.StatusCode, text, resp.Header.Get("Content-Disposition"))
		}
		if resp.Header.Get("Content-Security-Policy") != filePolicy || resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s: %v", role, resp.Header)
		}
	}
	for name, text := range map[string]string{"plan.html": "<p>plan</p>", "plan.pdf": "no PDF", "plan.txt": "", "big.txt": strings.Repeat("a", 10<<20+1)} {
		kind, body := fileBody(name, text, "version", version(), "statement", "Kept as typed.")
		got := w.ask(t, alder, "POST", at+"/evidence", kind, body)
		doc := parsed(t, got.text)
		if got.status != 422 || doc.Find("#file-e").Length() != 1 || doc.Find("#statement").Text() != "Kept as typed." || doc.Find("#evidence details[open]").Length() != 1 {
			t.Errorf("%s: %d, %q, %q", name, got.status, doc.Find("#file-e").Text(), doc.Find("#statement").Text())
		}
	}
	kind, body = fileBody("huge.txt", strings.Repeat("a", 12<<20), "version", version())
	if got := w.ask(t, alder, "POST", at+"/evidence", kind, body); got.status != 413 {
		t.Errorf("what is far too large is answered %d", got.status)
	}
	kind, body = fileBody("late.txt", "x", "version", "1", "statement", "Typed before.")
	if got := w.ask(t, alder, "POST", at+"/evidence", kind, body); got.status != 409 || !strings.Contains(got.text, "Typed before.") {
		t.Errorf("an older version is answered %d", got.status)
	}
}

// TestLimitOf: the pattern of an upload is that of one address, whatever is in it.
func TestLimitOf(t *testing.T) {
	for at, want := range map[string]int64{"/claims/CLM-1/evidence": uploads["/claims/*/evidence"], "/claims/evidence": bodyLimit, "/claims/a/b/evidence": bodyLimit,
		"/claims/CLM-1/evidence/": bodyLimit, "/claims/CLM-1": bodyLimit, "/reports": 257 << 20, "/reports/x": bodyLimit, "": bodyLimit, "/claims/[/evidence": uploads["/claims/*/evidence"]} {
		if got := limitOf(at, bodyLimit, uploads); got != want {
			t.Errorf("%s: %d, want %d", at, got, want)
		}
	}
}
