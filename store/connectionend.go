package store

import (
	"context"
	"fmt"

	"irm/influence"
)

// ConnectionToEnd returns a connection that the actor may end, by its reference.
func (v Session) ConnectionToEnd(ctx context.Context, ref string) (ConnectionRow, error) {
	if !v.actor.May(influence.EndConnections) {
		return ConnectionRow{}, influence.ErrForbidden
	}
	page, err := v.Connections(ctx, ConnectionFilter{Ref: ref, Limit: 1})
	if err != nil {
		return ConnectionRow{}, err
	}
	if len(page.Rows) == 0 {
		return ConnectionRow{}, influence.ErrNotFound
	}
	return page.Rows[0], nil
}

// EndConnection ends a connection, for either side. It stops new claims; claims
// that were delivered are finished. Both sides get a mail.
func (v Session) EndConnection(ctx context.Context, ref, reason string, version int64) error {
	err := v.do(ctx, influence.EndConnections, func(t *tx) (change, error) {
		var c connection
		err := t.row(`SELECT n.id, n.ref, n.partner_id, n.lar_id, n.state, n.note, n.version FROM connections n
			WHERE `+v.visible(influence.EndConnections, "n")+` AND n.ref = $2`, v.actor.OrgID, ref).
			Scan(&c.ID, &c.Ref, &c.PartnerID, &c.LAR, &c.State, &c.Note, &c.Version)
		if err != nil {
			return change{}, err
		}
		if c.Version != version {
			return change{}, influence.ErrConflict
		}
		if err := c.State.Can(influence.EndConnection, v.actor.Role); err != nil {
			return change{}, err
		}
		wrong := influence.Invalid{}
		if influence.CheckNote(wrong, "reason", reason); len(wrong) > 0 {
			return change{}, wrong
		}
		err = t.must(`UPDATE connections SET state = 'ended', reason = $3, answered_at = $4, answered_by = $5, version = version + 1 WHERE id = $1 AND version = $2`,
			c.ID, version, reason, t.at.UnixMicro(), t.who.MemberID)
		if err != nil {
			return change{}, err
		}
		return change{ref, connectionRecord{ref, c.PartnerID, c.LAR, c.State, ""}, connectionRecord{ref, c.PartnerID, c.LAR, influence.ConnectionEnded, reason}},
			t.tellEnd(c, reason)
	})
	if err != nil {
		return fmt.Errorf("end connection %s: %w", ref, err)
	}
	return nil
}

// tellEnd tells both sides that their connection has ended, and which side did it.
func (t *tx) tellEnd(c connection, reason string) error {
	var lar, partner string
	if err := t.row(`SELECT l.name, p.name FROM lars l, partners p WHERE l.id = $1 AND p.id = $2`, c.LAR, c.PartnerID).Scan(&lar, &partner); err != nil {
		return err
	}
	by := partner
	if t.who.Role == influence.RoleLAR {
		by = lar
	}
	for org, other := range map[string]string{c.PartnerID: lar, c.LAR: partner} {
		m := mail{subject: "Your connection with " + other + " has ended", link: "/connections", button: "Open your connections",
			body: by + " ended the connection between " + partner + " and " + lar + ". New claims need a new connection. Open claims go on as they stand."}
		if reason != "" {
			m.body += "\n\n“" + reason + "”"
		}
		if err := t.mailOrg(org, m); err != nil {
			return err
		}
	}
	return nil
}
