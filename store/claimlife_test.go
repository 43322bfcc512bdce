package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// lived makes claims of Alder in every state.
type lived struct {
	t *testing.T
	s *Store
	p program
	n int
}

// claim makes a claim in a state and returns its reference and its agreement's,
// "" where it has none.
func (l *lived) claim(state influence.ClaimState) (ref, agreement string) {
	l.t.Helper()
	l.n++
	number := fmt.Sprintf("L%d", l.n)
	alder := l.s.As(partnerActor(l.p.alder))
	must := func(err error) {
		l.t.Helper()
		if err != nil {
			l.t.Fatal(err)
		}
	}
	switch state {
	case influence.ClaimDrafted:
		ref, err := alder.SaveDraft(l.t.Context(), "", number, 0, intentDraft(l.p, "Customer "+number))
		must(err)
		return ref, ""
	case influence.ClaimWaiting:
		d := intentDraft(l.p, "Customer "+number)
		d.LAR = l.p.south.Ref
		ref, err := alder.SubmitClaim(l.t.Context(), "", number, 0, d)
		must(err)
		return ref, ""
	case influence.ClaimIntent, influence.ClaimWithdrawn, influence.ClaimExpired:
		d := intentDraft(l.p, "Zyx"+number+" Unlike")
		ref, err := alder.SubmitClaim(l.t.Context(), "", number, 0, d)
		must(err)
		if state == influence.ClaimWithdrawn {
			must(alder.WithdrawClaim(l.t.Context(), ref, versionOfClaim(l.t, l.s, ref)))
		}
		if state == influence.ClaimExpired {
			ends(l.t, l.s, ref, turned{state: influence.ClaimExpired, action: "expire"})
		}
		return ref, ""
	}
	ref, agreement = attached(l.t, l.s, l.p, number)
	switch state {
	case influence.ClaimActionRequired:
		questioned(l.t, l.s, l.p, ref)
	case influence.ClaimConfirmed:
		decided(l.t, l.s, l.p, agreement, l.p.alder)
	case influence.ClaimRejected:
		questioned(l.t, l.s, l.p, ref)
		ends(l.t, l.s, ref, turned{state: influence.ClaimRejected, action: influence.RejectClaim, code: string(influence.NoAnswer)})
	case influence.ClaimSuperseded:
		d := intentDraft(l.p, "Fabrikam "+number)
		d.AgreementNumber, d.Replaces = number, ref
		_, err := alder.SubmitClaim(l.t.Context(), "", number+" again", 0, d)
		must(err)
	}
	return ref, agreement
}

