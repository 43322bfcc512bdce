package store

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"irm/influence"
)

// dataFile is a file of the shared test data, which not every checkout has.
func dataFile(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("IRM_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
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

// comesTo is what a file is known to come to.
type comesTo struct {
	LAR         string            `json:"lar"`
	Orders      int64             `json:"orders"`
	Agreements  int64             `json:"agreements"`
	Cents       int64             `json:"amount_cents"`
	Naming      int64             `json:"orders_naming_a_partner"`
	RefusedRows int64             `json:"refused_rows"`
	Refused     map[string]string `json:"refused"`
	NotOrders   int64             `json:"rows_that_are_not_orders"`
	Partners    int64             `json:"partners"`
}

func expected(t testing.TB) (want map[string]comesTo) {
	t.Helper()
	text, err := os.ReadFile(dataFile(t, "reports", "expected.json"))
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// desk opens a LAR and returns the operator's session for it.
func openDesk(t testing.TB, s *Store, slug string, status influence.LARStatus) Session {
	t.Helper()
	if _, err := s.As(influence.Operator()).AddLAR(t.Context(), NewLAR{Slug: slug, Name: slug + " Licensing", Status: status}); err != nil {
		t.Fatal(err)
	}
	v, err := s.OperatorFor(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// previewed uploads a file and returns its page.
func previewed(t testing.TB, v Session, path string, mapping map[string]string) ReportPage {
	t.Helper()
	ref, err := v.UploadReport(t.Context(), filepath.Base(path), path, mapping)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return reportPage(t, v, ref)
}

func reportPage(t testing.TB, v Session, ref string) ReportPage {
	t.Helper()
	p, err := v.Report(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// imported takes a file in and returns its page.
func imported(t testing.TB, v Session, path string, mapping map[string]string) ReportPage {
	t.Helper()
	p := previewed(t, v, path, mapping)
	job, err := v.CommitReport(t.Context(), p.Ref, p.Version)
	if err == nil {
		err = v.s.RunJob(context.Background(), job, nil)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return reportPage(t, v, p.Ref)
}

// rostered imports the roster that the reports name partners of.
func rostered(t testing.TB, s *Store) RosterDone {
	t.Helper()
	done, err := s.As(influence.Operator()).ImportRosterFile(t.Context(), "roster.csv", dataFile(t, "reports", "roster.csv"), false)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// linesOf reads all rows of a report with a verdict.
func linesOf(t testing.TB, v Session, ref, verdict string) (all []ReportLine) {
	t.Helper()
	for l, err := range v.EveryReportLine(t.Context(), ref, verdict) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

func isDuplicate(err error) (d DuplicateReport, ok bool) { return d, errors.As(err, &d) }
