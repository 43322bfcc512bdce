package influence

import (
	"slices"
	"strings"
	"testing"
)

// whole is a mapping in the order of files.
func whole() Mapping {
	m := Mapping{}
	for i, c := range reportColumns {
		m[i] = c.Name
	}
	return m
}

func TestALineIsReadByItsColumns(t *testing.T) {
	cells := []string{" s-1000007 ", "EA", "Contoso,  Ltd.", "ohio", "3,464", "11/3/2005", " po  7 ", "TRUE-UP", "3-Nov-2005", "($1,959.90)", "04489503"}
	got, refused := ParseLine(7, cells, whole(), "2007-04-16", Defaults())
	want := Line{Row: 7, AgreementNumber: "s-1000007", AgreementKey: "S1000007", Program: Enterprise, Customer: "Contoso, Ltd.", State: "OH", Seats: 3464,
		SignedOn: "2005-11-03", OrderNumber: "po 7", OrderKey: "PO 7", Kind: TrueUp, OrderedOn: "2005-11-03", Cents: -195990, PartnerNo: "04489503"}
	if got != want || refused != "" {
		t.Errorf("%+v, refused %q", got, refused)
	}
}

func TestALineForAKnownAgreementNeedsFourColumns(t *testing.T) {
	m := Mapping{0: ColumnAgreement, 1: ColumnOrder, 2: ColumnOrderedOn, 3: ColumnAmount}
	l, refused := ParseLine(2, []string{"S1", "1", "2007-01-02", "5"}, m, "2007-04-16", Defaults())
	if refused != "" {
		t.Fatal(refused)
	}
	missing := MissingForNew(l)
	if want := []string{"program", "customer", "customer_state", "seats", "signed_on"}; !slices.Equal(missing, want) {
		t.Errorf("missing for a new agreement: %q", missing)
	}
	if got := MissingSentence(missing); !strings.Contains(got, "program, customer, customer_state, seats, signed_on") {
		t.Error(got)
	}
}

func TestALineIsRefusedForOneReasonInWords(t *testing.T) {
	right := []string{"S1", "SEL", "Contoso", "OH", "250", "2007-01-02", "1", "initial", "2007-01-02", "5.00", "1001"}
	for reason, change := range map[string]struct {
		column int
		value  string
	}{
		"agreement number is missing": {0, " - "}, "order number is missing": {6, "  "}, "order date is missing": {8, ""}, "amount is missing": {9, ""},
		"not in the program": {1, "Open"}, "no such state": {3, "Ontario"}, "fewer than 250": {4, "249"}, "not a number of seats": {4, "many"},
		"no such day": {8, "2007-02-30"}, "not a date": {5, "soon"}, "month comes first": {8, "16/4/2007"}, "before 1990": {5, "1989-12-31"}, "years ahead": {8, "2010-04-17"},
		"not a kind of order": {7, "refund"}, "not a number": {9, "12x"}, "cents and commas": {9, "1.234,56"}, "too large": {9, "1000000000000.01"},
		"4 to 10 digits": {10, "123"}, "other than digits": {10, "12345a"}, "500 fit": {2, strings.Repeat("x", 501)}, "2,000 fit": {6, strings.Repeat("x", 2001)},
		"cannot be shown": {2, "Con\u202Etoso"},
	} {
		cells := slices.Clone(right)
		cells[change.column] = change.value
		if _, refused := ParseLine(2, cells, whole(), "2007-04-16", Defaults()); !strings.Contains(refused, reason) {
			t.Errorf("%q: %q", reason, refused)
		}
	}
	if _, refused := ParseLine(2, right, whole(), "2007-04-16", Defaults()); refused != "" {
		t.Errorf("the right line: %s", refused)
	}
}

func TestARowOfTotalsIsNoOrder(t *testing.T) {
	for name, c := range map[string]struct {
		cells []string
		cents int64
		ok    bool
	}{
		"a sum":            {[]string{"", "", "Total", "", "", "", "", "", "", "$1,234.50", ""}, 1234_50, true},
		"with a number":    {[]string{"S1", "", "", "", "", "", "", "", "", "5", ""}, 0, false},
		"with an order":    {[]string{"", "", "", "", "", "", "1", "", "", "5", ""}, 0, false},
		"with a date":      {[]string{"", "", "", "", "", "", "", "", "2007-01-02", "5", ""}, 0, false},
		"without a number": {[]string{"", "", "Total", "", "", "", "", "", "", "", ""}, 0, false},
		"too short":        {[]string{"Total"}, 0, false},
	} {
		if cents, ok := IsTotals(c.cells, whole()); cents != c.cents || ok != c.ok {
			t.Errorf("%s: %d %v", name, cents, ok)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add("S1", "1", "2007-01-02", "5")
	f.Add("-", "\x00", "1/1/07", "1.234,56")
	f.Fuzz(func(t *testing.T, number, order, on, amount string) {
		cells := []string{number, "EA", "Contoso", "OH", "250", "2007-01-02", order, "", on, amount, ""}
		l, refused := ParseLine(1, cells, whole(), "2007-04-16", Defaults())
		if refused == "" && (l.AgreementKey == "" || l.OrderKey == "" || l.OrderedOn == "" || l.Cents > LargestAmount || l.Cents < -LargestAmount) {
			t.Errorf("%+v is taken", l)
		}
	})
}
