package sheet

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func TestSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(dataFile(t, "csv", "csv-spectrum", "csvs"), "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			rows, _, err := texts(mustOpen(t, path), 0)
			if err != nil {
				t.Fatal(err)
			}
			var got []map[string]string
			for _, row := range rows[1:] {
				object := map[string]string{}
				for i, cell := range row {
					object[rows[0][i]] = cell
				}
				got = append(got, object)
			}
			if diff := cmp.Diff(spectrum(t, path), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func spectrum(t *testing.T, path string) (want []map[string]string) {
	t.Helper()
	name := strings.TrimSuffix(filepath.Base(path), ".csv")
	text, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", "json", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if name == "location_coordinates" { // an object, with another phone number than the file has
		text = []byte("[" + strings.Replace(string(text), "1234567890", "2095257564", 1) + "]")
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// refused lists the files that must not open; all others must be read to the end.
func refused(name string) string {
	return map[string]string{
		filepath.Join("messytables", "simple.unknown"): "The file is empty.",
		filepath.Join("messytables", "simple.zip"):     "This is a zip archive",
		filepath.Join("messytables", "characters.csv"): "The file's encoding is not", // Big5
	}[name]
}

// TestEveryFile opens every file that breaks importers: each must come out as rows
// or as a refusal in a sentence. The verdicts are in the log.
func TestEveryFile(t *testing.T) {
	for _, dir := range []string{"csv", "xlsx"} {
		root := dataFile(t, dir)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".json") {
				return err
			}
			name, _ := filepath.Rel(root, path)
			t.Run(name, func(t *testing.T) { verdict(t, path, refused(name)) })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func verdict(t *testing.T, path, want string) {
	b, err := Open(path, Options{})
	if err != nil {
		t.Logf("refused: %v", err)
		if r := refusal(t, err); want == "" || !strings.HasPrefix(r.Reason, want) {
			t.Errorf("want %q", want)
		}
		return
	}
	defer b.Close()
	if want != "" {
		t.Errorf("opened; want %q", want)
	}
	for i, name := range b.Sheets() {
		rows, _, err := texts(b, i)
		if err != nil {
			t.Errorf("sheet %q: %d rows, then %v", name, len(rows), err)
		}
		t.Logf("sheet %q: %d rows, %+v", name, len(rows), b.Found)
	}
}

// TestAgainstLibrary compares every text of every workbook with what the library
// that we write with makes of it.
func TestAgainstLibrary(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(dataFile(t, "xlsx"), "*.xlsx"))
	for _, path := range files {
		other, err := excelize.OpenFile(path)
		if err != nil {
			continue // one is a CSV file
		}
		defer other.Close()
		b := mustOpen(t, path)
		for i, name := range b.Sheets() {
			want, err := other.GetRows(name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for row, err := range b.Rows(i) {
				if err != nil {
					t.Fatal(err)
				}
				compareRow(t, row, want[row.Number-1])
				want[row.Number-1] = nil
			}
			if left := strings.TrimSpace(strings.Join(slices.Concat(want...), "")); left != "" {
				t.Errorf("%s, %q: not read: %.100q", path, name, left)
			}
		}
	}
}

func compareRow(t *testing.T, row Row, want []string) {
	for i, c := range row.Cells {
		if c.Kind != Text && c.Kind != Error || c.Formula { // the library leaves _x000D_ in results
			continue
		}
		if i >= len(want) && c.Text != "" || i < len(want) && c.Text != want[i] {
			t.Errorf("row %d, cell %d: %q is not in %q", row.Number, i, c.Text, want)
		}
	}
}
