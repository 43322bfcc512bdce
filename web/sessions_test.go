package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
)

// sidOf is the session's cookie that an answer sets, "" if none.
func sidOf(h http.Header) string {
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if c.Name == "sid" {
			return c.Value
		}
	}
	return ""
}

// Signing in gives a new session, whatever cookie a browser was made to send, and
// ends the one before.
func TestASVS_7_2_4_SignInGivesANewSession(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	chosen := strings.Repeat("A", 43) // an attacker's, put into the victim's browser
	form := func() (string, io.Reader) {
		return formBody(url.Values{"email": {"owner@alder.example"}, "password": {worldPassword}})
	}
	kind, body := form()
	first, _ := w.raw(t, bareClient(), chosen, "POST", "/signin", sameOrigin(w), kind, body)
	one := sidOf(first.Header)
	kind, body = form()
	second, _ := w.raw(t, bareClient(), one, "POST", "/signin", sameOrigin(w), kind, body)
	two := sidOf(second.Header)
	if one == "" || two == "" || one == chosen || one == two {
		t.Fatalf("sessions %q, %q", one, two)
	}
	for cookie, want := range map[string]int{chosen: 303, one: 303, two: 200} {
		if got := w.ask(t, cookie, "GET", "/account", "", nil); got.status != want {
			t.Errorf("%s opens the account: %d, want %d", cookie, got.status, want)
		}
	}
}

// After signing out the browser is told to drop what it keeps, the old cookie
// opens nothing, and no page was stored on the way.
func TestASVS_14_3_1_14_3_2_SignOutLeavesNothing(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	cookie, c := w.signedIn(t, "alder"), bareClient()
	for _, path := range []string{"/", "/account", "/claims", "/agreements", "/team", "/claims.csv", "/no-such-page"} {
		if resp, _ := w.raw(t, c, cookie, "GET", path, nil, "", nil); resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be stored: %q", path, resp.Header.Get("Cache-Control"))
		}
	}
	resp, _ := w.raw(t, c, cookie, "POST", "/signout", sameOrigin(w), "", nil)
	if resp.Header.Get("Clear-Site-Data") != `"storage"` || len(resp.Cookies()) != 1 || resp.Cookies()[0].MaxAge >= 0 || resp.Cookies()[0].Value != "" {
		t.Errorf("signing out answers %q, %v", resp.Header.Get("Clear-Site-Data"), resp.Cookies())
	}
	if got := w.ask(t, cookie, "GET", "/account", "", nil); got.status != 303 || got.to != "/signin" {
		t.Errorf("the old cookie opens the account: %d", got.status)
	}
}

// Rights are read anew at each request: what was taken away is gone at the next.
func TestASVS_8_3_2_ChangedRightsCountAtOnce(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	for _, c := range []struct{ email, path, query string }{
		{"member@alder.example", "/claims", `UPDATE members SET active = FALSE WHERE email = 'member@alder.example'`},
		{"owner@birch.example", "/claims", `UPDATE partners SET suspended_at = 1 WHERE name = 'birch'`},
		{"owner@north.example", "/inbox", `UPDATE members SET role = 'partner', rank = 'member' WHERE email = 'owner@north.example'`},
	} {
		cookie := w.cookie(t, w.who[c.email])
		if got := w.ask(t, cookie, "GET", c.path, "", nil); got.status != 200 {
			t.Errorf("%s opens %s before: %d", c.email, c.path, got.status)
		}
		if _, err := w.db.Exec(c.query); err != nil {
			t.Fatal(err)
		}
		if got := w.ask(t, cookie, "GET", c.path, "", nil); got.status == 200 {
			t.Errorf("%s opens %s after %s", c.email, c.path, c.query)
		}
	}
}

