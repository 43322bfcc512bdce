package web

import (
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// ownApplication shows an applicant how its application stands.
func (s *server) ownApplication(r *request) error {
	a, err := r.store.OwnApplication(r.Request().Context())
	if err != nil {
		return err
	}
	m := views.OwnApplicationModel{Ref: a.Ref, Tone: "info", Icon: "clock", State: "Waiting", Heading: a.Company + " is being looked at",
		Text: "A partner manager looks at your application or, if your company takes part already, its owner does. The answer comes by mail to " + a.Email + ". You can come back at any time.", Facts: applicationFacts(a)}
	m.Events = []ui.Event{{Title: "Waiting for the answer", When: "since " + influence.Ago(a.ConfirmedAt, r.now(), r.zone()), Exact: instantText(a.ConfirmedAt, r.zone()), Now: true}}
	if a.State == "refused" {
		m.Tone, m.Icon, m.State, m.Heading, m.Refused = "bad", "no", "Not accepted", a.Company+" was not enrolled", true
		m.Text, m.Reason = "A partner manager did not accept the application. The reason:", a.Reason
		m.Events[0] = ui.Event{Title: "Not accepted", When: instantText(a.DecidedAt, r.zone()), Who: "Microsoft", Now: true}
	}
	if a.State == "refused" && a.ByOwner {
		m.Heading, m.Text, m.Events[0].Who = "You were not let into the team", "An owner of the company with the partner ID "+a.PartnerNo+" declined. The reason:", "The company’s owner"
	}
	m.Events = append(m.Events, ui.Event{Title: "Address confirmed", When: instantText(a.ConfirmedAt, r.zone()), Who: a.Name})
	return r.html(http.StatusOK, views.OwnApplication(r.page("Your application"), m))
}

func applicationFacts(a store.OwnApplication) []ui.Fact {
	return []ui.Fact{{Label: "Company", Value: a.Company}, {Label: "Partner ID", Value: a.PartnerNo}, {Label: "Level", Value: a.Level.Title()},
		{Label: "State", Value: influence.StateName(a.PartnerState)}, {Label: "Name", Value: a.Name}, {Label: "E-mail", Value: a.Email}}
}
