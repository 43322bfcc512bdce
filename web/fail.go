package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"

	"github.com/labstack/echo/v4"
)

// failure is what an error becomes: a status and what the page says.
type failure struct {
	status            int
	title, text, kept string
}

// fails says what each error is to the person who asked. An error's own text
// never reaches a browser, except sentences written for people.
func fails(err error) failure {
	var he *echo.HTTPError
	var many tooMany
	var large *http.MaxBytesError
	var wrong influence.Invalid
	var refused influence.Refusal
	var out influence.Suspended
	switch {
	case errors.Is(err, influence.ErrNotFound):
		return failure{404, "There is no such page", "It may be mistyped, or it belongs to another company. References never contain the letters I, L, O or U.", ""}
	case errors.Is(err, errSignedOut):
		return failure{403, "You are signed out", "Your session has ended. Sign in in another tab, then come back to the form and send it again.", "Nothing was stored."}
	case errors.Is(err, errNoSecondFactor):
		return failure{403, "Set up a second factor first", "Your role needs one. Open your account, set it up, then come back.", "Nothing was stored."}
	case errors.Is(err, errViewing):
		return failure{403, "You see this as somebody else", "You can look at everything and change nothing. End it with the button at the top, then act as yourself.", "Nothing was stored."}
	case errors.As(err, &out):
		return failure{403, "Your company is suspended", "Microsoft suspended your company’s access to the program, so nobody of it can sign in until Microsoft ends this. What the company did stays on record. The reason: “" + string(out) + "”", ""}
	case errors.Is(err, influence.ErrForbidden):
		return failure{403, "This page is not for your role", "Your organization can’t do this in the program.", ""}
	case errors.Is(err, influence.ErrConflict):
		return failure{409, "Somebody changed this while you were reading", "Your change was not stored. Open the page again to see what is there now.", ""}
	case errors.As(err, &many):
		return failure{429, "Too many tries in a short time", "Wait " + waitWords(many.wait) + ", then try again.", "Nothing was stored."}
	case errors.Is(err, errBusy):
		return failure{503, "The portal is busy", "Try again in a few seconds.", "Nothing was stored."}
	case store.Unavailable(err):
		return failure{503, "The portal can’t reach its records", "Try again in a minute.", "Nothing was stored."}
	case errors.Is(err, errBadForm):
		return ofHTTP(400)
	case errors.As(err, &large):
		return ofHTTP(413)
	case errors.As(err, &refused):
		return failure{422, "This can’t be done as it stands", string(refused), "Nothing was stored."}
	case errors.As(err, &wrong):
		return failure{422, "This can’t be done as it stands", strings.Join(sentences(wrong), " "), ""}
	case errors.As(err, &he):
		return ofHTTP(he.Code)
	}
	return failure{500, "Something went wrong on our side", "It was written down. Try again; if it happens again, tell us the reference below.", "Nothing was stored."}
}

// isSuspended reports whether err says that somebody's company is suspended.
func isSuspended(err error) bool {
	_, is := errors.AsType[influence.Suspended](err)
	return is
}

func ofHTTP(code int) failure {
	switch code {
	case 404:
		return fails(influence.ErrNotFound)
	case 405:
		return failure{405, "This address does not take that", "Go back and use the page’s own buttons.", ""}
	case 413:
		return failure{413, "That is too large", "A form holds up to 256 KB, a file of evidence up to 10 MB, a report up to 256 MiB.", "Nothing was stored."}
	case 400:
		return failure{400, "The form could not be read", "Go back, reload the page and send it again.", "Nothing was stored."}
	}
	return failure{code, http.StatusText(code), "Go back and try again.", ""}
}

// fail turns an error into a status and a page. It is the only place that does.
func (s *server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := fails(err)
	if f.status >= 500 {
		s.Log.Error("request failed", "id", c.Response().Header().Get("X-Request-Id"), "route", c.Path(), "err", err)
	}
	if event := deniedAs(f.status); event != "" {
		s.Log.Warn(event, "id", c.Response().Header().Get("X-Request-Id"), "route", c.Path(), "member", memberOf(c))
	}
	if wait := waitFor(err); wait > 0 {
		c.Response().Header().Set("Retry-After", RetryAfter(wait))
	}
	s.failed(s.whoAsked(c, f), f)
}

