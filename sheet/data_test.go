package sheet

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// dataFile is a file of the shared test data, which not every checkout has.
func dataFile(t *testing.T, elem ...string) string {
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

// written is a new file with the content.
func written(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustOpen(t testing.TB, path string) *Book {
	t.Helper()
	b, err := Open(path, Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// texts reads a sheet's rows as texts.
func texts(b *Book, sheet int) (rows [][]string, numbers []int, err error) {
	for row, err := range b.Rows(sheet) {
		if err != nil {
			return rows, numbers, err
		}
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = c.Text
		}
		rows, numbers = append(rows, cells), append(numbers, row.Number)
	}
	return rows, numbers, nil
}

// refusal is the sentence of a refusal, or a failure.
func refusal(t *testing.T, err error) *Refusal {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) {
		t.Fatalf("not a refusal: %v", err)
	}
	return r
}
