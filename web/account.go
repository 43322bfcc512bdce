package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// account shows a member its own data, its password's form and its sessions.
func (s *server) account(r *request) error { return r.accountPage(http.StatusOK, nil) }

var passwordLabels = []ui.Problem{{Field: "current", Label: "Password now"}, {Field: "password", Label: "New password"}}

func (r *request) accountPage(status int, wrong influence.Invalid) error {
	ctx := r.Request().Context()
	a, err := r.store.Account(ctx)
	if err != nil {
		return err
	}
	all, err := r.store.OwnSessions(ctx, r.session)
	if err != nil {
		return err
	}
	m := views.AccountModel{Wrong: wrong, Problems: labelled(wrong, passwordLabels), Facts: accountFacts(a, dayText(a.Since, r.zone())), Possible: r.s.passkeysWork()}
	for _, x := range all {
		m.Sessions = append(m.Sessions, views.SessionItem{ID: x.ID, Agent: browserName(x.Agent), Address: x.Address, Started: instantText(x.Started, r.zone()),
			Seen: instantText(x.Seen, r.zone()), Ends: instantText(x.Ends, r.zone()), Current: x.Current})
	}
	if err := r.accountMail(&m, wrong); err != nil {
		return err
	}
	if err := r.accountProofs(&m); err != nil {
		return err
	}
	return r.html(status, views.Account(r.page(formTitle("Account", wrong)), m))
}

// accountProofs adds how the member signs in, and did.
func (r *request) accountProofs(m *views.AccountModel) error {
	ctx := r.Request().Context()
	f, err := r.store.SecondFactor(ctx)
	if err != nil {
		return err
	}
	m.Codes, m.Second, m.Due = f.Codes, f.Any(), r.actor.NoSecondFactor
	if f.App {
		m.App = dayText(f.Since, r.zone())
	}
	for _, k := range f.Passkeys {
		m.Passkeys = append(m.Passkeys, views.PasskeyItem{Ref: k.Ref, Name: k.Name, Made: dayText(k.Made, r.zone()), Used: instantText(k.Used, r.zone()),
			Version: strconv.FormatInt(k.Version, 10)})
	}
	all, err := r.store.SignIns(ctx)
	if err != nil {
		return err
	}
	for _, x := range all {
		m.SignIns = append(m.SignIns, views.SignInItem{At: instantText(x.At, r.zone()), Agent: browserName(x.Agent), Network: x.Network, How: methodWords(x.By), In: x.In})
	}
	return nil
}

// methodWords says how somebody signed in.
func methodWords(by influence.Method) string {
	switch by {
	case influence.ByPasskey:
		return "Passkey"
	case influence.ByCode:
		return "Password and code"
	case influence.ByRecoveryCode:
		return "Password and recovery code"
	case influence.ByLink:
		return "Link in a mail"
	}
	return "Password"
}

func accountFacts(a store.Account, since string) []ui.Fact {
	facts := []ui.Fact{{Label: "Name", Value: a.Name}, {Label: "E-mail", Value: a.Email}}
	if a.Phone != "" {
		facts = append(facts, ui.Fact{Label: "Phone", Value: a.Phone})
	}
	facts = append(facts, ui.Fact{Label: "Organization", Value: a.Org})
	if a.Role == influence.RoleApplicant {
		return append(facts, ui.Fact{Label: "Role", Value: "Applicant"})
	}
	return append(facts, ui.Fact{Label: "Role", Value: rankTitle(a.Rank)}, ui.Fact{Label: "Member since", Value: since})
}

// browserName says in two words what a browser calls itself in many.
func browserName(agent string) string {
	known := func(names ...string) string {
		for _, n := range names {
			if token, name, _ := strings.Cut(n, "="); strings.Contains(agent, token) {
				return name
			}
		}
		return ""
	}
	browser := known("Edg/=Edge", "OPR/=Opera", "Firefox/=Firefox", "Chrome/=Chrome", "Safari/=Safari", "curl/=curl")
	system := known("Windows=Windows", "Android=Android", "iPhone=iPhone", "iPad=iPad", "Mac OS=Mac", "Linux=Linux")
	switch {
	case browser == "":
		return "Another program"
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// changePassword sets a new password for who knows the one in force.
func (s *server) changePassword(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := take(s.limits.password, r.actor.MemberID); err != nil {
		return err
	}
	wrong, err := r.checkNewPassword(f.Raw("current"), f.Raw("password"))
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return r.accountPage(http.StatusUnprocessableEntity, wrong)
	}
	hash, err := s.hashing.hash(r.Request().Context(), f.Raw("password"))
	if err != nil {
		return err
	}
	if err := r.renew(influence.ByPassword); err != nil { // the password in force is a proof
		return err
	}
	if err := r.store.ChangePassword(r.Request().Context(), hash, r.session); err != nil {
		return err
	}
	return r.said("/account", "good", "Your password is changed. Other sessions have ended.")
}

// checkNewPassword says what is wrong with both passwords at once.
func (r *request) checkNewPassword(current, fresh string) (influence.Invalid, error) {
	ctx := r.Request().Context()
	a, err := r.store.Account(ctx)
	if err != nil {
		return nil, err
	}
	hash, err := r.store.OwnPassword(ctx)
	if err != nil {
		return nil, err
	}
	ok, err := r.s.hashing.check(ctx, current, hash)
	if err != nil {
		return nil, err
	}
	wrong := influence.Invalid{}
	wrong.Check(ok, "current", "This is not your password.")
	var refused influence.Refusal
	err = r.s.checkPassword(fresh, influence.PasswordOwner{Name: a.Name, Email: a.Email, Company: a.Org})
	if errors.As(err, &refused) {
		wrong.Check(false, "password", string(refused))
		err = nil
	}
	return wrong, err
}

// endSessions ends one of the actor's other sessions, or all of them.
func (s *server) endSessions(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.EndOwnSessions(r.Request().Context(), f.Get("session"), r.session); err != nil {
		return err
	}
	if f.Get("session") != "" {
		return r.said("/account", "good", "The session has ended.")
	}
	return r.said("/account", "good", "All other sessions have ended.")
}
