package influence

import (
	"maps"
	"slices"
	"strconv"
)

// Histogram counts how many decisions took how many business days.
type Histogram map[int]int64

// N is how many there are.
func (h Histogram) N() int64 {
	var n int64
	for _, c := range h {
		n += c
	}
	return n
}

// Add counts n more of some days.
func (h Histogram) Add(days int, n int64) {
	if h[days] += n; h[days] == 0 {
		delete(h, days)
	}
}

// at is the k-th smallest value, from 1.
func (h Histogram) at(k int64) int {
	for _, days := range slices.Sorted(maps.Keys(h)) {
		if k -= h[days]; k <= 0 {
			return days
		}
	}
	return 0
}

// Median returns twice the middle value, exactly: the sum of the two in the
// middle. ok is false when there is none.
func (h Histogram) Median() (twice int, ok bool) {
	n := h.N()
	if n <= 0 {
		return 0, false
	}
	return h.at((n+1)/2) + h.at(n/2+1), true
}

// P90 returns the least value that nine tenths do not exceed.
func (h Histogram) P90() (days int, ok bool) {
	n := h.N()
	if n <= 0 {
		return 0, false
	}
	return h.at((9*n + 9) / 10), true
}

// HalfDays writes twice a number of days: 3, or 3.5.
func HalfDays(twice int) string {
	if twice%2 == 0 {
		return strconv.Itoa(twice / 2)
	}
	return strconv.Itoa(twice/2) + ".5"
}
