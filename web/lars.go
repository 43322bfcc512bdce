package web

import (
	"net/http"
	"slices"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// larList shows the LARs: to everybody the Ready ones, to members all.
func (s *server) larList(r *request) error { return r.larsPage(http.StatusOK, newLARTyped{}) }

func (r *request) larsPage(status int, typed newLARTyped) error {
	s := r.s
	q, err := r.query()
	if err != nil {
		return err
	}
	ctx := r.Request().Context()
	m := views.LARListModel{Public: !r.actor.May(influence.ViewLARs), ShowConnection: r.actor.Role == influence.RolePartner}
	var lars []store.LARRow
	if m.Public {
		lars, err = s.store.PublicLARs(ctx)
		m.Sorted = ui.Column{Label: "LAR", Sorted: "ascending"}
	} else {
		lars, err = r.store.LARs(ctx)
		m.ListModel = r.larHead(q)
		m.ServiceNote = "Days are the median of business days to a decision in the last " + plural(int64(s.Store.Settings().ServiceRecordMonths), "month") + ". " + serviceRule(s.Store.Settings())
	}
	if err != nil {
		return err
	}
	service := map[string]influence.ServiceRecord{}
	if !m.Public {
		lars = larsOf(lars, larFilter(q))
		if service, err = r.store.ServiceRecords(ctx, ""); err != nil {
			return err
		}
	}
	m.Empty, m.Count = len(lars) == 0, counted(len(lars), false)
	for _, l := range lars {
		item := r.larItem(l)
		item.Service = r.serviceItem(service[l.Ref])
		m.Rows = append(m.Rows, item)
	}
	if r.actor.May(influence.EditLARs) {
		m.Add = typed.model()
	}
	return r.html(status, views.LARList(r.page(formTitle("LARs", typed.wrong)), m))
}

// LARFilter narrows the list of LARs: to a status, "" for all.
type LARFilter struct {
	Status   influence.LARStatus
	Reversed bool // the last name first
}

func larFilter(q *Fields) LARFilter {
	return LARFilter{influence.LARStatus(q.Get("status")), turned(q)}
}

// larsOf are those that the filter takes, in its order.
func larsOf(lars []store.LARRow, f LARFilter) []store.LARRow {
	lars = slices.DeleteFunc(lars, func(l store.LARRow) bool { return f.Status != "" && l.Status != f.Status })
	if f.Reversed {
		slices.Reverse(lars)
	}
	return lars
}

func (r *request) larHead(q *Fields) views.ListModel {
	statuses := []ui.Option{{Value: "", Label: "Any"}}
	for _, st := range influence.LARStatuses() {
		statuses = append(statuses, ui.Option{Value: string(st), Label: st.Title()})
	}
	m := views.ListModel{Order: r.order(), Sorted: r.sorted("/lars", "LAR", false), Action: "/lars", Exports: r.exports("/lars"), Filters: []ui.FieldProps{selectField("status", "Status", q.Get("status"), statuses)}}
	m.Chips = r.chips("/lars", map[string]string{"status": larFilter(q).Status.Title()})
	m.Filtered = len(m.Chips) > 0
	return m
}

func (r *request) larItem(l store.LARRow) views.LARItem {
	v := views.LARItem{Href: "/lars/" + l.Ref, Name: l.Name, Status: l.Status.Title(), Tone: badgeTone(l.Status.Tone()), Icon: larIcon(l.Status), Planned: influence.FormatDay(l.PlannedOn),
		Connection: l.Connection.Title(), ConnectionTone: badgeTone(l.Connection.Tone()), ConnectionIcon: connectionIcon(l.Connection)}
	if l.PlannedOn == "" {
		v.Planned = "–"
	}
	v.CanAsk = r.actor.May(influence.AskConnection) && l.Status.MayReceiveClaims() && l.Connection.Can(influence.AskToConnect, r.actor.Role) == nil
	return v
}

func larIcon(s influence.LARStatus) string {
	switch s {
	case influence.LARReady:
		return "ok"
	case influence.LARSigned:
		return "edit"
	}
	return "mail"
}

// larTyped is what was typed into one of the two forms of a LAR's page.
type larTyped struct {
	status, planned string
	note, key       string
	version         int64
	wrong           influence.Invalid
}

// larShow is the page of a LAR.
func (s *server) larShow(r *request) error {
	return r.larPage(http.StatusOK, nil, suspensionTyped{})
}

func (r *request) larPage(status int, typed *larTyped, out suspensionTyped) error {
	p, err := r.store.LARPage(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := views.LARModel{LARItem: r.larItem(p.LARRow), Ref: p.Ref, Lead: larLead(p), Version: p.Version, IsPartner: r.actor.Role == influence.RolePartner,
		Contacts: contactItems(p.Contacts), NoContacts: "You see its owners once you are connected.", AskKey: newKey()}
	service, err := r.store.ServiceRecords(r.Request().Context(), p.Ref)
	if err != nil {
		return err
	}
	m.Service = r.serviceModel(service, p.Ref)
	if m.Access = r.accessModel("/lars/"+p.Ref, p.Name, p.Access, out); m.Access != nil {
		m.Access.CanChange = r.actor.May(influence.SuspendLAR)
	}
	if r.actor.May(influence.ViewAs) && (m.Access == nil || m.Access.Since == "") {
		m.ViewAs = "/lars/" + p.Ref + "/view"
	}
	if r.actor.Role == influence.RoleStaff || p.Own {
		m.NoContacts = "Nobody signs in for it yet."
	}
	if !p.Since.IsZero() {
		m.Since = influence.FormatDay(influence.DayOf(p.Since, r.zone()))
	}
	if p.Request != nil {
		c := r.connectionItem(*p.Request)
		m.Asked = &c
	}
	for i, st := range p.Statuses {
		m.Statuses = append(m.Statuses, r.statusEvent(st, i == 0))
	}
	r.larWays(&m, p)
	if r.actor.May(influence.EditLARs) {
		m.StatusForm = statusForm(string(p.Status), string(p.PlannedOn))
	}
	if typed != nil {
		m.Wrong, m.Problems = typed.wrong, problems(typed.wrong)
		m.AskNote = typed.note
		if typed.key != "" {
			m.AskKey = typed.key
		} else {
			m.Version, m.StatusForm = typed.version, statusForm(typed.status, typed.planned)
		}
	}
	wrong := out.wrong
	if typed != nil {
		wrong = typed.wrong
	}
	return r.html(status, views.LARShow(r.page(formTitle(p.Name, wrong)), m))
}

// larWays are the addresses of what the viewer has with a LAR.
func (r *request) larWays(m *views.LARModel, p store.LARPage) {
	switch {
	case r.actor.Role == influence.RoleStaff:
		m.Claims, m.Agreements = "/claims?lar="+p.Slug, "/agreements?lar="+p.Slug
	case r.actor.Role == influence.RolePartner:
		m.Claims = "/claims?lar=" + p.Slug
	case p.Own:
		m.Claims, m.Agreements = "/claims", "/agreements"
	}
}

func larLead(p store.LARPage) string {
	switch {
	case p.Own:
		return "Your company, as the program knows it."
	case p.Status.MayReceiveClaims():
		return "Receives claims, and decides which partners influenced its agreements."
	case p.Status.MayUpload():
		return "Signed: it uploads reports. Claims to it can be drafted."
	}
	return "Invited: it has not signed yet. Claims to it can be drafted."
}

func (r *request) statusEvent(c store.StatusChange, now bool) ui.Event {
	e := ui.Event{Title: c.Status.Title(), When: influence.FormatDay(influence.DayOf(c.At, r.zone())), Exact: instantText(c.At, r.zone()), Now: now}
	if c.PlannedOn != "" {
		e.Note = "Planned to be Ready on " + influence.FormatDay(c.PlannedOn)
	}
	return e
}

func statusForm(status, planned string) *views.LARStatusForm {
	return &views.LARStatusForm{Planned: planned, Statuses: larPicks(status)}
}

// larPicks are the statuses to choose from.
func larPicks(chosen string) (all []ui.Pick) {
	hints := map[influence.LARStatus]string{influence.LARInvited: "Has not signed yet.", influence.LARSigned: "Uploads reports and looks.", influence.LARReady: "Receives claims and decides."}
	for _, st := range influence.LARStatuses() {
		all = append(all, ui.Pick{Value: string(st), Label: st.Title(), Hint: hints[st], Checked: string(st) == chosen})
	}
	return all
}

// larStatus records a LAR's status, for administrators.
func (s *server) larStatus(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	t := larTyped{status: f.Get("status"), planned: f.Get("planned_on"), version: atoi(f.Get("version"))}
	err = r.store.SetLARStatus(r.Request().Context(), r.Param("ref"), t.status, t.planned, t.version)
	if wrong, ok := invalid(err); ok {
		t.wrong = wrong
		return r.larPage(http.StatusUnprocessableEntity, &t, suspensionTyped{})
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.larMeanwhile(r.Param("ref"), t) })
	}
	return r.said("/lars/"+r.Param("ref"), "good", "The status was saved.")
}

// larConnect asks a LAR for a connection.
func (s *server) larConnect(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	t := larTyped{note: f.Get("note"), key: f.Get("key")}
	_, err = r.store.AskConnection(r.Request().Context(), r.Param("ref"), t.note, t.key)
	if wrong, ok := invalid(err); ok {
		t.wrong = wrong
		return r.larPage(http.StatusUnprocessableEntity, &t, suspensionTyped{})
	}
	if err != nil {
		return err
	}
	return r.said("/lars/"+r.Param("ref"), "good", "The LAR was asked. You get a mail when it answers.")
}
