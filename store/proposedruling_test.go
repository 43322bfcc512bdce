package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"irm/influence"
)

// another and oneMore are partner managers beside the one of staffActor.
func another() influence.Actor { return manager("mgr2", "Ann Lee") }
func oneMore() influence.Actor { return manager("mgr3", "Bo Ray") }

func manager(id, name string) influence.Actor {
	a := staffActor()
	a.MemberID, a.Name = id, name
	return a
}

// large has the sides of a dispute about an agreement of $1,000,000 answer, and three
// managers able to sign in. The agreement's revenue is that of its orders.
func large(t *testing.T, s *Store) (p program, later *Store, claim, agreement, ref string) {
	t.Helper()
	p = begun(t, s)
	staffMember(t, s)
	for _, a := range []influence.Actor{another(), oneMore()} {
		change1(t, s, `INSERT INTO members (id, role, org_id, rank, name, email, password, created_at, ref) VALUES ($1, 'staff', 'microsoft', 'manager', $2, $3, 'x', 1, $4)`,
			a.MemberID, a.Name, a.MemberID+"@microsoft.example", "MBR-"+strings.ToUpper(a.MemberID)+"00")
	}
	claim, agreement = attached(t, s, p, "E1")
	must(t, s.As(larActor(p.north)).EnterOrder(t.Context(), agreement, versionOf(t, s, agreement), influence.OrderDraft{OrderNumber: "O-2", OrderKind: "call-off", OrderedOn: "2007-03-05", Amount: "$999,000"}))
	decided(t, s, p, agreement, p.birch)
	later = after(s, 3600e9)
	ref, err := later.As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, versionOfClaim(t, s, claim), influence.DisputeDraft{Reason: "We ran the pilot."})
	must(t, err)
	answered(t, later, p, ref)
	return p, later, claim, agreement, ref
}

func (p program) halves() influence.RulingDraft {
	return influence.RulingDraft{Outcome: "upheld", Reason: "Both did it.", Decision: shares(share(p.alder, 6_000, true), share(p.birch, 4_000, false))}
}

