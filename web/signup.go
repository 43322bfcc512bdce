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

// nobody is the store as it is before somebody signs in, whoever is signed in.
func (s *server) nobody() store.Session { return s.store.As(influence.Actor{}) }

// mayApply reports whether the page to enroll is for who asks: nobody yet, or an
// applicant who was refused and tries again.
func (r *request) mayApply() bool {
	return r.actor.MemberID == "" || r.actor.Role == influence.RoleApplicant
}

// signUpForm is the form, with what the browser keeps of it; who applies again
// finds what it sent.
func (s *server) signUpForm(r *request) error {
	if !r.mayApply() {
		return r.seeOther("/")
	}
	u, waits, err := r.applied()
	if err != nil {
		return err
	}
	if waits {
		return r.seeOther("/")
	}
	if kept, _, ok := r.draft(); ok {
		kept.Email = cmp.Or(u.Email, kept.Email)
		u = kept
	}
	return r.signUpPage(http.StatusOK, u, nil)
}

// applied is what an applicant has sent before, and whether that waits for an answer
// still: then nothing is sent again.
func (r *request) applied() (u influence.SignUp, waits bool, err error) {
	if r.actor.Role != influence.RoleApplicant {
		return u, false, nil
	}
	a, err := r.store.OwnApplication(r.Request().Context())
	return a.SignUp, a.State != "refused", err
}

func (r *request) signUpPage(status int, u influence.SignUp, wrong influence.Invalid) error {
	m := views.SignUpModel{Name: u.Name, Email: u.Email, Phone: u.Phone, Company: u.Company, PartnerNo: u.PartnerNo,
		Terms: influence.TermsVersion, TermsOf: termsMonth(influence.TermsVersion), States: stateOptions(influence.PartnerStates(), u.State), Wrong: wrong,
		Levels: levelChoices(u.Level), Problems: labelled(wrong, signUpLabels)}
	m.Again = r.actor.Role == influence.RoleApplicant
	if len(wrong) == 0 {
		m.Kept = r.draftUntil()
	}
	return r.html(status, views.SignUp(r.page(formTitle("Enroll your company", wrong)), m))
}

func levelChoices(chosen string) []ui.Option {
	all := []ui.Option{{Value: "", Label: "Choose a level"}}
	for _, l := range influence.Levels() {
		all = append(all, ui.Option{Value: string(l), Label: l.Title(), Selected: string(l) == chosen})
	}
	return all
}

// signUpLabels are the fields in the order of the form.
var signUpLabels = []ui.Problem{{Field: "name", Label: "Name"}, {Field: "phone", Label: "Phone"}, {Field: "email", Label: "Work e-mail"}, {Field: "password", Label: "Password"},
	{Field: "company", Label: "Company"}, {Field: "state", Label: "State"}, {Field: "partner_id", Label: "Partner ID"}, {Field: "level", Label: "Level"}, {Field: "terms", Label: "Program terms"}}

// labelled lists what is wrong in the order of the form.
func labelled(wrong influence.Invalid, fields []ui.Problem) []ui.Problem {
	var all []ui.Problem
	for _, f := range fields {
		if text := wrong[f.Field]; text != "" {
			all = append(all, ui.Problem{Field: f.Field, Label: f.Label, Text: text})
		}
	}
	return all
}

// signUp takes a sign-up. Its answer is the same for known and unknown addresses:
// "check your mail".
func (s *server) signUp(r *request) error {
	if !r.mayApply() {
		return influence.ErrForbidden
	}
	was, waits, err := r.applied()
	if err != nil {
		return err
	}
	if waits {
		return r.seeOther("/")
	}
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	typed := influence.SignUp{Name: f.Get("name"), Email: f.Get("email"), Password: f.Raw("password"), Company: f.Get("company"), PartnerNo: f.Get("partner_id"),
		Level: f.Get("level"), State: f.Get("state"), Phone: f.Get("phone"), Terms: f.Get("terms")}
	typed.Email = cmp.Or(was.Email, typed.Email)
	if done, err := r.signUpLater(f.Get("do"), typed); done || err != nil {
		return err
	}
	if !f.Has("terms") { // whoever sends the form accepts the terms in force; the field says which the page showed
		typed.Terms = influence.TermsVersion
	}
	u := typed
	switch {
	case err != nil:
	case was.Email != "":
		u, err = typed.ValidateAgain()
	default:
		u, err = s.validSignUp(typed)
	}
	r.keepDraft(typed) // the mail may not come, or come too late
	if wrong, ok := invalid(err); ok {
		return r.signUpPage(http.StatusUnprocessableEntity, typed, wrong)
	}
	if err != nil {
		return err
	}
	if was.Email != "" {
		return r.applyAgain(u)
	}
	return r.signUpAnew(u)
}

