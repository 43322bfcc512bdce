package store

import (
	"time"

	"irm/influence"
)

// PastMember is the person who acts for an organization that is loaded. Without
// a password hash nobody can sign in as it.
type PastMember struct {
	Name, Email, Password string
	Rank                  influence.Rank
}

// PastLAR is a LAR to load.
type PastLAR struct {
	Slug, Name string
	Status     influence.LARStatus
	PlannedOn  influence.Day
	At         time.Time
	Member     PastMember
}

// LoadedLAR names a LAR that was loaded, and its member.
type LoadedLAR struct{ ID, Ref, Slug, Name, MemberID string }

// PastPartner is a partner to load, with its row of the roster.
type PastPartner struct {
	Name, No, State, City, Website string
	Level                          influence.Level
	Enrolled                       bool
	At                             time.Time
	Member                         PastMember
}

// LoadedPartner names a partner that was loaded, and its member if it enrolled.
type LoadedPartner struct {
	ID, No, Name, MemberID string
	At                     time.Time
}

// PastApplication is an application that waits.
type PastApplication struct {
	Company, Name, Email, PartnerNo, State, Why string
	Level                                       influence.Level
	At                                          time.Time
}

// LAR loads a LAR with its owner.
func (l *Loader) LAR(p PastLAR) (LoadedLAR, error) {
	t := l.at(p.At, influence.Operator(), influence.EditLARs)
	made := LoadedLAR{ID: newID("lar", p.At), Slug: p.Slug, Name: p.Name}
	var err error
	made.Ref, err = t.referred("LAR", func(ref string) (int64, error) {
		return t.once(`INSERT INTO lars (id, ref, slug, name, status, planned_on, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (ref) DO NOTHING`, made.ID, ref, p.Slug, p.Name, string(p.Status), string(p.PlannedOn), t.at.UnixMicro())
	})
	if err != nil {
		return made, err
	}
	if err := t.later(`INSERT INTO lar_statuses (lar_id, recorded_at, entry_id, status, planned_on) VALUES ($1, $2, $3, $4, $5)`,
		made.ID, t.at.UnixMicro(), t.entry, string(p.Status), string(p.PlannedOn)); err != nil {
		return made, err
	}
	if made.MemberID, err = t.loadMember(influence.RoleLAR, made.ID, p.Member); err != nil {
		return made, err
	}
	l.desks[made.ID] = made.MemberID
	return made, t.record(change{made.Ref, nil, map[string]string{"name": p.Name, "status": string(p.Status)}})
}

