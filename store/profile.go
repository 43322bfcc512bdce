package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"irm/influence"
)

// OwnProfile is the actor's company as it stands.
type OwnProfile struct {
	influence.Profile
	Name, Ref, No, State string
	Level                influence.Level
	Version              int64
}

const profileColumns = `p.street, p.city, p.postal_code, p.phone, p.website, p.competencies, p.listed`

func profileDest(p *influence.Profile, competencies *string) []any {
	return []any{&p.Street, &p.City, &p.PostalCode, &p.Phone, &p.Website, competencies, &p.Listed}
}

// competent reads what is kept one a line.
func competent(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return s == "" })
}

// Profile returns the profile of the actor's company; it is a partner's.
func (v Session) Profile(ctx context.Context) (p OwnProfile, err error) {
	if !v.actor.May(influence.EditProfile) {
		return p, influence.ErrForbidden
	}
	var competencies string
	err = v.reader(ctx).row(`SELECT p.name, p.ref, p.partner_no, p.state, p.level, p.version, `+profileColumns+` FROM partners p WHERE p.id = $1`, v.actor.OrgID).
		Scan(append([]any{&p.Name, &p.Ref, &p.No, &p.State, &p.Level, &p.Version}, profileDest(&p.Profile, &competencies)...)...)
	p.Competencies = competent(competencies)
	return p, wrap(err)
}

// profileRecord is what the ledger keeps of a profile. A phone may be a person's,
// so only whether there is one is kept.
type profileRecord struct {
	Street       string   `json:"street,omitempty"`
	City         string   `json:"city,omitempty"`
	PostalCode   string   `json:"postal_code,omitempty"`
	Website      string   `json:"website,omitempty"`
	Competencies []string `json:"competencies,omitempty"`
	Phone        bool     `json:"phone"`
	Listed       bool     `json:"listed"`
}

func recordOf(p influence.Profile) profileRecord {
	return profileRecord{p.Street, p.City, p.PostalCode, p.Website, p.Competencies, p.Phone != "", p.Listed}
}

// EditProfile changes what the actor's company says of itself.
func (v Session) EditProfile(ctx context.Context, p influence.Profile, version int64) error {
	err := v.do(ctx, influence.EditProfile, func(t *tx) (change, error) {
		p, err := p.Validate()
		if err != nil {
			return change{}, err
		}
		var was influence.Profile
		var ref, competencies string
		err = t.row(`SELECT p.ref, `+profileColumns+` FROM partners p WHERE p.id = $1`, v.actor.OrgID).
			Scan(append([]any{&ref}, profileDest(&was, &competencies)...)...)
		if err != nil {
			return change{}, err
		}
		was.Competencies = competent(competencies)
		return change{ref, recordOf(was), recordOf(p)}, t.must(`UPDATE partners SET street = $3, city = $4, postal_code = $5, phone = $6, website = $7,
			competencies = $8, listed = $9, profile_at = $10, version = version + 1 WHERE id = $1 AND version = $2`, v.actor.OrgID, version,
			p.Street, p.City, p.PostalCode, p.Phone, p.Website, strings.Join(p.Competencies, "\n"), p.Listed, t.at.UnixMicro())
	})
	if err != nil {
		return fmt.Errorf("edit profile: %w", err)
	}
	return nil
}
