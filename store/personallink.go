package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"irm/influence"
)

// PersonalLink is one that was sent to the contact of a partner.
type PersonalLink struct {
	Email, SentBy         string
	SentAt, Until, UsedAt time.Time // UsedAt is zero when it was not
	State                 influence.PersonalLinkState
}

// personalLinkColumns say what became of a link, of k beside its partner p and its
// row of the roster r, at the machine's instant that the format takes.
const personalLinkColumns = `k.email, k.sent_at, k.used_at, CASE WHEN k.used_at IS NOT NULL THEN 'used' WHEN p.enrolled_at IS NOT NULL THEN 'enrolled'
	WHEN k.replaced_at IS NOT NULL THEN 'replaced' WHEN k.expires_at <= %s THEN 'over'
	WHEN r.gone_at IS NOT NULL OR r.contact_email IS NULL OR lower(r.contact_email) <> k.email THEN 'changed' ELSE 'open' END`

const personalLinkFrom = `personal_links k JOIN partners p ON p.id = k.partner_id LEFT JOIN roster r ON r.partner_no = p.partner_no`

func (l *PersonalLink) dest(sent *int64, used *sql.NullInt64) []any {
	return []any{&l.Email, sent, used, &l.State}
}

func (l *PersonalLink) dated(sent int64, used sql.NullInt64) {
	l.SentAt, l.UsedAt = micros(sent), when(used)
	l.Until = l.SentAt.Add(influence.PersonalLinkLife)
}

// personalLinks are the links that were sent to a partner's contact, the newest
// first.
func (v Session) personalLinks(ctx context.Context, partnerRef string) ([]PersonalLink, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+fmt.Sprintf(personalLinkColumns, "$3")+`, coalesce(m.name, '') FROM `+personalLinkFrom+` LEFT JOIN members m ON m.id = k.sent_by
		WHERE `+v.visible(influence.SendPersonalLink, "p")+` AND p.ref = $2 ORDER BY k.sent_at DESC, k.id DESC LIMIT 20`, v.actor.OrgID, partnerRef, v.s.clock.System().UnixMicro())
	return collect(rows, err, func(row scanner) (l PersonalLink, err error) {
		var sent int64
		var used sql.NullInt64
		err = row.Scan(append(l.dest(&sent, &used), &l.SentBy)...)
		l.dated(sent, used)
		return l, err
	})
}

// SendPersonalLink mails the contact that the roster has of a partner a one-time
// link with which it enrolls the company; an earlier link no longer works. The
// same key sends once. It is a Refusal where there is nobody to send it to.
func (v Session) SendPersonalLink(ctx context.Context, ref, key string) error {
	err := v.do(ctx, influence.SendPersonalLink, func(t *tx) (change, error) {
		if _, ok, err := t.answered(key); err != nil || ok {
			return change{}, err
		}
		var id, no string
		var enrolled bool
		err := t.row(`SELECT p.id, p.partner_no, p.enrolled_at IS NOT NULL FROM partners p WHERE `+v.visible(influence.SendPersonalLink, "p")+` AND p.ref = $2`, v.actor.OrgID, ref).
			Scan(&id, &no, &enrolled)
		if err != nil {
			return change{}, err
		}
		row, err := t.rosterRowOf(no)
		if err != nil {
			return change{}, err
		}
		email, err := influence.MayInvite(enrolled, row)
		if err != nil {
			return change{}, err
		}
		if err := t.sendPersonalLink(id, email, *row); err != nil {
			return change{}, err
		}
		return change{ref, nil, map[string]string{"personal_link": "sent", "until": string(influence.DayOf(t.at.Add(influence.PersonalLinkLife), t.s.clock.zone()))}}, t.answer(key, "/partners/"+ref)
	})
	if err != nil {
		return fmt.Errorf("send personal link to partner %s: %w", ref, err)
	}
	return nil
}

// rosterRowOf is rosterRow with nil for none.
func (t *tx) rosterRowOf(no string) (*influence.RosterRow, error) {
	row, err := t.reader().rosterRow(no)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &row, err
}

