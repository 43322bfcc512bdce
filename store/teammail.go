package store

import "irm/influence"

// teamMails are what a member is told of its own change; the organization follows
// the subject.
// Who is out is told by a mail that does not count as a member's, which would be
// dropped.
var teamMails = map[string]struct{ subject, text string }{
	"promoted":   {"You govern the team of ", "You can invite, promote, suspend and remove members now."},
	"demoted":    {"Your role changed at ", "You don’t govern the team any more. Everything else stays as it was."},
	"handed":     {"You handed over the team of ", "Somebody else governs the team in your place. Everything else stays as it was."},
	"resumed":    {"You can sign in again at ", "Your access is no longer suspended."},
	"signed out": {"You were signed out of ", "An owner or administrator ended all your sessions. Sign in again when you need to. If you don’t know why, choose a new password."},
	"suspended":  {"Your access is suspended at ", "You can’t sign in until an owner ends this. Your sessions have ended. Ask your owner if this is a mistake."},
	"removed":    {"You were removed from ", "You can’t sign in any more. Your sessions have ended. Ask your owner if this is a mistake."},
	"withdrawn":  {"Your invitation was withdrawn by ", "The link that you got no longer works."},
	"left":       {"You left ", "You can’t sign in any more. Your sessions have ended. If it was not you, tell an owner at once."},
}

// tellMember mails a member what became of it.
func (t *tx) tellMember(m TeamMember, what string) error {
	org, err := t.orgName(m.org)
	if err != nil {
		return err
	}
	text := teamMails[what]
	mail := mail{email: m.Email, subject: text.subject + org, body: text.text}
	if m.State == influence.MemberActive {
		mail.memberID, mail.link, mail.button = m.id, "/team", "Open the team"
	}
	return t.mail(mail)
}

// orgName is the name of a partner, a LAR or Microsoft.
func (t *tx) orgName(org string) (name string, err error) {
	err = t.row(`SELECT coalesce((SELECT p.name FROM partners p WHERE p.id = $1), (SELECT l.name FROM lars l WHERE l.id = $1), 'Microsoft')`, org).Scan(&name)
	return name, err
}

// mailOwners queues a mail to each member who governs an organization and can sign in.
func (t *tx) mailOwners(org string, m mail) error {
	_, err := t.mailGoverning(org, m)
	return err
}

// mailInCharge is mailOwners for what may not lie there: without an owner who can
// sign in, every member hears of it.
func (t *tx) mailInCharge(org string, m mail) error {
	n, err := t.mailGoverning(org, m)
	if err == nil && n == 0 {
		err = t.mailOrg(org, m)
	}
	return err
}

func (t *tx) mailGoverning(org string, m mail) (n int, err error) {
	rows, err := t.rows(`SELECT o.id, o.email FROM members o WHERE o.org_id = $1 AND `+governing+` ORDER BY o.id LIMIT 100`, org)
	type to struct{ id, email string }
	all, err := collect(rows, err, func(row scanner) (x to, err error) { return x, row.Scan(&x.id, &x.email) })
	if err != nil {
		return 0, err
	}
	for _, x := range all {
		m.memberID, m.email = x.id, x.email
		if err := t.mail(m); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
