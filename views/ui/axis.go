package ui

import (
	"math"
	"strconv"
)

// RoundStep is the smallest step of 1, 2 or 5 times a power of ten that reaches
// most in at most lines steps. It is 1 where there is nothing to show.
func RoundStep(most int64, lines int) int64 {
	if most <= 0 || lines <= 0 {
		return 1
	}
	need := (most-1)/int64(lines) + 1
	for scale := int64(1); ; scale *= 10 {
		for _, n := range []int64{1, 2, 5} {
			if n*scale >= need || scale > math.MaxInt64/100 {
				return n * scale
			}
		}
	}
}

// RoundAxis are the lines of an axis from its round top down to zero, five at most
// above zero.
func RoundAxis(most int64) []int64 {
	step := RoundStep(most, 5)
	top := step
	for top < most && top <= math.MaxInt64-step {
		top += step
	}
	var lines []int64
	for v := top; v >= 0; v -= step {
		lines = append(lines, v)
	}
	return lines
}

// RoundBounds are the lower bounds of up to five classes above zero, rising, each a
// number that can be read: 1, 2 or 5 times a power of ten. The highest class begins
// at no more than four fifths of most, so that it is never empty.
func RoundBounds(most int64) []int64 {
	var series []int64
	limit := most - most/5
	for scale := int64(1); scale <= limit; scale *= 10 {
		for _, n := range []int64{1, 2, 5} {
			if n*scale <= limit {
				series = append(series, n*scale)
			}
		}
		if scale > math.MaxInt64/100 {
			break
		}
	}
	return series[max(0, len(series)-5):]
}

// classOf is the number of bounds that v reaches: 0 below the first.
func classOf(v int64, bounds []int64) int {
	n := 0
	for n < len(bounds) && v >= bounds[n] {
		n++
	}
	return n
}

// share is how much of size v is of whole. Nothing and less than nothing are zero,
// more than the whole is all of it.
func share(v, whole int64, size float64) float64 {
	if v <= 0 || whole <= 0 {
		return 0
	}
	return size * math.Min(1, float64(v)/float64(whole))
}

// coord writes a coordinate as short as it can be, to a hundredth.
func coord(f float64) string {
	r := math.Round(f*100) / 100
	if r == 0 {
		return "0" // never -0
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}
