package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// DemoSignIn is a person of a demonstration, whom a button signs in.
type DemoSignIn struct{ Name, Role, Email, Password string }

// signInSaid are the sentences above the form, by the word in the address.
var signInSaid = map[string]string{
	"out":      "You are signed out.",
	"password": "Your new password is set. Sign in with it.",
	"email":    "Your e-mail is changed. Sign in with it.",
	"again":    "The first step is too long ago. Sign in again.",
	"left":     "You left your team. Your access has ended.",
}

// signInForm is the page to sign in.
func (s *server) signInForm(r *request) error {
	if r.actor.MemberID != "" {
		return r.seeOther("/")
	}
	q, err := r.query()
	if err != nil {
		return err
	}
	return r.signInPage(http.StatusOK, views.SignInModel{Said: signInSaid[q.Get("said")]})
}

func (r *request) signInPage(status int, m views.SignInModel) error {
	for _, d := range r.s.SignIns {
		m.Demo = append(m.Demo, views.DemoSignIn{Name: d.Name, Role: d.Role})
	}
	m.Passkeys = r.s.passkeysWork()
	title := "Sign in"
	if m.Wrong != "" {
		title = "Not signed in"
	}
	return r.html(status, views.SignIn(r.page(title), m))
}

// signIn checks an address and its password. A try is counted before the check,
// and known and unknown addresses get the same work and the same answers.
func (s *server) signIn(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	email, password := f.Get("email"), f.Raw("password")
	var counted []try
	if as := s.demoSignIn(f.Get("as")); as != nil {
		email, password = as.Email, as.Password
	} else if counted, err = s.countSignIn(r, email); err != nil {
		return err
	}
	m := views.SignInModel{Email: email}
	if email == "" || password == "" {
		m.Wrong = "Enter your e-mail and your password."
		return r.signInPage(http.StatusUnprocessableEntity, m)
	}
	wait, err := s.store.Attempt(r.Request().Context(), email, r.browser())
	if err != nil {
		return err
	}
	if wait > 0 {
		giveBack(counted[min(1, len(counted)):]) // who besieges one account does not keep its company's others waiting
		m.Wrong = "There were many wrong tries with this address. Wait " + waitWords(wait) + ", then try again."
		r.Response().Header().Set("Retry-After", RetryAfter(wait))
		return r.signInPage(http.StatusTooManyRequests, m)
	}
	return s.checkSignIn(r, m, password, counted)
}

// countSignIn counts a try by network and by company, in that order. A browser that
// the account was signed in with before does not share its company's count with
// strangers, who could use that up; its own wrong tries are counted by the store.
func (s *server) countSignIn(r *request, email string) ([]try, error) {
	known, err := s.store.KnowsBrowser(r.Request().Context(), email, r.browser())
	if err != nil {
		return nil, err
	}
	tries := []try{{s.limits.signIn, Network(r.RealIP())}, {s.limits.signInCompany, domainOf(email)}}
	if known {
		tries = tries[:1]
	}
	return tries, takeAll(tries)
}

func (s *server) checkSignIn(r *request, m views.SignInModel, password string, counted []try) error {
	ctx := r.Request().Context()
	who, err := s.store.Credential(ctx, m.Email)
	if err != nil {
		return err
	}
	ok, err := s.hashing.check(ctx, password, who.Hash)
	if err != nil {
		return err
	}
	if !ok {
		if err := r.refused(who.MemberID, influence.ByPassword); err != nil {
			return err
		}
		m.Wrong = "The e-mail or the password is not right."
		return r.signInPage(http.StatusUnprocessableEntity, m)
	}
	giveBack(counted)
	if in, err := r.enter(who.MemberID, influence.ByPassword); err != nil || !in {
		return err
	}
	return r.seeOther("/")
}

