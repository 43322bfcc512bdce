package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"irm/influence"
)

// TestSilenceHappensOnceWithTwoInstances: two portals on one database strike at
// the same time, again and again; each step is taken by one of them.
func TestSilenceHappensOnceWithTwoInstances(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		one := opened(t, dsn)
		p := begun(t, one)
		const each = 6
		for i := range each {
			attached(t, one, p, fmt.Sprintf("E%d", i))
			asked, _ := attached(t, one, p, fmt.Sprintf("Q%d", i))
			questioned(t, one, p, asked)
			_, err := one.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", fmt.Sprintf("k%d", i), 0, intentDraft(p, fmt.Sprintf("Intent %d", i)))
			must(t, err)
		}
		two := one
		if one.dialect == "postgres" { // a SQLite file has one writing process
			two = opened(t, dsn)
		}
		taken := [2]int{}
		for _, day := range []influence.Day{"2007-05-01", "2007-05-09", "2007-10-01", "2007-10-15"} {
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
		// owners, staff; rejected; told of the end, expired
		if want := each * 5; taken[0]+taken[1] != want {
			t.Errorf("%d and %d steps were taken, want %d together", taken[0], taken[1], want)
		}
		for subject, want := range map[string]int64{"%is overdue": each, "Microsoft may decide%": each, "Your claim % no answer": each, "%expires on%": each, "%has expired": each} {
			if n := count(t, one, `SELECT count(*) FROM outbox WHERE subject LIKE $1`, subject); n != want {
				t.Errorf("%d mails %q, want %d", n, subject, want)
			}
		}
		verified(t, one)
	})
}

// TestOneInstanceStandsBy: who does not hold the lease takes no step, and takes
// over once the other is gone.
func TestOneInstanceStandsBy(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		first, _ := attached(t, s, p, "E1")
		late := on(t, s, "2007-05-01")
		change1(t, s, `UPDATE leases SET holder = 'other', until = $1 WHERE name = 'clocks'`, late.clock.System().Add(time.Minute).UnixMicro())
		if n, err := late.Strike(t.Context(), "me"); n != 0 || !errors.Is(err, errNotMine) {
			t.Errorf("%d steps, %v", n, err)
		}
		change1(t, s, `UPDATE leases SET until = 0 WHERE name = 'clocks'`)
		if n, err := late.Strike(t.Context(), "me"); n != 1 || err != nil {
			t.Errorf("%d steps, %v", n, err)
		}
		if n := mails(t, s, p.north.MemberID, "Claim "+first); n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}

// TestAStepThatBreaksOffIsTakenWhole: a failure between the claim and its mail
// leaves neither, and the next strike takes the step.
func TestAStepThatBreaksOffIsTakenWhole(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		claim, _ := attached(t, s, p, "E1")
		questioned(t, s, p, claim)
		id := texts(t, s, `SELECT id FROM claims WHERE ref = $1`, claim)[0]
		late := on(t, s, "2007-05-02")
		broken := errors.New("the power went")
		x := claimSilences()[1]
		whole := x.act
		x.act = func(t *tx, id string) (change, error) {
			c, err := whole(t, id)
			return c, errors.Join(err, broken)
		}
		if took, err := late.act(t.Context(), "me", x, id); took || !errors.Is(err, broken) {
			t.Errorf("%v, %v", took, err)
		}
		if claimState(t, s, claim) != "action_required" || mails(t, s, p.alder.MemberID, "Your claim") != 0 {
			t.Error("half of the step was taken")
		}
		goesBy(t, s, claim, []silent{{day: "2007-05-02", steps: 1, state: "rejected"}})
	})
}
