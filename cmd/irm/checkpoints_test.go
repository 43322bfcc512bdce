package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"irm/store/storetest"
)

// logOf serves a portal while do is under way and returns what it logged.
func logOf(t *testing.T, do func(), args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said, out := io.Pipe()
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), nothing, out, &log)
		out.Close()
	}()
	lines := bufio.NewScanner(said)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "The portal is at ") {
		t.Fatalf("it said %q", lines.Text())
	}
	do()
	stop()
	if code := <-ended; code != statusDone {
		t.Fatalf("status %d: %s", code, log.String())
	}
	return log.String()
}

// checkpointsOf are the lines of a log that hold a checkpoint.
func checkpointsOf(log string) (all []string) {
	for line := range strings.Lines(log) {
		if strings.Contains(line, `"msg":"checkpoint"`) {
			all = append(all, line)
		}
	}
	return all
}

// TestCheckpointsAreLogged: the portal logs the newest checkpoint when it starts and
// when it ends, and between no more often than it is told; lines of that log, also
// with another program's words before them, prove later that the ledger begins so.
func TestCheckpointsAreLogged(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := "--database=" + dsn
		done(t, "lar", "add", "north", "--name", "North", db)
		behind := storetest.Behind(t, dsn)
		add := func() {
			for i := range 5 {
				done(t, "lar", "add", fmt.Sprintf("lar-%d", i), "--name", fmt.Sprintf("LAR %d", i), db)
			}
			for tick := time.NewTicker(20 * time.Millisecond); len(storetest.Texts(t, behind, `SELECT entry_id FROM unsealed`)) > 0; { // the portal seals
				<-tick.C
			}
		}
		lines := checkpointsOf(logOf(t, add, "--log-checkpoints", "1h", db))
		if len(lines) != 2 {
			t.Fatalf("%d checkpoints were logged, want one at the start and one at the end: %q", len(lines), lines)
		}
		newest := storetest.Texts(t, behind, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0]
		if loggedCheckpoint(lines[1]) != newest || loggedCheckpoint(lines[0]) == newest || loggedCheckpoint(lines[0]) == "" {
			t.Errorf("the log has %q, the ledger %q", lines, newest)
		}
		file := written(t, "irm.log", "Nov 25 10:00:00 host irm[1]: "+lines[0]+"another line\n"+lines[1])
		if out := done(t, "verify", "--checkpoint", file, db); !strings.Contains(out, "extends") {
			t.Errorf("verify says %q", out)
		}
		if again := checkpointsOf(logOf(t, func() {}, "--log-checkpoints", "1m", db)); len(again) != 1 || loggedCheckpoint(again[0]) != newest {
			t.Errorf("nothing changed, and %q was logged", again)
		}
		if silent := checkpointsOf(logOf(t, func() {}, db)); len(silent) != 0 {
			t.Errorf("without being told to, it logs %q", silent)
		}
		other := "--database=sqlite:" + filepath.Join(t.TempDir(), "other.db")
		done(t, "lar", "add", "north", "--name", "North", other)
		if code, _, _ := said(t, "verify", "--checkpoint", file, other); code != statusData {
			t.Errorf("another ledger: status %d", code)
		}
		if code, _, errs := said(t, "verify", "--checkpoint", written(t, "none.log", "{\"msg\":\"request\"}\n"), db); code != statusUsage || !strings.Contains(errs, "no log that holds one") {
			t.Errorf("a log without one: status %d, %q", code, errs)
		}
		if code, _, errs := said(t, "serve", "--log-checkpoints", "5ms", db); code != statusUsage || !strings.Contains(errs, "a second or more") {
			t.Errorf("too often: status %d, %q", code, errs)
		}
	})
}
