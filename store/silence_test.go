package store

import (
	"testing"
	"time"

	"irm/influence"
	"irm/store/storetest"
)

// on is the same store at nine in the morning of a program day.
func on(t testing.TB, s *Store, day influence.Day) *Store {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", string(day)+" 09:00", storetest.Zone())
	must(t, err)
	c := s.clock
	c.Offset = at.Sub(storetest.Start())
	return s.At(c)
}

// struck has the clocks strike on a day, and returns how many steps were taken.
func struck(t testing.TB, s *Store, day influence.Day) int {
	t.Helper()
	n, err := on(t, s, day).Strike(t.Context(), "me")
	if err != nil {
		t.Fatalf("on %s: %v", day, err)
	}
	return n
}

// mails counts the mails to a member with a beginning of their subject.
func mails(t testing.TB, s *Store, member, subject string) int64 {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE $2`, member, subject+"%")
}

// silent says what silence does on a day, and what it must leave.
type silent struct {
	day   influence.Day
	steps int
	state string // of the claim then
	mail  string // beginning of a subject, to whom
	to    string
}

// goesBy lets days go by, each struck twice.
func goesBy(t *testing.T, s *Store, claim string, days []silent) {
	t.Helper()
	for _, d := range days {
		before := int64(0)
		if d.mail != "" {
			before = mails(t, s, d.to, d.mail)
		}
		if n := struck(t, s, d.day); n != d.steps {
			t.Errorf("%s: %d steps, want %d", d.day, n, d.steps)
		}
		if n := struck(t, s, d.day); n != 0 {
			t.Errorf("%s: %d steps were taken again", d.day, n)
		}
		if claim != "" && d.state != "" && claimState(t, s, claim) != d.state {
			t.Errorf("%s: the claim is %s, want %s", d.day, claimState(t, s, claim), d.state)
		}
		if d.mail != "" && mails(t, s, d.to, d.mail) != before+1 {
			t.Errorf("%s: %d mails %q", d.day, mails(t, s, d.to, d.mail)-before, d.mail)
		}
	}
	verified(t, s)
}

// TestSilenceAboutAnIntent: its partner is told 14 days before the end, and after
// the last day it expires. The clocks go forward and back in between.
func TestSilenceAboutAnIntent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s) // Monday 16 April 2007; 180 days later is Saturday 13 October
		claim, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, intentDraft(p, "Fabrikam"))
		must(t, err)
		goesBy(t, s, claim, []silent{
			{day: "2007-09-28", state: "intent"},
			{day: "2007-09-29", steps: 1, state: "intent", mail: "Your claim " + claim + " expires on 13 Oct 2007", to: p.alder.MemberID},
			{day: "2007-10-13", state: "intent"},
			{day: "2007-10-14", steps: 1, state: "expired", mail: "Your claim " + claim + " has expired", to: p.alder.MemberID},
			{day: "2008-10-14", state: "expired"},
		})
		got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.Events[0].Action != influence.ExpireClaim || got.Events[0].By != influence.Clockwork().Name || got.Events[0].Org != "" {
			t.Errorf("the history says %+v, %v", got.Events[0], err)
		}
		entry := texts(t, s, `SELECT member_id FROM entries WHERE subject = $1 ORDER BY id DESC LIMIT 1`, claim)[0]
		if entry != influence.Clockwork().MemberID {
			t.Errorf("the ledger says %q did it", entry)
		}
	})
}

// TestAnExtensionMovesTheEnd: its partner is told before the new end too, and not
// at the old one.
func TestAnExtensionMovesTheEnd(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, intentDraft(p, "Fabrikam"))
		must(t, err)
		goesBy(t, s, claim, []silent{{day: "2007-10-10", steps: 1, state: "intent", mail: "Your claim " + claim + " expires on 13 Oct 2007", to: p.alder.MemberID}})
		must(t, on(t, s, "2007-10-13").As(partnerActor(p.alder)).ExtendClaim(t.Context(), claim, versionOfClaim(t, s, claim)))
		goesBy(t, s, claim, []silent{
			{day: "2007-10-14", state: "intent"},
			{day: "2007-12-28", steps: 1, state: "intent", mail: "Your claim " + claim + " expires on 11 Jan 2008", to: p.alder.MemberID},
			{day: "2008-01-12", steps: 1, state: "expired"},
		})
		must(t, on(t, s, "2008-02-11").As(partnerActor(p.alder)).ReopenClaim(t.Context(), claim, versionOfClaim(t, s, claim)))
		goesBy(t, s, claim, []silent{{day: "2008-02-27", steps: 1, state: "intent", mail: "Your claim " + claim + " expires on 12 Mar 2008", to: p.alder.MemberID}})
	})
}

// TestSilenceOfALAR: after ten business days its owners are told, after five more
// Microsoft and the partner; the claim stays with the LAR.
func TestSilenceOfALAR(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		staff := staffMember(t, s)
		at := on(t, s, "2006-11-08") // Veterans Day is observed on Friday the 10th, Thanksgiving on the 23rd
		claim, _ := attached(t, at, p, "E1")
		if got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim); err != nil || got.Due != "2006-11-24" {
			t.Fatalf("due %s, %v", got.Due, err)
		}
		goesBy(t, s, claim, []silent{
			{day: "2006-11-24", state: "attached"},
			{day: "2006-11-25", steps: 1, state: "attached", mail: "Claim " + claim + " is overdue", to: p.north.MemberID},
			{day: "2006-12-01", state: "attached"},
			{day: "2006-12-02", steps: 1, state: "attached", mail: "Claim " + claim + " can be decided by Microsoft", to: staff},
			{day: "2006-12-30", state: "attached"},
		})
		if n := mails(t, s, p.alder.MemberID, "Microsoft may decide your claim"); n != 1 {
			t.Errorf("%d mails tell the partner", n)
		}
		got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.Events[0].Action != influence.StaffClaim || got.Events[1].Action != influence.OwnersClaim || got.Since.IsZero() {
			t.Errorf("the history says %+v, %v", got.Events, err)
		}
	})
}

// TestAnUndoneDecisionIsNotPassedOnAgain: what was told for a last day is told once.
func TestAnUndoneDecisionIsNotPassedOnAgain(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		since := texts(t, s, `SELECT CAST(since AS TEXT) FROM claims WHERE ref = $1`, claim)[0]
		if n := struck(t, s, "2007-05-02"); n != 1 {
			t.Fatalf("%d steps", n)
		}
		late := on(t, s, "2007-05-02")
		decision, err := late.As(larActor(p.north)).Decide(t.Context(), agreement, wholly(p.alder, versionOf(t, s, agreement)))
		must(t, err)
		must(t, late.As(larActor(p.north)).UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement)))
		if n := struck(t, s, "2007-05-02"); n != 0 || claimState(t, s, claim) != "attached" {
			t.Errorf("%d steps after the undo of a claim that is %s", n, claimState(t, s, claim))
		}
		if got := texts(t, s, `SELECT CAST(since AS TEXT) FROM claims WHERE ref = $1`, claim)[0]; got != since {
			t.Errorf("the LAR's turn began at %s, want %s", got, since)
		}
		verified(t, s)
	})
}

// TestSilenceOfAPartner: it is reminded before the end of its turn, and after it
// the claim is rejected for no answer. Over the end of the year.
func TestSilenceOfAPartner(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		at := on(t, s, "2006-12-20")
		claim, agreement := attached(t, at, p, "E1")
		questioned(t, at, p, claim) // Christmas and New Year's Day lie between: due Friday 5 January
		got, err := s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.Due != "2007-01-05" {
			t.Fatalf("due %s, %v", got.Due, err)
		}
		before := versionOf(t, s, agreement)
		goesBy(t, s, claim, []silent{
			{day: "2007-01-02", state: "action_required"},
			{day: "2007-01-03", steps: 1, state: "action_required", mail: "Answer about your claim", to: p.alder.MemberID},
			{day: "2007-01-05", state: "action_required"},
			{day: "2007-01-06", steps: 1, state: "rejected", mail: "Your claim " + claim + " was rejected: no answer", to: p.alder.MemberID},
			{day: "2007-03-06", state: "rejected"},
		})
		if n := mails(t, s, p.north.MemberID, "Claim "+claim+" was rejected: no answer"); n != 1 {
			t.Errorf("%d mails tell the LAR", n)
		}
		got, err = s.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		if err != nil || got.Code != string(influence.NoAnswer) || got.Events[0].Code != string(influence.NoAnswer) {
			t.Errorf("%+v, %v", got, err)
		}
		if versionOf(t, s, agreement) == before {
			t.Error("who decides with the older version is not told")
		}
		last := on(t, s, "2007-02-05").As(partnerActor(p.alder)) // 30 days after the rejection
		must(t, last.ReopenClaim(t.Context(), claim, got.Version))
		if again, err := last.Claim(t.Context(), claim); err != nil || again.State != influence.ClaimActionRequired || again.Due != "2007-02-20" || len(again.Askable) != 1 || again.DatedOn != "2006-12-20" {
			t.Errorf("reopened as %+v, %v", again, err)
		}
		goesBy(t, s, claim, []silent{ // Washington's birthday lies between; a reopened claim has a whole turn
			{day: "2007-02-16", steps: 1, state: "action_required", mail: "Answer about your claim", to: p.alder.MemberID},
			{day: "2007-02-20", state: "action_required"},
			{day: "2007-02-21", steps: 1, state: "rejected"},
		})
	})
}

// TestPauseAndResume: the LAR's clock stops while the partner is asked, and is
// passed on by the day that it ends with then.
func TestPauseAndResume(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1") // due 30 April
		questioned(t, on(t, s, "2007-04-27"), p, claim)
		goesBy(t, s, claim, []silent{{day: "2007-05-02", state: "action_required"}})
		late := on(t, s, "2007-05-02")
		got, err := late.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		must(t, err)
		must(t, late.As(partnerActor(p.alder)).AnswerAboutClaim(t.Context(), claim, got.Version, influence.AnswerDraft{Answer: "Here.", Claim: got.Draft}))
		goesBy(t, s, claim, []silent{ // one day was left, three are the least
			{day: "2007-05-07", state: "attached"},
			{day: "2007-05-08", steps: 1, state: "attached", mail: "Claim " + claim + " is overdue", to: p.north.MemberID},
		})
	})
}

// TestSilenceAboutADraft: who began it is reminded once after 30 days.
func TestSilenceAboutADraft(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, err := s.As(partnerActor(p.alder)).SaveDraft(t.Context(), "", "k", 0, intentDraft(p, "Fabrikam"))
		must(t, err)
		goesBy(t, s, claim, []silent{
			{day: "2007-05-15", state: "draft"},
			{day: "2007-05-16", steps: 1, state: "draft", mail: "Your draft " + claim, to: p.alder.MemberID},
			{day: "2007-06-30", state: "draft"},
		})
	})
}

// TestSilenceAboutARequest: after ten business days the LAR's owners are told, and
// after five more Microsoft, which may connect.
func TestSilenceAboutARequest(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		staff := staffMember(t, s)
		claim, _ := waitingClaim(t, s, p) // due 30 April
		goesBy(t, s, claim, []silent{
			{day: "2007-04-30", state: "waiting"},
			{day: "2007-05-01", steps: 1, state: "waiting", mail: "The request of cedar", to: p.north.MemberID},
			{day: "2007-05-07", state: "waiting"},
			{day: "2007-05-08", steps: 1, state: "waiting", mail: "Microsoft may connect cedar", to: staff},
			{day: "2007-07-08", state: "waiting"},
		})
	})
}

// TestALongSilenceIsCaughtUp: a portal that was down takes each step when it is
// back, and tells everybody, each once, however long past it is.
func TestALongSilenceIsCaughtUp(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		microsoft := staffMember(t, s)
		claim, _ := attached(t, s, p, "E1")
		intent, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, intentDraft(p, "Contoso"))
		must(t, err)
		draft, err := s.As(partnerActor(p.alder)).SaveDraft(t.Context(), "", "d", 0, intentDraft(p, "Fabrikam"))
		must(t, err)
		n := struck(t, s, "2008-01-10")
		for to, subject := range map[string]string{p.north.MemberID: "Claim " + claim + " is overdue", microsoft: "Claim " + claim + " can be decided by Microsoft", p.alder.MemberID: "Microsoft may decide your claim " + claim} {
			if got := mails(t, s, to, subject); got != 1 {
				t.Errorf("%d mails %q", got, subject)
			}
		}
		if got := mails(t, s, p.alder.MemberID, "Your draft "+draft+" waits"); got != 1 {
			t.Errorf("the draft is brought to mind %d times", got)
		}
		if again := struck(t, s, "2008-01-10"); again != 0 {
			t.Errorf("%d steps again", again)
		}
		if n < 4 || claimState(t, s, intent) != "expired" || claimState(t, s, claim) != "attached" {
			t.Errorf("%d steps; the intent is %s, the claim %s", n, claimState(t, s, intent), claimState(t, s, claim))
		}
		verified(t, s)
	})
}

// TestWhoWasFasterThanSilence: what changed after it was found is left alone.
func TestWhoWasFasterThanSilence(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		questioned(t, s, p, claim)
		late := on(t, s, "2007-05-02")
		id := texts(t, s, `SELECT id FROM claims WHERE ref = $1`, claim)[0]
		must(t, late.As(larActor(p.north)).TakeQuestionBack(t.Context(), claim, versionOfClaim(t, s, claim)))
		for _, x := range claimSilences()[:2] {
			if took, err := late.act(t.Context(), "me", x, id); took || err != nil {
				t.Errorf("%s: %v, %v", x.step, took, err)
			}
		}
		if got := claimState(t, s, claim); got != "attached" {
			t.Errorf("the claim is %s", got)
		}
	})
}

// staffMember makes a partner manager who can sign in.
func staffMember(t testing.TB, s *Store) string {
	t.Helper()
	must(t, s.transact(t.Context(), func(t *tx) error {
		return t.later(`INSERT INTO members (id, role, org_id, rank, name, email, password, created_at, ref) VALUES ('mgr', 'staff', 'microsoft', 'manager', 'Maya Kim', 'maya@microsoft.example', 'x', 1, 'MBR-MAYA00')`)
	}))
	return "mgr"
}
