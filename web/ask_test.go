package web

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"irm/influence"
	"irm/store"
)

// answer is what came back.
type answer struct {
	status int
	to     string
	text   string
	file   bool
}

// ask sends a request with a session's cookie, and follows nowhere.
func (w *world) ask(t testing.TB, cookie, method, path, kind string, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, w.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookieName(false), Value: cookie})
	}
	resp, err := asBrowser{http.DefaultTransport}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Location"), string(text), resp.Header.Get("Content-Disposition") != ""}
}

// cookie signs a member in, by two factors.
func (w *world) cookie(t testing.TB, member string) string {
	return w.cookieBy(t, member, influence.ByPasskey)
}

func (w *world) cookieBy(t testing.TB, member string, by influence.Method) string {
	t.Helper()
	cookie, err := w.store.StartSession(context.Background(), member, store.Client{Address: "127.0.0.1", Agent: "Firefox/2.0", By: by})
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

// formBody is a form as a browser sends it.
func formBody(fields url.Values) (kind string, body io.Reader) {
	return "application/x-www-form-urlencoded", strings.NewReader(fields.Encode())
}

// fileBody is an upload as a browser sends it.
func fileBody(name, text string, fields ...string) (kind string, body io.Reader) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			panic("a buffer does not fail")
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	if err != nil || w.Close() != nil {
		panic("a buffer does not fail")
	}
	return w.FormDataContentType(), &b
}
