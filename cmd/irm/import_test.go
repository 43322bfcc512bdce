package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"irm/store"
)

// dataFile is a file of the shared test data, which not every checkout has.
func dataFile(t *testing.T, elem ...string) string {
	t.Helper()
	root := os.Getenv("IRM_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("IRM_TEST_ALL") == "1" {
			t.Fatalf("the test data is missing: %v", err)
		}
		t.Skipf("skipped: no test data at %s; set IRM_TEST_DATA", path)
	}
	return path
}

// summaryOf runs a command with --json and reads the one line that it prints.
func summaryOf(t *testing.T, want int, args ...string) map[string]any {
	t.Helper()
	code, out, errs := said(t, append(args, "--json")...)
	if code != want || strings.Count(out, "\n") != 1 || (code == 0) != (errs == "") {
		t.Fatalf("%q: status %d, %q, %q", args, code, out, errs)
	}
	var sum map[string]any
	if err := json.Unmarshal([]byte(out), &sum); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	return sum
}

func number(t *testing.T, sum map[string]any, name string) int64 {
	t.Helper()
	n, ok := sum[name].(float64)
	if !ok {
		t.Fatalf("%s is %v in %v", name, sum[name], sum)
	}
	return int64(n)
}

// TestSixReportsByCommand imports the roster and six reports as a script does.
func TestSixReportsByCommand(t *testing.T) {
	text, err := os.ReadFile(dataFile(t, "reports", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]map[string]any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, dsn string) {
		roster := summaryOf(t, 1, "import", "roster", dataFile(t, "reports", "roster.csv"), "--database", dsn)
		checkSummary(t, "roster.csv", roster, want["roster.csv"])
		for name, w := range want {
			lar, ok := w["lar"].(string)
			if !ok {
				continue
			}
			done(t, "lar", "add", lar, "--name", lar, "--status", "ready", "--database", dsn)
			status := 0
			if number(t, w, "refused_rows") > 0 {
				status = 1
			}
			args := []string{"import", "report", dataFile(t, "reports", name), "--lar", lar, "--database", dsn}
			checkSummary(t, name, summaryOf(t, status, args...), w)
			twice := summaryOf(t, 1, args...)
			if ref, _ := twice["duplicate_of"].(string); !strings.HasPrefix(ref, "RPT-") || number(t, twice, "orders") != 0 {
				t.Errorf("%s again: %v", name, twice)
			}
		}
		if out := done(t, "verify", "--database", dsn); out != "" {
			t.Errorf("verify prints %q", out)
		}
	})
}

// checkSummary compares a summary with what is known of the file: each number,
// and for each refused row that it is named.
func checkSummary(t *testing.T, file string, sum, want map[string]any) {
	t.Helper()
	for name, w := range want {
		switch w := w.(type) {
		case float64:
			if number(t, sum, name) != int64(w) {
				t.Errorf("%s: %s is %v, not %v", file, name, sum[name], w)
			}
		case map[string]any:
			got := sum[name].(map[string]any)
			if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(w))) {
				t.Errorf("%s: refused %v, not %v", file, got, w)
			}
		}
	}
}

const smallReport = `agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on,amount,partner_id
E1,EA,Contoso,OH,300,2007-03-01,1,initial,2007-03-02,500.00,
E1,EA,Contoso,OH,300,2007-03-01,2,call-off,2007-03-05,12x,
,EA,Contoso,OH,300,2007-03-01,,call-off,2007-03-05,7.00,
E1,EA,Contoso,OH,300,2007-03-01,2,call-off,2007-03-06,13x,
`

func fileWith(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestADryRunChangesNothingAndRefusedRowsAreAFile(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		done(t, "lar", "add", "north", "--name", "North", "--status", "ready", "--database", dsn)
		file, refused := fileWith(t, "small.csv", smallReport), filepath.Join(t.TempDir(), "refused.csv")
		args := []string{"import", "report", file, "--lar", "north", "--database", dsn, "--today", "2007-04-16", "--refused", refused}
		dry := summaryOf(t, 1, append(args, "--dry-run")...)
		if out := done(t, "export", "orders", "--database", dsn); strings.Count(out, "\n") != 1 {
			t.Errorf("a dry run left %q", out)
		}
		sum := summaryOf(t, 1, args...)
		if number(t, sum, "orders") != 1 || number(t, sum, "amount_cents") != 500_00 || number(t, sum, "refused_rows") != 3 || number(t, dry, "refused_rows") != 3 {
			t.Errorf("%v, dry %v", sum, dry)
		}
		named := sum["refused"].(map[string]any)
		if names := slices.Sorted(maps.Keys(named)); !slices.Equal(names, []string{"2", "row 4", "row 5"}) {
			t.Errorf("refused %v: a name that two rows have is the first one's", named)
		}
		body, err := os.ReadFile(refused)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))).ReadAll()
		if err != nil || len(rows) != 4 || rows[1][0] != "3" || rows[3][0] != "5" || rows[3][len(rows[3])-2] != "13x" || rows[0][1] != "reason" {
			t.Errorf("%v %q", err, rows)
		}
		code, out, errs := said(t, args...)
		if code != 1 || out != "" || !strings.Contains(errs, "imported already") || !strings.Contains(errs, "Operator on 16 Apr 2007") {
			t.Errorf("again: %d %q %q", code, out, errs)
		}
	})
}

