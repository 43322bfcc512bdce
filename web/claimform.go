package web

import (
	"net/http"
	"strconv"
	"strings"

	"irm/influence"
	"irm/views"
	"irm/views/ui"
)

// claimNew is the empty form.
func (s *server) claimNew(r *request) error {
	return r.claimForm(http.StatusOK, claimTyped{key: newKey()}, nil)
}

// claimEdit is the form of a draft, as it was typed, or of a claim that was
// submitted and can still be changed.
func (s *server) claimEdit(r *request) error {
	p, err := r.store.Claim(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	if !p.Own || p.State.Can(influence.EditClaim, influence.RolePartner) != nil {
		return r.seeOther("/claims/" + p.Ref)
	}
	t := claimTyped{ref: p.Ref, key: newKey(), version: p.Version, draft: p.Draft, files: len(p.Files), saved: "Saved as a draft " + influence.Ago(p.Since, r.now(), r.zone()) + "."}
	if p.State != influence.ClaimDrafted {
		t.submitted, t.saved = true, "Submitted on "+influence.FormatDay(p.DatedOn)+". The date stays."
	}
	return r.claimForm(http.StatusOK, t, nil)
}

// claimTyped is the form as it was typed, and whose draft it is.
type claimTyped struct {
	ref, key, saved string
	submitted       bool
	version         int64
	files           int // of evidence
	draft           influence.ClaimDraft
}

// claimSave submits a claim or keeps it as a draft, new or over one.
func (s *server) claimSave(r *request) error {
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	t := claimTyped{ref: r.Param("ref"), key: f.Get("key"), version: atoi(f.Get("version")), draft: claimDraft(f)}
	t.submitted = t.ref != "" && f.Get("do") == "change"
	if err == nil {
		return r.claimSaved(t, f.Get("do"))
	}
	if wrong, ok := invalid(err); ok {
		return r.claimForm(http.StatusUnprocessableEntity, t, wrong)
	}
	return err
}

// claimSaved does what the pressed button says.
func (r *request) claimSaved(t claimTyped, button string) error {
	ctx, ref := r.Request().Context(), t.ref
	var to, done string
	var err error
	switch {
	case t.submitted:
		err = r.store.EditClaim(ctx, ref, t.version, t.draft)
		to, done = "/claims/"+ref, "The claim was changed."
	case button == "draft":
		ref, err = r.store.SaveDraft(ctx, ref, t.key, t.version, t.draft)
		to, done = "/claims/"+ref+"/edit", "The draft was saved."
	default:
		ref, err = r.store.SubmitClaim(ctx, ref, t.key, t.version, t.draft)
		to, done = "/claims/"+ref, "The claim was submitted."
	}
	if wrong, ok := invalid(err); ok {
		return r.claimForm(http.StatusUnprocessableEntity, t, wrong)
	}
	if err != nil && t.ref != "" {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.claimMeanwhile(t.ref, "", &t.draft) })
	}
	if err != nil {
		return err
	}
	return r.said(to, "good", done)
}

func claimDraft(f *Fields) influence.ClaimDraft {
	return influence.ClaimDraft{LAR: f.Get("lar"), Program: f.Get("program"), AgreementNumber: f.Get("agreement_number"), Customer: f.Get("customer"),
		CustomerState: f.Get("customer_state"), Seats: f.Get("seats"), Amount: f.Get("amount"), ExpectedOn: f.Get("expected_on"), Kind: f.Get("kind"),
		Note: f.Get("note"), Evidence: f.Get("evidence"), Replaces: f.Get("replaces"), Known: f.Get("known"), Warn: true}
}

