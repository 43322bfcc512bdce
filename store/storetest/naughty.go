package storetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Naughty are strings that have broken other programs (blns.json of the test data),
// and those that run a script where a page does not encode; every nth of them.
// Without test data the test is left out.
func Naughty(t testing.TB, nth int) (all []string) {
	t.Helper()
	dir := os.Getenv("IRM_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(dir, "strings", "blns.json")) //nolint:gosec // whoever runs the tests names the folder
	if err != nil {
		LeftOut(t, "there is no strings/blns.json in the test data (IRM_TEST_DATA)")
	}
	var strange []string
	if err := json.Unmarshal(b, &strange); err != nil {
		t.Fatal(err)
	}
	scripts := Scripts()
	if len(scripts) < 200 {
		t.Fatalf("%d scripts", len(scripts))
	}
	for i, s := range append(strange, scripts...) {
		if i%nth == nth/2 {
			all = append(all, s)
		}
	}
	return all
}
