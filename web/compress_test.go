package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func packedAnswer(kind, body, accepts string) *http.Response {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", accepts)
	w := httptest.NewRecorder()
	Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	})).ServeHTTP(w, r)
	return w.Result()
}

func TestCompress(t *testing.T) {
	long := strings.Repeat("<p>Influenced revenue</p>", 400)
	for name, c := range map[string]struct {
		kind, body, accepts, want string
	}{
		"page":              {"text/html; charset=utf-8", long, "gzip, deflate, br, zstd", "gzip"},
		"export":            {"text/csv; charset=utf-8", long, "gzip", "gzip"},
		"list as JSON":      {"application/json", long, "gzip", "gzip"},
		"map":               {"image/svg+xml", long, "gzip", "gzip"},
		"old browser":       {"text/html; charset=utf-8", long, "", ""},
		"refuses it":        {"text/html; charset=utf-8", long, "gzip;q=0", ""},
		"short page":        {"text/html; charset=utf-8", "<p>Hello</p>", "gzip", ""},
		"spreadsheet":       {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", long, "gzip", ""},
		"type of no list":   {"application/octet-stream", long, "gzip", ""},
		"picture as a file": {"image/png", long, "gzip", ""},
	} {
		res := packedAnswer(c.kind, c.body, c.accepts)
		if got := res.Header.Get("Content-Encoding"); got != c.want {
			t.Errorf("%s: Content-Encoding %q, want %q", name, got, c.want)
			continue
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Vary %q", name, res.Header.Get("Vary"))
		}
		body := io.Reader(res.Body)
		if c.want == "gzip" {
			var err error
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		if b, err := io.ReadAll(body); err != nil || string(b) != c.body {
			t.Errorf("%s: %d bytes came back, %v", name, len(b), err)
		}
	}
}

// A file that was packed when the program was built is not packed twice.
func TestPackedAlready(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	body := strings.Repeat("x", 5000)
	Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		w.Header().Set("Content-Encoding", "br")
		io.WriteString(w, body)
	})).ServeHTTP(w, r)
	if w.Result().Header.Get("Content-Encoding") != "br" || w.Body.String() != body {
		t.Errorf("packed again: %s, %d bytes", w.Result().Header.Get("Content-Encoding"), w.Body.Len())
	}
}

// A handler can still reach the connection's deadlines through the writer.
func TestCompressedWriterUnwraps(t *testing.T) {
	srv := httptest.NewServer(Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
			t.Error(err)
		}
	})))
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}
