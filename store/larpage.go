package store

import (
	"context"
	"slices"
	"time"

	"irm/influence"
)

// LARPage is one LAR. What the actor may not see of it is empty.
type LARPage struct {
	LARRow
	Own      bool           // the actor works for it
	Since    time.Time      // when its status was recorded
	Statuses []StatusChange // staff's and its own, the newest first
	Contacts []Contact      // its owners, for connected partners; all, for staff and itself
	Request  *ConnectionRow // the newest connection of the actor's company with it
	Access   *CompanyAccess // staff's
}

// StatusChange is a status that a LAR had from an instant on, and the day on
// which it planned to be Ready.
type StatusChange struct {
	By        string // Microsoft's alone
	Status    influence.LARStatus
	PlannedOn influence.Day
	At        time.Time
}

// LARPage returns the page of a LAR, by its reference or slug.
func (v Session) LARPage(ctx context.Context, ref string) (p LARPage, err error) {
	if p.LARRow, err = v.LAR(ctx, ref); err != nil {
		return p, err
	}
	p.Own = p.id == v.actor.OrgID
	if p.Access, err = v.companyAccess(ctx, lars(), p.Ref); err != nil {
		return p, wrap(err)
	}
	whole := p.Own || v.actor.Role == influence.RoleStaff
	all, err := v.larStatuses(ctx, p.id)
	if err != nil {
		return p, wrap(err)
	}
	if len(all) > 0 {
		p.Since = all[0].At
	}
	if whole {
		p.Statuses = all
	}
	if v.actor.Role == influence.RolePartner {
		page, err := v.Connections(ctx, ConnectionFilter{LAR: p.Ref, Limit: 1})
		if err != nil {
			return p, err
		}
		if len(page.Rows) > 0 {
			p.Request = &page.Rows[0]
		}
	}
	if !whole && p.Connection != influence.ConnectionAccepted {
		return p, nil
	}
	if p.Contacts, err = v.contacts(ctx, p.id); err != nil {
		return p, wrap(err)
	}
	if !whole {
		p.Contacts = slices.DeleteFunc(p.Contacts, func(c Contact) bool { return c.Rank != influence.RankOwner })
		for i := range p.Contacts {
			p.Contacts[i].Phone = "" // a connected partner has the names and work e-mails
		}
	}
	return p, nil
}

func (v Session) larStatuses(ctx context.Context, id string) ([]StatusChange, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT x.status, x.planned_on, x.recorded_at, coalesce(m.name, 'Operator') FROM lar_statuses x
		LEFT JOIN entries e ON e.id = x.entry_id LEFT JOIN members m ON m.id = e.member_id WHERE x.lar_id = $1
		ORDER BY x.recorded_at DESC, x.entry_id DESC LIMIT 50`, id)
	return collect(rows, err, func(row scanner) (c StatusChange, err error) {
		var at int64
		err = row.Scan(&c.Status, &c.PlannedOn, &at, &c.By)
		c.At = micros(at)
		if v.actor.Role != influence.RoleStaff {
			c.By = ""
		}
		return c, err
	})
}
