package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/influence"
)

// TestSilenceAboutADispute: the sides are reminded, then it goes on without their
// answers and is Microsoft's turn; that is reminded too, and then it is the
// administrators'. Nothing of it rules.
func TestSilenceAboutADispute(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		staff := staffMember(t, s)
		_, _, _, ref := disputed(t, s, p) // on Monday 16 April 2007
		goesBy(t, s, "", []silent{
			{day: "2007-04-18"},
			{day: "2007-04-19", steps: 1, mail: "Answer dispute " + ref + " until 23 Apr 2007", to: p.north.MemberID},
			{day: "2007-04-23"},
			{day: "2007-04-24", steps: 1, mail: "Rule on dispute " + ref + " until 7 May 2007", to: staff},
			{day: "2007-05-02"},
			{day: "2007-05-03", steps: 1, mail: "The ruling on dispute " + ref + " is due", to: staff},
			{day: "2007-05-07"},
			{day: "2007-05-08", steps: 1, mail: "The ruling on dispute " + ref + " is overdue", to: staff},
			{day: "2007-07-08"},
		})
		for to, subjects := range map[string][]string{
			p.birch.MemberID: {"Answer dispute", "Dispute " + ref + " goes on without your answer", "Dispute " + ref + " is with the program administrators"},
			p.north.MemberID: {"Dispute " + ref + " goes on without your answer", "Dispute " + ref + " is with the program administrators"},
			p.alder.MemberID: {"It is Microsoft’s turn", "Dispute " + ref + " is with the program administrators"}} {
			for _, subject := range subjects {
				if n := mails(t, s, to, subject); n != 1 {
					t.Errorf("%d mails %q", n, subject)
				}
			}
		}
		if page, err := on(t, s, "2007-07-08").As(staffActor()).Dispute(t.Context(), ref); err != nil || page.State != influence.DisputeOpen || page.Refused != nil {
			t.Errorf("%+v, %v", page.DisputeRow, err)
		}
	})
}

