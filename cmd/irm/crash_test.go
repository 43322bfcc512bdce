package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/store/storetest"
)

// reportOf is a report of n agreements with an order of $1,250 each.
func reportOf(n int) []byte {
	var b bytes.Buffer
	b.WriteString("agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on,amount\n")
	for i := range n {
		fmt.Fprintf(&b, "R%06d,Enterprise,Fabrikam %d,NH,300,2007-03-01,R%06d-1,initial,2007-03-02,\"$1,250.00\"\n", i, i, i)
	}
	return b.Bytes()
}

// kills is how often the program is killed.
func kills() int {
	switch {
	case os.Getenv("IRM_TEST_FULL") == "1":
		return 100
	case os.Getenv("IRM_TEST_ALL") == "1":
		return 20
	}
	return 3
}

// child is the program in a process of its own.
type child struct {
	cmd     *exec.Cmd
	address string
}

// begin starts the program in a process of its own; serve says where it listens.
func begin(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0], args...)}
	c.cmd.Env = append(os.Environ(), "IRM_TEST_CHILD=1")
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	if args[0] != "serve" {
		return c
	}
	lines := bufio.NewScanner(out)
	for c.address == "" && lines.Scan() {
		_, c.address, _ = strings.Cut(lines.Text(), "The portal is at ")
	}
	if c.address == "" {
		t.Fatal("it did not start")
	}
	return c
}

// kill ends the process as a power cut does. Twice does no harm.
func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// TestKill kills the program at random moments while six people enter agreements
// and a report comes in: every answer that was given holds after the restart,
// nothing is there by half, and the report goes on without doing a row twice.
func TestKill(t *testing.T) {
	file := filepath.Join(t.TempDir(), "irm.db")
	db := "--database=sqlite:" + file
	done(t, "lar", "add", "north", "--name", "North Licensing", "--status", "ready", db)
	done(t, "lar", "add", "south", "--name", "South Licensing", "--status", "ready", db)
	done(t, "member", "add", "--role", "lar", "--lar", "north", "--email", "owner@north.example", db) // the first is the owner, who needs a second factor
	link := done(t, "member", "add", "--role", "lar", "--lar", "north", "--email", "desk@north.example", "--base-url", "", db)
	report := filepath.Join(t.TempDir(), "report.csv")
	rows := 1000 + 500*min(kills(), 6)
	if err := os.WriteFile(report, reportOf(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBrowser("")
	p := begin(t, "serve", "--addr", "127.0.0.1:0", db)
	b.base = p.address
	if status, _, err := b.post(strings.TrimSpace(link), url.Values{"password": {password}}); err != nil || status != 303 {
		t.Fatalf("password: %d, %v", status, err)
	}
	var held []string
	for i := range kills() {
		importing := begin(t, "import", "report", report, "--lar", "south", "--json", db)
		answered := make(chan []string)
		go func() { answered <- enterUntilItDies(b, i) }()
		time.Sleep(50*time.Millisecond + rand.N(500*time.Millisecond)) // the moment is what is random
		p.kill()
		importing.kill()
		held = append(held, <-answered...)
		timePasses(t, file)
		p = begin(t, "serve", "--addr", "127.0.0.1:0", db)
		b.base = p.address
		if status, _ := b.get(t, "/inbox"); status != 200 {
			t.Fatalf("after the restart: %d", status)
		}
		there := numbers(t, db)
		for _, number := range held {
			if !slices.Contains(there, number) {
				t.Fatalf("%s was answered, then lost", number)
			}
		}
	}
	settled(t, file)
	p.kill()
	if code, _, errs := said(t, "import", "report", report, "--lar", "south", db); code == statusUsage {
		t.Error(errs)
	}
	settled(t, file)
	whole(t, db, rows)
	storetest.Figure(t, "R1", "%d kills while the program took posts and an import: %d answers, 0 lost, nothing half done", kills(), len(held))
	if len(held) == 0 {
		t.Error("nobody was answered: the test shows nothing")
	}
}

// enterUntilItDies has six people enter agreements, and returns the numbers of
// those that were answered.
func enterUntilItDies(b *browser, round int) (answered []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for n := 0; ; n++ {
				number := fmt.Sprintf("K%03d%d%05d", round, w, n)
				status, _, err := b.post("/agreements", url.Values{"key": {number}, "agreement_number": {number}, "program": {"Enterprise"}, "customer": {"Contoso " + number},
					"customer_state": {"NH"}, "seats": {"400"}, "signed_on": {"2007-03-01"}, "order_number": {number + "-1"}, "order_kind": {"initial"},
					"ordered_on": {"2007-03-02"}, "amount": {"$2,500"}})
				if err != nil {
					return
				}
				if status == 303 {
					mu.Lock()
					answered = append(answered, number)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return answered
}

// timePasses ends the leases of who was killed.
func timePasses(t *testing.T, file string) {
	t.Helper()
	lite, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	for _, query := range []string{`UPDATE jobs SET until = 0`, `UPDATE leases SET until = 0`} {
		if _, err := lite.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
}

// settled waits until no job is left to do.
func settled(t *testing.T, file string) {
	t.Helper()
	lite, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var open int
		if err := lite.QueryRow(`SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			return
		}
	}
	t.Fatal("the import did not go on")
}

// exported reads a list's column.
func exported(t *testing.T, db, table, column string) (values []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(done(t, "export", table, db), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], column)
	for _, row := range rows[1:] {
		values = append(values, row[at])
	}
	return values
}

func numbers(t *testing.T, db string) []string {
	t.Helper()
	return exported(t, db, "agreements", "agreement_number")
}

// whole checks that each agreement has its one order, the report each row once,
// and that everything kept equals the facts.
func whole(t *testing.T, db string, rows int) {
	t.Helper()
	agreements, orders := numbers(t, db), exported(t, db, "orders", "order_number")
	slices.Sort(agreements)
	slices.Sort(orders)
	if len(agreements) != len(orders) {
		t.Fatalf("%d agreements and %d orders", len(agreements), len(orders))
	}
	reported := 0
	for i, number := range agreements {
		if orders[i] != number+"-1" {
			t.Fatalf("agreement %s beside order %s", number, orders[i])
		}
		if strings.HasPrefix(number, "R") {
			reported++
		}
	}
	if reported != rows {
		t.Errorf("%d agreements of the report are there, want %d", reported, rows)
	}
	done(t, "verify", db)
}
