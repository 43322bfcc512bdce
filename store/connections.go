package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"irm/influence"
)

// connection is a connection's own row.
type connection struct {
	ID, Ref, PartnerID, LAR string
	State                   influence.ConnectionState
	Note                    string
	Due                     influence.Day
	Version                 int64
}

type connectionRecord struct {
	Ref     string                    `json:"ref"`
	Partner string                    `json:"partner"`
	LAR     string                    `json:"lar"`
	State   influence.ConnectionState `json:"state"`
	Reason  string                    `json:"reason,omitempty"`
}

// askConnection asks a LAR to work with a partner, unless that was asked or
// agreed before; it reports whether they are connected.
func (t *tx) askConnection(partnerID, lar, note string) (connected bool, err error) {
	var state influence.ConnectionState
	err = t.row(`SELECT state FROM connections WHERE partner_id = $1 AND lar_id = $2 AND state IN ('asked', 'accepted')`, partnerID, lar).Scan(&state)
	if !errors.Is(err, sql.ErrNoRows) {
		return state == influence.ConnectionAccepted, err
	}
	_, err = t.newConnection(partnerID, lar, note)
	return false, err
}

func (t *tx) newConnection(partnerID, lar, note string) (ref string, err error) {
	ref, err = t.referred("CON", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO connections (id, ref, partner_id, lar_id, state, note, asked_at, asked_by, due)
			VALUES ($1, $2, $3, $4, 'asked', $5, $6, $7, $8) ON CONFLICT (ref) DO NOTHING`, newID("con", t.at), ref, partnerID, lar, note,
			t.at.UnixMicro(), t.who.MemberID, string(influence.ConnectionDue(t.today, t.s.settings)))
	})
	if err != nil {
		return "", err
	}
	var name string
	if err := t.row(`SELECT name FROM partners WHERE id = $1`, partnerID).Scan(&name); err != nil {
		return "", err
	}
	return ref, t.mailOrg(lar, mail{subject: name + " asks to work with you", body: name + " asks for a connection. Claims that it has sent wait for your answer.",
		link: "/connections", button: "Answer the request"})
}

// AskConnection asks a Ready LAR to work with the actor's company.
func (v Session) AskConnection(ctx context.Context, larRef, note, key string) (ref string, err error) {
	err = v.do(ctx, influence.AskConnection, func(t *tx) (change, error) {
		if known, ok, err := t.answered(key); err != nil || ok {
			ref = known
			return change{}, err
		}
		var lar string
		var status influence.LARStatus
		if err := t.row(`SELECT id, status FROM lars WHERE ref = $1`, larRef).Scan(&lar, &status); err != nil {
			return change{}, err
		}
		if !status.MayReceiveClaims() {
			return change{}, influence.Refusal("Only a Ready LAR can be asked for a connection.")
		}
		wrong := influence.Invalid{}
		if influence.CheckNote(wrong, "note", note); len(wrong) > 0 {
			return change{}, wrong
		}
		var state influence.ConnectionState
		err := t.row(`SELECT state FROM connections WHERE partner_id = $1 AND lar_id = $2 AND state IN ('asked', 'accepted')`, v.actor.OrgID, lar).Scan(&state)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return change{}, err
		}
		if err := state.Can(influence.AskToConnect, v.actor.Role); err != nil {
			return change{}, err
		}
		if ref, err = t.newConnection(v.actor.OrgID, lar, note); err != nil {
			return change{}, err
		}
		return change{ref, nil, connectionRecord{ref, v.actor.OrgID, lar, influence.ConnectionAsked, ""}}, t.answer(key, ref)
	})
	if err != nil {
		return "", fmt.Errorf("ask connection: %w", err)
	}
	return ref, nil
}

// AnswerConnection accepts or declines a partner's request. Accepting delivers
// the claims that wait for it; declining returns them to drafts. Microsoft may
// accept what the LAR and its owners left unanswered.
func (v Session) AnswerConnection(ctx context.Context, ref string, accept bool, reason string, version int64) error {
	to, act, asked := influence.ConnectionAccepted, influence.AcceptConnection, influence.AnswerConnection
	if !accept {
		to, act, asked = influence.ConnectionDeclined, influence.DeclineConnection, influence.RefuseConnections
	}
	err := v.do(ctx, asked, func(t *tx) (change, error) {
		var c connection
		err := t.row(`SELECT n.id, n.ref, n.partner_id, n.lar_id, n.state, n.note, n.due, n.version FROM connections n
			WHERE `+v.visible(asked, "n")+` AND n.ref = $2`, v.actor.OrgID, ref).
			Scan(&c.ID, &c.Ref, &c.PartnerID, &c.LAR, &c.State, &c.Note, &c.Due, &c.Version)
		if err != nil {
			return change{}, err
		}
		if c.Version != version {
			return change{}, influence.ErrConflict
		}
		if err := c.State.Can(act, v.actor.Role); err != nil {
			return change{}, err
		}
		if v.actor.Role == influence.RoleStaff && !influence.StaffMayAct(c.Due, t.today, t.s.settings) {
			return change{}, influence.StaffTooEarly(c.Due, t.s.settings)
		}
		wrong := influence.Invalid{}
		if influence.CheckNote(wrong, "reason", reason); len(wrong) > 0 {
			return change{}, wrong
		}
		err = t.must(`UPDATE connections SET state = $3, reason = $4, answered_at = $5, answered_by = $6, version = version + 1 WHERE id = $1 AND version = $2`,
			c.ID, version, string(to), reason, t.at.UnixMicro(), t.who.MemberID)
		if err != nil {
			return change{}, err
		}
		if err := t.answerWaiting(c, accept); err != nil {
			return change{}, err
		}
		if err := t.tellConnection(c, accept, reason); err != nil {
			return change{}, err
		}
		return change{ref, connectionRecord{ref, c.PartnerID, c.LAR, c.State, ""}, connectionRecord{ref, c.PartnerID, c.LAR, to, reason}}, nil
	})
	if err != nil {
		return fmt.Errorf("answer connection %s: %w", ref, err)
	}
	return nil
}

// answerWaiting hands on or back the claims that wait for a connection.
func (t *tx) answerWaiting(c connection, accept bool) error {
	rows, err := t.rows(`SELECT `+claimColumns+` FROM claims c WHERE c.lar_id = $1 AND c.partner_id = $2 AND c.state = 'waiting' ORDER BY c.id`, c.LAR, c.PartnerID)
	waiting, err := collect(rows, err, scanClaim)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if accept {
			err = t.deliver(w)
		} else {
			err = t.undeliver(w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) tellConnection(c connection, accept bool, reason string) error {
	var lar string
	if err := t.row(`SELECT name FROM lars WHERE id = $1`, c.LAR).Scan(&lar); err != nil {
		return err
	}
	m := mail{subject: lar + " is connected with you", body: lar + " accepted the connection. Your claims were delivered; they keep their dates.", link: "/claims", button: "Open your claims"}
	switch {
	case t.who.Role == influence.RoleStaff:
		m.body = "Microsoft connected you with " + lar + ", which had not answered. Your claims were delivered; they keep their dates."
		if err := t.tellConnected(c); err != nil {
			return err
		}
	case !accept:
		m.subject, m.body = lar+" declined the connection", lar+" declined to work with you. Your claims are drafts again."
		if reason != "" {
			m.body += "\n\n“" + reason + "”"
		}
	}
	return t.mailOrg(c.PartnerID, m)
}

// tellConnected tells a LAR that Microsoft answered in its place.
func (t *tx) tellConnected(c connection) error {
	var partner string
	if err := t.row(`SELECT name FROM partners WHERE id = $1`, c.PartnerID).Scan(&partner); err != nil {
		return err
	}
	return t.mailOrg(c.LAR, mail{subject: "Microsoft connected you with " + partner, link: "/connections", button: "Open your connections",
		body: "The request of " + partner + " was due on " + influence.FormatDay(c.Due) + " and not answered. Its claims were delivered to you."})
}

// ConnectionRow is one connection of the list.
type ConnectionRow struct {
	Ref, Partner, PartnerRef, PartnerNo, Level, State, LAR, LARRef, Note, Reason, AskedBy, AnsweredBy string
	Status                                                                                            influence.ConnectionState
	Asked, Answered                                                                                   time.Time
	Due                                                                                               influence.Day
	Waiting, Version                                                                                  int64
	id                                                                                                string
	asked                                                                                             int64
}

// ConnectionFilter narrows the list of connections.
type ConnectionFilter struct {
	Reversed      bool // the oldest first
	Ref           string
	State         influence.ConnectionState
	LAR, Partner  string // public references; a LAR's slug too
	After, Before string
	Limit         int
}

// ConnectionRequests returns the requests that wait for the actor's LAR, for
// Microsoft those that their LARs left unanswered, the one due first. Older says
// only whether there are more.
func (v Session) ConnectionRequests(ctx context.Context, limit int) (Page[ConnectionRow], error) {
	before := influence.Day("9999") // every day lies before it
	if v.actor.Role == influence.RoleStaff {
		before = influence.StaffActsBefore(v.s.clock.Today(), v.s.settings)
	}
	rows, err := v.s.read.QueryContext(ctx, connectionQuery+v.visible(influence.AnswerConnection, "n")+` AND n.state = 'asked' AND n.due < $2
		ORDER BY n.due, n.id LIMIT $3`, v.actor.OrgID, string(before), limit+1)
	all, err := collect(rows, err, v.scanSeenConnection)
	if err != nil {
		return Page[ConnectionRow]{}, wrap(err)
	}
	return paged(all, limit, false, false, ConnectionRow.cursor), nil
}

func (r ConnectionRow) cursor() string { return joinCursor(digits(r.asked), r.id) }

// EveryConnection yields all connections of the filter, for an export.
func (v Session) EveryConnection(ctx context.Context, f ConnectionFilter) iter.Seq2[ConnectionRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[ConnectionRow], error) {
		f.After = after
		return v.Connections(ctx, f)
	}, ConnectionRow.cursor)
}

// Connections returns a page of the connections that the actor sees, the newest first.
func (v Session) Connections(ctx context.Context, f ConnectionFilter) (Page[ConnectionRow], error) {
	w := v.where(v.visible(influence.ViewConnections, "n"))
	if f.State != "" {
		w.and(`n.state = ?`, string(f.State))
	}
	if f.Ref != "" {
		w.and(`n.ref = ?`, f.Ref)
	}
	if f.LAR != "" {
		w.and(`l.ref = ? OR l.slug = ?`, f.LAR, f.LAR)
	}
	if f.Partner != "" {
		w.and(`p.ref = ?`, f.Partner)
	}
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[0] != "" {
		w.and(`(n.asked_at, n.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, connectionQuery+w.String()+` ORDER BY n.asked_at `+dir+`, n.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, v.scanSeenConnection)
	if err != nil {
		return Page[ConnectionRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", ConnectionRow.cursor), nil
}

const connectionQuery = `SELECT n.id, n.ref, p.name, p.ref, p.partner_no, p.level, p.state, l.name, l.ref, n.note, n.reason,
	coalesce((SELECT m.name FROM members m WHERE m.id = n.asked_by), ''), n.state, n.asked_at, n.answered_at, n.due,
	(SELECT count(*) FROM claims c WHERE c.lar_id = n.lar_id AND c.partner_id = n.partner_id AND c.state = 'waiting'), n.version,
	coalesce((SELECT m.name FROM members m WHERE m.id = n.answered_by), '')
	FROM connections n JOIN partners p ON p.id = n.partner_id JOIN lars l ON l.id = n.lar_id WHERE `

func scanConnectionRow(row scanner) (r ConnectionRow, err error) {
	var answered sql.NullInt64
	err = row.Scan(&r.id, &r.Ref, &r.Partner, &r.PartnerRef, &r.PartnerNo, &r.Level, &r.State, &r.LAR, &r.LARRef, &r.Note, &r.Reason, &r.AskedBy, &r.Status,
		&r.asked, &answered, &r.Due, &r.Waiting, &r.Version, &r.AnsweredBy)
	r.Asked, r.Answered = micros(r.asked), when(answered)
	return r, err
}

// scanSeenConnection leaves out what a LAR does not see of a partner before it is
// connected: who asked.
func (v Session) scanSeenConnection(row scanner) (ConnectionRow, error) {
	r, err := scanConnectionRow(row)
	if v.actor.Role == influence.RoleLAR && r.Status != influence.ConnectionAccepted {
		r.AskedBy, r.PartnerNo = "", ""
	}
	if v.actor.Role == influence.RolePartner {
		r.AnsweredBy = "" // the LAR answers, whoever of it did
	}
	return r, err
}
