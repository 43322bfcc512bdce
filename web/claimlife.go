package web

import (
	"fmt"

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
	if r.actor.May(influence.AnswerClaims) {
		if p.State.Can(influence.DetachClaim, r.actor.Role) == nil {
			m.Detach = &views.DetachForm{}
		}
		return
	}
	if !p.Own || !r.actor.May(influence.EditClaims) {
		return
	}
	if p.State != influence.ClaimDrafted {
		m.CopyKey = newKey()
	}
	if p.ExtendedOn == "" && p.State.Can(influence.ExtendClaim, influence.RolePartner) == nil {
		m.ExtendTo = influence.FormatDay(p.ValidUntil.AddDays(set.ClaimExtension))
	}
	ended := influence.DayOf(p.Since, r.zone())
	if influence.MayReopen(p.State, influence.ReasonCode(p.Code), ended, r.today(), set) == nil {
		m.ReopenUntil = influence.FormatDay(influence.ReopenUntil(ended, set))
	}
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
