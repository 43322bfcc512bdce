package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

func posted(body string) *http.Request {
	r := httptest.NewRequest("POST", "/claims?amount=9&lar=fromtheaddress", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// part is one part of a multipart form; a file if it has a file name.
type part struct{ name, file, body string }

func postedParts(t *testing.T, parts ...part) *http.Request {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, p := range parts {
		create := m.CreateFormField
		if p.file != "" {
			create = func(name string) (io.Writer, error) { return m.CreateFormFile(name, p.file) }
		}
		w, err := create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, p.body)
	}
	m.Close()
	r := httptest.NewRequest("POST", "/reports", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}

func TestReadFields(t *testing.T) {
	f, err := ReadFields(posted("amount=+%2412%2C500+&note=one%0D%0Atwo%0Dthree%0A&password=+a+b+&partner_id=1&partner_id=+2&confirm="), "partner_id")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"amount": "$12,500", "note": "one\ntwo\nthree", "lar": "", "missing": "", "confirm": ""} {
		if got := f.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := f.Raw("password"); got != " a b " {
		t.Errorf("password is %q", got)
	}
	if got := f.All("partner_id"); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("partners %q", got)
	}
	if !f.Has("confirm") || f.Has("missing") || len(f.All("missing")) != 0 || f.File("file") != nil {
		t.Error("what is there is not told from what is not")
	}
}

func TestReadFieldsOfParts(t *testing.T) {
	big := strings.Repeat("agreement_number\n", 100_000) // more than stays in memory
	f, err := ReadFields(postedParts(t, part{name: "note", body: " x "}, part{"file", `../../etc/pass"wd.csv`, big}, part{name: "empty"}))
	if err != nil {
		t.Fatal(err)
	}
	h := f.File("file")
	if f.Get("note") != "x" || h == nil || h.Size != int64(len(big)) || strings.Contains(h.Filename, "/") || f.File("empty") != nil {
		t.Fatalf("note %q, file %+v", f.Get("note"), h)
	}
	file, err := h.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(file)
	if file.Close(); err != nil || string(b) != big {
		t.Errorf("%d bytes came back, %v", len(b), err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if again, err := h.Open(); err == nil {
		again.Close()
		t.Error("the file is still there after Close")
	}
}

func TestReadFieldsNone(t *testing.T) {
	r := httptest.NewRequest("POST", "/signout", nil)
	if f, err := ReadFields(r); err != nil || f.Get("x") != "" || f.Close() != nil {
		t.Errorf("%v, %v", f, err)
	}
}

// What none of our pages sends is refused as a whole.
func TestASVS_15_3_7_BadForms(t *testing.T) {
	fields := func(n int) string {
		v := url.Values{}
		for i := range n {
			v.Add("partner_id", fmt.Sprint(i))
		}
		return v.Encode()
	}
	if _, err := ReadFields(posted(fields(200)), "partner_id"); err != nil {
		t.Errorf("200 fields: %v", err)
	}
	for name, r := range map[string]*http.Request{
		"twice":              posted("email=a%40b.example&email=c%40d.example"),
		"twice, one empty":   posted("email=a%40b.example&email="),
		"list":               posted("email[]=a%40b.example"),
		"named by an index":  posted("email%5B0%5D=a"),
		"no name":            posted("=a"),
		"odd name":           posted("a%00b=1"),
		"long name":          posted(strings.Repeat("n", 65) + "=1"),
		"too many":           posted(fields(201)),
		"broken escape":      posted("email=%zz"),
		"semicolon":          posted("a=1;b=2"),
		"parts twice":        postedParts(t, part{name: "email", body: "a"}, part{name: "email", body: "b"}),
		"files twice":        postedParts(t, part{"file", "a.csv", "a"}, part{"file", "b.csv", "b"}),
		"a text and a file":  postedParts(t, part{name: "file", body: "a"}, part{"file", "b.csv", "b"}),
		"no form":            typedAs(posted("{}"), "application/json"),
		"no type":            typedAs(posted("a=1"), ""),
		"parts without ends": typedAs(posted("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1"), "multipart/form-data; boundary=x"),
		"parts unbounded":    typedAs(posted("--x\r\n"), "multipart/form-data"),
	} {
		if f, err := ReadFields(r, "partner_id"); !errors.Is(err, errBadForm) || f != nil {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func typedAs(r *http.Request, kind string) *http.Request {
	r.Header.Set("Content-Type", kind)
	return r
}

// Text that is no text is a wrong field, and what was typed is kept.
func TestTextThatIsNone(t *testing.T) {
	f, err := ReadFields(posted("customer=Contoso&note=a%00b&evidence=%ff%fe&partner_id=1&partner_id=%c3"), "partner_id")
	wrong, ok := errors.AsType[influence.Invalid](err)
	if !ok || len(wrong) != 3 || wrong["note"] == "" || wrong["evidence"] == "" || wrong["partner_id"] == "" {
		t.Fatalf("got %v", err)
	}
	if f.Get("customer") != "Contoso" || f.Get("note") != "a\uFFFDb" || strings.ContainsRune(f.Raw("evidence"), 0xff) {
		t.Errorf("kept %+v", f)
	}
}

// A body cut off at its limit is told from one that is wrong: it is too large.
func TestFormTooLarge(t *testing.T) {
	for name, r := range map[string]*http.Request{
		"fields": posted("note=" + strings.Repeat("x", 200)),
		"parts":  postedParts(t, part{name: "note", body: strings.Repeat("x", 2000)}),
		"file":   postedParts(t, part{"file", "a.csv", strings.Repeat("x", 2000)}),
	} {
		r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 100)
		f, err := ReadFields(r)
		if _, ok := errors.AsType[*http.MaxBytesError](err); !ok || errors.Is(err, errBadForm) || f != nil {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func TestQueryFields(t *testing.T) {
	f, err := QueryFields(httptest.NewRequest("GET", "/agreements?q=+a+&state=WA&state=OR", nil), "state")
	if err != nil || f.Get("q") != "a" || !slices.Equal(f.All("state"), []string{"WA", "OR"}) {
		t.Errorf("%+v, %v", f, err)
	}
	for _, bad := range []string{"q=a&q=b", "q[]=a", "q=%zz", "a=1;b=2"} {
		if _, err := QueryFields(httptest.NewRequest("GET", "/agreements?"+bad, nil)); !errors.Is(err, errBadForm) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := QueryFields(httptest.NewRequest("GET", "/agreements?q=%00", nil)); errors.Is(err, errBadForm) || err == nil {
		t.Errorf("NUL: %v", err)
	}
}

// No form makes the reader panic, and what it takes keeps the rules.
func FuzzReadFields(f *testing.F) {
	f.Add("a=1&b=2", "application/x-www-form-urlencoded")
	f.Add("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n", "multipart/form-data; boundary=x")
	f.Fuzz(func(t *testing.T, body, kind string) {
		fields, err := ReadFields(typedAs(posted(body), kind), "many")
		if err != nil && !errors.Is(err, errBadForm) && !errors.As(err, &influence.Invalid{}) {
			t.Errorf("an error of no kind: %v", err)
		}
		if fields == nil {
			return
		}
		defer fields.Close()
		for name, values := range fields.values {
			if name != "many" && len(values) != 1 || strings.ContainsAny(strings.Join(values, ""), "\x00") {
				t.Errorf("%s holds %q", name, values)
			}
		}
	})
}
