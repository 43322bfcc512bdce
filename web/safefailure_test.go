package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"irm/store"
	"irm/store/storetest"
)

// written is a log that many write to.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

var reference = regexp.MustCompile(`Reference <span class="ref">([a-z0-9]{12})</span>`)

// Whatever fails underneath, each address of the portal answers with a page that
// tells nothing of the inside and names its reference, which the log has too; and
// the process goes on.
func TestASVS_16_5_1_16_5_3_16_5_4_FailuresAreSafe(t *testing.T) {
	for what, fails := range map[string]func(s *server) error{
		"a panic in every handler": func(s *server) error { own := s.store; s.store = nil; return own.Close() },
		"no database":              func(s *server) error { return s.store.Close() },
	} {
		t.Run(what, func(t *testing.T) {
			worlds.Each(t, func(t *testing.T, dsn string) {
				log := &written{}
				w := newWorld(t, dsn)
				cookie := w.signedIn(t, "administrator")
				own, err := store.Open(t.Context(), dsn, store.Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
				if err != nil {
					t.Fatal(err)
				}
				s, err := newServer(Config{Store: own, BaseURL: w.url, Log: slog.New(slog.NewJSONHandler(log, nil))})
				if err != nil {
					t.Fatal(err)
				}
				srv := httptest.NewServer(s.handler())
				defer srv.Close()
				w.url = srv.URL
				if err := fails(s); err != nil {
					t.Fatal(err)
				}
				w.allFailSafely(t, cookie, log)
			})
		})
	}
}

func (w *world) allFailSafely(t *testing.T, cookie string, log *written) {
	t.Helper()
	c, failed := bareClient(), 0
	for _, p := range permissions(t) {
		for _, who := range []string{"", cookie} {
			kind, body := "", io.Reader(nil)
			if p.method != "GET" {
				kind, body = w.bodyWithoutStore(p)
			}
			resp, text := w.raw(t, c, who, p.method, w.address(t, p), sameOrigin(w), kind, body)
			for _, inside := range []string{"goroutine", ".go:", "panic", "nil pointer", "sql:", "sqlstate", "closed", "runtime error"} {
				if strings.Contains(strings.ToLower(text), inside) {
					t.Errorf("%s %s says %q", p.method, p.path, inside)
				}
			}
			if resp.StatusCode < 500 || p.path == "/readyz" {
				continue
			}
			failed++
			m := reference.FindStringSubmatch(text)
			if m == nil || m[1] != resp.Header.Get("X-Request-Id") || !strings.Contains(log.String(), m[1]) {
				t.Errorf("%s %s: %d without its reference", p.method, p.path, resp.StatusCode)
			}
			if resp.Header.Get("Content-Security-Policy") != contentPolicy {
				t.Errorf("%s %s: the policy is %q", p.method, p.path, resp.Header.Get("Content-Security-Policy"))
			}
		}
	}
	if resp, _ := w.raw(t, c, "", "GET", "/healthz", nil, "", nil); resp.StatusCode != 200 && failed == 0 {
		t.Error("the process is gone")
	}
	if failed < 50 {
		t.Errorf("only %d addresses failed: the test shows nothing", failed)
	}
}

// bodyWithoutStore is a form whose version needs no looking up.
func (w *world) bodyWithoutStore(p permission) (string, io.Reader) {
	switch p.path {
	case "/reports":
		return fileBody("another.csv", reportText("amount", "R9"))
	case "/roster":
		return fileBody("another.csv", rosterText)
	}
	return "application/x-www-form-urlencoded", strings.NewReader("version=1")
}

// The log of everything that everybody asks for has a line for each request with
// its id, its route's pattern and its member's id, and no secret and nothing
// personal: no password, cookie, link, address, name, telephone number, note.
func TestASVS_16_2_5_16_3_1_16_3_2_16_4_1_LogsTellNoSecrets(t *testing.T) {
	log := &written{}
	dsn := worlds.SQLite(t)
	w := &world{portal: bare(t, dsn, Config{Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}), db: storetest.Behind(t, dsn)}
	w.find(t)
	secrets := map[string]string{}
	for _, email := range roles() {
		if email != "" && email != "removed@alder.example" {
			secrets["cookie of "+email] = w.cookie(t, w.who[email])
		}
	}
	const forged = "typed\r\n{\"level\":\"INFO\",\"msg\":\"forged\"}"
	b := w.browser(t)
	b.signIn("owner@alder.example", "wrong secret pass phrase")
	b.signIn(forged, "another wrong phrase")
	b.signIn("owner@alder.example", worldPassword)
	b.visit("/claims?q=canary+in+the+query")
	b.visit("/invite/canary-in-the-path")
	b.post("/password/forgot", map[string][]string{"email": {"owner@birch.example"}})
	b.visit("/applications")
	w.everyAnswer(t, func(string, *http.Response, string) {})
	for what, text := range map[string]string{"password": worldPassword, "wrong password": "wrong secret pass phrase", "query": "canary in the query", "encoded query": "canary+in+the",
		"path": "canary-in-the-path", "address": "@alder.example", "address of another": "@birch.example", "name": "Owner of", "company": "Concord", "note": "We ran the pilot", "forged line": `"msg":"forged"`} {
		secrets[what] = text
	}
	for _, link := range storetest.Texts(t, w.db, `SELECT link FROM outbox WHERE link LIKE '%token%'`) {
		secrets["link "+link] = link[strings.Index(link, "token=")+6:]
	}
	all := log.String()
	for what, text := range secrets {
		if strings.Contains(all, text) {
			t.Errorf("the log has the %s", what)
		}
	}
	lines := strings.Split(strings.TrimSpace(all), "\n")
	for _, line := range lines {
		if !strings.HasPrefix(line, `{"time":`) || !strings.HasSuffix(line, "}") || !strings.Contains(line, `"id":"`) {
			t.Errorf("a line of the log is %s", line)
		}
	}
	for _, want := range []string{`"msg":"authn.fail"`, `"msg":"authn.pass"`, `"msg":"authz.deny"`, `"msg":"csrf.deny"`, `"route":"/claims/:ref"`, `"route":"/invite/:token"`, `"member":"` + w.who["owner@alder.example"] + `"`} {
		if !strings.Contains(all, want) {
			t.Errorf("the log has no %s", want)
		}
	}
	storetest.Figure(t, "S14", "%d lines of log, %d secrets and personal data sought, 0 found", len(lines), len(secrets))
}
