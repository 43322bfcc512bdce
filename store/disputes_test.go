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
		if err != nil || page.State != influence.DisputeUpheld || page.Ruling != "Both did it." {
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
// decided, not alone from the amount on that needs two, and by nobody but Microsoft.
func TestWhoRulesWhen(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s, _, agreement, ref := disputed(t, s, p)
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
		if err := s.transact(t.Context(), func(t *tx) error { return t.must(`UPDATE agreements SET cents = 100000000 WHERE ref = $1`, agreement) }); err != nil {
			t.Fatal(err)
		}
		if err := rule(s, staffActor()); !errors.As(err, &refused) || !strings.Contains(err.Error(), "second approval") {
			t.Errorf("alone on $1,000,000: %v", err)
		}
		if err := s.transact(t.Context(), func(t *tx) error { return t.must(`UPDATE agreements SET cents = 100000 WHERE ref = $1`, agreement) }); err != nil {
			t.Fatal(err)
		}
		if err := rule(s, staffActor()); err != nil {
			t.Errorf("after the answers' days: %v", err)
		}
	})
}
