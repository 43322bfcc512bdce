package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// disputed has alder's claim rejected in favor of birch, and alder dispute that once
// the decision can't be undone. What follows happens in the store it returns.
func disputed(t *testing.T, s *Store, p program) (later *Store, claim, agreement, ref string) {
	t.Helper()
	claim, agreement = attached(t, s, p, "E1")
	decided(t, s, p, agreement, p.birch)
	later = after(s, time.Hour)
	ref, err := later.As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, versionOfClaim(t, s, claim), influence.DisputeDraft{Reason: "We ran the pilot.", Evidence: "Their letter."})
	if err != nil {
		t.Fatal(err)
	}
	return later, claim, agreement, ref
}

func shares(of ...influence.Share) influence.DecisionDraft {
	return influence.DecisionDraft{Shares: of}
}

func share(p LoadedPartner, points int64, primary bool) influence.Share {
	return influence.Share{PartnerNo: p.No, Points: points, Kind: influence.Presales, Primary: primary}
}

// answered has the LAR and the holder answer.
func answered(t *testing.T, s *Store, p program, ref string) {
	t.Helper()
	for i, a := range []influence.Actor{larActor(p.north), partnerActor(p.birch)} {
		if err := s.As(a).AnswerDispute(t.Context(), ref, int64(1+i), "We see it otherwise."); err != nil {
			t.Fatalf("%s: %v", a.OrgName, err)
		}
	}
}

// TestUpheld: the ruling carries a decision, the claims follow, and it is final.
func TestUpheld(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s, claim, agreement, ref := disputed(t, s, p)
		answered(t, s, p, ref)
		staff := s.As(staffActor())
		draft := influence.RulingDraft{Outcome: "upheld", Reason: "Both did it.", Decision: shares(share(p.alder, 6_000, true), share(p.birch, 4_000, false))}
		if _, err := staff.RuleDispute(t.Context(), ref, 3, draft); err != nil {
			t.Fatal(err)
		}
		if got := claimState(t, s, claim); got != "confirmed" {
			t.Errorf("the claim is %s", got)
		}
		page, err := s.As(partnerActor(p.alder)).Dispute(t.Context(), ref)
		if err != nil || page.State != influence.DisputeUpheld || page.Ruling != "Both did it." || page.RuledShare == nil || *page.RuledShare != 6_000 || page.Share != 0 {
			t.Errorf("%+v, %v", page, err)
		}
		full, err := s.As(larActor(p.north)).Agreement(t.Context(), agreement)
		if err != nil || full.Full.Decisions[0].Basis != influence.Ruling || len(full.Full.Decisions[0].Shares) != 2 || !full.Full.Decisions[0].InForce {
			t.Errorf("%+v, %v", full.Full, err)
		}
		verified(t, s)
		var wrong influence.Invalid
		if _, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, wholly(p.birch, versionOf(t, s, agreement))); !errors.As(err, &wrong) || !strings.Contains(wrong["outcome"], "final") {
			t.Errorf("the LAR decides again: %v", err)
		}
		var no influence.Refusal
		if err := staff.UndoDecision(t.Context(), agreement, full.Full.Decisions[0].Ref, versionOf(t, s, agreement)); !errors.As(err, &no) {
			t.Errorf("Microsoft undoes it: %v", err)
		}
		if _, err := after(s, time.Hour).As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, versionOfClaim(t, s, claim), influence.DisputeDraft{Reason: "More."}); !errors.As(err, &no) || !strings.Contains(err.Error(), "final") {
			t.Errorf("it is disputed again: %v", err)
		}
		if _, err := staff.RuleDispute(t.Context(), ref, 4, draft); !errors.As(err, &no) {
			t.Errorf("it is ruled again: %v", err)
		}
	})
}

