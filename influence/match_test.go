package influence

import (
	"slices"
	"strings"
	"testing"
)

func agreementOf(spellings ...string) Agreed {
	a := Agreed{Customer: spellings[0], State: "OH", Program: Enterprise, SignedOn: "2007-02-01", Cents: 1_000_00}
	for _, s := range spellings {
		a.Names = append(a.Names, Spelling{s, NameOf(s)})
	}
	return a
}

func claimOf(customer string) Claimed {
	return Claimed{Customer: customer, Name: NameOf(customer), State: "OH", Program: Enterprise, DatedOn: "2007-01-20", ValidUntil: "2007-07-19",
		ExpectedOn: "2007-02-01", Cents: 1_000_00}
}

func TestASuggestionSaysWhy(t *testing.T) {
	score, reasons := Suggest(claimOf("Contoso Pacakging Ltd."), agreementOf("CONTOSO PACKAGING LIMITED"), Defaults())
	want := []string{"same state", "name 0.94: ‘Contoso Pacakging Ltd.’ ~ ‘CONTOSO PACKAGING LIMITED’", "signed 12 days after the claim", "amount within 20 % of the estimate"}
	if score < 0.9 || score > 1 || !slices.Equal(reasons, want) {
		t.Errorf("%.3f %q", score, reasons)
	}
}

func TestScoresAreOneForTheSameDealAndNothingForAnother(t *testing.T) {
	same := claimOf("Contoso")
	if score, reasons := Suggest(same, agreementOf("Contoso"), Defaults()); score < 0.999 || reasons[1] != "same name" {
		t.Errorf("the same deal: %.3f %q", score, reasons)
	}
	elsewhere, early, late, nameless, other, stranger := same, same, same, same, same, claimOf("Fabrikam")
	elsewhere.State = "NY"
	early.DatedOn = "2007-05-03" // 91 days after the signing
	late.ValidUntil = "2007-01-31"
	nameless.Customer, nameless.Name = "", Name{}
	for name, c := range map[string]Claimed{"another state": elsewhere, "signed too early": early, "signed too late": late, "no customer": nameless, "another customer": stranger} {
		if score, reasons := Suggest(c, agreementOf("Contoso"), Defaults()); score != 0 || reasons != nil {
			t.Errorf("%s: %.3f %q", name, score, reasons)
		}
	}
	other.Program, other.ExpectedOn, other.Cents = Select, "2007-06-30", 50_000_00
	score, reasons := Suggest(other, agreementOf("Contoso"), Defaults())
	if score < 0.8 || score >= 0.95 || !slices.Contains(reasons, "another program") {
		t.Errorf("another program, date and amount lower it: %.3f %q", score, reasons)
	}
}

func TestAnAliasIsComparedToo(t *testing.T) {
	score, reasons := Suggest(claimOf("Big Blue"), agreementOf("International Business Machines", "Big Blue Inc."), Defaults())
	if score < 0.9 || !strings.Contains(strings.Join(reasons, "; "), "‘Big Blue Inc.’") {
		t.Errorf("%.3f %q", score, reasons)
	}
}

func TestTheDistanceInDaysIsSaidInWords(t *testing.T) {
	for after, want := range map[int]string{0: "signed on the day of the claim", 1: "signed 1 day after the claim", -2: "signed 2 days before the claim"} {
		if got := signedWords(after); got != want {
			t.Errorf("%d: %s", after, got)
		}
	}
}
