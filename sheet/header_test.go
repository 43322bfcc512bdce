package sheet

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindHeader(t *testing.T) {
	head := "order,day,amount\n"
	for name, c := range map[string]struct {
		in   string
		want Found
	}{
		"first row":        {head + "1,2,3\n", Found{Delimiter: "comma", LineEnds: "LF", HeaderRow: 1}},
		"below a preamble": {"Report\n\n,,\nall; of; it\n" + head + "\n1,2,3\n\n", Found{Delimiter: "comma", LineEnds: "LF", HeaderRow: 5, PreambleRows: 2, BlankRows: 3}},
		"the better row":   {"order,day,amount,x\norder,day,amount,state\n1,2,3,4\n", Found{Delimiter: "comma", LineEnds: "LF", HeaderRow: 2, PreambleRows: 1}},
		"the upper equal":  {head + head, Found{Delimiter: "comma", LineEnds: "LF", HeaderRow: 1}},
		// Each row has more commas than semicolons; only the headings tell.
		"headings tell the delimiter": {"order;day;amount\n1,1,1;2,2,2;3,3,3\n1,1,1;2,2,2;3,3,3\n", Found{Delimiter: "semicolon", LineEnds: "LF", HeaderRow: 1}},
		"broken below":                {head + "\"1\"2,3\n", Found{Delimiter: "comma", LineEnds: "LF", HeaderRow: 1}},
		// Read with commas the break would stand outside quotes.
		"line ends of the reading": {"order|day|amount\r\n\"a,\"|\"b\nc\"|d,e\r\n", Found{Delimiter: "pipe", LineEnds: "CRLF", HeaderRow: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			b := mustOpen(t, written(t, "a.csv", c.in))
			h, err := b.FindHeader(known("order|day|amount|state"))
			if err != nil {
				t.Fatal(err)
			}
			for range b.Below(h) {
			}
			c.want.Kind, c.want.Encoding = "CSV", "UTF-8"
			if diff := cmp.Diff(c.want, b.Found); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoHeader(t *testing.T) {
	far := strings.Repeat("x\n", headerRows) + "order,day,amount\n"
	for in, want := range map[string]string{
		"a,b,c\n1,2,3\n": ErrNoHeader.Error(),
		far:              ErrNoHeader.Error(),
		"a,b\n\"c\"d\n":  "Row 2: text follows",
	} {
		b := mustOpen(t, written(t, "a.csv", in))
		_, err := b.FindHeader(known("order|day|amount"))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: %v", in, err)
		}
	}
	b := mustOpen(t, workbookOf(t, map[string]string{"A1": "a", "B1": "b"}))
	if _, err := b.FindHeader(known("order|day|amount")); !errors.Is(err, ErrNoHeader) {
		t.Errorf("got %v", err)
	}
}

func TestBelow(t *testing.T) {
	in := "a,b,c,d\n1,2,3,4\n1,2,3,4,,\n1,2,3,4,5\n1,2\n1\n,,,\n,2,,\n"
	b := mustOpen(t, written(t, "a.csv", in))
	h, err := b.FindHeader(known("a|b|c|d"))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Number, Cells int
		Ragged        bool
	}
	var got []row
	for r, err := range b.Below(h) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row{r.Number, len(r.Cells), r.Ragged})
	}
	want := []row{{2, 4, false}, {3, 4, false}, {4, 5, true}, {5, 4, false}, {6, 1, true}, {8, 4, false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRowsStop takes one row and no more, twice.
func TestRowsStop(t *testing.T) {
	for _, path := range []string{written(t, "a.csv", "a,b\n\"c\"d\n"), workbookOf(t, map[string]string{"A1": "a", "A2": "b"})} {
		b := mustOpen(t, path)
		for range 2 {
			for row, err := range b.Rows(0) {
				if err != nil || row.Cells[0].Text != "a" {
					t.Errorf("%+v, %v", row, err)
				}
				break
			}
		}
	}
}
