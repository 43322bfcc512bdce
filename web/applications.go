package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// applicationWords is how an application's state is shown.
var applicationWords = map[string]struct{ title, tone, icon string }{
	"waiting":  {"Waiting", "warn", "hand"},
	"asked":    {"Applicant’s turn", "info", "clock"},
	"accepted": {"Accepted", "good", "ok"},
	"refused":  {"Refused", "bad", "no"},
	"enrolled": {"Enrolled at once", "good", "ok"},
}

// applicationFilter shows what waits, unless another state or all are asked for.
func applicationFilter(q *Fields) store.ApplicationFilter {
	f := store.ApplicationFilter{Reversed: turned(q), State: q.Get("state"), After: q.Get("after"), Before: q.Get("before"), Limit: pageSize}
	switch f.State {
	case "":
		f.State = "waiting"
	case "all":
		f.State = ""
	}
	return f
}

// applicationList shows the applications, those that wait unless asked otherwise.
func (s *server) applicationList(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	page, err := r.store.Applications(r.Request().Context(), applicationFilter(q))
	if err != nil {
		return err
	}
	m := views.ApplicationListModel{ListModel: r.applicationHead(q)}
	m.Older, m.Newer = r.neighbours("/applications", page.Older, page.Newer)
	m.Empty, m.Count = len(page.Rows) == 0, counted(len(page.Rows), page.Older+page.Newer != "")
	for _, a := range page.Rows {
		m.Rows = append(m.Rows, r.applicationItem(a))
	}
	return r.html(http.StatusOK, views.ApplicationList(r.page("Applications"), m))
}

func (r *request) applicationHead(q *Fields) views.ListModel {
	states := []ui.Option{{Value: "", Label: "Waiting"}, {Value: "asked", Label: "Applicant’s turn"}, {Value: "accepted", Label: "Accepted"}, {Value: "refused", Label: "Refused"}, {Value: "enrolled", Label: "Enrolled at once"}, {Value: "all", Label: "All"}}
	m := views.ListModel{Order: r.order(), Sorted: r.sorted("/applications", "Sent", false), Action: "/applications", Exports: r.exports("/applications"), Filters: []ui.FieldProps{selectField("state", "State", q.Get("state"), states)}}
	if q.Get("state") == "" {
		for i := range m.Exports {
			join := "?"
			if strings.Contains(m.Exports[i].Href, "?") {
				join = "&"
			}
			m.Exports[i].Href += join + "state=waiting"
		}
	}
	word := applicationWords[q.Get("state")].title
	if q.Get("state") == "all" {
		word = "All"
	}
	m.Chips = r.chips("/applications", map[string]string{"state": word})
	m.Filtered = len(m.Chips) > 0
	return m
}

func (r *request) applicationItem(a store.ApplicationRow) views.ApplicationItem {
	w := applicationWords[a.Shown()]
	return views.ApplicationItem{Href: "/applications/" + a.Ref, Ref: a.Ref, Company: a.Company, Person: a.Name, Email: a.Email, Phone: orDash(a.Phone), PartnerNo: a.PartnerNo,
		Level: string(a.Level), Place: influence.StateName(a.PartnerState), State: w.title, Tone: w.tone, Icon: w.icon, Why: a.Why, Sent: r.dayOf(a.Confirmed)}
}

// dayOf writes the program's day of an instant.
func (r *request) dayOf(at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	return influence.FormatDay(influence.DayOf(at, r.zone()))
}

// applicationShow is an application beside the roster's row of its partner ID.
func (s *server) applicationShow(r *request) error {
	return r.applicationPage(http.StatusOK, applicationTyped{})
}

// applicationTyped is what was typed on the page of an application and can't be
// taken as it is: a reason to refuse it, or a question about it.
type applicationTyped struct {
	reason  string
	ask     *influence.ApplicationQuestion
	version int64
	wrong   influence.Invalid
}