// TestDismissed: nothing changes, the reason is read by every side, and the LAR
// decides again.
func TestDismissed(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s, claim, agreement, ref := disputed(t, s, p)
		answered(t, s, p, ref)
		if _, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, influence.RulingDraft{Outcome: "dismissed", Reason: "The letter is of another deal."}); err != nil {
			t.Fatal(err)
		}
		for _, a := range []influence.Actor{partnerActor(p.alder), partnerActor(p.birch), larActor(p.north)} {
			if page, err := s.As(a).Dispute(t.Context(), ref); err != nil || page.State != influence.DisputeDismissed || page.Ruling != "The letter is of another deal." {
				t.Errorf("%s: %+v, %v", a.OrgName, page, err)
			}
			if n := count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE '%was ruled'`, a.MemberID); n != 1 {
				t.Errorf("%s has %d mails", a.OrgName, n)
			}
		}
		if got := claimState(t, s, claim); got != "rejected" {
			t.Errorf("the claim is %s", got)
		}
		decided(t, s, p, agreement, p.alder)
		verified(t, s)
	})
}

// TestWhileADisputeIsOpen: nothing is decided or undone, and each side sees what is
// for it.
func TestWhileADisputeIsOpen(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s, _, agreement, ref := disputed(t, s, p)
		var wrong influence.Invalid
		if _, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, wholly(p.alder, versionOf(t, s, agreement))); !errors.As(err, &wrong) || wrong["outcome"] == "" {
			t.Errorf("the LAR decides: %v", err)
		}
		if _, err := s.As(partnerActor(p.cedar)).Dispute(t.Context(), ref); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another partner: %v", err)
		}
		if _, err := s.As(larActor(p.south)).Dispute(t.Context(), ref); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another LAR: %v", err)
		}
		answered(t, s, p, ref)
		for _, c := range []struct {
			who     influence.Actor
			reason  string
			opener  string
			answers int
		}{{partnerActor(p.alder), "We ran the pilot.", p.alder.Name, 1}, {partnerActor(p.birch), "", "", 1}, {larActor(p.north), "We ran the pilot.", p.alder.Name, 2}, {staffActor(), "We ran the pilot.", p.alder.Name, 2}} {
			page, err := s.As(c.who).Dispute(t.Context(), ref)
			if err != nil || page.Reason != c.reason || page.Opener != c.opener || len(page.Answers) != c.answers {
				t.Errorf("%s: %q of %q, %d answers, %v", c.who.OrgName, page.Reason, page.Opener, len(page.Answers), err)
			}
		}
		var no influence.Refusal
		for _, a := range []influence.Actor{partnerActor(p.alder), partnerActor(p.birch)} {
			if err := s.As(a).AnswerDispute(t.Context(), ref, 3, "Once more."); !errors.As(err, &no) {
				t.Errorf("%s answers: %v", a.OrgName, err)
			}
		}
	})
}

// TestDisputeWindow: from the end of the undo time for 30 days, once.
func TestDisputeWindow(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		decided(t, s, p, agreement, p.birch)
		version, d := versionOfClaim(t, s, claim), influence.DisputeDraft{Reason: "We did it."}
		var no influence.Refusal
		for _, wait := range []time.Duration{10 * time.Minute, 31 * day} {
			if _, err := after(s, wait).As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, version, d); !errors.As(err, &no) {
				t.Errorf("after %v: %v", wait, err)
			}
		}
		last := after(s, 30*day).As(partnerActor(p.alder))
		var wrong influence.Invalid
		if _, err := last.OpenDispute(t.Context(), claim, version, influence.DisputeDraft{Reason: " "}); !errors.As(err, &wrong) || wrong["reason"] == "" {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := last.OpenDispute(t.Context(), claim, version, d); err != nil {
			t.Errorf("on the last day: %v", err)
		}
		if _, err := last.OpenDispute(t.Context(), claim, version, d); !errors.As(err, &no) {
			t.Errorf("a second time: %v", err)
		}
		if _, err := after(s, 30*day).As(partnerActor(p.birch)).OpenDispute(t.Context(), claim, version, d); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another partner: %v", err)
		}
	})
}

// TestDisputedShare: a partner that was confirmed with less than all disputes its
// share; one with all has nothing to dispute.
func TestDisputedShare(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		draft := shares(share(p.alder, 3_000, false), share(p.birch, 7_000, true))
		draft.Version = versionOf(t, s, agreement)
		if _, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, draft); err != nil {
			t.Fatal(err)
		}
		s = after(s, time.Hour)
		ref, err := s.As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, versionOfClaim(t, s, claim), influence.DisputeDraft{Reason: "It was more."})
		if err != nil {
			t.Fatal(err)
		}
		if page, err := s.As(partnerActor(p.birch)).Dispute(t.Context(), ref); err != nil || page.Opener != p.alder.Name || page.Reason != "" || page.Share != 7_000 {
			t.Errorf("the co-holder sees %+v, %v", page, err)
		}
		answered(t, s, p, ref)
		var wrong influence.Invalid
		less := influence.RulingDraft{Outcome: "upheld", Reason: "So.", Decision: shares(share(p.alder, 3_000, true))}
		if _, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, less); !errors.As(err, &wrong) || wrong["share"] == "" {
			t.Errorf("upheld without more: %v", err)
		}
		less.Decision = shares(share(p.alder, 5_000, true), share(p.birch, 5_000, false))
		if _, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, less); err != nil {
			t.Errorf("upheld with more: %v", err)
		}
		verified(t, s)
	})
}

// TestWhoRulesWhen: not before the sides answered or their days are over, not by who
// decided, and by nobody but Microsoft.
func TestWhoRulesWhen(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s, _, _, ref := disputed(t, s, p)
		no := influence.RulingDraft{Outcome: "dismissed", Reason: "So."}
		rule := func(s *Store, a influence.Actor) error {
			_, err := s.As(a).RuleDispute(context.Background(), ref, 1, no)
			return err
		}
		var refused influence.Refusal
		if err := rule(s, staffActor()); !errors.As(err, &refused) || !strings.Contains(err.Error(), "answer") {
			t.Errorf("before the answers: %v", err)
		}
		s = after(s, 8*day)
		if err := s.As(larActor(p.north)).AnswerDispute(t.Context(), ref, 1, "Late."); !errors.As(err, &refused) {
			t.Errorf("a late answer: %v", err)
		}
		for _, a := range []influence.Actor{larActor(p.north), partnerActor(p.alder)} {
			if err := rule(s, a); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s rules: %v", a.OrgName, err)
			}
		}
		deed := staffActor()
		deed.MemberID = p.north.MemberID // as if the same person had decided
		if err := rule(s, deed); !errors.As(err, &refused) || !strings.Contains(err.Error(), "You decided") {
			t.Errorf("who decided rules: %v", err)
		}
		if err := rule(s, staffActor()); err != nil {
			t.Errorf("after the answers' days: %v", err)
		}
	})
}

// TestANamedPartnerDisputesItsShare: a partner that claimed nothing and was named by a
// report is told when a decision lowers its share, and disputes that once in 30 days.
func TestANamedPartnerDisputesItsShare(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		imported(t, s.As(larActor(p.north)), rowsOf(t, "F1 1 100 "+p.birch.No), nil)
		agreement := texts(t, s, `SELECT ref FROM agreements WHERE number = 'F1'`)[0]
		birch := func(s *Store) Session { return s.As(partnerActor(p.birch)) }
		d := influence.DisputeDraft{Reason: "The report was right."}
		var no influence.Refusal
		if _, err := birch(after(s, time.Hour)).DisputeShare(t.Context(), agreement, versionOf(t, s, agreement), d); !errors.As(err, &no) {
			t.Errorf("with its whole share: %v", err)
		}
		draft := shares(share(p.birch, 4_000, false), share(p.cedar, 6_000, true))
		draft.Version = versionOf(t, s, agreement)
		_, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, draft)
		must(t, err)
		if n := mails(t, s, p.birch.MemberID, "Your share in agreement F1 is lower now"); n != 1 {
			t.Errorf("it has %d mails", n)
		}
		version := versionOf(t, s, agreement)
		for _, wait := range []time.Duration{10 * time.Minute, 31 * day} {
			if _, err := birch(after(s, wait)).DisputeShare(t.Context(), agreement, version, d); !errors.As(err, &no) {
				t.Errorf("after %v: %v", wait, err)
			}
		}
		late := after(s, 30*day)
		if _, err := birch(late).DisputeShare(t.Context(), agreement, version-1, d); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an older version: %v", err)
		}
		if _, err := late.As(partnerActor(p.alder)).DisputeShare(t.Context(), agreement, version, d); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another partner: %v", err)
		}
		if _, err := late.As(partnerActor(p.cedar)).DisputeShare(t.Context(), agreement, version, d); !errors.As(err, &no) {
			t.Errorf("a partner whose share rose: %v", err)
		}
		if page, err := birch(late).Agreement(t.Context(), agreement); err != nil || page.Holder.Lowered == nil || page.Holder.Lowered.Refused != nil || page.Holder.Lowered.Before != 10_000 || page.Holder.Lowered.Own != 4_000 {
			t.Errorf("its page says %+v, %v", page.Holder, err)
		}
		ref, err := birch(late).DisputeShare(t.Context(), agreement, version, d)
		must(t, err)
		if _, err := birch(late).DisputeShare(t.Context(), agreement, versionOf(t, s, agreement), d); !errors.As(err, &no) {
			t.Errorf("a second time: %v", err)
		}
		if page, err := late.As(larActor(p.north)).Dispute(t.Context(), ref); err != nil || page.Opener != p.birch.Name || page.ClaimRef != "" || page.Reason != d.Reason {
			t.Errorf("the LAR sees %+v, %v", page, err)
		}
		far := after(late, 9*day)
		_, err = far.As(staffActor()).RuleDispute(t.Context(), ref, 1, influence.RulingDraft{Outcome: "upheld", Reason: "So.", Decision: shares(share(p.birch, 10_000, true))})
		must(t, err)
		verified(t, s)
	})
}

// TestAPartnerThatEnrolledLaterDisputes: nobody could tell it before, so its 30 days
// begin on the day of its enrollment.
func TestAPartnerThatEnrolledLaterDisputes(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		imported(t, s.As(larActor(p.north)), rowsOf(t, "F1 1 100 "+p.dogwood.No), nil)
		agreement := texts(t, s, `SELECT ref FROM agreements WHERE number = 'F1'`)[0]
		decided(t, s, p, agreement, p.birch)
		id := texts(t, s, `SELECT id FROM partners WHERE partner_no = $1`, p.dogwood.No)[0]
		enrolled := after(s, 60*day)
		change1(t, s, `UPDATE partners SET enrolled_at = $2 WHERE id = $1`, id, enrolled.clock.Program().UnixMicro())
		dogwood := influence.Actor{MemberID: "dog", OrgID: id, Role: influence.RolePartner, Rank: influence.RankOwner}
		version, d := versionOf(t, s, agreement), influence.DisputeDraft{Reason: "The report was right."}
		var no influence.Refusal
		if _, err := after(s, 91*day).As(dogwood).DisputeShare(t.Context(), agreement, version, d); !errors.As(err, &no) {
			t.Errorf("31 days after it enrolled: %v", err)
		}
		_, err := after(s, 90*day).As(dogwood).DisputeShare(t.Context(), agreement, version, d)
		must(t, err)
		verified(t, s)
	})
}
