package influence

import (
	"fmt"
	"time"
)

// Ago says how long before now something happened, in the largest unit that
// fits: "5 minutes ago", "3 days ago". Days are those of the calendar in loc.
func Ago(at, now time.Time, loc *time.Location) string {
	passed := now.Sub(at)
	switch {
	case passed < time.Minute:
		return "just now"
	case passed < time.Hour:
		return plural(int(passed/time.Minute), "minute") + " ago"
	case passed < 24*time.Hour:
		return plural(int(passed/time.Hour), "hour") + " ago"
	}
	return DaysAgo(dayAt(at.In(loc)), dayAt(now.In(loc)))
}

// DaysAgo says how long before today a day was, or how far ahead it is: "today",
// "3 days ago", "2 months ago", "in 5 days".
func DaysAgo(day, today Day) string {
	days := daysBetween(day, today)
	switch {
	case days == 0:
		return "today"
	case days < 0:
		return "in " + longWords(-days)
	}
	return longWords(days) + " ago"
}

// longWords writes a number of days in days, months or years.
func longWords(days int) string {
	switch {
	case days < 61:
		return plural(days, "day")
	case days < 730:
		return plural(days*12/365, "month")
	}
	return plural(days/365, "year")
}

// Due says when a deadline in business days ends: "due in 2 business days (Fri 24
// Nov)", "due today (…)", "overdue by 1 business day (…)"; "" when there is none.
func Due(due, today Day) string {
	return dueIn(due, today, BusinessDaysBetween(today, due), "business day")
}

// DueInDays says the same of a deadline in calendar days.
func DueInDays(due, today Day) string {
	return dueIn(due, today, daysBetween(today, due), "day")
}

func dueIn(due, today Day, left int, unit string) string {
	if due == "" {
		return ""
	}
	if left == 0 && due != today { // only a weekend or holiday lies between
		left, unit = daysBetween(today, due), "day"
	}
	words := "due today"
	switch {
	case left > 0:
		words = "due in " + plural(left, unit)
	case left < 0:
		words = "overdue by " + plural(-left, unit)
	}
	return fmt.Sprintf("%s (%s)", words, nearDay(due, today))
}

// nearDay leaves the year out as long as the day can be meant in one year only.
func nearDay(day, today Day) string {
	if days := daysBetween(today, day); days > 300 || days < -300 {
		return FormatDayLong(day) + " " + string(day[:4])
	}
	return FormatDayLong(day)
}
