package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// teamTyped is what was typed on the page of a team and can't be taken as it is.
type teamTyped struct {
	invited     store.NewMember
	wrong       influence.Invalid
	ref, reason string // of a request to join that is declined
}

// team lists the members of the actor's organization.
func (s *server) team(r *request) error { return r.teamPage(http.StatusOK, teamTyped{}) }

func (r *request) teamPage(status int, t teamTyped) error {
	all, err := r.store.Team(r.Request().Context())
	if err != nil {
		return err
	}
	m := views.TeamModel{Org: r.actor.OrgName, Governs: "Your owner", CanEdit: r.actor.May(influence.EditTeam), CanLeave: r.actor.May(influence.LeaveOwnTeam),
		AllMembers: r.actor.May(influence.ViewMembers), Asks: r.actor.May(influence.AnswerJoin)}
	if r.actor.Role == influence.RoleStaff {
		m.Governs = "A program administrator"
	}
	for _, x := range all {
		m.Members = append(m.Members, r.teamItem(x))
		m.IsLast = m.IsLast || x.Self && x.Can(influence.LeaveTeam) != nil
	}
	if m.Requests, err = r.joinItems(t); err != nil {
		return err
	}
	m.WrongRef, m.WrongReason = t.ref, t.wrong["reason"]
	if t.ref == "" {
		m.Invite = inviteModel("/team", t)
		m.Invite.Kind, m.Invite.Roles = "rank", rankOptions(r.actor.Role, t.invited.Rank)
	} else {
		m.Invite = inviteModel("/team", teamTyped{})
		m.Invite.Kind, m.Invite.Roles = "rank", rankOptions(r.actor.Role, "")
	}
	return r.html(status, views.Team(r.page(formTitle("Team", t.wrong)), m))
}

func inviteModel(action string, t teamTyped) views.InviteModel {
	return views.InviteModel{Action: action, Key: newKey(), Name: t.invited.Name, Email: t.invited.Email, PartnerNo: t.invited.PartnerNo, Wrong: t.wrong, Problems: labelled(t.wrong, inviteLabels)}
}

var inviteLabels = []ui.Problem{{Field: "name", Label: "Name"}, {Field: "email", Label: "Work e-mail"}, {Field: "rank", Label: "Role"}, {Field: "role", Label: "Role"},
	{Field: "lar", Label: "LAR"}, {Field: "partner_id", Label: "Partner ID"}}

// rankOptions are the ranks of a role, the lower one first.
func rankOptions(role influence.Role, chosen string) []ui.Option {
	var all []ui.Option
	for _, rank := range []influence.Rank{influence.BaseRank(role), influence.TopRank(role)} {
		all = append(all, ui.Option{Value: string(rank), Label: rankTitle(rank), Selected: string(rank) == chosen})
	}
	return all
}

// memberButtons are the words of what can be done with a member.
var memberButtons = map[influence.MemberAction]struct{ label, what string }{
	influence.InviteAgain:   {"Send the invitation again", "The earlier link no longer works."},
	influence.PromoteMember: {"Make owner", "Can invite, change and remove people."},
	influence.HandOver:      {"Hand over", "Governs the team in your place; you stay as a member."},
	influence.DemoteMember:  {"Take that role back", "Stays, and no longer changes the team."},
	influence.ResetPassword: {"Mail a password link", "Chooses a new password by it. You see neither link nor password."},
	influence.SignOutMember: {"End all sessions", "Signed out everywhere. Can sign in again."},
	influence.SuspendMember: {"Suspend", "Out at once, until you end it."},
	influence.ResumeMember:  {"End the suspension", "Can sign in again."},
	influence.RemoveMember:  {"Remove", "Out at once. What was done stays on record."},
}

