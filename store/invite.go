package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// InviteMember mails a person a one-time link with which it becomes a member: of
// the actor's own organization, or for a program administrator, with a Kind, of any.
// Whether the address is a member's elsewhere only its mailbox learns. The same
// key invites once.
func (v Session) InviteMember(ctx context.Context, n NewMember, key string) error {
	act := influence.EditTeam
	if n.Kind != "" {
		act = influence.EditMembers
	}
	err := v.do(ctx, act, func(t *tx) (change, error) {
		if _, ok, err := t.answered(key); err != nil || ok {
			return change{}, err
		}
		m, err := v.invited(t, n)
		if err != nil {
			return change{}, err
		}
		if err := t.team(m.OrgID); err != nil {
			return change{}, err
		}
		if err := v.still(t, act); err != nil {
			return change{}, err
		}
		c, err := v.invite(t, m)
		if err != nil {
			return change{}, err
		}
		return c, t.answer(key, "/team")
	})
	if err != nil {
		return fmt.Errorf("invite member: %w", err)
	}
	return nil
}

// invited checks what was typed and finds the organization.
func (v Session) invited(t *tx, n NewMember) (m member, err error) {
	wrong := influence.Invalid{}
	m.Name, m.Email = influence.CheckPerson(wrong, n.Name, n.Email)
	if n.Kind != "" {
		if err := t.organization(&m, n, wrong); err != nil {
			return m, err
		}
		return m, wrong.OrNil()
	}
	m.Role, m.OrgID, m.Rank = v.actor.Role, v.actor.OrgID, influence.Rank(n.Rank)
	wrong.Check(m.Rank == influence.TopRank(m.Role) || m.Rank == influence.BaseRank(m.Role), "rank", "Choose a role.")
	return m, wrong.OrNil()
}

// invite makes the member, or a removed one anew, and mails its link.
func (v Session) invite(t *tx, m member) (change, error) {
	waits, err := t.invitedElsewhere(m)
	if err != nil {
		return change{}, err
	}
	var org string
	var active, fresh bool
	err = t.row(`SELECT id, org_id, active, password = '' FROM members WHERE email = $1`, m.Email).Scan(&m.ID, &org, &active, &fresh)
	switch {
	case waits:
		return change{}, influence.Invalid{"email": "This person is invited already. Send the invitation again below."}
	case errors.Is(err, sql.ErrNoRows):
		err = t.insertMember(&m)
	case err != nil:
	case !active:
		err = t.inviteAnew(m)
	case org == m.OrgID && fresh:
		return change{}, influence.Invalid{"email": "This person is invited already. Send the invitation again below."}
	case org == m.OrgID:
		return change{}, influence.Invalid{"email": "This person is a member already."}
	default:
		return v.inviteElsewhere(t, m)
	}
	if err != nil {
		return change{}, err
	}
	became, err := t.recordMember(m)
	if err != nil {
		return change{}, err
	}
	return change{m.ID, nil, became}, v.mailInvitation(t, m.ID, m.Email, m.OrgID)
}

// inviteAnew invites a person that was removed, here or elsewhere, as if it were new.
func (t *tx) inviteAnew(m member) error {
	return t.must(`UPDATE members SET role = $2, org_id = $3, rank = $4, name = $5, phone = '', password = '', active = TRUE, suspended_at = NULL, version = version + 1
		WHERE id = $1 AND NOT active`, m.ID, string(m.Role), m.OrgID, string(m.Rank), m.Name)
}

// mailInvitation sends a member a new one-time link; an earlier one no longer works.
func (v Session) mailInvitation(t *tx, memberID, email, org string) error {
	name, err := t.orgName(org)
	if err != nil {
		return err
	}
	token, err := t.link("invite", memberID, email, influence.InviteLinkLife)
	if err != nil {
		return err
	}
	return t.mail(mail{memberID: memberID, email: email, subject: "You are invited to the team of " + name, link: "/invite/" + token, button: "Accept the invitation",
		body: v.actor.Name + " invited you to the U.S. Influence Revenue Model as a member of " + name + ".\n\n" +
			"Open the page and choose a password. The link works once, for 72 hours. If you did not expect this, do nothing."})
}

// InviteAgain mails an invited member a new link.
func (v Session) InviteAgain(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.InviteAgain, func(t *tx, m TeamMember) (TeamMember, error) {
		m.done = "invited again"
		if m.elsewhere {
			return m, v.inviteElsewhereAgain(t, m)
		}
		return m, v.mailInvitation(t, m.id, m.Email, m.org)
	})
}
