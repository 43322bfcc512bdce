package web

import (
	"net/http"
	"slices"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// talkModel adds what was asked and answered about a claim, and the form of the
// side whose turn it is.
func (r *request) talkModel(m *views.ClaimModel, p store.ClaimPage) {
	for _, e := range slices.Backward(p.Events) {
		if e.Action == influence.AskAboutClaim || e.Action == influence.AnswerAboutClaim || e.Action == influence.TakeQuestionBack {
			m.Messages = append(m.Messages, r.message(e))
		}
	}
	if r.actor.May(influence.AnswerClaims) {
		if p.State.Can(influence.AskAboutClaim, r.actor.Role) == nil {
			m.Ask = r.askForm(influence.QuestionDraft{})
		}
		m.TakeBack = p.State.Can(influence.TakeQuestionBack, r.actor.Role) == nil
	}
	if p.Own && r.actor.May(influence.EditClaims) && p.State.Can(influence.AnswerAboutClaim, r.actor.Role) == nil {
		m.Question = r.questionForm(p, influence.AnswerDraft{Claim: p.Draft}, nil)
	}
}

// message is a question or an answer as it is shown.
func (r *request) message(e store.ClaimEvent) views.ClaimMessage {
	x := views.ClaimMessage{Who: e.By, Org: e.Org, Mine: e.Own, Text: e.Note, When: influence.Ago(e.At, r.now(), r.zone()), Exact: instantText(e.At, r.zone()),
		Title: influence.ReasonCode(e.Code).Title()}
	if e.Action == influence.TakeQuestionBack {
		x.Text = "The question was withdrawn."
	}
	for _, f := range e.Fields {
		x.Fields = append(x.Fields, views.ClaimChange{Label: influence.ClaimFieldTitle(f.Field), Was: claimFieldText(f.Field, f.Was), Now: claimFieldText(f.Field, f.Now)})
	}
	if e.Action == influence.AskAboutClaim {
		for i := range x.Fields {
			x.Fields[i] = views.ClaimChange{Label: x.Fields[i].Label + " can be edited"}
		}
	}
	return x
}

// claimFieldText is a field's value as pages say it.
func claimFieldText(field, typed string) string {
	switch {
	case typed == "":
		return "–"
	case field == "kind":
		return kindTitle(influence.InfluenceKind(typed))
	case field == "program":
		return programTitle(influence.Program(strings.ToLower(typed)))
	case field == "customer_state":
		return influence.StateName(typed)
	}
	return typed
}

func (r *request) askForm(d influence.QuestionDraft) *views.AskForm {
	f := &views.AskForm{Note: d.Note, Codes: []ui.Option{{Value: "", Label: "Choose what is missing"}},
		Due: influence.FormatDay(influence.ClaimActionRequired.Due(r.today(), r.s.store.Settings()))}
	for _, c := range influence.AskReasons() {
		f.Codes = append(f.Codes, ui.Option{Value: string(c), Label: c.Title(), Selected: d.Code == string(c)})
	}
	for _, name := range influence.AskableFields() {
		f.Fields = append(f.Fields, ui.Pick{Value: name, Label: influence.ClaimFieldTitle(name), Checked: slices.Contains(d.Fields, name)})
	}
	return f
}

// questionForm is the form of an answer, with what the last question says.
func (r *request) questionForm(p store.ClaimPage, d influence.AnswerDraft, wrong influence.Invalid) *views.QuestionForm {
	f := &views.QuestionForm{Title: influence.ReasonCode(p.Code).Title(), Answer: d.Answer, Wrong: wrong, Problems: problems(wrong),
		Due: influence.FormatDay(influence.LARDue(r.today(), int(p.DaysLeft), r.s.store.Settings()))}
	for _, e := range p.Events {
		if e.Action == influence.AskAboutClaim {
			f.Text = e.Note
			break
		}
	}
	for _, name := range p.Askable {
		f.Fields = append(f.Fields, answerField(name, d.Claim.Field(name), wrong[name]))
	}
	return f
}

// answerField is a field of the claim that a question lets the partner edit.
func answerField(name, typed, wrong string) ui.FieldProps {
	f := ui.FieldProps{ID: name, Name: name, Label: influence.ClaimFieldTitle(name), Value: typed, Error: wrong}
	switch name {
	case "customer_state":
		f.Kind, f.Options = "select", stateOptions(influence.CustomerStates(), typed)
	case "program":
		f.Kind, f.Options = "select", []ui.Option{{Value: "", Label: "Choose a program"}}
		for _, p := range influence.Programs() {
			f.Options = append(f.Options, ui.Option{Value: string(p), Label: programTitle(p), Selected: strings.EqualFold(typed, string(p))})
		}
	case "kind":
		f.Kind, f.Options = "select", append([]ui.Option{{Value: "", Label: "Choose what you did"}}, kindOptions()...)
		for i := range f.Options {
			f.Options[i].Selected = f.Options[i].Value == typed
		}
	case "seats":
		f.Mode = "numeric"
	case "amount":
		f.Mode = "decimal"
	case "expected_on":
		f.Kind = "date"
	case "note", "evidence":
		f.Kind = "textarea"
	}
	return f
}

// claimAsk puts a question to the partner of a claim.
func (s *server) claimAsk(r *request) error {
	f, err := r.form("fields")
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	d := influence.QuestionDraft{Code: f.Get("code"), Note: f.Get("note"), Fields: f.All("fields")}
	if err == nil {
		err = r.store.AskAboutClaim(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), d)
	}
	return r.claimDone(err, "The question was sent. It is the partner’s turn.", d.Note, func(m *views.ClaimModel, wrong influence.Invalid) {
		m.Ask = r.askForm(d)
		m.Ask.Wrong, m.Ask.Problems, m.Ask.Open = wrong, problems(wrong), true
	})
}

// claimTakeBack withdraws the open question about a claim.
func (s *server) claimTakeBack(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.store.TakeQuestionBack(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")))
	return r.claimDone(err, "The question was withdrawn. It is your turn.", "Withdraw the question", nil)
}

// claimAnswer answers the open question about a claim.
func (s *server) claimAnswer(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	d := influence.AnswerDraft{Answer: f.Get("answer"), Claim: claimDraft(f)}
	if err == nil {
		err = r.store.AnswerAboutClaim(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), d)
	}
	if wrong, ok := invalid(err); ok {
		p, err := r.store.Claim(r.Request().Context(), r.Param("ref"))
		if err != nil {
			return err
		}
		return r.claimPageWith(http.StatusUnprocessableEntity, func(m *views.ClaimModel) influence.Invalid {
			if m.Question != nil {
				m.Question = r.questionForm(p, d, wrong)
			}
			return wrong
		})
	}
	return r.claimDone(err, "Your answer was sent. It is the LAR’s turn.", d.Answer, nil)
}

// claimDone answers what was done to a claim: on its page, with what is wrong in
// the form that typed fills in, or beside what somebody faster made of it.
func (r *request) claimDone(err error, done, wanted string, typed func(*views.ClaimModel, influence.Invalid)) error {
	if wrong, ok := invalid(err); ok && typed != nil {
		return r.claimPageWith(http.StatusUnprocessableEntity, func(m *views.ClaimModel) influence.Invalid {
			typed(m, wrong)
			return wrong
		})
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.claimMeanwhile(r.Param("ref"), wanted, nil) })
	}
	return r.said("/claims/"+r.Param("ref"), "good", done)
}
