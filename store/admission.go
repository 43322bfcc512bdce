package store

import (
	"database/sql"
	"errors"
	"time"

	"irm/influence"
)

// application is a sign-up on its way to be a member: unconfirmed, waiting for a
// partner manager, accepted or refused by one, or enrolled without one.
type application struct {
	ID, Ref, State                    string
	Name, Email, Phone                string
	Company, PartnerNo, PartnerState  string
	Level                             influence.Level
	Terms, Password, Why, Reason      string
	CreatedAt, ConfirmedAt, DecidedAt time.Time
	DecidedBy, MemberID, PartnerID    string
	Version                           int64
}

const applicationColumns = `a.id, a.ref, a.state, a.name, a.email, a.phone, a.company, a.partner_no, a.partner_state, a.level, a.terms, a.password,
	a.why, a.reason, a.created_at, a.confirmed_at, a.decided_at, coalesce(a.decided_by, ''), coalesce(a.member_id, ''), coalesce(a.partner_id, ''), a.version`

func scanApplication(row scanner) (a application, err error) {
	var created int64
	var confirmed, decided sql.NullInt64
	err = row.Scan(&a.ID, &a.Ref, &a.State, &a.Name, &a.Email, &a.Phone, &a.Company, &a.PartnerNo, &a.PartnerState, &a.Level, &a.Terms, &a.Password,
		&a.Why, &a.Reason, &created, &confirmed, &decided, &a.DecidedBy, &a.MemberID, &a.PartnerID, &a.Version)
	a.CreatedAt, a.ConfirmedAt, a.DecidedAt = micros(created), when(confirmed), when(decided)
	return a, err
}

// application reads the application with an id.
func (t *tx) application(id string) (application, error) {
	return scanApplication(t.row(`SELECT `+applicationColumns+` FROM applications a WHERE a.id = $1`, id))
}

// applicationRecord is what the ledger keeps of an application: no person.
type applicationRecord struct {
	State     string `json:"state"`
	Company   string `json:"company"`
	PartnerNo string `json:"partner_id"`
	Why       string `json:"why,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

func recordApplication(a application) applicationRecord {
	return applicationRecord{a.State, a.Company, a.PartnerNo, a.Why, a.Reason}
}

func (t *tx) insertApplication(a *application) (err error) {
	a.ID, a.State = newID("app", t.at), "unconfirmed"
	a.Ref, err = t.referred("APP", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO applications (id, ref, state, name, email, phone, company, partner_no, level, partner_state, terms, password, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (ref) DO NOTHING`, a.ID, ref, a.State, a.Name, a.Email, a.Phone,
			a.Company, a.PartnerNo, string(a.Level), a.PartnerState, a.Terms, a.Password, t.at.UnixMicro())
	})
	return err
}

// admit makes the person of an application a member of its partner, the first
// one its owner, and enrolls the partner if it is not: the one of the roster, or
// else one made of what the application says. state is enrolled, or accepted by
// a partner manager.
func (t *tx) admit(a *application, state string) error {
	p, err := t.partnerByNo(a.PartnerNo)
	if errors.Is(err, sql.ErrNoRows) {
		p, err = t.newPartner(influence.RosterRow{PartnerNo: a.PartnerNo, Name: a.Company, Level: a.Level, State: a.PartnerState})
	}
	if err != nil {
		return err
	}
	if err := t.enroll(p.ID); err != nil {
		return err
	}
	if err := t.later(`UPDATE partners SET phone = $2 WHERE id = $1 AND phone = ''`, p.ID, a.Phone); err != nil {
		return err
	}
	rank, err := t.nextRank(p.ID)
	if err != nil {
		return err
	}
	a.State, a.PartnerID = state, p.ID
	if err := t.memberOf(a, member{OrgID: p.ID, Role: influence.RolePartner, Rank: rank}); err != nil {
		return err
	}
	return t.mail(mail{memberID: a.MemberID, email: a.Email, subject: p.Name + " is enrolled", link: "/", button: "Open the portal",
		body: "You can sign in and act for " + p.Name + ". The next step is to ask the LARs you work with for a connection; then claim the first deal."})
}

// wait has an application wait for a partner manager. Its person can sign in and
// see how it stands.
func (t *tx) wait(a *application) error {
	a.State = "waiting"
	if err := t.memberOf(a, member{OrgID: a.ID, Role: influence.RoleApplicant, Rank: influence.RankOwner}); err != nil {
		return err
	}
	return t.mail(mail{memberID: a.MemberID, email: a.Email, subject: "Your application is with a partner manager", link: "/", button: "See how it stands",
		body: "A partner manager looks at the application of " + a.Company + " and answers you by mail. You can sign in at any time to see how it stands."})
}

// memberOf makes the person of an application a member, or moves the one it is,
// and keeps that with the application. The password is the application's own
// when it has just been confirmed.
func (t *tx) memberOf(a *application, m member) error {
	m.Name, m.Email, m.Phone, m.Password = a.Name, a.Email, a.Phone, a.Password
	var err error
	if a.MemberID == "" {
		err = t.insertMember(&m)
		a.MemberID = m.ID
	} else {
		err = t.must(`UPDATE members SET role = $2, org_id = $3, rank = $4, name = $5, phone = $6,
			password = CASE WHEN $7 = '' THEN password ELSE $7 END, version = version + 1 WHERE id = $1`,
			a.MemberID, string(m.Role), m.OrgID, string(m.Rank), m.Name, m.Phone, m.Password)
	}
	if err != nil {
		return err
	}
	return t.must(`UPDATE applications SET state = $2, why = $3, member_id = $4, partner_id = $5, password = '', version = version + 1 WHERE id = $1`,
		a.ID, a.State, a.Why, a.MemberID, sql.NullString{String: a.PartnerID, Valid: a.PartnerID != ""})
}
