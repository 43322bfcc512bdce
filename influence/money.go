package influence

import (
	"fmt"
	"strconv"
	"strings"
)

// LargestAmount is the largest amount that can be typed, in cents:
// $1,000,000,000,000 (domain.md, Settings).
const LargestAmount int64 = 1_000_000_000_000_00

// ParseMoney reads an amount as people type it and returns cents: an optional
// dollar sign, commas between thousands, up to two decimals, a minus or
// parentheses. What could mean two things is refused with a hint. No amount goes
// through a float.
func ParseMoney(s string) (int64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, Refusal("Enter an amount, such as $12,500.")
	}
	number, negative := unsigned(s)
	if err := checkMoney(s, number); err != nil {
		return 0, err
	}
	cents, ok := centsOf(number)
	if !ok {
		return 0, Refusal(fmt.Sprintf("%s is too large: the largest amount is %s.", quoted(s), FormatDollars(LargestAmount)))
	}
	if negative {
		return -cents, nil
	}
	return cents, nil
}

// unsigned takes the dollar sign and the minus or the parentheses off an amount.
func unsigned(s string) (number string, negative bool) {
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && len(s) > 2 {
		return undollar(s[1 : len(s)-1]), true
	}
	for _, minus := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(s, minus); ok {
			return undollar(rest), true
		}
		if rest, ok := strings.CutPrefix(undollar(s), minus); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return undollar(s), false
}

func undollar(s string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "$"))
}

// checkMoney says what is wrong with the form of a number; typed is what stands
// in the sentence.
func checkMoney(typed, number string) error {
	whole, decimals, _ := strings.Cut(number, ".")
	switch {
	case !digitsPointsCommas(number):
		return Refusal(quoted(typed) + " is not a number. Write the amount as $12,500 or 12500.00.")
	case commaForPoint(number):
		return Refusal(quoted(typed) + " is not taken. Put a point before the cents and commas between thousands, as in 1,234.56.")
	case len(decimals) > 2:
		return Refusal(quoted(typed) + " has more than 2 decimals. Write dollars and cents, as in 1,234.56.")
	case !grouped(whole):
		return Refusal(quoted(typed) + " has a comma in the wrong place. Commas separate thousands, as in 1,234,567.00.")
	}
	return nil
}

func digitsPointsCommas(number string) bool {
	return onlyOf(number, digits+".,") && strings.ContainsAny(number, digits)
}

// commaForPoint recognizes amounts written with a decimal comma or with points
// between thousands: 1.234,56 and 1.234.567 and 12,50.
func commaForPoint(number string) bool {
	point, comma := strings.LastIndex(number, "."), strings.LastIndex(number, ",")
	if point >= 0 {
		return comma > point || strings.Count(number, ".") > 1
	}
	return strings.Count(number, ",") == 1 && len(number)-comma-1 < 3
}

// grouped reports whether commas, if there are any, separate thousands.
func grouped(whole string) bool {
	first, rest, found := strings.Cut(whole, ",")
	if !found {
		return true
	}
	if len(first) < 1 || len(first) > 3 {
		return false
	}
	for part := range strings.SplitSeq(rest, ",") {
		if len(part) != 3 {
			return false
		}
	}
	return true
}

// centsOf computes a checked number; ok is false above the largest amount.
func centsOf(number string) (cents int64, ok bool) {
	whole, decimals, _ := strings.Cut(strings.ReplaceAll(number, ",", ""), ".")
	significant := strings.TrimLeft(whole+(decimals + "00")[:2], "0")
	if significant == "" {
		return 0, true
	}
	if len(significant) > len("100000000000000") {
		return 0, false
	}
	cents, err := strconv.ParseInt(significant, 10, 64)
	return cents, err == nil && cents <= LargestAmount
}
