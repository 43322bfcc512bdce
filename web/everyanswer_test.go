package web

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"irm/store/storetest"
)

// secureWorld is a world whose address is one of https.
func secureWorld(t *testing.T, c Config) *world {
	t.Helper()
	dsn := worlds.SQLite(t)
	c.BaseURL = "https://irm.example"
	w := &world{portal: bare(t, dsn, c), db: storetest.Behind(t, dsn)}
	w.find(t)
	return w
}

// bareClient adds no header, follows nowhere and takes the test's certificate.
func bareClient() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// raw sends a request as it is given, with a session's cookie.
func (w *world) raw(t testing.TB, c *http.Client, cookie, method, path string, head map[string]string, kind string, body io.Reader) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, w.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range head {
		r.Header.Set(name, value)
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookieName(strings.HasPrefix(w.url, "https")), Value: cookie})
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp, string(text)
}

func sameOrigin(w *world) map[string]string {
	return map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Origin": w.url}
}

// everyAnswer asks for each line of the permissions as some roles and shows each
// answer to look: pages, files, redirects and refusals.
func (w *world) everyAnswer(t *testing.T, look func(what string, resp *http.Response, text string)) {
	t.Helper()
	c := bareClient()
	for _, role := range []string{"removed", "nobody", "alder", "north", "administrator"} {
		cookie := w.signedIn(t, role)
		for _, p := range permissions(t) {
			kind, body := "", io.Reader(nil)
			if p.method != "GET" {
				kind, body = w.body(t, p)
			}
			resp, text := w.raw(t, c, cookie, p.method, w.address(t, p), sameOrigin(w), kind, body)
			look(role+" "+p.method+" "+p.path+" "+p.thing, resp, text)
			if p.method != "GET" && role != "removed" && role != "nobody" { // it may have ended the session, or the membership
				if _, err := w.db.Exec(`UPDATE members SET active = TRUE, suspended_at = NULL WHERE id = $1`, w.who[roles()[role]]); err != nil {
					t.Fatal(err)
				}
				cookie = w.signedIn(t, role)
			}
		}
	}
	for what, r := range map[string]struct {
		method, path string
		head         map[string]string
	}{
		"no such page": {"GET", "/no/such/page", nil}, "static file that is none": {"GET", "/static/none.css", nil}, "no such method": {"DELETE", "/claims", sameOrigin(w)},
		"another site": {"POST", "/signin", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}}, "dots": {"GET", "/static/../claims", nil},
	} {
		resp, text := w.raw(t, c, "", r.method, r.path, r.head, "", nil)
		look(what, resp, text)
	}
	resp, text := w.raw(t, c, "", "POST", "/signup", sameOrigin(w), "application/x-www-form-urlencoded", strings.NewReader("name="+strings.Repeat("x", bodyLimit)))
	look("too large", resp, text)
}

// Every answer, refusals and files included, has the headers of safety, byte for
// byte; files have a policy of their own, which lets nothing run.
func TestASVS_3_4_1_3_4_3_3_4_4_3_4_5_3_4_6_3_4_8_4_1_1_EveryAnswerIsSafe(t *testing.T) {
	w := secureWorld(t, Config{})
	n := 0
	w.everyAnswer(t, func(what string, resp *http.Response, _ string) {
		n++
		policy := contentPolicy
		if strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
			policy = filePolicy
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
			"Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()", "Cache-Control": "no-store",
		} {
			if got := resp.Header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", what, name, got, want)
			}
		}
		kind := strings.ToLower(resp.Header.Get("Content-Type"))
		textual := strings.HasPrefix(kind, "text/") // JSON is UTF-8 always
		if resp.ContentLength != 0 && kind == "" || textual && !strings.HasSuffix(kind, "; charset=utf-8") {
			t.Errorf("%s: the type is %q", what, kind)
		}
	})
	t.Logf("%d answers", n)
}

