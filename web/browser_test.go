package web

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
)

// upload sends a file as a browser does.
func (b *browser) upload(path, name string, content []byte) *browser {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, b.p.url+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}

// file fetches an address and returns what it answers.
func (b *browser) file(path string) (kind, text string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, b.p.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return resp.Header.Get("Content-Type"), string(all)
}

// href is where the first link with the words leads.
func (b *browser) href(words string) string {
	b.t.Helper()
	for _, a := range b.doc.Find("a").EachIter() {
		if said(a) == words {
			return a.AttrOr("href", "")
		}
	}
	b.t.Fatalf("%s has no link %q: %s", b.at, words, b.text())
	return ""
}
