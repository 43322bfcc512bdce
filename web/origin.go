package web

import (
	"net/http"
	"strings"
)

// Origin refuses requests that another site has made a visitor's browser send. It
// stands around every route, without exception. cookie is the session's name;
// refuse writes the page for 403. The standard library sorts out what browsers
// say about themselves; suspicious adds where it is trusting.
func Origin(cookie string, refuse http.HandlerFunc) func(http.Handler) http.Handler {
	stock := http.NewCrossOriginProtection()
	stock.SetDenyHandler(refuse)
	return func(next http.Handler) http.Handler {
		checked := stock.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if suspicious(r, cookie) {
				refuse(w, r)
				return
			}
			checked.ServeHTTP(w, r)
		})
	}
}

// suspicious is what the standard library lets through. It takes a request that
// says nothing of where it comes from for no browser's, but nothing else than a
// browser holds our cookie; the same for "none", which is an address typed by
// hand and never a form. And it looks at no GET, where another site could learn
// from an answer's size or time what is in it.
func suspicious(r *http.Request, cookie string) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	_, err := r.Cookie(cookie)
	signedIn := err == nil
	if safeMethod(r.Method) {
		return signedIn && site == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate"
	}
	https := strings.HasPrefix(cookie, "__Host-") // browsers keep such a name only on https
	if https && strings.HasPrefix(strings.ToLower(origin), "http:") {
		return true // the same host without encryption is anybody's on the way
	}
	return signedIn && (site == "none" || site == "" && origin == "")
}

func safeMethod(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
