package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// TestOpenedByWhom: each person of the LAR once, when it first looked; nobody else
// and no staff that sees the portal so.
func TestOpenedByWhom(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		viewing := larActor(p.north)
		viewing.MemberID, viewing.Viewing = "staff", true
		for _, a := range []influence.Actor{viewing, larActor(p.west), partnerActor(p.birch), staffActor()} {
			if err := s.As(a).OpenClaims(t.Context(), claim); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 3 {
			if err := after(s, time.Duration(i)*time.Hour).As(larActor(p.north)).OpenClaims(t.Context(), claim, "CLM-000000"); err != nil {
				t.Fatal(err)
			}
		}
		page, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || len(page.Openings) != 1 || page.Openings[0].At.After(s.clock.Program().Add(time.Minute)) {
			t.Errorf("%+v, %v", page.Openings, err)
		}
	})
}

// TestSecondClaimIsAskedAbout: what says the same as another claim of its company is
// sent only by who was told, and others' claims say nothing of it.
func TestSecondClaimIsAskedAbout(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		alder, birch := s.As(partnerActor(p.alder)), s.As(partnerActor(p.birch))
		d := intentDraft(p, "Fabrikam")
		d.Warn = true
		first, err := alder.SubmitClaim(t.Context(), "", "a", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := alder.SubmitClaim(t.Context(), "", "a", 0, d); err != nil || again != first {
			t.Errorf("a double click: %s, %v", again, err)
		}
		d.Customer = "FABRIKAM, Inc."
		_, err = alder.SubmitClaim(t.Context(), "", "b", 0, d)
		var wrong influence.Invalid
		if !errors.As(err, &wrong) || !strings.Contains(wrong["customer"], first) {
			t.Errorf("a second one: %v", err)
		}
		if all, err := alder.Twins(t.Context(), "", d); err != nil || len(all) != 1 || all[0].Ref != first {
			t.Errorf("%v, %v", all, err)
		}
		if all, err := birch.Twins(t.Context(), "", d); err != nil || len(all) != 0 {
			t.Errorf("another company: %v, %v", all, err)
		}
		if _, err := birch.SubmitClaim(t.Context(), "", "b", 0, d); err != nil {
			t.Errorf("another company: %v", err)
		}
		d.Known = first
		second, err := alder.SubmitClaim(t.Context(), "", "c", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		if page, err := s.As(larActor(p.north)).Claim(t.Context(), second); err != nil || len(page.Twins) != 1 || page.Twins[0].Ref != first {
			t.Errorf("its LAR: %+v, %v", page.Twins, err)
		}
		verified(t, s)
	})
}

// TestRivalsHearOfEachOtherWithoutAName: both partners get one mail, when the second
// claim comes, and it names nobody.
func TestRivalsHearOfEachOtherWithoutAName(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		attached(t, s, p, "E1")
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE subject LIKE 'Another claim competes%'`); n != 0 {
			t.Errorf("%d mails about one claim", n)
		}
		d := intentDraft(p, "Fabrikam E1")
		d.AgreementNumber = "E1"
		if _, err := s.As(partnerActor(p.birch)).SubmitClaim(t.Context(), "", "b", 0, d); err != nil {
			t.Fatal(err)
		}
		for _, x := range []LoadedPartner{p.alder, p.birch} {
			if n := count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE 'Another claim competes%'
				AND subject || body NOT LIKE '%alder%' AND subject || body NOT LIKE '%birch%'`, x.MemberID); n != 1 {
				t.Errorf("%s has %d mails", x.Name, n)
			}
		}
	})
}

// TestUndoGivesWayToANewerClaim: a claim filed after the rejection stays the one
// that is open; the rejected one is replaced by it when the decision is undone.
func TestUndoGivesWayToANewerClaim(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		old, agreement := attached(t, s, p, "E1")
		decided(t, s, p, agreement, p.birch)
		d := intentDraft(p, "Fabrikam E1")
		d.AgreementNumber = "E1"
		newer, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "newer", 0, d)
		if err != nil || claimState(t, s, newer) != "attached" {
			t.Fatalf("%s, %v", claimState(t, s, newer), err)
		}
		north := s.As(larActor(p.north))
		page, err := north.Agreement(t.Context(), agreement)
		if err != nil {
			t.Fatal(err)
		}
		if err := north.UndoDecision(t.Context(), agreement, page.Full.Decisions[0].Ref, page.Full.Version); err != nil {
			t.Fatal(err)
		}
		if claimState(t, s, old) != "superseded" || claimState(t, s, newer) != "attached" {
			t.Errorf("the old one is %s, the newer %s", claimState(t, s, old), claimState(t, s, newer))
		}
		if page, err := s.As(partnerActor(p.alder)).Claim(t.Context(), old); err != nil || page.ReplacedBy != newer {
			t.Errorf("%+v, %v", page, err)
		}
		verified(t, s)
		decided(t, s, p, agreement, p.alder)
		if claimState(t, s, newer) != "confirmed" {
			t.Errorf("the newer is %s", claimState(t, s, newer))
		}
		verified(t, s)
	})
}

// TestNoClockWhileThePartnerAnswers: an agreement whose only open claim waits for its
// partner has no day of the LAR's, comes last, and counts for no age; with the
// answer the LAR's day is there again.
func TestNoClockWhileThePartnerAnswers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		attached(t, s, p, "E2")
		north := s.As(larActor(p.north))
		rows := func() []InboxRow {
			page, err := north.Inbox(t.Context(), "decide", "", "", 50)
			if err != nil {
				t.Fatal(err)
			}
			return page.Rows
		}
		waits := func() int64 {
			d, err := north.Dashboard(t.Context(), Selection{Period: influence.Period{FY: 2007}})
			if err != nil || d.Waiting == nil {
				t.Fatalf("%v, %v", d.Waiting, err)
			}
			return d.Waiting.All()
		}
		questioned(t, s, p, claim)
		if all := rows(); len(all) != 2 || all[1].Ref != agreement || all[1].DueOn() != "" || all[0].DueOn() == "" {
			t.Errorf("asked: %+v", all)
		}
		if page, err := north.Agreement(t.Context(), agreement); err != nil || !page.Full.Stands || page.Full.Due != "" {
			t.Errorf("asked: %+v, %v", page.Full, err)
		}
		if n := waits(); n != 1 {
			t.Errorf("%d wait for the LAR", n)
		}
		if err := s.As(partnerActor(p.alder)).AnswerAboutClaim(t.Context(), claim, versionOfClaim(t, s, claim), influence.AnswerDraft{Answer: "Here."}); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows() {
			if r.DueOn() == "" {
				t.Errorf("answered: %+v", r)
			}
		}
		if n := waits(); n != 2 {
			t.Errorf("%d wait for the LAR", n)
		}
		verified(t, s)
	})
}