func (t *tx) loadMember(role influence.Role, org string, m PastMember) (id string, err error) {
	id = newID("mbr", t.at)
	return id, t.later(`INSERT INTO members (id, ref, role, org_id, rank, name, email, password, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, memberRef(id), string(role), org, string(m.Rank), m.Name, m.Email, m.Password, t.at.UnixMicro())
}

// Partner loads a partner, its row of the roster, and its owner if it enrolled.
func (l *Loader) Partner(p PastPartner) (LoadedPartner, error) {
	t := l.at(p.At, influence.Operator(), influence.ImportRoster)
	made := LoadedPartner{ID: newID("prt", p.At), No: p.No, Name: p.Name, At: p.At}
	var enrolled, said time.Time
	if p.Enrolled {
		enrolled = p.At
	}
	if p.Enrolled && p.Website != "" { // its own word
		said = p.At
	}
	ref, err := t.referred("PRT", func(ref string) (int64, error) {
		return t.once(`INSERT INTO partners (id, ref, partner_no, name, level, state, city, website, enrolled_at, profile_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (ref) DO NOTHING`,
			made.ID, ref, p.No, p.Name, string(p.Level), p.State, p.City, p.Website, instant(enrolled), instant(said), t.at.UnixMicro())
	})
	if err != nil {
		return made, err
	}
	if err := t.later(`INSERT INTO roster (partner_no, partner_id, name, level, state, city, website, contact_name, contact_email, listing, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'demo', $10)`, p.No, made.ID, p.Name, string(p.Level), p.State, p.City, p.Website,
		p.Member.Name, p.Member.Email, t.at.UnixMicro()); err != nil {
		return made, err
	}
	if err := t.later(`INSERT INTO partner_levels (partner_id, recorded_at, entry_id, level, state) VALUES ($1, $2, $3, $4, $5)`,
		made.ID, t.at.UnixMicro(), t.entry, string(p.Level), p.State); err != nil {
		return made, err
	}
	if p.Enrolled {
		if made.MemberID, err = t.loadMember(influence.RolePartner, made.ID, p.Member); err != nil {
			return made, err
		}
	}
	return made, t.record(change{ref, nil, map[string]any{"partner_id": p.No, "name": p.Name, "enrolled": p.Enrolled}})
}

// Connection loads a connection of a partner and a LAR.
func (l *Loader) Connection(p LoadedPartner, r LoadedLAR, state influence.ConnectionState, at time.Time) error {
	t := l.at(at, influence.Actor{MemberID: p.MemberID, OrgID: p.ID, Role: influence.RolePartner}, influence.AskConnection)
	var answered time.Time
	by := ""
	if state == influence.ConnectionAccepted {
		answered, by = at.Add(26*time.Hour), r.MemberID
	}
	ref, err := t.referred("CON", func(ref string) (int64, error) {
		return t.once(`INSERT INTO connections (id, ref, partner_id, lar_id, state, note, asked_at, asked_by, due, answered_at, answered_by)
			VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10) ON CONFLICT (ref) DO NOTHING`, newID("con", at), ref, p.ID, r.ID, string(state),
			t.at.UnixMicro(), p.MemberID, string(influence.ConnectionDue(t.today, l.s.settings)), instant(answered), by)
	})
	if err != nil {
		return err
	}
	return t.record(change{ref, nil, map[string]string{"partner": p.Name, "lar": r.Name, "state": string(state)}})
}

// Staff loads a member of Microsoft.
func (l *Loader) Staff(m PastMember, at time.Time) error {
	t := l.at(at, influence.Operator(), influence.Operate)
	id, err := t.loadMember(influence.RoleStaff, influence.Staff, m)
	if err != nil {
		return err
	}
	became, err := t.recordMember(member{ID: id, OrgID: influence.Staff, Rank: m.Rank, Name: m.Name, Email: m.Email})
	if err != nil {
		return err
	}
	return t.record(change{id, nil, became})
}

// Application loads an application that waits for a partner manager, and the
// person who made it.
func (l *Loader) Application(p PastApplication) error {
	t := l.at(p.At, influence.Operator(), influence.Register)
	id := newID("app", p.At)
	member, err := t.loadMember(influence.RoleApplicant, id, PastMember{Name: p.Name, Email: p.Email, Rank: influence.RankOwner})
	if err != nil {
		return err
	}
	ref, err := t.referred("APP", func(ref string) (int64, error) {
		return t.once(`INSERT INTO applications (id, ref, state, name, email, phone, company, partner_no, level, partner_state, terms, password, why,
			created_at, confirmed_at, member_id) VALUES ($1, $2, 'waiting', $3, $4, '', $5, $6, $7, $8, $9, '', $10, $11, $11, $12)
			ON CONFLICT (ref) DO NOTHING`, id, ref, p.Name, p.Email, p.Company, p.PartnerNo, string(p.Level), p.State, influence.TermsVersion,
			p.Why, t.at.UnixMicro(), member)
	})
	if err != nil {
		return err
	}
	became, err := t.recordApplicant(application{MemberID: member, Name: p.Name, Email: p.Email, Company: p.Company, PartnerNo: p.PartnerNo, State: "waiting"})
	if err != nil {
		return err
	}
	return t.record(change{ref, nil, became})
}
