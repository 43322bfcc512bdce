package views

import (
	"strconv"

	"irm/views/ui"
)

// DashboardModel is the program's figures in a selection, for Microsoft or a LAR.
type DashboardModel struct {
	Title, Over  string
	Wrong        []string // with what was chosen; everything is shown instead
	Filters      []ui.FieldProps
	Chips        []ui.Chip
	Yours        []YourCount
	Disputes     []DisputeItem // that wait for Microsoft
	Empty        bool
	EmptyText    string
	Tiles        []ui.TileProps
	Months       ui.MonthsProps
	BeforeName   string // of last year's marks
	Quarters     []SpanRow
	Sum          SpanRow // of the quarters or months
	Map          ui.MapProps
	States       []StateRow
	StatesMore   int // how many the table leaves out
	Partners     []PartnerRank
	PartnersSay  string
	LARs         []LARRow
	LARTitle     string
	LARSum       LARRow
	ShowLARs     bool
	SlowestFirst bool // the LARs are in the order of how long they take to decide
	ShowWaiting  bool
	Heat         []int64 // lower bounds of its colors
	Waiting      []string
	Facts        []ui.Fact
}

// YourCount is something that waits for the reader: 7 applications.
type YourCount struct{ Count, Label, Href string }

// SpanRow is one quarter or month.
type SpanRow struct{ Label, Href, Influenced, Unassisted, Undecided, Revenue, Rate string }

// StateRow is one state, with its change on last year's same days.
type StateRow struct {
	Name, Href, Influenced, Exact, Share string
	Change                               *ui.Delta
}

// PartnerRank is one of the top partners; Before and Own are its place in the
// bar of all influenced revenue, in cents.
type PartnerRank struct {
	Name, Href, Level, Place, Influenced, Exact, RowsHref, Orders, Together string
	Before, Own, Whole                                                      int64
}

// LARRow is one LAR; Waiting are the counts of its ageing classes.
type LARRow struct {
	Name, Href, Revenue, Exact, RowsHref, Agreements, Coverage, Attach, Median, P90 string
	Decided, Signed                                                                 int64
	Waiting                                                                         []WaitingCell
}

// WaitingCell is how many agreements have waited so long.
type WaitingCell struct {
	Count             int64
	Head, Label, Href string
}

// shownOnPhones is how many rows of a table of the dashboard a phone shows at first.
const shownOnPhones = 5

func moreOf(n int, noun string) string {
	if n == 1 {
		return "1 more " + noun
	}
	return strconv.Itoa(n) + " more " + noun + "s"
}

// idle reports whether nothing waits at the LAR's desk.
func (l LARRow) idle() bool {
	for _, w := range l.Waiting {
		if w.Count > 0 {
			return false
		}
	}
	return true
}
