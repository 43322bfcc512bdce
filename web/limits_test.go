package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestLimitBody(t *testing.T) {
	var read int
	var failure error
	srv := httptest.NewServer(LimitBody(10, map[string]int64{"/reports": 20}, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		read, failure = len(b), err
	})))
	defer srv.Close()
	for _, c := range []struct {
		path   string
		bytes  int
		hidden bool // sent in chunks, without saying how many
		status int
		reads  int
		fails  bool
	}{
		{"/claims", 10, false, 200, 10, false},
		{"/claims", 11, false, 413, 0, false},
		{"/claims", 10, true, 200, 10, false},
		{"/claims", 11, true, 200, 10, true},
		{"/reports", 20, false, 200, 20, false},
		{"/reports", 21, false, 413, 0, false},
		{"/reports", 21, true, 200, 20, true},
		{"/reports/RPT-1", 11, false, 413, 0, false},
		{"/claims", 0, false, 200, 0, false},
	} {
		read, failure = 0, nil
		body := io.Reader(strings.NewReader(strings.Repeat("x", c.bytes)))
		if c.hidden {
			body = io.MultiReader(body)
		}
		res, err := srv.Client().Post(srv.URL+c.path, "text/plain", body)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		tooMuch, ok := errors.AsType[*http.MaxBytesError](failure)
		if res.StatusCode != c.status || read != c.reads || ok != c.fails || ok && tooMuch.Limit != int64(c.reads) {
			t.Errorf("%+v: status %d, read %d, %v", c, res.StatusCode, read, failure)
		}
	}
}

// hand is a clock moved by hand.
type hand struct{ time.Time }

func (h *hand) now() time.Time { return h.Time }

func (h *hand) pass(d time.Duration) { h.Time = h.Add(d) }

func newHand() *hand { return &hand{time.Date(2007, 4, 16, 9, 0, 0, 0, time.UTC)} }

func TestBuckets(t *testing.T) {
	clock := newHand()
	b := NewBuckets(time.Minute, 3, clock.now)
	for i := range 3 {
		if wait := b.Take("ann"); wait != 0 {
			t.Fatalf("try %d waits %v", i, wait)
		}
	}
	if wait := b.Take("ann"); wait != time.Minute {
		t.Errorf("the fourth waits %v", wait)
	}
	if wait := b.Take("bob"); wait != 0 {
		t.Errorf("another one waits %v", wait)
	}
	clock.pass(45 * time.Second)
	for range 5 { // tries too early don't push the next one away
		if wait := b.Take("ann"); wait != 15*time.Second {
			t.Errorf("after 45 s it waits %v", wait)
		}
	}
	clock.pass(15 * time.Second)
	if b.Take("ann") != 0 || b.Take("ann") == 0 {
		t.Error("a minute gives one try, and one only")
	}
	clock.pass(time.Hour)
	for range 3 {
		if b.Take("ann") != 0 {
			t.Error("an hour does not give all three back")
		}
	}
	if b.Take("ann") == 0 {
		t.Error("an hour gives more than three")
	}
}

func TestBucketsAreBounded(t *testing.T) {
	clock := newHand()
	b := NewBuckets(time.Hour, 1, clock.now)
	b.most = 100
	b.Take("ann")
	for i := range 1000 {
		b.Take(fmt.Sprint("stranger ", i))
		if b.Take("ann") == 0 { // she keeps coming, so she is not forgotten
			t.Fatalf("who keeps trying was forgotten after %d others", i+1)
		}
	}
	if len(b.keys) != 100 || b.quiet.Len() != 100 {
		t.Errorf("%d keys, %d in order, want 100", len(b.keys), b.quiet.Len())
	}
	if b.Take("stranger 0") != 0 {
		t.Error("who was quiet longest was not forgotten")
	}
}

func TestLimitRate(t *testing.T) {
	clock := newHand()
	b := NewBuckets(1500*time.Millisecond, 2, clock.now)
	h := LimitRate(b, func(r *http.Request) string { return r.Header.Get("Key") }, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
	})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	ask := func(key string) *http.Response {
		r := httptest.NewRequest("GET", "/search", nil)
		r.Header.Set("Key", key)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for i, want := range []int{200, 200, 429, 429} {
		res := ask("ann")
		if res.StatusCode != want || (want == 429) != (res.Header.Get("Retry-After") == "2") {
			t.Errorf("request %d: %d, Retry-After %q", i, res.StatusCode, res.Header.Get("Retry-After"))
		}
	}
	clock.pass(2 * time.Second) // as long as Retry-After said
	if res := ask("ann"); res.StatusCode != 200 {
		t.Errorf("after Retry-After: %d", res.StatusCode)
	}
	for range 5 {
		if res := ask(""); res.StatusCode != 200 {
			t.Errorf("without a key: %d", res.StatusCode)
		}
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":                 "192.0.2.7",
		"192.0.2.7:1234":            "192.0.2.7",
		"::ffff:192.0.2.7":          "192.0.2.7",
		"2001:db8:1:2:3:4:5:6":      "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::1]:80": "2001:db8:1:2::/64",
		"fe80::1%eth0":              "fe80::/64",
		"":                          "",
		"pipe":                      "pipe",
	} {
		if got := Network(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
