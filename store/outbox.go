package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"irm/influence"
)

// mail is a mail about to be queued. Its kind follows from where its button leads,
// if nothing is said.
type mail struct {
	memberID, email, subject, body, link, button, about string
	kind                                                influence.NoticeKind
	daily                                               bool // unless its member has chosen otherwise
	plain                                               bool // no notice, wherever its button leads
	notBefore                                           time.Time
}

// mail queues a mail in the transaction that it tells of.
func (t *tx) mail(m mail) error {
	if m.notBefore.IsZero() {
		m.notBefore = t.at
	}
	kind, thing := influence.NoticeOf(m.link)
	if m.kind == "" {
		m.kind = kind
	}
	if m.memberID == "" || m.plain {
		m.kind, thing = "", ""
	}
	return t.later(`INSERT INTO outbox (id, member_id, email, subject, body, link, button, about, created_at, not_before, kind, thing, daily)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, coalesce((SELECT c.daily FROM mail_choices c WHERE c.member_id = $2 AND c.kind = $11), $13))`,
		newID("mail", t.at), m.memberID, m.email, m.subject, m.body, m.link, m.button, m.about, t.at.UnixMicro(), m.notBefore.UnixMicro(),
		string(m.kind), thing, m.daily)
}

// mailOrg queues a mail to each active member of an organization.
func (t *tx) mailOrg(org string, m mail) error {
	rows, err := t.rows(`SELECT m.id, m.email FROM members m WHERE m.org_id = $1 AND m.active AND m.suspended_at IS NULL AND m.email = `+shownEmail+` ORDER BY m.id LIMIT 100`, org)
	type to struct{ id, email string }
	all, err := collect(rows, err, func(row scanner) (x to, err error) { return x, row.Scan(&x.id, &x.email) })
	if err != nil {
		return err
	}
	for _, x := range all {
		m.memberID, m.email, m.daily = x.id, x.email, org == influence.Staff && influence.DailyUnlessChosen(m.kind, influence.RoleStaff)
		if err := t.mail(m); err != nil {
			return err
		}
	}
	return nil
}

// mailMember queues a mail to a member of an organization, or to who governs it if
// that member can't sign in any more.
func (t *tx) mailMember(memberID, org string, m mail) error {
	err := t.row(`SELECT m.id, m.email FROM members m WHERE m.id = $1 AND m.org_id = $2 AND m.active AND m.suspended_at IS NULL AND m.email = `+shownEmail, memberID, org).Scan(&m.memberID, &m.email)
	if errors.Is(err, sql.ErrNoRows) {
		return t.mailInCharge(org, m)
	}
	if err != nil {
		return err
	}
	return t.mail(m)
}

// tellDecided tells a claim's partner what was decided, once that can't be undone.
func (t *tx) tellDecided(c claim, to turned) error {
	who := "The LAR"
	if t.who.Role == influence.RoleStaff {
		who = "Microsoft"
	}
	m := mail{subject: "Your claim " + c.Ref + " was confirmed", body: who + " confirmed your claim on " + claimName(c) + ".", link: "/claims/" + c.Ref, button: "Open the claim",
		about: to.decision, notBefore: t.at.Add(t.s.settings.Undo)}
	if to.state == influence.ClaimRejected {
		m.subject = "Your claim " + c.Ref + " was rejected"
		m.body = who + " rejected your claim on " + claimName(c) + ". Reason: " + influence.ReasonCode(to.code).Title() + "."
	}
	if to.note != "" {
		m.body += "\n\n“" + to.note + "”"
	}
	return t.mailOrg(c.PartnerID, m)
}

func claimName(c claim) string {
	if c.Customer != "" {
		return c.Customer
	}
	return "agreement " + c.Number
}

// Mail is a mail of the outbox.
type Mail struct {
	ID, Email, Subject, Body, Link, Button string
	At                                     time.Time
	Sent                                   time.Time
}

const mailColumns = `id, email, subject, body, link, button, created_at, sent_at`

func scanMail(row scanner) (m Mail, err error) {
	var at int64
	var sent sql.NullInt64
	err = row.Scan(&m.ID, &m.Email, &m.Subject, &m.Body, &m.Link, &m.Button, &at, &sent)
	m.At, m.Sent = micros(at), when(sent)
	return m, err
}

