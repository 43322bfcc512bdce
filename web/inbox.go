package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
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
		desk, err := r.desk(at, typedDecision{})
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
	counts, err := r.inboxCounts()
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
			due, dueSaid = row.Due, dueWords(row)
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
	if m.Disputes, err = r.disputesDue(); err != nil {
		return m, err
	}
	return m, nil
}

// whyNotReady says why the actor's LAR can't decide yet, "" if it can.
func (r *request) whyNotReady() string {
	if r.actor.LAR.MayDecide() {
		return ""
	}
	return "Your company is not Ready yet. You can upload reports and look; deciding starts when Microsoft marks it Ready."
}

// dueWords say until when it is the LAR's turn, or that it is not.
func dueWords(row *store.InboxRow) string {
	if row.Due == influence.NoClock {
		return "Partner’s turn"
	}
	return influence.FormatDayLong(row.Due)
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
func (r *request) desk(ref string, typed typedDecision) (views.DeskModel, error) {
	p, err := r.store.Agreement(r.Request().Context(), ref)
	if err != nil {
		return views.DeskModel{}, err
	}
	if p.Full == nil {
		return views.DeskModel{}, influence.ErrNotFound
	}
	if err := r.openedOf(p.Full.Claims); err != nil {
		return views.DeskModel{}, err
	}
	a, draft, wrong := *p.Full, typed.draft, typed.wrong
	d := views.DeskModel{Ref: a.Ref, Number: a.Number, Program: programTitle(a.Program), Customer: a.Customer, Place: influence.StateName(a.State),
		Seats: number(a.Seats), Signed: influence.FormatDay(a.SignedOn), Amount: influence.FormatMoney(a.Sums.Revenue()), Cents: a.Sums.Revenue(),
		Version: a.Version, Due: influence.FormatDayLong(a.Due), Waits: a.Waits && !a.Stands, Stands: a.Stands, Wrong: wrong, Kinds: kindOptions(), Reasons: rejectOptions(),
		Note: draft.Note, NoneCode: draft.Code, Ready: r.mayDecide(a), Problems: problems(wrong),
		SplitOpen: len(wrong) > 0 && !draft.None, NoneOpen: len(wrong) > 0 && draft.None}
	r.deskSides(&d, a)
	for i, x := range d.Rejects {
		if code := draft.Rejects[x.Ref]; code != "" {
			d.Rejects[i].Code = code
		}
	}
	deskRows(&d, a, typed.fields)
	r.deskHistory(&d, a)
	return d, nil
}

// mayDecide reports whether the actor can decide an agreement now: a Ready LAR
// always, Microsoft what a LAR and its owners left undecided.
func (r *request) mayDecide(a store.FullView) bool {
	if r.actor.Role != influence.RoleStaff {
		return r.actor.LAR.MayDecide() && r.actor.May(influence.Decide)
	}
	return r.actor.May(influence.Decide) && slices.ContainsFunc(a.Claims, r.leftUndecided)
}

// leftUndecided reports whether a LAR and its owners let their time to decide on a
// claim pass.
func (r *request) leftUndecided(c store.ClaimRow) bool {
	return c.State == influence.ClaimAttached && influence.StaffMayAct(c.Due, r.today(), r.s.store.Settings())
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

// deskRows are the lines of the share form: one for each side and each partner
// that a report names, with what was typed, and one for a partner to type.
func deskRows(d *views.DeskModel, a store.FullView, typed *Fields) {
	first := typed == nil // nobody filled the form in yet: everything for the first side
	for _, s := range d.Sides {
		row := views.DeskShare{No: s.No, Name: s.Partner, Kind: string(kindOf(a, s.No))}
		if first {
			row.Share, row.Amount, row.Primary = "100", influence.FormatMoney(d.Cents), true
		}
		first = false
		d.AddRow(row)
	}
	for _, i := range a.Items {
		for _, p := range i.Partners {
			if !i.Settled {
				d.AddRow(views.DeskShare{No: p.No, Name: p.Name, Kind: string(influence.Other)})
			}
		}
	}
	d.Rows = append(d.Rows, views.DeskShare{Typed: true, Kind: string(influence.Other)})
	if typed != nil && typed.Get("outcome") != "none" {
		typedRows(d, typed)
	}
}

// typedRows writes into the lines what was typed into them, right or wrong.
func typedRows(d *views.DeskModel, f *Fields) {
	nos, shares, kinds := f.All("partner_id"), f.All("share"), f.All("kind")
	last := len(d.Rows) - 1
	for i, no := range nos {
		if i >= len(shares) || i >= len(kinds) {
			return
		}
		at := slices.IndexFunc(d.Rows, func(r views.DeskShare) bool { return !r.Typed && r.No == no })
		if at < 0 {
			at = last
			d.Rows[at].No = no
		}
		row := &d.Rows[at]
		row.Share, row.Kind = shares[i], kinds[i]
		row.Primary = f.Get("primary") == no || row.Typed && f.Get("primary") == "typed"
		if points, err := influence.ParsePercent(shares[i]); err == nil && points > 0 {
			row.Amount = influence.FormatMoney(influence.Split(d.Cents, []influence.Share{{Points: points}})[0])
		}
	}
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
