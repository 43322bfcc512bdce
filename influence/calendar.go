package influence

import (
	"fmt"
	"time"
)

// The program's year runs from July to June: FY2007 is 1 July 2006 to 30 June
// 2007, Q1 is July to September (domain.md, Words). Days have no time and no
// zone here; they are computed in UTC, where every day has 24 hours.

// FiscalYear returns the fiscal year of a day, such as 2007; 0 for start.
func FiscalYear(day Day) int {
	t, ok := civil(day)
	if !ok {
		return 0
	}
	if t.Month() >= time.July {
		return t.Year() + 1
	}
	return t.Year()
}

// Quarter returns the fiscal quarter of a day, 1 to 4; 0 for start.
func Quarter(day Day) int {
	t, ok := civil(day)
	if !ok {
		return 0
	}
	return (int(t.Month())+5)%12/3 + 1
}

// FiscalYearSpan returns the first and the last day of a fiscal year.
func FiscalYearSpan(fy int) (first, last Day) {
	return Day(fmt.Sprintf("%04d-07-01", fy-1)), Day(fmt.Sprintf("%04d-06-30", fy))
}

// QuarterSpan returns the first and the last day of a fiscal quarter, 1 to 4.
func QuarterSpan(fy, quarter int) (first, last Day) {
	t := time.Date(fy-1, time.July+time.Month(3*(quarter-1)), 1, 0, 0, 0, 0, time.UTC)
	return dayAt(t), dayAt(t.AddDate(0, 3, -1))
}

// MonthsOf returns the twelve months of a fiscal year, "2006-07" first.
func MonthsOf(fy int) []string {
	months := make([]string, 12)
	for i := range months {
		t := time.Date(fy-1, time.July+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		months[i] = t.Format("2006-01")
	}
	return months
}

// LastYear returns the same day one fiscal year earlier; 29 February becomes the
// 28th, so that a span stays within its month.
func LastYear(day Day) Day {
	t, ok := civil(day)
	if !ok {
		return day
	}
	before := t.AddDate(-1, 0, 0)
	if before.Day() != t.Day() {
		before = before.AddDate(0, 0, -1)
	}
	return dayAt(before)
}

// daysBetween counts the calendar days from a to b.
func daysBetween(a, b Day) int {
	from, ok := civil(a)
	to, ok2 := civil(b)
	if !ok || !ok2 {
		return 0
	}
	return int(to.Sub(from) / (24 * time.Hour))
}

// plusDays returns the day n calendar days later; start stays start.
func plusDays(day Day, n int) Day {
	t, ok := civil(day)
	if !ok {
		return day
	}
	return dayAt(t.AddDate(0, 0, n))
}

// civil is the midnight with which a day begins; false for what is no day.
func civil(day Day) (time.Time, bool) {
	if len(day) != len(time.DateOnly) || day[4] != '-' || day[7] != '-' {
		return time.Time{}, false
	}
	y, m, d := dayNumber(day[:4]), dayNumber(day[5:7]), dayNumber(day[8:])
	if y < 0 || m < 1 || m > 12 || d < 1 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

// dayNumber reads a number of nothing but digits; -1 for anything else.
func dayNumber(s Day) (n int) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

func dayAt(t time.Time) Day { return Day(t.Format(time.DateOnly)) }
