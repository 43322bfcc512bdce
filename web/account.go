package web

import (
	"net/http"
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
	m := views.AccountModel{Wrong: wrong, Problems: labelled(wrong, passwordLabels), Facts: accountFacts(a, dayText(a.Since, r.zone()))}
	for _, x := range all {
		m.Sessions = append(m.Sessions, views.SessionItem{ID: x.ID, Agent: browserName(x.Agent), Address: x.Address, Started: instantText(x.Started, r.zone()),
			Seen: instantText(x.Seen, r.zone()), Ends: instantText(x.Ends, r.zone()), Current: x.Current})
	}
	return r.html(status, views.Account(r.page(formTitle("Account", wrong)), m))
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
	if bad := influence.CheckPassword(fresh, influence.PasswordOwner{Name: a.Name, Email: a.Email, Company: a.Org}); bad != nil {
		wrong.Check(false, "password", bad.Error())
	}
	return wrong, nil
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

// team lists the members of the actor's organization.
func (s *server) team(r *request) error {
	all, err := r.store.Team(r.Request().Context())
	if err != nil {
		return err
	}
	m := views.TeamModel{Org: r.actor.OrgName, How: howToJoin(r.actor.Role)}
	for _, t := range all {
		m.Members = append(m.Members, views.TeamItem{Name: t.Name, Email: t.Email, Rank: rankTitle(t.Rank), Since: dayText(t.Since, r.zone()), Invited: t.Invited, Self: t.Self})
	}
	return r.html(http.StatusOK, views.Team(r.page("Team"), m))
}

// howToJoin says how a colleague becomes a member.
func howToJoin(role influence.Role) string {
	if role == influence.RolePartner {
		return "A colleague joins by enrolling with the same partner ID. A partner manager then adds the person to your team."
	}
	return "Members are added by whoever runs the portal, who sends them a link to choose a password."
}
