// Package web serves the portal's pages.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"irm/influence"
	"irm/static"
	"irm/store"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

// Config says how the portal is served.
type Config struct {
	Store   *store.Store
	Log     *slog.Logger
	BaseURL string       // where people reach it, such as https://irm.example; links in mails begin with it
	Demo    bool         // mails at /demo/mail, a line on every page
	SignIns []DemoSignIn // in a demonstration: people whom a button signs in
	Spool   string       // folder for uploads on their way; the system's if empty
	Limits  Limits       // those that are other than DefaultLimits

	Breached *Breached // passwords that nobody may choose; nil for no list
}

// server holds what all requests share.
type server struct {
	Config
	store    *store.Store
	sessions sessions.Store
	hashing  *hashing
	limits   limits
	base     *url.URL
	passkeys func() (*webauthn.WebAuthn, error) // made on first use
}

// New returns the portal as an http.Handler.
func New(c Config) (http.Handler, error) {
	s, err := newServer(c)
	if err != nil {
		return nil, err
	}
	return s.handler(), nil
}

func newServer(c Config) (*server, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("the base address %q is not one such as https://irm.example", c.BaseURL)
	}
	s := &server{Config: c, store: c.Store, base: base, hashing: newHashing(), limits: newLimits(c.Limits, c.Store.Clock().System)}
	s.passkeys = sync.OnceValues(s.newPasskeys)
	s.sessions = &sessionStore{store: c.Store, secure: s.secure()}
	return s, nil
}

func (s *server) secure() bool { return s.base.Scheme == "https" }

// handler puts the parts in order: what every answer needs outermost.
func (s *server) handler() http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.fail
	e.Use(s.logged, s.recovered)
	for _, r := range s.routes() {
		if r.action == "" {
			panic("web: no action for " + r.method + " " + r.path)
		}
		e.Add(r.method, r.path, s.guard(r))
		if r.method == http.MethodGet { // whoever looks whether a link is good; the server leaves the body out
			e.Add(http.MethodHead, r.path, s.guard(r))
		}
	}
	inner := Origin(s.cookieName(), s.refusedOrigin)(besideStatic(e))
	inner = LimitBody(bodyLimit, uploads, s.tooLarge)(inner)
	return Compress(Headers(s.secure())(withID(inner)))
}

// besideStatic gives what lies under /static/ to the embedded files and the rest to
// the pages. It mends no address, so it redirects nobody.
func besideStatic(pages http.Handler) http.Handler {
	files := static.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") {
			files.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// bodyLimit is what a form may weigh; uploads have their own.
const bodyLimit = 256 << 10

// uploads are the routes that take files.
var uploads = map[string]int64{"/reports": 257 << 20, "/roster": 33 << 20, "/claims/*/evidence": influence.EvidenceLargest + 1<<20}

func (s *server) cookieName() string { return cookieName(s.secure()) }

func (s *server) today() influence.Day { return s.store.Clock().Today() }

func (s *server) now() time.Time { return s.store.Clock().Program() }
