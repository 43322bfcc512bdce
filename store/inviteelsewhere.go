package store

import (
	"database/sql"
	"errors"
)

// shownEmail is the address of a member m as people see it. Who is invited with an
// address that is a member's elsewhere stands in the team's list as any other, so that
// no owner learns whose addresses are taken. Its row keeps the address with its own id
// behind it: the address itself stays unique, and nobody signs in with that row.
const shownEmail = `replace(m.email, '#' || m.id, '')`

// invitedElsewhere reports whether a person is invited into the organization with an
// address that was a member's elsewhere.
func (t *tx) invitedElsewhere(m member) (waits bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM members m WHERE m.org_id = $1 AND m.active AND m.email = $2 || '#' || m.id)`, m.OrgID, m.Email).Scan(&waits)
	return waits, err
}

// inviteElsewhere lists the person as invited, and has its mailbox alone know why the
// invitation can't be used. m has the id of the member that it is elsewhere.
func (v Session) inviteElsewhere(t *tx, m member) (change, error) {
	known := m
	m.ID = newID("mbr", t.at)
	if err := t.insertWith(m, m.Email+"#"+m.ID); err != nil {
		return change{}, err
	}
	became, err := t.recordMember(m)
	if err != nil {
		return change{}, err
	}
	return change{m.ID, nil, became}, v.tellMemberElsewhere(t, known)
}

// inviteElsewhereAgain tells the mailbox once more, or invites the person for good if
// nobody has the address any more.
func (v Session) inviteElsewhereAgain(t *tx, m TeamMember) error {
	id, err := t.takeAddress(m)
	if err != nil {
		return err
	}
	if id != "" {
		return v.tellMemberElsewhere(t, member{ID: id, Email: m.Email, OrgID: m.org})
	}
	return v.mailInvitation(t, m.id, m.Email, m.org)
}

// takeAddress gives a member its address for its own, unless a member has it still,
// whose id it returns. Who was removed with it keeps its row, and loses the address.
func (t *tx) takeAddress(m TeamMember) (id string, err error) {
	var active bool
	err = t.row(`SELECT id, active FROM members WHERE email = $1`, m.Email).Scan(&id, &active)
	switch {
	case active:
		return id, nil
	case err == nil:
		err = t.must(`UPDATE members SET email = email || '#' || id WHERE id = $1`, id)
	case errors.Is(err, sql.ErrNoRows):
		err = nil
	}
	if err != nil {
		return "", err
	}
	return "", t.must(`UPDATE members SET email = $2 WHERE id = $1`, m.id, m.Email)
}

// tellMemberElsewhere says to an address, and to nobody else, that it is known.
func (v Session) tellMemberElsewhere(t *tx, m member) error {
	name, err := t.orgName(m.OrgID)
	if err != nil {
		return err
	}
	return t.mail(mail{memberID: m.ID, email: m.Email, subject: "An invitation to the team of " + name + " could not be used", link: "/signin", button: "Sign in",
		body: v.actor.Name + " invited you as a member of " + name + ". You can sign in with this address already, for another organization or with an application, and a person belongs to one. " +
			"To change, leave the other team first, or give another address. Nothing was changed."})
}
