package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

const hostCookie = "__Host-sid"

// sentFrom is what a request says of where it comes from.
type sentFrom struct{ site, mode, origin string }

func (f sentFrom) request(method, cookie string) *http.Request {
	r := httptest.NewRequest(method, "https://portal.example/claims", nil)
	for name, value := range map[string]string{"Sec-Fetch-Site": f.site, "Sec-Fetch-Mode": f.mode, "Origin": f.origin} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookie, Value: "x"})
	}
	return r
}

// passesOrigin reports whether the request reached the page behind the guard.
func passesOrigin(t *testing.T, cookie string, r *http.Request) bool {
	t.Helper()
	reached := false
	guard := Origin(cookie, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	w := httptest.NewRecorder()
	guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).ServeHTTP(w, r)
	if reached == (w.Code == http.StatusForbidden) {
		t.Errorf("reached %v with status %d", reached, w.Code)
	}
	return reached
}

// Every unsafe method with every set of headers: only what comes from our own
// page passes; without the cookie, also what comes from no browser.
func TestUnsafeRequests(t *testing.T) {
	for _, c := range []struct {
		name             string
		from             sentFrom
		stranger, member bool
	}{
		{"same origin", sentFrom{site: "same-origin", mode: "navigate", origin: "https://portal.example"}, true, true},
		{"old browser, our origin", sentFrom{origin: "https://portal.example"}, true, true},
		{"cross-site", sentFrom{site: "cross-site", mode: "navigate", origin: "https://evil.example"}, false, false},
		{"cross-site claims our origin", sentFrom{site: "cross-site", origin: "https://portal.example"}, false, false},
		{"same-site", sentFrom{site: "same-site", mode: "navigate", origin: "https://blog.portal.example"}, false, false},
		{"typed by hand", sentFrom{site: "none", mode: "navigate"}, true, false},
		{"no headers", sentFrom{}, true, false},
		{"another origin", sentFrom{origin: "https://evil.example"}, false, false},
		{"null origin", sentFrom{origin: "null"}, false, false},
		{"null origin, same-origin", sentFrom{site: "same-origin", origin: "null"}, true, true}, // a page of ours with Referrer-Policy no-referrer
		{"http origin", sentFrom{origin: "http://portal.example"}, false, false},
		{"http origin, upper case", sentFrom{origin: "HTTP://portal.example"}, false, false},
		{"another port", sentFrom{origin: "https://portal.example:8443"}, false, false},
		{"unknown word", sentFrom{site: "whatever", origin: "https://evil.example"}, false, false},
	} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "post"} {
			if got := passesOrigin(t, hostCookie, c.from.request(method, "")); got != c.stranger {
				t.Errorf("%s %s without a session: passes %v", method, c.name, got)
			}
			if got := passesOrigin(t, hostCookie, c.from.request(method, hostCookie)); got != c.member {
				t.Errorf("%s %s with a session: passes %v", method, c.name, got)
			}
		}
	}
}

func TestHTTPPortalTakesItsOwnOrigin(t *testing.T) {
	if !passesOrigin(t, "sid", sentFrom{origin: "http://portal.example"}.request("POST", "sid")) {
		t.Error("our own origin is refused")
	}
	if passesOrigin(t, "sid", sentFrom{}.request("POST", "sid")) {
		t.Error("a post that comes from nowhere passes with a session")
	}
}

// Links from elsewhere open; pictures, scripts and fetches from elsewhere don't.
func TestASVS_3_5_8_ReadingFromAnotherSite(t *testing.T) {
	for _, c := range []struct {
		from   sentFrom
		cookie string
		want   bool
	}{
		{sentFrom{site: "cross-site", mode: "navigate"}, hostCookie, true},
		{sentFrom{site: "cross-site", mode: "no-cors"}, hostCookie, false},
		{sentFrom{site: "cross-site", mode: "cors", origin: "https://evil.example"}, hostCookie, false},
		{sentFrom{site: "cross-site"}, hostCookie, false},
		{sentFrom{site: "cross-site", mode: "no-cors"}, "", true},
		{sentFrom{site: "same-origin", mode: "no-cors"}, hostCookie, true},
		{sentFrom{site: "none", mode: "navigate"}, hostCookie, true},
		{sentFrom{}, hostCookie, true},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			if got := passesOrigin(t, hostCookie, c.from.request(method, c.cookie)); got != c.want {
				t.Errorf("%s %+v with cookie %q: passes %v", method, c.from, c.cookie, got)
			}
		}
	}
}