func (t *tx) sendPersonalLink(partnerID, email string, row influence.RosterRow) error {
	token := newSecret()
	if err := t.later(`UPDATE personal_links SET replaced_at = $2 WHERE partner_id = $1 AND used_at IS NULL AND replaced_at IS NULL`, partnerID, t.at.UnixMicro()); err != nil {
		return err
	}
	if err := t.later(`INSERT INTO personal_links (id, hash, partner_id, email, sent_at, sent_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		newID("lnk", t.at), hashed(token), partnerID, email, t.at.UnixMicro(), t.who.MemberID, t.sys.Add(influence.PersonalLinkLife).UnixMicro()); err != nil {
		return err
	}
	until := influence.FormatDay(influence.DayOf(t.at.Add(influence.PersonalLinkLife), t.s.clock.zone()))
	return t.mail(mail{email: email, subject: "Enroll " + row.Name + " in the U.S. Influence Revenue Model", link: "/signup/personal?token=" + token, button: "Enroll the company",
		body: "Microsoft invites " + row.Name + " to the U.S. Influence Revenue Model. When your company influences an Enterprise or Select Agreement that a Large Account Reseller sells, you say so here, the reseller confirms it, and the revenue counts for you.\n\n" +
			"What Microsoft knows of your company is filled in. Choose a password, and the company takes part. The link works once, until " + until + ". It is for you alone: who uses it becomes the company’s owner in the portal. If you do not want to enroll, do nothing."})
}

// PersonalInvitation is what a personal link is for.
type PersonalInvitation struct {
	PersonalLink
	Row influence.RosterRow // as the roster has it now
}

// PersonalInvitation finds what a personal link is for, without using it. It is
// ErrNotFound for one that nobody was sent, or that is forgotten.
func (s *Store) PersonalInvitation(ctx context.Context, token string) (i PersonalInvitation, err error) {
	i, _, err = reader{ctx, s.read}.invitation(token, s.clock.System())
	return i, wrap(err)
}

// invitation reads a personal link, with its id.
func (r reader) invitation(token string, now time.Time) (i PersonalInvitation, id string, err error) {
	var sent int64
	var used sql.NullInt64
	err = r.row(`SELECT `+fmt.Sprintf(personalLinkColumns, "$2")+`, k.id, p.partner_no, p.name FROM `+personalLinkFrom+` WHERE k.hash = $1`, hashed(token), now.UnixMicro()).
		Scan(append(i.dest(&sent, &used), &id, &i.Row.PartnerNo, &i.Row.Name)...)
	if err != nil {
		return i, "", err
	}
	i.dated(sent, used)
	row, err := r.rosterRow(i.Row.PartnerNo)
	if errors.Is(err, sql.ErrNoRows) {
		return i, id, nil
	}
	i.Row = row
	return i, id, err
}

// EnrollByLink uses a personal link: the company takes part at once, as the roster
// has it, and who uses it is its owner. Of the sign-up, name, phone and terms
// count, with the hash of its password. It is ErrNotFound for a link that can't be
// used, and ErrConflict when its address is a member's already.
func (v Session) EnrollByLink(ctx context.Context, token string, u influence.SignUp, hash string) (memberID string, err error) {
	err = v.do(ctx, influence.Register, func(t *tx) (change, error) {
		i, id, err := t.reader().invitation(token, t.sys)
		if err == nil && i.State != influence.LinkOpen {
			err = influence.ErrNotFound
		}
		if err != nil {
			return change{}, err
		}
		known, err := t.memberAt(i.Email)
		if err == nil && known.settled() {
			err = influence.ErrConflict
		}
		if err != nil {
			return change{}, err
		}
		n, err := t.exec(`UPDATE personal_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND replaced_at IS NULL`, id, t.at.UnixMicro())
		if err == nil && n != 1 { // another click was faster
			err = influence.ErrNotFound
		}
		if err != nil {
			return change{}, err
		}
		u.Email, u.Company, u.PartnerNo, u.Level, u.State = i.Email, i.Row.Name, i.Row.PartnerNo, string(i.Row.Level), i.Row.State
		a, err := t.newApplication(u, hash)
		if err != nil {
			return change{}, err
		}
		a.MemberID = known.ID
		partner, err := t.enroll(&a)
		if err != nil {
			return change{}, err
		}
		memberID, t.who = a.MemberID, influence.Actor{MemberID: a.MemberID, OrgID: partner}
		became, err := t.recordApplicant(a)
		return change{a.Ref, nil, became}, err
	})
	if err != nil {
		return "", fmt.Errorf("enroll by link: %w", err)
	}
	return memberID, nil
}
