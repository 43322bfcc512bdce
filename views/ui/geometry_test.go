package ui

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestRoundStep(t *testing.T) {
	for _, c := range []struct {
		most  int64
		lines int
		want  int64
	}{{0, 5, 1}, {-7, 5, 1}, {1, 5, 1}, {5, 5, 1}, {6, 5, 2}, {11, 5, 5}, {50, 5, 10}, {51, 5, 20}, {48_000_000, 5, 10_000_000}, {10, 0, 1}} {
		if got := RoundStep(c.most, c.lines); got != c.want {
			t.Errorf("%d in %d lines: step %d, want %d", c.most, c.lines, got, c.want)
		}
	}
}

func TestRoundAxis(t *testing.T) {
	if got := RoundAxis(41); !slices.Equal(got, []int64{50, 40, 30, 20, 10, 0}) {
		t.Errorf("41: %v", got)
	}
	for _, most := range []int64{0, -3, 1, 2, 9, 10, 99, 101, 12_345_678, math.MaxInt64 / 200} {
		lines := RoundAxis(most)
		if lines[0] < most || lines[len(lines)-1] != 0 || len(lines) < 2 || len(lines) > 6 {
			t.Errorf("%d: %v", most, lines)
		}
	}
}

func TestRoundBounds(t *testing.T) {
	for most, want := range map[int64][]int64{0: nil, -5: nil, 1: {1}, 10: {1, 2, 5}, 10_600: {200, 500, 1000, 2000, 5000}} {
		if got := RoundBounds(most); !slices.Equal(got, want) {
			t.Errorf("%d: %v, want %v", most, got, want)
		}
	}
}

func TestQuantity(t *testing.T) {
	bounds := []int64{10, 20, 50}
	for v, want := range map[int64]string{-5: "q0", 0: "q0", 9: "q0", 10: "q3", 20: "q4", 49: "q4", 50: "q5", 900: "q5"} {
		if got := quantity(v, bounds); got != want {
			t.Errorf("%d is %s, want %s", v, got, want)
		}
	}
	if got := heat(7, []int64{1, 5, 10, 20, 40}); got != "h2" {
		t.Errorf("heat of 7 is %s", got)
	}
}

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		values []int64
		want   string
	}{
		{nil, ""}, {[]int64{4}, ""},
		{[]int64{0, 10}, "M0 21L100 3"},
		{[]int64{7, 7, 7}, "M0 12L50 12L100 12"},
		{[]int64{0, 0}, "M0 12L100 12"},
		{[]int64{-10, 0, 10}, "M0 21L50 12L100 3"},
		{[]int64{math.MinInt64, math.MaxInt64}, "M0 21L100 3"},
	} {
		if got := sparkLine(c.values); got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
	if got := sparkArea([]int64{0, 10}); got != "M0 21L100 3V24H0z" {
		t.Errorf("area %q", got)
	}
	if got := sparkDot([]int64{0, 10}); got != "M100 3h0" {
		t.Errorf("dot %q", got)
	}
}

func TestBarRects(t *testing.T) {
	got := barRects([]Part{{Class: "k1", Value: 30}, {Class: "k2", Value: -5}, {Class: "k3", Value: 10}}, 0)
	if len(got) != 2 || got[0].width != "75" || got[1].x != "75" || got[1].width != "25" {
		t.Errorf("%+v", got)
	}
	if got := barRects([]Part{{Value: 30}}, 120); got[0].width != "25" {
		t.Errorf("of a whole: %+v", got)
	}
	if got := barRects([]Part{{Value: 0}}, 0); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
}

// Parts stand on each other from the base, negative ones are left out, and nothing
// leaves the box.
func TestMonthRects(t *testing.T) {
	p := MonthsProps{Months: []Month{{Parts: [3]int64{20, 10, 5}, Before: 41}, {Parts: [3]int64{-20, 10, 0}}, {}}}
	top := p.axis()[0]
	if top != 50 {
		t.Fatalf("axis %v", p.axis())
	}
	first := p.rects(0, top)
	if len(first) != 3 || first[0].y != "60" || first[0].height != "40" || first[1].y != "40" || first[2].y != "30" {
		t.Errorf("%+v", first)
	}
	if second := p.rects(1, top); len(second) != 1 || second[0].y != "80" || second[0].class != "k2" {
		t.Errorf("%+v", second)
	}
	if p.rects(2, top) != nil || p.before(0, top) != "18" {
		t.Errorf("%+v, %s", p.rects(2, top), p.before(0, top))
	}
}

func TestStates(t *testing.T) {
	shape := regexp.MustCompile(`^(M-?\d+ \d+l[-\d ]+z)+$`)
	seen := map[string]bool{}
	weight := 0
	for _, s := range statePaths {
		if seen[s.code] || s.name == "" || !shape.MatchString(s.path) {
			t.Errorf("%s %q: %.60s", s.code, s.name, s.path)
		}
		seen[s.code] = true
		weight += len(s.path)
	}
	if len(seen) != 51 || !seen["DC"] || weight > 60_000 {
		t.Errorf("%d states of %d bytes", len(seen), weight)
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "−1,234", -12: "−12", 100000: "100,000"} {
		if got := Count(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestInitialOfMonth(t *testing.T) {
	if initial("Jul") != "J" || rest("Jul") != "ul" || initial("") != "" || rest("") != "" || rest("Été") != "té" {
		t.Error(strings.Join([]string{initial("Jul"), rest("Jul"), rest("Été")}, " "))
	}
}