// Passwords are kept as argon2id with at least the parameters that OWASP asks for,
// and are taken exactly as they were typed: one bit, one blank, one case less is
// another password.
func TestASVS_6_2_8_11_4_2_PasswordsAreKeptAsTyped(t *testing.T) {
	h := newHashing()
	password := " Seven green kettles sing – ünïcode 🎵 "
	hash, err := h.hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	p, salt, key, err := argon2id.DecodeHash(hash)
	if err != nil || p.Memory < 19*1024 || p.Iterations < 2 || p.Parallelism < 1 || len(salt) < 16 || len(key) < 32 || !strings.HasPrefix(hash, "$argon2id$") {
		t.Errorf("%+v, %d and %d bytes, %v", p, len(salt), len(key), err)
	}
	others := []string{strings.TrimSpace(password), strings.ToLower(password), password + "\x00", password[:len(password)-1], strings.ReplaceAll(password, "ü", "u\u0308")}
	for i := 0; i < len(password); i += 5 {
		flipped := []byte(password)
		flipped[i] ^= 1
		others = append(others, string(flipped))
	}
	for _, other := range others {
		if ok, err := h.check(t.Context(), other, hash); ok || err != nil {
			t.Errorf("%q is taken for %q: %v", other, password, err)
		}
	}
	if ok, err := h.check(t.Context(), password, hash); !ok || err != nil {
		t.Errorf("itself: %v, %v", ok, err)
	}
}

