package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"irm/influence"
)

// Home is a partner's first page: what its influence comes to in the fiscal year
// that runs, and what is to do.
type Home struct {
	Company, No, Ref string
	Level            influence.Level
	Year             influence.Period
	Confirmed        Sums          // influenced this fiscal year
	Course           []int64       // of influenced revenue, by month up to this one
	Before           int64         // influenced in the same days a fiscal year earlier
	Until            influence.Day // the last of those days
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
	endedRows  = `c.state IN ('confirmed', 'rejected', 'withdrawn', 'expired', 'superseded')`
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
	for _, m := range months {
		if m <= string(v.s.clock.Today()[:7]) {
			h.Course = append(h.Course, all[m].Influenced)
		}
	}
	if h.Before, err = v.sameDays(r, h, all); err != nil {
		return err
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

// sameDays is what the partner influenced in the same days a fiscal year earlier:
// whole months as they are added up, and the part of a month by its days, which no
// rollup has for partners.
func (v Session) sameDays(r reader, h *Home, months map[string]sums) (cents int64, err error) {
	whole, days, until := h.Year.SameDays(v.s.clock.Today())
	for _, m := range whole {
		cents += months[m].Influenced
	}
	if h.Until = until; len(days) == 0 {
		return cents, nil
	}
	var part int64
	err = r.row(`SELECT CAST(coalesce(sum(k.influenced), 0) AS BIGINT) FROM standing k WHERE k.partner_id = $1 AND k.partner_id <> '' AND k.on_day BETWEEN $2 AND $3`,
		v.actor.OrgID, string(days[0]), string(until)).Scan(&part)
	return cents + part, err
}

// homeClaims reads what is the partner's to do, what it waits for, and the latest
// outcomes: a few rows of each state, by an index that has them in order.
func (v Session) homeClaims(r reader, h *Home) error {
	today := v.s.clock.Today()
	soon := ` AND c.due BETWEEN ? AND ?`
	for _, list := range []struct {
		into        *[]ClaimRow
		state       influence.ClaimState
		more, order string
		args        []any
	}{
		{&h.Todo, influence.ClaimActionRequired, "", `c.due, c.id`, nil},
		{&h.Todo, influence.ClaimIntent, soon, `c.due, c.id`, []any{string(today), string(today.AddDays(endsSoon))}},
		{&h.Todo, influence.ClaimDrafted, "", `c.due, c.id`, nil},
		{&h.Waiting, influence.ClaimAttached, "", `c.due, c.id`, nil},
		{&h.Waiting, influence.ClaimWaiting, "", `c.due, c.id`, nil},
		{&h.Outcomes, influence.ClaimConfirmed, "", `c.since DESC, c.id DESC`, nil},
		{&h.Outcomes, influence.ClaimRejected, "", `c.since DESC, c.id DESC`, nil},
	} {
		w := v.where(v.visible(influence.ViewClaims, "c"))
		condition := `c.state = '` + string(list.state) + `'` + list.more
		if list.state.Open() || list.state == influence.ClaimDrafted {
			condition += ` AND ` + courseRows // after the state: of two conditions on a column the first is looked up
		} else {
			condition += ` AND ` + endedRows
		}
		w.and(condition, list.args...)
		rows, err := r.rows(`SELECT c.id, c.ref, c.customer, c.number, coalesce(l.name, ''), c.state, c.due, c.cents, c.since
			FROM claims c LEFT JOIN lars l ON l.id = c.lar_id WHERE `+w.String()+` ORDER BY `+list.order+` LIMIT `+w.arg(homeRows), w.args...)
		found, err := collect(rows, err, scanHomeRow)
		if err != nil {
			return err
		}
		*list.into = append(*list.into, found...)
	}
	slices.SortStableFunc(h.Waiting, func(a, b ClaimRow) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.id, b.id)) })
	slices.SortStableFunc(h.Outcomes, func(a, b ClaimRow) int { return cmp.Or(cmp.Compare(b.since, a.since), cmp.Compare(b.id, a.id)) })
	h.Waiting, h.Outcomes = h.Waiting[:min(len(h.Waiting), homeRows)], h.Outcomes[:min(len(h.Outcomes), homeRows)]
	return nil
}

// scanHomeRow reads what the first page says of a claim; the rest of the row is
// left empty.
func scanHomeRow(row scanner) (r ClaimRow, err error) {
	err = row.Scan(&r.id, &r.Ref, &r.Customer, &r.Number, &r.LAR, &r.State, &r.Due, &r.Cents, &r.since)
	r.Since = micros(r.since)
	return r, err
}

func (v Session) homeAsked(r reader, h *Home) error {
	rows, err := r.rows(`SELECT l.name, l.ref, n.due FROM connections n JOIN lars l ON l.id = n.lar_id
		WHERE `+v.visible(influence.ViewConnections, "n")+` AND n.state = 'asked' ORDER BY n.due, n.id LIMIT 6`, v.actor.OrgID)
	h.Asked, err = collect(rows, err, func(row scanner) (a AskedConnection, err error) { return a, row.Scan(&a.LAR, &a.LARRef, &a.Due) })
	return err
}
