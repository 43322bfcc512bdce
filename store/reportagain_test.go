package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// copied is a copy of a file in which the first old is replaced.
func copied(t testing.TB, path, old, fresh string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(to, bytes.Replace(text, []byte(old), []byte(fresh), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestOneChangedAmountIsOneCorrectionAndUndoRestoresEverything(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		rostered(t, s)
		v := openDesk(t, s, "northgate", influence.LARReady)
		empty := stateOf(t, s)
		path := dataFile(t, "reports", "northgate.csv")
		first := imported(t, v, path, nil)
		before := stateOf(t, s)
		again := imported(t, v, copied(t, path, "59053.36", "60053.36"), nil)
		if x := again.Summary; x.Corrected.Rows != 1 || x.New.Rows != 0 || x.Refused.Rows != 0 || x.Unchanged.Rows != first.Summary.New.Rows-1 {
			t.Fatalf("%+v", x)
		}
		lines := linesOf(t, v, again.Ref, "corrected")
		if len(lines) != 1 || lines[0].Order != "S1000001-01" || lines[0].Reason != "amount $59,053.36 → $60,053.36" {
			t.Errorf("%+v", lines)
		}
		if got := count(t, s, `SELECT CAST(sum(cents) AS BIGINT) FROM agreements`); got != first.Summary.Cents()+1_000_00 {
			t.Errorf("%d cents", got)
		}
		if err := v.UndoReport(t.Context(), first.Ref, first.Version); err == nil || !strings.Contains(err.Error(), "S1000001") {
			t.Errorf("the first one's order was corrected since: %v", err)
		}
		if err := v.UndoReport(t.Context(), again.Ref, again.Version); err != nil {
			t.Fatal(err)
		}
		same(t, before, stateOf(t, s))
		if err := v.UndoReport(t.Context(), first.Ref, first.Version); err != nil {
			t.Fatal(err)
		}
		same(t, empty, stateOf(t, s))
		third := imported(t, v, path, nil)
		if third.Summary.New != first.Summary.New {
			t.Errorf("the same file after its undo: %+v", third.Summary)
		}
		same(t, before, stateOf(t, s))
		verified(t, s)
	})
}

func TestAReportMayBeCancelledResumedOrRunByTwo(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		rostered(t, s)
		v := openDesk(t, s, "northgate", influence.LARReady)
		path := dataFile(t, "reports", "northgate.csv")
		empty := stateOf(t, s)

		p := previewed(t, v, path, nil)
		job := begin(t, v, p)
		dead, ok, err := s.takeJob(t.Context(), "dead", job)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		next, more, err := v.CommitStep(t.Context(), dead)
		if err != nil || !more || next.Done == 0 || next.Done >= next.Total {
			t.Fatalf("%+v %v %v", next, more, err)
		}
		if _, ok, _ := s.takeJob(t.Context(), "eager", job); ok {
			t.Fatal("a job is taken while its holder lives")
		}
		if _, _, err := v.CommitStep(t.Context(), dead); err == nil {
			t.Fatal("a part was done twice")
		}
		if err := v.CancelJob(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		same(t, empty, stateOf(t, s))
		if err := s.work(t.Context(), next, nil); err != nil {
			t.Fatalf("a worker whose job was cancelled stops in silence: %v", err)
		}
		if err := v.CancelJob(t.Context(), job); err == nil || reportPage(t, v, p.Ref).State != ReportUndone {
			t.Errorf("cancelled twice: %v", err)
		}

		p = previewed(t, v, path, nil)
		job = begin(t, v, p)
		dead, _, err = s.takeJob(t.Context(), "dead", job)
		if err == nil {
			_, _, err = v.CommitStep(t.Context(), dead)
		}
		if err != nil {
			t.Fatal(err)
		}
		later := s.clock
		later.Now = func() time.Time { return s.clock.System().Add(2 * jobLease) }
		if err := s.At(later).RunJob(t.Context(), job, nil); err != nil {
			t.Fatalf("the next one goes on: %v", err)
		}
		want := expected(t)["northgate.csv"]
		want.LAR = "northgate"
		checkFigures(t, v, reportPage(t, v, p.Ref), want)
		checkRecords(t, s, v, want)
		if n := count(t, s, `SELECT count(*) FROM order_versions WHERE withdrawn_at IS NULL`); n != want.Orders {
			t.Errorf("%d versions", n)
		}
		verified(t, s)
	})
}

func begin(t testing.TB, v Session, p ReportPage) (job string) {
	t.Helper()
	job, err := v.CommitReport(t.Context(), p.Ref, p.Version)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestTheLedgerNamesWhoImported(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		path := filepath.Join(t.TempDir(), "r.csv")
		text := "agreement_number,program,customer,customer_state,seats,signed_on,order_number,ordered_on,amount,partner_id\nE9,EA,Contoso,OH,300,2007-03-01,1,2007-03-02,500.00,10004\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, v := range []Session{s.As(larActor(p.north)), operatorFor(t, s, "south")} {
			page := imported(t, v, path, nil)
			if page.Summary.New.Rows+page.Summary.Held.Rows != 1 {
				t.Fatalf("%+v", page.Summary)
			}
			got := texts(t, s, `SELECT DISTINCT member_id FROM entries WHERE org_id = $1 AND at >= $2`, v.actor.OrgID, page.CreatedAt.UnixMicro())
			if len(got) != 1 || got[0] != v.actor.MemberID {
				t.Errorf("%s: the ledger names %q", v.actor.Name, got)
			}
		}
		by := texts(t, s, `SELECT member_id FROM decisions`)
		if len(by) != 1 || by[0] != p.north.MemberID {
			t.Errorf("the report's decision is by %q", by)
		}
	})
}

func operatorFor(t testing.TB, s *Store, slug string) Session {
	t.Helper()
	v, err := s.OperatorFor(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestAnInterruptedImportGoesOnAtOnce: who is told to stop gives the job back.
func TestAnInterruptedImportGoesOnAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		rostered(t, s)
		v := openDesk(t, s, "northgate", influence.LARReady)
		p := previewed(t, v, dataFile(t, "reports", "northgate.csv"), nil)
		job := begin(t, v, p)
		ctx, stop := context.WithCancel(t.Context())
		steps := 0
		err := s.RunJob(ctx, job, func(done, total int64) {
			if steps++; done >= total {
				t.Errorf("%d of %d rows at once", done, total)
			}
			stop()
		})
		if !errors.Is(err, context.Canceled) || steps != 1 {
			t.Fatalf("%d steps, %v", steps, err)
		}
		if err := s.RunJob(t.Context(), job, nil); err != nil {
			t.Fatal(err)
		}
		want := expected(t)["northgate.csv"]
		checkFigures(t, v, reportPage(t, v, p.Ref), want)
		checkRecords(t, s, v, want)
		verified(t, s)
	})
}