// deniedAs is the name under which a refusal is logged, for who watches the log.
func deniedAs(status int) string {
	switch status {
	case http.StatusForbidden:
		return "authz.deny"
	case http.StatusTooManyRequests:
		return "rate.limit"
	}
	return ""
}

// memberOf is the id of the member who asks, "" for nobody.
func memberOf(c echo.Context) string {
	if r, ok := c.Get("request").(*request); ok {
		return r.actor.MemberID
	}
	return ""
}

// whoAsked is the request that failed; for an address or method that is no route's
// it is made here, so that the page is the actor's too.
func (s *server) whoAsked(c echo.Context, f failure) *request {
	if r, ok := c.Get("request").(*request); ok {
		return r
	}
	if f.status < 500 {
		if r, err := s.request(c); err == nil {
			return r
		}
	}
	return &request{Context: c, s: s}
}

// waitFor is how long to wait before the same may go through; 0 if waiting is of
// no use.
func waitFor(err error) time.Duration {
	var many tooMany
	switch {
	case errors.As(err, &many):
		return many.wait
	case errors.Is(err, errBusy):
		return 5 * time.Second
	case store.Unavailable(err):
		return time.Minute
	}
	return 0
}

func (s *server) failed(r *request, f failure) {
	m := views.FailureModel{Status: f.status, Title: f.title, Text: f.text, Kept: f.kept, RequestID: r.Response().Header().Get("X-Request-Id"),
		Actions: []views.Link{{Label: "Home", Href: "/"}}}
	if err := r.html(f.status, views.Failure(r.failurePage(f), m)); err != nil {
		s.Log.Error("error page failed", "err", err)
		_ = r.String(http.StatusInternalServerError, "Something went wrong on our side.")
	}
}

// failurePage is what is around an error. When the fault is ours it asks the
// records for nothing, for they may be what failed.
func (r *request) failurePage(f failure) views.Page {
	if f.status < 500 {
		return r.page(f.title)
	}
	return views.Page{Title: f.title, Actor: r.actor, Nav: r.navWith(nil), Path: r.Request().URL.Path, RequestID: r.Response().Header().Get("X-Request-Id")}
}

// refusedOrigin and tooLarge answer what never reaches a route.
func (s *server) refusedOrigin(w http.ResponseWriter, req *http.Request) {
	s.Log.Warn("csrf.deny", "id", w.Header().Get("X-Request-Id"))
	s.early(w, req, failure{403, "This request came from elsewhere", "For your safety a form counts only when it was sent from the portal’s own pages.", "Nothing was stored."})
}

func (s *server) tooLarge(w http.ResponseWriter, req *http.Request) { s.early(w, req, ofHTTP(413)) }

func (s *server) early(w http.ResponseWriter, req *http.Request, f failure) {
	c := echo.New().NewContext(req, w)
	s.Log.Info("request", "id", w.Header().Get("X-Request-Id"), "method", word(req.Method), "route", "", "status", f.status, "member", "", "ms", 0)
	s.failed(&request{Context: c, s: s}, f)
}

// word is a method for the log: whoever sends one chooses its letters.
func word(method string) string { return method[:min(len(method), 16)] }

// withID names each request, for the log and the error page.
func withID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", strings.ToLower(rand.Text()[:12]))
		next.ServeHTTP(w, r)
	})
}

// logged writes one line a request: who and what by their ids, never what was said.
func (s *server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		s.Log.Info("request", "id", c.Response().Header().Get("X-Request-Id"), "method", word(c.Request().Method), "route", c.Path(),
			"status", c.Response().Status, "member", memberOf(c), "ms", time.Since(start).Milliseconds())
		return nil
	}
}

// recovered makes a panic a 500.
func (s *server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if cut, ok := p.(error); ok && errors.Is(cut, http.ErrAbortHandler) {
				panic(p) // the connection is to be cut
			}
			if p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}
