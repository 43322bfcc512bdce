package web

import (
	"errors"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// meanwhile answers a change that somebody else was faster with by a page that
// shows what is there now beside what was typed. Other errors pass.
func (r *request) meanwhile(err error, now func() (views.ConflictModel, error)) error {
	if !errors.Is(err, influence.ErrConflict) {
		return err
	}
	m, err := now()
	if err != nil {
		return err
	}
	return r.html(http.StatusConflict, views.Conflict(r.page("Changed meanwhile"), m))
}

// changedBy says who was faster; nobody in particular where that is not for the reader.
func changedBy(who, what string) string {
	if who == "" {
		who = "Somebody"
	}
	return who + " changed " + what + " while you were reading. Your change was not stored; it is shown beside what is there now."
}

func again(href string) []views.Link {
	return []views.Link{{Label: "Open it again", Href: href, Primary: true}}
}

// claimMeanwhile shows a claim as it stands beside what was wanted of it and, for
// its form, beside every field typed otherwise.
func (r *request) claimMeanwhile(ref, wanted string, typed *influence.ClaimDraft) (m views.ConflictModel, err error) {
	p, err := r.store.Claim(r.Request().Context(), ref)
	if err != nil {
		return m, err
	}
	who := ""
	if len(p.Events) > 0 {
		who = p.Events[0].By + " of " + p.Events[0].Org
	}
	m = views.ConflictModel{Title: "This claim was changed while you were reading", Text: changedBy(who, "claim "+p.Ref), Actions: again("/claims/" + p.Ref),
		Rows: []views.ConflictRow{{What: "State", Now: p.State.Title(), Yours: wanted}}}
	if typed == nil {
		return m, nil
	}
	is, was := p.Draft, *typed
	is.LAR, was.LAR = p.LAR, r.larChip(typed.LAR)
	for _, f := range claimFields(is, was) {
		if f.Now != f.Yours {
			m.Rows = append(m.Rows, f)
		}
	}
	return m, nil
}

// claimFields are the fields of two forms side by side.
func claimFields(now, typed influence.ClaimDraft) []views.ConflictRow {
	return []views.ConflictRow{{What: "LAR", Now: now.LAR, Yours: typed.LAR}, {What: "Agreement number", Now: now.AgreementNumber, Yours: typed.AgreementNumber},
		{What: "Customer", Now: now.Customer, Yours: typed.Customer}, {What: "Customer’s state", Now: now.CustomerState, Yours: typed.CustomerState},
		{What: "Program", Now: now.Program, Yours: typed.Program}, {What: "Seats", Now: now.Seats, Yours: typed.Seats}, {What: "Estimated amount", Now: now.Amount, Yours: typed.Amount},
		{What: "Signing date", Now: now.ExpectedOn, Yours: typed.ExpectedOn}, {What: "Influence", Now: kindTitle(influence.InfluenceKind(now.Kind)), Yours: kindTitle(influence.InfluenceKind(typed.Kind))},
		{What: "In your words", Now: now.Note, Yours: typed.Note}, {What: "Evidence", Now: now.Evidence, Yours: typed.Evidence}}
}

// connectionMeanwhile shows a request as it stands beside the answer wanted.
func (r *request) connectionMeanwhile(ref, wanted, reason string) (m views.ConflictModel, err error) {
	page, err := r.store.Connections(r.Request().Context(), store.ConnectionFilter{Ref: ref, Limit: 1})
	if err != nil {
		return m, err
	}
	if len(page.Rows) == 0 {
		return m, influence.ErrNotFound
	}
	c := page.Rows[0]
	return views.ConflictModel{Title: "This request was answered while you were reading", Text: changedBy(c.AnsweredBy, "the connection with "+c.Partner), Actions: again("/connections"),
		Rows: []views.ConflictRow{{What: "State", Now: c.Status.Title(), Yours: wanted}, {What: "Reason", Now: c.Reason, Yours: reason}}}, nil
}

// applicationMeanwhile shows an application as it stands beside the answer wanted.
func (r *request) applicationMeanwhile(ref, wanted, reason string) (m views.ConflictModel, err error) {
	p, err := r.store.Application(r.Request().Context(), ref)
	if err != nil {
		return m, err
	}
	words := map[string]string{"Ask": "Your question"}[wanted]
	if words == "" {
		words = "Reason"
	}
	return views.ConflictModel{Title: "This application was answered while you were reading", Text: changedBy(p.DecidedBy, "the application of "+p.Company), Actions: again("/applications/" + p.Ref),
		Rows: []views.ConflictRow{{What: "State", Now: applicationWords[p.Shown()].title, Yours: wanted}, {What: words, Now: p.ApplicationRow.Reason, Yours: reason}}}, nil
}

// ownApplicationMeanwhile shows an applicant how its application stands beside what
// it answered.
func (r *request) ownApplicationMeanwhile(answer string) (m views.ConflictModel, err error) {
	a, err := r.store.OwnApplication(r.Request().Context())
	if err != nil {
		return m, err
	}
	return views.ConflictModel{Title: "Your application goes on already", Text: "It was answered, by you in another window or by Microsoft. Your answer was not stored.", Actions: again("/"),
		Rows: []views.ConflictRow{{What: "State", Now: applicationWords[a.State].title, Yours: "Answer"}, {What: "Your answer", Yours: answer}}}, nil
}

// larMeanwhile shows a LAR's status as it stands beside the one wanted.
func (r *request) larMeanwhile(ref string, t larTyped) (m views.ConflictModel, err error) {
	p, err := r.store.LARPage(r.Request().Context(), ref)
	if err != nil {
		return m, err
	}
	who := ""
	if len(p.Statuses) > 0 {
		who = p.Statuses[0].By
	}
	return views.ConflictModel{Title: "This status was changed while you were reading", Text: changedBy(who, "the status of "+p.Name), Actions: again("/lars/" + p.Ref),
		Rows: []views.ConflictRow{{What: "Status", Now: p.Status.Title(), Yours: influence.LARStatus(t.status).Title()}, {What: "Planned to be Ready", Now: string(p.PlannedOn), Yours: t.planned}}}, nil
}
