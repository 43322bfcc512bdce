package sheet

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// known recognizes a row by three or more of these headings.
func known(headings string) func([]string) int {
	names := strings.Split(strings.ToLower(headings), "|")
	return func(cells []string) int {
		n := 0
		for _, c := range cells {
			if slices.Contains(names, strings.ToLower(strings.TrimSpace(c))) {
				n++
			}
		}
		if n < 3 {
			return 0
		}
		return n
	}
}

const reportHeadings = "agreement_number|agreement no.|enrollment|program|customer|customer name|end customer|st|state|seats|" +
	"order_number|order #|po|ordered_on|order date|po date|amount|net amount|billed (usd)|partner_id|partner|influencing partner id"

type report struct {
	Orders    int `json:"orders"`
	Partners  int `json:"partners"`
	Refused   int `json:"refused_rows"`
	NotOrders int `json:"rows_that_are_not_orders"`
}

func expected(t *testing.T) (want map[string]report) {
	t.Helper()
	text, err := os.ReadFile(dataFile(t, "reports", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

func TestReports(t *testing.T) {
	found := map[string]Found{
		"northgate.csv": {Kind: "CSV", Encoding: "UTF-8", Delimiter: "comma", LineEnds: "LF", HeaderRow: 1},
		"summit.csv":    {Kind: "CSV", Encoding: "UTF-8", Delimiter: "semicolon", LineEnds: "CRLF", HeaderRow: 1},
		"lakeshore.txt": {Kind: "CSV", Encoding: "UTF-16 LE", Delimiter: "tab", LineEnds: "CRLF", HeaderRow: 4, PreambleRows: 2, BlankRows: 1},
		"pinnacle.csv":  {Kind: "CSV", Encoding: "UTF-8", Delimiter: "comma", LineEnds: "CR", HeaderRow: 1},
		"meridian.xlsx": {Kind: "XLSX", Sheet: "Orders", HeaderRow: 3, PreambleRows: 1, BlankRows: 1},
		"granite.csv":   {Kind: "CSV", Encoding: "UTF-8 with BOM", Delimiter: "comma", LineEnds: "CRLF", HeaderRow: 1},
	}
	for name, want := range expected(t) {
		if name == "roster.csv" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			b := mustOpen(t, dataFile(t, "reports", name))
			h, rows := readBelow(t, b, reportHeadings)
			if len(h.Cells) != 11 || len(rows) != want.Orders+want.Refused+want.NotOrders {
				t.Errorf("%d rows under %d headings %q; want %+v", len(rows), len(h.Cells), h.Cells, want)
			}
			if diff := cmp.Diff(found[name], b.Found); diff != "" {
				t.Error(diff)
			}
			for i, row := range rows {
				if row.Ragged || len(row.Cells) != 11 || row.Number != h.Row+1+i {
					t.Fatalf("row %+v is not row %d of 11 cells", row, h.Row+1+i)
				}
			}
		})
	}
}

func readBelow(t *testing.T, b *Book, headings string) (Header, []Row) {
	t.Helper()
	h, err := b.FindHeader(known(headings))
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for row, err := range b.Below(h) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return h, rows
}

func TestWorkbookReportHasDaysAndAmounts(t *testing.T) {
	b := mustOpen(t, dataFile(t, "reports", "meridian.xlsx"))
	h, rows := readBelow(t, b, reportHeadings)
	date, amount := slices.Index(h.Cells, "PO date"), slices.Index(h.Cells, "Billed (USD)")
	cents := int64(0)
	for _, row := range rows {
		if c := row.Cells[date]; c.Kind != Date || c.Day != c.Text || !isDay(c.Day) {
			t.Fatalf("row %d: no day: %+v", row.Number, c)
		}
		cents += toCents(t, row.Cells[amount])
	}
	if cents != 6634920575 {
		t.Errorf("the amounts add up to %d cents", cents)
	}
}

func toCents(t *testing.T, c Cell) (cents int64) {
	t.Helper()
	whole, fraction, _ := strings.Cut(c.Text, ".")
	if c.Kind != Number || len(fraction) > 2 {
		t.Fatalf("no amount: %+v", c)
	}
	if err := json.Unmarshal([]byte(whole+fraction+"00"[len(fraction):]), &cents); err != nil {
		t.Fatal(err)
	}
	return cents
}

func TestRoster(t *testing.T) {
	want := expected(t)["roster.csv"]
	b := mustOpen(t, dataFile(t, "reports", "roster.csv"))
	h, rows := readBelow(t, b, "partner_id|name|level|state|city")
	if diff := cmp.Diff(strings.Split("partner_id name level state city website contact_name contact_email", " "), h.Cells); diff != "" {
		t.Error(diff)
	}
	if len(rows) != want.Partners+want.Refused {
		t.Errorf("%d rows; want %+v", len(rows), want)
	}
	at := map[int]Row{}
	for _, row := range rows {
		at[row.Number] = row
	}
	if id := at[1502].Cells[0].Text; id != "" {
		t.Errorf("row 1502 is the one without a partner ID, not %q", id)
	}
}

// TestContracts reads 9,510 records on 11,745 lines: rows count records.
func TestContracts(t *testing.T) {
	path := dataFile(t, "sales", "mapped_fpds_import.csv")
	_, rows := readBelow(t, mustOpen(t, path), "agreement_number|customer|amount|signed_date")
	if len(rows) != 9510 {
		t.Fatalf("%d records", len(rows))
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	other, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if row.Number != i+2 || row.Ragged {
			t.Fatalf("record %d is row %+v", i, row)
		}
		for j, want := range other[i+1] {
			if row.Cells[j].Text != want {
				t.Fatalf("row %d: %q, not %q", row.Number, row.Cells[j].Text, want)
			}
		}
	}
}