// ends moves a claim to where only time takes it.
func ends(t testing.TB, s *Store, ref string, to turned) {
	t.Helper()
	err := s.transact(t.Context(), func(t *tx) error {
		t.who, t.act = influence.Operator(), influence.EditClaims
		was, err := scanClaim(t.row(`SELECT `+claimColumns+` FROM claims c WHERE c.ref = $1`, ref))
		if err != nil {
			return err
		}
		c, err := t.turn(was, was, to)
		if err != nil {
			return err
		}
		if err := t.left(was); err != nil {
			return err
		}
		return t.record(change{ref, recordClaim(was), recordClaim(c)})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// claimDeed is an action on a claim as a session does it.
type claimDeed struct {
	action influence.ClaimAction
	by     influence.Role
	do     func(v Session, ctx context.Context, ref string, version int64) error
	to     influence.ClaimState // where it leads; "" for where it was
	from   string               // the states that allow it
}

// deeds are the cells of the table that a partner's and a LAR's buttons do.
func (l *lived) deeds() []claimDeed {
	edit := func(v Session, ctx context.Context, ref string, version int64) error {
		d := intentDraft(l.p, fmt.Sprintf("Changed %s Unlike", ref))
		page, err := v.Claim(ctx, ref)
		if err != nil {
			return err
		}
		d.LAR = page.Draft.LAR
		if page.State == influence.ClaimDrafted {
			_, err = v.SaveDraft(ctx, ref, "", version, d)
			return err
		}
		return v.EditClaim(ctx, ref, version, d)
	}
	submit := func(v Session, ctx context.Context, ref string, version int64) error {
		_, err := v.SubmitClaim(ctx, ref, "", version, intentDraft(l.p, "Submitted "+ref+" Unlike"))
		return err
	}
	evidence := func(v Session, ctx context.Context, ref string, version int64) error {
		_, err := v.AddEvidence(ctx, ref, version, NewEvidence{Name: "letter.txt", Data: []byte("They helped us."), Statement: "Their letter."})
		return err
	}
	attach := func(v Session, ctx context.Context, ref string, version int64) error {
		l.n++
		booked(l.t, l.s, l.p, fmt.Sprintf("A%d", l.n))
		return v.AttachClaim(ctx, ref, fmt.Sprintf("A%d", l.n), version)
	}
	partner, lar := influence.RolePartner, influence.RoleLAR
	return []claimDeed{
		{influence.EditClaim, partner, edit, "", "draft waiting intent"},
		{influence.SubmitClaim, partner, submit, influence.ClaimIntent, "draft"},
		{influence.DiscardClaim, partner, Session.DiscardDraft, "gone", "draft"},
		{influence.WithdrawClaim, partner, Session.WithdrawClaim, influence.ClaimWithdrawn, "waiting intent attached action_required"},
		{influence.ExtendClaim, partner, Session.ExtendClaim, influence.ClaimIntent, "intent"},
		{influence.AddClaimEvidence, partner, evidence, "", "draft waiting intent attached action_required"},
		{influence.AnswerAboutClaim, partner, func(v Session, ctx context.Context, ref string, version int64) error {
			return v.AnswerAboutClaim(ctx, ref, version, influence.AnswerDraft{Answer: "Here it is.", Claim: influence.ClaimDraft{Seats: "300"}})
		}, influence.ClaimAttached, "action_required"},
		{influence.DisputeClaim, partner, func(v Session, ctx context.Context, ref string, version int64) error {
			_, err := v.OpenDispute(ctx, ref, version, influence.DisputeDraft{Reason: "We did it."})
			return err
		}, "", ""}, // what all has and what nobody answered are not disputed; TestDisputed has the others
		{influence.ReopenClaim, partner, Session.ReopenClaim, "open", "rejected withdrawn expired"},
		{influence.AttachClaim, lar, attach, influence.ClaimAttached, "intent"},
		{influence.RejectClaim, lar, func(v Session, ctx context.Context, ref string, version int64) error {
			return v.RejectIntent(ctx, ref, "not_our_agreement", "", version)
		}, influence.ClaimRejected, "intent"},
		{influence.AskAboutClaim, lar, func(v Session, ctx context.Context, ref string, version int64) error {
			return v.AskAboutClaim(ctx, ref, version, influence.QuestionDraft{Code: "evidence_missing"})
		}, influence.ClaimActionRequired, "attached"},
		{influence.TakeQuestionBack, lar, Session.TakeQuestionBack, influence.ClaimAttached, "action_required"},
		{influence.DetachClaim, lar, func(v Session, ctx context.Context, ref string, version int64) error {
			return v.DetachClaim(ctx, ref, "", version)
		}, influence.ClaimIntent, "attached"},
	}
}

// TestEveryStateAndAction: each cell of the table of claims works for the role
// that has it and is refused in words to everybody else, on both databases.
func TestEveryStateAndAction(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		l := &lived{t: t, s: s, p: begun(t, s)}
		for _, state := range influence.ClaimStates() {
			kept, _ := l.claim(state)
			for _, d := range l.deeds() {
				if strings.Contains(" "+d.from+" ", " "+string(state)+" ") {
					l.allowed(state, d)
				} else {
					l.refused(state, d, kept)
				}
			}
			if got := claimState(t, s, kept); got != string(state) {
				t.Errorf("what was refused moved a claim from %s to %s", state, got)
			}
		}
		verified(t, s)
	})
}

// actor is who does a deed: the partner or the LAR that the claim is of.
func (l *lived) actor(state influence.ClaimState, r influence.Role) influence.Actor {
	switch {
	case r == influence.RolePartner:
		return partnerActor(l.p.alder)
	case state == influence.ClaimWaiting:
		return larActor(l.p.south)
	}
	return larActor(l.p.north)
}

// allowed does a deed on a claim of its own, after everybody else was refused it.
func (l *lived) allowed(state influence.ClaimState, d claimDeed) {
	l.t.Helper()
	ref, _ := l.claim(state)
	version := versionOfClaim(l.t, l.s, ref)
	for _, who := range []influence.Actor{partnerActor(l.p.birch), partnerActor(l.p.alder), larActor(l.p.west), larActor(l.p.north), staffActor()} {
		if who.OrgID == l.actor(state, d.by).OrgID {
			continue
		}
		if err := d.do(l.s.As(who), l.t.Context(), ref, version); !errors.Is(err, influence.ErrForbidden) && !errors.Is(err, influence.ErrNotFound) {
			l.t.Errorf("%s %s by %s: %v", state, d.action, who.OrgName, err)
		}
	}
	if err := d.do(l.s.As(l.actor(state, d.by)), l.t.Context(), ref, version); err != nil {
		l.t.Errorf("%s %s: %v", state, d.action, err)
		return
	}
	l.became(state, d, ref)
}

// became checks where a deed has led.
func (l *lived) became(state influence.ClaimState, d claimDeed, ref string) {
	l.t.Helper()
	if d.to == "gone" {
		if n := count(l.t, l.s, `SELECT count(*) FROM claims WHERE ref = $1`, ref); n != 0 {
			l.t.Errorf("%s %s left the claim there", state, d.action)
		}
		return
	}
	want, got := d.to, influence.ClaimState(claimState(l.t, l.s, ref))
	if want == "" {
		want = state
	}
	if want == "open" && got.Open() {
		return
	}
	if got != want {
		l.t.Errorf("%s %s: the claim is %s, want %s", state, d.action, got, want)
	}
}

// refused tries a deed that the table does not have: in words, unless the LAR does
// not see the claim at all.
func (l *lived) refused(state influence.ClaimState, d claimDeed, ref string) {
	l.t.Helper()
	err := d.do(l.s.As(l.actor(state, d.by)), l.t.Context(), ref, versionOfClaim(l.t, l.s, ref))
	var no influence.Refusal
	hidden := d.by == influence.RoleLAR && (state == influence.ClaimDrafted || state == influence.ClaimWaiting) && errors.Is(err, influence.ErrNotFound)
	stale := (d.action == influence.SubmitClaim || d.action == influence.EditClaim) && errors.Is(err, influence.ErrConflict)
	if !hidden && !stale && !errors.As(err, &no) {
		l.t.Errorf("%s %s: %v", state, d.action, err)
	}
}

// TestReopeningKeepsTheDate: within 30 days, with the date of the first submission;
// not what the LAR decided.
func TestReopeningKeepsTheDate(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		l := &lived{t: t, s: s, p: begun(t, s)}
		alder := func(days int) Session { return after(s, day*time.Duration(days)).As(partnerActor(l.p.alder)) }
		expired, _ := l.claim(influence.ClaimExpired)
		var no influence.Refusal
		if err := alder(31).ReopenClaim(t.Context(), expired, versionOfClaim(t, s, expired)); !errors.As(err, &no) {
			t.Errorf("after 31 days: %v", err)
		}
		if err := alder(30).ReopenClaim(t.Context(), expired, versionOfClaim(t, s, expired)); err != nil {
			t.Fatal(err)
		}
		got, err := alder(30).Claim(t.Context(), expired)
		if err != nil || got.DatedOn != "2007-04-16" || got.State != influence.ClaimIntent || got.Due != "2007-10-13" {
			t.Errorf("%+v, %v", got.ClaimRow, err)
		}
		silent, _ := l.claim(influence.ClaimRejected)
		if err := alder(3).ReopenClaim(t.Context(), silent, versionOfClaim(t, s, silent)); err != nil {
			t.Fatal(err)
		}
		got, err = alder(3).Claim(t.Context(), silent)
		if err != nil || got.State != influence.ClaimActionRequired || got.Code != "evidence_missing" || len(got.Askable) != 1 || got.Due != "2007-05-03" {
			t.Errorf("%+v, %v", got.ClaimRow, err)
		}
		claim, agreement := l.claim(influence.ClaimAttached)
		decided(t, s, l.p, agreement, l.p.birch)
		if err := alder(1).ReopenClaim(t.Context(), claim, versionOfClaim(t, s, claim)); !errors.As(err, &no) {
			t.Errorf("what the LAR rejected: %v", err)
		}
		verified(t, s)
	})
}

