package store

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// TestInboxKeepsItsOrder: however a database gathers the lines of a page, the rows
// come in the order of the page, with every field of the line where it belongs.
func TestInboxKeepsItsOrder(t *testing.T) {
	lines := []string{
		"2007-04-16\t-300\tagr_a\tAGR-1\t1\t2\t3\tNH\topen\t2007-03-01\tE1\tGranite & Sons",
		"2007-04-16\t-200\tagr_b\tAGR-2\t0\t0\t85\tVT\tselect\t2007-03-02\tE2\tMaple",
		"2007-04-16\t-200\tagr_c\tAGR-3\t0\t0\t0\tVT\tselect\t2007-03-02\tE3\t",
		"2007-04-17\t-900\tagr_0\tAGR-4\t0\t1\t0\tME\topen\t2007-03-03\tE4\tPine",
	}
	want := inboxRows(strings.Join(lines, "\n"), len(lines))
	if first := (InboxRow{Ref: "AGR-1", Number: "E1", Customer: "Granite & Sons", State: "NH", Program: "open", SignedOn: "2007-03-01",
		Due: influence.Day("2007-04-16"), Cents: 300, Claims: 1, Items: 2, Score: 3, worth: -300, id: "agr_a"}); want[0] != first || len(want) != 4 {
		t.Fatalf("read as %+v", want)
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		for _, back := range []bool{false, true} {
			got := slices.Clone(want)
			draw.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
			sortInbox(got, back)
			if back {
				slices.Reverse(got)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("back %v: %+v", back, got)
			}
		}
	}
	if none := inboxRows("", 50); len(none) != 0 {
		t.Errorf("an empty page has %+v", none)
	}
}
