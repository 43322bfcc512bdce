package influence

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

const claimDay Day = "2007-04-16"

func dealDraft() ClaimDraft {
	return ClaimDraft{
		LAR: "northgate", Program: "Enterprise", Customer: " Adventure  Works ", CustomerState: "ct", Seats: "1,200",
		Amount: "$12,500", ExpectedOn: "6/30/2007", Kind: "sourced", Note: "We measured\r\n410 desktops.", Evidence: "Letter of 2 March",
	}
}

func TestClaimOnADeal(t *testing.T) {
	got, err := dealDraft().Validate(claimDay, Defaults())
	want := Claim{
		LAR: "northgate", Program: Enterprise, Customer: "Adventure Works", CustomerState: "CT", Seats: 1200,
		Amount: 12_500_00, ExpectedOn: "2007-06-30", Kind: "sourced", Note: "We measured\n410 desktops.", Evidence: "Letter of 2 March",
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestClaimOnANumber(t *testing.T) {
	got, err := ClaimDraft{LAR: "northgate", AgreementNumber: " S1000007 ", Kind: "licensing"}.Validate(claimDay, Defaults())
	if err != nil || got != (Claim{LAR: "northgate", AgreementNumber: "S1000007", Kind: "licensing"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func wrongFields(err error) []string {
	var v Invalid
	errors.As(err, &v)
	return slices.Sorted(maps.Keys(v))
}

func TestClaimNamesEveryMissingField(t *testing.T) {
	_, err := ClaimDraft{}.Validate(claimDay, Defaults())
	want := []string{"amount", "customer", "customer_state", "expected_on", "kind", "lar", "program"}
	if got := wrongFields(err); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if _, err := (ClaimDraft{}).ValidateDraft(claimDay, Defaults()); err != nil {
		t.Errorf("an empty draft: %v", err)
	}
}

// Each wrong value is named alone, in a draft too when it cannot be read.
func TestClaimRefuses(t *testing.T) {
	long := strings.Repeat("x", NoteLimit+1)
	for _, c := range []struct {
		field, reason string
		draftToo      bool
		change        func(*ClaimDraft)
	}{
		{"lar", "Choose the LAR", false, func(d *ClaimDraft) { d.LAR = " " }},
		{"program", "not in the program", true, func(d *ClaimDraft) { d.Program = "Open" }},
		{"agreement_number", "letters or digits", true, func(d *ClaimDraft) { d.AgreementNumber = " - " }},
		{"agreement_number", "501 characters; 500 fit", true, func(d *ClaimDraft) { d.AgreementNumber = long[:501] }},
		{"customer", "Enter the customer", false, func(d *ClaimDraft) { d.Customer = "\t" }},
		{"customer", "500 fit", true, func(d *ClaimDraft) { d.Customer = long[:501] }},
		{"customer", "cannot be shown", true, func(d *ClaimDraft) { d.Customer = "a\x07b" }},
		{"customer_state", "no such state", true, func(d *ClaimDraft) { d.CustomerState = "PR" }},
		{"seats", "fewer than 250", true, func(d *ClaimDraft) { d.Seats = "249" }},
		{"amount", "above $0", true, func(d *ClaimDraft) { d.Amount = "-5" }},
		{"amount", "above $0", true, func(d *ClaimDraft) { d.Amount = "0.00" }},
		{"amount", "too large", true, func(d *ClaimDraft) { d.Amount = "1000000000001" }},
		{"amount", "point before the cents", true, func(d *ClaimDraft) { d.Amount = "1.234,56" }},
		{"expected_on", "no such day", true, func(d *ClaimDraft) { d.ExpectedOn = "2007-02-30" }},
		{"expected_on", "years ahead", true, func(d *ClaimDraft) { d.ExpectedOn = "2010-04-17" }},
		{"expected_on", "from 16 Jan 2007 to 13 Oct 2007", false, func(d *ClaimDraft) { d.ExpectedOn = "2007-10-14" }},
		{"expected_on", "from 16 Jan 2007 to 13 Oct 2007", false, func(d *ClaimDraft) { d.ExpectedOn = "2007-01-15" }},
		{"kind", "Choose what you did", false, func(d *ClaimDraft) { d.Kind = "" }},
		{"kind", "from the list", true, func(d *ClaimDraft) { d.Kind = "sourced licensing" }},
		{"note", "4,001 characters; 4,000 fit", true, func(d *ClaimDraft) { d.Note = long }},
		{"note", "Say in a sentence", false, func(d *ClaimDraft) { d.Kind, d.Note, d.Evidence = "other", " ", "" }},
		{"evidence", "4,000 fit", true, func(d *ClaimDraft) { d.Evidence = long }},
	} {
		d := dealDraft()
		c.change(&d)
		_, err := d.Validate(claimDay, Defaults())
		var v Invalid
		if !errors.As(err, &v) || !strings.Contains(v[c.field], c.reason) || len(v) > 2 {
			t.Errorf("%s, %s: %v", c.field, c.reason, v)
		}
		if _, err := d.ValidateDraft(claimDay, Defaults()); (err != nil) != c.draftToo {
			t.Errorf("%s, %s, as a draft: %v", c.field, c.reason, err)
		}
	}
}

// Beside a number the deal may be left out, and its date is not measured: the
// agreement may be long signed. What is typed still has to be readable.
func TestClaimOnANumberWithADeal(t *testing.T) {
	d := ClaimDraft{LAR: "northgate", AgreementNumber: "S1000007", Kind: "sourced", ExpectedOn: "2005-11-26"}
	if _, err := d.Validate(claimDay, Defaults()); err != nil {
		t.Error(err)
	}
	d.Seats, d.ExpectedOn = "12", "31/12/2006"
	_, err := d.Validate(claimDay, Defaults())
	if got := wrongFields(err); !slices.Equal(got, []string{"expected_on", "seats"}) {
		t.Errorf("got %v", got)
	}
}

func TestClaimFollowsTheSettings(t *testing.T) {
	set := Defaults()
	set.LeastSeats, set.LargestOrder, set.ClaimValid = 1201, 10_000_00, 30
	_, err := dealDraft().Validate(claimDay, set)
	if got := wrongFields(err); !slices.Contains(got, "seats") || !slices.Contains(got, "amount") || !slices.Contains(got, "expected_on") {
		t.Errorf("got %v", got)
	}
}
