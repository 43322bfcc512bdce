package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"irm/influence"
	"irm/store"
	"irm/views"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// route is one line of the site map. A route without an action does not start.
type route struct {
	method, path string
	action       influence.Action
	handle       func(*request) error
}

// request is one request by one actor. Its store is the only way from a
// handler to the records, and shows only what the actor may see.
type request struct {
	echo.Context
	s       *server
	store   store.Session
	actor   influence.Actor
	session string // the cookie's value, "" when nobody is signed in
	flash   string
	news    bool                  // a notice was not read yet
	until   time.Time             // when staff stops seeing the portal as another
	waits   map[string]store.Sums // what waits by tab of the inbox, once it was read
}

// guard finds the actor, checks the route's action and hands over a request.
func (s *server) guard(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		req, err := s.request(c)
		if err != nil {
			return err
		}
		switch {
		case r.action == influence.Public:
		case req.actor.MemberID == "" && r.method == http.MethodGet:
			return req.toSignIn()
		case req.actor.MemberID == "":
			return errSignedOut
		case !req.actor.May(r.action):
			return req.instead(r, influence.ErrForbidden)
		case req.actor.Stale && influence.NeedsProof(r.action):
			return req.askProof(r)
		}
		if req.actor.Viewing && !safe(r) {
			return errViewing
		}
		if !isText(c.ParamValues()) {
			return influence.ErrNotFound
		}
		return req.instead(r, r.handle(req))
	}
}

// instead sends on who may do what it asked for once it has proved enough: by a
// second factor at all, or by a fresh proof.
func (r *request) instead(to route, err error) error {
	switch {
	case err == nil:
		return nil
	case r.actor.NoSecondFactor && errors.Is(err, influence.ErrForbidden) && to.method == http.MethodGet:
		return r.seeOther("/account")
	case r.actor.NoSecondFactor && errors.Is(err, influence.ErrForbidden):
		return errNoSecondFactor
	case errors.Is(err, influence.ErrProof) && r.session != "":
		return r.askProof(to)
	}
	return err
}

// errNoSecondFactor is forbidden to who has yet to set up a second factor.
var errNoSecondFactor = fmt.Errorf("no second factor: %w", influence.ErrForbidden)

// safe reports whether a route changes nothing of an organization's. Staff that
// sees the portal as another may ask for these alone.
func safe(r route) bool {
	return r.method == http.MethodGet || r.path == endViewingPath || r.path == "/signout"
}

// errViewing is forbidden to staff while it sees the portal as another.
var errViewing = fmt.Errorf("seeing as another: %w", influence.ErrForbidden)

// isText reports whether values are text that a database takes: a reference in an
// address that is none names nothing.
func isText(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.Contains(v, "\x00") })
}

// errSignedOut is forbidden to somebody whose session may have ended while a form
// was filled in.
var errSignedOut = fmt.Errorf("signed out: %w", influence.ErrForbidden)

// toSignIn goes to the page to sign in; a script that fetched a part of a page
// is told to go there as a whole.
func (r *request) toSignIn() error {
	if r.Request().Header.Get("HX-Request") != "" {
		r.Response().Header().Set("HX-Redirect", "/signin")
		return r.NoContent(http.StatusNoContent)
	}
	return r.seeOther("/signin")
}

// request finds out who asks.
func (s *server) request(c echo.Context) (*request, error) {
	req := &request{Context: c, s: s}
	ses, err := s.sessions.Get(c.Request(), s.cookieName())
	if err != nil {
		return nil, err
	}
	if !ses.IsNew {
		actor, info, err := s.store.Actor(c.Request().Context(), ses.ID)
		switch {
		case err == nil:
			req.actor, req.session, req.flash, req.until, req.news = actor, ses.ID, info.Flash, info.Until, info.News
			if info.Renew {
				err = req.renew("")
			}
			if err != nil {
				return nil, err
			}
		case !errors.Is(err, influence.ErrNotFound):
			return nil, err
		}
	}
	req.store = s.store.As(req.actor)
	c.Set("request", req)
	return req, nil
}

// renew gives the session another cookie. by is what was proved for it just now, ""
// for nothing new.
func (r *request) renew(by influence.Method) error {
	fresh, err := r.s.store.RenewSession(r.Request().Context(), r.session, by)
	if err != nil {
		return err
	}
	r.session = fresh
	if by != "" {
		r.actor.Stale = false
		r.store = r.s.store.As(r.actor)
	}
	return r.keepCookie(fresh, maxSession)
}

// page is what every page needs besides its own content.
func (r *request) page(title string) views.Page {
	p := views.Page{Title: title, Actor: r.actor, Nav: r.nav(), Viewing: r.viewingBar(), Path: r.Request().URL.Path, RequestID: r.Response().Header().Get("X-Request-Id")}
	p.Search, p.Notices, p.News = r.actor.May(influence.Search), r.actor.May(influence.ReadNotices), r.news
	if r.flash != "" {
		p.Flash = readFlash(r.flash)
		_ = r.s.store.TakeFlash(r.Request().Context(), r.session)
	}
	if r.s.Demo {
		p.Demo = r.demoBar()
	}
	return p
}

// html sends a whole page or none: a page that fails to render becomes a 500.
func (r *request) html(status int, page templ.Component) error {
	buf := templ.GetBuffer()
	defer templ.ReleaseBuffer(buf)
	if err := page.Render(r.Request().Context(), buf); err != nil {
		return err
	}
	r.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(buf.Len())) // so that it is not sent in chunks
	return r.HTMLBlob(status, buf.Bytes())
}

func (r *request) seeOther(to string) error { return r.Redirect(http.StatusSeeOther, to) }

// said goes on to another page, which shows what happened once.
func (r *request) said(to, tone, text string) error {
	if r.session != "" {
		if err := r.s.store.SetFlash(r.Request().Context(), r.session, writeFlash(tone, text)); err != nil {
			return err
		}
	}
	return r.seeOther(to)
}

// invalid reports whether err says what is wrong with a form.
func invalid(err error) (influence.Invalid, bool) {
	var wrong influence.Invalid
	ok := errors.As(err, &wrong)
	return wrong, ok
}

func (r *request) today() influence.Day { return r.s.today() }

func (r *request) now() time.Time { return r.s.now() }
