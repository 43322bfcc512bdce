package web

import (
	"net/url"
	"strings"
	"testing"

	"irm/store/storetest"
)

// places that other programs take the next address from.
func nextNames() []string {
	return []string{"next", "return", "returnTo", "return_to", "redirect", "redirect_uri", "url", "to", "back", "continue", "goto", "dest", "r", "u", "from"}
}

// staysHere reports whether an address of a redirect is one of ours: a path that
// no browser takes for another site's.
func staysHere(to string) bool {
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.ContainsAny(to, "\\\t\r\n\x00")
}

// The portal chooses where a redirect leads; nothing that a visitor writes into an
// address or a form does.
func TestASVS_3_7_2_NoRedirectLeaves(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	cookie := w.signedIn(t, "alder")
	payloads, redirects := storetest.Elsewhere(), 0
	if len(payloads) < 300 {
		t.Fatalf("%d payloads", len(payloads))
	}
	check := func(what string, a answer) {
		if a.to == "" {
			return
		}
		redirects++
		if !staysHere(a.to) {
			t.Errorf("%s leads to %q", what, a.to)
		}
	}
	names := nextNames()
	for i, payload := range payloads {
		q := url.Values{}
		f := url.Values{"email": {"owner@alder.example"}, "password": {"no"}}
		for _, name := range names {
			q.Set(name, payload)
			f.Set(name, payload)
		}
		check("signed in, /signin?"+q.Encode(), w.ask(t, cookie, "GET", "/signin?"+q.Encode(), "", nil))
		check("signed out, /claims?"+q.Encode(), w.ask(t, "", "GET", "/claims?"+q.Encode(), "", nil))
		kind, body := formBody(f)
		check("sign out with "+payload, w.ask(t, cookie+"x", "POST", "/signout?"+q.Encode(), kind, body))
		if path := (&url.URL{Path: "/" + payload}).EscapedPath(); i%3 == 0 {
			check("path "+path, w.ask(t, "", "GET", path, "", nil))
		}
	}
	if redirects < 2*len(payloads) {
		t.Errorf("only %d redirects were seen", redirects)
	}
	storetest.Figure(t, "S6", "%d payloads, %d redirects, 0 leave", len(payloads), redirects)
}
