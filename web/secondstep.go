package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// step is the cookie of a browser in the middle of signing in, "" if it has none.
func (r *request) step() string {
	c, err := r.Cookie(r.s.stepCookie())
	if err != nil || len(c.Value) > 128 {
		return ""
	}
	return c.Value
}

// newStep gives the browser such a cookie.
func (r *request) newStep() string {
	step := rand.Text() + rand.Text()
	r.keepStep(step, int(influence.CeremonyLife.Seconds()))
	return step
}

func (r *request) keepStep(value string, seconds int) {
	//nolint:gosec // Secure but at a base address of http, where a browser would drop it
	r.SetCookie(&http.Cookie{Name: r.s.stepCookie(), Value: value, Path: "/", HttpOnly: true, Secure: r.s.secure(), SameSite: http.SameSiteLaxMode, MaxAge: seconds})
}

func (s *server) stepCookie() string {
	if s.secure() {
		return "__Host-step"
	}
	return "step"
}

// toSecondStep goes on to the page that asks for the second factor.
func (r *request) toSecondStep(memberID string) error {
	if err := r.s.store.Begin(r.Request().Context(), store.SecondStep, r.newStep(), memberID, ""); err != nil {
		return err
	}
	return r.seeOther("/signin/second")
}

// secondStepForm asks for what the password alone does not prove.
func (s *server) secondStepForm(r *request) error {
	if _, _, err := s.store.Begun(r.Request().Context(), store.SecondStep, r.step()); err != nil {
		return r.firstStepOver(err)
	}
	return r.secondStepPage(http.StatusOK, "")
}

// firstStepOver starts again when the first step is too long ago.
func (r *request) firstStepOver(err error) error {
	if errors.Is(err, influence.ErrNotFound) {
		return r.seeOther("/signin?said=again")
	}
	return err
}

func (r *request) secondStepPage(status int, wrong string) error {
	title := "One more step"
	if wrong != "" {
		title = "Not signed in"
	}
	return r.html(status, views.SecondStep(r.page(title), views.SecondStepModel{Wrong: wrong, Passkeys: r.s.passkeysWork()}))
}

// secondStep takes a code of the app, or a recovery code.
func (s *server) secondStep(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ctx := r.Request().Context()
	member, _, err := s.store.Begun(ctx, store.SecondStep, r.step())
	if err != nil {
		return r.firstStepOver(err)
	}
	if f.Get("code") == "" {
		return r.secondStepPage(http.StatusUnprocessableEntity, "Enter a code.")
	}
	wait, err := s.store.CodeAttempt(ctx, member)
	if err != nil {
		return err
	}
	if wait > 0 {
		r.Response().Header().Set("Retry-After", RetryAfter(wait))
		return r.secondStepPage(http.StatusTooManyRequests, "There were many wrong codes. Wait "+waitWords(wait)+", then try again. A passkey works at once.")
	}
	err = r.entering(func(ctx context.Context, from store.Client) (string, error) {
		return s.store.EnterByCode(ctx, r.step(), f.Get("code"), from)
	})
	switch {
	case errors.Is(err, influence.ErrWrongCode):
		if err := r.refused(member, influence.ByCode); err != nil {
			return err
		}
		return r.secondStepPage(http.StatusUnprocessableEntity, wrongCode)
	case err != nil:
		return r.firstStepOver(err)
	}
	s.Log.Info("authn.pass", "id", r.Response().Header().Get("X-Request-Id"), "member", member, "by", string(influence.ByCode))
	r.keepStep("", -1)
	return r.seeOther("/")
}
