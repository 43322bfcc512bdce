package influence

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestSameDaysOfAYearBefore(t *testing.T) {
	for _, tt := range []struct {
		p           Period
		today       Day
		months, day int
		until       Day
	}{
		{Period{FY: 2007}, "2007-04-16", 9, 16, "2006-04-16"},
		{Period{FY: 2007}, "2006-07-01", 0, 1, "2005-07-01"},
		{Period{FY: 2007}, "2006-06-30", 0, 0, ""},
		{Period{FY: 2006}, "2007-04-16", 12, 0, "2005-06-30"},
		{Period{FY: 2007, Quarter: 3}, "2007-03-31", 3, 0, "2006-03-31"},
		{Period{FY: 2007, Quarter: 3}, "2007-02-28", 2, 0, "2006-02-28"},
		{Period{FY: 2008, Quarter: 3}, "2008-02-29", 2, 0, "2007-02-28"},
		{Period{FY: 2009, Quarter: 3}, "2009-02-28", 1, 28, "2008-02-28"},
		{Period{FY: 2007, Quarter: 4}, "2007-04-16", 0, 16, "2006-04-16"},
	} {
		months, days, until := tt.p.SameDays(tt.today)
		if len(months) != tt.months || len(days) != tt.day || until != tt.until {
			t.Errorf("%s on %s: %d months, %d days until %q; want %d, %d until %q", tt.p.Name(), tt.today, len(months), len(days), until, tt.months, tt.day, tt.until)
		}
	}
}

// TestSameDaysHaveNoGap: months and days together are every day once.
func TestSameDaysHaveNoGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Period{rapid.IntRange(2000, 2012).Draw(t, "fy"), rapid.IntRange(0, 4).Draw(t, "quarter")}
		today := Day("1999-01-01").AddDays(rapid.IntRange(0, 6000).Draw(t, "day"))
		months, days, until := p.SameDays(today)
		covered := map[Day]int{}
		for _, m := range months {
			for d := Day(m + "-01"); string(d[:7]) == m; d = d.AddDays(1) {
				covered[d]++
			}
		}
		for _, d := range days {
			covered[d]++
		}
		first, _ := p.YearBefore().Span()
		n := 0
		for d := first; until != "" && d <= until; d = d.AddDays(1) {
			n++
			if covered[d] != 1 {
				t.Fatalf("%s on %s: %s is counted %d times", p.Name(), today, d, covered[d])
			}
		}
		if n != len(covered) {
			t.Fatalf("%s on %s: %d days, want %d", p.Name(), today, len(covered), n)
		}
	})
}

func TestPeriodsAreReadAsTheyAreWritten(t *testing.T) {
	for _, p := range []Period{{2007, 0}, {2006, 1}, {1999, 4}} {
		if got, err := ParsePeriod(p.Name()); err != nil || got != p {
			t.Errorf("%s is read as %+v, %v", p.Name(), got, err)
		}
	}
	for _, bad := range []string{"", "2007", "FY07", "FY2007Q5", "FY2007Q", "FY2007-03"} {
		if p, err := ParsePeriod(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, p)
		}
	}
}

func TestRates(t *testing.T) {
	for _, tt := range []struct {
		part, whole int64
		want        string
	}{
		{1, 2, "50\u00a0%"}, {2, 3, "67\u00a0%"}, {0, 5, "0\u00a0%"}, {5, 5, "100\u00a0%"},
		{1, 0, "–"}, {0, 0, "–"}, {5, -5, "–"}, {6, 5, "–"}, {-1, 5, "–"},
		{1<<62 - 1, 1<<62 + 5, "100\u00a0%"},
	} {
		if got := (Rate{tt.part, tt.whole}).String(); got != tt.want {
			t.Errorf("%d of %d is %q, want %q", tt.part, tt.whole, got, tt.want)
		}
	}
}

func TestMedianAndNinetiethPercentile(t *testing.T) {
	for _, tt := range []struct {
		h           Histogram
		median, p90 string
	}{
		{Histogram{}, "–", "–"},
		{Histogram{3: 1}, "3", "3"},
		{Histogram{1: 1, 4: 1}, "2.5", "4"},
		{Histogram{0: 5, 1: 4, 9: 1}, "0.5", "1"},
		{Histogram{2: 8, 10: 2}, "2", "10"},
	} {
		median, p90 := "–", "–"
		if m, ok := tt.h.Median(); ok {
			median = HalfDays(m)
		}
		if p, ok := tt.h.P90(); ok {
			p90 = fmt.Sprint(p)
		}
		if median != tt.median || p90 != tt.p90 {
			t.Errorf("%v: median %s, p90 %s; want %s, %s", tt.h, median, p90, tt.median, tt.p90)
		}
	}
}

// TestWaitingClasses: a turn's class is that of the calendar days since it began.
func TestWaitingClasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set, today := Defaults(), Day("2007-01-01").AddDays(rapid.IntRange(0, 400).Draw(t, "today"))
		began := AddBusinessDays(today.AddDays(-rapid.IntRange(0, 120).Draw(t, "ago")), 0)
		due := AddBusinessDays(began, set.LARTurn)
		days, want := daysBetween(TurnBegan(due, set), today), 0
		for _, n := range []int{7, 30, 60, 90} {
			if days >= n {
				want++
			}
		}
		if got := WaitingClass(due, WaitingBounds(today, set)); got != want {
			t.Fatalf("a turn that began %s, due %s, is in class %d on %s; want %d", TurnBegan(due, set), due, got, today, want)
		}
	})
}
