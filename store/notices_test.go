package store

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/influence"
)

// daily has somebody's mails of all kinds come once a day.
func daily(t testing.TB, v Session) {
	t.Helper()
	all := influence.MailChoices{}
	for _, k := range influence.NoticeKinds(v.actor.Role) {
		all[k] = true
	}
	must(t, v.ChooseMail(t.Context(), all))
}

func dueSubjects(t testing.TB, s *Store, to string) (all []string) {
	t.Helper()
	due, err := s.DueMail(t.Context(), "me", 100)
	must(t, err)
	for _, m := range due {
		if m.Email == to {
			all = append(all, m.Subject)
		}
	}
	return all
}

// TestADecisionsMailLeavesAfterItsUndoTime: neither mail nor notice before that.
func TestADecisionsMailLeavesAfterItsUndoTime(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, agreement := attached(t, s, p, "E1")
		decided(t, s, p, agreement, p.alder)
		for late, want := range map[time.Duration]int{0: 0, 14 * time.Minute: 0, 16 * time.Minute: 1} {
			at := after(s, late)
			if got := dueSubjects(t, at, "owner@alder.example"); len(got) != want {
				t.Errorf("after %s %q is due", late, got)
			}
			page, err := at.As(partnerActor(p.alder)).Notices(t.Context(), NoticeFilter{Limit: 10})
			if err != nil || len(page.Rows) != want {
				t.Errorf("after %s the notices are %+v, %v", late, page.Rows, err)
			}
		}
		if got := dueSubjects(t, after(s, time.Hour), "owner@alder.example"); len(got) != 1 || got[0] != "Your claim "+claim+" was confirmed" {
			t.Errorf("due %q", got)
		}
	})
}

// TestMailAboutWhatIsOutOfSightIsDropped: rights are checked when a mail is sent,
// and the notice is not shown either.
func TestMailAboutWhatIsOutOfSightIsDropped(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		questioned(t, s, p, claim)
		late := after(s, time.Minute)
		got, err := late.As(partnerActor(p.alder)).Claim(t.Context(), claim)
		must(t, err)
		must(t, late.As(partnerActor(p.alder)).AnswerAboutClaim(t.Context(), claim, got.Version, influence.AnswerDraft{Answer: "Here.", Claim: got.Draft}))
		north := late.As(larActor(p.north))
		if page, err := north.Notices(t.Context(), NoticeFilter{Limit: 10}); err != nil || len(page.Rows) != 1 {
			t.Fatalf("%+v, %v", page.Rows, err)
		}
		id := texts(t, s, `SELECT id FROM outbox WHERE member_id = $1`, p.north.MemberID)[0]
		change1(t, s, `UPDATE claims SET lar_id = $2 WHERE ref = $1`, claim, p.south.ID) // as if it had gone to another
		if page, err := north.Notices(t.Context(), NoticeFilter{Limit: 10}); err != nil || len(page.Rows) != 0 {
			t.Errorf("shown %+v, %v", page.Rows, err)
		}
		if _, err := north.OpenNotice(t.Context(), id); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("opened: %v", err)
		}
		if got := dueSubjects(t, late, "desk@north.example"); len(got) != 0 {
			t.Errorf("sent %q", got)
		}
		if why := texts(t, s, `SELECT dropped_why FROM outbox WHERE id = $1 AND dropped_at IS NOT NULL`, id); len(why) != 1 || why[0] != "unseen" {
			t.Errorf("recorded as %q", why)
		}
		if got := dueSubjects(t, late, "owner@alder.example"); len(got) != 1 {
			t.Errorf("the partner's mail is due as %q", got)
		}
	})
}

