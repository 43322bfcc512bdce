package influence

import "time"

// IsBusinessDay reports whether a day is Monday to Friday and no federal holiday
// is observed on it.
func IsBusinessDay(day Day) bool {
	t, ok := civil(day)
	return ok && works(t)
}

// AddBusinessDays returns the n-th business day after day, or before it when n is
// negative; day itself for 0. A deadline of n business days ends at the end of
// that day (domain.md, Time).
func AddBusinessDays(day Day, n int) Day {
	t, ok := civil(day)
	if !ok {
		return day
	}
	step := 24 * time.Hour
	if n < 0 {
		step, n = -step, -n
	}
	for n > 0 {
		t = t.Add(step)
		if works(t) {
			n--
		}
	}
	return dayAt(t)
}

// BusinessDaysBetween counts the business days after a up to and with b; it is
// negative when b lies before a, and 0 when either is start.
func BusinessDaysBetween(a, b Day) int {
	from, ok := civil(a)
	to, ok2 := civil(b)
	if !ok || !ok2 {
		return 0
	}
	if to.Before(from) {
		return -BusinessDaysBetween(b, a)
	}
	n := 0
	for from.Before(to) {
		from = from.Add(24 * time.Hour)
		if works(from) {
			n++
		}
	}
	return n
}

func works(t time.Time) bool {
	weekday := t.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && observed(t) == ""
}
