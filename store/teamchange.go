package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// team begins a change of an organization's members: until it is committed nobody
// else changes them. So two owners who put each other out at once do not both
// count the other as the one who is left.
func (t *tx) team(org string) error {
	_, err := t.exec(`INSERT INTO teams AS x (org_id, version) VALUES ($1, 1) ON CONFLICT (org_id) DO UPDATE SET version = x.version + 1`, org)
	return err
}

// still reads the actor's rights anew: they may have ended since the request began.
func (v Session) still(t *tx, act influence.Action) error {
	if v.actor.MemberID == influence.Operator().MemberID {
		return nil
	}
	now := v.actor
	err := t.row(`SELECT m.rank FROM members m `+orgJoin+` WHERE m.id = $1 AND m.org_id = $2 AND `+mayEnter, v.actor.MemberID, v.actor.OrgID).Scan(&now.Rank)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !now.May(act) {
		return influence.ErrForbidden
	}
	return err
}

// changeMember has fn change the member with a reference as it stands at that
// moment, if the rules let it. fn gets the others of its organization too.
func (v Session) changeMember(ctx context.Context, ref string, version int64, act influence.MemberAction, fn func(*tx, TeamMember) (TeamMember, error)) error {
	err := v.do(ctx, influence.EditTeam, func(t *tx) (change, error) {
		m, err := v.teamMember(t.ctx, t.q, ref)
		if err != nil {
			return change{}, err
		}
		if err := t.team(m.org); err != nil {
			return change{}, err
		}
		if err := v.still(t, influence.EditTeam); err != nil {
			return change{}, err
		}
		if m, err = v.standing(t, m); err != nil {
			return change{}, err
		}
		if m.Version != version {
			return change{}, influence.ErrConflict
		}
		if err := m.Can(act); err != nil {
			return change{}, err
		}
		became, err := fn(t, m)
		return change{m.id, m.record(), became.record()}, err
	})
	if err != nil {
		return fmt.Errorf("%s member %s: %w", act, ref, err)
	}
	return nil
}

// standing reads a member once nobody else can change it.
func (v Session) standing(t *tx, m TeamMember) (TeamMember, error) {
	return v.scanTeamMember(t.row(`SELECT `+teamColumns+` FROM members m WHERE m.id = $1 AND m.org_id = $2 AND m.active`, m.id, m.org))
}

// rank gives a member another rank.
func (t *tx) rank(m TeamMember, rank influence.Rank) (TeamMember, error) {
	err := t.must(`UPDATE members SET rank = $3, version = version + 1 WHERE id = $1 AND version = $2`, m.id, m.Version, string(rank))
	m.Rank = rank
	return m, err
}

// PromoteMember makes a member one who governs the organization: its owner, or at
// Microsoft a program administrator.
func (v Session) PromoteMember(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.PromoteMember, func(t *tx, m TeamMember) (TeamMember, error) {
		m, err := t.rank(m, influence.TopRank(m.Role))
		if err != nil {
			return m, err
		}
		return m, t.tellMember(m, "promoted")
	})
}

// DemoteMember takes that back.
func (v Session) DemoteMember(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.DemoteMember, func(t *tx, m TeamMember) (TeamMember, error) {
		m, err := t.rank(m, influence.BaseRank(m.Role))
		if err != nil {
			return m, err
		}
		return m, t.tellMember(m, "demoted")
	})
}

// SuspendMember keeps a member out until ResumeMember.
func (v Session) SuspendMember(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.SuspendMember, func(t *tx, m TeamMember) (TeamMember, error) {
		m.State = influence.MemberSuspended
		if err := t.must(`UPDATE members SET suspended_at = $3, version = version + 1 WHERE id = $1 AND version = $2`, m.id, m.Version, t.at.UnixMicro()); err != nil {
			return m, err
		}
		return m, errors.Join(t.putOut(m.id), t.tellMember(m, "suspended"))
	})
}

