package store

import (
	"context"
	"database/sql"
	"errors"

	"irm/influence"
)

// waitingMail holds for mails that were neither sent nor dropped and go at once,
// in the words of their index.
const waitingMail = `sent_at IS NULL AND dropped_at IS NULL AND NOT daily`

// DueMail returns mails to send now, if me holds or gets the lease. Rights are
// checked again: mail of members who were put out since, or whose company was, and notices
// about what their member may no longer see, are dropped.
func (s *Store) DueMail(ctx context.Context, me string, n int) (due []Mail, err error) {
	var any bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM outbox WHERE not_before <= $1 AND `+waitingMail+`)`,
		s.clock.Program().UnixMicro()).Scan(&any); err != nil || !any {
		return nil, err
	}
	err = s.transact(ctx, func(t *tx) error {
		due = nil // of a try that was rolled back
		mine, err := t.lease("outbox", me)
		if err != nil || !mine {
			return err
		}
		if _, err := t.exec(`UPDATE outbox SET dropped_at = $1, dropped_why = 'left' WHERE not_before <= $1 AND `+waitingMail+` AND member_id <> ''
			AND NOT EXISTS (SELECT 1 FROM members m `+orgJoin+` WHERE m.id = outbox.member_id AND m.active AND m.suspended_at IS NULL
				AND p.suspended_at IS NULL AND l.suspended_at IS NULL)`, t.at.UnixMicro()); err != nil {
			return err
		}
		due, err = t.dueMail(n)
		return err
	})
	return due, err
}

// queued is a mail of the outbox with whom and what it is about.
type queued struct {
	Mail
	memberID, kind, thing string
}

// dueMail reads up to n mails that are due, without those that it drops.
func (t *tx) dueMail(n int) (due []Mail, err error) {
	rows, err := t.rows(`SELECT `+mailColumns+`, member_id, kind, thing FROM outbox WHERE not_before <= $1 AND `+waitingMail+` ORDER BY not_before, id LIMIT $2`,
		t.at.UnixMicro(), n)
	all, err := collect(rows, err, scanQueued)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		seen, err := t.seen(q)
		if err != nil {
			return nil, err
		}
		if seen {
			due = append(due, q.Mail)
		}
	}
	return due, nil
}

func scanQueued(row scanner) (q queued, err error) {
	var at int64
	var sent sql.NullInt64
	err = row.Scan(&q.ID, &q.Email, &q.Subject, &q.Body, &q.Link, &q.Button, &at, &sent, &q.memberID, &q.kind, &q.thing)
	q.At, q.Sent = micros(at), when(sent)
	return q, err
}

// seen reports whether the member of a mail may still see what it is about, and
// drops the mail if not.
func (t *tx) seen(q queued) (bool, error) {
	if q.kind == "" || q.memberID == "" {
		return true, nil
	}
	v, err := t.as(q.memberID)
	ok := false
	if err == nil {
		err = t.row(`SELECT EXISTS (SELECT 1 FROM outbox o WHERE o.id = $2 AND `+v.seesNotice("o")+`)`, v.actor.OrgID, q.ID).Scan(&ok)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil || ok {
		return ok, err
	}
	return false, t.must(`UPDATE outbox SET dropped_at = $2, dropped_why = 'unseen' WHERE id = $1 AND sent_at IS NULL`, q.ID, t.at.UnixMicro())
}

// as is the store seen through a member who may enter; sql.ErrNoRows for another.
func (t *tx) as(memberID string) (Session, error) {
	v := Session{s: t.s, actor: influence.Actor{MemberID: memberID}}
	err := t.row(`SELECT m.org_id, m.role, m.rank, m.name FROM members m `+orgJoin+` WHERE m.id = $1 AND `+mayEnter, memberID).
		Scan(&v.actor.OrgID, &v.actor.Role, &v.actor.Rank, &v.actor.Name)
	return v, err
}

// seesNotice holds for rows of alias, which is short for outbox, about a thing that
// the actor sees, or about none.
func (v Session) seesNotice(alias string) string {
	thing := alias + `.thing`
	return `(` + thing + ` = ''
		OR EXISTS (SELECT 1 FROM claims c WHERE c.ref = ` + thing + ` AND ` + v.visible(influence.ViewClaims, "c") + ` AND (c.state <> 'draft' OR c.partner_id = $1))
		OR EXISTS (SELECT 1 FROM agreements a WHERE a.ref = ` + thing + ` AND ` + v.visible(influence.ViewAgreements, "a") + `)
		OR EXISTS (SELECT 1 FROM disputes dp WHERE dp.ref = ` + thing + ` AND ` + v.visible(influence.ViewDisputes, "dp") + `))`
}