func (r *request) applicationPage(status int, t applicationTyped) error {
	p, err := r.store.Application(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := views.ApplicationModel{ApplicationItem: r.applicationItem(p.ApplicationRow), Rows: compared(p), OnRoster: p.Roster != nil, Answer: p.ApplicationRow.Reason, Reason: t.reason,
		CanDecide: p.ApplicationRow.State == "waiting" && !p.Owners && r.actor.May(influence.DecideApplication), Version: p.Version, Wrong: t.wrong, Problems: problems(t.wrong),
		Messages: r.applicationMessages(p.Talk, true)}
	if t.version != 0 {
		m.Version = t.version
	}
	if m.CanDecide && p.Shown() == "waiting" {
		m.Ask = applicationAsk(t.ask)
	}
	if !p.Decided.IsZero() && p.DecidedBy != "" {
		m.Decided = "By " + p.DecidedBy + " on " + r.dayOf(p.Decided) + "."
	}
	switch {
	case p.Owners:
		m.Note = "The person asks to join a company that takes part. Its owner answers the request and was told by mail."
	case p.Partner != nil && p.Partner.Enrolled:
	case p.Roster == nil:
		m.Note = "The roster has no row with this partner ID. Accepting takes name, level and state from the application."
	case p.Roster.Gone:
		m.Note = "The partner is not on the current roster. Accepting takes name, level and state from its last row."
	default:
		m.Note = "Accepting takes name, level and state from the roster."
	}
	if p.Partner != nil {
		m.PartnerHref = "/partners/" + p.Partner.Ref
		if p.Partner.Enrolled {
			m.Enrolled = p.Partner.Name
		}
	}
	return r.html(status, views.ApplicationShow(r.page(formTitle(p.Company, t.wrong)), m))
}

// compared puts what the applicant says beside what the roster has.
func compared(p store.ApplicationPage) []views.CompareRow {
	row := influence.RosterRow{}
	if p.Roster != nil {
		row = *p.Roster
	}
	line := func(what, said, roster string, alike bool) views.CompareRow {
		return views.CompareRow{What: what, Said: orDash(said), Roster: orDash(roster), Differs: p.Roster != nil && !alike}
	}
	domain := influence.DomainOf(p.Email)
	return []views.CompareRow{
		line("Partner ID", p.PartnerNo, row.PartnerNo, p.PartnerNo == row.PartnerNo),
		line("Company", p.Company, row.Name, influence.NameKey(p.Company) == influence.NameKey(row.Name)),
		line("Level", p.Level.Title(), row.Level.Title(), p.Level == row.Level),
		line("State", influence.StateName(p.PartnerState), influence.StateName(row.State), p.PartnerState == row.State),
		line("Person", p.Name, row.ContactName, true),
		line("E-mail", p.Email, row.ContactEmail, domain == influence.DomainOf(row.ContactEmail) || domain == influence.DomainOf(row.Website)),
		line("Website", "", row.Website, true),
		line("Phone", p.Phone, "", true),
	}
}

func (s *server) applicationAccept(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.store.AcceptApplication(r.Request().Context(), r.Param("ref"), atoi(f.Get("version"))); err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.applicationMeanwhile(r.Param("ref"), "Accept", "") })
	}
	return r.said("/applications/"+r.Param("ref"), "good", "The application was accepted. The applicant gets a mail.")
}

func (s *server) applicationRefuse(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	reason, version := f.Get("reason"), atoi(f.Get("version"))
	err = r.store.RefuseApplication(r.Request().Context(), r.Param("ref"), reason, version)
	if wrong, ok := invalid(err); ok {
		return r.applicationPage(http.StatusUnprocessableEntity, applicationTyped{reason: reason, version: version, wrong: wrong})
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.applicationMeanwhile(r.Param("ref"), "Refuse", reason) })
	}
	return r.said("/applications/"+r.Param("ref"), "info", "The application was refused. The applicant gets a mail with the reason.")
}

// applicationAsk is the form of a question, as typed.
func applicationAsk(typed *influence.ApplicationQuestion) *views.ApplicationAsk {
	f := &views.ApplicationAsk{}
	var named []string
	if typed != nil {
		f.Text, named, f.Open = typed.Text, typed.Fields, true
	}
	for _, x := range influence.ApplicationFields() {
		f.Fields = append(f.Fields, ui.Pick{Value: x.Name, Label: x.Title, Checked: slices.Contains(named, x.Name)})
	}
	return f
}

// applicationAsk puts a question to the applicant.
func (s *server) applicationAsk(r *request) error {
	f, err := r.form("fields")
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	q, version := influence.ApplicationQuestion{Text: f.Get("question"), Fields: f.All("fields")}, atoi(f.Get("version"))
	if err == nil {
		err = r.store.AskApplicant(r.Request().Context(), r.Param("ref"), q, version)
	}
	if wrong, ok := invalid(err); ok {
		return r.applicationPage(http.StatusUnprocessableEntity, applicationTyped{ask: &q, version: version, wrong: wrong})
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.applicationMeanwhile(r.Param("ref"), "Ask", q.Text) })
	}
	return r.said("/applications/"+r.Param("ref"), "good", "The question was sent. It is the applicant’s turn.")
}
