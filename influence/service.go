package influence

import "time"

// ServiceRecord is how a LAR serves partners: what it did in the months of the
// settings up to a day.
type ServiceRecord struct {
	Days                Histogram // business days to each decision; a decision by a report or in bulk has none
	Answered, Confirmed int64     // claims that it answered, as they stand; those among them that it confirmed
	Ruled, Lost         int64     // disputes of its decisions that were ruled; those among them that were upheld
}

// Shown reports whether there are decisions enough to say something.
func (r ServiceRecord) Shown(set Settings) bool {
	return r.Days.N() >= int64(set.ServiceRecordDecisions)
}

// Confirms is how often it confirmed a claim that it answered.
func (r ServiceRecord) Confirms() Rate { return Rate{r.Confirmed, r.Answered} }

// ServiceSpan returns from which day on a service record counts today, and the
// days until today as whole months and those of the month that is reached in part.
func ServiceSpan(today Day, set Settings) (from Day, months []string, days []Day) {
	from = monthsBefore(today, set.ServiceRecordMonths).AddDays(1)
	first := string(from[:7])
	if from[8:] != "01" {
		for d := from; string(d[:7]) == first; d = d.AddDays(1) {
			days = append(days, d)
		}
		first = monthAfter(first)
	}
	for m := first; m <= string(today[:7]); m = monthAfter(m) {
		months = append(months, m)
	}
	return from, months, days
}

// monthsBefore is the same day n months earlier, or the last day of a month that
// has no such day.
func monthsBefore(day Day, n int) Day {
	t, ok := civil(day)
	if !ok {
		return day
	}
	first := time.Date(t.Year(), t.Month()-time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dayAt(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// monthAfter is the month after one: 2007-01 after 2006-12.
func monthAfter(month string) string {
	t, ok := civil(Day(month + "-01"))
	if !ok {
		return ""
	}
	return string(dayAt(t.AddDate(0, 1, 0))[:7])
}
