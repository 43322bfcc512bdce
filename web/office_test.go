package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"irm/store/storetest"

	"github.com/PuerkitoBio/goquery"
)

// The files with texts that spreadsheets take for formulas are opened by
// LibreOffice and written down anew: no cell has become a formula, and every text
// is there. Before a release only, for LibreOffice is large.
func TestNoFormulaInLibreOffice(t *testing.T) {
	if storetest.Full(0, 0, 1) == 0 {
		t.Skip("LEFT OUT: LibreOffice opens the files before a release only (make gate)")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		storetest.LeftOut(t, "soffice is not installed (.ci/tools --gate installs it)")
	}
	partner, texts := formulaClaims(t)
	dir := t.TempDir()
	for _, format := range []string{"csv", "xlsx"} {
		var b bytes.Buffer
		if err := Export(t.Context(), partner, "claims", format, Filters{}, &b); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, format+"file."+format)
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		cells, formulas := rewritten(t, office, name)
		if formulas != 0 {
			t.Errorf("%s: %d cells became formulas", format, formulas)
		}
		for _, text := range texts {
			if !cells[flat(text)] && !cells["'"+flat(text)] {
				t.Errorf("%s: %q did not come back", format, text)
			}
		}
	}
	if cells, formulas := rewritten(t, office, planted(t, dir)); formulas != 1 {
		t.Errorf("of a formula on purpose %d were found, in %d cells: the test shows nothing", formulas, len(cells))
	}
	storetest.Figure(t, "S4", "%d texts exported as CSV and XLSX, opened by LibreOffice and written down anew: 0 formulas", len(texts))
}

// planted is a file with one formula.
func planted(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "planted.csv")
	if err := os.WriteFile(name, []byte("a,b\n=1+1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// rewritten has LibreOffice read a file and write it as flat XML, and returns the
// texts of its cells, white space as one blank, and how many cells are formulas.
func rewritten(t *testing.T, office, name string) (cells map[string]bool, formulas int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	dir := filepath.Dir(name)
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "fods", "--outdir", dir}
	if strings.HasSuffix(name, ".csv") { // 44,34,76: commas, quotes, UTF-8; the last one: take formulas for what they are
		args = append(args, "--infilter=CSV:44,34,76,1,,1033,false,true,false,false,false,0,true")
	}
	cmd := exec.CommandContext(ctx, office, append(args, name)...) //nolint:gosec // found in PATH by its name
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(errors.Join(err, fmt.Errorf("%s", out)))
	}
	b, err := os.ReadFile(strings.TrimSuffix(name, filepath.Ext(name)) + ".fods")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	cells = map[string]bool{}
	doc.Find(`table\:table-cell`).Each(func(_ int, s *goquery.Selection) {
		if _, ok := s.Attr("table:formula"); ok {
			formulas++
		}
		cells[flat(s.Text())] = true
	})
	return cells, formulas
}

// flat has all white space as one blank.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
