package influence

import "fmt"

// Claimed is what a claim without an agreement says about its deal.
type Claimed struct {
	Customer, State                 string
	Name                            Name // of Customer
	Program                         Program
	DatedOn, ValidUntil, ExpectedOn Day
	Cents                           int64 // estimate; 0 for none
}

// Agreed is what an agreement says.
type Agreed struct {
	Customer string
	Names    []Spelling // how it is spelt, Customer among them
	State    string
	Program  Program
	SignedOn Day
	Cents    int64 // of its orders
}

// Spelling is a name as somebody wrote it, prepared.
type Spelling struct {
	Text string
	Name Name
}

// Suggest scores whether a claim belongs to an agreement, from 0 to 1, and says
// why. The name of the customer decides; program, dates and amount raise or
// lower it a little. It is 0 for another state, or signed outside the claim's
// window.
func Suggest(c Claimed, a Agreed, set Settings) (score float64, reasons []string) {
	if c.State != a.State || c.Customer == "" || !FitsWindow(a.SignedOn, c.DatedOn, c.ValidUntil, set) {
		return 0, nil
	}
	name, spelt := a.closest(c.Name)
	if name < set.SuggestFrom {
		return 0, nil
	}
	score = name * (0.85 + 0.05*sameProgram(c, a) + 0.05*closeDates(c, a) + 0.05*closeAmounts(c, a))
	return score, reasonsFor(c, a, name, spelt)
}

// closest returns how alike the claim's name is to the spelling most like it.
func (a Agreed) closest(name Name) (like float64, spelt string) {
	for _, s := range a.Names {
		if l := s.Name.Like(name); l > like {
			like, spelt = l, s.Text
		}
	}
	return like, spelt
}

func sameProgram(c Claimed, a Agreed) float64 {
	if c.Program == a.Program {
		return 1
	}
	return 0
}

// closeDates is 1 when the agreement was signed on the day expected and 0 from
// 90 days off on; half when none was expected.
func closeDates(c Claimed, a Agreed) float64 {
	if c.ExpectedOn == Start {
		return 0.5
	}
	off := DaysBetween(c.ExpectedOn, a.SignedOn)
	return 1 - float64(min(max(off, -off), 90))/90
}

// closeAmounts is the smaller amount as a share of the larger; half when one is
// not known.
func closeAmounts(c Claimed, a Agreed) float64 {
	if c.Cents <= 0 || a.Cents <= 0 {
		return 0.5
	}
	return float64(min(c.Cents, a.Cents)) / float64(max(c.Cents, a.Cents))
}

// reasonsFor says why a suggestion is made, in the words of the inbox.
func reasonsFor(c Claimed, a Agreed, name float64, spelt string) []string {
	all := []string{"same state"}
	if name == 1 && spelt == c.Customer {
		all = append(all, "same name")
	} else {
		all = append(all, fmt.Sprintf("name %.2f: ‘%s’ ~ ‘%s’", name, c.Customer, spelt))
	}
	if c.Program != "" && c.Program != a.Program {
		all = append(all, "another program")
	}
	all = append(all, signedWords(DaysBetween(c.DatedOn, a.SignedOn)))
	if closeAmounts(c, a) >= 0.8 && c.Cents > 0 && a.Cents > 0 {
		all = append(all, "amount within 20 % of the estimate")
	}
	return all
}

func signedWords(after int) string {
	switch {
	case after == 0:
		return "signed on the day of the claim"
	case after < 0:
		return "signed " + plural(-after, "day") + " before the claim"
	}
	return "signed " + plural(after, "day") + " after the claim"
}
