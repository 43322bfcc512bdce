package ui

import "strconv"

// Link is words and where they lead. Primary is the one main action.
type Link struct {
	Label, Href string
	Primary     bool
}

// Tab is one tab of a page. A count below zero is not shown.
type Tab struct {
	Label, Href string
	Count       int64
	Current     bool
}

// Chip is one filter in force, and the address without it.
type Chip struct{ Label, Href string }

// Column is the head of a column. Href sorts by it; Sorted is ascending or
// descending where the rows are in its order.
type Column struct {
	Label, Href, Sorted string
	Num, Less           bool // numbers; left out first on narrow screens
}

func (c Column) class() string {
	switch {
	case c.Num && c.Less:
		return "num c-less"
	case c.Num:
		return "num"
	case c.Less:
		return "c-less"
	}
	return ""
}

// PagerProps are the neighbors of a page of a list, and its files. Empty addresses
// are not shown; empty words are Newer and Older.
type PagerProps struct {
	Newer, Older           string
	NewerLabel, OlderLabel string
	Exports                []Link
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Count writes a number with commas.
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	digits := len(s)
	if n < 0 {
		s, digits = "−"+s[1:], len(s)-1
	}
	for at := len(s) - 3; digits > 3; at, digits = at-3, digits-3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
