package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestASVSPageIsThatOfTheTests: every requirement has a test or a reason, and the
// page says what the tests' names say.
func TestASVSPageIsThatOfTheTests(t *testing.T) {
	if err := run(filepath.Join("..", ".."), "", true); err != nil {
		t.Error(err)
	}
}

func TestIDsOfATestsName(t *testing.T) {
	for name, want := range map[string][]string{
		"TestASVS_8_2_2_ForeignThings":       {"8.2.2"},
		"TestASVS_8_2_1_8_4_1_Matrix":        {"8.2.1", "8.4.1"},
		"TestASVS_6_3_1_10_000_Guesses":      {"6.3.1"},
		"TestASVS_NotAnID":                   nil,
		"TestASVS_15_3_4_13_4_4_Forged_2_is": {"15.3.4", "13.4.4"},
	} {
		if got := idsOf(name); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// A requirement without test and reason, one with both, and a test of an unknown
// one are all found.
func TestAClaimWithoutProofIsFound(t *testing.T) {
	root := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("docs/asvs.csv", "id,level,asks,reason\n1.1.1,1,tested,\n1.1.2,1,neither,\n1.1.3,2,both,not applicable\n1.1.4,2,reasoned,not applicable: there are none\n")
	put("web/some_test.go", "package web\nfunc TestASVS_1_1_1_1_1_3_Something(t *testing.T) {}\nfunc TestASVS_9_9_9(t *testing.T) {}\n")
	page, err := asvsPage(root)
	if err == nil {
		t.Fatal("nothing is found")
	}
	for _, want := range []string{"1.1.2 has 0 tests", "1.1.3 has 1 tests", "9.9.9"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if !strings.Contains(page, "| 1.1.1 | 1 | tested | `TestASVS_1_1_1_1_1_3_Something` (web) |") || !strings.Contains(page, "not applicable: there are none") {
		t.Error(page)
	}
}

func TestFiguresComeIntoTheirRows(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "promises.md")
	for name, text := range map[string]string{
		"promises.md":  "| id | promise | measured |\n|---|---|---|\n| S1 | cells | none yet |\n| S2 | scripts | old |\n",
		"S1.TestB.txt": "20 cells | on PostgreSQL\n", "S1.TestA.txt": "10 cells\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := measured(page, dir, "1 Dec 2026"); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(page)
	if !strings.Contains(string(got), "| S1 | cells | 10 cells; 20 cells / on PostgreSQL (1 Dec 2026) |\n| S2 | scripts | old |") {
		t.Errorf("%s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "S99.TestC.txt"), []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if measured(page, dir, "1 Dec 2026") == nil {
		t.Error("a figure without a row is lost silently")
	}
}
