package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"irm/influence"
)

// PartnerPage is one partner. What the actor may not see of it is empty.
type PartnerPage struct {
	PartnerItem
	Website, Phone string
	Address        string // as website and phone: of connected LARs, staff and itself
	Competencies   []string
	Access         *CompanyAccess       // staff's
	Contacts       []Contact            // of connected LARs, staff and itself
	Connection     *ConnectionRow       // with the actor's LAR
	Roster         *influence.RosterRow // staff's
	Levels         []LevelChange        // staff's and its own, the newest first
	LARs           []ConnectionRow      // staff's and its own
	Links          []PersonalLink       // staff's, the newest first
	Money          []PartnerMoney       // by fiscal year, the newest first; none: none of this actor's business
	Own            bool                 // the actor works for it
}

// Contact is a person of an organization.
type Contact struct {
	Name, Email, Phone string
	Rank               influence.Rank
}

// LevelChange is a level and state that a partner had from an instant on.
type LevelChange struct {
	Level influence.Level
	State string
	At    time.Time
}

// PartnerMoney is what a partner influenced in a fiscal year, in cents: all of
// it, or for a LAR what it made with that LAR.
type PartnerMoney struct {
	Year                string // FY2007
	Influenced, Sourced int64
	Orders              int64
}

// Partner returns the page of a partner that the actor sees, by its reference.
func (v Session) Partner(ctx context.Context, ref string) (p PartnerPage, err error) {
	var said influence.Profile
	var competencies string
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+partnerItemColumns+`, `+v.knows()+`, `+profileColumns+` FROM partners p
		WHERE `+v.visible(influence.ViewPartners, "p")+` AND p.ref = $2`, v.actor.OrgID, ref)
	found, err := collect(rows, err, func(row scanner) (PartnerItem, error) {
		return v.scanSeenPartner(withMore{row, profileDest(&said, &competencies)})
	})
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return p, wrap(err)
	}
	p.PartnerItem, p.Own = found[0], found[0].id == v.actor.OrgID
	p.Competencies = competent(competencies)
	if p.Access, err = v.companyAccess(ctx, partners(), p.Ref); err != nil {
		return p, wrap(err)
	}
	return p, wrap(v.fillPartner(ctx, &p, said))
}

// fillPartner adds what the actor's side may see of a partner.
func (v Session) fillPartner(ctx context.Context, p *PartnerPage, said influence.Profile) (err error) {
	whole := p.Own || v.actor.Role == influence.RoleStaff
	if v.actor.Role == influence.RoleLAR {
		if p.Connection, err = v.connectionWith(ctx, p.Ref); err != nil {
			return err
		}
	}
	if !p.Own && v.actor.Role == influence.RolePartner {
		return nil
	}
	if p.Money, err = v.partnerYears(ctx, p.id); err != nil {
		return err
	}
	if whole || p.Connection != nil && p.Connection.Status == influence.ConnectionAccepted {
		p.Website, p.Phone, p.Address = said.Website, said.Phone, said.Address()
		if p.Contacts, err = v.contacts(ctx, p.id); err != nil {
			return err
		}
	}
	if !whole {
		return nil
	}
	if p.Levels, err = v.levels(ctx, p.id); err != nil {
		return err
	}
	all, err := v.Connections(ctx, ConnectionFilter{Partner: p.Ref, Limit: 100})
	if err != nil {
		return err
	}
	p.LARs = all.Rows
	if v.actor.Role != influence.RoleStaff {
		return nil
	}
	if p.Links, err = v.personalLinks(ctx, p.Ref); err != nil {
		return err
	}
	r, err := v.reader(ctx).rosterRow(p.No)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	p.Roster = &r
	return err
}

