package web

import (
	"errors"
	"net/http"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// forgotForm asks for an address to send a link to.
func (s *server) forgotForm(r *request) error {
	return r.html(http.StatusOK, views.Forgot(r.page("Choose a new password"), views.ForgotModel{}))
}

// forgot sends a link to choose a new password, if the address is a member's, and
// answers the same if not.
func (s *server) forgot(r *request) error {
	came := time.Now()
	f, err := r.form()
	if err != nil {
		return err
	}
	email, err := influence.ParseEmail(f.Get("email"))
	var refused influence.Refusal
	if errors.As(err, &refused) {
		return r.html(http.StatusUnprocessableEntity, views.Forgot(r.page(formTitle("Choose a new password", influence.Invalid{"email": ""})),
			views.ForgotModel{Email: f.Get("email"), Wrong: string(refused)}))
	}
	switch err := r.mayMail(email); {
	case errors.Is(err, errMailed):
	case err != nil:
		return err
	default:
		if err := s.nobody().AskReset(r.Request().Context(), email); err != nil {
			return err
		}
	}
	evenly(r.Request().Context(), came)
	return r.seeOther("/password/sent")
}

func (s *server) forgotSent(r *request) error {
	m := views.CheckMailModel{Title: "Check your mail", Demo: s.Demo,
		Text: "If the address is a member’s, a link is on its way to it. It works once, for 30 minutes. If no mail comes, look at how the address is written and ask again."}
	return r.html(http.StatusOK, views.CheckMail(r.page("Check your mail"), m))
}

// oneTime is one kind of link with which a password is chosen.
type oneTime struct {
	purpose, title, action, button string
	again, againHref               string // where to get another link
}

func resetLink() oneTime {
	return oneTime{"reset", "Choose a new password", "/password/reset", "Set the password", "Ask for another link", "/password/forgot"}
}

func inviteLink(token string) oneTime {
	return oneTime{"invite", "Welcome", "/invite/" + token, "Set the password and sign in", "Ask for a new password", "/password/forgot"}
}

// chooseForm shows the form of a link, without using it.
func (r *request) chooseForm(l oneTime, token string) error {
	o, err := r.s.store.TokenOwner(r.Request().Context(), l.purpose, token)
	if errors.Is(err, influence.ErrNotFound) {
		return r.linkOver(l.again, l.againHref)
	}
	if err != nil {
		return err
	}
	return r.choosePage(http.StatusOK, l, token, o, "")
}

func (r *request) choosePage(status int, l oneTime, token string, o store.TokenOwner, wrong string) error {
	m := views.ChooseModel{Title: l.title, Lead: "For " + o.Email + " at " + o.Company + ".", Action: l.action, Button: l.button, Email: o.Email, Wrong: wrong}
	if l.purpose == "reset" {
		m.Token = token
	} else {
		m.Title, m.Lead = "Welcome, "+o.Name, "You are a member of "+o.Company+". Choose a password to sign in with."
	}
	title := m.Title
	if wrong != "" {
		title = formTitle(title, influence.Invalid{"password": wrong})
	}
	return r.html(status, views.ChoosePassword(r.page(title), m))
}

// choose sets a password with a one-time link. It returns "" when it has answered.
func (r *request) choose(l oneTime, token, password string) (memberID string, err error) {
	ctx := r.Request().Context()
	o, err := r.s.store.TokenOwner(ctx, l.purpose, token)
	if errors.Is(err, influence.ErrNotFound) {
		return "", r.linkOver(l.again, l.againHref)
	}
	if err != nil {
		return "", err
	}
	var refused influence.Refusal
	switch err := r.s.checkPassword(password, o.PasswordOwner); {
	case errors.As(err, &refused):
		return "", r.choosePage(http.StatusUnprocessableEntity, l, token, o, string(refused))
	case err != nil:
		return "", err
	}
	hash, err := r.s.hashing.hash(ctx, password)
	if err != nil {
		return "", err
	}
	memberID, err = r.s.nobody().ChoosePassword(ctx, l.purpose, token, hash)
	if errors.Is(err, influence.ErrNotFound) { // another click was faster
		return "", r.linkOver(l.again, l.againHref)
	}
	return memberID, err
}

func (s *server) resetForm(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	return r.chooseForm(resetLink(), q.Get("token"))
}

func (s *server) reset(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	member, err := r.choose(resetLink(), f.Get("token"), f.Raw("password"))
	if err != nil || member == "" {
		return err
	}
	return r.seeOther("/signin?said=password")
}

func (s *server) inviteForm(r *request) error {
	return r.chooseForm(inviteLink(r.Param("token")), r.Param("token"))
}

func (s *server) invite(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	member, err := r.choose(inviteLink(r.Param("token")), r.Param("token"), f.Raw("password"))
	if err != nil || member == "" {
		return err
	}
	if in, err := r.enter(member, influence.ByLink); err != nil || !in {
		return err
	}
	return r.said("/", "good", "Your password is set and you are signed in.")
}
