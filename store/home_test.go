package store

import (
	"errors"
	"testing"

	"irm/influence"
)

// TestFirstStepsGoOneByOne: profile, LAR, claim and colleagues are ticked when they
// are done, not before; colleagues can be put aside, and with the last one the
// list is gone.
func TestFirstStepsGoOneByOne(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		c, err := nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, dogwood()))
		if err != nil || !c.Enrolled {
			t.Fatalf("%+v, %v", c, err)
		}
		who := influence.Actor{MemberID: c.MemberID, OrgID: p.dogwood.ID, Role: influence.RolePartner, Rank: influence.RankOwner, Name: "Lee Dog", OrgName: "Dogwood"}
		v := s.As(who)
		steps := func(want FirstSteps) {
			t.Helper()
			if h, err := v.Home(t.Context()); err != nil || h.Steps != want {
				t.Errorf("the steps are %+v, %v; want %+v", h.Steps, err, want)
			}
		}
		steps(FirstSteps{})
		own, err := v.Profile(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := v.EditProfile(t.Context(), influence.Profile{City: "Concord", Listed: true}, own.Version); err != nil {
			t.Fatal(err)
		}
		steps(FirstSteps{Profile: true})
		if _, err := v.SubmitClaim(t.Context(), "", "first", 0, intentDraft(p, "Fabrikam")); err != nil {
			t.Fatal(err)
		}
		steps(FirstSteps{Profile: true, Claimed: true})
		asked, err := s.As(larActor(p.north)).Connections(t.Context(), ConnectionFilter{Partner: own.Ref, Limit: 1})
		if err != nil || len(asked.Rows) != 1 {
			t.Fatalf("%+v, %v", asked, err)
		}
		if err := s.As(larActor(p.north)).AnswerConnection(t.Context(), asked.Rows[0].Ref, true, "", asked.Rows[0].Version); err != nil {
			t.Fatal(err)
		}
		steps(FirstSteps{Profile: true, Claimed: true, Connected: true})
		for range 2 { // a second click changes nothing
			if err := v.StayAlone(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM entries WHERE became LIKE '%not now%'`); n != 1 {
			t.Errorf("%d entries say that colleagues come later, want 1", n)
		}
		h, err := v.Home(t.Context())
		if err != nil || !h.Steps.Done() {
			t.Errorf("%+v, %v", h.Steps, err)
		}
		who.Viewing = true
		if err := s.As(who).StayAlone(t.Context()); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("who only looks puts it aside: %v", err)
		}
	})
}

// TestAnInvitedColleagueIsAFirstStep: an invitation is enough, and who was removed
// counts no more.
func TestAnInvitedColleagueIsAFirstStep(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		v := s.As(partnerActor(p.alder))
		colleagues := func(want bool) {
			t.Helper()
			if h, err := v.Home(t.Context()); err != nil || h.Steps.Colleagues != want {
				t.Errorf("colleagues: %v, %v; want %v", h.Steps.Colleagues, err, want)
			}
		}
		colleagues(false)
		if err := v.InviteMember(t.Context(), NewMember{Name: "Nora New", Email: "nora@alder.example", Rank: "member"}, ""); err != nil {
			t.Fatal(err)
		}
		colleagues(true)
		all, err := v.Team(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Email == "nora@alder.example" {
				if err := v.RemoveMember(t.Context(), m.Ref, m.Version); err != nil {
					t.Fatal(err)
				}
			}
		}
		colleagues(false)
	})
}
