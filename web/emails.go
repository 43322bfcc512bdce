package web

import (
	"errors"
	"net/http"
	"strconv"

	"irm/influence"
	"irm/views"
)

// emailForm asks for another address.
func (s *server) emailForm(r *request) error {
	a, err := r.store.Account(r.Request().Context())
	if err != nil {
		return err
	}
	return r.emailPage(http.StatusOK, views.EmailModel{Now: a.Email, Version: strconv.FormatInt(a.Version, 10)})
}

func (r *request) emailPage(status int, m views.EmailModel) error {
	title := "Change your e-mail"
	if m.Wrong != "" {
		title = formTitle(title, influence.Invalid{"email": m.Wrong})
	}
	return r.html(status, views.Email(r.page(title), m))
}

// askEmail sends a link to another address. Whether it is somebody's already only
// its mailbox learns.
func (s *server) askEmail(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	a, err := r.store.Account(r.Request().Context())
	if err != nil {
		return err
	}
	email, err := influence.ParseEmail(f.Get("email"))
	var refused influence.Refusal
	if err == nil && email == a.Email {
		err = influence.Refusal("This is your address already.")
	}
	if errors.As(err, &refused) {
		return r.emailPage(http.StatusUnprocessableEntity, views.EmailModel{Now: a.Email, Email: f.Get("email"), Version: f.Get("version"), Wrong: string(refused)})
	}
	switch err := r.mayMail(email); {
	case errors.Is(err, errMailed):
		return r.seeOther("/account/email/sent")
	case err != nil:
		return err
	}
	if err := r.store.AskEmail(r.Request().Context(), email, atoi(f.Get("version"))); err != nil {
		return err
	}
	return r.seeOther("/account/email/sent")
}

func (s *server) emailSent(r *request) error {
	m := views.CheckMailModel{Title: "Check your mail", Demo: s.Demo,
		Text: "If the address can be used, a link is on its way to it. Open it and press the button: until then you sign in with the address you have. The link works once, for 24 hours."}
	return r.html(http.StatusOK, views.CheckMail(r.page("Check your mail"), m))
}

// emailConfirmForm shows what a link is for, without using it.
func (s *server) emailConfirmForm(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	n, err := s.store.NewEmail(r.Request().Context(), q.Get("token"))
	if errors.Is(err, influence.ErrNotFound) {
		return r.linkOver("Your account", "/account")
	}
	if err != nil {
		return err
	}
	return r.html(http.StatusOK, views.EmailConfirm(r.page("Confirm your new e-mail"), views.EmailConfirmModel{Token: q.Get("token"), Name: n.Name, Old: n.Old, New: n.New}))
}

// emailConfirm uses a link: from here on its member signs in with the new address.
func (s *server) emailConfirm(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = s.nobody().ConfirmEmail(r.Request().Context(), f.Get("token"), r.session)
	if errors.Is(err, influence.ErrNotFound) || errors.Is(err, influence.ErrConflict) {
		return r.linkOver("Your account", "/account")
	}
	if err != nil {
		return err
	}
	if r.session != "" {
		return r.said("/account", "good", "Your e-mail is changed. Other sessions have ended.")
	}
	return r.seeOther("/signin?said=email")
}