func (r *request) teamItem(m store.TeamMember) views.TeamItem {
	v := views.TeamItem{Ref: m.Ref, Name: m.Name, Email: m.Email, Rank: rankTitle(m.Rank), Since: dayText(m.Since, r.zone()), Self: m.Self, Version: m.Version}
	switch m.State {
	case influence.MemberInvited:
		v.State, v.Tone, v.Icon = "Invited", "info", "mail"
	case influence.MemberSuspended:
		v.State, v.Tone, v.Icon = "Suspended", "warn", "lock"
	case influence.MemberRemoved:
		v.State, v.Tone, v.Icon = "Removed", "bad", "no"
	case influence.MemberActive:
	}
	if !r.actor.May(influence.EditTeam) || m.State == influence.MemberRemoved {
		return v
	}
	for _, act := range m.Actions() {
		if act == influence.HandOver && !m.Own {
			continue
		}
		b := memberButtons[act]
		if act == influence.PromoteMember && m.Role == influence.RoleStaff {
			b.label = "Make administrator"
		}
		if act == influence.RemoveMember && m.State == influence.MemberInvited {
			b.label, b.what = "Withdraw the invitation", "Its link no longer works."
		}
		v.Actions = append(v.Actions, views.TeamAction{Action: string(act), Label: b.label, What: b.what})
	}
	return v
}

// teamInvite invites a person into the actor's own organization.
func (s *server) teamInvite(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	n := store.NewMember{Name: f.Get("name"), Email: f.Get("email"), Rank: f.Get("rank")}
	return r.inviteMember(n, f.Get("key"), "/team", func(wrong influence.Invalid) error {
		return r.teamPage(http.StatusUnprocessableEntity, teamTyped{invited: n, wrong: wrong})
	})
}

// inviteMember sends an invitation. The answer is the same whether the address is a
// member's elsewhere or not: only its mailbox learns that.
func (r *request) inviteMember(n store.NewMember, key, back string, again func(influence.Invalid) error) error {
	if err := take(r.s.limits.invite, r.actor.OrgID); err != nil {
		return err
	}
	err := r.store.InviteMember(r.Request().Context(), n, key)
	if wrong, ok := invalid(err); ok {
		return again(wrong)
	}
	if err != nil {
		return err
	}
	return r.said(back, "good", "If the address can be used, an invitation is on its way to it.")
}

// memberDone are the words of what was done with a member.
var memberDone = map[influence.MemberAction]string{
	influence.InviteAgain:   "A new invitation is on its way to %s.",
	influence.PromoteMember: "%s governs the team now, and gets a mail.",
	influence.HandOver:      "You handed over to %s. Both of you get a mail.",
	influence.DemoteMember:  "%s no longer governs the team, and gets a mail.",
	influence.ResetPassword: "A link to choose a new password is on its way to %s.",
	influence.SignOutMember: "%s is signed out everywhere, and gets a mail.",
	influence.SuspendMember: "%s is out until you end the suspension, and gets a mail.",
	influence.ResumeMember:  "%s can sign in again, and gets a mail.",
	influence.RemoveMember:  "%s is out, and gets a mail.",
}

// memberChange does one thing with a member of a team.
func (s *server) memberChange(act influence.MemberAction) func(*request) error {
	return func(r *request) error {
		f, err := r.form()
		if err != nil {
			return err
		}
		ctx, ref := r.Request().Context(), r.Param("ref")
		m, err := r.store.TeamMember(ctx, ref)
		if err != nil {
			return err
		}
		if act == influence.InviteAgain || act == influence.ResetPassword {
			if err := take(s.limits.invite, r.actor.OrgID); err != nil {
				return err
			}
		}
		if err := changeMember(ctx, r.store, act, ref, atoi(f.Get("version"))); err != nil {
			return r.meanwhile(err, func() (views.ConflictModel, error) { return r.memberMeanwhile(ref, act) })
		}
		return r.said(teamOf(m), "good", fmt.Sprintf(memberDone[act], m.Name))
	}
}

