package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

const pageSize = 50

// inbox shows what waits for a LAR, and one agreement opened beside the list.
func (s *server) inbox(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	m, err := r.inboxModel(q)
	if err != nil {
		return err
	}
	at := q.Get("at")
	if at == "" && len(m.Rows) > 0 && r.Request().Header.Get("HX-Request") == "" && q.Get("list") == "" {
		at = m.Rows[0].Ref
		m.Rows[0].Current = true
	}
	if at != "" {
		desk, err := r.desk(at, influence.DecisionDraft{}, nil)
		if err != nil {
			return err
		}
		desk.Back = "/inbox?list=1" + inboxPlace(q)
		m.Open = &desk
	}
	return r.html(http.StatusOK, views.Inbox(r.page("Inbox"), m))
}

func inboxTab(q *Fields) string {
	if q.Get("tab") == "unclaimed" {
		return "unclaimed"
	}
	return "decide"
}

// inboxPlace is the tab and page of the inbox, for the end of an address.
func inboxPlace(q *Fields) string {
	v := url.Values{}
	for _, name := range []string{"tab", "after", "before"} {
		if x := q.Get(name); x != "" {
			v.Set(name, x)
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "&" + v.Encode()
}

func (r *request) inboxModel(q *Fields) (m views.InboxModel, err error) {
	ctx := r.Request().Context()
	tab := inboxTab(q)
	m.Unclaimed = tab == "unclaimed"
	counts, err := r.store.InboxCounts(ctx)
	if err != nil {
		return m, err
	}
	for _, t := range []struct{ name, label string }{{"decide", "To decide"}, {"unclaimed", "No claim yet"}} {
		m.Tabs = append(m.Tabs, ui.Tab{Label: t.label, Href: "/inbox?tab=" + t.name, Count: counts[t.name].Agreements, Current: t.name == tab})
	}
	m.Count, m.Total = counts[tab].Agreements, influence.FormatMoney(counts[tab].Undecided)
	page, err := r.store.Inbox(ctx, tab, q.Get("after"), q.Get("before"), pageSize)
	if err != nil {
		return m, err
	}
	m.Rows, m.Place = make([]views.InboxRow, 0, len(page.Rows)), inboxPlace(q)
	var due influence.Day
	var dueSaid string // many are due on the same day
	for at, i := q.Get("at"), 0; i < len(page.Rows); i++ {
		row := &page.Rows[i]
		if row.Due != due {
			due, dueSaid = row.Due, influence.FormatDayLong(row.Due)
		}
		m.Rows = append(m.Rows, inboxRow(row, dueSaid, row.Ref == at))
	}
	m.Empty = len(m.Rows) == 0
	if page.Older != "" {
		m.Older = "/inbox?" + url.Values{"tab": {tab}, "after": {page.Older}}.Encode()
	}
	if page.Newer != "" {
		m.Newer = "/inbox?" + url.Values{"tab": {tab}, "before": {page.Newer}}.Encode()
	}
	m.Status = r.whyNotReady()
	return m, nil
}

// whyNotReady says why the actor's LAR can't decide yet, "" if it can.
func (r *request) whyNotReady() string {
	if r.actor.LAR.MayDecide() {
		return ""
	}
	return "Your company is not Ready yet. You can upload reports and look; deciding starts when Microsoft marks it Ready."
}

func inboxRow(row *store.InboxRow, due string, current bool) views.InboxRow {
	v := views.InboxRow{Ref: row.Ref, Customer: row.Customer, Amount: influence.FormatMoneyShort(row.Cents), Due: due, Current: current}
	switch {
	case row.Items > 0:
		v.Why, v.Tone = "Your report asks", "warnt"
	case row.Claims > 1:
		v.Why, v.Tone = fmt.Sprintf("Conflict, %d claims", row.Claims), "warnt"
	case row.Claims == 1:
		v.Why = "One claim"
	case row.Score > 0:
		v.Why = fmt.Sprintf("Candidate, %d.%02d", row.Score/100, row.Score%100)
	default:
		v.Why = row.Number
	}
	return v
}

// desk gathers what the desk shows of an agreement, with a draft as typed.
func (r *request) desk(ref string, draft influence.DecisionDraft, wrong influence.Invalid) (views.DeskModel, error) {
	p, err := r.store.Agreement(r.Request().Context(), ref)
	if err != nil {
		return views.DeskModel{}, err
	}
	if p.Full == nil {
		return views.DeskModel{}, influence.ErrNotFound
	}
	a := *p.Full
	d := views.DeskModel{Ref: a.Ref, Number: a.Number, Program: programTitle(a.Program), Customer: a.Customer, Place: influence.StateName(a.State),
		Seats: number(a.Seats), Signed: influence.FormatDay(a.SignedOn), Amount: influence.FormatMoney(a.Sums.Revenue()), Cents: a.Sums.Revenue(),
		Version: a.Version, Due: influence.FormatDayLong(a.Due), Waits: a.Waits, Wrong: wrong, Kinds: kindOptions(), Reasons: rejectOptions(),
		Note: draft.Note, NoneCode: draft.Code, Ready: r.actor.LAR.MayDecide(), Problems: problems(wrong),
		SplitOpen: len(wrong) > 0 && !draft.None, NoneOpen: len(wrong) > 0 && draft.None}
	r.deskSides(&d, a)
	deskRows(&d, a, draft)
	r.deskHistory(&d, a)
	return d, nil
}

// deskSides shows the claims and candidates, and picks the first button.
func (r *request) deskSides(d *views.DeskModel, a store.FullView) {
	for _, c := range a.Claims {
		if c.State != influence.ClaimAttached && c.State != influence.ClaimActionRequired {
			continue
		}
		d.HasClaims = true
		side := deskSide(c)
		side.Why = append(side.Why, claimWhy(c, a)...)
		d.Sides = append(d.Sides, side)
		d.Rejects = append(d.Rejects, views.DeskReject{Ref: c.Ref, Partner: c.Partner, Code: string(influence.OtherPartnerConfirmed)})
	}
	for _, c := range a.Candidates {
		side := deskSide(c.Claim)
		side.Candidate = true
		for _, reason := range c.Reasons {
			side.Why = append(side.Why, views.DeskWhy{Good: true, Text: reason})
		}
		d.Sides = append(d.Sides, side)
	}
	for _, i := range a.Items {
		if !i.Settled {
			d.Items = append(d.Items, views.DeskItem{Text: i.Sentence, Due: influence.FormatDayLong(i.Due)})
		}
	}
	d.Heading = sidesHeading(d.Sides)
	if len(d.Sides) == 1 && len(d.Items) == 0 {
		d.Sides[0].Best = true
		d.Best, d.BestName, d.BestKind = d.Sides[0].No, d.Sides[0].Partner, string(kindOf(a, d.Sides[0].No))
	}
}

func sidesHeading(sides []views.DeskSide) string {
	claims, candidates := 0, 0
	for _, s := range sides {
		if s.Candidate {
			candidates++
		} else {
			claims++
		}
	}
	switch {
	case claims > 1:
		return fmt.Sprintf("%d partners claim this agreement", claims)
	case claims == 1 && candidates > 0:
		return "One partner claims it, and there are candidates"
	case claims == 1:
		return "One partner claims this agreement"
	case candidates > 0:
		return "Claims that may belong to this agreement"
	}
	return ""
}

func kindOf(a store.FullView, no string) influence.InfluenceKind {
	for _, c := range a.Claims {
		if c.PartnerNo == no && c.Kind != "" {
			return c.Kind
		}
	}
	for _, c := range a.Candidates {
		if c.Claim.PartnerNo == no && c.Claim.Kind != "" {
			return c.Claim.Kind
		}
	}
	return influence.Other
}

func deskSide(c store.ClaimRow) views.DeskSide {
	return views.DeskSide{Ref: c.Ref, Href: "/claims/" + c.Ref, Partner: c.Partner, No: c.PartnerNo, Level: levelTitle(c.PartnerLevel),
		Place: influence.StateName(c.PartnerState), Kind: kindTitle(c.Kind), Estimate: influence.FormatMoney(c.Cents), Evidence: c.Evidence, Note: c.Note}
}

// claimWhy compares a claim with its agreement.
func claimWhy(c store.ClaimRow, a store.FullView) []views.DeskWhy {
	var why []views.DeskWhy
	say := func(good bool, text string) { why = append(why, views.DeskWhy{Good: good, Text: text}) }
	named := false
	for _, o := range a.Orders {
		named = named || o.NamedNo == c.PartnerNo
	}
	if named {
		say(true, "Your report names partner ID "+c.PartnerNo)
	}
	if c.Number != "" {
		say(true, "Names agreement "+c.Number)
	}
	if c.DatedOn != "" {
		days := influence.DaysBetween(c.DatedOn, a.SignedOn)
		switch {
		case days >= 0:
			say(true, fmt.Sprintf("Claimed %s, %d days before signing", influence.FormatDay(c.DatedOn), days))
		default:
			say(true, fmt.Sprintf("Claimed %s, %d days after signing", influence.FormatDay(c.DatedOn), -days))
		}
	}
	if c.Customer != "" {
		score := influence.NameScore(c.Customer, a.Customer)
		say(score >= 0.6, fmt.Sprintf("Name %.2f: “%s”", score, c.Customer))
	}
	if c.Cents > 0 {
		say(true, "Estimate "+influence.FormatMoney(c.Cents))
	}
	if c.Evidence == "" {
		say(false, "No evidence given")
	}
	return why
}

// deskRows are the lines of the share form: as typed, or one for each side and
// each holder, and an empty one.
func deskRows(d *views.DeskModel, a store.FullView, draft influence.DecisionDraft) {
	amount := func(points int64) string {
		if points == 0 {
			return ""
		}
		return influence.FormatMoney(influence.Split(d.Cents, []influence.Share{{Points: points}})[0])
	}
	seen := map[string]bool{}
	add := func(no, name string, kind influence.InfluenceKind, points int64, primary bool) {
		if seen[no] {
			return
		}
		seen[no] = true
		share := ""
		if points > 0 {
			share = percentTyped(points)
		}
		d.Rows = append(d.Rows, views.DeskShare{No: no, Name: name, Kind: string(kind), Share: share, Amount: amount(points), Primary: primary})
	}
	names := map[string]string{}
	for _, s := range d.Sides {
		names[s.No] = s.Partner
	}
	for _, i := range a.Items {
		for _, p := range i.Partners {
			if !i.Settled {
				names[p.No] = p.Name
			}
		}
	}
	for _, s := range draft.Shares {
		if n := names[s.PartnerNo]; n != "" {
			add(s.PartnerNo, n, s.Kind, s.Points, s.Primary)
		}
	}
	for i, s := range d.Sides {
		points := int64(0)
		if len(draft.Shares) == 0 && i == 0 {
			points = 10_000
		}
		add(s.No, s.Partner, kindOf(a, s.No), points, len(draft.Shares) == 0 && i == 0)
	}
	for _, i := range a.Items {
		for _, p := range i.Partners {
			if !i.Settled {
				add(p.No, p.Name, influence.Other, 0, false)
			}
		}
	}
	typed := views.DeskShare{Typed: true, Kind: string(influence.Other)}
	for _, s := range draft.Shares {
		if names[s.PartnerNo] == "" {
			typed.No, typed.Kind, typed.Share, typed.Primary = s.PartnerNo, string(s.Kind), percentTyped(s.Points), s.Primary
		}
	}
	d.Rows = append(d.Rows, typed)
}

// deskHistory shows what is in force and what can be undone.
func (r *request) deskHistory(d *views.DeskModel, a store.FullView) {
	for _, x := range a.Decisions {
		if x.Void {
			continue
		}
		if x.InForce {
			d.Current = sharesText(x)
		}
		if !x.UndoUntil.IsZero() {
			d.UndoRef, d.UndoUntil = x.Ref, clockTime(x.UndoUntil, r.s.store.Clock().Zone)
		}
	}
}

// sharesText says a decision's shares in a line.
func sharesText(d store.DecisionView) string {
	if len(d.Shares) == 0 {
		return "No partner influenced it"
	}
	var parts []string
	for _, s := range d.Shares {
		parts = append(parts, s.Name+" "+influence.FormatPercent(s.Points))
	}
	return strings.Join(parts, ", ")
}