// refused writes down a sign-in that failed, for the log and for its member.
func (r *request) refused(memberID string, by influence.Method) error {
	r.s.Log.Info("authn.fail", "id", r.Response().Header().Get("X-Request-Id"), "member", memberID, "by", string(by))
	return r.s.store.SignInRefused(r.Request().Context(), memberID, r.client(by))
}

// client is where a request comes from, and how its person proved who it is.
func (r *request) client(by influence.Method) store.Client {
	return store.Client{Address: Network(r.RealIP()), Agent: r.Request().UserAgent(), Browser: r.browser(), By: by}
}

// enter starts a session for a member; what was signed in before ends. Who has to
// prove more is sent to the second step, and then in is false.
func (r *request) enter(memberID string, by influence.Method) (in bool, err error) {
	err = r.entering(func(ctx context.Context, from store.Client) (string, error) {
		from.By = by
		return r.s.store.StartSession(ctx, memberID, from)
	})
	if errors.Is(err, influence.ErrSecondFactor) {
		return false, r.toSecondStep(memberID)
	}
	if err == nil {
		r.s.Log.Info("authn.pass", "id", r.Response().Header().Get("X-Request-Id"), "member", memberID, "by", string(by))
	}
	return err == nil, err
}

// entering has start make a session and gives the browser its cookie.
func (r *request) entering(start func(context.Context, store.Client) (string, error)) error {
	ctx, from := r.Request().Context(), r.client("")
	if from.Browser == "" {
		from.Browser = rand.Text()
	}
	cookie, err := start(ctx, from)
	if err != nil {
		return err
	}
	if r.session != "" {
		if err := r.s.store.EndSession(ctx, r.session); err != nil {
			return err
		}
	}
	r.session = cookie
	r.dropDraft()
	r.keepBrowser(from.Browser)
	return r.keepCookie(cookie, maxSession)
}

// browser is the cookie by which a browser is known again, "" if it has none. It
// opens nothing: its wrong passwords are counted apart from strangers'.
func (r *request) browser() string {
	c, err := r.Cookie(r.s.browserCookie())
	if err != nil || len(c.Value) > 128 {
		return ""
	}
	return c.Value
}

func (r *request) keepBrowser(value string) {
	//nolint:gosec // Secure but at a base address of http, where a browser would drop it
	r.SetCookie(&http.Cookie{Name: r.s.browserCookie(), Value: value, Path: "/", HttpOnly: true, Secure: r.s.secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(store.BrowserKnown / time.Second)})
}

func (s *server) browserCookie() string {
	if s.secure() {
		return "__Host-browser"
	}
	return "browser"
}

// keepCookie has the browser keep a session's cookie for some seconds, or drop it
// below 0.
func (r *request) keepCookie(cookie string, seconds int) error {
	ses, err := r.s.sessions.New(r.Request(), r.s.cookieName())
	if err != nil {
		return err
	}
	ses.ID, ses.Options.MaxAge = cookie, seconds
	return r.s.sessions.Save(r.Request(), r.Response(), ses)
}

// signOut ends the session.
func (s *server) signOut(r *request) error {
	if r.session != "" {
		if err := s.store.EndSession(r.Request().Context(), r.session); err != nil {
			return err
		}
	}
	if err := r.keepCookie("", -1); err != nil {
		return err
	}
	r.Response().Header().Set("Clear-Site-Data", `"storage"`) // pages are not stored anyway
	return r.seeOther("/signin?said=out")
}

// demoSignIn finds the person of a demonstration's button.
func (s *server) demoSignIn(role string) *DemoSignIn {
	for i := range s.SignIns {
		if role != "" && s.SignIns[i].Role == role {
			return &s.SignIns[i]
		}
	}
	return nil
}

// waitWords says a pause in whole seconds or minutes.
func waitWords(wait time.Duration) string {
	seconds := int64((wait + time.Second - 1) / time.Second)
	switch {
	case seconds == 1:
		return "1 second"
	case seconds < 120:
		return number(seconds) + " seconds"
	}
	return number((seconds+59)/60) + " minutes"
}
