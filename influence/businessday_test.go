package influence

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAddBusinessDays(t *testing.T) {
	for _, c := range []struct {
		day  Day
		n    int
		want Day
	}{
		{"2007-04-16", 10, "2007-04-30"},
		{"2007-03-20", 2, "2007-03-22"},
		{"2006-11-22", 1, "2006-11-24"}, // over Thanksgiving
		{"2006-11-09", 1, "2006-11-13"}, // over Veterans Day, observed on Friday
		{"2010-12-30", 1, "2011-01-03"}, // New Year's Day of 2011, observed in 2010
		{"2007-04-14", 1, "2007-04-16"}, // begun on a Saturday
		{"2007-04-14", 0, "2007-04-14"},
		{"2007-04-16", -1, "2007-04-13"},
		{"", 3, ""},
	} {
		if got := AddBusinessDays(c.day, c.n); got != c.want {
			t.Errorf("AddBusinessDays(%q, %d) = %q, want %q", c.day, c.n, got, c.want)
		}
	}
}

func TestBusinessDaysBetween(t *testing.T) {
	for _, c := range []struct {
		a, b Day
		want int
	}{
		{"2007-04-13", "2007-04-16", 1}, {"2007-04-16", "2007-04-13", -1},
		{"2007-04-13", "2007-04-15", 0}, {"2007-01-01", "2007-12-31", 251},
		{"", "2007-04-13", 0}, {"2007-04-13", "", 0},
	} {
		if got := BusinessDaysBetween(c.a, c.b); got != c.want {
			t.Errorf("BusinessDaysBetween(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func anyDay(t *rapid.T, label string) Day {
	return plusDays("1990-01-01", rapid.IntRange(0, 20_000).Draw(t, label))
}

// A deadline of n business days ends on a business day, n of them away, and can
// be counted back to where it began.
func TestBusinessDaysProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day, n := anyDay(t, "day"), rapid.IntRange(1, 60).Draw(t, "n")
		end := AddBusinessDays(day, n)
		if !IsBusinessDay(end) || end <= day {
			t.Fatalf("%d business days after %s is %s", n, day, end)
		}
		if got := BusinessDaysBetween(day, end); got != n {
			t.Fatalf("from %s to %s: %d, want %d", day, end, got, n)
		}
		if back := AddBusinessDays(end, -n); IsBusinessDay(day) && back != day {
			t.Fatalf("%d back from %s is %s, not %s", n, end, back, day)
		}
		if two := AddBusinessDays(AddBusinessDays(day, n), 7); two != AddBusinessDays(day, n+7) {
			t.Fatalf("%s and %d and 7: %s", day, n, two)
		}
	})
}

func TestBusinessDaysAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyDay(t, "a"), anyDay(t, "b"), anyDay(t, "c")
		if BusinessDaysBetween(a, b)+BusinessDaysBetween(b, c) != BusinessDaysBetween(a, c) {
			t.Fatalf("%s %s %s do not add up", a, b, c)
		}
	})
}
