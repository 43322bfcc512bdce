package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// fitting has alder's intent sent before an agreement is reported that fits it, and
// returns both references.
func fitting(t testing.TB, s *Store, p program) (claim, agreement string) {
	t.Helper()
	claim, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, intentDraft(p, "Fabrikam E1"))
	must(t, err)
	return claim, booked(t, s, p, "E1")
}

// TestIsThisYours: the partner of an intent is asked once about what fits it and sees
// nothing of it; its yes is a reason for the LAR and attaches nothing.
func TestIsThisYours(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := fitting(t, s, p)
		alder, north := s.As(partnerActor(p.alder)), s.As(larActor(p.north))
		if n := mails(t, s, p.alder.MemberID, "Is this yours? "+claim); n != 1 {
			t.Errorf("it is asked by %d mails", n)
		}
		page, err := alder.Claim(t.Context(), claim)
		if err != nil || !page.Whose.Asked || page.Whose.Mine || len(page.Suggested) != 0 {
			t.Errorf("it is asked %+v and sees %v, %v", page.Whose, page.Suggested, err)
		}
		if home, err := alder.Home(t.Context()); err != nil || len(home.Whose) != 1 || home.Whose[0].Ref != claim {
			t.Errorf("its first page asks %+v, %v", home.Whose, err)
		}
		if _, err := alder.Agreement(t.Context(), agreement); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("it sees the agreement: %v", err)
		}
		must(t, alder.AnswerWhose(t.Context(), claim, page.Version, true))
		if page, err = alder.Claim(t.Context(), claim); err != nil || page.Whose.Asked || !page.Whose.Mine || page.State != influence.ClaimIntent || page.Events[0].Action != influence.SayMine {
			t.Errorf("after its yes: %+v, %v, %v", page.Whose, page.State, err)
		}
		if _, err := alder.Agreement(t.Context(), agreement); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("by its yes it sees the agreement: %v", err)
		}
		full, err := north.Agreement(t.Context(), agreement)
		if err != nil || len(full.Full.Candidates) != 1 || !slices.Contains(full.Full.Candidates[0].Reasons, whoseWords("yes")) {
			t.Errorf("the LAR reads %+v, %v", full.Full.Candidates, err)
		}
		if n := mails(t, s, p.north.MemberID, "The partner says that claim "+claim); n != 1 {
			t.Errorf("the LAR has %d mails", n)
		}
		var no influence.Refusal
		if err := alder.AnswerWhose(t.Context(), claim, page.Version, false); !errors.As(err, &no) {
			t.Errorf("a second answer: %v", err)
		}
		must(t, north.AttachClaim(t.Context(), claim, agreement, page.Version))
		if got := claimState(t, s, claim); got != "attached" {
			t.Errorf("the LAR attaches, and the claim is %s", got)
		}
		verified(t, s)
	})
}

// TestNotYours: what was suggested is dropped from the LAR's desk and the claim, and
// is not suggested again, whatever becomes of the claim.
func TestNotYours(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := fitting(t, s, p)
		alder := s.As(partnerActor(p.alder))
		must(t, alder.AnswerWhose(t.Context(), claim, versionOfClaim(t, s, claim), false))
		desk := func(when string) {
			t.Helper()
			full, err := s.As(larActor(p.north)).Agreement(t.Context(), agreement)
			if err != nil || len(full.Full.Candidates) != 0 {
				t.Errorf("%s the LAR reads %+v, %v", when, full.Full.Candidates, err)
			}
			if page, err := alder.Claim(t.Context(), claim); err != nil || page.Whose.Asked {
				t.Errorf("%s it is asked again: %v", when, err)
			}
		}
		desk("after its no")
		must(t, alder.WithdrawClaim(t.Context(), claim, versionOfClaim(t, s, claim)))
		must(t, alder.ReopenClaim(t.Context(), claim, versionOfClaim(t, s, claim)))
		desk("after it was reopened")
		must(t, alder.ExtendClaim(t.Context(), claim, versionOfClaim(t, s, claim)))
		desk("after it was extended")
		if n := mails(t, s, p.alder.MemberID, "Is this yours?"); n != 1 {
			t.Errorf("it was asked by %d mails", n)
		}
		verified(t, s)
	})
}

// TestWhoSaysWhose: its partner alone, with the version it saw, and only of an intent
// that something fits. A second agreement that fits is no second mail.
func TestWhoSaysWhose(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := fitting(t, s, p)
		version := versionOfClaim(t, s, claim)
		if err := s.As(partnerActor(p.birch)).AnswerWhose(t.Context(), claim, version, true); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another partner: %v", err)
		}
		for _, a := range []influence.Actor{larActor(p.north), staffActor()} {
			if err := s.As(a).AnswerWhose(t.Context(), claim, version, true); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s: %v", a.OrgName, err)
			}
		}
		if err := s.As(partnerActor(p.alder)).AnswerWhose(t.Context(), claim, version+1, true); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("another version: %v", err)
		}
		other, err := s.As(partnerActor(p.birch)).SubmitClaim(t.Context(), "", "other", 0, intentDraft(p, "Nothing Of The Kind"))
		must(t, err)
		var no influence.Refusal
		if err := s.As(partnerActor(p.birch)).AnswerWhose(t.Context(), other, versionOfClaim(t, s, other), true); !errors.As(err, &no) || !strings.Contains(err.Error(), "No agreement") {
			t.Errorf("nothing fits it: %v", err)
		}
		if _, err := s.As(larActor(p.north)).EnterAgreement(t.Context(), "again", influence.AgreementDraft{AgreementNumber: "E7", Program: "Enterprise", Customer: "Fabrikam E1", CustomerState: "NH", Seats: "300", SignedOn: "2007-03-02",
			OrderDraft: influence.OrderDraft{OrderNumber: "O-E7", OrderKind: "initial", OrderedOn: "2007-03-02", Amount: "$1,000"}}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM suggestions WHERE closed_at IS NULL`); n != 2 {
			t.Fatalf("%d suggestions", n)
		}
		if n := mails(t, s, p.alder.MemberID, "Is this yours?"); n != 1 {
			t.Errorf("it is asked by %d mails", n)
		}
		attachedOne, _ := attached(t, s, p, "Z9")
		if err := s.As(partnerActor(p.alder)).AnswerWhose(t.Context(), attachedOne, versionOfClaim(t, s, attachedOne), true); !errors.As(err, &no) {
			t.Errorf("an attached claim: %v", err)
		}
		verified(t, s)
	})
}
