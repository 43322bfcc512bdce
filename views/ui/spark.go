package ui

import "strings"

// The box of a sparkline; the line keeps clear of the upper and lower edge.
const (
	sparkWidth  = 100.0
	sparkTop    = 3.0
	sparkBottom = 21.0
	sparkHeight = "24"
)

// sparkLine is the path through values, from the left edge to the right one. The
// lowest value lies at the bottom and the highest on top, whatever their signs; equal
// values make a level line in the middle. It is empty for fewer than two values.
func sparkLine(values []int64) string {
	if len(values) < 2 {
		return ""
	}
	var path strings.Builder
	for i := range values {
		mark := "L"
		if i == 0 {
			mark = "M"
		}
		path.WriteString(mark + coord(sparkWidth*float64(i)/float64(len(values)-1)) + " " + coord(sparkY(values, i)))
	}
	return path.String()
}

func sparkY(values []int64, i int) float64 {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if low == high {
		return (sparkTop + sparkBottom) / 2
	}
	// As floats: the difference of two int64 may be none.
	part := (float64(values[i]) - float64(low)) / (float64(high) - float64(low))
	return sparkBottom - part*(sparkBottom-sparkTop)
}

// sparkArea is the ground below the line.
func sparkArea(values []int64) string {
	line := sparkLine(values)
	if line == "" {
		return ""
	}
	return line + "V" + sparkHeight + "H0z"
}

// sparkDot marks the last value.
func sparkDot(values []int64) string {
	if len(values) == 0 {
		return ""
	}
	return "M100 " + coord(sparkY(values, len(values)-1)) + "h0"
}
