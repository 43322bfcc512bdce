package store

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// now is a store whose program day is the machine's.
func now(s *Store) *Store {
	c := s.clock
	c.Now, c.Offset = time.Now, 0
	return s.At(c)
}

// records reads a CSV file as encoding/csv does.
func records(t testing.TB, path string) (head []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

var fpdsMeans = map[string]string{"note": "order_number", "signed_date": "ordered_on"}

func TestContractsAsTheyAreAreRefusedNamingWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		v := openDesk(t, s, "northgate", influence.LARReady)
		p := previewed(t, v, dataFile(t, "sales", "mapped_fpds_import.csv"), nil)
		if p.State != ReportMapping || count(t, s, `SELECT count(*) FROM report_lines`) != 0 {
			t.Fatalf("%s", p.State)
		}
		advice := influence.MapAdvice(p.Headings, influence.FoldMapping(p.Mapping))
		for _, part := range []string{"No column was found for order_number.", "No column was found for ordered_on.", `--map "YOUR HEADING=order_number"`, `=ordered_on"`, "“note”", "“signed_date”"} {
			if !strings.Contains(advice, part) {
				t.Errorf("%q lacks %q", advice, part)
			}
		}
	})
}

func TestContractsOfUnknownAgreementsAreRefusedEachUnderItsOwnRow(t *testing.T) {
	path := dataFile(t, "sales", "mapped_fpds_import.csv")
	_, want := records(t, path)
	each(t, func(t *testing.T, s *Store) {
		v := openDesk(t, now(s), "northgate", influence.LARReady)
		p := previewed(t, v, path, fpdsMeans)
		if p.Summary.Refused.Rows != 9510 || p.Summary.Rows() != 9510 {
			t.Fatalf("%+v", p.Summary)
		}
		refused := linesOf(t, v, p.Ref, "refused")
		for i, l := range refused {
			if l.Row != int64(i+2) || l.Agreement != want[i][0] || l.Raw[9] != want[i][9] {
				t.Fatalf("line %d is row %d: %q, not %q", i, l.Row, l.Raw, want[i])
			}
		}
	})
}

// TestContractsOfKnownAgreements: what is taken, unchanged and refused is the
// whole file, in rows and in cents.
func TestContractsOfKnownAgreements(t *testing.T) {
	path := dataFile(t, "sales", "mapped_fpds_import.csv")
	_, rows := records(t, path)
	each(t, func(t *testing.T, s *Store) {
		s = now(s)
		v := openDesk(t, s, "northgate", influence.LARReady)
		if n := openAgreements(t, v, rows); n != 99 {
			t.Fatalf("%d agreements", n)
		}
		had := count(t, s, `SELECT count(*) FROM orders`)
		p := imported(t, v, path, fpdsMeans)
		x := p.Summary
		if x.Orders()+x.Refused.Rows != 9510 || x.Held.Rows+x.Totals.Rows != 0 {
			t.Errorf("%+v", x)
		}
		var all, refused int64
		for _, row := range rows {
			all += centsIn(t, row[6])
		}
		for _, l := range linesOf(t, v, p.Ref, "refused") {
			refused += centsIn(t, l.Raw[6])
		}
		if x.Cents() != all-refused {
			t.Errorf("%d cents taken or unchanged, not %d − %d", x.Cents(), all, refused)
		}
		if n := count(t, s, `SELECT count(*) FROM orders`); n != had+x.New.Rows {
			t.Errorf("%d orders, not %d + %d", n, had, x.New.Rows)
		}
		if n := count(t, s, `SELECT CAST(sum(influenced + unassisted + undecided) - sum(cents) AS BIGINT) FROM agreements`); n != 0 {
			t.Errorf("the parts are %d cents away from the orders", n)
		}
		verified(t, s)
	})
}

// openAgreements enters the agreements of the file, each with an order of $0.00
// that no row of it has.
func openAgreements(t testing.TB, v Session, rows [][]string) int {
	t.Helper()
	known := map[string]bool{}
	for _, row := range rows {
		key := influence.NumberKey(row[0])
		if key == "" || known[key] {
			continue
		}
		known[key] = true
		_, err := v.EnterAgreement(t.Context(), "", influence.AgreementDraft{AgreementNumber: row[0], Program: "enterprise", Customer: "Agency " + row[0], CustomerState: "VA",
			Seats: "300", SignedOn: "2015-01-02", OrderDraft: influence.OrderDraft{OrderNumber: "opened by hand", OrderKind: "initial", OrderedOn: "2015-01-02", Amount: "0"}})
		if err != nil {
			t.Fatalf("%s: %v", row[0], err)
		}
	}
	return len(known)
}

func centsIn(t testing.TB, amount string) int64 {
	t.Helper()
	cents, err := influence.ParseMoney(amount)
	if err != nil {
		t.Fatalf("%q: %v", amount, err)
	}
	return cents
}

// TestStrangeFilesStayWithinMemory has a process of its own read them, and asks
// it how much memory it took from the system.
func TestStrangeFilesStayWithinMemory(t *testing.T) {
	dataFile(t, "xlsx")
	child := exec.Command(os.Args[0], "-test.run=^TestEveryStrangeFileGivesAPreviewOrASentence$/^sqlite$", "-test.v")
	child.Env = append(os.Environ(), "IRM_TEST_MEMORY=1")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, text, _ := strings.Cut(string(out), "SYSTEM BYTES ")
	line, _, _ := strings.Cut(text, "\n")
	used, err := strconv.ParseUint(line, 10, 64)
	t.Logf("%d MiB", used>>20)
	if err != nil || used == 0 || used > 256<<20 {
		t.Errorf("the limit is 256 MiB: %v", err)
	}
}

// TestEveryStrangeFileGivesAPreviewOrASentence: never a crash, and never a
// reading that nobody could check.
func TestEveryStrangeFileGivesAPreviewOrASentence(t *testing.T) {
	var files []string
	for _, folder := range []string{"csv", "xlsx"} {
		err := filepath.WalkDir(dataFile(t, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(path) != ".json" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) < 50 {
		t.Fatalf("only %d files", len(files))
	}
	each(t, func(t *testing.T, s *Store) {
		v := openDesk(t, s, "northgate", influence.LARReady)
		for _, path := range files {
			name := filepath.Base(path)
			ref, err := v.UploadReport(t.Context(), name, path, nil)
			if err != nil {
				var wrong influence.Invalid
				if !errors.As(err, &wrong) || wrong["file"] == "" || !strings.HasSuffix(wrong["file"], ".") {
					t.Errorf("%s: no sentence for the person: %v", name, err)
				}
				continue
			}
			p := reportPage(t, v, ref)
			if p.State != ReportMapping && p.State != ReportPreview || len(p.Headings) == 0 {
				t.Errorf("%s is %s under %q", name, p.State, p.Headings)
			}
		}
		if os.Getenv("IRM_TEST_MEMORY") != "" {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			fmt.Printf("SYSTEM BYTES %d\n", m.Sys)
		}
		if n := count(t, s, `SELECT count(*) FROM orders`); n != 0 {
			t.Errorf("%d orders without a commit", n)
		}
	})
}
