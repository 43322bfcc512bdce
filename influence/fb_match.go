package influence

import (
	"fmt"
	"strings"
	"unicode"
)

var fbLegal = map[string]bool{"INC": true, "INCORPORATED": true, "CORP": true, "CORPORATION": true, "CO": true, "COMPANY": true, "LLC": true, "LTD": true, "LIMITED": true, "LP": true, "LLP": true, "PLC": true, "THE": true}

func NameKey(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return ' '
	}, strings.ReplaceAll(s, "&", " AND "))
	words := strings.Fields(s)
	var kept []string
	for _, w := range words {
		if !fbLegal[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

func NameScore(a, b string) float64 {
	a, b = "  "+NameKey(a)+" ", "  "+NameKey(b)+" "
	if a == b {
		return 1
	}
	grams := map[string]int{}
	n := 0
	for i := 0; i+3 <= len(a); i++ {
		grams[a[i:i+3]]++
		n++
	}
	both := 0
	for i := 0; i+3 <= len(b); i++ {
		if grams[b[i:i+3]] > 0 {
			grams[b[i:i+3]]--
			both++
		}
		n++
	}
	return 2 * float64(both) / float64(max(n, 1))
}

type Claimed struct {
	Customer, State                 string
	Program                         Program
	DatedOn, ValidUntil, ExpectedOn Day
	Cents                           int64
}

type Agreed struct {
	Customer string
	Aliases  []string
	State    string
	Program  Program
	SignedOn Day
	Cents    int64
}

func Suggest(c Claimed, a Agreed, set Settings) (float64, []string) {
	if !FitsWindow(a.SignedOn, c.DatedOn, c.ValidUntil, set) || c.State != a.State || c.Customer == "" {
		return 0, nil
	}
	name := NameScore(c.Customer, a.Customer)
	score := name * 0.9
	if c.Program == a.Program {
		score += 0.1
	}
	return score, []string{"same state", fmt.Sprintf("name %.2f: ‘%s’ ~ ‘%s’", name, c.Customer, a.Customer), fmt.Sprintf("signed %d days after the claim", daysBetween(c.DatedOn, a.SignedOn))}
}