// ResumeMember lets a suspended member in again.
func (v Session) ResumeMember(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.ResumeMember, func(t *tx, m TeamMember) (TeamMember, error) {
		m.State = influence.MemberActive
		if err := t.must(`UPDATE members SET suspended_at = NULL, version = version + 1 WHERE id = $1 AND version = $2`, m.id, m.Version); err != nil {
			return m, err
		}
		return m, t.tellMember(m, "resumed")
	})
}

// RemoveMember puts a member out for good, or withdraws its invitation.
func (v Session) RemoveMember(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.RemoveMember, func(t *tx, m TeamMember) (TeamMember, error) {
		word := "removed"
		if m.State == influence.MemberInvited {
			word = "withdrawn"
		}
		m, err := t.remove(m)
		if err != nil {
			return m, err
		}
		return m, t.tellMember(m, word)
	})
}

// remove keeps the member's row: what it did stays under its name.
func (t *tx) remove(m TeamMember) (TeamMember, error) {
	m.State = influence.MemberRemoved
	err := t.must(`UPDATE members SET active = FALSE, suspended_at = NULL, password = '', version = version + 1 WHERE id = $1 AND version = $2`, m.id, m.Version)
	if err != nil {
		return m, err
	}
	for _, table := range []string{"passkeys", "authenticators", "recovery_codes"} { // whoever is invited anew begins without them
		if err := t.later(`DELETE FROM `+table+` WHERE member_id = $1`, m.id); err != nil {
			return m, err
		}
	}
	return m, t.putOut(m.id)
}

// putOut ends what lets a member in: its sessions and one-time links.
func (t *tx) putOut(memberID string) error {
	if err := t.later(`DELETE FROM sessions WHERE member_id = $1`, memberID); err != nil {
		return err
	}
	return t.later(`DELETE FROM tokens WHERE subject = $1`, memberID)
}

// HandOver makes another member of the actor's organization govern it in the
// actor's place.
func (v Session) HandOver(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.HandOver, func(t *tx, m TeamMember) (TeamMember, error) {
		if m.org != v.actor.OrgID {
			return m, influence.ErrNotFound
		}
		self, err := v.standing(t, TeamMember{id: v.actor.MemberID, org: v.actor.OrgID})
		if err != nil {
			return m, err
		}
		if m, err = t.rank(m, influence.TopRank(m.Role)); err != nil {
			return m, err
		}
		err = t.apart(influence.EditTeam, func() (change, error) {
			was := self.record()
			self, err := t.rank(self, influence.BaseRank(self.Role))
			return change{self.id, was, self.record()}, errors.Join(err, t.tellMember(self, "handed"))
		})
		return m, errors.Join(err, t.tellMember(m, "promoted"))
	})
}

// LeaveTeam puts the actor itself out; the owners who stay are told.
func (v Session) LeaveTeam(ctx context.Context) error {
	err := v.do(ctx, influence.LeaveOwnTeam, func(t *tx) (change, error) {
		if err := t.team(v.actor.OrgID); err != nil {
			return change{}, err
		}
		if err := v.still(t, influence.LeaveOwnTeam); err != nil {
			return change{}, err
		}
		m, err := v.standing(t, TeamMember{id: v.actor.MemberID, org: v.actor.OrgID})
		if err != nil {
			return change{}, err
		}
		if err := m.Can(influence.LeaveTeam); err != nil {
			return change{}, err
		}
		was := m.record()
		if m, err = t.remove(m); err != nil {
			return change{}, err
		}
		if err := t.tellMember(m, "left"); err != nil {
			return change{}, err
		}
		return change{m.id, was, m.record()}, t.mailOwners(m.org, mail{subject: m.Name + " left your team", link: "/team", button: "Open the team",
			body: m.Name + " left the team and can’t sign in any more. What " + m.Name + " did stays on record."})
	})
	if err != nil {
		return fmt.Errorf("leave team: %w", err)
	}
	return nil
}
