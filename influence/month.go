package influence

import "time"

// MonthTitle writes the month of a day: March 2007; "" for start.
func MonthTitle(d Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return t.Format("January 2006")
}