// changeMember is the verb of an action.
func changeMember(ctx context.Context, v store.Session, act influence.MemberAction, ref string, version int64) error {
	switch act {
	case influence.InviteAgain:
		return v.InviteAgain(ctx, ref, version)
	case influence.PromoteMember:
		return v.PromoteMember(ctx, ref, version)
	case influence.HandOver:
		return v.HandOver(ctx, ref, version)
	case influence.DemoteMember:
		return v.DemoteMember(ctx, ref, version)
	case influence.ResetPassword:
		return v.ResetPassword(ctx, ref, version)
	case influence.SignOutMember:
		return v.SignOutMember(ctx, ref, version)
	case influence.SuspendMember:
		return v.SuspendMember(ctx, ref, version)
	case influence.ResumeMember:
		return v.ResumeMember(ctx, ref, version)
	case influence.RemoveMember:
		return v.RemoveMember(ctx, ref, version)
	case influence.LeaveTeam:
	}
	return influence.ErrNotFound
}

// teamOf is the page that shows a member to who changes it.
func teamOf(m store.TeamMember) string {
	if m.Own {
		return "/team"
	}
	return "/members"
}

// memberMeanwhile shows a member as it stands beside what was wanted of it.
func (r *request) memberMeanwhile(ref string, act influence.MemberAction) (m views.ConflictModel, err error) {
	x, err := r.store.TeamMember(r.Request().Context(), ref)
	if err != nil {
		return m, err
	}
	return views.ConflictModel{Title: "This person was changed while you were reading", Text: changedBy("", x.Name), Actions: again(teamOf(x)),
		Rows: []views.ConflictRow{{What: "Role", Now: rankTitle(x.Rank), Yours: memberButtons[act].label}, {What: "State", Now: x.State.Title()}}}, nil
}

// teamLeave puts the actor itself out.
func (s *server) teamLeave(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.LeaveTeam(r.Request().Context()); err != nil {
		return err
	}
	if err := r.keepCookie("", -1); err != nil {
		return err
	}
	return r.seeOther("/signin?said=left")
}

func (r *request) joinItems(t teamTyped) (items []views.JoinItem, err error) {
	if !r.actor.May(influence.AnswerJoin) {
		return nil, nil
	}
	all, err := r.store.JoinRequests(r.Request().Context())
	for _, a := range all {
		j := views.JoinItem{Ref: a.Ref, Name: a.Name, Email: a.Email, Phone: orDash(a.Phone), Company: a.Company, Sent: r.dayOf(a.Confirmed), Version: a.Version}
		if a.Ref == t.ref {
			j.Reason = t.reason
		}
		items = append(items, j)
	}
	return items, err
}

func (s *server) joinAccept(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.AcceptJoin(r.Request().Context(), r.Param("ref"), atoi(f.Get("version"))); err != nil {
		return r.joinMeanwhile(err, "Accept", "")
	}
	return r.said("/team", "good", "The person is a member of your team now, and gets a mail.")
}

func (s *server) joinDecline(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	reason := f.Get("reason")
	err = r.store.DeclineJoin(r.Request().Context(), r.Param("ref"), reason, atoi(f.Get("version")))
	if wrong, ok := invalid(err); ok {
		return r.teamPage(http.StatusUnprocessableEntity, teamTyped{wrong: wrong, ref: r.Param("ref"), reason: reason})
	}
	if err != nil {
		return r.joinMeanwhile(err, "Decline", reason)
	}
	return r.said("/team", "info", "The request was declined. The person gets a mail with the reason.")
}

// joinMeanwhile says that a request to join was answered by somebody faster.
func (r *request) joinMeanwhile(err error, wanted, reason string) error {
	if !errors.Is(err, influence.ErrConflict) {
		return err
	}
	m := views.ConflictModel{Title: "This request was answered while you were reading", Text: changedBy("", "the request"), Actions: again("/team"),
		Rows: []views.ConflictRow{{What: "State", Now: "Answered", Yours: wanted}, {What: "Reason", Yours: reason}}}
	return r.html(http.StatusConflict, views.Conflict(r.page("Changed meanwhile"), m))
}
