package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

func partnerFilter(q *Fields) store.PartnerFilter {
	return store.PartnerFilter{Reversed: turned(q), Sort: q.Get("sort"), Level: influence.Level(strings.ToLower(q.Get("level"))), State: strings.ToUpper(q.Get("state")), Enrolled: q.Get("enrolled"),
		Query: q.Get("q"), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize,
		Active: store.Activity{Period: q.Get("active"), Program: influence.Program(q.Get("program")), LAR: q.Get("lar"), CustomerState: strings.ToUpper(q.Get("customer_state"))}}
}

// activeChip says which partners are taken for their orders.
func activeChip(q *Fields) string {
	p, err := influence.ParsePeriod(q.Get("active"))
	if err != nil {
		return ""
	}
	return "With a share in " + p.Title()
}

// partnerList shows the partners that the actor sees.
func (s *server) partnerList(r *request) error {
	return r.partnersPage(http.StatusOK, views.LookUpModel{})
}

// partnersPage is the list, for a LAR with what it looked up.
func (r *request) partnersPage(status int, look views.LookUpModel) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Partners(r.Request().Context(), partnerFilter(q))
	if err != nil {
		return err
	}
	m := views.PartnerListModel{ListModel: r.partnerHead("/partners", q), ShowMoney: r.actor.Role != influence.RolePartner, Year: fiscalYear(r.today())}
	if r.actor.May(influence.LookUpRoster) {
		look.Problems = problems(look.Wrong)
		m.LookUp = &look
	}
	m.ByName, m.ByMoney = r.partnerColumns(q, m.Year)
	if r.actor.Role == influence.RoleStaff {
		m.Ways = []views.Link{{Label: "Connections", Href: "/connections"}, {Label: "Customers", Href: "/customers"}}
	}
	m.Older, m.Newer = r.neighbours("/partners", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, p := range page.Rows {
		m.Rows = append(m.Rows, r.partnerItem(p))
	}
	return r.html(status, views.PartnerList(r.page(formTitle("Partners", look.Wrong)), m))
}

// partnerColumns are the heads of the two columns that the list can be in the
// order of.
func (r *request) partnerColumns(q *Fields, year string) (name, money ui.Column) {
	at, byMoney := r.filters(), q.Get("sort") == store.SortInfluenced && r.actor.Role != influence.RolePartner
	turned := r.sorted("/partners", "", byMoney) // the column that the list is in the order of
	at.Del("sort")
	at.Del("order")
	name = ui.Column{Label: "Partner", Href: address("/partners", at)}
	at.Set("sort", store.SortInfluenced)
	money = ui.Column{Label: "Influenced " + year, Href: address("/partners", at), Num: true}
	if byMoney {
		money.Href, money.Sorted = turned.Href, turned.Sorted
	} else {
		name.Href, name.Sorted = turned.Href, turned.Sorted
	}
	return name, money
}

func (r *request) partnerItem(p store.PartnerItem) views.PartnerListItem {
	return views.PartnerListItem{Href: "/partners/" + p.Ref, Name: p.Name, No: p.No, Level: string(p.Level), Place: influence.StateName(p.State), City: orDash(p.City),
		Money: influence.FormatMoney(p.Influenced), Enrolled: p.Enrolled, Suspended: p.Suspended && r.actor.Role == influence.RoleStaff}
}

