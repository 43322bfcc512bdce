package web

import (
	"fmt"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func connectionFilter(q *Fields) store.ConnectionFilter {
	return store.ConnectionFilter{Reversed: turned(q), State: influence.ConnectionState(q.Get("state")), LAR: q.Get("lar"), Partner: q.Get("partner"),
		After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
}

// connectionList shows the connections that the actor sees.
func (s *server) connectionList(r *request) error {
	return r.connectionsPage(http.StatusOK, "", "", nil)
}

// connectionsPage is the list; reason was typed for the request with a reference.
func (r *request) connectionsPage(status int, ref, reason string, wrong influence.Invalid) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	ctx := r.Request().Context()
	page, err := r.store.Connections(ctx, connectionFilter(q))
	if err != nil {
		return err
	}
	head, err := r.connectionHead(q)
	if err != nil {
		return err
	}
	m := views.ConnectionListModel{ListModel: head, ShowPartner: r.actor.Role != influence.RolePartner, ShowLAR: r.actor.Role != influence.RoleLAR,
		Answering: r.actor.May(influence.AnswerConnection), Instead: r.actor.Role == influence.RoleStaff, Rows: r.connectionItems(page.Rows), WrongRef: ref, WrongReason: wrong["reason"]}
	m.Older, m.Newer = r.neighbours("/connections", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	if m.Answering {
		asked, err := r.store.ConnectionRequests(ctx, pageSize)
		if err != nil {
			return err
		}
		m.Requests, m.MoreRequests = r.connectionItems(asked.Rows), asked.Older != ""
		for i := range m.Requests {
			if m.Requests[i].Ref == ref {
				m.Requests[i].Reason = reason
			}
		}
	}
	return r.html(status, views.ConnectionList(r.page(formTitle("Connections", wrong)), m))
}

func (r *request) connectionHead(q *Fields) (views.ListModel, error) {
	states := []ui.Option{{Value: "", Label: "Any"}}
	for _, st := range influence.ConnectionStates() {
		states = append(states, ui.Option{Value: string(st), Label: st.Title()})
	}
	m := views.ListModel{Order: r.order(), Sorted: r.sorted("/connections", "Asked", true), Action: "/connections", Exports: r.exports("/connections"), Filters: []ui.FieldProps{selectField("state", "State", q.Get("state"), states)}}
	if r.actor.Role != influence.RoleLAR {
		lars, err := r.larOptions(q.Get("lar"), "All LARs")
		if err != nil {
			return m, err
		}
		m.Filters = append(m.Filters, selectField("lar", "LAR", q.Get("lar"), lars))
	}
	m.Chips = r.chips("/connections", map[string]string{"state": influence.ConnectionState(q.Get("state")).Title(), "lar": r.larChip(q.Get("lar")), "partner": r.partnerChip(q.Get("partner"))})
	m.Filtered = len(m.Chips) > 0
	return m, nil
}

func (r *request) connectionItems(rows []store.ConnectionRow) []views.ConnectionItem {
	items := make([]views.ConnectionItem, 0, len(rows))
	for _, c := range rows {
		items = append(items, r.connectionItem(c))
	}
	return items
}

func (r *request) connectionItem(c store.ConnectionRow) views.ConnectionItem {
	v := views.ConnectionItem{Ref: c.Ref, Partner: c.Partner, PartnerHref: "/partners/" + c.PartnerRef, Level: c.Level, Place: influence.StateName(c.State), LAR: c.LAR, LARHref: "/lars/" + c.LARRef,
		State: c.Status.Title(), Tone: badgeTone(c.Status.Tone()), Icon: connectionIcon(c.Status), Asked: r.dayOf(c.Asked), Due: "–", Answered: "–",
		Note: c.Note, Reason: c.Reason, Silence: c.Status.Silence(c.Due, c.LAR, r.s.store.Settings()), Version: c.Version}
	if c.Status == influence.ConnectionAsked {
		v.Due = influence.FormatDayLong(c.Due)
	}
	if !c.Answered.IsZero() {
		v.Answered = r.dayOf(c.Answered)
	}
	if r.actor.May(influence.EndConnections) && c.Status.Can(influence.EndConnection, r.actor.Role) == nil {
		v.End = "/connections/" + c.Ref + "/end"
	}
	if v.Other = c.LAR; r.actor.Role == influence.RoleLAR {
		v.Other = c.Partner
	}
	switch c.Waiting {
	case 0:
	case 1:
		v.Waiting = "1 claim waits"
	default:
		v.Waiting = number(c.Waiting) + " claims wait"
	}
	return v
}

func connectionIcon(s influence.ConnectionState) string {
	switch s {
	case influence.ConnectionAsked:
		return "clock"
	case influence.ConnectionAccepted:
		return "ok"
	case influence.ConnectionDeclined:
		return "no"
	}
	return "dash"
}

func (s *server) connectionAccept(r *request) error { return r.answerConnection(true) }

func (s *server) connectionDecline(r *request) error { return r.answerConnection(false) }

// answerConnection accepts or declines a request, for its LAR.
func (r *request) answerConnection(accept bool) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ref, reason := r.Param("ref"), ""
	if !accept { // who accepts is asked for none
		reason = f.Get("reason")
	}
	err = r.store.AnswerConnection(r.Request().Context(), ref, accept, reason, atoi(f.Get("version")))
	if wrong, ok := invalid(err); ok {
		return r.connectionsPage(http.StatusUnprocessableEntity, ref, reason, wrong)
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) {
			return r.connectionMeanwhile(ref, map[bool]string{true: "Accept", false: "Decline"}[accept], reason)
		})
	}
	done, then := "declined", "The partner’s claims are drafts again."
	if accept {
		done, then = "accepted", "Its claims were delivered to you."
	}
	if r.actor.Role == influence.RoleStaff {
		then = "The partner’s claims were delivered to the LAR, which is told."
	}
	return r.said("/connections", "good", fmt.Sprintf("The request was %s. %s", done, then))
}
