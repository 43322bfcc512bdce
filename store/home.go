package store

import (
	"context"
	"fmt"

	"irm/influence"
)

// Home is a partner's first page: what its influence comes to in the fiscal year
// that runs, and what is to do.
type Home struct {
	Company, No, Ref string
	Level            influence.Level
	Year             influence.Period
	Confirmed        Sums    // influenced this fiscal year
	Course           []int64 // of influenced revenue, by month up to this one
	Compared         string  // the last month that is over, 2007-03; "" when none is
	Now, Before      int64   // influenced from the year's begin to its end, and a fiscal year earlier
	Coming           map[influence.ClaimState]PipelineFigures
	Todo             []ClaimRow // drafts, questions and intents that end soon
	Whose            []ClaimRow // intents that an agreement fits: is it theirs
	Waiting          []ClaimRow // for a LAR, the earliest deadline first
	Asked            []AskedConnection
	Outcomes         []ClaimRow // confirmed and rejected of late, the newest first
	Steps            FirstSteps
}

// AskedConnection is a request that a LAR has not answered.
type AskedConnection struct {
	LAR, LARRef string
	Due         influence.Day
}

// FirstSteps are what a new partner does once. Colleagues can be put aside.
type FirstSteps struct{ Profile, Connected, Claimed, Colleagues bool }

// Done reports whether nothing is left.
func (f FirstSteps) Done() bool { return f.Profile && f.Connected && f.Claimed && f.Colleagues }

const (
	homeRows   = 6  // of a list on the home page
	endsSoon   = 30 // days before an intent's end at which it is named
	courseRows = `c.state IN ('draft', 'waiting', 'intent', 'attached', 'action_required')`
)

// Home returns the actor's company's first page; it is a partner's.
func (v Session) Home(ctx context.Context) (h Home, err error) {
	if v.actor.Role != influence.RolePartner || !v.actor.May(influence.ViewHome) {
		return h, influence.ErrForbidden
	}
	err = v.s.snapshot(ctx, func(r reader) error {
		h = Home{Year: influence.Period{FY: influence.FiscalYear(v.s.clock.Today())}}
		for _, part := range []func(reader, *Home) error{v.homeCompany, v.homeMoney, v.homeWhose, v.homeClaims, v.homeAsked} {
			if err := part(r, &h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return h, fmt.Errorf("home: %w", wrap(err))
	}
	return h, nil
}

func (v Session) homeCompany(r reader, h *Home) error {
	return r.row(`SELECT p.name, p.partner_no, p.ref, p.level, p.profile_at IS NOT NULL, EXISTS (SELECT 1 FROM connections n WHERE n.partner_id = p.id AND n.state = 'accepted'),
			p.alone_at IS NOT NULL OR EXISTS (SELECT 1 FROM members m JOIN members o ON o.org_id = m.org_id WHERE m.org_id = p.id AND m.active AND o.active AND o.id > m.id)
		FROM partners p WHERE `+v.visible(influence.ViewPartners, "p")+` AND p.id = $1`, v.actor.OrgID).
		Scan(&h.Company, &h.No, &h.Ref, &h.Level, &h.Steps.Profile, &h.Steps.Connected, &h.Steps.Colleagues)
}

// StayAlone puts the first step of inviting colleagues aside, for the whole
// company. Who is invited later counts all the same.
func (v Session) StayAlone(ctx context.Context) error {
	err := v.do(ctx, influence.EditProfile, func(t *tx) (change, error) {
		n, err := t.exec(`UPDATE partners SET alone_at = $2 WHERE id = $1 AND alone_at IS NULL`, v.actor.OrgID, t.at.UnixMicro())
		if err != nil || n == 0 { // a second click
			return change{}, err
		}
		var ref string
		err = t.row(`SELECT ref FROM partners WHERE id = $1`, v.actor.OrgID).Scan(&ref)
		return change{ref, nil, map[string]string{"colleagues": "not now"}}, err
	})
	if err != nil {
		return fmt.Errorf("put colleagues aside: %w", err)
	}
	return nil
}

// homeMoney reads the partner's own rollups: the year, its course, and the
// months that are over against a year earlier.
func (v Session) homeMoney(r reader, h *Home) error {
	x := newRollups(r)
	if err := x.latest("partner", "claims_partner"); err != nil {
		return err
	}
	months, before := h.Year.Months(), h.Year.YearBefore().Months()
	all, err := x.series(spot{kind: "partner", name: v.actor.OrgID}, append(append([]string{h.Year.Name()}, months...), before...))
	if err != nil {
		return err
	}
	h.Confirmed = all[h.Year.Name()]
	this := string(v.s.clock.Today()[:7])
	for i, m := range months {
		if m > this {
			break
		}
		h.Course = append(h.Course, all[m].Influenced)
		if m < this {
			h.Compared, h.Now, h.Before = m, h.Now+all[m].Influenced, h.Before+all[before[i]].Influenced
		}
	}
	claims, err := x.names("claims_partner", v.actor.OrgID, []string{""})
	h.Coming = map[influence.ClaimState]PipelineFigures{}
	for state, s := range claims {
		if s.Agreements > 0 && state != string(influence.ClaimDrafted) {
			h.Steps.Claimed = true
		}
		if influence.ClaimState(state).Open() {
			h.Coming[influence.ClaimState(state)] = PipelineFigures{s.Agreements, s.Undecided}
		}
	}
	return err
}

// homeClaims reads what is the partner's to do, what it waits for, and the
// latest outcomes.
func (v Session) homeClaims(r reader, h *Home) error {
	today := v.s.clock.Today()
	for _, list := range []struct {
		into             *[]ClaimRow
		condition, order string
		args             []any
	}{
		{&h.Todo, courseRows + ` AND c.state = 'action_required'`, `c.due, c.id`, nil},
		{&h.Todo, courseRows + ` AND c.state = 'intent' AND c.due BETWEEN ? AND ?`, `c.due, c.id`, []any{string(today), string(today.AddDays(endsSoon))}},
		{&h.Todo, courseRows + ` AND c.state = 'draft'`, `c.due, c.id`, nil},
		{&h.Waiting, courseRows + ` AND c.state IN ('attached', 'waiting')`, `c.due, c.id`, nil},
		{&h.Outcomes, `c.state IN ('confirmed', 'rejected')`, `c.since DESC, c.id`, nil},
	} {
		w := v.where(v.visible(influence.ViewClaims, "c"))
		w.and(list.condition, list.args...)
		rows, err := r.rows(`SELECT `+claimRowColumns+` FROM claims c JOIN partners p ON p.id = c.partner_id LEFT JOIN lars l ON l.id = c.lar_id
			WHERE `+w.String()+` ORDER BY `+list.order+` LIMIT `+w.arg(homeRows), w.args...)
		found, err := collect(rows, err, scanClaimRow)
		if err != nil {
			return err
		}
		*list.into = append(*list.into, found...)
	}
	return nil
}

func (v Session) homeAsked(r reader, h *Home) error {
	rows, err := r.rows(`SELECT l.name, l.ref, n.due FROM connections n JOIN lars l ON l.id = n.lar_id
		WHERE `+v.visible(influence.ViewConnections, "n")+` AND n.state = 'asked' ORDER BY n.due, n.id LIMIT 6`, v.actor.OrgID)
	h.Asked, err = collect(rows, err, func(row scanner) (a AskedConnection, err error) { return a, row.Scan(&a.LAR, &a.LARRef, &a.Due) })
	return err
}
