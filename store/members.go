package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"irm/influence"
)

// NewMember is a person whom the operator adds, or somebody invites. LARSlug or
// PartnerNo says of which organization, for Kind lar or partner.
type NewMember struct {
	Kind               string // administrator, manager, lar or partner; "" for the actor's own organization
	Rank               string // in the actor's own organization
	Email, Name        string
	LARSlug, PartnerNo string
}

// memberRecord is what the ledger keeps of a member.
type memberRecord struct {
	personRecord
	Org   string                `json:"organization"`
	Rank  influence.Rank        `json:"rank"`
	State influence.MemberState `json:"state"`
	Done  string                `json:"done,omitempty"`
}

// AddMember adds a member and returns the token of its one-time link, with which
// it chooses a password. The first member of an organization is its owner; a
// partner known from the roster alone is enrolled with it. For a member who has
// not used the link yet it makes a new one.
func (v Session) AddMember(ctx context.Context, n NewMember) (token string, err error) {
	err = v.do(ctx, influence.Operate, func(t *tx) (change, error) {
		m, err := t.newMember(n)
		if err != nil {
			return change{}, err
		}
		known, err := t.uninvited(&m)
		if err != nil {
			return change{}, err
		}
		if !known {
			if err := t.insertMember(&m); err != nil {
				return change{}, err
			}
		}
		token, err = t.link("invite", m.ID, m.Email, influence.InviteLinkLife)
		if err != nil {
			return change{}, err
		}
		became, err := t.recordMember(m)
		return change{m.ID, nil, became}, err
	})
	if err != nil {
		return "", fmt.Errorf("add member: %w", err)
	}
	return token, nil
}

// member is a row of members.
type member struct {
	ID, OrgID, Name, Email, Phone, Password string
	Role                                    influence.Role
	Rank                                    influence.Rank
}

// state is how a new member begins: invited until it has a password.
func (m member) state() influence.MemberState {
	if m.Password == "" {
		return influence.MemberInvited
	}
	return influence.MemberActive
}

// newMember checks what the operator typed and finds the organization.
func (t *tx) newMember(n NewMember) (m member, err error) {
	wrong := influence.Invalid{}
	m.Name = n.Name
	wrong.Check(m.Name != "", "name", "Enter the member’s name.")
	var bad error
	if m.Email, bad = influence.ParseEmail(n.Email); bad != nil {
		wrong.Check(false, "email", bad.Error())
	}
	if err := t.organization(&m, n, wrong); err != nil {
		return m, err
	}
	return m, wrong.OrNil()
}

func (t *tx) organization(m *member, n NewMember, wrong influence.Invalid) (err error) {
	switch n.Kind {
	case "administrator", "manager":
		m.Role, m.OrgID, m.Rank = influence.RoleStaff, influence.Staff, influence.Rank(n.Kind)
		return nil
	case "lar":
		m.Role = influence.RoleLAR
		err = t.row(`SELECT id FROM lars WHERE slug = $1`, n.LARSlug).Scan(&m.OrgID)
	case "partner":
		m.Role = influence.RolePartner
		err = t.row(`SELECT id FROM partners WHERE partner_no = $1`, n.PartnerNo).Scan(&m.OrgID)
	default:
		wrong.Check(false, "role", "A role is administrator, manager, lar or partner.")
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		wrong.Check(m.Role != influence.RoleLAR, "lar", "There is no LAR "+n.LARSlug+".")
		wrong.Check(m.Role != influence.RolePartner, "partner", "There is no partner with the ID "+n.PartnerNo+" on the roster.")
		return nil
	}
	if err != nil {
		return err
	}
	if m.Role == influence.RolePartner {
		if err := t.takePart(m.OrgID); err != nil {
			return err
		}
	}
	m.Rank, err = t.nextRank(m.OrgID)
	return err
}

// nextRank is owner for the first member of an organization.
func (t *tx) nextRank(org string) (influence.Rank, error) {
	var any bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM members WHERE org_id = $1 AND active)`, org).Scan(&any)
	if any {
		return influence.RankMember, err
	}
	return influence.RankOwner, err
}

// uninvited reports whether the address is that of a member of the same
// organization who has no password yet, and fills in its id.
func (t *tx) uninvited(m *member) (known bool, err error) {
	var org, password string
	err = t.row(`SELECT id, org_id, password FROM members WHERE email = $1`, m.Email).Scan(&m.ID, &org, &password)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil && (org != m.OrgID || password != "") {
		err = influence.Invalid{"email": "This address is a member’s already. A forgotten password is chosen anew at /password/forgot."}
	}
	return err == nil, err
}

func (t *tx) insertMember(m *member) error {
	m.ID = newID("mbr", t.at)
	return t.insertWith(*m, m.Email)
}

// insertWith inserts a member whose id is made, with what its address is stored as.
func (t *tx) insertWith(m member, email string) error {
	return t.later(`INSERT INTO members (id, ref, role, org_id, rank, name, email, phone, password, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		m.ID, memberRef(m.ID), string(m.Role), m.OrgID, string(m.Rank), m.Name, email, m.Phone, m.Password, t.at.UnixMicro())
}

// memberRef is a member's public reference, made of the random end of its id. The
// four letters that Crockford's base 32 lacks become the digits that the id lacks.
func memberRef(id string) string {
	end := strings.ToUpper(id[max(0, len(id)-10):])
	return "MBR-" + strings.NewReplacer("I", "8", "L", "9", "O", "0", "U", "1").Replace(end)
}

// takePart has a partner take part from now on, if it does not yet.
func (t *tx) takePart(partnerID string) error {
	return t.later(`UPDATE partners SET enrolled_at = $2, version = version + 1 WHERE id = $1 AND enrolled_at IS NULL`, partnerID, t.at.UnixMicro())
}
