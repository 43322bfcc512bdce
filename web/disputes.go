package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func disputeFilter(q *Fields) store.DisputeFilter {
	return store.DisputeFilter{Reversed: turned(q), State: influence.DisputeState(q.Get("state")), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
}

// disputeList shows the disputes that the actor sees.
func (s *server) disputeList(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Disputes(r.Request().Context(), disputeFilter(q))
	if err != nil {
		return err
	}
	states := []ui.Option{{Value: "", Label: "Any"}}
	for _, st := range influence.DisputeStates() {
		states = append(states, ui.Option{Value: string(st), Label: st.Title()})
	}
	m := views.DisputeListModel{ListModel: views.ListModel{Action: "/disputes", Exports: r.exports("/disputes")}, Rows: r.disputeItems(page.Rows)}
	m.Filters = []ui.FieldProps{selectField("state", "State", q.Get("state"), states),
		selectField("order", "Order", q.Get("order"), []ui.Option{{Value: "", Label: "Newest first"}, {Value: "reverse", Label: "Oldest first"}})}
	chosen := ""
	if q.Get("state") != "" {
		chosen = influence.DisputeState(q.Get("state")).Title()
	}
	m.Chips = r.chips("/disputes", map[string]string{"state": chosen})
	m.Filtered = len(m.Chips) > 0
	m.Older, m.Newer = r.neighbours("/disputes", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	return r.html(http.StatusOK, views.DisputeList(r.page("Disputes"), m))
}

func (r *request) disputeItems(rows []store.DisputeRow) []views.DisputeItem {
	items := make([]views.DisputeItem, 0, len(rows))
	for _, d := range rows {
		items = append(items, r.disputeItem(d))
	}
	return items
}

func (r *request) disputeItem(d store.DisputeRow) views.DisputeItem {
	v := views.DisputeItem{Href: "/disputes/" + d.Ref, Ref: d.Ref, Title: d.Customer, Number: d.Number, AgreementHref: "/agreements/" + d.AgreementRef, LAR: d.LAR, Opener: orDash(d.Opener),
		State: d.State.Title(), Tone: badgeTone(d.State.Tone()), Opened: influence.Ago(d.OpenedAt, r.now(), r.zone())}
	if v.Title == "" {
		v.Title = "Agreement " + d.Number
	}
	switch {
	case d.State != influence.DisputeOpen:
		v.Next = "–"
	case d.Proposed:
		v.Next, v.NextWhat = influence.FormatDayLong(d.RulingDue), "A second approval"
		v.Say = "A second approval is due on " + v.Next + "."
	case r.today() <= d.AnswersDue:
		v.Next, v.NextWhat = influence.FormatDayLong(d.AnswersDue), "The sides answer"
		v.Say = "The sides answer until " + v.Next + "."
	case r.today() <= d.RulingDue:
		v.Next, v.NextWhat = influence.FormatDayLong(d.RulingDue), "Microsoft rules"
		v.Say = "Microsoft rules until " + v.Next + "."
	default:
		v.Next, v.NextWhat = influence.FormatDayLong(d.RulingDue), "Overdue"
		v.Say = "The ruling was due on " + v.Next + ". Microsoft’s program administrators see to it."
	}
	return v
}

// dueShown is how many disputes a first page names as due at most.
const dueShown = 5

// disputesDue are the disputes that wait for the actor's side.
func (r *request) disputesDue() ([]views.DisputeItem, error) {
	rows, err := r.store.DisputesDue(r.Request().Context(), dueShown)
	items := r.disputeItems(rows)
	for i := range items {
		if r.actor.Role != influence.RoleStaff {
			items[i].Say = "You can answer until " + items[i].Next + "."
		}
	}
	return items, err
}

// disputeShow is the page of a dispute.
func (s *server) disputeShow(r *request) error { return r.disputePage(http.StatusOK, nil) }

// disputePage is the page of a dispute, on which typed puts what was typed.
func (r *request) disputePage(status int, typed func(*views.DisputeModel) influence.Invalid) error {
	p, err := r.store.Dispute(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := r.disputeModel(p)
	var wrong influence.Invalid
	if typed != nil {
		wrong = typed(&m)
	}
	return r.html(status, views.DisputeShow(r.page(formTitle("Dispute "+p.Ref, wrong)), m))
}

func (r *request) disputeModel(p store.DisputePage) views.DisputeModel {
	m := views.DisputeModel{DisputeItem: r.disputeItem(p.DisputeRow), Version: p.Version, Reason: p.Reason, Evidence: p.Evidence, Ruling: p.Ruling, ClaimRef: p.ClaimRef, ClaimHref: "/claims/" + p.ClaimRef}
	m.Heading, m.Text = r.disputeHeading(p)
	if p.Reason != "" {
		m.By = p.By + ", " + p.Opener
	}
	if p.Share > 0 && !p.Own && p.State == influence.DisputeOpen {
		m.Share = influence.FormatPercent(p.Share)
	}
	if p.RuledShare != nil {
		m.Ruled = "Your share by the ruling is " + influence.FormatPercent(*p.RuledShare) + ". By the disputed decision it was " + influence.FormatPercent(p.Share) + "."
	}
	if p.Ruling != "" {
		m.RuledBy = "Microsoft, " + influence.FormatDay(influence.DayOf(p.RuledAt, r.zone()))
	}
	for _, a := range p.Answers {
		m.Answers = append(m.Answers, views.ClaimMessage{Who: a.By, Org: a.Org, Mine: a.Own, Text: a.Text, When: influence.Ago(a.At, r.now(), r.zone()), Exact: instantText(a.At, r.zone())})
	}
	if p.Full != nil {
		for _, d := range p.Full.Decisions {
			if d.InForce {
				m.Current = sharesText(d)
			}
		}
	}
	r.disputeForms(&m, p)
	return m
}

// disputeHeading says what is awaited, and that the decision stays in force.
func (r *request) disputeHeading(p store.DisputePage) (heading, text string) {
	switch p.State {
	case influence.DisputeUpheld:
		return "The partner is right", "The ruling carries a decision. It is final."
	case influence.DisputeDismissed:
		return "Nothing changes", "The decision stands."
	}
	const stands = "The decision stays in force, and nothing else is decided on the agreement."
	switch {
	case p.Proposed:
		return "A ruling waits for a second approval", "It is due on " + influence.FormatDayLong(p.RulingDue) + ". Until then the sides hear nothing of it. " + stands
	case r.today() <= p.AnswersDue:
		return "The sides answer until " + influence.FormatDayLong(p.AnswersDue), "After that the dispute goes on without the answers that are missing, and Microsoft rules until " + influence.FormatDay(p.RulingDue) + ". " + stands
	case r.today() <= p.RulingDue:
		return "Microsoft rules until " + influence.FormatDayLong(p.RulingDue), "After that its program administrators see to it. " + stands
	}
	return "The ruling was due on " + influence.FormatDayLong(p.RulingDue), "Microsoft’s program administrators see to it now. " + stands
}

// disputeForms adds the form of who can answer or rule, or why it can't.
func (r *request) disputeForms(m *views.DisputeModel, p store.DisputePage) {
	if p.Proposal != nil {
		m.Proposal = r.proposalItem(*p.Proposal)
	}
	switch {
	case p.State != influence.DisputeOpen || p.Own:
	case p.Refused != nil:
		m.Refused = p.Refused.Error()
	case p.Proposed:
		if r.actor.May(influence.ApproveRulings) {
			m.Approve = &views.ApprovalForm{}
		}
	case r.actor.May(influence.RuleDisputes):
		m.Rule = &views.RulingForm{Kinds: kindOptions(), Rows: rulingRows(p), Cents: p.Docket.Cents}
		if p.NeedsTwo {
			m.Rule.Two = fmt.Sprintf("The agreement’s revenue is %s. From %s on a ruling is only proposed: it counts once somebody else who took no part approves it.",
				influence.FormatMoney(p.Docket.Cents), influence.FormatDollars(r.s.store.Settings().SecondApproval))
		}
	case r.actor.May(influence.AnswerDisputes):
		m.Answer = &views.DisputeAnswerForm{Until: influence.FormatDay(p.AnswersDue)}
	}
}

// proposalItem is a ruling that needs two, in words.
func (r *request) proposalItem(p store.ProposedRuling) *views.ProposalItem {
	v := views.ProposalItem{Outcome: p.Outcome.Title(), Reason: p.Reason, By: p.By + ", " + influence.Ago(p.At, r.now(), r.zone()), Returned: p.Answer == "returned", Sentence: p.Sentence}
	for _, s := range p.Shares {
		line := s.Name + " " + influence.FormatPercent(s.Points) + ", " + kindTitle(s.Kind)
		if s.Primary {
			line += ", primary"
		}
		v.Shares = append(v.Shares, line)
	}
	if p.Answer != "" {
		v.Answered = p.AnsweredBy + ", " + influence.Ago(p.AnsweredAt, r.now(), r.zone())
	}
	return &v
}

// rulingRows are the lines of the shares: who disputes, who has a share now, who
// claims the agreement, and one to type.
func rulingRows(p store.DisputePage) []views.DeskShare {
	d := views.DeskModel{}
	if p.Full != nil {
		for _, c := range p.Full.Claims {
			if c.Ref == p.ClaimRef {
				d.AddRow(views.DeskShare{No: c.PartnerNo, Name: c.Partner, Kind: string(kindOf(*p.Full, c.PartnerNo))})
			}
		}
		for _, x := range p.Full.Decisions {
			for _, sh := range x.Shares {
				if x.InForce {
					row := views.DeskShare{No: sh.No, Name: sh.Name, Kind: string(sh.Kind), Share: strings.TrimSuffix(influence.FormatPercent(sh.Points), "\u00a0%"), Primary: sh.Primary,
						Amount: influence.FormatMoney(influence.Split(p.Docket.Cents, []influence.Share{{Points: sh.Points}})[0])}
					d.AddRow(row)
				}
			}
		}
		for _, c := range p.Full.Claims {
			d.AddRow(views.DeskShare{No: c.PartnerNo, Name: c.Partner, Kind: string(kindOf(*p.Full, c.PartnerNo))})
		}
	}
	return append(d.Rows, views.DeskShare{Typed: true, Kind: string(influence.Other)})
}

// claimDispute disputes the decision on a claim.
func (s *server) claimDispute(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	d := influence.DisputeDraft{Reason: f.Get("reason"), Evidence: f.Get("evidence")}
	var ref string
	if err == nil {
		ref, err = r.store.OpenDispute(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), d)
	}
	if err == nil {
		return r.said("/disputes/"+ref, "good", "The decision is disputed. The LAR and the partners with a share are told.")
	}
	return r.claimDone(err, "", d.Reason, func(m *views.ClaimModel, wrong influence.Invalid) {
		if m.Dispute != nil {
			m.Dispute.Reason, m.Dispute.Evidence, m.Dispute.Wrong, m.Dispute.Problems = d.Reason, d.Evidence, wrong, problems(wrong)
		}
	})
}

// disputeAnswer says what a side has to say.
func (s *server) disputeAnswer(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	answer := f.Get("answer")
	if err == nil {
		err = r.store.AnswerDispute(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), answer)
	}
	if wrong, ok := invalid(err); ok {
		return r.disputePage(http.StatusUnprocessableEntity, func(m *views.DisputeModel) influence.Invalid {
			if m.Answer != nil {
				m.Answer.Answer, m.Answer.Wrong, m.Answer.Problems = answer, wrong, problems(wrong)
			}
			return wrong
		})
	}
	return r.disputeDone(err, "Your answer was sent.", answer)
}

// disputeRule is Microsoft's ruling.
func (s *server) disputeRule(r *request) error {
	f, err := r.form("partner_id", "share", "kind")
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	draft := influence.RulingDraft{Outcome: f.Get("outcome"), Reason: f.Get("reason")}
	if err == nil {
		draft.Decision, err = ruledShares(f)
	}
	said := "Ruled. All sides are told."
	if err == nil {
		var done store.Ruled
		if done, err = r.store.RuleDispute(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), draft); done.Proposed {
			said = "Your ruling is proposed. It counts once somebody else approves it."
		}
	}
	if wrong, ok := invalid(err); ok {
		if draft.Outcome == string(influence.DisputeUpheld) {
			maps.Copy(wrong, draft.Decision.Unread)
		}
		return r.disputePage(http.StatusUnprocessableEntity, func(m *views.DisputeModel) influence.Invalid {
			if m.Rule != nil {
				m.Rule.Outcome, m.Rule.Reason, m.Rule.Wrong, m.Rule.Problems = draft.Outcome, f.Get("reason"), wrong, problems(wrong)
				d := views.DeskModel{Rows: m.Rule.Rows, Cents: m.Rule.Cents}
				typedRows(&d, f)
			}
			return wrong
		})
	}
	return r.disputeDone(err, said, draft.Reason)
}