// connectionWith is the newest connection of the actor's LAR with a partner.
func (v Session) connectionWith(ctx context.Context, partnerRef string) (*ConnectionRow, error) {
	page, err := v.Connections(ctx, ConnectionFilter{Partner: partnerRef, Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	return &page.Rows[0], nil
}

// contacts are the active members of an organization that was read under
// visible before, owners first.
func (v Session) contacts(ctx context.Context, org string) ([]Contact, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT m.name, `+shownEmail+`, m.phone, m.rank FROM members m WHERE m.org_id = $1 AND m.active AND m.suspended_at IS NULL
		ORDER BY CASE m.rank WHEN 'owner' THEN 0 ELSE 1 END, m.name, m.id LIMIT 50`, org)
	return collect(rows, err, func(row scanner) (c Contact, err error) { return c, row.Scan(&c.Name, &c.Email, &c.Phone, &c.Rank) })
}

func (v Session) levels(ctx context.Context, partnerID string) ([]LevelChange, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT level, state, recorded_at FROM partner_levels WHERE partner_id = $1
		ORDER BY recorded_at DESC, entry_id DESC LIMIT 20`, partnerID)
	return collect(rows, err, func(row scanner) (c LevelChange, err error) {
		var at int64
		err = row.Scan(&c.Level, &c.State, &at)
		c.At = micros(at)
		return c, err
	})
}

// partnerMoney is what partners influenced in a year: with the actor's LAR, or
// with all of them. It reads the rollup and what is not added up yet.
func (v Session) partnerMoney(ctx context.Context, year string, partners []string) (map[string]sums, error) {
	all := map[string]sums{}
	if len(partners) == 0 {
		return all, nil
	}
	kind, scope := v.moneyOf()
	for _, from := range []string{"totals", "fresh"} {
		w := &where{parts: []string{"k.kind = $1", "k.period = $2", "k.scope = $3"}, args: []any{kind, year, scope}}
		names := "k.name IN ("
		for i, id := range partners {
			if i > 0 {
				names += ", "
			}
			names += w.arg(id)
		}
		w.parts = append(w.parts, names+")")
		rows, err := v.s.read.QueryContext(ctx, `SELECT k.name, `+sumNames("k.")+` FROM `+from+` k WHERE `+w.String(), w.args...)
		if err != nil {
			return nil, err
		}
		err = addSums(rows, all)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// partnerYears is what a partner influenced in the running fiscal year and in
// every other one with an order of its, the newest first.
func (v Session) partnerYears(ctx context.Context, partnerID string) (years []PartnerMoney, err error) {
	today := v.s.clock.Today()
	var periods []string
	for fy := influence.FiscalYear(today) + influence.YearsAhead + 1; fy >= influence.FiscalYear(influence.FirstDay); fy-- {
		periods = append(periods, fmt.Sprintf("FY%d", fy))
	}
	kind, scope := v.moneyOf()
	all := map[string]sums{}
	err = v.s.snapshot(ctx, func(r reader) error {
		for _, from := range []string{"totals", "fresh"} {
			w := &where{parts: []string{"k.kind = $1", "k.scope = $2", "k.name = $3"}, args: []any{kind, scope, partnerID}}
			names := make([]string, len(periods))
			for i, p := range periods {
				names[i] = w.arg(p)
			}
			rows, err := r.rows(`SELECT k.period, `+sumNames("k.")+` FROM `+from+` k WHERE `+w.String()+
				` AND k.period IN (`+strings.Join(names, ", ")+`)`, w.args...)
			if err != nil {
				return err
			}
			if err := addSums(rows, all); err != nil {
				return err
			}
		}
		return nil
	})
	for _, p := range periods {
		if s := all[p]; s.Orders > 0 || p == yearOf(today) {
			years = append(years, PartnerMoney{p, s.Influenced, s.Sourced, s.Orders})
		}
	}
	return years, err
}

// addSums adds the rows, each a name and its sums, and closes them.
func addSums(rows *sql.Rows, all map[string]sums) error {
	defer rows.Close()
	for rows.Next() {
		var name string
		var s sums
		if err := rows.Scan(append([]any{&name}, s.dest()...)...); err != nil {
			return err
		}
		all[name] = all[name].minus(sums{}.minus(s))
	}
	return rows.Err()
}
