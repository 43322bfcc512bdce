package influence

import (
	"fmt"
	"strings"
)

// ClaimDraft is what a partner types into the claim form, field by field.
type ClaimDraft struct {
	LAR             string // reference of the LAR
	Program         string
	AgreementNumber string
	Customer        string
	CustomerState   string
	Seats           string
	Amount          string
	ExpectedOn      string
	Kind            string
	Note            string
	Evidence        string
	Warn            bool   `json:"-"` // refuse it while its author was not told of a claim that says the same
	Known           string `json:"-"` // references of those that its author was told of, separated by spaces
	Replaces        string // reference of the partner's open claim for the same agreement that this one replaces
}

// Claim is what a partner says, read from a ClaimDraft. What it left out is zero.
type Claim struct {
	LAR             string
	Program         Program
	AgreementNumber string // as typed; NumberKey compares
	Customer        string
	CustomerState   string // two-letter code
	Seats           int
	Amount          int64 // estimate, in cents
	ExpectedOn      Day   // start when not given
	Kind            InfluenceKind
	Note            string
	Evidence        string
}

// Validate reads a claim to be submitted. It returns an Invalid that names every
// wrong field. Today is the day of submission, also when an intent is edited.
func (d ClaimDraft) Validate(today Day, set Settings) (Claim, error) {
	v := Invalid{}
	c := d.read(v, today, set)
	v.Check(c.LAR != "", "lar", "Choose the LAR that sells the agreement.")
	v.Check(c.Kind != "", "kind", "Choose what you did.")
	v.Check(c.Kind != "other" || c.Note+c.Evidence != "", "note", "Say in a sentence what you did.")
	if NumberKey(c.AgreementNumber) == "" {
		c.checkDeal(v, today, set)
	}
	return c, v.OrNil()
}

// ValidateDraft reads a claim to be kept as a draft: nothing has to be there, but
// what is there has to be readable.
func (d ClaimDraft) ValidateDraft(today Day, set Settings) (Claim, error) {
	v := Invalid{}
	c := d.read(v, today, set)
	return c, v.OrNil()
}

// read parses what is typed and records what cannot be read.
func (d ClaimDraft) read(v Invalid, today Day, set Settings) Claim {
	c := Claim{
		LAR: line(d.LAR), AgreementNumber: line(d.AgreementNumber), Customer: line(d.Customer),
		Note: block(d.Note), Evidence: block(d.Evidence),
		Program: given(v, "program", d.Program, claimProgram),
		Kind:    given(v, "kind", d.Kind, claimKind),
	}
	checkText(v, "lar", c.LAR, NameLimit)
	checkText(v, "agreement_number", c.AgreementNumber, NameLimit)
	checkText(v, "customer", c.Customer, NameLimit)
	checkText(v, "note", c.Note, NoteLimit)
	checkText(v, "evidence", c.Evidence, NoteLimit)
	v.Check(c.AgreementNumber == "" || NumberKey(c.AgreementNumber) != "", "agreement_number", "An agreement number has letters or digits.")
	c.CustomerState = given(v, "customer_state", d.CustomerState, CustomerState)
	c.Seats = given(v, "seats", d.Seats, func(s string) (int, error) { return ParseSeats(s, set.LeastSeats) })
	c.Amount = given(v, "amount", d.Amount, set.parseEstimate)
	c.ExpectedOn = given(v, "expected_on", d.ExpectedOn, func(s string) (Day, error) { return parseNear(s, today) })
	return c
}

// checkDeal requires what stands for an agreement that has no number yet.
func (c Claim) checkDeal(v Invalid, today Day, set Settings) {
	v.Check(c.Customer != "", "customer", "Enter the customer, or an agreement number.")
	v.Check(c.CustomerState != "", "customer_state", "Choose the customer’s state, or enter an agreement number.")
	v.Check(c.Program != "", "program", "Choose the program, or enter an agreement number.")
	v.Check(c.Amount != 0, "amount", "Enter an estimated amount, such as $12,500, or an agreement number.")
	v.Check(c.ExpectedOn != "", "expected_on", "Enter the date you expect, or an agreement number.")
	last := ClaimIntent.Due(today, set)
	if c.ExpectedOn != "" && !FitsWindow(c.ExpectedOn, today, last, set) {
		first := plusDays(today, -set.ClaimLooksBack)
		v.Check(false, "expected_on", fmt.Sprintf("A claim made today fits agreements signed from %s to %s.", FormatDay(first), FormatDay(last)))
	}
}

// given reads a field with parse when something is typed, and records its refusal.
func given[T any](v Invalid, field, s string, parse func(string) (T, error)) T {
	s = line(s)
	if s == "" {
		var none T
		return none
	}
	return parsed(v, field, s, parse)
}

func claimProgram(s string) (Program, error) {
	for _, p := range Programs() {
		if strings.EqualFold(s, string(p)) {
			return p, nil
		}
	}
	return "", Refusal("Choose Enterprise or Select: other agreements are not in the program.")
}

func claimKind(s string) (InfluenceKind, error) {
	if !InfluenceKind(s).Known() {
		return "", Refusal("Choose what you did from the list.")
	}
	return InfluenceKind(s), nil
}

// parseEstimate reads an amount above zero.
func (set Settings) parseEstimate(s string) (int64, error) {
	cents, err := ParseMoney(s)
	switch {
	case err != nil:
		return 0, err
	case cents <= 0:
		return 0, Refusal("Enter an estimate above $0.")
	case cents > set.LargestOrder:
		return 0, Refusal(fmt.Sprintf("%s is too large: the largest amount is %s.", quoted(s), FormatDollars(set.LargestOrder)))
	}
	return cents, nil
}

// parseNear reads a date that can be an order's or a signing date.
func parseNear(s string, today Day) (Day, error) {
	day, err := ParseDate(s)
	if err != nil {
		return "", err
	}
	return day, CheckDateRange(day, today)
}
