package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"irm/influence"
	"irm/sheet"
	"irm/store"
	"irm/store/storetest"

	"github.com/xuri/excelize/v2"
)

// Texts that spreadsheets take for formulas are stored in claims and come out, in
// every kind of file, as texts: no cell is a formula, none begins as one does.
func TestASVS_1_2_10_NoFormulaSurvivesAnExport(t *testing.T) {
	partner, formulas := formulaClaims(t)
	kept := map[string]bool{}
	for _, text := range formulas {
		kept[strings.TrimSpace(text)] = true
	}
	for _, format := range []string{"csv", "xlsx"} {
		var b bytes.Buffer
		if err := Export(t.Context(), partner, "claims", format, Filters{}, &b); err != nil {
			t.Fatal(err)
		}
		cells := cellsOf(t, format, b.Bytes())
		seen := 0
		for _, cell := range cells {
			if kept[strings.TrimPrefix(cell, "'")] {
				seen++
			}
			if format == "csv" && cell != sheet.Guard(cell) && !isNumber(cell) {
				t.Errorf("%s: a cell begins as a formula: %q", format, cell)
			}
		}
		if seen < len(formulas) {
			t.Errorf("%s: %d of %d texts came out", format, seen, len(formulas))
		}
	}
	storetest.Figure(t, "S4", "%d texts exported as CSV and XLSX and opened again: 0 formulas", len(formulas))
}

// formulaClaims stores each text in a claim of a partner.
func formulaClaims(t *testing.T) (store.Session, []string) {
	t.Helper()
	p := onSQLite(t)
	partner := p.store.As(influence.Actor{MemberID: p.partner.MemberID, OrgID: p.partner.ID, Role: influence.RolePartner})
	for i, text := range storetest.Formulas() {
		d := claimFor("northgate", "", text)
		if _, err := partner.SaveDraft(t.Context(), "", fmt.Sprint("formula", i), 0, d); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	return partner, storetest.Formulas()
}

func isNumber(cell string) bool { return strings.Trim(cell, "-0123456789.") == "" }

// cellsOf reads a file with another reader than ours, and fails at a formula.
func cellsOf(t *testing.T, format string, file []byte) (all []string) {
	t.Helper()
	if format == "csv" {
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all = append(all, row...)
		}
		return all
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(name, at); formula != "" || err != nil {
					t.Errorf("%s is a formula: %q, %v", at, formula, err)
				}
			}
			all = append(all, row...)
		}
	}
	return all
}
