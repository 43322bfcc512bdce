package web

import (
	"irm/influence"
	"irm/store"
	"irm/views"
)

// claimYours says whether what was reported and fits a claim is its deal.
func (s *server) claimYours(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	answer := f.Get("answer")
	if err == nil && answer != "yes" && answer != "no" {
		err = influence.Invalid{"yours": "Choose whether it is yours."}
	}
	done := "The LAR reads that this is your deal. It decides whether the claim belongs to the agreement."
	if answer == "no" {
		done = "What was suggested is dropped. The claim goes on waiting for its agreement."
	}
	if err == nil {
		err = r.store.AnswerWhose(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), answer == "yes")
	}
	return r.claimDone(err, done, "Answer: "+answer, func(m *views.ClaimModel, wrong influence.Invalid) {
		if m.Whose != nil {
			m.Whose.Problems = problems(wrong)
		}
	})
}

// yoursModel asks the partner of an intent whether what fits it is its deal.
func (r *request) yoursModel(m *views.ClaimModel, p store.ClaimPage) {
	if p.Whose.Mine {
		m.SaidYours = "You said that this deal was signed. " + p.LAR + " decides whether the claim belongs to an agreement."
	}
	if p.Whose.Asked {
		m.Whose = &views.YoursForm{LAR: p.LAR}
	}
}

// whoseTodo names the claims about which the partner is asked, before the rest.
func whoseTodo(m *views.HomeModel, claims []store.ClaimRow) {
	var first []views.TodoItem
	for _, c := range claims {
		first = append(first, views.TodoItem{Icon: "flag", Tone: "warn", Title: claimTitle(c) + ": is this yours?", Href: "/claims/" + c.Ref, Amount: dollarsOr(c.Cents),
			Text: c.LAR + " reported an agreement that fits your claim.", Action: "Answer", ActionHref: "/claims/" + c.Ref + "#yours"})
	}
	m.Todo = append(first, m.Todo...)
}