// partnerHead is the filter bar of partners and of the roster.
func (r *request) partnerHead(path string, q *Fields) views.ListModel {
	levels := []ui.Option{{Value: "", Label: "Any"}}
	for _, l := range influence.Levels() {
		levels = append(levels, ui.Option{Value: string(l), Label: l.Title()})
	}
	states := stateOptions(influence.PartnerStates(), "")
	states[0].Label = "Any"
	m := views.ListModel{Order: r.order(), Action: path, Exports: r.exports(path)}
	find := "Name"
	if r.actor.Role == influence.RoleStaff {
		find = "Name or partner ID"
	}
	m.Filters = []ui.FieldProps{{Name: "q", Label: find, Kind: "search", Value: q.Get("q")}, selectField("level", "Level", strings.ToLower(q.Get("level")), levels),
		selectField("state", "State", strings.ToUpper(q.Get("state")), states)}
	if r.actor.Role != influence.RolePartner {
		m.Filters = append(m.Filters, selectField("enrolled", "Enrolled", q.Get("enrolled"), []ui.Option{{Value: "", Label: "All"}, {Value: "yes", Label: "Enrolled"}, {Value: "no", Label: "Not enrolled"}}))
	}
	m.Chips = r.chips(path, map[string]string{"q": q.Get("q"), "level": influence.Level(strings.ToLower(q.Get("level"))).Title(), "state": influence.StateName(strings.ToUpper(q.Get("state"))),
		"enrolled": map[string]string{"yes": "Enrolled", "no": "Not enrolled"}[q.Get("enrolled")], "active": activeChip(q), "program": programTitleOr(q.Get("program")), "lar": r.larChip(q.Get("lar")),
		"customer_state": influence.StateName(strings.ToUpper(q.Get("customer_state"))), "gone": map[string]string{"yes": "Not on the current roster"}[q.Get("gone")]})
	m.Filtered = len(m.Chips) > 0
	return m
}

// rosterLookUp finds a partner by its exact ID, for a LAR.
func (s *server) rosterLookUp(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := take(s.limits.lookUp, r.actor.MemberID); err != nil {
		return err
	}
	m := views.LookUpModel{Typed: f.Get("partner_id")}
	hit, err := r.store.LookUpRoster(r.Request().Context(), m.Typed)
	if wrong, ok := invalid(err); ok {
		m.Wrong = wrong
		return r.partnersPage(http.StatusUnprocessableEntity, m)
	}
	switch {
	case errors.Is(err, influence.ErrNotFound):
		m.Missing = true
	case err != nil:
		return err
	default:
		m.Hit = &views.LookUpHit{No: hit.PartnerNo, Name: hit.Name, Level: hit.Level.Title(), Place: influence.StateName(hit.State), Enrolled: hit.Enrolled}
	}
	return r.partnersPage(http.StatusOK, m)
}

// partnerShow is the page of a partner.
func (s *server) partnerShow(r *request) error {
	return r.partnerPage(http.StatusOK, suspensionTyped{})
}

