package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"irm/influence"
	"irm/store/storetest"
)

// silentDay is the day that TestKillTheClocks' program lives on: three kinds of
// claims are overdue then.
const silentDay influence.Day = "2007-05-10"

// strikeAll is the program that TestKillTheClocks kills: it takes every step of
// silence that is due, and says which after it was taken.
func strikeAll(dsn string) {
	ctx := context.Background()
	at, err := time.ParseInLocation(time.DateOnly, string(silentDay), storetest.Zone())
	if err != nil {
		panic(err)
	}
	s, err := Open(ctx, dsn, Clock{Offset: time.Until(at.Add(9 * time.Hour)), Zone: storetest.Zone()})
	if err != nil {
		panic(err)
	}
	for {
		for _, x := range slices.Concat(claimSilences(), connectionSilences()) {
			ids, err := x.due(reader{ctx, s.read}, s.moment())
			if err != nil {
				panic(err)
			}
			for _, id := range ids {
				took, err := s.act(ctx, "clocks of the killed", x, id)
				if err != nil {
					panic(err)
				}
				if took {
					os.Stdout.WriteString(x.step + "\t" + id + "\n")
				}
			}
		}
	}
}

// TestKillTheClocks kills the program again and again while it does what silence
// does: each step that it said it took is there, each happens once, with its event,
// its mails and its entry, and what was left is done after the restart.
func TestKillTheClocks(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		p := begun(t, s)
		staffMember(t, s)
		kills := full(2, 5, 20)
		each := kills * 40
		neglected(t, s, p, each)
		said := map[string]bool{}
		for range kills {
			for _, line := range killedClocks(t, s, dsn, 20+rand.N(60)) {
				if said[line] {
					t.Errorf("%s was taken twice", line)
				}
				said[line] = true
			}
			oncePerClaim(t, s)
		}
		struck(t, s, silentDay)
		oncePerClaim(t, s)
		for query, want := range map[string]int{
			`SELECT count(*) FROM claims WHERE state = 'expired'`:                                                       each,
			`SELECT count(*) FROM silences WHERE step = 'escalate_owners'`:                                              each,
			`SELECT count(*) FROM silences WHERE step = 'escalate_staff'`:                                               each,
			`SELECT count(*) FROM entries WHERE action = '` + string(influence.KeepTime) + `' AND subject LIKE 'CLM-%'`: 3 * each,
		} {
			if n := count(t, s, query); n != int64(want) {
				t.Errorf("%d, want %d: %s", n, want, query)
			}
		}
		if n := struck(t, s, silentDay); n != 0 {
			t.Errorf("%d steps are taken again", n)
		}
		verified(t, s)
		storetest.Figure(t, "R1", "%d kills of the clocks' worker: %d steps said, all there, each once and whole", kills, len(said))
	})
}

// neglected loads n claims that their LAR and its owners left, and n intents that
// found no agreement in time.
func neglected(t *testing.T, s *Store, p program, n int) {
	t.Helper()
	key, _ := ownSigner(t, s)
	at := func(month, day int) time.Time {
		year := 2007
		if month > 4 {
			year = 2006
		}
		return time.Date(year, time.Month(month), day, 10, 0, 0, 0, storetest.Zone())
	}
	claim := PastClaim{Partner: p.alder.ID, LAR: p.north.ID, LARRef: p.north.Ref, Member: p.alder.MemberID, State: influence.ClaimAttached, CustomerState: "NH",
		Program: influence.Enterprise, Seats: 300, Cents: 100_000, Kind: influence.Presales, Note: "We ran the pilot.", Decision: -1,
		CreatedAt: at(4, 2), SubmittedAt: at(4, 2), AttachedAt: at(4, 2)}
	must(t, s.Load(t.Context(), key, func(l *Loader) error {
		for i := range n {
			number, c := fmt.Sprintf("E%06d", i), claim
			c.Number, c.Customer = number, "Fabrikam "+number
			if err := l.Agreement(PastAgreement{Number: number, Customer: c.Customer, State: "NH", LAR: p.north.ID, Member: p.north.MemberID, Program: influence.Enterprise, Seats: 300,
				SignedOn: "2007-03-01", At: at(4, 1), Claims: []PastClaim{c},
				Orders: []influence.Order{{ID: number, Number: number, Kind: influence.Initial, OrderedOn: "2007-03-02", Cents: 100_000}}}); err != nil {
				return err
			}
		}
		for i := range n {
			c := claim
			c.State, c.Customer = influence.ClaimIntent, fmt.Sprint("Unlike ", i)
			c.CreatedAt, c.SubmittedAt, c.AttachedAt = at(11, 1), at(11, 1), time.Time{}
			if err := l.Claim(c); err != nil {
				return err
			}
		}
		return nil
	}))
}

