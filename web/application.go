package web

import (
	"net/http"
	"slices"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// ownApplication shows an applicant how its application stands.
func (s *server) ownApplication(r *request) error {
	return r.ownApplicationPage(http.StatusOK, nil, nil)
}

// ownApplicationPage is the same with an answer that can't be taken as it is.
func (r *request) ownApplicationPage(status int, typed *influence.ApplicationAnswer, wrong influence.Invalid) error {
	a, err := r.store.OwnApplication(r.Request().Context())
	if err != nil {
		return err
	}
	m := views.OwnApplicationModel{Ref: a.Ref, Tone: "info", Icon: "clock", State: "Waiting", Heading: a.Company + " is being looked at",
		Text:  "A partner manager looks at your application or, if your company takes part already, its owner does. The answer comes by mail to " + a.Email + ". You can come back at any time.",
		Facts: applicationFacts(a.SignUp), Messages: r.applicationMessages(a.Talk, false), Events: []ui.Event{r.applicationEvent(a)}}
	switch a.State {
	case "asked":
		m.Tone, m.Icon, m.State, m.Heading, m.Text = "warn", "hand", "Your turn", "A question about "+a.Company, "The application goes on once you answer."
		m.Question = questionAbout(a, typed, wrong)
	case "refused":
		m.Tone, m.Icon, m.State, m.Heading, m.Refused = "bad", "no", "Not accepted", a.Company+" was not enrolled", true
		m.Text, m.Reason = "A partner manager did not accept the application. The reason:", a.Reason
		if a.ByOwner {
			m.Heading, m.Text = "You were not let into the team", "An owner of the company with the partner ID "+a.PartnerNo+" declined. The reason:"
		}
	}
	for _, x := range slices.Backward(a.Talk) {
		if !x.Open() {
			m.Events = append(m.Events, ui.Event{Title: "You answered", When: instantText(x.AnsweredAt, r.zone()), Who: a.Name})
			m.Events = append(m.Events, ui.Event{Title: "Microsoft asked", When: instantText(x.AskedAt, r.zone()), Who: "Microsoft"})
		}
	}
	m.Events = append(m.Events, ui.Event{Title: "Address confirmed", When: instantText(a.ConfirmedAt, r.zone()), Who: a.Name})
	return r.html(status, views.OwnApplication(r.page(formTitle("Your application", wrong)), m))
}

// applicationEvent is where an application stands now.
func (r *request) applicationEvent(a store.OwnApplication) ui.Event {
	switch {
	case a.State == "asked":
		return ui.Event{Title: "Waiting for your answer", When: "since " + influence.Ago(a.Asked, r.now(), r.zone()), Exact: instantText(a.Asked, r.zone()), Now: true}
	case a.State == "refused" && a.ByOwner:
		return ui.Event{Title: "Not accepted", When: instantText(a.DecidedAt, r.zone()), Who: "The company’s owner", Now: true}
	case a.State == "refused":
		return ui.Event{Title: "Not accepted", When: instantText(a.DecidedAt, r.zone()), Who: "Microsoft", Now: true}
	}
	since := a.ConfirmedAt
	if n := len(a.Talk); n > 0 {
		since = a.Talk[n-1].AnsweredAt
	}
	return ui.Event{Title: "Waiting for the answer", When: "since " + influence.Ago(since, r.now(), r.zone()), Exact: instantText(since, r.zone()), Now: true}
}

func applicationFacts(a influence.SignUp) []ui.Fact {
	return []ui.Fact{{Label: "Company", Value: a.Company}, {Label: "Partner ID", Value: a.PartnerNo}, {Label: "Level", Value: influence.Level(a.Level).Title()},
		{Label: "State", Value: influence.StateName(a.State)}, {Label: "Name", Value: a.Name}, {Label: "E-mail", Value: a.Email}, {Label: "Phone", Value: orDash(a.Phone)}}
}

// applicationMessages are the questions that are answered, and for Microsoft the
// open one too; the applicant has it in its form.
func (r *request) applicationMessages(talk []store.ApplicationTalk, staff bool) (all []views.ClaimMessage) {
	for _, x := range talk {
		if x.Open() && !staff {
			continue
		}
		q := views.ClaimMessage{Who: "Microsoft", Org: "about your application", Mine: staff, Text: x.Text, When: influence.Ago(x.AskedAt, r.now(), r.zone()), Exact: instantText(x.AskedAt, r.zone())}
		a := views.ClaimMessage{Who: "You", Org: "answered", Mine: !staff, Text: x.Answer, When: influence.Ago(x.AnsweredAt, r.now(), r.zone()), Exact: instantText(x.AnsweredAt, r.zone())}
		if staff {
			q.Who, q.Org, a.Who, a.Org = orDash(x.AskedBy), "Microsoft", "The applicant", "answered"
		}
		if len(x.Fields) > 0 {
			q.Fields = []views.ClaimChange{{Label: "To correct: " + influence.ApplicationFieldTitles(x.Fields)}}
		}
		if len(x.Corrected) > 0 {
			a.Fields = []views.ClaimChange{{Label: "Corrected: " + influence.ApplicationFieldTitles(x.Corrected)}}
		}
		if all = append(all, q); !x.Open() {
			all = append(all, a)
		}
	}
	return all
}

// questionAbout is the form of the open question: the fields as they stand, or as
// they were typed.
func questionAbout(a store.OwnApplication, typed *influence.ApplicationAnswer, wrong influence.Invalid) *views.ApplicationQuestionForm {
	q := a.Talk[len(a.Talk)-1]
	f := &views.ApplicationQuestionForm{Text: q.Text, Version: a.Version, Wrong: wrong, Problems: labelled(wrong, append(slices.Clone(signUpLabels), ui.Problem{Field: "answer", Label: "Your answer"}))}
	values := a.SignUp
	if typed != nil {
		f.Answer, values = typed.Text, typed.Typed
	}
	for _, name := range q.Fields {
		f.Fields = append(f.Fields, applicationField(name, values.Field(name), wrong[name]))
	}
	return f
}

// applicationField is a field that a question lets the applicant correct.
func applicationField(name, value, wrong string) ui.FieldProps {
	f := ui.FieldProps{Name: name, Label: influence.ApplicationFieldTitles([]string{name}), Value: value, Error: wrong}
	switch name {
	case "name":
		f.Auto = "name"
	case "phone":
		f.Kind, f.Auto, f.Optional = "tel", "tel", true
	case "company":
		f.Auto = "organization"
	case "state":
		f.Kind, f.Auto, f.Options = "select", "address-level1", stateOptions(influence.PartnerStates(), value)
	case "partner_id":
		f.Mode = "numeric"
	case "level":
		f.Kind, f.Options = "select", levelChoices(value)
	}
	return f
}

// applicationAnswer answers Microsoft's question about the actor's application.
func (s *server) applicationAnswer(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	typed := influence.ApplicationAnswer{Text: f.Get("answer"), Typed: influence.SignUp{Name: f.Get("name"), Phone: f.Get("phone"), Company: f.Get("company"), State: f.Get("state"),
		PartnerNo: f.Get("partner_id"), Level: f.Get("level")}}
	if err == nil {
		err = r.store.AnswerApplicationQuestion(r.Request().Context(), typed, atoi(f.Get("version")))
	}
	if wrong, ok := invalid(err); ok {
		return r.ownApplicationPage(http.StatusUnprocessableEntity, &typed, wrong)
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.ownApplicationMeanwhile(typed.Text) })
	}
	return r.said("/", "good", "Your answer was sent. The application waits for Microsoft again.")
}