// MailSent says that a mail is on its way. A one-time link is then forgotten: from
// here on only the mailbox has it.
func (s *Store) MailSent(ctx context.Context, id string) error {
	return s.transact(ctx, func(t *tx) error {
		return t.must(`UPDATE outbox SET sent_at = $2, tries = tries + 1, link = CASE WHEN link LIKE '%?token=%' OR link LIKE '/invite/%' THEN '' ELSE link END
			WHERE id = $1 AND sent_at IS NULL`, id, t.at.UnixMicro())
	})
}

// mailTries is after how many failures a mail is given up: a day and a half.
const mailTries = 12

// MailFailed has a mail tried again later, twice as late each time and up to half
// as long again, so that many that failed together do not come together. It gives
// up (and says so) after mailTries, or at once for a mail that was refused for good.
func (s *Store) MailFailed(ctx context.Context, id, why string, refused bool) (givenUp bool, err error) {
	err = s.transact(ctx, func(t *tx) error {
		var tries int64
		if err := t.row(`SELECT tries FROM outbox WHERE id = $1`, id).Scan(&tries); err != nil {
			return err
		}
		pause := time.Minute << min(tries, 10)
		again := t.at.Add(pause + rand.N(pause/2)) //nolint:gosec // a pause, no secret
		givenUp = refused || tries+1 >= mailTries
		dropped := sql.NullInt64{Int64: t.at.UnixMicro(), Valid: givenUp}
		return t.must(`UPDATE outbox SET tries = tries + 1, error = $2, not_before = $3, dropped_at = $4 WHERE id = $1`, id, why, again.UnixMicro(), dropped)
	})
	return givenUp, err
}

// UnsentMail is a mail that was tried in vain: it waits for another try, or was
// given up and waits for an operator.
type UnsentMail struct {
	ID, Email, Subject, Error string
	Tries                     int64
	GivenUp                   bool
}

// UnsentMails returns the newest mails that were tried in vain, for the operator.
func (v Session) UnsentMails(ctx context.Context) ([]UnsentMail, error) {
	if !v.actor.May(influence.Operate) {
		return nil, influence.ErrForbidden
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT id, email, subject, error, tries, dropped_at IS NOT NULL FROM outbox
		WHERE sent_at IS NULL AND error <> '' ORDER BY id DESC LIMIT 1000`)
	all, err := collect(rows, err, func(row scanner) (m UnsentMail, err error) {
		return m, row.Scan(&m.ID, &m.Email, &m.Subject, &m.Error, &m.Tries, &m.GivenUp)
	})
	return all, wrap(err)
}

// RetryMail has a mail that was given up tried again now. It is ErrConflict for a
// mail that was sent or is still being tried, and for one that is not there.
func (v Session) RetryMail(ctx context.Context, id string) error {
	return v.do(ctx, influence.Operate, func(t *tx) (change, error) {
		err := t.must(`UPDATE outbox SET dropped_at = NULL, tries = 0, not_before = $2 WHERE id = $1 AND dropped_at IS NOT NULL AND sent_at IS NULL AND error <> ''`,
			id, t.at.UnixMicro())
		return change{id, nil, map[string]string{"mail": "tried again"}}, err
	})
}

// Mails returns the newest mails to the actor.
func (v Session) Mails(ctx context.Context) ([]Mail, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+mailColumns+` FROM outbox WHERE member_id = $1 AND member_id <> '' AND dropped_at IS NULL AND NOT daily ORDER BY id DESC LIMIT 50`, v.actor.MemberID)
	all, err := collect(rows, err, scanMail)
	return all, wrap(err)
}

// DemoMail returns the newest mails to anybody: for the demo alone, whose
// companies are invented.
func (s *Store) DemoMail(ctx context.Context) ([]Mail, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+mailColumns+` FROM outbox WHERE dropped_at IS NULL AND NOT daily ORDER BY id DESC LIMIT 50`)
	all, err := collect(rows, err, scanMail)
	return all, wrap(err)
}
