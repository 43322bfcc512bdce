package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHeaders(t *testing.T) {
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=()",
		"Cache-Control":                "no-store",
	}
	for name, h := range map[string]http.Handler{
		"page":    http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("page")) }),
		"404":     http.NotFoundHandler(),
		"failure": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "sorry", 500) }),
	} {
		w := httptest.NewRecorder()
		Headers(true)(h).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		for k, v := range want {
			if got := w.Result().Header.Values(k); len(got) != 1 || got[0] != v {
				t.Errorf("%s: %s is %q, want %q", name, k, got, v)
			}
		}
		if got := w.Result().Header.Get("Strict-Transport-Security"); got != "max-age=63072000; includeSubDomains" {
			t.Errorf("%s: HSTS is %q", name, got)
		}
	}
}

func TestNoHSTSWithoutHTTPS(t *testing.T) {
	w := httptest.NewRecorder()
	Headers(false)(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Result().Header.Values("Strict-Transport-Security"); len(got) != 0 {
		t.Errorf("HSTS is %q", got)
	}
}

func TestHandlerKeepsItsCacheControl(t *testing.T) {
	w := httptest.NewRecorder()
	Headers(false)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.WriteHeader(http.StatusOK)
	})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Result().Header.Values("Cache-Control"); len(got) != 1 || got[0] != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control is %q", got)
	}
}
