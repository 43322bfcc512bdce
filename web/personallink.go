package web

import (
	"cmp"
	"errors"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// personalLinks are what staff sent to a partner's contact, and the button that
// sends another; nil for who sends none, and for a partner that has nothing to do
// with links.
func (r *request) personalLinks(p store.PartnerPage) *views.PersonalLinksModel {
	if !r.actor.May(influence.SendPersonalLink) || p.Enrolled && len(p.Links) == 0 {
		return nil
	}
	m := &views.PersonalLinksModel{Action: "/partners/" + p.Ref + "/link", Key: newKey(), Until: influence.FormatDay(influence.DayOf(r.now().Add(influence.PersonalLinkLife), r.zone()))}
	email, err := influence.MayInvite(p.Enrolled, p.Roster)
	if m.Email = email; err != nil {
		m.Refused = err.Error()
	}
	for i, l := range p.Links {
		m.Again = m.Again || l.State == influence.LinkOpen
		e := ui.Event{Title: l.State.Title(), When: "sent " + instantText(l.SentAt, r.zone()), Who: orDash(l.SentBy), Now: i == 0}
		switch l.State {
		case influence.LinkOpen:
			e.Title = "Open until " + dayText(l.Until, r.zone())
		case influence.LinkUsed:
			e.Title = "Used on " + dayText(l.UsedAt, r.zone())
		}
		e.Title += ", to " + l.Email
		m.Links = append(m.Links, e)
	}
	return m
}

// partnerLink mails a personal link to the contact that the roster has of a partner.
func (s *server) partnerLink(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := take(s.limits.invite, r.actor.OrgID); err != nil {
		return err
	}
	if err := r.store.SendPersonalLink(r.Request().Context(), r.Param("ref"), f.Get("key")); err != nil {
		return err
	}
	return r.said("/partners/"+r.Param("ref"), "good", "A personal link is on its way to the contact.")
}

// personalForm is the sign-up page of a personal link, filled in with what the
// roster knows. It uses nothing up, because mail programs open links by themselves.
func (s *server) personalForm(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	i, err := s.store.PersonalInvitation(r.Request().Context(), q.Get("token"))
	if err != nil || i.State != influence.LinkOpen {
		return r.personalOver(i, err)
	}
	t := personalTyped{token: q.Get("token"), name: i.Row.ContactName}
	if kept, _, ok := r.draft(); ok {
		t.name, t.phone = cmp.Or(kept.Name, t.name), kept.Phone
	}
	return r.personalPage(http.StatusOK, t, i)
}

// personalTyped is what was typed on the page of a personal link.
type personalTyped struct {
	token, name, phone string
	wrong              influence.Invalid
}

func (r *request) personalPage(status int, t personalTyped, i store.PersonalInvitation) error {
	m := views.PersonalSignUpModel{Token: t.token, Company: i.Row.Name, Name: t.name, Phone: t.phone, Email: i.Email, Terms: influence.TermsVersion, TermsOf: termsMonth(influence.TermsVersion),
		Wrong: t.wrong, Problems: labelled(t.wrong, signUpLabels)}
	m.Facts = []ui.Fact{{Label: "Company", Value: i.Row.Name}, {Label: "Partner ID", Value: i.Row.PartnerNo}, {Label: "Level", Value: i.Row.Level.Title()},
		{Label: "State", Value: influence.StateName(i.Row.State)}, {Label: "City", Value: orDash(i.Row.City)}, {Label: "Website", Value: orDash(i.Row.Website)}}
	return r.html(status, views.PersonalSignUp(r.page(formTitle("Enroll "+i.Row.Name, t.wrong)), m))
}

// personalOver says why a personal link can't be used, and what to do instead.
func (r *request) personalOver(i store.PersonalInvitation, err error) error {
	if err != nil && !errors.Is(err, influence.ErrNotFound) {
		return err
	}
	signIn, signUp := views.Link{Label: "Sign in", Href: "/signin", Primary: true}, views.Link{Label: "Enroll without it", Href: "/signup", Primary: true}
	m := views.FailureModel{Status: http.StatusGone, Title: "This link no longer works", Text: "It is not known here. Copy it whole from the newest mail, or enroll without it.", Actions: []views.Link{signUp}}
	switch i.State {
	case influence.LinkUsed:
		m.Title, m.Text, m.Actions = "This link was used", i.Row.Name+" was enrolled with it. If it was you, sign in. If it was a colleague, ask to join: sign up with the company’s partner ID, and an owner answers.",
			[]views.Link{signIn, {Label: "Ask to join", Href: "/signup"}}
	case influence.LinkEnrolled:
		m.Title, m.Text, m.Actions = i.Row.Name+" takes part already", "It was enrolled without this link. If you are a member, sign in. If not, ask to join: sign up with the company’s partner ID, and an owner answers.",
			[]views.Link{signIn, {Label: "Ask to join", Href: "/signup"}}
	case influence.LinkReplaced:
		m.Title, m.Text = "There is a newer link", "Microsoft sent another one since, and only the newest works. Look for the latest mail, or enroll without it."
	case influence.LinkOver:
		m.Title, m.Text = "This link’s time is over", "It worked until "+dayText(i.Until, r.zone())+". Enroll without it: the page takes about two minutes."
	case influence.LinkChanged:
		m.Text = "Microsoft’s roster has another contact for the company now, or no longer lists it. Enroll without the link: a partner manager looks at it."
	}
	return r.html(http.StatusGone, views.Failure(r.page(m.Title), m))
}

// personal uses a personal link: the company takes part, and its person is signed in.
func (s *server) personal(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	ctx, t := r.Request().Context(), personalTyped{token: f.Get("token"), name: f.Get("name"), phone: f.Get("phone")}
	i, missing := s.store.PersonalInvitation(ctx, t.token)
	if missing != nil || i.State != influence.LinkOpen {
		return r.personalOver(i, missing)
	}
	u := influence.SignUp{Name: t.name, Phone: t.phone, Email: i.Email, Password: f.Raw("password"), Company: i.Row.Name, PartnerNo: i.Row.PartnerNo, Level: string(i.Row.Level), State: i.Row.State,
		Terms: f.Get("terms")}
	if err == nil {
		u, err = s.validSignUp(u)
	}
	if wrong, ok := invalid(err); ok {
		t.wrong = wrong
		r.keepDraft(influence.SignUp{Name: t.name, Phone: t.phone, Email: i.Email, Company: i.Row.Name, PartnerNo: i.Row.PartnerNo, Level: string(i.Row.Level), State: i.Row.State})
		return r.personalPage(http.StatusUnprocessableEntity, t, i)
	}
	if err != nil {
		return err
	}
	return r.enrollByLink(t.token, u)
}

func (r *request) enrollByLink(token string, u influence.SignUp) error {
	ctx := r.Request().Context()
	hash, err := r.s.hashing.hash(ctx, u.Password)
	if err != nil {
		return err
	}
	member, err := r.s.nobody().EnrollByLink(ctx, token, u, hash)
	switch {
	case errors.Is(err, influence.ErrNotFound): // another click was faster
		i, err := r.s.store.PersonalInvitation(ctx, token)
		return r.personalOver(i, err)
	case errors.Is(err, influence.ErrConflict):
		m := views.FailureModel{Status: http.StatusConflict, Title: "You are known here already", Text: "The address " + u.Email + " has an account, so nothing was changed. Sign in to see how it stands.",
			Actions: []views.Link{{Label: "Sign in", Href: "/signin", Primary: true}}}
		return r.html(http.StatusConflict, views.Failure(r.page(m.Title), m))
	case err != nil:
		return err
	}
	if in, err := r.enter(member, influence.ByLink); err != nil || !in {
		return err
	}
	return r.said("/", "good", "Your company is enrolled.")
}
