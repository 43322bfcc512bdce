package web

import (
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func memberFilter(q *Fields) store.MemberFilter {
	return store.MemberFilter{Reversed: turned(q), Role: influence.Role(q.Get("role")), State: influence.MemberState(q.Get("state")), Query: q.Get("q"),
		After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
}

// memberList shows Microsoft the members of all organizations.
func (s *server) memberList(r *request) error { return r.membersPage(http.StatusOK, teamTyped{}) }

func (r *request) membersPage(status int, t teamTyped) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Members(r.Request().Context(), memberFilter(q))
	if err != nil {
		return err
	}
	m := views.MemberListModel{ListModel: r.memberHead(q), CanEdit: r.actor.May(influence.EditMembers), Invite: inviteModel("/members", t), SignOutKey: newKey()}
	m.Older, m.Newer = r.neighbours("/members", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, x := range page.Rows {
		m.Rows = append(m.Rows, r.memberItem(x))
	}
	m.Invite.Kind, m.Invite.Roles = "role", memberKinds(t.invited.Kind)
	if m.Invite.LARs, err = r.slugOptions(t.invited.LARSlug); err != nil {
		return err
	}
	return r.html(status, views.MemberList(r.page(formTitle("Members", t.wrong)), m))
}

func (r *request) memberItem(x store.MemberRow) views.TeamItem {
	v := r.teamItem(x.TeamMember)
	v.Org = x.Org
	switch x.Role {
	case influence.RolePartner:
		v.OrgHref = "/partners/" + x.OrgRef
	case influence.RoleLAR:
		v.OrgHref = "/lars/" + x.OrgRef
	}
	return v
}

func (r *request) memberHead(q *Fields) views.ListModel {
	roles := []ui.Option{{Value: "", Label: "Any"}, {Value: "partner", Label: "Partners"}, {Value: "lar", Label: "LARs"}, {Value: "staff", Label: "Microsoft"}}
	states := []ui.Option{{Value: "", Label: "All but removed"}}
	for _, st := range []influence.MemberState{influence.MemberActive, influence.MemberInvited, influence.MemberSuspended, influence.MemberRemoved} {
		states = append(states, ui.Option{Value: string(st), Label: st.Title()})
	}
	m := views.ListModel{Order: r.order(), Sorted: r.sorted("/members", "Name", false), Action: "/members", Exports: r.exports("/members"), Filters: []ui.FieldProps{
		{Name: "q", Label: "Name, e-mail or organization", Kind: "search", Value: q.Get("q")}, selectField("role", "Role", q.Get("role"), roles), selectField("state", "State", q.Get("state"), states)}}
	role := map[string]string{"partner": "Partners", "lar": "LARs", "staff": "Microsoft"}[q.Get("role")]
	state := ""
	if q.Get("state") != "" {
		state = influence.MemberState(q.Get("state")).Title()
	}
	m.Chips = r.chips("/members", map[string]string{"q": q.Get("q"), "state": state, "role": role})
	m.Filtered = len(m.Chips) > 0
	return m
}

// memberKinds are whom an administrator can invite.
func memberKinds(chosen string) []ui.Option {
	all := []ui.Option{{Value: "", Label: "Choose a role"}, {Value: "manager", Label: "Partner manager"}, {Value: "administrator", Label: "Program administrator"},
		{Value: "lar", Label: "Member of a LAR"}, {Value: "partner", Label: "Member of a partner"}}
	for i := range all {
		all[i].Selected = all[i].Value == chosen
	}
	return all
}

// slugOptions are the LARs by their slugs.
func (r *request) slugOptions(chosen string) ([]ui.Option, error) {
	lars, err := r.store.LARs(r.Request().Context())
	if err != nil {
		return nil, err
	}
	all := []ui.Option{{Value: "", Label: "None"}}
	for _, l := range lars {
		all = append(all, ui.Option{Value: l.Slug, Label: l.Name, Selected: l.Slug == chosen})
	}
	return all, nil
}

// memberInvite invites a person into any organization.
func (s *server) memberInvite(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	n := store.NewMember{Name: f.Get("name"), Email: f.Get("email"), Kind: f.Get("role"), LARSlug: f.Get("lar"), PartnerNo: f.Get("partner_id")}
	again := func(wrong influence.Invalid) error {
		if text := wrong["partner"]; text != "" {
			wrong["partner_id"] = text
		}
		return r.membersPage(http.StatusUnprocessableEntity, teamTyped{invited: n, wrong: wrong})
	}
	if n.Kind == "" {
		n.Kind = "none" // a kind that there is not, so that all that is wrong is said at once
	}
	return r.inviteMember(n, f.Get("key"), "/members", again)
}

// membersSignOut ends the sessions of everybody but who asks.
func (s *server) membersSignOut(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.EndAllSessions(r.Request().Context(), r.session, f.Get("key")); err != nil {
		return err
	}
	return r.said("/members", "good", "Everybody but you is signed out.")
}
