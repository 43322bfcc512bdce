package store

import (
	"errors"
	"testing"

	"irm/influence"
)

// waitingClaim has Cedar, which North does not know, claim an agreement of North.
func waitingClaim(t testing.TB, s *Store, p program) (claim string, request ConnectionRow) {
	t.Helper()
	claim = claimed(t, s, p, p.cedar, "E1")
	page, err := s.As(larActor(p.north)).ConnectionRequests(t.Context(), 10)
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("requests %+v, %v", page.Rows, err)
	}
	return claim, page.Rows[0]
}

func claimState(t testing.TB, s *Store, ref string) string {
	t.Helper()
	return texts(t, s, `SELECT state FROM claims WHERE ref = $1`, ref)[0]
}

// TestSubmitAsksForTheConnection: a claim to a LAR without a connection asks for
// one; the LAR sees the request and how many claims wait, not the claims. It
// accepts, and they are delivered with the date of their submission.
func TestSubmitAsksForTheConnection(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		booked(t, s, p, "E1")
		claim, asked := waitingClaim(t, s, p)
		if asked.Partner != "cedar Consulting" || asked.Waiting != 1 || asked.Due != "2007-04-30" || asked.AskedBy != "" || asked.PartnerNo != "" {
			t.Errorf("the request shows %+v", asked)
		}
		north := s.As(larActor(p.north))
		if _, err := north.Claim(t.Context(), claim); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the LAR opens the claim before it accepts: %v", err)
		}
		later := after(s, 72*60*60*1e9)
		if err := later.As(larActor(p.south)).AnswerConnection(t.Context(), asked.Ref, true, "", asked.Version); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another LAR answers: %v", err)
		}
		if err := later.As(partnerActor(p.cedar)).AnswerConnection(t.Context(), asked.Ref, true, "", asked.Version); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("the partner answers itself: %v", err)
		}
		if err := later.As(larActor(p.north)).AnswerConnection(t.Context(), asked.Ref, true, "", asked.Version); err != nil {
			t.Fatal(err)
		}
		got, err := north.Claim(t.Context(), claim)
		if err != nil || got.State != influence.ClaimAttached || got.DatedOn != "2007-04-16" || got.Due != "2007-05-03" {
			t.Errorf("delivered as %+v, %v", got.ClaimRow, err)
		}
		if err := later.As(larActor(p.north)).AnswerConnection(t.Context(), asked.Ref, false, "", asked.Version); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("answering again with the old version: %v", err)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE '%is connected with you'`, p.cedar.MemberID); n != 1 {
			t.Errorf("%d mails tell the partner", n)
		}
		verified(t, s)
	})
}

// TestDeclinedConnectionReturnsTheClaims: they are drafts again, the partner
// reads the reason, and may ask again.
func TestDeclinedConnectionReturnsTheClaims(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, asked := waitingClaim(t, s, p)
		if err := s.As(larActor(p.north)).AnswerConnection(t.Context(), asked.Ref, false, "Not in our region.", asked.Version); err != nil {
			t.Fatal(err)
		}
		if got := claimState(t, s, claim); got != "draft" {
			t.Errorf("the claim is %s", got)
		}
		cedar := s.As(partnerActor(p.cedar))
		page, err := cedar.LARPage(t.Context(), p.north.Ref)
		if err != nil || page.Connection != influence.ConnectionDeclined || page.Request.Reason != "Not in our region." || len(page.Contacts) != 0 {
			t.Errorf("the partner sees %+v, %v", page, err)
		}
		if _, err := cedar.AskConnection(t.Context(), p.north.Ref, "Once more.", "again"); err != nil {
			t.Errorf("asking again: %v", err)
		}
		verified(t, s)
	})
}

// TestConnectionIsAskedOnce: the same form asks once, a second request is
// refused, and only a Ready LAR is asked.
func TestConnectionIsAskedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cedar := s.As(partnerActor(p.cedar))
		first, err := cedar.AskConnection(t.Context(), p.south.Ref, "We work in VT.", "k")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := cedar.AskConnection(t.Context(), p.south.Ref, "We work in VT.", "k"); err != nil || again != first {
			t.Errorf("the same form again: %s, %v; want %s", again, err, first)
		}
		var no influence.Refusal
		if _, err := cedar.AskConnection(t.Context(), p.south.Ref, "", "other"); !errors.As(err, &no) {
			t.Errorf("a second request: %v", err)
		}
		if _, err := cedar.AskConnection(t.Context(), p.west.Ref, "", "west"); !errors.As(err, &no) {
			t.Errorf("asking an invited LAR: %v", err)
		}
		if _, err := s.As(larActor(p.north)).AskConnection(t.Context(), p.south.Ref, "", "lar"); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a LAR asks: %v", err)
		}
		for who, want := range map[influence.Role]int{influence.RolePartner: 1, influence.RoleLAR: 1, influence.RoleStaff: 3} {
			actor := map[influence.Role]influence.Actor{influence.RolePartner: partnerActor(p.cedar), influence.RoleLAR: larActor(p.south), influence.RoleStaff: staffActor()}[who]
			n := 0
			for _, err := range s.As(actor).EveryConnection(t.Context(), ConnectionFilter{}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != want {
				t.Errorf("%s sees %d connections, want %d", who, n, want)
			}
		}
	})
}

// TestLARStatus: an administrator changes it, dated and with the planned day;
// claims go to a LAR once it is Ready.
func TestLARStatus(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		admin := staffActor()
		admin.Rank = influence.RankAdministrator
		v := s.As(admin)
		if err := s.As(staffActor()).SetLARStatus(t.Context(), p.west.Ref, "signed", "", 1); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a partner manager: %v", err)
		}
		for field, typed := range map[string][2]string{"status": {"done", ""}, "planned_on": {"signed", "31/12/2007"}} {
			var wrong influence.Invalid
			if err := v.SetLARStatus(t.Context(), p.west.Ref, typed[0], typed[1], 1); !errors.As(err, &wrong) || wrong[field] == "" {
				t.Errorf("%q: %v", typed, err)
			}
		}
		if err := v.SetLARStatus(t.Context(), p.west.Ref, "signed", "2007-06-01", 1); err != nil {
			t.Fatal(err)
		}
		if err := v.SetLARStatus(t.Context(), p.west.Ref, "ready", "", 1); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("with the older version: %v", err)
		}
		if err := v.SetLARStatus(t.Context(), p.west.Ref, "ready", "", 2); err != nil {
			t.Fatal(err)
		}
		page, err := v.LARPage(t.Context(), "west")
		if err != nil || page.Status != influence.LARReady || len(page.Statuses) != 3 || page.Statuses[1].PlannedOn != "2007-06-01" || len(page.Contacts) != 1 {
			t.Errorf("%+v, %v", page, err)
		}
		seen, err := s.As(larActor(p.north)).LARPage(t.Context(), "west")
		if err != nil || len(seen.Statuses) != 0 || len(seen.Contacts) != 0 {
			t.Errorf("another LAR sees %+v, %v", seen, err)
		}
		if ready, err := s.PublicLARs(t.Context()); err != nil || len(ready) != 3 {
			t.Errorf("the public sees %+v, %v", ready, err)
		}
		if _, err := s.As(partnerActor(p.cedar)).AskConnection(t.Context(), p.west.Ref, "", "k"); err != nil {
			t.Errorf("asking the LAR that is Ready now: %v", err)
		}
	})
}