func TestHeadingsAreExplainedOnceAndRemembered(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		done(t, "lar", "add", "north", "--name", "North", "--status", "ready", "--database", dsn)
		head := strings.Replace(smallReport[:strings.Index(smallReport, "E1,EA,Contoso,OH,300,2007-03-01,2")], "order_number", "Our ref", 1)
		file := fileWith(t, "a.csv", head)
		args := []string{"import", "report", file, "--lar", "north", "--database", dsn, "--today", "2007-04-16"}
		code, out, errs := said(t, args...)
		if code != 1 || out != "" || !strings.Contains(errs, `--map "YOUR HEADING=order_number"`) || !strings.Contains(errs, "“Our ref”") {
			t.Errorf("not explained: %d %q %q", code, out, errs)
		}
		if code, _, errs := said(t, append(args, "--map", "Ref=order_number")...); code != 1 || !strings.Contains(errs, `"Ref"`) || !strings.Contains(errs, "Our ref") {
			t.Errorf("a heading that is not there: %d %q", code, errs)
		}
		summaryOf(t, 0, append(args, "--map", "Our ref=order_number", "--dry-run")...)
		if code, _, _ := said(t, args...); code != 1 {
			t.Error("a dry run remembers what headings mean")
		}
		summaryOf(t, 0, append(args, "--map", "our REF=order_number")...)
		args[2] = fileWith(t, "b.csv", strings.Replace(head, "500.00", "600.00", 1))
		if sum := summaryOf(t, 0, args...); number(t, sum, "corrected") != 1 || number(t, sum, "amount_cents") != 600_00 {
			t.Errorf("the next file: %v", sum)
		}
	})
}

func TestImportSaysWhichWordOfTheCommandIsWrong(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "irm.db")
	file := fileWith(t, "a.csv", smallReport)
	for says, args := range map[string][]string{
		"--lar SLUG":            {"import", "report", file},
		"there is no column":    {"import", "report", file, "--lar", "north", "--map", "X=price"},
		`"Their heading=`:       {"import", "report", file, "--lar", "north", "--map", "X"},
		"can't be read":         {"import", "report", file + ".none", "--lar", "north"},
		"the file can't be":     {"import", "roster", file + ".none"},
		"accepts 1 arg":         {"import", "roster"},
		"unknown flag: --shout": {"import", "roster", file, "--shout"},
	} {
		if code, _, errs := said(t, append(args, "--database", dsn)...); code != 2 || !strings.Contains(errs, says) {
			t.Errorf("%q: %d %q", args, code, errs)
		}
	}
	for says, args := range map[string][]string{
		"irm lar add north":    {"import", "report", file, "--lar", "north"},
		"No row of headings":   {"import", "roster", fileWith(t, "x.csv", "a,b\n1,2\n")},
		"once it has signed":   {"import", "report", file, "--lar", "west"},
		"at least the columns": {"import", "report", fileWith(t, "y.csv", "a,b\n1,2\n"), "--lar", "south"},
		"empty":                {"import", "report", fileWith(t, "z.csv", ""), "--lar", "south"},
	} {
		if len(args) > 4 && args[4] != "north" {
			status := map[string]string{"west": "invited", "south": "signed"}[args[4]]
			said(t, "lar", "add", args[4], "--name", args[4], "--status", status, "--database", dsn)
		}
		if code, _, errs := said(t, append(args, "--database", dsn)...); code != 1 || !strings.Contains(errs, says) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%q: %d %q", args, code, errs)
		}
	}
}

// TestAnInterruptedImportGoesOn: the same command again does the rest.
func TestAnInterruptedImportGoesOn(t *testing.T) {
	file := dataFile(t, "reports", "summit.csv")
	each(t, func(t *testing.T, dsn string) {
		said(t, "import", "roster", dataFile(t, "reports", "roster.csv"), "--database", dsn)
		done(t, "lar", "add", "summit", "--name", "Summit", "--status", "ready", "--database", dsn)
		interrupted(t, dsn, file)
		sum := summaryOf(t, 0, "import", "report", file, "--lar", "summit", "--database", dsn)
		if number(t, sum, "orders") != 902 || number(t, sum, "amount_cents") != 6986404653 || sum["duplicate_of"] != "" {
			t.Errorf("%v", sum)
		}
		if out := done(t, "verify", "--database", dsn); out != "" {
			t.Errorf("verify prints %q", out)
		}
	})
}

// interrupted begins an import and stops after its first part.
func interrupted(t *testing.T, dsn, file string) {
	t.Helper()
	c, err := clock(0)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), dsn, c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	v, err := s.OperatorFor(t.Context(), "summit")
	if err != nil {
		t.Fatal(err)
	}
	ref, err := v.UploadReport(t.Context(), "summit.csv", file, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := v.Report(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	job, err := v.CommitReport(t.Context(), ref, p.Version)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	if err := s.RunJob(ctx, job, func(int64, int64) { stop() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("not interrupted: %v", err)
	}
}
