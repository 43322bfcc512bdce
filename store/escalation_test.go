package store

import (
	"errors"
	"testing"

	"irm/influence"
)

// TestMicrosoftDecidesWhatALARLeft: not before the owners' time is over; then its
// decision counts like the LAR's, both sides are told, and it can be undone.
func TestMicrosoftDecidesWhatALARLeft(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		staffMember(t, s)
		claim, agreement := attached(t, s, p, "E1") // due 30 April, the owners' until 7 May
		draft := wholly(p.alder, versionOf(t, s, agreement))
		var no influence.Refusal
		if _, err := on(t, s, "2007-05-07").As(staffActor()).Decide(t.Context(), agreement, draft); !errors.As(err, &no) {
			t.Errorf("on the owners' last day: %v", err)
		}
		late := on(t, s, "2007-05-08")
		other := booked(t, late, p, "E2")
		if _, err := late.As(staffActor()).Decide(t.Context(), other, wholly(p.alder, versionOf(t, s, other))); !errors.As(err, &no) {
			t.Errorf("an agreement that nobody claims: %v", err)
		}
		decision, err := late.As(staffActor()).Decide(t.Context(), agreement, draft)
		must(t, err)
		if got := claimState(t, s, claim); got != "confirmed" {
			t.Errorf("the claim is %s", got)
		}
		got, err := late.As(larActor(p.north)).Agreement(t.Context(), agreement)
		must(t, err)
		if d := got.Full.Decisions[0]; d.Basis != influence.Escalation || d.LAR != "Microsoft" || d.By != "Maya Kim" || !d.UndoUntil.IsZero() {
			t.Errorf("the LAR reads %+v", d)
		}
		for to, subject := range map[string]string{p.north.MemberID: "Microsoft decided", p.alder.MemberID: "Your claim " + claim + " was confirmed"} {
			if n := mails(t, s, to, subject); n != 1 {
				t.Errorf("%d mails %q", n, subject)
			}
		}
		verified(t, s)
		must(t, late.As(staffActor()).UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement)))
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE subject LIKE 'Microsoft decided%' AND dropped_at IS NULL`); n != 0 {
			t.Error("the mail of a decision that was undone is sent")
		}
		if got := claimState(t, s, claim); got != "attached" {
			t.Errorf("after the undo the claim is %s", got)
		}
		verified(t, s)
	})
}

// TestMicrosoftAnswersNoClaims: what else a LAR does to a claim stays the LAR's.
func TestMicrosoftAnswersNoClaims(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		v := on(t, s, "2007-06-01").As(staffActor())
		if err := v.AskAboutClaim(t.Context(), claim, versionOfClaim(t, s, claim), influence.QuestionDraft{Code: "evidence_missing"}); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("Microsoft asks: %v", err)
		}
		if err := v.AttachClaim(t.Context(), claim, "E1", 2); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("Microsoft attaches: %v", err)
		}
	})
}

// TestMicrosoftConnectsWhatALARLeft: not before the owners' time is over; the
// claims are delivered with their dates, and both sides are told.
func TestMicrosoftConnectsWhatALARLeft(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		booked(t, s, p, "E1")
		claim, asked := waitingClaim(t, s, p)
		staff := func(day influence.Day) Session { return on(t, s, day).As(staffActor()) }
		var no influence.Refusal
		if err := staff("2007-05-07").AnswerConnection(t.Context(), asked.Ref, true, "", asked.Version); !errors.As(err, &no) {
			t.Errorf("on the owners' last day: %v", err)
		}
		if page, err := staff("2007-05-07").ConnectionRequests(t.Context(), 10); err != nil || len(page.Rows) != 0 {
			t.Errorf("offered too early: %+v, %v", page.Rows, err)
		}
		if page, err := staff("2007-05-08").ConnectionRequests(t.Context(), 10); err != nil || len(page.Rows) != 1 || page.Rows[0].Ref != asked.Ref {
			t.Errorf("offered %+v, %v", page.Rows, err)
		}
		if err := staff("2007-05-08").AnswerConnection(t.Context(), asked.Ref, false, "", asked.Version); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("Microsoft declines: %v", err)
		}
		must(t, staff("2007-05-08").AnswerConnection(t.Context(), asked.Ref, true, "", asked.Version))
		got, err := s.As(larActor(p.north)).Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimAttached || got.DatedOn != "2007-04-16" || got.Due != "2007-05-22" {
			t.Errorf("delivered as %+v, %v", got.ClaimRow, err)
		}
		for to, subject := range map[string]string{p.north.MemberID: "Microsoft connected you with cedar", p.cedar.MemberID: "north Licensing is connected with you"} {
			if n := mails(t, s, to, subject); n != 1 {
				t.Errorf("%d mails %q", n, subject)
			}
		}
		verified(t, s)
	})
}
