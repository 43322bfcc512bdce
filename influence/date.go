package influence

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDate reads a day written as 2007-04-16, 4/16/2007 or 16-Apr-2007. A day
// before the month with slashes is never assumed, and the year has four digits.
func ParseDate(s string) (Day, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", Refusal("Enter a date, such as 2007-04-16 or 4/16/2007.")
	}
	if parts := strings.Split(s, "/"); len(parts) == 3 {
		return calendarDay(s, parts[2], parts[0], parts[1])
	}
	parts := strings.Split(s, "-")
	if len(parts) != 3 {
		return "", notADate(s)
	}
	if month, ok := monthNumber(parts[1]); ok {
		return calendarDay(s, parts[2], month, parts[0])
	}
	if len(parts[0]) != 4 {
		return "", notADate(s)
	}
	return calendarDay(s, parts[0], parts[1], parts[2])
}

// calendarDay builds the day from its typed parts; typed stands in sentences.
func calendarDay(typed, year, month, day string) (Day, error) {
	y, okYear := number(year, 4)
	m, okMonth := number(month, 2)
	d, okDay := number(day, 2)
	switch {
	case !okYear || !okMonth || !okDay:
		return "", notADate(typed)
	case len(year) != 4:
		return "", Refusal(quoted(typed) + " has a short year. Write the year with four digits, such as 2007.")
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y == 0 || t.Day() != d || int(t.Month()) != m {
		return "", noSuchDay(typed, y, m, d)
	}
	return dayAt(t), nil
}

// number reads up to max digits and nothing else.
func number(s string, max int) (int, bool) {
	if len(s) == 0 || len(s) > max {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil
}

// monthNumber turns Jan to Dec, in any case, into 1 to 12.
func monthNumber(name string) (string, bool) {
	const months = "jan feb mar apr may jun jul aug sep oct nov dec"
	i := strings.Index(months, strings.ToLower(name))
	if len(name) != 3 || i < 0 || i%4 != 0 {
		return "", false
	}
	return strconv.Itoa(i/4 + 1), true
}

func notADate(typed string) error {
	return Refusal(quoted(typed) + " is not a date. Write it as 2007-04-16, 4/16/2007 or 16-Apr-2007.")
}

// noSuchDay names the usual reason too: the day written before the month.
func noSuchDay(typed string, year, month, day int) error {
	sentence := "There is no such day as " + quoted(typed) + "."
	if strings.Contains(typed, "/") && month > 12 && day >= 1 && day <= 12 {
		sentence += fmt.Sprintf(" The month comes first: write %d/%d/%04d.", day, month, year)
	}
	return Refusal(sentence)
}

// FirstDay is the earliest order or signing day that is taken.
const FirstDay Day = "1990-01-01"

// YearsAhead is how far after today an order or signing day may lie.
const YearsAhead = 3

// CheckDateRange refuses an order or signing day before 1990 or more than three
// years after today. A day after today is taken and counts in its own period.
func CheckDateRange(day, today Day) error {
	if day < FirstDay {
		return Refusal(FormatDay(day) + " is before 1990. Correct the year.")
	}
	t, ok := civil(today)
	if ok && day > dayAt(t.AddDate(YearsAhead, 0, 0)) {
		return Refusal(fmt.Sprintf("%s is more than %d years ahead. Correct the year.", FormatDay(day), YearsAhead))
	}
	return nil
}

// FormatDay writes a day as 16 Apr 2007. Start, which is no day, is a dash.
func FormatDay(day Day) string {
	t, ok := civil(day)
	if !ok {
		return "–"
	}
	return string(append(dayMonth(nil, t), " "+string(day[:4])...))
}

// FormatDayLong writes a day of these weeks, with its weekday: Mon 16 Apr.
func FormatDayLong(day Day) string {
	t, ok := civil(day)
	if !ok {
		return "–"
	}
	return string(dayMonth(append(make([]byte, 0, 10), t.Weekday().String()[:3]+" "...), t))
}

// dayMonth appends 16 Apr. Days stand in every row of every list, and a layout
// that is read anew for each costs five times this.
func dayMonth(b []byte, t time.Time) []byte {
	_, month, day := t.Date()
	b = strconv.AppendInt(b, int64(day), 10)
	return append(append(b, ' '), month.String()[:3]...)
}
