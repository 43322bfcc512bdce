package web

import (
	"fmt"
	"net/http"
	"strings"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// lifeModel adds the buttons that a claim's state allows beside those that every
// claim has.
func (r *request) lifeModel(m *views.ClaimModel, p store.ClaimPage) {
	set := r.s.store.Settings()
	if p.ExtendedOn != "" {
		m.Extended = influence.FormatDay(p.ExtendedOn)
	}
	m.ReplacedBy = p.ReplacedBy
	m.Opened, m.Disputes = r.openedWords(p), r.disputeItems(p.Disputes)
	if r.actor.May(influence.AnswerClaims) {
		if p.State.Can(influence.DetachClaim, r.actor.Role) == nil {
			m.Detach = &views.DetachForm{}
		}
		return
	}
	if !p.Own || !r.actor.May(influence.EditClaims) {
		return
	}
	r.yoursModel(m, p)
	if p.State != influence.ClaimDrafted {
		m.CopyKey = newKey()
	}
	if p.DisputeUntil != "" && p.NotDisputable == nil {
		m.Dispute = &views.DisputeForm{Action: "/claims/" + p.Ref + "/dispute", Version: p.Version, Until: influence.FormatDay(p.DisputeUntil)}
	}
	if p.ExtendedOn == "" && p.State.Can(influence.ExtendClaim, influence.RolePartner) == nil {
		m.ExtendTo = influence.FormatDay(p.ValidUntil.AddDays(set.ClaimExtension))
	}
	ended := influence.DayOf(p.Since, r.zone())
	if influence.MayReopen(p.State, influence.ReasonCode(p.Code), ended, r.today(), set) == nil {
		m.ReopenUntil = influence.FormatDay(influence.ReopenUntil(ended, set))
	}
}

// openedWords say who of the LAR opened the claim: to its partner who was the first
// and who the last, to the others all.
func (r *request) openedWords(p store.ClaimPage) string {
	all := p.Openings
	if r.actor.Role == influence.RolePartner && len(all) > 2 {
		all = []store.Opening{all[0], all[len(all)-1]}
	}
	words := make([]string, len(all))
	for i, o := range all {
		words[i] = o.Name + " on " + influence.FormatDay(influence.DayOf(o.At, r.zone()))
	}
	if len(words) == 0 {
		return ""
	}
	return "Opened at " + p.LAR + " by " + strings.Join(words, ", then by ") + "."
}

// opened writes down that a member of a LAR looks at claims. Who asks for no more
// than the headers looks at none.
func (r *request) opened(refs ...string) error {
	if r.Request().Method == http.MethodHead {
		return nil
	}
	return r.store.OpenClaims(r.Request().Context(), refs...)
}

// openedOf writes it down of the open claims on an agreement.
func (r *request) openedOf(claims []store.ClaimRow) error {
	var refs []string
	for _, c := range claims {
		if c.State.Open() {
			refs = append(refs, c.Ref)
		}
	}
	return r.opened(refs...)
}

// claimExtend makes an intent valid for longer.
func (s *server) claimExtend(r *request) error {
	return r.claimAct("The claim was extended.", "Extend the claim", func(version int64) error {
		return r.store.ExtendClaim(r.Request().Context(), r.Param("ref"), version)
	})
}

// claimReopen takes up a claim again.
func (s *server) claimReopen(r *request) error {
	return r.claimAct("The claim was reopened. It keeps its date.", "Reopen the claim", func(version int64) error {
		return r.store.ReopenClaim(r.Request().Context(), r.Param("ref"), version)
	})
}

// claimAct does to a claim what needs no more than its version.
func (r *request) claimAct(done, wanted string, act func(version int64) error) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	return r.claimDone(act(atoi(f.Get("version"))), done, wanted, nil)
}

// claimCopy makes a draft that says what a claim says.
func (s *server) claimCopy(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	draft, err := r.store.CopyClaim(r.Request().Context(), r.Param("ref"), f.Get("key"))
	if err != nil {
		return err
	}
	return r.said("/claims/"+draft+"/edit", "good", fmt.Sprintf("This draft is a copy of claim %s. Change what is different, then submit it.", r.Param("ref")))
}

// claimDetach takes a claim off its agreement.
func (s *server) claimDetach(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	note := f.Get("note")
	err = r.store.DetachClaim(r.Request().Context(), r.Param("ref"), note, atoi(f.Get("version")))
	return r.claimDone(err, "The claim was detached. It waits for another agreement, and its partner gets a mail.", note, func(m *views.ClaimModel, wrong influence.Invalid) {
		m.Detach = &views.DetachForm{Note: note, Wrong: wrong, Problems: problems(wrong)}
	})
}
