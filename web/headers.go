package web

import (
	"maps"
	"net/http"
)

// contentPolicy lets a page load its own files and nothing else: no inline script
// or style, no frames, no forms that post elsewhere. It is one constant, without
// a nonce, so that pages can be compared byte for byte.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'"

// Headers puts the headers of safety on every answer, errors included, so it
// stands outside the router. A handler that sets Cache-Control itself (files with
// a hash in their name) replaces no-store. https is whether the portal's own
// address is one: a browser told so on http would never come back.
func Headers(https bool) func(http.Handler) http.Handler {
	fixed := map[string]string{
		"Content-Security-Policy":      contentPolicy,
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=()",
		"Cache-Control":                "no-store",
	}
	if https {
		fixed["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains" // two years
	}
	values := map[string][]string{} // shared by all answers: who replaces one puts another slice there
	for name, value := range fixed {
		values[http.CanonicalHeaderKey(name)] = []string{value}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), values)
			next.ServeHTTP(w, r)
		})
	}
}
