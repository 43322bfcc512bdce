package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"irm/store/storetest"
)

// hostileNames are file names that other programs took for paths, headers or types.
func hostileNames() (all []string) {
	for _, stem := range []string{"../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini", "a\x00b", "a\r\nSet-Cookie: x=y", "a\"; filename=\"b", "a;b", "a%00b", "a%2f..%2fb",
		"\u202egpj.exe", "CON", "nul", ".htaccess", "a/b", strings.Repeat("x", 300), "ﬁle", "日本語", "<script>alert(1)</script>", "'; DROP TABLE reports; --", "$(touch x)", "`id`", "| id", "-rf", "~root", " "} {
		for _, end := range []string{".csv", ".xlsx", ".html"} {
			all = append(all, stem+end)
		}
	}
	return all
}

// A file is read for what its content says, whatever its name says; its name makes
// no path on the disk, and what is answered has a name of ours and runs nothing.
func TestASVS_3_2_1_5_2_2_5_3_2_5_4_1_5_4_2_FilesAndTheirNames(t *testing.T) {
	spool := t.TempDir()
	dsn := worlds.SQLite(t)
	w := &world{portal: bare(t, dsn, Config{Spool: spool}), db: storetest.Behind(t, dsn)}
	w.find(t)
	cookie, c := w.signedIn(t, "north"), bareClient()
	names := hostileNames()
	if len(names) < 60 {
		t.Fatalf("%d names", len(names))
	}
	taken := 0
	for i, name := range names {
		number := fmt.Sprint("F", i)
		kind, body := fileBody(name, reportText("amount", number))
		resp, text := w.raw(t, c, cookie, "POST", "/reports", sameOrigin(w), kind, body)
		switch {
		case resp.StatusCode == http.StatusSeeOther:
			taken++
			at := resp.Header.Get("Location")
			if !staysHere(at) || !strings.HasPrefix(at, "/reports/RPT-") {
				t.Errorf("%q leads to %q", name, at)
			}
			w.refusedFile(t, cookie, at)
		case resp.StatusCode != http.StatusUnprocessableEntity && resp.StatusCode != http.StatusBadRequest:
			t.Errorf("%q is answered %d: %.200s", name, resp.StatusCode, text)
		}
	}
	if taken < 20 {
		t.Errorf("only %d files were read: the test shows little", taken)
	}
	for what, content := range map[string]string{"page": "<!DOCTYPE html><script>alert(1)</script>", "picture": "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 100), "program": "\x7fELF" + strings.Repeat("\x01", 200), "zip": "PK\x03\x04" + strings.Repeat("\x00", 100)} {
		for _, end := range []string{".csv", ".xlsx"} {
			kind, body := fileBody("report"+end, content)
			if resp, _ := w.raw(t, c, cookie, "POST", "/reports", sameOrigin(w), kind, body); resp.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("a %s named %s is answered %d", what, end, resp.StatusCode)
			}
		}
	}
	left, err := os.ReadDir(spool)
	if err != nil || len(left) != 0 {
		t.Errorf("the spool holds %v, %v", left, err)
	}
	if around, err := filepath.Glob(filepath.Join(filepath.Dir(spool), "*")); err != nil || len(around) > 3 {
		t.Errorf("beside the spool is %v, %v", around, err)
	}
	storetest.Figure(t, "S12", "%d hostile file names and 8 files that are not what they say: %d read by their content, 0 paths made, 0 answers under a name not ours", len(names), taken)
}

// refusedFile looks at the file of a report's refused rows.
func (w *world) refusedFile(t *testing.T, cookie, at string) {
	t.Helper()
	resp, text := w.raw(t, bareClient(), cookie, "GET", at+"/refused.csv", nil, "", nil)
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != strings.TrimPrefix(at, "/reports/")+"-refused.csv" {
		t.Errorf("%s is answered as %q", at, resp.Header.Get("Content-Disposition"))
	}
	if resp.Header.Get("Content-Security-Policy") != filePolicy || resp.Header.Get("X-Content-Type-Options") != "nosniff" || !bytes.HasPrefix([]byte(resp.Header.Get("Content-Type")), []byte("text/csv")) {
		t.Errorf("%s: %v", at, resp.Header)
	}
	if strings.Contains(text, "<script>") {
		t.Errorf("%s holds a script", at)
	}
}

// Pages carry no data for scripts and no script of their own: charts are drawn by
// the server.
func TestASVS_1_2_2_1_2_3_PagesCarryNoScriptsAndNoUnsafeAddress(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	pages := 0
	w.everyAnswer(t, func(what string, resp *http.Response, text string) {
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			return
		}
		pages++
		doc := parsed(t, text)
		if n := doc.Find("script:not([src]), style, [style], iframe, object, embed, base").Length(); n != 0 {
			t.Errorf("%s has %d of what the content policy forbids", what, n)
		}
		for _, a := range doc.Find("[href], [src], [action], [formaction]").EachIter() {
			for _, attr := range []string{"href", "src", "action", "formaction"} {
				at := strings.ToLower(strings.TrimSpace(a.AttrOr(attr, "/")))
				if !strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "?") && !strings.HasPrefix(at, "#") && !strings.HasPrefix(at, "mailto:") && !strings.HasPrefix(at, "tel:") || strings.HasPrefix(at, "//") {
					t.Errorf("%s leads to %q", what, at)
				}
			}
		}
	})
	if pages < 100 {
		t.Errorf("%d pages only", pages)
	}
}
