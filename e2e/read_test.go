package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Status is the HTTP status of the page that is shown.
func (b *Tab) Status() int { _, status := b.traffic.page(); return status }

// URL is the page's address without the program's, such as /claims?state=draft.
func (b *Tab) URL() string {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	u, err := chromedp.Run(ctx, chromedp.Location())
	b.must("address", err)
	return strings.TrimPrefix(u, b.base)
}

// Text is what a person reads in the first element of a CSS selector.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	got, err := ask[struct {
		There bool
		Text  string
	}](b, "read", selector)
	if err != nil || !got.There {
		b.t.Fatalf("no %s at %s %v", selector, b.URL(), err)
	}
	return got.Text
}

// Texts is what a person reads in each element of a CSS selector.
func (b *Tab) Texts(selector string) []string {
	b.t.Helper()
	got, err := ask[[]string](b, "readAll", selector)
	b.must("read "+selector, err)
	return got
}

// Page is all that a person reads on the page.
func (b *Tab) Page() string { b.t.Helper(); return b.Text("body") }

// Has reports whether the page holds a text right now.
func (b *Tab) Has(text string) bool { b.t.Helper(); return strings.Contains(b.Page(), text) }

// reading is Page for a page that may be between two documents.
func (b *Tab) reading() string {
	got, err := ask[struct{ Text string }](b, "read", "body")
	if err != nil {
		return ""
	}
	return got.Text
}

// Value is what stands in the field of a name.
func (b *Tab) Value(name string) string {
	b.t.Helper()
	got, err := ask[*string](b, "value", name, 0)
	if err != nil || got == nil {
		b.t.Fatalf("no field %s at %s %v", name, b.URL(), err)
	}
	return *got
}

// Values is what stands in each field of a CSS selector.
func (b *Tab) Values(selector string) []string {
	b.t.Helper()
	got, err := ask[[]string](b, "values", selector)
	b.must("values of "+selector, err)
	return got
}

// nth is the number that FillNth takes for the i-th field of a name inside an element.
func (b *Tab) nth(name, within string, i int) int {
	b.t.Helper()
	got, err := ask[int](b, "nth", name, within, i)
	b.must("field "+name, err)
	if got < 0 {
		b.t.Fatalf("no field %s number %d in %s at %s", name, i, within, b.URL())
	}
	return got
}

// Source is the page's HTML as the program sent it, also that of a refused form.
func (b *Tab) Source() string {
	b.t.Helper()
	id, _ := b.traffic.page()
	ctx, cancel := b.step()
	defer cancel()
	got, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (network.GetResponseBodyResult, error) {
		return cdp.Call(ctx, t, network.GetResponseBody, network.GetResponseBodyParams{RequestID: id})
	})
	b.must("source", err)
	return string(got.Body)
}

// Answer is what a plain request with the tab's cookies brings: for exports and
// other files, which a browser saves and does not show.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Fetch gets a path of the program as the person who is signed in.
func (b *Tab) Fetch(path string) Answer {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+path, nil)
	b.must("fetch "+path, err)
	got, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (network.GetCookiesResult, error) {
		return cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{b.base + path}})
	})
	b.must("cookies", err)
	for _, c := range got.Cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	res, err := http.DefaultClient.Do(req)
	b.must("fetch "+path, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.must("fetch "+path, err)
	return Answer{res.StatusCode, res.Header, body}
}

// Shot takes a picture of the whole page into the folder IRM_SHOTS, if there is one.
func (b *Tab) Shot(name string) {
	b.t.Helper()
	dir := os.Getenv("IRM_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := b.step()
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, fileName(name)+".png"), bytes.Clone(png), 0o644)
	}
	if err != nil {
		b.t.Errorf("picture %s: %v", name, err)
	}
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

func fileName(s string) string { return strings.Trim(notInNames.ReplaceAllString(s, "-"), "-") }

// Excuse keeps a complaint of the browser that holds text from failing the test.
func (b *Tab) Excuse(text string) {
	b.traffic.mu.Lock()
	defer b.traffic.mu.Unlock()
	b.traffic.excused = append(b.traffic.excused, text)
}
