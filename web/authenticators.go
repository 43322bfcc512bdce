package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"irm/influence"
	"irm/views"

	"rsc.io/qr"
)

// appForm leads through setting up an authenticator app, or shows the one there is.
func (s *server) appForm(r *request) error { return r.appPage(http.StatusOK, "") }

func (r *request) appPage(status int, wrong string) error {
	ctx := r.Request().Context()
	f, err := r.store.SecondFactor(ctx)
	if err != nil {
		return err
	}
	m := views.AppModel{On: f.App, Since: dayText(f.Since, r.zone()), Codes: f.Codes, Wrong: wrong}
	if !f.App {
		secret, err := r.store.NewApp(ctx)
		if err != nil && !errors.Is(err, influence.ErrNotFound) {
			return err
		}
		if err := r.drawSecret(&m, secret); err != nil {
			return err
		}
	}
	title := "Authenticator app"
	if wrong != "" {
		title = formTitle(title, influence.Invalid{"code": wrong})
	}
	return r.html(status, views.App(r.page(title), m))
}

// drawSecret shows a secret as a code for cameras and as text for fingers.
func (r *request) drawSecret(m *views.AppModel, secret string) error {
	if secret == "" {
		return nil
	}
	a, err := r.store.Account(r.Request().Context())
	if err != nil {
		return err
	}
	const issuer = "Influence Portal"
	label := url.PathEscape(issuer + ":" + a.Email)
	code, err := qr.Encode("otpauth://totp/"+label+"?secret="+secret+"&issuer="+url.PathEscape(issuer), qr.M)
	if err != nil {
		return err
	}
	m.Size, m.Path, m.Secret = code.Size, squares(code), grouped(secret)
	return nil
}

// squares draws the dark squares of a code, a run at a time, as an SVG path.
func squares(code *qr.Code) string {
	var d strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			start := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	return d.String()
}

// grouped writes a secret in groups of four, as people copy it.
func grouped(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

func (s *server) appStart(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.StartApp(r.Request().Context()); err != nil && !errors.Is(err, influence.ErrConflict) {
		return err
	}
	return r.seeOther("/account/app")
}

// appConfirm puts the app to use that shows the right code, and shows recovery
// codes, once.
func (s *server) appConfirm(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if f.Get("code") == "" {
		return r.appPage(http.StatusUnprocessableEntity, "Enter the code that the app shows.")
	}
	wait, err := s.store.CodeAttempt(r.Request().Context(), r.actor.MemberID)
	if err != nil {
		return err
	}
	if wait > 0 {
		return r.appPage(http.StatusUnprocessableEntity, "There were many wrong codes. Wait "+waitWords(wait)+", then try again.")
	}
	codes, err := r.store.ConfirmApp(r.Request().Context(), f.Get("code"), r.session)
	if errors.Is(err, influence.ErrWrongCode) {
		return r.appPage(http.StatusUnprocessableEntity, wrongCode)
	}
	if err != nil {
		return err
	}
	return r.codesPage("Your authenticator app is set up", codes)
}

func (r *request) codesPage(said string, codes []string) error {
	if err := r.renew(""); err != nil {
		return err
	}
	return r.html(http.StatusOK, views.Codes(r.page("Recovery codes"), views.CodesModel{Said: said, Codes: codes}))
}

func (s *server) appRemove(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.RemoveApp(r.Request().Context(), r.session); err != nil {
		return err
	}
	return r.said("/account", "good", "The authenticator app is removed.")
}

// newCodes makes recovery codes anew and shows them, once.
func (s *server) newCodes(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	codes, err := r.store.NewRecoveryCodes(r.Request().Context())
	if err != nil {
		return err
	}
	return r.codesPage("Your recovery codes are made anew", codes)
}
