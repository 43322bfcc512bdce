package store

import (
	"errors"
	"testing"
	"time"

	"irm/influence"
)

const day = 24 * time.Hour

// attached has Alder claim an agreement of North that is there.
func attached(t testing.TB, s *Store, p program, number string) (claim, agreement string) {
	t.Helper()
	agreement = booked(t, s, p, number)
	d := intentDraft(p, "Fabrikam "+number)
	d.AgreementNumber = number
	claim, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "attached-"+number, 0, d)
	if err != nil {
		t.Fatal(err)
	}
	return claim, agreement
}

// questioned has North ask about a claim, and let its seats be edited.
func questioned(t testing.TB, s *Store, p program, claim string) {
	t.Helper()
	d := influence.QuestionDraft{Code: "evidence_missing", Note: "Which letter?", Fields: []string{"seats"}}
	if err := s.As(larActor(p.north)).AskAboutClaim(t.Context(), claim, versionOfClaim(t, s, claim), d); err != nil {
		t.Fatal(err)
	}
}

// TestQuestionStopsTheLARsClock: the partner has ten business days, and with its
// answer the LAR's clock goes on with what was left.
func TestQuestionStopsTheLARsClock(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s) // Monday 16 April 2007
		claim, agreement := attached(t, s, p, "E1")
		before := versionOf(t, s, agreement)
		questioned(t, after(s, 2*day), p, claim) // 8 of 10 business days are left
		alder := s.As(partnerActor(p.alder))
		got, err := alder.Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimActionRequired || got.Due != "2007-05-02" || got.Code != "evidence_missing" || len(got.Askable) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if e := got.Events[0]; e.Note != "Which letter?" || len(e.Fields) != 1 || e.Fields[0].Field != "seats" {
			t.Errorf("the question is kept as %+v", e)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE 'A question%'`, p.alder.MemberID); n != 1 {
			t.Errorf("%d mails tell the partner", n)
		}
		verified(t, s)
		later := after(s, 9*day).As(partnerActor(p.alder))
		d := influence.AnswerDraft{Answer: "The letter of March.", Claim: got.Draft}
		d.Claim.Seats, d.Claim.Note = "640", "Never mind."
		if err := later.AnswerAboutClaim(t.Context(), claim, got.Version, d); err != nil {
			t.Fatal(err)
		}
		got, err = s.As(larActor(p.north)).Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimAttached || got.Due != "2007-05-07" || got.Code != "" || got.Seats != 640 || got.Note != "We brought the deal." {
			t.Errorf("%+v, %v", got, err)
		}
		if e := got.Events[0]; e.Note != "The letter of March." || len(e.Fields) != 1 || e.Fields[0].Now != "640" {
			t.Errorf("the answer is kept as %+v", e)
		}
		if n := versionOf(t, s, agreement); n != before+2 {
			t.Errorf("question and answer moved the agreement's version by %d", n-before)
		}
		verified(t, s)
	})
}

// TestQuestionIsTakenBack: the LAR has three business days at least.
func TestQuestionIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		questioned(t, after(s, 14*day), p, claim) // on the last day
		north := after(s, 15*day).As(larActor(p.north))
		if err := s.As(larActor(p.south)).TakeQuestionBack(t.Context(), claim, 3); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another LAR: %v", err)
		}
		if err := north.TakeQuestionBack(t.Context(), claim, versionOfClaim(t, s, claim)); err != nil {
			t.Fatal(err)
		}
		if got, err := north.Claim(t.Context(), claim); err != nil || got.State != influence.ClaimAttached || got.Due != "2007-05-04" || len(got.Askable) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		verified(t, s)
	})
}

// TestOpenQuestionBindsTheDesk: the claim can be confirmed, and rejected only after
// the partner's day; an undo brings the question back.
func TestOpenQuestionBindsTheDesk(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		questioned(t, s, p, claim)
		north := s.As(larActor(p.north))
		var wrong influence.Invalid
		none := influence.DecisionDraft{Version: versionOf(t, s, agreement), None: true, Code: "influence_not_shown"}
		if _, err := north.Decide(t.Context(), agreement, none); !errors.As(err, &wrong) || wrong["reject"] == "" {
			t.Errorf("rejected before the day: %v", err)
		}
		decision := decided(t, s, p, agreement, p.alder)
		if got := claimState(t, s, claim); got != "confirmed" {
			t.Errorf("the claim is %s", got)
		}
		if err := north.UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement)); err != nil {
			t.Fatal(err)
		}
		got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimActionRequired || got.Due != "2007-04-30" || len(got.Askable) != 1 {
			t.Errorf("after the undo %+v, %v", got, err)
		}
		verified(t, s)
		none.Version = versionOf(t, s, agreement)
		if _, err := after(s, 15*day).As(larActor(p.north)).Decide(t.Context(), agreement, none); err != nil {
			t.Errorf("after the day: %v", err)
		}
	})
}

// TestTimeToDecisionLeavesOutWhatThePartnerTook: two days before the question and
// one after the answer are three.
func TestTimeToDecisionLeavesOutWhatThePartnerTook(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		questioned(t, after(s, 2*day), p, claim)
		if err := after(s, 8*day).As(partnerActor(p.alder)).AnswerAboutClaim(t.Context(), claim, versionOfClaim(t, s, claim), influence.AnswerDraft{Answer: "Here."}); err != nil {
			t.Fatal(err)
		}
		decided(t, after(s, 9*day), p, agreement, p.alder)
		if n := count(t, s, `SELECT count(*) FROM movements WHERE topic = 'days' AND name = '00003'`); n != 1 {
			t.Error("the time to decision is not three business days")
		}
	})
}

// TestAnsweredEvidenceIsHiddenAfterWithdrawal: what an answer made of the evidence
// is the LAR's to read only as long as the evidence is.
func TestAnsweredEvidenceIsHiddenAfterWithdrawal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		north, alder := s.As(larActor(p.north)), s.As(partnerActor(p.alder))
		err := north.AskAboutClaim(t.Context(), claim, versionOfClaim(t, s, claim), influence.QuestionDraft{Code: "evidence_missing", Fields: []string{"evidence"}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := alder.Claim(t.Context(), claim)
		if err != nil {
			t.Fatal(err)
		}
		got.Draft.Evidence = "The letter of March."
		if err := alder.AnswerAboutClaim(t.Context(), claim, got.Version, influence.AnswerDraft{Claim: got.Draft}); err != nil {
			t.Fatal(err)
		}
		answered := func(v Session) bool {
			page, err := v.Claim(t.Context(), claim)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				for _, f := range e.Fields {
					if f.Now == "The letter of March." {
						return true
					}
				}
			}
			return false
		}
		if !answered(north) {
			t.Error("the LAR does not see the answer")
		}
		if err := alder.WithdrawClaim(t.Context(), claim, versionOfClaim(t, s, claim)); err != nil {
			t.Fatal(err)
		}
		if answered(north) || !answered(alder) || !answered(s.As(staffActor())) {
			t.Error("after the withdrawal evidence is seen by others than its partner and Microsoft")
		}
	})
}
