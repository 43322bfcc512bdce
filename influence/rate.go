package influence

import (
	"fmt"
	"math/bits"
)

// Rate is a part of a whole, of any one unit.
type Rate struct{ Part, Whole int64 }

// Points returns the rate in hundredths of a percent, rounded half up. ok is
// false where a percentage says nothing: of nothing or less, and outside 0 to 100.
func (r Rate) Points() (points int64, ok bool) {
	if r.Whole <= 0 || r.Part < 0 || r.Part > r.Whole {
		return 0, false
	}
	q, rest := mulDivBy(r.Part, 10_000, r.Whole)
	if rest >= r.Whole-rest {
		q++
	}
	return q, true
}

// String writes the rate in whole percent, or a dash.
func (r Rate) String() string {
	points, ok := r.Points()
	if !ok {
		return "–"
	}
	return fmt.Sprintf("%d\u00a0%%", (points+50)/100)
}

// mulDivBy returns a·b / c and the rest, for 0 ≤ a ≤ c, 0 ≤ b and 0 < c.
func mulDivBy(a, b, c int64) (q, rest int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	x, r := bits.Div64(hi, lo, uint64(c))
	return int64(x), int64(r)
}
