package web

import (
	"net/url"
	"strings"
	"testing"
)

// elsewhere are ways to write another site's address, known from redirects that
// were fooled by them.
func elsewhere() (all []string) {
	hosts := []string{"evil.example", "irm.example.evil.example", "evil.example:443", "evil%E3%80%82example", "[::ffff:7f00:1]"}
	forms := []string{"//H", "///H", "////H", "/\\H", "\\\\H", "\\/H", "/\\/H", "\\/\\/H", "/\t/H", "/%09/H", "/\n/H", "/%0a/H", "/\r/H", "/%0d/H", "/%5cH", "/%5c%5cH", "/%2f%2fH", "/%2fH",
		"https://H", "http://H", "HTTPS://H", "https:H", "https:/H", "https:\\\\H", "https:///H", "ht\ttps://H", " https://H", "\x00//H", "%00//H", "\u2028//H", "//user@H", "//irm.example@H", "//irm.example%40H",
		"https://irm.example@H", "https://irm.example\\@H", "https://irm.example%23@H", "/.//H", "/..//H", "/a/..//H", "/a/../\\H", "/;@H", "/.H", "@H", ":@H", "?next=//H", "#//H",
		"javascript:alert(1)//H", "JaVaScRiPt:alert(1)//H", "java\nscript:alert(1)//H", "data:text/html,<script>alert(1)</script>H", "vbscript:H", "file://H/etc", "ftp://H", "blob:https://H/x",
		"//H/%2e%2e", "//H?/", "//H#/", "〱H", "//Ｈ@H", "///\\;@H"}
	for _, h := range hosts {
		for _, f := range forms {
			all = append(all, strings.ReplaceAll(f, "H", h))
		}
	}
	return all
}

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
	payloads, redirects := elsewhere(), 0
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
}
