package influence

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// dataRows reads a file of the shared test data, which not every checkout has,
// without its heading.
func dataRows(t *testing.T, elem ...string) [][]string {
	t.Helper()
	root := os.Getenv("IRM_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	f, err := os.Open(path)
	if err != nil {
		if os.Getenv("IRM_TEST_ALL") == "1" {
			t.Fatalf("the test data is missing: %v", err)
		}
		t.Skipf("skipped: no test data at %s; set IRM_TEST_DATA", path)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}