// disputeApprove approves a proposed ruling, or sends it back.
func (s *server) disputeApprove(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	a := influence.Approval{Answer: f.Get("answer"), Sentence: f.Get("sentence")}
	if err == nil {
		err = r.store.AnswerProposal(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), a)
	}
	if wrong, ok := invalid(err); ok {
		return r.disputePage(http.StatusUnprocessableEntity, func(m *views.DisputeModel) influence.Invalid {
			if m.Approve != nil {
				*m.Approve = views.ApprovalForm{Answer: a.Answer, Sentence: a.Sentence, Wrong: wrong, Problems: problems(wrong)}
			}
			return wrong
		})
	}
	said := "Approved. All sides are told."
	if a.Answer == "return" {
		said = "Sent back to who proposed it."
	}
	return r.disputeDone(err, said, a.Sentence)
}

// agreementDispute disputes what a decision leaves to a partner that claimed nothing.
func (s *server) agreementDispute(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	d := influence.DisputeDraft{Reason: f.Get("reason"), Evidence: f.Get("evidence")}
	at := "/agreements/" + r.Param("ref")
	var ref string
	if err == nil {
		ref, err = r.store.DisputeShare(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), d)
	}
	if err == nil {
		return r.said("/disputes/"+ref, "good", "The decision is disputed. The LAR and the partners with a share are told.")
	}
	if wrong, ok := invalid(err); ok {
		p, err := r.store.Agreement(r.Request().Context(), r.Param("ref"))
		if err != nil {
			return err
		}
		return r.heldPage(http.StatusUnprocessableEntity, p, func(m *views.HeldShareModel) {
			if m.Dispute != nil {
				m.Dispute.Reason, m.Dispute.Evidence, m.Dispute.Wrong, m.Dispute.Problems = d.Reason, d.Evidence, wrong, problems(wrong)
			}
		})
	}
	return r.meanwhile(err, func() (views.ConflictModel, error) {
		p, err := r.store.Agreement(r.Request().Context(), r.Param("ref"))
		if err != nil || p.Holder == nil {
			return views.ConflictModel{}, errors.Join(err, influence.ErrNotFound)
		}
		return views.ConflictModel{Title: "This agreement was changed while you were reading", Text: changedBy("", "agreement "+p.Holder.Number), Actions: again(at),
			Rows: []views.ConflictRow{{What: "Why it is wrong", Now: "–", Yours: d.Reason}}}, nil
	})
}

// ruledShares reads the shares of a ruling: it has nothing else of a decision's form.
func ruledShares(f *Fields) (influence.DecisionDraft, error) {
	all, err := decisionDraft(f)
	d := influence.DecisionDraft{Shares: all.Shares, Unread: influence.Invalid{}}
	for _, field := range []string{"partner_id", "share"} {
		if msg := all.Unread[field]; msg != "" {
			d.Unread[field] = msg
		}
	}
	return d, err
}

// disputeDone answers what was done to a dispute, or shows what somebody faster
// made of it.
func (r *request) disputeDone(err error, done, wanted string) error {
	at := "/disputes/" + r.Param("ref")
	if err == nil {
		return r.said(at, "good", done)
	}
	return r.meanwhile(err, func() (views.ConflictModel, error) {
		p, err := r.store.Dispute(r.Request().Context(), r.Param("ref"))
		return views.ConflictModel{Title: "This dispute was changed while you were reading", Text: changedBy("", "dispute "+p.Ref), Actions: again(at),
			Rows: []views.ConflictRow{{What: "State", Now: p.State.Title(), Yours: wanted}}}, err
	})
}
