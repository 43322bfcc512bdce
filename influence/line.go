package influence

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Line is one row of a report, or an order entered by form. What the row leaves
// out is zero.
type Line struct {
	Row             int // of the file, the header's included
	AgreementNumber string
	AgreementKey    string // NumberKey of the number
	Program         Program
	Customer, State string
	Seats           int64
	SignedOn        Day
	OrderNumber     string
	OrderKey        string // OrderKey of the number
	Kind            OrderKind
	OrderedOn       Day
	Cents           int64
	PartnerNo       string // the influencing partner's ID
}

// lineReader reads the cells of one row by column and keeps the first refusal.
type lineReader struct {
	cells   map[string]string
	refused string
}

func (r *lineReader) refuse(sentence string) {
	if r.refused == "" {
		r.refused = sentence
	}
}

// cell is a column's text as one line, within the limit of characters.
func (r *lineReader) cell(column string, limit int) string {
	s := line(r.cells[column])
	if n := utf8.RuneCountInString(s); n > limit {
		r.refuse(fmt.Sprintf("%s has %s characters; %s fit.", column, thousands(uint64(n)), thousands(uint64(limit))))
	}
	if !printable(s) {
		r.refuse(column + " holds a character that cannot be shown.")
	}
	return s
}

// readCell parses a column that may be empty and keeps its refusal.
func readCell[T any](r *lineReader, column string, parse func(string) (T, error)) (value T) {
	s := r.cell(column, NameLimit)
	if s == "" {
		return value
	}
	value, err := parse(s)
	if err != nil {
		r.refuse(column + ": " + err.Error())
	}
	return value
}

// ParseLine reads a row of a report by its columns, and says in a sentence why
// it is refused, "" if it is not. Number, order, date and amount must be there.
func ParseLine(row int, cells []string, m Mapping, today Day, set Settings) (Line, string) {
	r := &lineReader{cells: named(cells, m)}
	l := Line{Row: row, AgreementNumber: r.cell(ColumnAgreement, NameLimit), OrderNumber: r.cell(ColumnOrder, OrderNumberLimit)}
	l.AgreementKey, l.OrderKey = NumberKey(l.AgreementNumber), OrderKey(l.OrderNumber)
	if l.AgreementKey == "" {
		r.refuse("The agreement number is missing.")
	}
	if l.OrderKey == "" {
		r.refuse("The order number is missing.")
	}
	near := func(s string) (Day, error) { return parseNear(s, today) }
	l.OrderedOn = readCell(r, ColumnOrderedOn, near)
	if l.OrderedOn == "" {
		r.refuse("The order date is missing.")
	}
	l.Cents = r.amount(set)
	l.Program = readCell(r, ColumnProgram, reportedProgram)
	l.Customer = r.cell(ColumnCustomer, NameLimit)
	l.State = readCell(r, ColumnState, CustomerState)
	seats := readCell(r, ColumnSeats, func(s string) (int, error) { return ParseSeats(s, set.LeastSeats) })
	l.Seats = int64(seats)
	l.SignedOn = readCell(r, ColumnSignedOn, near)
	l.Kind = readCell(r, ColumnKind, reportedKind)
	l.PartnerNo = readCell(r, ColumnPartner, ParsePartnerNo)
	return l, r.refused
}

// named goes by columns.
func named(cells []string, m Mapping) map[string]string {
	by := make(map[string]string, len(m))
	for i, column := range m {
		if i < len(cells) {
			by[column] = cells[i]
		}
	}
	return by
}

func (r *lineReader) amount(set Settings) int64 {
	s := r.cell(ColumnAmount, NameLimit)
	if s == "" {
		r.refuse("The amount is missing.")
		return 0
	}
	cents, err := ParseMoney(s)
	if err != nil {
		r.refuse(ColumnAmount + ": " + err.Error())
	}
	if cents > set.LargestOrder || cents < -set.LargestOrder {
		r.refuse(fmt.Sprintf("%s: %s is too large: the largest amount is %s.", ColumnAmount, quoted(s), FormatDollars(set.LargestOrder)))
	}
	return cents
}

func reportedProgram(s string) (Program, error) {
	if p, ok := ParseProgram(s); ok {
		return p, nil
	}
	return "", Refusal(quoted(s) + " is not in the program. Enterprise and Select Agreements are.")
}

func reportedKind(s string) (OrderKind, error) {
	if k, ok := ParseOrderKind(s); ok {
		return k, nil
	}
	return "", Refusal(quoted(s) + " is not a kind of order. The kinds are initial, true-up, renewal, call-off and credit.")
}

// IsTotals recognizes a row that sums up others: it has an amount, but neither
// agreement nor order number nor date. It returns the amount in cents.
func IsTotals(cells []string, m Mapping) (cents int64, ok bool) {
	by := named(cells, m)
	for _, column := range []string{ColumnAgreement, ColumnOrder, ColumnOrderedOn} {
		if strings.TrimSpace(by[column]) != "" {
			return 0, false
		}
	}
	cents, err := ParseMoney(by[ColumnAmount])
	return cents, err == nil
}

// MissingForNew lists the columns that a line leaves out although its agreement
// is not known yet.
func MissingForNew(l Line) (missing []string) {
	add := func(absent bool, column string) {
		if absent {
			missing = append(missing, column)
		}
	}
	add(l.Program == "", ColumnProgram)
	add(l.Customer == "", ColumnCustomer)
	add(l.State == "", ColumnState)
	add(l.Seats == 0, ColumnSeats)
	add(l.SignedOn == "", ColumnSignedOn)
	return missing
}

// MissingSentence says why a line with columns missing is refused.
func MissingSentence(missing []string) string {
	return "This agreement is not known yet, so " + strings.Join(missing, ", ") + " must be given."
}
