package sheet

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type order struct {
	seats int
	text  string
	cents int64
	day   string
}

func drawOrder(t *rapid.T) order {
	special := rapid.RuneFrom([]rune("=+-@'\",;|\t\r\n ＝_x000D_0123é漢𝒳<&>]\uFEFF\u2028\uFFFD"))
	letters := rapid.OneOf(special, rapid.Rune().Filter(func(r rune) bool { return r >= 0x20 && r != 0x7F && inXML(string(r)) == string(r) }))
	day := ""
	if n := rapid.IntRange(-1, 3_000_000).Draw(t, "day"); n >= 0 {
		day = time.Date(1, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(isoDay)
	}
	return order{
		seats: rapid.Int().Draw(t, "seats"),
		text:  rapid.StringOfN(letters, 0, 20, -1).Draw(t, "text"),
		cents: rapid.Int64().Draw(t, "cents"),
		day:   day,
	}
}

// TestRoundTrip: what is written is read back, as text or as numbers and days.
func TestRoundTrip(t *testing.T) {
	for name, make := range map[string]func(*os.File) *Writer{
		"a.csv":  func(f *os.File) *Writer { return NewCSV(f) },
		"a.xlsx": func(f *os.File) *Writer { return NewXLSX(f) },
	} {
		path := filepath.Join(t.TempDir(), name)
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			orders := rapid.SliceOfN(rapid.Custom(drawOrder), 0, 8).Draw(t, "orders")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			w := make(f)
			w.Head([]Column{{Name: "state", Kind: IntColumn}, {Name: "order"}, {Name: "amount", Kind: MoneyColumn}, {Name: "day", Kind: DayColumn}})
			for _, o := range orders {
				w.Row(o.seats, o.text, o.cents, o.day)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			readBack(t, path, orders)
		}))
	}
}

func readBack(t *rapid.T, path string, orders []order) {
	b, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	h, err := b.FindHeader(known("state|order|amount|day"))
	if err != nil || h.Row != 1 {
		t.Fatal(h, err)
	}
	n := 0
	for row, err := range b.Below(h) {
		if err != nil {
			t.Fatal(err)
		}
		compareOrder(t, row, orders[n], b.Found.Kind == "CSV")
		n++
	}
	if n != len(orders) {
		t.Fatalf("%d rows of %d", n, len(orders))
	}
}

func compareOrder(t *rapid.T, row Row, o order, csv bool) {
	text := o.text
	if csv {
		text = Guard(text)
	}
	if c := row.Cells[1]; c.Text != text || c.Kind != Text {
		t.Fatalf("row %d: %+v, want %q", row.Number, c, text)
	}
	if c := row.Cells[2]; c.Text != dollars(o.cents) {
		t.Fatalf("row %d: %+v, want %s", row.Number, c, dollars(o.cents))
	}
	c := row.Cells[3]
	if c.Text != o.day || !csv && o.day > "1900-03-01" && (c.Kind != Date || c.Day != o.day) {
		t.Fatalf("row %d: %+v, want %s", row.Number, c, o.day)
	}
}