// TestSilenceAfterAllAnswers: Microsoft is told with the last answer, and nobody is
// reminded of an answer or told that one is missing.
func TestSilenceAfterAllAnswers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		staff := staffMember(t, s)
		later, _, _, ref := disputed(t, s, p)
		answered(t, later, p, ref)
		if n := mails(t, s, staff, "All sides answered dispute "+ref); n != 1 {
			t.Errorf("Microsoft has %d mails", n)
		}
		goesBy(t, s, "", []silent{{day: "2007-04-19"}, {day: "2007-04-24"}, {day: "2007-05-03", steps: 1, mail: "The ruling on dispute " + ref, to: staff}})
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE subject LIKE 'Answer dispute%' OR subject LIKE '%goes on without%'`); n != 0 {
			t.Errorf("%d mails about answers that were given", n)
		}
	})
}

// TestARuledDisputeIsSilent: no clock of a dispute that was ruled goes on.
func TestARuledDisputeIsSilent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		later, _, _, ref := disputed(t, s, p)
		answered(t, later, p, ref)
		if _, err := later.As(staffActor()).RuleDispute(t.Context(), ref, 3, influence.RulingDraft{Outcome: "dismissed", Reason: "So."}); err != nil {
			t.Fatal(err)
		}
		goesBy(t, s, "", []silent{{day: "2007-05-03"}, {day: "2007-05-08"}})
	})
}

// TestDisputesGoOnOnceWithTwoInstances: two portals on one database strike at the same
// time; each step of each dispute is taken by one of them.
func TestDisputesGoOnOnceWithTwoInstances(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		one := opened(t, dsn)
		p := begun(t, one)
		const each = 5
		for i := range each {
			claim, agreement := attached(t, one, p, fmt.Sprintf("E%d", i))
			decided(t, one, p, agreement, p.birch)
			_, err := after(one, time.Hour).As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, versionOfClaim(t, one, claim), influence.DisputeDraft{Reason: "We did it."})
			must(t, err)
		}
		two := one
		if one.dialect == "postgres" { // a SQLite file has one writing process
			two = opened(t, dsn)
		}
		taken := [2]int{}
		for _, day := range []influence.Day{"2007-04-20", "2007-04-25", "2007-05-04", "2007-05-09"} {
			var both sync.WaitGroup
			for i, s := range []*Store{on(t, one, day), on(t, two, day)} {
				both.Go(func() {
					for range 3 {
						n, err := s.Strike(t.Context(), []string{"one", "two"}[i])
						taken[i] += n
						if err != nil && !errors.Is(err, errNotMine) {
							t.Error(err)
						}
					}
				})
			}
			both.Wait()
		}
		if want := each * 4; taken[0]+taken[1] != want {
			t.Errorf("%d and %d steps were taken, want %d together", taken[0], taken[1], want)
		}
		for subject, want := range map[string]int64{"Answer dispute%": 2 * each, "%goes on without%": 2 * each, "It is Microsoft’s turn%": each, "%is with the program administrators": 3 * each} {
			if n := count(t, one, `SELECT count(*) FROM outbox WHERE subject LIKE $1`, subject); n != want {
				t.Errorf("%d mails %q, want %d", n, subject, want)
			}
		}
		verified(t, one)
	})
}

// TestDisputesDue: who is to answer sees a dispute until it has or its days are over,
// and Microsoft from then on.
func TestDisputesDue(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s, _, _, ref := disputed(t, s, p)
		due := func(s *Store, a influence.Actor) string {
			t.Helper()
			all, err := s.As(a).DisputesDue(t.Context(), 6)
			must(t, err)
			var refs []string
			for _, d := range all {
				refs = append(refs, d.Ref)
			}
			return strings.Join(refs, " ")
		}
		for who, want := range map[string]string{due(s, larActor(p.north)): ref, due(s, partnerActor(p.birch)): ref, due(s, partnerActor(p.alder)) + " opener": " opener",
			due(s, partnerActor(p.cedar)) + " other": " other", due(s, larActor(p.south)) + " LAR": " LAR", due(s, staffActor()) + " staff": " staff"} {
			if who != want {
				t.Errorf("due is %q, want %q", who, want)
			}
		}
		must(t, s.As(larActor(p.north)).AnswerDispute(t.Context(), ref, 1, "We see it otherwise."))
		if got := due(s, larActor(p.north)); got != "" {
			t.Errorf("after its answer the LAR is asked for %q", got)
		}
		late := on(t, s, "2007-04-24")
		if got := due(late, partnerActor(p.birch)) + due(late, staffActor()); got != ref {
			t.Errorf("after the answers' days due is %q, want Microsoft's turn alone", got)
		}
	})
}

// TestDisputesInTheMorning: the daily mail of a side's last day names the dispute that it
// has not answered, of a partner only if it wants its mails so; Microsoft's the ruling.
func TestDisputesInTheMorning(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		staff := staffMember(t, s)
		daily(t, s.As(partnerActor(p.birch)))
		_, _, _, ref := disputed(t, s, p) // answers until 23 April, the ruling until 7 May
		says := func(member, line string) int64 {
			t.Helper()
			return count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject LIKE 'Today%' AND body LIKE $2`, member, "%"+line+"%")
		}
		struck(t, s, "2007-04-20")
		if n := says(p.north.MemberID, ref) + says(p.birch.MemberID, "Due:"); n != 0 {
			t.Errorf("%d mails name it before its last day", n)
		}
		struck(t, s, "2007-04-23")
		struck(t, s, "2007-04-23")
		for _, side := range []string{p.north.MemberID, p.birch.MemberID} {
			if n := says(side, "Answer dispute "+ref+": due today"); n != 1 {
				t.Errorf("%s has %d mails", side, n)
			}
		}
		if n := says(p.alder.MemberID, ref); n != 0 {
			t.Errorf("who opened it has %d mails", n)
		}
		struck(t, s, "2007-05-07")
		if n := says(staff, "Rule on dispute "+ref+": due today"); n != 1 {
			t.Errorf("Microsoft has %d mails", n)
		}
	})
}
