package web

import (
	"fmt"
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
	"irm/views/ui"
)

// intentModel adds what an intent waits for, and how its LAR answers it.
func (r *request) intentModel(m *views.ClaimModel, p store.ClaimPage) {
	if p.Number != "" {
		m.Unreported = p.LAR + " has not reported this number."
	}
	if p.CrossMatch != nil {
		m.CrossMatch, m.CrossLAR = p.CrossMatch.Ref, p.CrossMatch.LAR
	}
	for _, x := range p.Suggested {
		m.Suggested = append(m.Suggested, views.SuggestedItem{Href: "/agreements/" + x.Ref, Ref: x.Ref, Number: x.Number, Customer: x.Customer, Signed: influence.FormatDay(x.SignedOn),
			Amount: influence.FormatMoney(x.Cents), Score: fmt.Sprintf("%d.%02d", x.Score/100, x.Score%100), Reasons: x.Reasons})
	}
	if r.actor.May(influence.AnswerClaims) && p.State.Can(influence.AttachClaim, r.actor.Role) == nil {
		m.Answer = &views.IntentAnswer{Codes: intentCodes(nil)}
	}
}

// intentCodes are the reasons to reject an intent, with the one that chosen has.
func intentCodes(chosen []ui.Option) []ui.Option {
	all := []ui.Option{{Value: "", Label: "Choose a reason"}}
	for _, c := range influence.IntentReasons() {
		all = append(all, ui.Option{Value: string(c), Label: c.Title(), Selected: len(chosen) > 0 && chosen[0].Value == string(c)})
	}
	return all
}

// claimAttach attaches an intent to an agreement of its LAR.
func (s *server) claimAttach(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	name := f.Get("agreement")
	err = r.store.AttachClaim(r.Request().Context(), r.Param("ref"), name, atoi(f.Get("version")))
	return r.intentAnswered(err, views.IntentAnswer{Agreement: name}, "The claim was attached. It waits at your desk for the decision.")
}

// claimReject rejects an intent.
func (s *server) claimReject(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	code, note := f.Get("code"), f.Get("note")
	err = r.store.RejectIntent(r.Request().Context(), r.Param("ref"), code, note, atoi(f.Get("version")))
	return r.intentAnswered(err, views.IntentAnswer{Note: note, Codes: []ui.Option{{Value: code}}}, "The claim was rejected. Its partner gets a mail.")
}

func (r *request) intentAnswered(err error, typed views.IntentAnswer, done string) error {
	if wrong, ok := invalid(err); ok {
		typed.Wrong, typed.Problems = wrong, problems(wrong)
		return r.claimPage(http.StatusUnprocessableEntity, &typed)
	}
	if err != nil {
		return r.meanwhile(err, func() (views.ConflictModel, error) {
			return r.claimMeanwhile(r.Param("ref"), strings.TrimSpace(typed.Agreement+" "+typed.Note), nil)
		})
	}
	return r.said("/claims/"+r.Param("ref"), "good", done)
}