// TestNoticesAreOnesOwn: opened once they are read; another's is not found.
func TestNoticesAreOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		waitingClaim(t, s, p)
		late := after(s, time.Minute)
		north := late.As(larActor(p.north))
		page, err := north.Notices(t.Context(), NoticeFilter{Limit: 10})
		if err != nil || len(page.Rows) != 1 || !page.Rows[0].Unread || page.Rows[0].Kind != influence.NoticeConnections {
			t.Fatalf("%+v, %v", page.Rows, err)
		}
		id := page.Rows[0].ID
		for _, other := range []influence.Actor{larActor(p.south), partnerActor(p.cedar), staffActor()} {
			if _, err := late.As(other).OpenNotice(t.Context(), id); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s opens it: %v", other.Name, err)
			}
			must(t, late.As(other).ReadNotices(t.Context(), 1<<62))
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE read_at IS NOT NULL`); n != 0 {
			t.Error("others marked it as read")
		}
		if link, err := north.OpenNotice(t.Context(), id); err != nil || link != "/connections" {
			t.Errorf("it leads to %q, %v", link, err)
		}
		if page, err := north.Notices(t.Context(), NoticeFilter{Limit: 10}); err != nil || page.Rows[0].Unread {
			t.Errorf("it is unread still: %v", err)
		}
	})
}

// TestDailyMail: what happened and is due comes in one mail at eight in the morning,
// once a day, and nothing of it at once.
func TestDailyMail(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		daily(t, s.As(partnerActor(p.alder)))
		first, _ := attached(t, s, p, "E1")
		second, _ := attached(t, s, p, "E2")
		questioned(t, s, p, first)
		questioned(t, s, p, second)
		if got := dueSubjects(t, after(s, time.Hour), "owner@alder.example"); len(got) != 0 {
			t.Errorf("sent at once: %q", got)
		}
		page, err := after(s, time.Hour).As(partnerActor(p.alder)).Notices(t.Context(), NoticeFilter{Limit: 10})
		if err != nil || len(page.Rows) != 2 {
			t.Errorf("the notices are there at once: %+v, %v", page.Rows, err)
		}
		early, late := after(s, 22*time.Hour+50*time.Minute), after(s, 23*time.Hour+10*time.Minute) // 7:50 and 8:10 of the next day
		struckAt(t, early)
		if got := dueSubjects(t, early, "owner@alder.example"); len(got) != 0 {
			t.Errorf("before eight: %q", got)
		}
		struckAt(t, late)
		struckAt(t, late)
		if got := dueSubjects(t, late, "owner@alder.example"); len(got) != 1 || got[0] != "Today: what is due and what happened" {
			t.Fatalf("at eight: %q", got)
		}
		body := texts(t, s, `SELECT body FROM outbox WHERE subject LIKE 'Today%'`)[0]
		for _, want := range []string{"Answer about " + first, "A question about your claim " + second, "due in 9 business days"} {
			if !strings.Contains(body, want) {
				t.Errorf("the mail does not say %q:\n%s", want, body)
			}
		}
		struckAt(t, late) // everybody has had its mail
		noon := after(s, 27*time.Hour)
		c := versionOfClaim(t, s, first)
		must(t, noon.As(larActor(p.north)).TakeQuestionBack(t.Context(), first, c))
		struckAt(t, after(s, 28*time.Hour))
		if n := mails(t, s, p.alder.MemberID, "Today:"); n != 1 {
			t.Errorf("%d daily mails when something happens at noon", n)
		}
		must(t, late.MailSent(t.Context(), texts(t, s, `SELECT id FROM outbox WHERE subject LIKE 'Today%'`)[0]))
		next := after(s, 48*time.Hour)
		struckAt(t, next)
		if got := dueSubjects(t, next, "owner@alder.example"); len(got) != 1 || got[0] != "Today: what is due and what happened" {
			t.Errorf("a day later: %q", got)
		}
	})
}

func struckAt(t testing.TB, s *Store) {
	t.Helper()
	if _, err := s.Strike(t.Context(), "me"); err != nil {
		t.Fatal(err)
	}
}

// TestTheLARsMorning: a mail says what is due, from the day on which it is.
func TestTheLARsMorning(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		attached(t, s, p, "E1") // due 30 April
		waitingClaim(t, s, p)
		struck(t, s, "2007-04-27")
		if n := mails(t, s, p.north.MemberID, "Today:"); n != 0 {
			t.Errorf("%d mails of nothing", n)
		}
		struck(t, s, "2007-04-30")
		struck(t, s, "2007-04-30")
		if n := mails(t, s, p.north.MemberID, "Today: what is due"); n != 1 {
			t.Errorf("%d mails", n)
		}
		body := texts(t, s, `SELECT body FROM outbox WHERE subject LIKE 'Today%'`)[0]
		for _, want := range []string{"E1, Fabrikam E1: due today", "Request of cedar Consulting: due today"} {
			if !strings.Contains(body, want) {
				t.Errorf("the mail does not say %q:\n%s", want, body)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE subject LIKE 'Today%' AND member_id <> $1`, p.north.MemberID); n != 0 {
			t.Errorf("%d mails to others", n)
		}
	})
}

// TestOneMorningWithTwoInstances: two portals on one database send one daily mail a
// member and day between them.
func TestOneMorningWithTwoInstances(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		one := opened(t, dsn)
		p := begun(t, one)
		daily(t, one.As(partnerActor(p.alder)))
		claim, _ := attached(t, one, p, "E1")
		questioned(t, one, p, claim)
		two := one
		if one.dialect == "postgres" { // a SQLite file has one writing process
			two = opened(t, dsn)
		}
		for _, day := range []influence.Day{"2007-04-17", "2007-04-18", "2007-04-19"} {
			var both sync.WaitGroup
			for i, s := range []*Store{on(t, one, day), on(t, two, day)} {
				both.Go(func() {
					for range 4 {
						if _, err := s.Strike(t.Context(), []string{"one", "two"}[i]); err != nil && !errors.Is(err, errNotMine) {
							t.Error(err)
						}
					}
				})
			}
			both.Wait()
		}
		if n := mails(t, one, p.alder.MemberID, "Today:"); n != 3 {
			t.Errorf("%d daily mails in three days", n)
		}
	})
}

// TestMailChoicesAreKept: they hold for mails from then on, and the ledger says who
// chose.
func TestMailChoicesAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		v := s.As(partnerActor(p.alder))
		daily(t, v)
		daily(t, v)
		got, err := v.MailChoices(t.Context())
		if err != nil || len(got) != 4 || !got[influence.NoticeClaims] {
			t.Errorf("%v, %v", got, err)
		}
		if n := count(t, s, `SELECT count(*) FROM entries WHERE member_id = $1 AND action = 'account.edit'`, p.alder.MemberID); n != 1 {
			t.Errorf("%d entries", n)
		}
		if got, err := s.As(staffActor()).MailChoices(t.Context()); err != nil || !got[influence.NoticeDeadlines] || got[influence.NoticeTeam] {
			t.Errorf("staff that chose nothing: %v, %v", got, err)
		}
	})
}