// No answer names the program, its parts or their versions; numbers and debugging
// pages are not there for visitors.
func TestASVS_13_4_2_13_4_5_13_4_6_NothingOfTheInside(t *testing.T) {
	w := secureWorld(t, Config{})
	w.everyAnswer(t, func(what string, resp *http.Response, text string) {
		for _, name := range []string{"Server", "X-Powered-By", "Via", "X-Version"} {
			if got := resp.Header.Get(name); got != "" {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
		for _, inside := range []string{"goroutine ", ".go:", "panic:", "sqlite", "postgres", "SQLSTATE", "labstack", "go1."} {
			if strings.Contains(text, inside) {
				t.Errorf("%s: the answer says %q", what, inside)
			}
		}
	})
	c := bareClient()
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/vars", "/.git/config", "/.env", "/static/", "/irm.db"} {
		for _, role := range []string{"nobody", "manager"} {
			if resp, _ := w.raw(t, c, w.signedIn(t, role), "GET", path, nil, "", nil); resp.StatusCode != 404 {
				t.Errorf("%s opens %s: %d", role, path, resp.StatusCode)
			}
		}
	}
}

// An address takes the methods of its routes and no other, and says which.
func TestASVS_4_1_4_13_4_4_OnlyDeclaredMethods(t *testing.T) {
	w := secureWorld(t, Config{})
	takes := map[string]map[string]bool{}
	for _, r := range new(server).routes() {
		if takes[r.path] == nil {
			takes[r.path] = map[string]bool{}
		}
		takes[r.path][r.method] = true
		if r.method == "GET" {
			takes[r.path]["HEAD"] = true
		}
	}
	c, cookie := bareClient(), w.cookie(t, w.who["administrator@microsoft.example"])
	for path, methods := range takes {
		at := strings.NewReplacer(":ref", "XXX-000000", ":token", "none", ":topic", "start").Replace(path)
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			if methods[method] || takes[path[:strings.LastIndex(path, "/")+1]+":ref"][method] {
				continue
			}
			resp, _ := w.raw(t, c, cookie, method, at, sameOrigin(w), "", nil)
			allow := resp.Header.Get("Allow")
			if method == "OPTIONS" && resp.StatusCode == 204 && allow != "" { // it asks for just that
				resp.StatusCode = 405
			}
			allow = strings.ReplaceAll(allow, "OPTIONS, ", "")
			if resp.StatusCode != 405 || allow == "" || strings.Contains(allow, method) {
				t.Errorf("%s %s: %d, Allow %q", method, path, resp.StatusCode, allow)
			}
			for m := range methods {
				if !strings.Contains(allow, m) {
					t.Errorf("%s %s: Allow %q lacks %s", method, path, allow, m)
				}
			}
		}
	}
}

// Every cookie that any answer sets has all protections and the prefix that binds
// it to this host.
func TestASVS_3_3_1_3_3_2_3_3_3_3_3_4_EveryCookie(t *testing.T) {
	w := secureWorld(t, Config{})
	n := 0
	look := func(what string, resp *http.Response, _ string) {
		for _, c := range resp.Cookies() {
			n++
			if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") {
				t.Errorf("%s sets %s", what, c)
			}
		}
	}
	w.everyAnswer(t, look)
	kind, body := formBody(url.Values{"email": {"owner@birch.example"}, "password": {worldPassword}})
	resp, text := w.raw(t, bareClient(), "", "POST", "/signin", sameOrigin(w), kind, body)
	look("signed in", resp, text)
	if n < 3 || len(resp.Cookies()) < 2 {
		t.Errorf("%d cookies seen, %d at sign-in", n, len(resp.Cookies()))
	}
}

// Every unsafe route with every set of headers: with a session only what comes
// from our own page passes; without one, also what comes from no browser.
func TestASVS_3_5_1_NoRequestOfAnotherSiteCounts(t *testing.T) {
	w := secureWorld(t, Config{})
	host := strings.TrimPrefix(w.url, "https://")
	sets := map[string]struct {
		head             map[string]string
		stranger, member bool
	}{
		"same-origin":  {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": w.url}, true, true},
		"cross-site":   {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, false, false},
		"same-site":    {map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://blog.irm.example"}, false, false},
		"none":         {map[string]string{"Sec-Fetch-Site": "none"}, true, false},
		"missing":      {nil, true, false},
		"null":         {map[string]string{"Origin": "null"}, false, false},
		"http origin":  {map[string]string{"Origin": "http://" + host}, false, false},
		"other origin": {map[string]string{"Origin": "https://evil.example"}, false, false},
	}
	c, cookie := bareClient(), w.cookie(t, w.who["owner@alder.example"])
	before, cells := w.facts(t), 0
	ask := func(p permission, cookie string, head map[string]string, passes bool, what string) {
		cells++
		// A form that can't be read changes nothing where the request passes.
		resp, text := w.raw(t, c, cookie, p.method, w.address(t, p), head, "application/x-www-form-urlencoded", strings.NewReader("%zz"))
		if refused := resp.StatusCode == 403 && strings.Contains(text, "This request came from elsewhere"); refused == passes {
			t.Errorf("%s %s, %s: %d, want it to pass: %v", p.method, p.path, what, resp.StatusCode, passes)
		}
	}
	for _, p := range permissions(t) {
		if p.method == "GET" || p.path == "/signout" {
			continue
		}
		for name, set := range sets {
			ask(p, "", set.head, set.stranger, name+" without a session")
			ask(p, cookie, set.head, set.member, name+" with a session")
		}
	}
	if w.facts(t) != before {
		t.Error("records changed")
	}
	storetest.Figure(t, "S5", "%d cells (unsafe routes × 8 sets of headers × with and without a session), 0 wrong", cells)
}
