package store

import (
	"database/sql"
	"errors"

	"irm/influence"
)

// newApplication keeps a sign-up whose address nobody has confirmed yet.
func (t *tx) newApplication(u influence.SignUp, hash string) (a application, err error) {
	a = application{ID: newID("app", t.at), State: "unconfirmed", Name: u.Name, Email: u.Email, Phone: u.Phone, Company: u.Company, PartnerNo: u.PartnerNo,
		PartnerState: u.State, Level: influence.Level(u.Level), Password: hash}
	a.Ref, err = t.referred("APP", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO applications (id, ref, state, name, email, phone, company, partner_no, level, partner_state, terms, password, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (ref) DO NOTHING`, a.ID, ref, a.State, a.Name, a.Email, a.Phone,
			a.Company, a.PartnerNo, string(a.Level), a.PartnerState, u.Terms, a.Password, t.at.UnixMicro())
	})
	return a, err
}

// confirmed decides what follows from a confirmed address, by the roster and
// never by what the person says of itself.
func (t *tx) confirmed(a *application) (partner string, err error) {
	admission, err := t.admission(*a)
	if err != nil {
		return "", err
	}
	if !admission.AtOnce {
		a.Why = admission.Reason
		return "", t.wait(a)
	}
	return t.enroll(a)
}

// enroll has the company of a confirmed application take part at once, with its
// person as a member.
func (t *tx) enroll(a *application) (partner string, err error) {
	p, err := t.admit(a)
	if err != nil {
		return "", err
	}
	if err := t.settle(a, "enrolled", p.ID); err != nil {
		return "", err
	}
	return p.ID, t.mail(mail{memberID: a.MemberID, email: a.Email, subject: p.Name + " is enrolled", link: "/", button: "Open the portal",
		body: "You can sign in and act for " + p.Name + ". The next step is to ask the LARs you work with for a connection; then claim the first deal."})
}

// admission compares an application with the roster and the enrolled partners.
func (t *tx) admission(a application) (influence.Admission, error) {
	p, err := t.partnerByNo(a.PartnerNo)
	if err == nil && p.enrolled {
		return influence.Admission{Reason: p.Name + " is enrolled already: the person asks to join it."}, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return influence.Admission{}, err
	}
	typed := influence.SignUp{Email: a.Email, PartnerNo: a.PartnerNo}
	row, err := t.reader().rosterRow(a.PartnerNo)
	if errors.Is(err, sql.ErrNoRows) {
		return influence.Admit(typed, nil), nil
	}
	return influence.Admit(typed, &row), err
}

// wait has an application wait for a partner manager. Its person can sign in and
// see how it stands.
func (t *tx) wait(a *application) error {
	if err := t.memberOf(a, member{OrgID: a.ID, Role: influence.RoleApplicant, Rank: influence.RankOwner}); err != nil {
		return err
	}
	if err := t.settle(a, "waiting", ""); err != nil {
		return err
	}
	if err := t.tellJoining(*a); err != nil {
		return err
	}
	return t.mail(mail{memberID: a.MemberID, email: a.Email, subject: "Your application waits for an answer", link: "/", button: "See how it stands",
		body: "A partner manager looks at the application of " + a.Company + " or, if the company takes part already, its owner does. The answer comes by mail. You can sign in at any time to see how it stands."})
}

// memberOf makes the person of an application a member, or moves the one it is.
// The application has a password of its own until its address is confirmed.
func (t *tx) memberOf(a *application, m member) error {
	m.Name, m.Email, m.Phone, m.Password = a.Name, a.Email, a.Phone, a.Password
	if a.MemberID == "" {
		err := t.insertMember(&m)
		a.MemberID = m.ID
		return err
	}
	return t.must(`UPDATE members SET role = $2, org_id = $3, rank = $4, name = $5, phone = $6,
		password = CASE WHEN $7 = '' THEN password ELSE $7 END, version = version + 1 WHERE id = $1 AND active`,
		a.MemberID, string(m.Role), m.OrgID, string(m.Rank), m.Name, m.Phone, m.Password)
}

// settle keeps what a confirmed address led to.
func (t *tx) settle(a *application, state, partnerID string) error {
	a.State = state
	return t.must(`UPDATE applications SET state = $2, why = $3, member_id = $4, partner_id = $5, confirmed_at = $6, password = '', version = version + 1
		WHERE id = $1 AND state = 'unconfirmed'`, a.ID, state, a.Why, a.MemberID, sql.NullString{String: partnerID, Valid: partnerID != ""}, t.at.UnixMicro())
}
