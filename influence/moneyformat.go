package influence

import (
	"fmt"
	"strconv"
)

// FormatMoney writes cents in full: $1,284,300.00, or −$5.00 with a minus sign.
func FormatMoney(cents int64) string {
	n := magnitude(cents)
	return fmt.Sprintf("%s$%s.%02d", minus(cents), thousands(n/100), n%100)
}

// FormatDollars writes cents rounded to whole dollars, half away from zero, for
// tables: $1,284,300.
func FormatDollars(cents int64) string {
	n := (magnitude(cents) + 50) / 100
	if n == 0 {
		return "$0"
	}
	return minus(cents) + "$" + thousands(n)
}

// shortMoney lists how FormatMoneyShort writes amounts: a row fits when the
// amount, rounded to its step (in cents), stays below its limit.
var shortMoney = []struct {
	step, limit uint64
	decimals    int
	unit        string
}{
	{1_00, 10_000, 0, ""},
	{1_000_00, 1_000, 0, "K"},
	{10_000_00, 1_000, 2, "M"},
	{100_000_00, 1_000, 1, "M"},
	{1_000_000_00, 1_000, 0, "M"},
	{10_000_000_00, 1_000, 2, "B"},
	{100_000_000_00, 1_000, 1, "B"},
	{1_000_000_000_00, 1_000, 0, "B"},
	{10_000_000_000_00, 1 << 63, 2, "T"},
}

// FormatMoneyShort writes cents for tiles and axes, in about three digits:
// $1.28M, $90.2M, $486K. Below $10,000 it writes whole dollars.
func FormatMoneyShort(cents int64) string {
	n := magnitude(cents)
	for _, row := range shortMoney {
		rounded := (n + row.step/2) / row.step
		if rounded >= row.limit {
			continue
		}
		b := make([]byte, 0, 16)
		if rounded != 0 {
			b = append(b, minus(cents)...)
		}
		return string(append(appendPoint(append(b, '$'), rounded, row.decimals), row.unit...))
	}
	return FormatDollars(cents)
}

// appendPoint appends n with its last digits behind a point: 128 with 2 is 1.28.
func appendPoint(b []byte, n uint64, decimals int) []byte {
	if decimals == 0 {
		return append(b, thousands(n)...)
	}
	unit := uint64(1)
	for range decimals {
		unit *= 10
	}
	b = append(strconv.AppendUint(b, n/unit, 10), '.')
	for unit /= 10; unit > 0; unit /= 10 {
		b = append(b, byte('0'+n/unit%10))
	}
	return b
}

// thousands writes n with a comma between thousands.
func thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func magnitude(cents int64) uint64 {
	if cents < 0 {
		return -uint64(cents) // also right for the least int64
	}
	return uint64(cents)
}

func minus(cents int64) string {
	if cents < 0 {
		return "−"
	}
	return ""
}
