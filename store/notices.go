package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"irm/influence"
)

// Notice is one line on what happened, and where to go for it.
type Notice struct {
	ID, Text, Link, Button string
	Kind                   influence.NoticeKind
	At                     time.Time
	Unread                 bool
	at                     int64
}

func (n Notice) cursor() string { return joinCursor(digits(n.at), n.ID) }

const noticeColumns = `o.id, o.subject, o.link, o.button, o.kind, o.not_before, o.read_at`

func scanNotice(row scanner) (n Notice, err error) {
	var read sql.NullInt64
	err = row.Scan(&n.ID, &n.Text, &n.Link, &n.Button, &n.Kind, &n.at, &read)
	n.At, n.Unread = micros(n.at), !read.Valid
	return n, err
}

// NoticeFilter says which page of the notices is wanted.
type NoticeFilter struct {
	After, Before string
	Limit         int
}

// Notices returns a page of the actor's notices, the newest first. One about a
// thing that the actor may no longer see is left out.
func (v Session) Notices(ctx context.Context, f NoticeFilter) (Page[Notice], error) {
	w := v.where(v.seesNotice("o"))
	w.and(`o.member_id = ? AND o.kind <> '' AND o.dropped_why = '' AND o.not_before <= ?`, v.actor.MemberID, v.s.clock.Program().UnixMicro())
	key, op, dir, back := keyset(f.After, f.Before, true)
	if key[0] != "" {
		w.and(`(o.not_before, o.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+noticeColumns+` FROM outbox o WHERE `+w.String()+`
		ORDER BY o.not_before `+dir+`, o.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, scanNotice)
	if err != nil {
		return Page[Notice]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", Notice.cursor), nil
}

// OpenNotice marks one of the actor's notices as read and returns where it leads.
// It is ErrNotFound for another's, and for one about what the actor may not see.
func (v Session) OpenNotice(ctx context.Context, id string) (link string, err error) {
	if !v.actor.May(influence.ReadNotices) {
		return "", influence.ErrForbidden
	}
	var unread bool
	err = v.s.read.QueryRowContext(ctx, `SELECT o.link, o.read_at IS NULL FROM outbox o WHERE `+v.seesNotice("o")+`
		AND o.id = $2 AND o.member_id = $3 AND o.kind <> '' AND o.dropped_why = '' AND o.not_before <= $4`, v.actor.OrgID, id, v.actor.MemberID, v.s.clock.Program().UnixMicro()).Scan(&link, &unread)
	if err != nil || !unread {
		return link, wrap(err)
	}
	return link, wrap(v.s.transact(ctx, func(t *tx) error {
		return t.later(`UPDATE outbox SET read_at = $3 WHERE id = $1 AND member_id = $2 AND read_at IS NULL`, id, v.actor.MemberID, t.at.UnixMicro())
	}))
}

// ReadNotices marks all of the actor's notices up to an instant as read, in
// microseconds since 1970. What one has read is no act that the ledger keeps.
func (v Session) ReadNotices(ctx context.Context, upTo int64) error {
	if !v.actor.May(influence.ReadNotices) {
		return influence.ErrForbidden
	}
	return wrap(v.s.transact(ctx, func(t *tx) error {
		return t.later(`UPDATE outbox SET read_at = $2 WHERE member_id = $1 AND kind <> '' AND dropped_why = '' AND read_at IS NULL AND not_before <= $3`,
			v.actor.MemberID, t.at.UnixMicro(), min(upTo, t.at.UnixMicro()))
	}))
}

// MailChoices returns when the actor's mails come, of each kind that it gets.
func (v Session) MailChoices(ctx context.Context) (influence.MailChoices, error) {
	all := influence.MailChoices{}
	for _, k := range influence.NoticeKinds(v.actor.Role) {
		all[k] = influence.DailyUnlessChosen(k, v.actor.Role)
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT kind, daily FROM mail_choices WHERE member_id = $1`, v.actor.MemberID)
	err = scanEach(rows, err, func(row scanner) error {
		var k influence.NoticeKind
		var daily bool
		if err := row.Scan(&k, &daily); err != nil {
			return err
		}
		if _, offered := all[k]; offered {
			all[k] = daily
		}
		return nil
	})
	return all, wrap(err)
}

// choicesRecord is what the ledger keeps of when somebody's mails come.
type choicesRecord struct {
	Daily influence.MailChoices `json:"daily"`
}

// ChooseMail sets when the actor's mails come. It holds for mails from now on; what
// waits for the daily mail goes with it.
func (v Session) ChooseMail(ctx context.Context, chosen influence.MailChoices) error {
	was, err := v.MailChoices(ctx)
	if err != nil {
		return err
	}
	err = v.do(ctx, influence.EditAccount, func(t *tx) (change, error) {
		changed := false
		for _, k := range influence.NoticeKinds(v.actor.Role) {
			changed = changed || was[k] != chosen[k]
			if err := t.later(`INSERT INTO mail_choices (member_id, kind, daily) VALUES ($1, $2, $3)
				ON CONFLICT (member_id, kind) DO UPDATE SET daily = excluded.daily`, v.actor.MemberID, string(k), chosen[k]); err != nil {
				return change{}, err
			}
		}
		if !changed {
			return change{}, nil
		}
		return change{v.actor.MemberID, choicesRecord{was}, choicesRecord{chosen}}, nil
	})
	if err != nil {
		return fmt.Errorf("choose mail: %w", err)
	}
	return nil
}