func (r *request) partnerPage(status int, typed suspensionTyped) error {
	p, err := r.store.Partner(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := r.partnerModel(p)
	if p.Enrolled {
		m.Access = r.accessModel("/partners/"+p.Ref, p.Name, p.Access, typed)
	}
	if m.Access != nil {
		m.Access.CanChange = r.actor.May(influence.SuspendPartner)
	}
	return r.html(status, views.PartnerShow(r.page(formTitle(p.Name, typed.wrong)), m))
}

func (r *request) partnerModel(p store.PartnerPage) views.PartnerModel {
	m := views.PartnerModel{PartnerListItem: r.partnerItem(p.PartnerItem), Lead: partnerLead(p), Contacts: contactItems(p.Contacts), NoContacts: r.noContacts(p)}
	if r.actor.May(influence.ViewAs) && p.Enrolled && !p.Suspended {
		m.ViewAs = "/partners/" + p.Ref + "/view"
	}
	m.Facts = []ui.Fact{{Label: "State", Value: influence.StateName(p.State)}, {Label: "City", Value: orDash(p.City)}}
	if p.No != "" {
		m.Facts = append([]ui.Fact{{Label: "Partner ID", Value: p.No}}, m.Facts...)
	}
	if p.Website != "" {
		m.Facts = append(m.Facts, ui.Fact{Label: "Website", Value: p.Website})
	}
	if p.Phone != "" {
		m.Facts = append(m.Facts, ui.Fact{Label: "Phone", Value: p.Phone})
	}
	if p.Address != "" {
		m.Facts = append(m.Facts, ui.Fact{Label: "Address", Value: p.Address})
	}
	if len(p.Competencies) > 0 {
		m.Facts = append(m.Facts, ui.Fact{Label: "Competencies", Value: strings.Join(p.Competencies, ", ")})
	}
	if p.Own && r.actor.May(influence.EditProfile) {
		m.Edit = "/profile"
	}
	r.partnerMoney(&m, p)
	if p.Connection != nil {
		m.Connections = []views.ConnectionItem{r.connectionItem(*p.Connection)}
	}
	for _, c := range p.LARs {
		m.Connections = append(m.Connections, r.connectionItem(c))
	}
	for i, l := range p.Levels {
		m.Levels = append(m.Levels, ui.Event{Title: l.Level.Title() + ", " + influence.StateName(l.State), When: influence.FormatDay(influence.DayOf(l.At, r.zone())), Now: i == 0})
	}
	if r.actor.Role == influence.RoleStaff {
		rosterFacts(&m, p.Roster)
	}
	m.Links = r.personalLinks(p)
	return m
}

func partnerLead(p store.PartnerPage) string {
	switch {
	case p.Own:
		return "Your company, as the program knows it."
	case p.Enrolled:
		return "A partner of the program."
	}
	return "Known from the roster. Its influence is recorded and is there when it enrolls."
}

// partnerMoney adds the figures of each fiscal year, and the ways to their rows.
func (r *request) partnerMoney(m *views.PartnerModel, p store.PartnerPage) {
	if len(p.Money) == 0 {
		return
	}
	m.MoneyTitle = "Influenced revenue"
	if r.actor.Role == influence.RoleLAR {
		m.MoneyTitle = "Influenced revenue with you"
	}
	query := url.Values{"partner": {p.Ref}}
	if p.Own {
		query = url.Values{}
	}
	for _, y := range p.Money {
		item := views.PartnerYear{Year: y.Year, Influenced: influence.FormatMoney(y.Influenced), Sourced: influence.FormatMoney(y.Sourced), Orders: number(y.Orders)}
		if !p.Own && y.Orders > 0 { // a partner's own list has no periods
			of := url.Values{"partner": {p.Ref}, "fy": {strings.TrimPrefix(y.Year, "FY")}}
			item.Href = "/agreements?" + of.Encode()
		}
		m.Money = append(m.Money, item)
	}
	m.Claims, m.Agreements = address("/claims", query), address("/agreements", query)
}

// address is a path with a query, if there is one.
func address(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

func contactItems(all []store.Contact) []views.ContactItem {
	items := make([]views.ContactItem, 0, len(all))
	for _, c := range all {
		item := views.ContactItem{Name: c.Name, Email: c.Email, Phone: c.Phone}
		if c.Rank == influence.RankOwner {
			item.Rank = "Owner"
		}
		items = append(items, item)
	}
	return items
}

// noContacts says why a partner's page has no contacts.
func (r *request) noContacts(p store.PartnerPage) string {
	switch {
	case !p.Enrolled:
		return "There are none before it enrolls."
	case r.actor.Role == influence.RoleLAR:
		return "You see them once you are connected."
	case r.actor.Role == influence.RolePartner && !p.Own:
		return "Only connected LARs see them."
	}
	return "There are none."
}

func rosterFacts(m *views.PartnerModel, row *influence.RosterRow) {
	m.ShowRoster = true
	if row == nil {
		m.RosterNote = "The partner ID is not on the roster."
		return
	}
	if row.Gone {
		m.RosterNote = "Not on the current roster."
	}
	m.Roster = []ui.Fact{{Label: "Name", Value: row.Name}, {Label: "Level", Value: row.Level.Title()}, {Label: "State", Value: influence.StateName(row.State)},
		{Label: "City", Value: orDash(row.City)}, {Label: "Website", Value: orDash(row.Website)}, {Label: "Contact", Value: orDash(row.ContactName)}, {Label: "E-mail", Value: orDash(row.ContactEmail)}}
}