func (r *request) claimForm(status int, t claimTyped, wrong influence.Invalid) error {
	lars, err := r.readyLARs(t.draft.LAR)
	if err != nil {
		return err
	}
	d := t.draft
	twins, err := r.store.Twins(r.Request().Context(), t.ref, d)
	if err != nil {
		return err
	}
	checks, err := r.formChecks(t, twins)
	if err != nil {
		return err
	}
	set := r.s.store.Settings()
	m := views.ClaimFormModel{Seated: seatsWords(set), Turn: businessDays(set.LARTurn), Valid: countOf(int64(set.ClaimValid), "day"), Ref: t.ref, Key: t.key, Version: t.version, Saved: t.saved, Submitted: t.submitted, LAR: d.LAR, Number: d.AgreementNumber, Customer: d.Customer, State: d.CustomerState,
		Program: d.Program, Seats: d.Seats, Amount: d.Amount, Expected: d.ExpectedOn, Kind: d.Kind, Note: d.Note, Evidence: d.Evidence, LARs: lars,
		States: stateOptions(influence.CustomerStates(), d.CustomerState), Wrong: wrong, Problems: problems(wrong), Checks: checks}
	twinModel(&m, t, twins, wrong)
	for _, k := range kindWords {
		m.Kinds = append(m.Kinds, ui.Pick{Value: k.Value, Label: k.Label, Checked: k.Value == d.Kind})
	}
	return r.html(status, views.ClaimForm(r.page(formTitle(claimFormTitle(t), wrong)), m))
}

// twinModel has the form say which claims say the same, so that it is not asked
// twice, and offers to replace an open one with the same number.
func twinModel(m *views.ClaimFormModel, t claimTyped, twins []influence.Twin, wrong influence.Invalid) {
	var known []string
	for _, x := range twins {
		known = append(known, x.Ref)
		if x.ByNumber && x.State.Open() && !t.submitted {
			m.Replaces, m.Replacing = x.Ref, t.draft.Replaces == x.Ref
		}
	}
	if len(wrong) > 0 {
		m.Known = strings.Join(known, " ")
	}
}

func claimFormTitle(t claimTyped) string {
	switch {
	case t.submitted:
		return "Change a claim"
	case t.ref != "":
		return "Draft of a claim"
	}
	return "New claim"
}

// checks are the lines of a check-list as pages show them.
func (r *request) checks(l influence.CheckList) []ui.Check {
	all := l.Checks(r.s.store.Settings())
	lines := make([]ui.Check, len(all))
	for i, c := range all {
		lines[i] = ui.Check{Tone: string(c.Tone), Text: c.Text, Hint: c.Hint}
	}
	return lines
}

// formChecks are those of a form before Submit.
func (r *request) formChecks(t claimTyped, twins []influence.Twin) ([]ui.Check, error) {
	lars, err := r.store.LARs(r.Request().Context())
	if err != nil {
		return nil, err
	}
	l := influence.CheckList{Draft: t.draft, On: r.today(), Files: t.files, Twins: twins}
	for _, x := range lars {
		l.LARReady = l.LARReady || (x.Slug == t.draft.LAR || x.Ref == t.draft.LAR) && x.Status.MayReceiveClaims()
	}
	checks := r.checks(l)
	if t.draft == (influence.ClaimDraft{}) { // nothing is wrong with what nobody has begun
		for i := range checks {
			if checks[i].Tone != string(influence.ToneGood) {
				checks[i].Tone = ""
			}
		}
	}
	return checks, nil
}

// readyLARs are the LARs that a claim can be sent to.
func (r *request) readyLARs(chosen string) ([]ui.Option, error) {
	lars, err := r.store.LARs(r.Request().Context())
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{Value: "", Label: "Choose a LAR"}}
	for _, l := range lars {
		label := l.Name
		if !l.Status.MayReceiveClaims() {
			label += " (not Ready: drafts only)"
		}
		options = append(options, ui.Option{Value: l.Slug, Label: label, Selected: l.Slug == chosen || l.Ref == chosen})
	}
	return options, nil
}

// seatsWords says how many seats a customer has at least.
func seatsWords(set influence.Settings) string { return strconv.Itoa(set.LeastSeats) + " or more." }
