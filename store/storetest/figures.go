package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Figure says what a test measured for a promise of docs/promises.md, such as S1:
// in the test's log, and as a file in IRM_TEST_FIGURES where that names a folder,
// from which cmd/proofs puts it into the page.
func Figure(t testing.TB, promise, format string, args ...any) {
	t.Helper()
	said := fmt.Sprintf(format, args...)
	t.Logf("%s: %s", promise, said)
	dir := os.Getenv("IRM_TEST_FIGURES")
	if dir == "" || t.Failed() {
		return
	}
	name := promise + "." + strings.NewReplacer("/", "-", " ", "_").Replace(t.Name()) + ".txt"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(said+"\n"), 0o600); err != nil { //nolint:gosec // whoever runs the tests names the folder
		t.Error(err)
	}
}

// Full is how often something is done: few times while somebody works, all with
// IRM_TEST_ALL=1, as on every change, and most with IRM_TEST_FULL=1, before a release.
func Full(few, all, most int) int {
	switch {
	case os.Getenv("IRM_TEST_FULL") == "1":
		return most
	case os.Getenv("IRM_TEST_ALL") == "1":
		return all
	}
	return few
}

// LeftOut skips a test for what is missing, and says so; with IRM_TEST_ALL=1 that is
// a failure.
func LeftOut(t testing.TB, missing string) {
	t.Helper()
	if os.Getenv("IRM_TEST_ALL") == "1" {
		t.Fatal(missing)
	}
	t.Skip("LEFT OUT: " + missing)
}
