// Package static serves the portal's style sheet, scripts and icons: a fixed map
// of embedded files under addresses that name their content.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

//go:embed files/portal.css files/portal.js files/passkey.js files/htmx.min.js files/icons.svg files/favicon.svg
var files embed.FS

// kinds are the types of content by ending.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// asset is one file, as it is and compressed.
type asset struct {
	url, kind    string
	plain, small []byte
}

// assets are all files by their address. They are packed once, on first use.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for name, url := range addresses() {
		b, err := files.ReadFile("files/" + name)
		if err != nil {
			panic(err) // it is embedded
		}
		all[url] = asset{url: url, kind: kinds[path.Ext(name)], plain: b, small: packed(b)}
	}
	return all
})

// addresses are those of all files, by name. Pages need them without the packing.
var addresses = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	entries, err := files.ReadDir("files")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, e := range entries {
		b, err := files.ReadFile("files/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum, ext := sha256.Sum256(b), path.Ext(e.Name())
		all[e.Name()] = "/static/" + strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
	}
	return all
})

func packed(b []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := z.Write(b); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// URL is the address of a file, such as portal.css. It changes with its content.
// A name that is not there is a fault of the page, and panics.
func URL(name string) string {
	url, ok := addresses()[name]
	if !ok {
		panic("static: no file " + name)
	}
	return url
}

// Handler serves the files, to be kept for good.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets()[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		default:
			a.serve(w, r)
		}
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	tag := `"` + path.Base(a.url) + `"`
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", tag)
	h.Add("Vary", "Accept-Encoding")
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.small
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // who hung up needs no answer
	}
}

// matches reports whether a browser has the file with this tag already.
func matches(sent, tag string) bool {
	for one := range strings.SplitSeq(sent, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// takesGzip reports whether the browser takes files packed.
func takesGzip(accept string) bool {
	for one := range strings.SplitSeq(accept, ",") {
		kind, quality, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(kind), "gzip") {
			q := strings.TrimSpace(quality)
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000") && q != "q=0.0" && q != "q=0.00"
		}
	}
	return false
}
