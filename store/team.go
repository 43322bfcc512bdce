package store

import (
	"context"
	"time"

	"irm/influence"
)

// TeamMember is a member of an organization, as its colleagues see it.
type TeamMember struct {
	influence.MemberStanding
	Ref, Name, Email string
	Since            time.Time
	Own              bool // of the actor's own organization
	Version          int64
	id, org          string
	elsewhere        bool   // invited, and the address is a member's elsewhere
	done             string // what was done with it that changes nothing of it
}

const teamColumns = `m.id, m.ref, m.org_id, m.role, m.name, ` + shownEmail + `, m.rank, m.created_at, m.password = '', m.active, m.suspended_at IS NOT NULL, m.version, m.email <> ` + shownEmail + `,
	NOT EXISTS (SELECT 1 FROM members o WHERE o.org_id = m.org_id AND o.id <> m.id AND o.rank = m.rank AND ` + governing + `)`

// governing holds for members o of a rank that governs who can sign in.
const governing = `(o.rank IN ('owner', 'administrator') AND o.active AND o.suspended_at IS NULL AND o.password <> '')`

func (v Session) scanTeamMember(row scanner) (m TeamMember, err error) {
	var since int64
	var fresh, active, suspended bool
	err = row.Scan(&m.id, &m.Ref, &m.org, &m.Role, &m.Name, &m.Email, &m.Rank, &since, &fresh, &active, &suspended, &m.Version, &m.elsewhere, &m.Last)
	m.Since, m.Self, m.Own, m.State = micros(since), m.id == v.actor.MemberID, m.org == v.actor.OrgID, influence.MemberActive
	switch {
	case !active:
		m.State = influence.MemberRemoved
	case suspended:
		m.State = influence.MemberSuspended
	case fresh:
		m.State = influence.MemberInvited
	}
	return m, err
}

// record is what the ledger keeps of the member.
func (m TeamMember) record() memberRecord {
	return memberRecord{Org: m.org, Rank: m.Rank, State: m.State, Done: m.done}
}

// mostMembers is how many members of an organization its page shows.
const mostMembers = 500

// Team returns the members of the actor's organization, those who govern it first.
func (v Session) Team(ctx context.Context) ([]TeamMember, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+teamColumns+` FROM members m WHERE `+v.visible(influence.ViewTeam, "m")+` AND m.active
		ORDER BY CASE m.rank WHEN 'owner' THEN 0 WHEN 'administrator' THEN 1 ELSE 2 END, m.name, m.id LIMIT $2`, v.actor.OrgID, mostMembers)
	all, err := collect(rows, err, v.scanTeamMember)
	return all, wrap(err)
}

// TeamMember returns the member with a reference, if the actor may edit it.
func (v Session) TeamMember(ctx context.Context, ref string) (TeamMember, error) {
	m, err := v.teamMember(ctx, v.s.read, ref)
	return m, wrap(err)
}

func (v Session) teamMember(ctx context.Context, q querier, ref string) (TeamMember, error) {
	return v.scanTeamMember(q.QueryRowContext(ctx, `SELECT `+teamColumns+` FROM members m
		WHERE `+v.visible(influence.EditTeam, "m")+` AND m.ref = $2 AND m.active AND m.role <> 'applicant'`, v.actor.OrgID, ref))
}
