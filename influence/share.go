package influence

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Whole is all of an order in basis points, and LeastShare the smallest share.
const (
	Whole      int64 = 10_000
	LeastShare int64 = 100
)

// Share is a partner's part in a decision.
type Share struct {
	PartnerID, PartnerNo string // PartnerNo is the partner ID, 4 to 10 digits
	Points               int64  // basis points
	Kind                 InfluenceKind
	Primary              bool // exactly one share of a decision is
}

// CheckShares records what is wrong with the shares of a decision: each 1 % to
// 100 %, together 100 % at most, one a partner, one of them primary. No share at
// all is right: no partner influenced the agreement.
func CheckShares(v Invalid, shares []Share) {
	var sum int64
	primaries := 0
	seen := map[string]bool{}
	for _, s := range shares {
		v.Check(s.Points >= LeastShare && s.Points <= Whole, "share", "A share is 1 % to 100 %.")
		v.Check(!seen[s.PartnerNo], "partner_id", "Partner "+s.PartnerNo+" has two shares. One share a partner.")
		v.Check(s.Kind.Known(), "kind", "Choose what each partner did.")
		seen[s.PartnerNo] = true
		sum += s.Points
		if s.Primary {
			primaries++
		}
	}
	v.Check(sum <= Whole, "share", fmt.Sprintf("The shares add up to %s. Together they can be 100 %% at most.", FormatPercent(sum)))
	v.Check(len(shares) == 0 || primaries == 1, "primary", "Choose one partner as primary.")
}

// ParsePercent reads a share as people type it: 60, 60 %, 33.33. It returns basis
// points; more than two decimals and what is no number are refused.
func ParsePercent(s string) (points int64, err error) {
	number := strings.TrimSpace(strings.TrimSuffix(line(s), "%"))
	whole, decimals, _ := strings.Cut(number, ".")
	switch {
	case number == "":
		return 0, Refusal("Enter a share in percent, such as 60.")
	case !onlyOf(whole+decimals, digits) || whole+decimals == "":
		return 0, Refusal(quoted(s) + " is not a percentage. Write it as 60 or 33.33.")
	case len(decimals) > 2:
		return 0, Refusal(quoted(s) + " has more than 2 decimals. Write it as 33.33.")
	}
	points, err = strconv.ParseInt(whole+(decimals + "00")[:2], 10, 32)
	if err != nil || points > Whole {
		return 0, Refusal(quoted(s) + " is more than 100 %.")
	}
	return points, nil
}

// FormatPercent writes basis points as a percentage: 60 %, 33.33 %. The space
// does not break.
func FormatPercent(points int64) string {
	n := magnitude(points)
	if n%100 == 0 {
		return fmt.Sprintf("%s%d\u00a0%%", minus(points), n/100)
	}
	return fmt.Sprintf("%s%d.%02d\u00a0%%", minus(points), n/100, n%100)
}

// firstServed orders shares of equal remainder for the cents left over: the
// primary, then the larger share, then the lower partner ID.
func firstServed(a, b Share) int {
	if a.Primary != b.Primary {
		if a.Primary {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.Points, a.Points), comparePartnerNos(a.PartnerNo, b.PartnerNo))
}

// comparePartnerNos compares partner IDs as numbers of any length; equal numbers
// as texts, because a leading zero is part of an ID.
func comparePartnerNos(a, b string) int {
	x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y), cmp.Compare(a, b))
}