// killedClocks runs strikeAll, kills it after so many steps or when nothing is left
// to do, and returns the steps that it said it took, all of which must be there.
func killedClocks(t *testing.T, s *Store, dsn string, after int) (said []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "IRM_TEST_CHILD="+dsn, "IRM_TEST_CLOCKS=1", "PGAPPNAME=killed")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if said = append(said, lines.Text()); len(said) == after {
			cmd.Process.Kill()
		}
	}
	cmd.Wait() // says that it was killed
	if len(said) < after {
		t.Fatalf("it ended by itself after %d steps", len(said))
	}
	if s.dialect == "postgres" { // the server may be busy with the last words of the dead
		for count(t, s, `SELECT count(*) FROM pg_stat_activity, pg_sleep(0.02) WHERE application_name = 'killed' AND datname = current_database()`) > 0 {
		}
	}
	freeLease(s)
	for _, line := range said {
		step, id, _ := strings.Cut(line, "\t")
		query := `SELECT count(*) FROM silences WHERE subject = $1 AND step IN ('escalate_owners', 'escalate_staff')`
		if step == "expire intents" {
			query = `SELECT count(*) FROM claims WHERE id = $1 AND state = 'expired'`
		}
		if count(t, s, query, id) == 0 {
			t.Errorf("%s of %s was said, then lost", step, id)
		}
	}
	return said
}

// oncePerClaim checks that each step taken has one event, one entry, and each of
// its mails once.
func oncePerClaim(t *testing.T, s *Store) {
	t.Helper()
	for taken, parts := range map[string][]string{
		`SELECT count(*) FROM claims WHERE state = 'expired'`: {
			`SELECT count(*) FROM claim_events WHERE action = 'expire'`, `SELECT count(*) FROM outbox WHERE subject LIKE 'Your claim % has expired'`,
			`SELECT count(*) FROM entries WHERE action = 'clocks' AND became LIKE '%"expired"%'`},
		`SELECT count(*) FROM silences WHERE step = 'escalate_owners'`: {
			`SELECT count(*) FROM claim_events WHERE action = 'owners'`, `SELECT count(*) FROM outbox WHERE subject LIKE 'Claim % is overdue'`,
			`SELECT count(*) FROM entries WHERE action = 'clocks' AND became LIKE '%escalate_owners%'`},
		`SELECT count(*) FROM silences WHERE step = 'escalate_staff'`: {
			`SELECT count(*) FROM claim_events WHERE action = 'staff'`, `SELECT count(*) FROM outbox WHERE subject LIKE 'Microsoft may decide your claim %'`,
			`SELECT count(*) FROM outbox WHERE subject LIKE 'Claim % can be decided by Microsoft'`,
			`SELECT count(*) FROM entries WHERE action = 'clocks' AND became LIKE '%escalate_staff%'`},
	} {
		want := count(t, s, taken)
		for _, query := range parts {
			if n := count(t, s, query); n != want {
				t.Errorf("%d, want %d: %s", n, want, query)
			}
		}
	}
}
