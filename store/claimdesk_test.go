package store

import (
	"errors"
	"strings"
	"testing"

	"irm/influence"
)

// intended has Alder claim a deal of North that has no number yet.
func intended(t testing.TB, s *Store, p program, customer string) string {
	t.Helper()
	ref, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "intent-"+customer, 0, intentDraft(p, customer))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func intentDraft(p program, customer string) influence.ClaimDraft {
	return influence.ClaimDraft{LAR: p.north.Ref, Program: "enterprise", Customer: customer, CustomerState: "NH", Amount: "$1,000", ExpectedOn: "2007-03-05",
		Kind: "sourced", Note: "We brought the deal."}
}

func versionOfClaim(t testing.TB, s *Store, ref string) int64 {
	t.Helper()
	return count(t, s, `SELECT version FROM claims WHERE ref = $1`, ref)
}

// TestLARAttachesAnIntent: to an agreement of its own that fits, by reference or
// number; the partner is told, and it is the LAR's turn.
func TestLARAttachesAnIntent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		claim := intended(t, s, p, "Quite Another Name")
		north := s.As(larActor(p.north))
		version := versionOfClaim(t, s, claim)
		for _, name := range []string{"", "AGR-000000", "E2"} {
			var wrong influence.Invalid
			if err := north.AttachClaim(t.Context(), claim, name, version); !errors.As(err, &wrong) || wrong["agreement"] == "" {
				t.Errorf("to %q: %v", name, err)
			}
		}
		for who, want := range map[influence.Actor]error{larActor(p.south): influence.ErrNotFound, partnerActor(p.alder): influence.ErrForbidden, staffActor(): influence.ErrForbidden} {
			if err := s.As(who).AttachClaim(t.Context(), claim, agreement, version); !errors.Is(err, want) {
				t.Errorf("%s attaches: %v", who.OrgName, err)
			}
		}
		if err := north.AttachClaim(t.Context(), claim, strings.ToLower(agreement), version); err != nil {
			t.Fatal(err)
		}
		got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimAttached || got.AgreementRef != agreement || got.Due != "2007-04-30" || got.DatedOn != "2007-04-16" {
			t.Errorf("%+v, %v", got.ClaimRow, err)
		}
		if err := north.AttachClaim(t.Context(), claim, "E1", version); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("with the older version: %v", err)
		}
		var wrong influence.Invalid
		if err := north.AttachClaim(t.Context(), intended(t, s, p, "Once More"), "e-1", 1+1); !errors.As(err, &wrong) || !strings.Contains(wrong["agreement"], claim) {
			t.Errorf("a second open claim of the partner on it: %v", err)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE '%was attached%'`, p.alder.MemberID); n != 1 {
			t.Errorf("%d mails tell the partner", n)
		}
		verified(t, s)
	})
}

// TestAttachingEndsTheOtherSuggestions: agreements that waited for the claim
// alone leave the desk, and return when the decision is undone.
func TestAttachingEndsTheOtherSuggestions(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		first, second := booked(t, s, p, "E1"), booked(t, s, p, "E1b")
		claim := intended(t, s, p, "Fabrikam E1")
		north := s.As(larActor(p.north))
		page, err := north.Claim(t.Context(), claim)
		if err != nil || len(page.Suggested) != 2 || page.Suggested[0].Ref != first || len(page.Suggested[0].Reasons) == 0 {
			t.Fatalf("suggested %+v, %v", page.Suggested, err)
		}
		if seen, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim); err != nil || len(seen.Suggested) != 0 {
			t.Errorf("the partner sees what is suggested: %+v, %v", seen.Suggested, err)
		}
		waits := func() int64 {
			t.Helper()
			verified(t, s)
			return count(t, s, `SELECT count(*) FROM inbox WHERE tab = 'decide'`)
		}
		if n := waits(); n != 2 {
			t.Errorf("%d agreements wait, want both", n)
		}
		decision := decided(t, s, p, second, p.alder) // takes the candidate
		if got := claimState(t, s, claim); got != "confirmed" || waits() != 0 {
			t.Errorf("the claim is %s, %d agreements wait", got, waits())
		}
		if err := north.UndoDecision(t.Context(), second, decision, versionOf(t, s, second)); err != nil {
			t.Fatal(err)
		}
		if got := claimState(t, s, claim); got != "intent" || waits() != 2 {
			t.Errorf("after the undo the claim is %s, %d agreements wait", got, waits())
		}
		if err := north.AttachClaim(t.Context(), claim, first, versionOfClaim(t, s, claim)); err != nil {
			t.Fatal(err)
		}
		if n := waits(); n != 1 {
			t.Errorf("attached, %d agreements wait", n)
		}
	})
}

// TestLARRejectsAnIntent: with one of two reasons and a note that the partner reads.
func TestLARRejectsAnIntent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		booked(t, s, p, "E1")
		claim := intended(t, s, p, "Fabrikam E1")
		north := s.As(larActor(p.north))
		var wrong influence.Invalid
		if err := north.RejectIntent(t.Context(), claim, "evidence_missing", "", 2); !errors.As(err, &wrong) || wrong["code"] == "" {
			t.Errorf("a reason for claims on agreements: %v", err)
		}
		if err := s.As(larActor(p.south)).RejectIntent(t.Context(), claim, "duplicate", "", 2); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another LAR: %v", err)
		}
		if err := north.RejectIntent(t.Context(), claim, "not_our_agreement", "Ask Summit.", 2); err != nil {
			t.Fatal(err)
		}
		got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimRejected || got.Code != "not_our_agreement" || got.Events[0].Note != "Ask Summit." {
			t.Errorf("%+v, %v", got, err)
		}
		var no influence.Refusal
		if err := north.RejectIntent(t.Context(), claim, "duplicate", "", got.Version); !errors.As(err, &no) {
			t.Errorf("rejecting it again: %v", err)
		}
		verified(t, s)
	})
}

// TestDraftsAreTheirPartnersAlone: nobody else sees that there was one.
func TestDraftsAreTheirPartnersAlone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim := intended(t, s, p, "Fabrikam E1")
		for who, want := range map[influence.Actor]int{partnerActor(p.alder): 2, larActor(p.north): 1, staffActor(): 1} {
			if got, err := s.As(who).Claim(t.Context(), claim); err != nil || len(got.Events) != want {
				t.Errorf("%s sees the events %+v, %v; want %d", who.OrgName, got.Events, err, want)
			}
		}
	})
}

// TestEditingAnIntentMatchesAnew: the date stays, the LAR too, and the number
// that it names now attaches it.
func TestEditingAnIntentMatchesAnew(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		claim := intended(t, s, p, "Somebody Else Entirely")
		alder := after(s, 48*60*60*1e9).As(partnerActor(p.alder))
		d := intentDraft(p, "Fabrikam E1")
		if err := alder.EditClaim(t.Context(), claim, 2, d); err != nil {
			t.Fatal(err)
		}
		if page, err := s.As(larActor(p.north)).Claim(t.Context(), claim); err != nil || page.Customer != "Fabrikam E1" || len(page.Suggested) != 1 || page.DatedOn != "2007-04-16" {
			t.Errorf("%+v, %v", page, err)
		}
		verified(t, s)
		var wrong influence.Invalid
		moved := d
		if moved.LAR = p.south.Ref; !errors.As(alder.EditClaim(t.Context(), claim, 3, moved), &wrong) || wrong["lar"] == "" {
			t.Errorf("sending it to another LAR: %v", wrong)
		}
		if err := alder.EditClaim(t.Context(), claim, 2, d); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("with the older version: %v", err)
		}
		d.AgreementNumber = "E-1"
		if err := alder.EditClaim(t.Context(), claim, 3, d); err != nil {
			t.Fatal(err)
		}
		got, err := alder.Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimAttached || got.AgreementRef != agreement || got.Due != "2007-05-02" {
			t.Errorf("%+v, %v", got.ClaimRow, err)
		}
		var no influence.Refusal
		if err := alder.EditClaim(t.Context(), claim, got.Version, d); !errors.As(err, &no) {
			t.Errorf("editing an attached claim: %v", err)
		}
		verified(t, s)
	})
}

// TestWaitingClaimGoesToAnotherLAR: before any LAR has it, an edit may choose
// another, which is asked in turn or has the claim at once.
func TestWaitingClaimGoesToAnotherLAR(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		alder := s.As(partnerActor(p.alder))
		d := intentDraft(p, "Fabrikam")
		d.LAR = p.south.Ref
		claim, err := alder.SubmitClaim(t.Context(), "", "k", 0, d)
		if err != nil || claimState(t, s, claim) != "waiting" {
			t.Fatalf("%s, %v", claimState(t, s, claim), err)
		}
		d.LAR = p.west.Ref
		var wrong influence.Invalid
		if err := alder.EditClaim(t.Context(), claim, 2, d); !errors.As(err, &wrong) || wrong["lar"] == "" {
			t.Errorf("to a LAR that is not Ready: %v", err)
		}
		d.LAR = p.north.Ref
		if err := alder.EditClaim(t.Context(), claim, 2, d); err != nil {
			t.Fatal(err)
		}
		if got, err := s.As(larActor(p.north)).Claim(t.Context(), claim); err != nil || got.State != influence.ClaimIntent {
			t.Errorf("the connected LAR has it as %+v, %v", got.ClaimRow, err)
		}
		if _, err := s.As(larActor(p.south)).Claim(t.Context(), claim); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the first LAR sees it: %v", err)
		}
		verified(t, s)
	})
}

// TestASVS_2_2_3_NumberOfAnotherLARsAgreementIsUnknown: partner and LAR see an intent;
// Microsoft alone sees who booked it.
func TestASVS_2_2_3_NumberOfAnotherLARsAgreementIsUnknown(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		d := intentDraft(p, "Fabrikam E1")
		d.LAR, d.AgreementNumber = p.south.Ref, "E1"
		claim, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		asked, err := s.As(larActor(p.south)).ConnectionRequests(t.Context(), 5)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.As(larActor(p.south)).AnswerConnection(t.Context(), asked.Rows[0].Ref, true, "", 1); err != nil {
			t.Fatal(err)
		}
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.south), staffActor()} {
			got, err := s.As(who).Claim(t.Context(), claim)
			if err != nil || got.State != influence.ClaimIntent || got.AgreementRef != "" || (got.CrossMatch != nil) != (who.Role == influence.RoleStaff) {
				t.Errorf("%s sees %+v, %v", who.Role, got, err)
			}
			if m := got.CrossMatch; m != nil && (m.Ref != agreement || m.LAR != "north Licensing") {
				t.Errorf("cross-match %+v", m)
			}
		}
		if err := s.As(larActor(p.south)).AttachClaim(t.Context(), claim, "E1", versionOfClaim(t, s, claim)); err == nil {
			t.Error("a LAR attaches a claim to another's agreement")
		}
	})
}