// Whoever asks is the other end of the line, whatever the request says of proxies:
// the limit of a network can't be got round, and a link leads to the portal's own
// address.
func TestASVS_4_1_3_15_3_4_ForwardedHeadersAreNotBelieved(t *testing.T) {
	p := onSQLite(t)
	w := &world{portal: p}
	c, refused := bareClient(), 0
	forged := []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-Url", "X-Http-Method-Override"}
	for i := range 105 {
		head := sameOrigin(w)
		for _, name := range forged {
			head[name] = "198.51.100." + strings.Repeat("1", 1+i%3)
		}
		head["Forwarded"], head["X-Forwarded-Host"], head["X-Original-Url"], head["X-Http-Method-Override"] = "for=192.0.2.60;host=evil.example", "evil.example", "/metrics", "GET"
		kind, body := formBody(url.Values{"email": {strings.Repeat("a", 1+i) + "@elsewhere.example"}, "password": {""}}) // counted before it is looked at
		resp, _ := w.raw(t, c, "", "POST", "/signin", head, kind, body)
		if resp.StatusCode == 429 {
			refused++
		}
	}
	if refused != 5 {
		t.Errorf("%d of 105 tries of one network were refused, want 5", refused)
	}
	kind, body := formBody(url.Values{"email": {"dana@alder.example"}})
	r, err := http.NewRequestWithContext(t.Context(), "POST", p.url+"/password/forgot", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Forwarded-Host", "evil.example")
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if to := resp.Header.Get("Location"); !staysHere(to) {
		t.Errorf("the answer leads to %s", to)
	}
	if link := p.mailed(t, "dana@alder.example"); !strings.HasPrefix(link, "/password/reset") {
		t.Errorf("the mail leads to %s", link)
	}
}

// A request that two programs could read as two is read as one, or refused and the
// line closed.
func TestASVS_4_2_1_NoSmuggledRequests(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	host := strings.TrimPrefix(w.url, "http://")
	const inner = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	for what, raw := range map[string]string{
		"two lengths":          "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 44\r\n\r\n" + inner,
		"a length of letters":  "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 4x\r\n\r\n" + inner,
		"a length with a sign": "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\n" + inner,
		"an unknown coding":    "POST /signin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + inner,
		"two codings":          "POST /signin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + inner,
		"a coding with a tab":  "POST /signin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\tchunked, identity\r\n\r\n" + inner,
		"a broken chunk":       "POST /signin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + inner,
		"no host":              "POST /signin HTTP/1.1\r\nContent-Length: 0\r\n\r\n" + inner,
		"a blank before :":     "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\n" + inner,
	} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(conn)
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if resp.StatusCode != 400 && resp.StatusCode != 501 {
			t.Errorf("%s: %d", what, resp.StatusCode)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if second, err := http.ReadResponse(in, nil); err == nil {
			t.Errorf("%s: there is a second answer, %d", what, second.StatusCode)
		}
		conn.Close()
	}
}

// No address, no redirect and no page but the mail carries what opens something.
func TestASVS_14_2_1_NoSecretsInAddresses(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	cookies := map[string]bool{}
	look := func(what string, resp *http.Response, text string) {
		if to := resp.Header.Get("Location"); strings.Contains(to, "token=") || strings.Contains(to, worldPassword) {
			t.Errorf("%s leads to %s", what, to)
		}
		for _, c := range resp.Cookies() {
			cookies[c.Value] = c.Value != ""
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			return
		}
		for _, a := range parsed(t, text).Find("[href], [src], [action]").EachIter() {
			for _, attr := range []string{"href", "src", "action"} {
				if at := a.AttrOr(attr, ""); strings.Contains(at, "token=") || strings.Contains(at, "sid=") || strings.Contains(at, "password=") {
					t.Errorf("%s has a link to %s", what, at)
				}
			}
		}
		for cookie, real := range cookies {
			if real && strings.Contains(text, cookie) {
				t.Errorf("%s shows a cookie", what)
			}
		}
	}
	w.everyAnswer(t, look)
	for _, f := range []string{"/signin", "/signup", "/password/forgot", "/account"} {
		if method := parsed(t, w.ask(t, w.signedIn(t, "birch"), "GET", f, "", nil).text).Find("form:has([type=password])").AttrOr("method", "post"); method != "post" {
			t.Errorf("%s sends a password by %s", f, method)
		}
	}
}

// Whatever asks by machine is told to wait, and for how long: the try after the
// last that a limit allows is answered with 429.
func TestASVS_2_4_1_MachinesAreToldToWait(t *testing.T) {
	few := Limits{}
	for _, name := range DefaultLimits().Names() {
		few[name] = Limit{3, time.Hour}
	}
	dsn := worlds.SQLite(t)
	for what, c := range map[string]struct {
		role, path string
		form       url.Values
		status     int
	}{
		"wrong sign-ins":      {"nobody", "/signin", url.Values{"email": {"nobody@alder.example"}, "password": {"x"}}, 422},
		"sign-ups":            {"nobody", "/signup", signUpOf("gus@gum.example"), 303},
		"resets":              {"nobody", "/password/forgot", url.Values{"email": {"owner@alder.example"}}, 303},
		"look-ups":            {"north", "/roster/lookup", url.Values{"partner_id": {"10001"}}, 200},
		"passwords":           {"alder", "/account/password", url.Values{"current": {"x"}, "password": {"y"}}, 422},
		"files":               {"alder", "/claims.csv", nil, 200},
		"uploads":             {"north", "/reports", url.Values{"none": {"x"}}, 422},
		"files of the roster": {"administrator", "/roster.xlsx", nil, 200},
	} {
		w := &world{portal: bare(t, dsn, Config{Limits: few})}
		w.db = newWorld(t, dsn).db
		w.find(t)
		cookie := w.signedIn(t, c.role)
		for i := range 4 {
			method, kind, body := "GET", "", io.Reader(nil)
			if c.form != nil {
				method = "POST"
				kind, body = formBody(c.form)
			}
			resp, text := w.raw(t, bareClient(), cookie, method, c.path, sameOrigin(w), kind, body)
			want := c.status
			if i == 3 {
				want = 429
			}
			if resp.StatusCode != want {
				t.Errorf("%s: try %d is answered %d, want %d", what, i+1, resp.StatusCode, want)
			}
			if wait := resp.Header.Get("Retry-After"); (want == 429) != (wait != "") || want == 429 && !strings.Contains(text, "Too many tries in a short time") {
				t.Errorf("%s: try %d says Retry-After %q: %.200s", what, i+1, wait, text)
			}
		}
	}
}

func signUpOf(email string) url.Values {
	return url.Values{"name": {"Gus Gum"}, "email": {email}, "password": {strong}, "company": {"gum"}, "partner_id": {"10007"}, "level": {"gold"}, "state": {"NH"},
		"phone": {"(603) 555-0101"}, "terms": {"2007-04"}}
}