// TestARulingOnMuchRevenueNeedsTwo: until a second member approves what the first
// proposed nothing changes and no side hears of it; then it counts like any other.
func TestARulingOnMuchRevenueNeedsTwo(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, s, claim, agreement, ref := large(t, s)
		decisions := count(t, s, `SELECT count(*) FROM decisions`)
		done, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, p.halves())
		if err != nil || !done.Proposed || done.Decision != "" {
			t.Fatalf("%+v, %v", done, err)
		}
		if n := count(t, s, `SELECT count(*) FROM decisions`); n != decisions || claimState(t, s, claim) != "rejected" {
			t.Errorf("a proposal made %d decisions, and the claim is %s", n-decisions, claimState(t, s, claim))
		}
		for _, a := range []influence.Actor{partnerActor(p.alder), partnerActor(p.birch), larActor(p.north)} {
			page, err := s.As(a).Dispute(t.Context(), ref)
			if err != nil || page.State != influence.DisputeOpen || page.Ruling != "" || page.Proposal != nil || page.Proposed {
				t.Errorf("%s sees %+v, %v", a.OrgName, page, err)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE body LIKE '%Both did it%'`); n != 0 {
			t.Errorf("%d mails say the reason before it counts", n)
		}
		if n := mails(t, s, "mgr2", "A ruling on dispute "+ref+" waits for a second approval"); n != 1 {
			t.Errorf("the other managers have %d mails", n)
		}
		verified(t, s)
		must(t, s.As(another()).AnswerProposal(t.Context(), ref, 4, influence.Approval{Answer: "approve"}))
		page, err := s.As(partnerActor(p.alder)).Dispute(t.Context(), ref)
		if err != nil || page.State != influence.DisputeUpheld || page.Ruling != "Both did it." || claimState(t, s, claim) != "confirmed" {
			t.Errorf("%+v, %v; the claim is %s", page, err, claimState(t, s, claim))
		}
		full, err := s.As(larActor(p.north)).Agreement(t.Context(), agreement)
		if err != nil || full.Full.Decisions[0].Basis != influence.Ruling || len(full.Full.Decisions[0].Shares) != 2 {
			t.Errorf("%+v, %v", full.Full, err)
		}
		for _, to := range []string{p.alder.MemberID, p.birch.MemberID, p.north.MemberID} {
			if n := mails(t, s, to, "Dispute "+ref+" was ruled"); n != 1 {
				t.Errorf("%s has %d mails", to, n)
			}
		}
		if got := texts(t, s, `SELECT ruled_by FROM disputes WHERE ref = $1`, ref); got[0] != "mgr" {
			t.Errorf("the ruling is %s's", got[0])
		}
		if got := strings.Join(texts(t, s, `SELECT action || ' ' || member_id FROM entries WHERE subject = $1 ORDER BY id DESC LIMIT 2`, ref), ", "); got != "disputes.approve mgr2, disputes.rule mgr" {
			t.Errorf("the ledger says %s", got)
		}
		verified(t, s)
	})
}

// TestWhoApproves: not who proposed, not who took part, nobody but Microsoft, and only
// what is proposed; meanwhile nobody rules otherwise.
func TestWhoApproves(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, s, _, _, ref := large(t, s)
		yes := influence.Approval{Answer: "approve"}
		var no influence.Refusal
		if err := s.As(another()).AnswerProposal(t.Context(), ref, 3, yes); !errors.As(err, &no) {
			t.Errorf("without a proposal: %v", err)
		}
		_, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, p.halves())
		must(t, err)
		took := another()
		took.MemberID = p.north.MemberID // as if the same person had decided
		for who, a := range map[string]influence.Actor{"You proposed": staffActor(), "You decided": took} {
			if err := s.As(a).AnswerProposal(t.Context(), ref, 4, yes); !errors.As(err, &no) || !strings.HasPrefix(no.Error(), who) {
				t.Errorf("%s: %v", who, err)
			}
		}
		for _, a := range []influence.Actor{larActor(p.north), partnerActor(p.alder)} {
			if err := s.As(a).AnswerProposal(t.Context(), ref, 4, yes); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s: %v", a.OrgName, err)
			}
		}
		if _, err := s.As(another()).RuleDispute(t.Context(), ref, 4, p.halves()); !errors.As(err, &no) {
			t.Errorf("another rules meanwhile: %v", err)
		}
		if err := s.As(another()).AnswerProposal(t.Context(), ref, 3, yes); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an older version: %v", err)
		}
		var wrong influence.Invalid
		if err := s.As(another()).AnswerProposal(t.Context(), ref, 4, influence.Approval{Answer: "return", Sentence: " "}); !errors.As(err, &wrong) || wrong["sentence"] == "" {
			t.Errorf("sent back without a sentence: %v", err)
		}
		change1(t, s, `UPDATE partners SET suspended_at = 1 WHERE id = $1`, p.birch.ID)
		if err := s.As(another()).AnswerProposal(t.Context(), ref, 4, yes); !errors.As(err, &wrong) || !strings.Contains(wrong["answer"], "suspended") {
			t.Errorf("a partner was suspended meanwhile: %v", err)
		}
		verified(t, s)
	})
}

// TestSentBack: who proposed reads the sentence, and another ruling is proposed and
// approved, also by who sent the first one back.
func TestSentBack(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, s, claim, _, ref := large(t, s)
		_, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, p.halves())
		must(t, err)
		must(t, s.As(another()).AnswerProposal(t.Context(), ref, 4, influence.Approval{Answer: "return", Sentence: "The pilot was half."}))
		page, err := s.As(staffActor()).Dispute(t.Context(), ref)
		if err != nil || page.Proposed || page.Refused != nil || page.Proposal == nil || page.Proposal.Sentence != "The pilot was half." || page.Proposal.AnsweredBy != "Ann Lee" {
			t.Errorf("%+v, %v", page, err)
		}
		if n := mails(t, s, "mgr", "Your ruling on dispute "+ref+" was sent back"); n != 1 {
			t.Errorf("who proposed has %d mails", n)
		}
		draft := influence.RulingDraft{Outcome: "dismissed", Reason: "The letter is of another deal."}
		if done, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 5, draft); err != nil || !done.Proposed {
			t.Errorf("%+v, %v", done, err)
		}
		must(t, s.As(another()).AnswerProposal(t.Context(), ref, 6, influence.Approval{Answer: "approve"}))
		if page, err := s.As(larActor(p.north)).Dispute(t.Context(), ref); err != nil || page.State != influence.DisputeDismissed || claimState(t, s, claim) != "rejected" {
			t.Errorf("%+v, %v", page, err)
		}
		verified(t, s)
	})
}

// TestOfTwoApprovalsOneCounts: two approve at once, and another pair of approval and
// return; the ruling counts once, and the other is told.
func TestOfTwoApprovalsOneCounts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, s, _, _, ref := large(t, s)
		_, err := s.As(staffActor()).RuleDispute(t.Context(), ref, 3, p.halves())
		must(t, err)
		errs := make([]error, 3)
		var all sync.WaitGroup
		for i, a := range []influence.Actor{another(), oneMore(), oneMore()} {
			answer := influence.Approval{Answer: "approve"}
			if i == 2 {
				answer = influence.Approval{Answer: "return", Sentence: "No."}
			}
			all.Go(func() { errs[i] = s.As(a).AnswerProposal(context.Background(), ref, 4, answer) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			var no influence.Refusal
			switch {
			case err == nil:
				won++
			case !errors.Is(err, influence.ErrConflict) && !errors.As(err, &no):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of three won: %v", won, errs)
		}
		if n := count(t, s, `SELECT count(*) FROM decisions WHERE basis = 'ruling'`); n > 1 {
			t.Errorf("%d rulings were recorded", n)
		}
		verified(t, s)
	})
}
