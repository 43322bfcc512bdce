package static

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestServe(t *testing.T) {
	for name, kind := range map[string]string{
		"portal.css": "text/css; charset=utf-8", "portal.js": "text/javascript; charset=utf-8", "passkey.js": "text/javascript; charset=utf-8",
		"htmx.min.js": "text/javascript; charset=utf-8", "icons.svg": "image/svg+xml", "favicon.svg": "image/svg+xml",
	} {
		want, err := files.ReadFile("files/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^/static/[a-z.]+\.[0-9a-f]{12}\.[a-z]+$`).MatchString(URL(name)) {
			t.Errorf("%s is at %q", name, URL(name))
		}
		w := get(t, URL(name))
		if w.Code != 200 || w.Header().Get("Content-Type") != kind || w.Body.String() != string(want) {
			t.Errorf("%s: status %d, %s, %d bytes", name, w.Code, w.Header().Get("Content-Type"), w.Body.Len())
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
	}
}

func TestCompressed(t *testing.T) {
	for accept, packed := range map[string]bool{"gzip, deflate, br": true, "": false, "br": false, "gzip;q=0": false, "GZIP": true} {
		w := get(t, URL("portal.css"), "Accept-Encoding", accept)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%q: compressed is %v", accept, got)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: Vary %q", accept, w.Header().Get("Vary"))
		}
		if !packed {
			continue
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(z); err != nil || string(plain) != get(t, URL("portal.css")).Body.String() {
			t.Errorf("%q: not the file (%v)", accept, err)
		}
	}
}

func TestNotModified(t *testing.T) {
	tag := get(t, URL("portal.css")).Header().Get("ETag")
	for _, sent := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		if w := get(t, URL("portal.css"), "If-None-Match", sent); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s: status %d, %d bytes", sent, w.Code, w.Body.Len())
		}
	}
	if w := get(t, URL("portal.css"), "If-None-Match", `"other"`); w.Code != 200 {
		t.Errorf("another tag: status %d", w.Code)
	}
}

// Only the files of the map are there, whatever is asked for.
func TestNothingElse(t *testing.T) {
	for _, path := range []string{"/static/", "/static/portal.css", "portal.css", "/static/portal.000000000000.css", "/static/htmx.LICENSE.txt",
		"/static/../static.go", "/static/%2e%2e/static.go", "/static/files/portal.css"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "" {
			t.Errorf("%s: status %d, %q", path, w.Code, w.Header().Get("Cache-Control"))
		}
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, URL("portal.css"), nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: status %d", w.Code)
	}
}

// What a first visit loads stays light: plain and compressed sizes, in bytes.
func TestWeight(t *testing.T) {
	for name, most := range map[string][2]int{"portal.css": {40_000, 11_000}, "portal.js": {6_000, 2_500}, "icons.svg": {12_000, 3_500}, "htmx.min.js": {60_000, 20_000}} {
		a := assets()[URL(name)]
		if len(a.plain) > most[0] || len(a.small) > most[1] {
			t.Errorf("%s weighs %d bytes and %d compressed, more than %v", name, len(a.plain), len(a.small), most)
		}
	}
}

// The content policy forbids what these would do.
func TestPolicy(t *testing.T) {
	css, js := get(t, URL("portal.css")).Body.String(), get(t, URL("portal.js")).Body.String()
	for _, no := range []string{"@import", "url(", "data:"} {
		if strings.Contains(css, no) {
			t.Errorf("the style sheet has %s", no)
		}
	}
	for _, no := range []string{"eval(", "innerHTML", ".style", "http:", "https:"} {
		if strings.Contains(js, no) {
			t.Errorf("the script has %s", no)
		}
	}
}
