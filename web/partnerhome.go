package web

import (
	"fmt"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// partnerHome is what a partner's influence comes to, and what is to do.
func (s *server) partnerHome(r *request) error {
	h, err := r.store.Home(r.Request().Context())
	if err != nil {
		return err
	}
	m := views.HomeModel{Company: h.Company, CompanyHref: "/partners/" + h.Ref, No: h.No, Level: string(h.Level), Title: fmt.Sprintf("Fiscal year %d to date", h.Year.FY),
		Confirmed: confirmedTile(h), Coming: comingTile(h), Todo: r.todo(h), Waiting: r.waitingItems(h)}
	if r.actor.May(influence.ViewStatement) {
		m.Confirmed.Href = "/statement" // its rows
	}
	whoseTodo(&m, h.Whose)
	if err := r.disputesTodo(&m); err != nil {
		return err
	}
	if m.TodoSay = plural(int64(len(m.Todo)), "thing"); len(m.Todo) == 0 {
		m.TodoSay = ""
	}
	for _, c := range h.Outcomes {
		item := r.claimItem(c)
		item.TurnDay = influence.FormatDay(influence.DayOf(c.Since, r.zone()))
		m.Outcomes = append(m.Outcomes, item)
	}
	m.Steps, m.StepsSay = r.firstSteps(h.Steps)
	return r.html(http.StatusOK, views.PartnerHome(r.page("Home"), m))
}

func confirmedTile(h store.Home) ui.TileProps {
	t := ui.TileProps{Label: "Confirmed influenced revenue", Href: "/agreements", Number: influence.FormatMoneyShort(h.Confirmed.Influenced),
		Exact: influence.FormatMoney(h.Confirmed.Influenced), Spark: h.Course}
	t.Note = influence.FormatMoney(h.Confirmed.Influenced) + " in " + plural(h.Confirmed.Orders, "order")
	if t.Delta = growth(h.Confirmed.Influenced, h.Before); t.Delta != nil {
		t.Delta.On = "on the same days of " + h.Year.YearBefore().Title()
		t.Note = "· " + t.Note
	}
	return t
}

// comingTile adds up the open claims by who has them.
func comingTile(h store.Home) views.ComingTile {
	var claims, cents int64
	t := views.ComingTile{}
	for _, part := range []struct {
		class, words string
		states       []influence.ClaimState
	}{
		{"k1", "LAR decides", []influence.ClaimState{influence.ClaimAttached}},
		{"k3", "You answer", []influence.ClaimState{influence.ClaimActionRequired}},
		{"k2", "Connection asked", []influence.ClaimState{influence.ClaimWaiting}},
		{"ks", "No agreement yet", []influence.ClaimState{influence.ClaimIntent}},
	} {
		var sum store.PipelineFigures
		for _, state := range part.states {
			sum.Claims, sum.Cents = sum.Claims+h.Coming[state].Claims, sum.Cents+h.Coming[state].Cents
		}
		claims, cents = claims+sum.Claims, cents+sum.Cents
		if sum.Claims > 0 {
			words := part.words + " " + influence.FormatMoneyShort(sum.Cents)
			t.Parts = append(t.Parts, ui.Part{Class: part.class, Value: sum.Cents, Title: words})
			t.Legend = append(t.Legend, ui.Part{Class: part.class, Title: words})
		}
	}
	t.Number, t.Exact = influence.FormatMoneyShort(cents), influence.FormatMoney(cents)
	t.Note = "estimated in " + plural(claims, "open claim")
	if claims == 0 {
		t.Note = "No claim is open. What you expect of open claims adds up here."
	}
	return t
}

// todo are the things of the partner's turn, the earliest deadline first.
func (r *request) todo(h store.Home) (all []views.TodoItem) {
	for _, c := range h.Todo {
		item := views.TodoItem{Icon: "clock", Href: "/claims/" + c.Ref, ActionHref: "/claims/" + c.Ref, Action: "Open"}
		if c.Cents != 0 {
			item.Amount = influence.FormatDollars(c.Cents)
		}
		switch c.State {
		case influence.ClaimDrafted:
			item.Icon, item.Title, item.Action, item.ActionHref = "edit", claimTitle(c)+": finish and submit", "Continue", "/claims/"+c.Ref+"/edit"
			if !r.actor.May(influence.EditClaims) {
				item.Action, item.ActionHref = "Open", item.Href
			}
			item.Text = "Begun on " + influence.FormatDayLong(influence.DayOf(c.Since, r.zone())) + ". Only your company sees a draft."
		case influence.ClaimIntent:
			item.Title = claimTitle(c) + ": the claim ends soon"
			item.Text = "No agreement has appeared at " + c.LAR + ". It is"
			item.Due = "valid until " + influence.FormatDayLong(c.Due) + "."
		default:
			item.Icon, item.Tone, item.Title = "hand", "warn", claimTitle(c)+": "+c.LAR+" has a question"
			item.Due = capital(influence.Due(c.Due, r.today())) + "."
		}
		all = append(all, item)
	}
	return all
}

// disputesTodo names the disputes that the partner can answer, before the rest.
func (r *request) disputesTodo(m *views.HomeModel) error {
	due, err := r.disputesDue()
	var first []views.TodoItem
	for _, d := range due {
		first = append(first, views.TodoItem{Icon: "flag", Tone: "warn", Title: d.Title + ": a dispute may change your share", Href: d.Href, Due: d.Say, Action: "Answer", ActionHref: d.Href})
	}
	m.Todo = append(first, m.Todo...)
	return err
}

// waitingItems are claims and requests that a LAR has to answer.
func (r *request) waitingItems(h store.Home) (all []views.WaitingItem) {
	for _, c := range h.Waiting {
		w := views.WaitingItem{Title: claimTitle(c), Href: "/claims/" + c.Ref, Ref: c.Ref, Who: c.LAR, Due: capital(influence.Due(c.Due, r.today())), Amount: dollarsOr(c.Cents)}
		if c.State == influence.ClaimWaiting {
			w.Who += ", connection asked"
		}
		all = append(all, w)
	}
	for _, a := range h.Asked {
		all = append(all, views.WaitingItem{Title: "Connection with " + a.LAR, Href: "/lars/" + a.LARRef, Who: a.LAR, Due: capital(influence.Due(a.Due, r.today())), Amount: "–"})
	}
	return all
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// firstSteps are shown until all are done. Who only looks, or may not invite, has
// no page to do a step on.
func (r *request) firstSteps(f store.FirstSteps) ([]views.StepItem, string) {
	if f.Done() {
		return nil, ""
	}
	all := []views.StepItem{{Label: "Enroll your company", Done: true}, {Label: "Complete your company’s profile", Done: f.Profile}, {Label: "Connect to a LAR", Href: "/lars", Done: f.Connected},
		{Label: "Send your first claim", Done: f.Claimed}, {Label: "Invite your colleagues", Done: f.Colleagues}}
	if r.actor.May(influence.EditProfile) {
		all[1].Href, all[4].Later = "/profile", "/team/later"
	}
	if r.actor.May(influence.EditClaims) {
		all[3].Href = "/claims/new"
	}
	if r.actor.May(influence.EditTeam) {
		all[4].Href = "/team#invite"
	}
	done := 0
	for _, s := range all {
		if s.Done {
			done++
		}
	}
	return all, fmt.Sprintf("%d of %d done", done, len(all))
}

// teamLater puts the first step of inviting colleagues aside.
func (s *server) teamLater(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.StayAlone(r.Request().Context()); err != nil {
		return err
	}
	return r.said("/", "info", "You can invite colleagues on the team’s page at any time.")
}
