package influence

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFiscalYearAndQuarter(t *testing.T) {
	for _, c := range []struct {
		day         Day
		fy, quarter int
	}{
		{"2006-07-01", 2007, 1}, {"2006-09-30", 2007, 1}, {"2006-10-01", 2007, 2},
		{"2006-12-31", 2007, 2}, {"2007-01-01", 2007, 3}, {"2007-04-16", 2007, 4},
		{"2007-06-30", 2007, 4}, {"2007-07-01", 2008, 1}, {"", 0, 0},
	} {
		if fy, q := FiscalYear(c.day), Quarter(c.day); fy != c.fy || q != c.quarter {
			t.Errorf("%q: FY%d Q%d, want FY%d Q%d", c.day, fy, q, c.fy, c.quarter)
		}
	}
}

func TestSpans(t *testing.T) {
	first, last := FiscalYearSpan(2007)
	if first != "2006-07-01" || last != "2007-06-30" {
		t.Errorf("FY2007 is %s to %s", first, last)
	}
	wants := [][2]Day{{"2007-07-01", "2007-09-30"}, {"2007-10-01", "2007-12-31"}, {"2008-01-01", "2008-03-31"}, {"2008-04-01", "2008-06-30"}}
	for i, want := range wants {
		first, last := QuarterSpan(2008, i+1)
		if first != want[0] || last != want[1] {
			t.Errorf("Q%d of FY2008 is %s to %s, want %v", i+1, first, last, want)
		}
	}
	want := []string{"2006-07", "2006-08", "2006-09", "2006-10", "2006-11", "2006-12", "2007-01", "2007-02", "2007-03", "2007-04", "2007-05", "2007-06"}
	if got := MonthsOf(2007); !slices.Equal(got, want) {
		t.Errorf("months of FY2007: %v", got)
	}
}

func TestLastYear(t *testing.T) {
	for day, want := range map[Day]Day{
		"2007-04-16": "2006-04-16", "2008-02-29": "2007-02-28", "2008-03-01": "2007-03-01", "": "",
	} {
		if got := LastYear(day); got != want {
			t.Errorf("LastYear(%q) = %q, want %q", day, got, want)
		}
	}
}

// Every day lies in the spans of its own year and quarter, and one year earlier
// it lies in the same quarter of the year before.
func TestCalendarProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := anyDay(t, "day")
		fy, quarter := FiscalYear(day), Quarter(day)
		first, last := QuarterSpan(fy, quarter)
		if day < first || day > last {
			t.Fatalf("%s is not in Q%d of FY%d, %s to %s", day, quarter, fy, first, last)
		}
		if !slices.Contains(MonthsOf(fy), string(day[:7])) {
			t.Fatalf("%s is not in a month of FY%d", day, fy)
		}
		before := LastYear(day)
		if FiscalYear(before) != fy-1 || Quarter(before) != quarter {
			t.Fatalf("a year before %s is %s", day, before)
		}
	})
}

// TestDaysAreTheCalendars holds our reading and writing of days against the
// standard library's, day by day and for text that is no day.
func TestDaysAreTheCalendars(t *testing.T) {
	for at := time.Date(1896, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2105; at = at.AddDate(0, 0, 1) {
		day := Day(at.Format(time.DateOnly))
		if got, ok := civil(day); !ok || !got.Equal(at) {
			t.Fatalf("%s is read as %v, %v", day, got, ok)
		}
		if got, want := FormatDay(day)+", "+FormatDayLong(day), at.Format("2 Jan 2006, Mon 2 Jan"); got != want {
			t.Fatalf("%s is written %q, want %q", day, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[0-9]{4}-[0-9]{2}-[0-9]{2}`), rapid.StringMatching(`[-+ 0-9a]{8,11}`), rapid.String()).Draw(t, "text")
		want, err := time.Parse(time.DateOnly, text)
		if got, ok := civil(Day(text)); ok != (err == nil) || ok && !got.Equal(want) {
			t.Fatalf("%q is read as %v, %v; want %v, %v", text, got, ok, want, err)
		}
	})
}