// TestExtensionIsGrantedOnce: 90 more days at once, and no second time.
func TestExtensionIsGrantedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		l := &lived{t: t, s: s, p: begun(t, s)}
		ref, _ := l.claim(influence.ClaimIntent)
		alder := s.As(partnerActor(l.p.alder))
		if err := alder.ExtendClaim(t.Context(), ref, 2); err != nil {
			t.Fatal(err)
		}
		if got, err := alder.Claim(t.Context(), ref); err != nil || got.Due != "2008-01-11" || got.ValidUntil != "2008-01-11" {
			t.Errorf("%+v, %v", got, err)
		}
		var no influence.Refusal
		if err := alder.ExtendClaim(t.Context(), ref, 3); !errors.As(err, &no) {
			t.Errorf("a second time: %v", err)
		}
	})
}

// TestNewerClaimReplacesAnOpenOne: only when it says so; the LAR decides on the newer.
func TestNewerClaimReplacesAnOpenOne(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		old, agreement := attached(t, s, p, "E1")
		alder := s.As(partnerActor(p.alder))
		d := intentDraft(p, "Fabrikam")
		d.AgreementNumber = "e-1"
		var wrong influence.Invalid
		if _, err := alder.SubmitClaim(t.Context(), "", "a", 0, d); !errors.As(err, &wrong) || !strings.Contains(wrong["agreement_number"], old) {
			t.Errorf("a second claim: %v", err)
		}
		d.Replaces = old
		newer, err := alder.SubmitClaim(t.Context(), "", "b", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		if claimState(t, s, old) != "superseded" || claimState(t, s, newer) != "attached" {
			t.Errorf("the old one is %s, the newer %s", claimState(t, s, old), claimState(t, s, newer))
		}
		if page, err := alder.Claim(t.Context(), old); err != nil || page.ReplacedBy != newer {
			t.Errorf("%+v, %v", page, err)
		}
		verified(t, s)
		decided(t, s, p, agreement, p.alder)
		if got := claimState(t, s, newer); got != "confirmed" {
			t.Errorf("the newer is %s", got)
		}
	})
}

