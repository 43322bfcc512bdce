package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"irm/store"
	"irm/store/storetest"

	"github.com/alexedwards/argon2id"
)

// door is a portal's handler asked from any network, with a clock moved by hand.
type door struct {
	t       testing.TB
	w       *world
	handler http.Handler
	passed  atomic.Int64
}

// newDoor opens a world's door. cheap has passwords be checked by a hash that costs
// next to nothing: what is counted is tries.
func newDoor(t *testing.T, dsn string, cheap bool, limits Limits) *door {
	t.Helper()
	d := &door{t: t}
	tick := storetest.Clock()
	s, err := store.Open(t.Context(), dsn, store.Clock{Now: func() time.Time { return tick().Add(time.Duration(d.passed.Load())) }, Zone: storetest.Zone()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d.w = &world{portal: &portal{store: s, url: "http://irm.example"}, db: storetest.Behind(t, dsn)}
	d.w.find(t)
	srv, err := newServer(Config{Store: s, BaseURL: d.w.url, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	if cheap {
		srv.hashing.params = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
		srv.hashing.dummy = nobodys(srv.hashing.params)
		hash, err := srv.hashing.hash(t.Context(), worldPassword)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.w.db.Exec(`UPDATE members SET password = $1`, hash); err != nil {
			t.Fatal(err)
		}
	}
	d.handler = srv.handler()
	return d
}

// post sends a form from a network, with a browser's cookies.
func (d *door) post(path, from string, f url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	kind, body := formBody(f)
	r := httptest.NewRequest("POST", d.w.url+path, body)
	r.RemoteAddr = from
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", d.w.url)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

func signInForm(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

func network(i int) string { return fmt.Sprintf("198.%d.%d.%d:4711", 18+i/65536%2, i/256%256, i%256) }

// guess makes n guesses in the course of a time, and returns how many were held
// against a password: the others were told to wait.
func (d *door) guess(n int, within time.Duration, who func(i int) (email, from string)) (checked int) {
	d.t.Helper()
	for i := range n {
		email, from := who(i)
		w := d.post("/signin", from, signInForm(email, fmt.Sprint("guess number ", i)))
		switch w.Code {
		case http.StatusUnprocessableEntity:
			checked++
		case http.StatusTooManyRequests:
			if w.Header().Get("Retry-After") == "" {
				d.t.Errorf("guess %d is refused without Retry-After", i)
			}
		default:
			d.t.Fatalf("guess %d: status %d", i, w.Code)
		}
		d.passed.Add(int64(within) / int64(n))
	}
	return checked
}

// Guesses in the course of an hour are stopped: at one account from everywhere, at
// all accounts from one network, at a company's accounts from everywhere. The
// owner gets in meanwhile, in the browser that is known and by a new password.
func TestASVS_6_3_1_GuessesAreStopped(t *testing.T) {
	databases := map[string]func(testing.TB) string{"sqlite": worlds.SQLite, "postgres": worlds.Postgres}
	n := storetest.Full(300, 1000, 10_000)
	for kind, fresh := range databases {
		t.Run(kind, func(t *testing.T) {
			said := []string{}
			for _, c := range []struct {
				what string
				who  func(i int) (email, from string)
				most int
			}{
				{"at one account from everywhere", func(i int) (string, string) { return "owner@alder.example", network(i) }, 45},
				{"at many accounts from one network", func(i int) (string, string) { return fmt.Sprintf("owner%d@firm%d.example", i, i), network(1) }, 201},
				{"at a company's accounts from everywhere", func(i int) (string, string) { return fmt.Sprintf("m%d@alder.example", i), network(i) }, 1210}, // the clock moves when it is asked, too
			} {
				d := newDoor(t, fresh(t), true, nil)
				own := (&http.Response{Header: d.post("/signin", "203.0.113.9:1", signInForm("owner@alder.example", worldPassword)).Header()}).Cookies()
				checked := d.guess(n, time.Hour, c.who)
				if w := d.post("/signin", "203.0.113.10:1", signInForm("member@alder.example", worldPassword)); c.most < 1200 && w.Code != http.StatusSeeOther {
					t.Errorf("%s: a colleague in a browser that nobody knows is answered %d", c.what, w.Code)
				}
				if checked > c.most {
					t.Errorf("%s: %d of %d guesses were checked, want at most %d", c.what, checked, n, c.most)
				}
				said = append(said, fmt.Sprintf("%s %d of %d checked", c.what, checked, n))
				d.ownerGetsIn(own)
			}
			storetest.Figure(t, "S10", "%s: %s; the owner got in each time", kind, strings.Join(said, ", "))
		})
	}
}

// ownerGetsIn signs the owner in from the browser that is known, and by a new
// password from another one once the reset link is used.
func (d *door) ownerGetsIn(own []*http.Cookie) {
	d.t.Helper()
	if w := d.post("/signin", "203.0.113.9:1", signInForm("owner@alder.example", worldPassword), own[0]); w.Code != http.StatusSeeOther {
		d.t.Errorf("the owner's own browser is answered %d", w.Code)
	}
	if w := d.post("/password/forgot", "203.0.113.9:1", url.Values{"email": {"owner@alder.example"}}); w.Code != http.StatusSeeOther {
		d.t.Errorf("a reset is answered %d", w.Code)
	}
	links := storetest.Texts(d.t, d.w.db, `SELECT link FROM outbox WHERE email = 'owner@alder.example' AND link LIKE '/password/reset%' ORDER BY id DESC`)
	if len(links) == 0 {
		d.t.Error("there is no link to a new password")
		return
	}
	token := links[0][strings.Index(links[0], "token=")+6:]
	if w := d.post("/password/reset", "203.0.113.9:1", url.Values{"token": {token}, "password": {"eleven quiet harbors wake"}}); w.Code != http.StatusSeeOther {
		d.t.Errorf("a new password is answered %d", w.Code)
	}
}

// Only wrong sign-ins count: who signs in rightly does so as often as it likes,
// from one network.
func TestRightSignInsDoNotCount(t *testing.T) {
	d := newDoor(t, worlds.SQLite(t), true, nil)
	for i := range 150 {
		if w := d.post("/signin", "203.0.113.9:1", signInForm("owner@alder.example", worldPassword)); w.Code != http.StatusSeeOther {
			t.Fatalf("sign-in %d: %d", i, w.Code)
		}
	}
}

// Known and unknown addresses are answered alike by sign-in, sign-up and reset:
// the same status, the same headers, the same length; and in the same time, as far
// as a rank test over pairs asked in random order can tell.
func TestASVS_6_3_8_NobodyLearnsWhoHasAnAccount(t *testing.T) {
	pairs := storetest.Full(6, 60, 500)
	many := Limits{}
	for _, name := range DefaultLimits().Names() {
		many[name] = Limit{1_000_000, time.Hour}
	}
	d := newDoor(t, worlds.SQLite(t), false, many)
	var said []string
	for _, form := range []struct {
		path string
		of   func(email string) url.Values
	}{
		{"/signin", func(email string) url.Values { return signInForm(email, "not the password") }},
		{"/signup", func(email string) url.Values { f := signUpOf(email); f.Set("company", "same length"); return f }},
		{"/password/forgot", func(email string) url.Values { return url.Values{"email": {email}} }},
	} {
		var differ bool
		var figure string
		for range 3 { // one in a hundred pairs of equal samples looks uneven
			if figure, differ = d.alike(form.path, form.of, pairs); !differ {
				break
			}
		}
		said = append(said, figure)
		if differ && pairs >= 60 {
			t.Errorf("the time tells who has an account: %s", figure)
		}
	}
	storetest.Figure(t, "S8", "%d pairs each, the same status, headers and length: %s", pairs, strings.Join(said, ", "))
}

// alike asks with known and unknown addresses, in pairs in random order, and says
// whether the times differ: in their medians by 5 % or more, or in their ranks.
func (d *door) alike(path string, form func(email string) url.Values, pairs int) (figure string, differ bool) {
	d.t.Helper()
	times := map[bool][]float64{}
	for i := range pairs {
		d.passed.Add(int64(time.Hour)) // no pause of the account stands in the way
		emails := map[bool]string{true: "owner@alder.example", false: fmt.Sprintf("x%04d@alder.example", i)}
		order := []bool{true, false}
		rand.Shuffle(2, func(i, j int) { order[i], order[j] = order[j], order[i] })
		answers := map[bool]*httptest.ResponseRecorder{}
		for _, known := range order {
			f := form(emails[known])
			began := time.Now()
			answers[known] = d.post(path, network(i), f)
			times[known] = append(times[known], float64(time.Since(began)))
		}
		sameAnswer(d.t, path, answers[true], answers[false])
	}
	known, unknown := median(times[true]), median(times[false])
	apart, p := math.Abs(known-unknown)/unknown, mannWhitney(times[true], times[false])
	return fmt.Sprintf("%s medians %.1f and %.1f ms (%.1f %%, p = %.2f)", path, known/1e6, unknown/1e6, 100*apart, p), apart >= 0.05 || p <= 0.01
}

func sameAnswer(t testing.TB, path string, a, b *httptest.ResponseRecorder) {
	t.Helper()
	for _, w := range []*httptest.ResponseRecorder{a, b} {
		w.Header().Del("X-Request-Id")
		withoutTyped(t, w.Header()["Set-Cookie"])
	}
	if a.Code != b.Code || a.Body.Len() != b.Body.Len() || fmt.Sprint(a.Header()) != fmt.Sprint(b.Header()) {
		t.Errorf("%s tells who has an account: %d with %d bytes, %d with %d bytes\n%v\n%v", path, a.Code, a.Body.Len(), b.Code, b.Body.Len(), a.Header(), b.Header())
	}
}

// withoutTyped takes the address out of the cookie in which a browser keeps what
// was typed into the sign-up page: who sent it gets back its own.
func withoutTyped(t testing.TB, cookies []string) {
	t.Helper()
	for i, c := range cookies {
		value, rest, _ := strings.Cut(strings.TrimPrefix(c, "draft="), ";")
		if !strings.HasPrefix(c, "draft=") {
			continue
		}
		text, err := base64.RawURLEncoding.DecodeString(value)
		typed := map[string]any{}
		if err == nil {
			err = json.Unmarshal(text, &typed)
		}
		if err != nil || typed["email"] == nil {
			t.Fatalf("the cookie of what was typed is %q: %v", c, err)
		}
		delete(typed, "email")
		cookies[i] = fmt.Sprint(len(value), typed, rest)
	}
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[len(x)/2] + x[(len(x)-1)/2]) / 2
}

// mannWhitney is the probability of ranks at least so uneven if both samples were
// of one kind (two-sided, by the normal approximation).
func mannWhitney(a, b []float64) float64 {
	u := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				u++
			case x == y:
				u += 0.5
			}
		}
	}
	n, m := float64(len(a)), float64(len(b))
	z := math.Abs(u-n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
	return math.Erfc(z / math.Sqrt2)
}

func TestMannWhitneyTellsSamplesApart(t *testing.T) {
	var a, b, c []float64
	for i := range 100 {
		a, b, c = append(a, float64(i%50)), append(b, float64(i*7%50)), append(c, float64(i%50)+15)
	}
	if p := mannWhitney(a, b); p < 0.5 {
		t.Errorf("the same numbers: p = %v", p)
	}
	if p := mannWhitney(a, c); p > 0.001 {
		t.Errorf("numbers that are 15 larger: p = %v", p)
	}
}
