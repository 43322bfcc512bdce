package web

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// newKey is what a form that creates carries, so that it acts once.
func newKey() string { return strings.ToLower(rand.Text()) }

func (r *request) zone() *time.Location { return r.s.store.Clock().Zone }

// claimList shows the claims that the actor sees.
func (s *server) claimList(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	f := claimFilter(q)
	page, err := r.store.Claims(r.Request().Context(), f)
	if err != nil {
		return err
	}
	m := views.ClaimListModel{ShowPartner: r.actor.Role != influence.RolePartner, CanClaim: r.actor.May(influence.EditClaims), Rows: r.claimItems(page.Rows)}
	if m.ListModel, err = r.claimHead(q); err != nil {
		return err
	}
	m.Older, m.Newer = r.neighbours("/claims", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	return r.html(http.StatusOK, views.ClaimList(r.page("Claims"), m))
}

func claimFilter(q *Fields) store.ClaimFilter {
	return store.ClaimFilter{Reversed: turned(q), State: q.Get("state"), LAR: q.Get("lar"), Partner: q.Get("partner"), Query: q.Get("q"), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
}

func (r *request) claimHead(q *Fields) (views.ListModel, error) {
	states := []ui.Option{{Value: "", Label: "Any"}, {Value: "open", Label: "Open"}}
	for _, st := range influence.ClaimStates() {
		if st != influence.ClaimDrafted || r.actor.Role == influence.RolePartner {
			states = append(states, ui.Option{Value: string(st), Label: st.Title()})
		}
	}
	lars, err := r.larOptions(q.Get("lar"), "All LARs")
	if err != nil {
		return views.ListModel{}, err
	}
	m := views.ListModel{Action: "/claims", Exports: r.exports("/claims")}
	m.Filters = []ui.FieldProps{{Name: "q", Label: "Customer, claim or agreement", Kind: "search", Value: q.Get("q")}, selectField("state", "State", q.Get("state"), states)}
	if r.actor.Role != influence.RoleLAR {
		m.Filters = append(m.Filters, selectField("lar", "LAR", q.Get("lar"), lars))
	}
	m.Filters = append(m.Filters, selectField("order", "Order", q.Get("order"), []ui.Option{{Value: "", Label: "Changed last"}, {Value: "reverse", Label: "Unchanged longest"}}))
	state := influence.ClaimState(q.Get("state")).Title()
	if q.Get("state") == "open" {
		state = "Open"
	}
	m.Chips = r.chips("/claims", map[string]string{"q": q.Get("q"), "state": state, "lar": r.larChip(q.Get("lar")), "partner": r.partnerChip(q.Get("partner"))})
	m.Filtered = len(m.Chips) > 0
	return m, nil
}

func (r *request) claimItems(rows []store.ClaimRow) []views.ClaimItem {
	items := make([]views.ClaimItem, 0, len(rows))
	for _, c := range rows {
		items = append(items, r.claimItem(c))
	}
	return items
}

func (r *request) claimItem(c store.ClaimRow) views.ClaimItem {
	v := views.ClaimItem{Href: "/claims/" + c.Ref, Ref: c.Ref, Title: claimTitle(c), Place: influence.StateName(c.State2), Partner: c.Partner, LAR: orDash(c.LAR),
		State: c.State.Title(), Tone: badgeTone(c.State.Tone()), Icon: stateIcon(c.State), Kind: kindTitle(c.Kind), Dated: influence.FormatDay(c.DatedOn), Amount: dollarsOr(c.Cents)}
	v.TurnDay, v.Turn = "–", c.State.Turn().Title(r.actor.Role)
	if c.Due != "" {
		v.TurnDay = influence.FormatDayLong(c.Due)
	}
	v.Yours = string(c.State.Turn()) == string(r.actor.Role)
	return v
}

func claimTitle(c store.ClaimRow) string {
	switch {
	case c.Customer != "":
		return c.Customer
	case c.Number != "":
		return "Agreement " + c.Number
	}
	return "A claim without a customer yet"
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func dollarsOr(cents int64) string {
	if cents == 0 {
		return "–"
	}
	return influence.FormatDollars(cents)
}

func badgeTone(t influence.Tone) string {
	if t == influence.TonePlain {
		return ""
	}
	return string(t)
}

func stateIcon(s influence.ClaimState) string {
	switch s {
	case influence.ClaimDrafted:
		return "edit"
	case influence.ClaimWaiting, influence.ClaimAttached:
		return "clock"
	case influence.ClaimActionRequired:
		return "hand"
	case influence.ClaimConfirmed:
		return "ok"
	case influence.ClaimRejected:
		return "no"
	}
	return "dash"
}

// claimShow is the page of a claim.
func (s *server) claimShow(r *request) error {
	if err := r.opened(r.Param("ref")); err != nil {
		return err
	}
	return r.claimPage(http.StatusOK, nil)
}

// claimPage is the page of a claim; answer is what its LAR typed, if that was wrong.
func (r *request) claimPage(status int, answer *views.IntentAnswer) error {
	return r.claimPageWith(status, func(m *views.ClaimModel) influence.Invalid {
		if m.Answer == nil || answer == nil {
			return nil
		}
		answer.Codes = intentCodes(answer.Codes)
		m.Answer = answer
		return answer.Wrong
	})
}

// claimPageWith is the page of a claim on which typed puts what was typed, and
// says what is wrong with it.
func (r *request) claimPageWith(status int, typed func(*views.ClaimModel) influence.Invalid) error {
	p, err := r.store.Claim(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := r.claimModel(p)
	title := formTitle(claimTitle(p.ClaimRow)+" · "+p.Ref, typed(&m))
	return r.html(status, views.ClaimShow(r.page(title), m))
}

func (r *request) claimModel(p store.ClaimPage) views.ClaimModel {
	mine := p.Own && r.actor.May(influence.EditClaims)
	m := views.ClaimModel{ClaimItem: r.claimItem(p.ClaimRow), Number: orDash(cmp.Or(p.Found, p.Number)), Program: programTitle(p.Program), Seats: seatsOr(p.Seats), Expected: influence.FormatDay(p.ExpectedOn),
		Note: p.Note, Evidence: p.Evidence, AgreementRef: p.AgreementRef, Version: p.Version, Since: "since " + influence.Ago(p.Since, r.now(), r.zone()),
		Heading: turnHeading(p, r.actor.Role), Silence: p.State.Silence(p.Due, p.LAR, r.s.store.Settings()), IsPartner: p.Own, PartnerHref: "/partners/" + p.PartnerRef,
		CanWithdraw: mine && p.State.Can(influence.WithdrawClaim, influence.RolePartner) == nil, CanEdit: mine && p.State.Can(influence.EditClaim, influence.RolePartner) == nil, IsDraft: p.State == influence.ClaimDrafted,
		Competes: p.Rivals && p.State.Open(), Reason: influence.ReasonCode(p.Code).Title()}
	m.Steps = claimSteps(p)
	if p.State == influence.ClaimIntent {
		r.intentModel(&m, p)
	}
	r.talkModel(&m, p)
	r.lifeModel(&m, p)
	r.evidenceModel(&m, p)
	if !p.Own {
		m.Checks = r.checks(influence.CheckList{Draft: p.Draft, On: p.DatedOn, LARReady: true, Files: len(p.Files), Twins: p.Twins})
	}
	if p.State == influence.ClaimAttached && r.actor.May(influence.Decide) && (r.actor.Role != influence.RoleStaff || r.leftUndecided(p.ClaimRow)) {
		m.Desk = r.deskAt(p.AgreementRef)
	}
	if p.State == influence.ClaimConfirmed {
		m.Receipt = "/claims/" + p.Ref + "/receipt"
	}
	for _, e := range p.Events {
		m.Events = append(m.Events, views.ClaimEventItem{Title: eventTitle(e), When: instantText(e.At, r.zone()), Who: eventWho(e), Note: eventNote(e)})
	}
	return m
}

func seatsOr(n int64) string {
	if n == 0 {
		return "–"
	}
	return number(n)
}

func turnHeading(p store.ClaimPage, viewer influence.Role) string {
	turn := p.State.Turn().Title(viewer)
	switch p.State {
	case influence.ClaimDrafted:
		return turn + ": finish the draft and submit it"
	case influence.ClaimWaiting:
		return turn + ": accept the connection"
	case influence.ClaimIntent:
		return "No agreement yet"
	case influence.ClaimAttached:
		return turn + ": decide"
	case influence.ClaimActionRequired:
		if viewer == influence.RolePartner {
			return turn + ": answer the question"
		}
		return turn + ": it has a question to answer"
	case influence.ClaimConfirmed:
		return "Confirmed"
	case influence.ClaimRejected:
		return "Rejected"
	}
	return p.State.Title()
}

func claimSteps(p store.ClaimPage) []ui.Step {
	at := map[influence.ClaimState]int{influence.ClaimDrafted: 0, influence.ClaimWaiting: 1, influence.ClaimIntent: 1, influence.ClaimAttached: 2, influence.ClaimActionRequired: 2,
		influence.ClaimConfirmed: 4, influence.ClaimRejected: 4}
	n, known := at[p.State]
	if !known {
		return nil
	}
	labels := []string{"Draft", "Submitted", "Agreement found", "Decision"}
	steps := make([]ui.Step, len(labels))
	for i, label := range labels {
		steps[i] = ui.Step{Label: label, Done: i < n || n == 4, Current: i == n && n < 4}
	}
	if p.DatedOn != "" {
		steps[1].Note = influence.FormatDay(p.DatedOn)
	}
	return steps
}

var eventWords = map[influence.ClaimAction]string{influence.EditClaim: "Saved", influence.SubmitClaim: "Submitted", influence.WithdrawClaim: "Withdrawn", influence.AttachClaim: "Attached to an agreement",
	influence.DetachClaim: "Detached", influence.ConfirmClaim: "Confirmed", influence.RejectClaim: "Rejected", influence.UndoClaim: "Decision undone", influence.DeliverClaim: "Delivered to the LAR",
	influence.AskAboutClaim: "Question asked", influence.AnswerAboutClaim: "Question answered", influence.TakeQuestionBack: "Question withdrawn",
	influence.ReturnClaim: "Returned to the drafts", influence.DiscardClaim: "Discarded",
	influence.ExpireClaim: "Expired", influence.OwnersClaim: "Passed to the LAR’s owners", influence.StaffClaim: "Open to Microsoft’s decision",
	influence.ExtendClaim: "Extended", influence.ReopenClaim: "Reopened", influence.AddClaimEvidence: "Evidence added", influence.SupersedeClaim: "Replaced by a newer claim",
	influence.SayMine: "The partner says that its deal was signed", influence.SayNotMine: "The partner says that its deal was not signed yet"}

func eventTitle(e store.ClaimEvent) string {
	if w := eventWords[e.Action]; w != "" {
		return w
	}
	return e.State.Title()
}

// eventWho names who did it; the program's clock is of no organization.
func eventWho(e store.ClaimEvent) string {
	if e.Org == "" {
		return e.By
	}
	return e.By + ", " + e.Org
}

func eventNote(e store.ClaimEvent) string {
	parts := []string{}
	if e.Code != "" {
		parts = append(parts, influence.ReasonCode(e.Code).Title())
	}
	if e.Note != "" {
		parts = append(parts, "“"+e.Note+"”")
	}
	if e.Due != "" {
		parts = append(parts, "until "+influence.FormatDay(e.Due))
	}
	return strings.Join(parts, " · ")
}

func (s *server) claimWithdraw(r *request) error {
	return r.claimDo("withdrawn", func(version int64) error {
		return r.store.WithdrawClaim(r.Request().Context(), r.Param("ref"), version)
	})
}

func (s *server) claimDiscard(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.DiscardDraft(r.Request().Context(), r.Param("ref"), atoi(f.Get("version"))); err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.claimMeanwhile(r.Param("ref"), "Discarded", nil) })
	}
	return r.said("/claims", "info", "The draft was discarded.")
}

func (r *request) claimDo(done string, act func(version int64) error) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := act(atoi(f.Get("version"))); err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.claimMeanwhile(r.Param("ref"), "To be "+done, nil) })
	}
	return r.said("/claims/"+r.Param("ref"), "info", fmt.Sprintf("The claim was %s.", done))
}

// larOptions are the LARs as choices of a filter.
func (r *request) larOptions(chosen, all string) ([]ui.Option, error) {
	lars, err := r.store.LARs(r.Request().Context())
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{Value: "", Label: all}}
	for _, l := range lars {
		options = append(options, ui.Option{Value: l.Slug, Label: l.Name, Selected: l.Slug == chosen || l.Ref == chosen})
	}
	return options, nil
}
