package web

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"irm/influence"
	"irm/views"
	"irm/views/ui"
)

// decide enters the decision that the desk's form gives.
func (s *server) decide(r *request) error {
	f, err := r.form("partner_id", "share", "kind", "reject")
	if err != nil {
		return err
	}
	ref := r.Param("ref")
	draft, err := decisionDraft(f)
	if err != nil {
		return err
	}
	_, err = r.store.Decide(r.Request().Context(), ref, draft)
	wrong, ok := invalid(err)
	switch {
	case ok:
		maps.Copy(wrong, draft.Unread) // what can't be read is said first
		return r.deskAgain(ref, typedDecision{f, draft, wrong})
	case errors.Is(err, influence.ErrConflict):
		return r.decidedMeanwhile(ref, draft)
	case err != nil:
		return err
	}
	return r.said(r.deskAt(ref), "good", "Decided. You can undo it for 15 minutes.")
}

// deskAt is where the actor decides on an agreement: a LAR in its inbox, Microsoft
// on a page of its own.
func (r *request) deskAt(ref string) string {
	if r.actor.Role == influence.RoleStaff {
		return "/agreements/" + ref + "/decide"
	}
	return "/inbox?at=" + ref
}

// decideForm is the page on which Microsoft decides what a LAR and its owners
// left undecided. A LAR has its inbox for that.
func (s *server) decideForm(r *request) error {
	if r.actor.Role != influence.RoleStaff {
		return r.seeOther(r.deskAt(r.Param("ref")))
	}
	return r.decidePage(http.StatusOK, r.Param("ref"), typedDecision{})
}

func (r *request) decidePage(status int, ref string, typed typedDecision) error {
	d, err := r.desk(ref, typed)
	if err != nil {
		return err
	}
	d.Back, d.BackTo, d.Early = "/agreements/"+ref, "Agreement", !d.Ready
	if d.Waits {
		d.Late = d.Due
	}
	return r.html(status, views.Decide(r.page(formTitle("Decide", typed.wrong)), d))
}

// typedDecision is a decision as typed, and what is wrong with it. The zero
// typedDecision is a form that nobody filled in yet.
type typedDecision struct {
	fields *Fields
	draft  influence.DecisionDraft
	wrong  influence.Invalid
}

// deskAgain shows a refused form with what was typed.
func (r *request) deskAgain(ref string, typed typedDecision) error {
	if r.actor.Role == influence.RoleStaff {
		return r.decidePage(http.StatusUnprocessableEntity, ref, typed)
	}
	q, err := r.query()
	if err != nil {
		return err
	}
	m, err := r.inboxModel(q)
	if err != nil {
		return err
	}
	d, err := r.desk(ref, typed)
	if err != nil {
		return err
	}
	d.Back = "/inbox"
	m.Open = &d
	return r.html(http.StatusUnprocessableEntity, views.Inbox(r.page("Inbox"), m))
}

// decisionDraft reads the form: one line a partner; a line without a share is
// left out. What can't be read stands in the draft, which is refused for it
// together with what else is wrong; an error says that it is no form of ours.
func decisionDraft(f *Fields) (influence.DecisionDraft, error) {
	d := influence.DecisionDraft{Version: atoi(f.Get("version")), None: f.Get("outcome") == "none", Code: f.Get("code"), Note: f.Get("note"),
		Rejects: map[string]string{}, Unread: influence.Invalid{}}
	if from := f.Get("effective_on"); from != "" {
		day, err := influence.ParseDate(from)
		refuse(d.Unread, "effective_on", err)
		d.From = day
	}
	for _, x := range f.All("reject") {
		claim, code, _ := strings.Cut(x, ":")
		d.Rejects[claim] = code
	}
	nos, shares, kinds := f.All("partner_id"), f.All("share"), f.All("kind")
	for i, no := range nos {
		if i >= len(shares) || i >= len(kinds) {
			return d, errBadForm
		}
		no, share := strings.TrimSpace(no), strings.TrimSpace(shares[i])
		if share == "" || share == "0" || d.None {
			d.Unread.Check(share != "" || no == "" || !isTyped(f, i, len(nos)), "share", "Enter a share for partner "+no+".")
			continue
		}
		points, err := influence.ParsePercent(share)
		refuse(d.Unread, "share", err)
		number, err := influence.ParsePartnerNo(no)
		refuse(d.Unread, "partner_id", err)
		if number == "" {
			number = no
		}
		primary := f.Get("primary") == no || f.Get("primary") == "typed" && isTyped(f, i, len(nos))
		d.Shares = append(d.Shares, influence.Share{PartnerNo: number, Points: points, Kind: influence.InfluenceKind(kinds[i]), Primary: primary})
	}
	if len(d.Shares) == 1 {
		d.Shares[0].Primary = true // there is nothing to choose
	}
	return d, nil
}

// isTyped reports whether a line is the last one, whose partner is typed.
func isTyped(f *Fields, i, n int) bool { return n > 1 && i == n-1 }

func refuse(wrong influence.Invalid, field string, err error) {
	if err != nil {
		wrong.Check(false, field, err.Error())
	}
}

// decidedMeanwhile shows what changed, by whom, beside what was typed.
func (r *request) decidedMeanwhile(ref string, draft influence.DecisionDraft) error {
	p, err := r.store.Agreement(r.Request().Context(), ref)
	if err != nil {
		return err
	}
	if p.Full == nil {
		return influence.ErrNotFound
	}
	now, who := "Undecided", "Somebody"
	for i, d := range p.Full.Decisions {
		if i == 0 {
			who = d.By + " of " + d.LAR
		}
		if d.InForce {
			now = sharesText(d)
		}
	}
	yours := "No partner"
	var parts []string
	for _, s := range draft.Shares {
		parts = append(parts, s.PartnerNo+" "+influence.FormatPercent(s.Points))
	}
	if len(parts) > 0 {
		yours = strings.Join(parts, ", ")
	}
	m := views.ConflictModel{Title: "Somebody changed this agreement while you were reading",
		Text:    who + " was the last to decide " + p.Full.Customer + ", or a claim or report came in. Your decision was not stored; it is shown beside what is there now.",
		Rows:    []views.ConflictRow{{What: "Decision", Was: "To decide", Now: now, Yours: yours}},
		Actions: []views.Link{{Label: "Open the agreement again", Href: r.deskAt(ref), Primary: true}, {Label: "Home", Href: "/"}},
		Note:    draft.Note}
	return r.html(http.StatusConflict, views.Conflict(r.page("Changed meanwhile"), m))
}

// undoDecision takes the newest decision back.
func (s *server) undoDecision(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	ref := r.Param("ref")
	if err := r.store.UndoDecision(r.Request().Context(), ref, f.Get("decision"), atoi(f.Get("version"))); err != nil {
		return err
	}
	return r.said(r.deskAt(ref), "info", "The decision was undone. Everything is as it was before.")
}

// problems lists what is wrong with links to the fields.
func problems(wrong influence.Invalid) []ui.Problem {
	var all []ui.Problem
	for field, text := range wrong {
		all = append(all, ui.Problem{Field: field, Text: text})
	}
	sortProblems(all)
	return all
}
