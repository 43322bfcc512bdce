package influence

import "time"

// Day is a calendar day of the program, written 2007-04-16, so that days compare
// as text. Order and signing dates are days: they have no time and no zone.
type Day string

// Start is the day before every other: what is in force from it is in force from
// the beginning, also when the signing date is corrected.
const Start Day = ""

// DayOf returns the day on which t falls in loc.
func DayOf(t time.Time, loc *time.Location) Day { return dayAt(t.In(loc)) }

// AddDays returns the day n calendar days later, or earlier when n is negative.
// Start stays start.
func (d Day) AddDays(n int) Day { return plusDays(d, n) }

// DaysBetween is how many days b lies after a; negative when it lies before, and
// 0 when either is start.
func DaysBetween(a, b Day) int { return daysBetween(a, b) }
