package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
	"irm/store/storetest"
)

// decideAll is the program that TestKill kills: 64 callers decide every
// agreement, beside a sealer, and each prints the decision that was answered.
func decideAll(dsn string) {
	ctx := context.Background()
	s, err := Open(ctx, dsn, Clock{Offset: time.Until(storetest.Start()), Zone: storetest.Zone()})
	if err != nil {
		panic(err)
	}
	key, _, err := s.Signer(ctx)
	if err != nil {
		panic(err)
	}
	freeLease(s)
	go s.KeepSealed(ctx, key, func(err error) { panic(err) })
	rows, err := s.db.Query(`SELECT ref FROM agreements WHERE NOT decided ORDER BY ref`)
	refs, err := collect(rows, err, func(row scanner) (x string, err error) { return x, row.Scan(&x) })
	if err != nil {
		panic(err)
	}
	north := influence.Actor{MemberID: "desk", Role: influence.RoleLAR, Rank: influence.RankOwner}
	if err := s.db.QueryRow(`SELECT id FROM lars WHERE slug = 'north'`).Scan(&north.OrgID); err != nil {
		panic(err)
	}
	var next atomic.Int64
	for range 64 {
		go func() {
			for i := next.Add(1) - 1; i < int64(len(refs)); i = next.Add(1) - 1 {
				if ref, err := s.As(north).Decide(ctx, refs[i], wholly(LoadedPartner{No: "10001"}, 1)); err == nil {
					os.Stdout.WriteString(ref + "\n")
				}
			}
		}()
	}
	select {} // until it is killed
}

// TestKill kills the program again and again while it decides: whatever it
// answered is there, and nothing is there by half.
func TestKill(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		p := begun(t, s)
		kills := full(2, 5, 20)
		filled(t, s, p, kills*320)
		answered := 0
		for range kills {
			answered += len(killed(t, s, dsn, 30+rand.N(200)))
		}
		key, public := ownSigner(t, s)
		sealAll(t, s, key)
		verified(t, s)
		proven(t, s, public)
		t.Logf("%d answered, %d decided", answered, count(t, s, `SELECT count(*) FROM decisions`))
	})
}

// killed runs decideAll, kills it after so many answers, and checks what is left.
func killed(t *testing.T, s *Store, dsn string, after int) (answered []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "IRM_TEST_CHILD="+dsn, "PGAPPNAME=killed")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if answered = append(answered, lines.Text()); len(answered) == after {
			cmd.Process.Kill()
		}
	}
	cmd.Wait() // says that it was killed
	if len(answered) < after {
		t.Fatalf("it ended by itself after %d answers", len(answered))
	}
	if s.dialect == "postgres" { // the server may be busy with the last words of the dead
		for count(t, s, `SELECT count(*) FROM pg_stat_activity, pg_sleep(0.02) WHERE application_name = 'killed' AND datname = current_database()`) > 0 {
		}
	}
	there := texts(t, s, `SELECT ref FROM decisions`)
	for _, ref := range missing(answered, there) {
		t.Errorf("%s was answered, then lost", ref)
	}
	whole(t, s)
	return answered
}

// missing are those of want that are not in have.
func missing(want, have []string) (lost []string) {
	known := map[string]bool{}
	for _, x := range have {
		known[x] = true
	}
	for _, x := range want {
		if !known[x] {
			lost = append(lost, x)
		}
	}
	return lost
}

// whole checks that each decision has its share, its entry, its answered claim
// and its agreement's sums, and that its agreement has left the inbox.
func whole(t *testing.T, s *Store) {
	t.Helper()
	decisions := count(t, s, `SELECT count(*) FROM decisions`)
	for _, query := range []string{
		`SELECT count(*) FROM decisions d JOIN shares h ON h.decision_id = d.id`,
		`SELECT count(*) FROM decisions d JOIN entries e ON e.id = d.entry_id AND e.action = 'agreements.decide'`,
		`SELECT count(*) FROM entries WHERE action = 'agreements.decide'`,
		`SELECT count(*) FROM decisions d JOIN agreements a ON a.id = d.agreement_id AND a.decided AND a.influenced = a.cents`,
		`SELECT count(*) FROM agreements WHERE decided`,
		`SELECT count(*) FROM claims c JOIN decisions d ON d.id = c.decided_by WHERE c.state = 'confirmed'`,
		`SELECT count(*) FROM claim_events WHERE state = 'confirmed'`,
		`SELECT (SELECT count(*) FROM agreements) - count(*) FROM inbox`,
	} {
		if n := count(t, s, query); n != decisions {
			t.Errorf("%d, want %d: %s", n, decisions, strings.Join(strings.Fields(query), " "))
		}
	}
	verified(t, s)
}

// freeLease lets time pass.
func freeLease(s *Store) {
	err := s.transact(context.Background(), func(t *tx) error { _, err := t.exec(`UPDATE leases SET until = 0`); return err })
	if err != nil {
		panic(fmt.Sprint("free lease: ", err))
	}
}
