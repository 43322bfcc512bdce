package sheet

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

const memoryLimit = 256 << 20

// TestMemory reads and writes the largest files in a process of its own and asks it
// how much memory it took from the system.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: writes large files")
	}
	child := exec.Command(os.Args[0], "-test.run=^TestMemoryChild$", "-test.v")
	child.Env = append(os.Environ(), "SHEET_MEMORY_CHILD="+t.TempDir())
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, text, _ := strings.Cut(string(out), "SYSTEM BYTES ")
	line, _, _ := strings.Cut(text, "\n")
	used, err := strconv.ParseUint(line, 10, 64)
	t.Logf("%d MiB", used>>20)
	if err != nil || used == 0 || used > memoryLimit {
		t.Errorf("the limit is %d MiB: %v", memoryLimit>>20, err)
	}
}

func TestMemoryChild(t *testing.T) {
	dir := os.Getenv("SHEET_MEMORY_CHILD")
	if dir == "" {
		t.Skip("skipped: run by TestMemory")
	}
	defer func() { // also when the rest is skipped
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Printf("SYSTEM BYTES %d\n", m.Sys)
	}()
	readThrough(t, largeCSV(t, dir), 1_000_001)
	readThrough(t, largeXLSX(t, dir), 100_001)
	root := filepath.Dir(dataFile(t, "README.md"))
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			readThrough(t, path, -1)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readThrough reads a file to its end; one that is refused has ended.
func readThrough(t *testing.T, path string, want int) {
	b, err := Open(path, Options{TempDir: filepath.Dir(path)})
	if err != nil && want < 0 {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	n := 0
	for i := range b.Sheets() {
		for _, err := range b.Rows(i) {
			if err != nil && want >= 0 {
				t.Fatal(err)
			}
			n++
		}
	}
	if want >= 0 && n != want {
		t.Errorf("%s: %d rows, want %d", path, n, want)
	}
}

func largeCSV(t *testing.T, dir string) string {
	f, err := os.Create(filepath.Join(dir, "large.csv"))
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	fmt.Fprintln(out, "order,day,customer,amount")
	for i := range 1_000_000 {
		fmt.Fprintf(out, "E%07d-01,2007-01-31,\"Customer, %s %d\",1234.50\n", i, strings.Repeat("x", 60), i)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

func largeXLSX(t *testing.T, dir string) string {
	f, err := os.Create(filepath.Join(dir, "large.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	w := NewXLSX(f)
	columns := orderColumns()
	for i := range 7 {
		columns = append(columns, Column{Name: fmt.Sprint("Text ", i)})
	}
	w.Head(columns)
	for i := range 100_000 {
		s := fmt.Sprint("Customer ", i)
		if err := w.Row(s, int64(i), i, "2007-01-31", s, s, s, s, s, s, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}