// TestDetachedClaimStaysApart: it waits for another agreement, its partner no
// longer sees this one, and the same number attaches it no more.
func TestDetachedClaimStaysApart(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		if err := s.As(larActor(p.north)).DetachClaim(t.Context(), claim, "It is another deal.", versionOfClaim(t, s, claim)); err != nil {
			t.Fatal(err)
		}
		alder := s.As(partnerActor(p.alder))
		if _, err := alder.Agreement(t.Context(), agreement); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("its partner sees the agreement: %v", err)
		}
		page, err := alder.Claim(t.Context(), claim)
		if err != nil || page.State != influence.ClaimIntent || page.Due != "2007-10-13" || page.AgreementRef != "" || page.Events[0].Note != "It is another deal." {
			t.Fatalf("%+v, %v", page, err)
		}
		if err := alder.EditClaim(t.Context(), claim, page.Version, page.Draft); err != nil || claimState(t, s, claim) != "intent" {
			t.Errorf("edited it is %s, %v", claimState(t, s, claim), err)
		}
		verified(t, s)
		if err := s.As(larActor(p.north)).AttachClaim(t.Context(), claim, "E1", versionOfClaim(t, s, claim)); err != nil {
			t.Errorf("its LAR thinks again: %v", err)
		}
	})
}

// TestCopyIsADraftOfItsOwn: with what the claim says, for its own company alone.
func TestCopyIsADraftOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		if _, err := s.As(partnerActor(p.birch)).CopyClaim(t.Context(), claim, "k"); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another partner: %v", err)
		}
		alder := s.As(partnerActor(p.alder))
		draft, err := alder.CopyClaim(t.Context(), claim, "k")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := alder.CopyClaim(t.Context(), claim, "k"); err != nil || again != draft {
			t.Errorf("a double click makes %s, %v", again, err)
		}
		if page, err := alder.Claim(t.Context(), draft); err != nil || page.State != influence.ClaimDrafted || page.Customer != "Fabrikam E1" || page.Note != "We brought the deal." {
			t.Errorf("%+v, %v", page, err)
		}
	})
}
