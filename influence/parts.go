package influence

import (
	"cmp"
	"math/bits"
	"slices"
)

// Part is what a share comes to for one order.
type Part struct {
	Share
	Cents int64
}

// Parts are the three parts of an order, in cents; they add up to its amount.
// Sourced stands beside them: what of Influenced a partner sourced.
type Parts struct {
	Influenced, Unassisted, Undecided, Sourced int64
	Shares                                     []Part
	Decision                                   *Decision // nil while undecided
}

// PartsOf splits an order of an agreement signed on a day by the decision in
// force on the order's own day; a credit too.
func PartsOf(o Order, signedOn Day, ds []Decision) Parts {
	d, ok := InForce(ds, CountedOn(o.OrderedOn, signedOn))
	if !ok {
		return Parts{Undecided: o.Cents}
	}
	p := Parts{Unassisted: o.Cents, Decision: &d}
	for i, cents := range Split(o.Cents, d.Shares) {
		s := d.Shares[i]
		p.Shares = append(p.Shares, Part{s, cents})
		p.Influenced += cents
		p.Unassisted -= cents
		if s.Primary && s.Kind == Sourced {
			p.Sourced += cents
		}
	}
	return p
}

// Split returns the cents of each share, whole cents and without floats. All of
// them together are the amount times the sum of the shares, rounded half up;
// each gets its part rounded down, and the cents left go one each to the largest
// remainders. An amount below zero is split like its opposite.
func Split(cents int64, shares []Share) []int64 {
	parts := make([]int64, len(shares))
	rests := make([]uint64, len(shares))
	var points int64
	var given uint64
	for i, s := range shares {
		points += s.Points
		q, rest := bits.Div64(times(magnitude(cents), s.Points, 0))
		parts[i], rests[i] = int64(q), rest
		given += q
	}
	total, _ := bits.Div64(times(magnitude(cents), points, uint64(Whole)/2))
	for _, i := range byRemainder(shares, rests)[:total-given] {
		parts[i]++
	}
	if cents < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}

// times is amount × points + more as 128 bits, and what to divide it by.
func times(amount uint64, points int64, more uint64) (hi, lo, whole uint64) {
	hi, lo = bits.Mul64(amount, uint64(points))
	lo, carry := bits.Add64(lo, more, 0)
	return hi + carry, lo, uint64(Whole)
}

// byRemainder orders the places of shares by who gets a cent left over first.
func byRemainder(shares []Share, rests []uint64) []int {
	places := make([]int, len(shares))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(x, y int) int {
		return cmp.Or(cmp.Compare(rests[y], rests[x]), firstServed(shares[x], shares[y]))
	})
	return places
}

// WholeCents is the first step of a split: the whole cents of a share of an
// amount's magnitude, and the ten-thousandths of a cent that are left of it.
func WholeCents(cents, points int64) (whole, rest int64) {
	q, left := bits.Div64(times(magnitude(cents), points, 0))
	return int64(q), int64(left)
}
