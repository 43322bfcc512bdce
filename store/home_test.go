package store

import (
	"errors"
	"fmt"
	"slices"
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

// home holds a partner's first page against its facts: what it influenced this
// fiscal year, and in the same days of the one before.
func (h *chronicle) home(p LoadedPartner) {
	today := h.s.clock.Today()
	first, last := influence.FiscalYearSpan(influence.FiscalYear(today))
	var now, before int64
	for _, f := range allFacts(h.test, h.s) {
		for _, o := range f.Orders {
			for _, part := range influence.PartsOf(o, f.SignedOn, f.Decisions).Shares {
				switch {
				case part.PartnerID != p.ID:
				case o.OrderedOn >= first && o.OrderedOn <= last:
					now += part.Cents
				case o.OrderedOn >= influence.LastYear(first) && o.OrderedOn <= influence.LastYear(today):
					before += part.Cents
				}
			}
		}
	}
	home, err := h.s.As(partnerActor(p)).Home(h.test.Context())
	if err != nil {
		h.Fatal(err)
	}
	if home.Confirmed.Influenced != now || home.Before != before || home.Until != influence.LastYear(today) {
		h.Errorf("the home of %s says %d and %d until %s, its facts %d and %d", p.Name, home.Confirmed.Influenced, home.Before, home.Until, now, before)
	}
}

// TestHomeListsWhatIsNext: of each kind the six that come first, those that wait
// for a LAR by their deadline whatever they wait for, outcomes the newest first.
func TestHomeListsWhatIsNext(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		var confirmed []string
		for i := range 8 {
			day := on(t, s, influence.Day("2007-04-16").AddDays(i))
			number := fmt.Sprint("H", i)
			agreement := booked(t, day, p, number)
			claim := claimed(t, day, p, p.alder, number)
			confirmed = append([]string{claim}, confirmed...)
			decided(t, day, p, agreement, p.alder)
		}
		var waiting []string
		for i := range 8 {
			d := intentDraft(p, fmt.Sprint("Customer ", i))
			if d.LAR = p.south.Ref; i%2 == 0 {
				d.LAR, d.AgreementNumber = p.north.Ref, fmt.Sprint("W", i)
				booked(t, s, p, d.AgreementNumber)
			}
			ref, err := on(t, s, influence.AddBusinessDays("2007-05-01", i)).As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", fmt.Sprint("w", i), 0, d)
			must(t, err)
			waiting = append(waiting, ref)
		}
		h, err := on(t, s, "2007-05-20").As(partnerActor(p.alder)).Home(t.Context())
		must(t, err)
		refs := func(rows []ClaimRow) (all []string) {
			for _, r := range rows {
				all = append(all, r.Ref)
			}
			return all
		}
		if got := refs(h.Waiting); !slices.Equal(got, waiting[:6]) {
			t.Errorf("waiting: %v, want %v", got, waiting[:6])
		}
		if got := refs(h.Outcomes); !slices.Equal(got, confirmed[:6]) {
			t.Errorf("outcomes: %v, want %v", got, confirmed[:6])
		}
		if c := h.Outcomes[0]; c.LAR != "north Licensing" || c.Customer == "" || c.State != influence.ClaimConfirmed || c.Since.IsZero() {
			t.Errorf("an outcome reads %+v", c)
		}
	})
}