// applyAgain sends a refused application once more; its person is known and signed in.
func (r *request) applyAgain(u influence.SignUp) error {
	c, err := r.store.ApplyAgain(r.Request().Context(), u)
	if errors.Is(err, influence.ErrConflict) { // sent already, by another click
		return r.seeOther("/")
	}
	if err != nil {
		return err
	}
	r.setDraft("", -1)
	if c.Enrolled {
		return r.said("/", "good", "Your company is enrolled.")
	}
	return r.said("/", "info", "Your application was sent again.")
}

// signUpAnew sends a sign-up on its way to its address.
func (r *request) signUpAnew(u influence.SignUp) error {
	if err := r.mayMail(u.Email); err != nil {
		if errors.Is(err, errMailed) {
			return r.seeOther("/signup/sent")
		}
		return err
	}
	hash, err := r.s.hashing.hash(r.Request().Context(), u.Password)
	if err != nil {
		return err
	}
	if err := r.s.nobody().SignUp(r.Request().Context(), u, hash); err != nil {
		return err
	}
	return r.seeOther("/signup/sent")
}

// signUpLater does what the form's other buttons ask for: to keep what was typed
// for later, or to forget it.
func (r *request) signUpLater(do string, typed influence.SignUp) (done bool, err error) {
	switch do {
	case "discard":
		r.dropDraft()
		return true, r.seeOther("/signup")
	case "save":
		if r.keepDraft(typed) {
			return true, r.seeOther("/signup")
		}
		return true, r.signUpPage(http.StatusUnprocessableEntity, typed, influence.Invalid{"company": "This is too long to be kept for later. Shorten it, or send the form."})
	}
	return false, nil
}

// validSignUp is SignUp.Validate, and looks the password up too.
func (s *server) validSignUp(typed influence.SignUp) (influence.SignUp, error) {
	u, err := typed.Validate()
	wrong, bad := invalid(err)
	if err != nil && (!bad || wrong["password"] != "") {
		return u, err
	}
	found, failed := s.Breached.has(typed.Password)
	if failed != nil {
		return u, failed
	}
	if found {
		if wrong == nil {
			wrong = influence.Invalid{}
		}
		wrong.Check(false, "password", string(influence.BreachedPassword))
		err = wrong
	}
	return u, err
}

// errMailed says that an address got enough mails from strangers; the answer is
// as if it got one more.
var errMailed = errors.New("mailed enough")

// mayMail counts a mail that somebody not signed in has sent to an address.
func (r *request) mayMail(email string) error {
	if err := take(r.s.limits.signUp, Network(r.RealIP())); err != nil {
		return err
	}
	if r.s.limits.mailTo.Take(email) > 0 {
		return errMailed
	}
	return nil
}

// signUpSent says that a mail is on its way.
func (s *server) signUpSent(r *request) error {
	m := views.CheckMailModel{Title: "Check your mail", Demo: s.Demo,
		Text: "We sent a link to the address you gave. Open it and press the button: then your application is on its way. The link works once, for 24 hours."}
	if r.draftUntil() != "" {
		m.Back = views.Link{Label: "No mail? Look at what you typed", Href: "/signup"}
	}
	return r.html(http.StatusOK, views.CheckMail(r.page("Check your mail"), m))
}

// confirmForm shows what a confirmation link is for. It uses nothing up, because
// mail programs open links by themselves.
func (s *server) confirmForm(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	p, err := s.store.PendingSignUp(r.Request().Context(), q.Get("token"))
	if errors.Is(err, influence.ErrNotFound) {
		return r.linkOver("Sign up again", "/signup")
	}
	if err != nil {
		return err
	}
	m := views.ConfirmModel{Token: q.Get("token"), Name: p.Name, Email: p.Email, Company: p.Company}
	return r.html(http.StatusOK, views.Confirm(r.page("Confirm your e-mail"), m))
}

// linkOver is the page of a one-time link that was used or is too old.
func (r *request) linkOver(label, href string) error {
	m := views.FailureModel{Status: http.StatusGone, Title: "This link no longer works", Text: "It was used already, or its time is over. If you used it, sign in.",
		Actions: []views.Link{{Label: "Sign in", Href: "/signin", Primary: true}, {Label: label, Href: href}}}
	return r.html(http.StatusGone, views.Failure(r.page(m.Title), m))
}

// confirm uses a confirmation link and signs its person in.
func (s *server) confirm(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	c, err := s.nobody().ConfirmSignUp(r.Request().Context(), f.Get("token"))
	if errors.Is(err, influence.ErrNotFound) || errors.Is(err, influence.ErrConflict) {
		return r.linkOver("Sign up again", "/signup")
	}
	if err != nil {
		return err
	}
	if in, err := r.enter(c.MemberID, influence.ByLink); err != nil || !in {
		return err
	}
	if c.Enrolled {
		return r.said("/", "good", "Your company is enrolled.")
	}
	return r.said("/", "info", "Your address is confirmed.")
}
