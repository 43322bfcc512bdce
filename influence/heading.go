package influence

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The columns of a LAR's report, by the names that are promised to scripts.
const (
	ColumnAgreement = "agreement_number"
	ColumnProgram   = "program"
	ColumnCustomer  = "customer"
	ColumnState     = "customer_state"
	ColumnSeats     = "seats"
	ColumnSignedOn  = "signed_on"
	ColumnOrder     = "order_number"
	ColumnKind      = "order_kind"
	ColumnOrderedOn = "ordered_on"
	ColumnAmount    = "amount"
	ColumnPartner   = "partner_id"
)

// NotUsed is what a heading means that is no column of ours.
const NotUsed = "-"

// ReportColumn is one column of a report.
type ReportColumn struct {
	Name     string
	Required bool // in every report; the others only for an agreement not yet known
	usual    []string
}

// reportColumns lists the columns with the headings that LARs usually give them.
var reportColumns = []ReportColumn{
	{ColumnAgreement, true, []string{"Agreement No.", "Agreement", "Enrollment", "Enrollment number", "Contract number"}},
	{ColumnProgram, false, []string{"Program Type", "Licensing program", "Agreement type"}},
	{ColumnCustomer, false, []string{"Customer Name", "End customer"}},
	{ColumnState, false, []string{"State", "ST"}},
	{ColumnSeats, false, []string{"Qualified desktops", "Number of seats"}},
	{ColumnSignedOn, false, []string{"Signed", "Effective date", "Signing date"}},
	{ColumnOrder, true, []string{"Order #", "Order No.", "Order", "PO", "PO number", "PO #"}},
	{ColumnKind, false, []string{"Type", "PO type", "Order type"}},
	{ColumnOrderedOn, true, []string{"Order Date", "PO date"}},
	{ColumnAmount, true, []string{"Net Amount", "Billed (USD)", "Amount (USD)"}},
	{ColumnPartner, false, []string{"Influencing Partner ID", "Partner", "Influencing partner"}},
}

// ReportColumns returns the columns in the order in which files are written.
func ReportColumns() []ReportColumn { return slices.Clone(reportColumns) }

// ReportColumnNames lists the columns' names for a sentence.
func ReportColumnNames() string {
	names := make([]string, len(reportColumns))
	for i, c := range reportColumns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// IsReportColumn reports whether a column of a report has this name.
func IsReportColumn(name string) bool {
	return slices.ContainsFunc(reportColumns, func(c ReportColumn) bool { return c.Name == name })
}

// FoldHeading is how headings are compared: letters and digits in lower case,
// # as "no", everything else a single blank.
func FoldHeading(heading string) string {
	s := strings.ReplaceAll(strings.ToLower(heading), "#", " no ")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// RecognizeHeading returns the column that a heading usually means.
func RecognizeHeading(heading string) (column string, ok bool) {
	folded := FoldHeading(heading)
	if folded == "" {
		return "", false
	}
	for _, c := range reportColumns {
		if folded == FoldHeading(c.Name) {
			return c.Name, true
		}
		for _, usual := range c.usual {
			if folded == FoldHeading(usual) {
				return c.Name, true
			}
		}
	}
	return "", false
}

// Mapping says which cell of a row, counted from 0, is which column.
type Mapping map[int]string

// meaning is the column of a heading: as the LAR explained it, else the usual one.
// remembered goes by folded headings.
func meaning(heading string, remembered map[string]string) (column string, ok bool) {
	if column, told := remembered[FoldHeading(heading)]; told {
		return column, column != NotUsed
	}
	return RecognizeHeading(heading)
}

// leastKnown is how many columns a row has to name to be taken for the header: a
// single word such as Program stands above many tables.
const leastKnown = 2

// HeadingsKnown counts the columns that a row of headings names, 0 when they are
// too few for a header: the row that knows most is the header.
func HeadingsKnown(cells []string, remembered map[string]string) int {
	known := map[string]bool{}
	for _, heading := range cells {
		if column, ok := meaning(heading, remembered); ok {
			known[column] = true
		}
	}
	if len(known) < leastKnown {
		return 0
	}
	return len(known)
}

// MapHeadings finds the columns of a report, and says what stands in the way of
// reading it: a required column that no heading means, or one that several mean.
func MapHeadings(cells []string, remembered map[string]string) (Mapping, []string) {
	m := Mapping{}
	meant := map[string][]string{}
	for i, heading := range cells {
		if column, ok := meaning(heading, remembered); ok {
			m[i] = column
			meant[column] = append(meant[column], quoted(heading))
		}
	}
	var problems []string
	for _, c := range reportColumns {
		switch n := len(meant[c.Name]); {
		case n == 0 && c.Required:
			problems = append(problems, fmt.Sprintf("No column was found for %s.", c.Name))
		case n > 1:
			problems = append(problems, fmt.Sprintf("%d columns could be %s: %s.", n, c.Name, strings.Join(meant[c.Name], ", ")))
		}
	}
	return m, problems
}

// FoldMapping is what headings mean, by folded headings: as a LAR's are remembered.
func FoldMapping(meanings map[string]string) map[string]string {
	folded := make(map[string]string, len(meanings))
	for heading, column := range meanings {
		folded[FoldHeading(heading)] = column
	}
	return folded
}
