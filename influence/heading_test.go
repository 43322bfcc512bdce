package influence

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestUsualHeadingsAreRecognized(t *testing.T) {
	for column, headings := range map[string][]string{
		ColumnAgreement: {"agreement_number", "Agreement No.", "ENROLLMENT", " agreement  number "},
		ColumnProgram:   {"program", "Program Type", "Licensing program"},
		ColumnCustomer:  {"customer", "Customer Name", "End customer"},
		ColumnState:     {"customer_state", "ST", "State"},
		ColumnSeats:     {"seats", "Seats", "Qualified desktops"},
		ColumnSignedOn:  {"signed_on", "Signed", "Effective date"},
		ColumnOrder:     {"order_number", "Order #", "PO"},
		ColumnKind:      {"order_kind", "Type", "PO type"},
		ColumnOrderedOn: {"ordered_on", "Order Date", "PO date"},
		ColumnAmount:    {"amount", "Net Amount", "Billed (USD)"},
		ColumnPartner:   {"partner_id", "Influencing Partner ID", "Partner"},
	} {
		for _, h := range headings {
			if got, ok := RecognizeHeading(h); !ok || got != column {
				t.Errorf("%q is %q, not %s", h, got, column)
			}
		}
	}
	for _, h := range []string{"", "note", "signed_date", "Amount due", "lar"} {
		if got, ok := RecognizeHeading(h); ok {
			t.Errorf("%q is taken for %s", h, got)
		}
	}
}

func TestWhatALARExplainedComesFirst(t *testing.T) {
	headings := []string{"Agreement No.", "Ref", "Order #", "When", "Amount"}
	told := FoldMapping(map[string]string{"REF": ColumnOrder, "order #": NotUsed, "When": ColumnOrderedOn})
	m, problems := MapHeadings(headings, told)
	want := Mapping{0: ColumnAgreement, 1: ColumnOrder, 3: ColumnOrderedOn, 4: ColumnAmount}
	if len(problems) > 0 || !maps.Equal(m, want) || HeadingsKnown(headings, told) != 4 {
		t.Errorf("%v %q", m, problems)
	}
	if advice := MapAdvice(headings, told); advice != "" {
		t.Errorf("nothing is to be said: %q", advice)
	}
}

func TestMissingAndDoubledColumnsAreNamedWithTheFlagsToUse(t *testing.T) {
	advice := MapAdvice([]string{"agreement_number", "note", "signed_date", "amount", "Net Amount"}, nil)
	for _, part := range []string{"order_number", "ordered_on", `--map "YOUR HEADING=order_number" --map "YOUR HEADING=ordered_on" --map "Net Amount=-"`,
		"“amount”, “Net Amount”", "“note”, “signed_date”"} {
		if !strings.Contains(advice, part) {
			t.Errorf("%q lacks %q", advice, part)
		}
	}
}

func TestColumnsStandInTheOrderOfFiles(t *testing.T) {
	var names []string
	for _, c := range ReportColumns() {
		names = append(names, c.Name)
		if !IsReportColumn(c.Name) {
			t.Errorf("%s is none", c.Name)
		}
	}
	want := strings.Fields("agreement_number program customer customer_state seats signed_on order_number order_kind ordered_on amount partner_id")
	if !slices.Equal(names, want) || ReportColumnNames() != strings.Join(want, ", ") {
		t.Errorf("%q", names)
	}
}
