package influence

import "time"

// The federal holidays of 5 U.S.C. 6103(a), each as in force in its year:
//   - from 1971 the Uniform Monday Holiday Act (Pub. L. 90-363) and Columbus Day;
//     Veterans Day on the fourth Monday of October until Pub. L. 94-97 gave it
//     back to 11 November from 1978;
//   - from 1986 the birthday of Martin Luther King, Jr. (Pub. L. 98-144);
//   - from 2021 Juneteenth (Pub. L. 117-17, in force two days before the first).
//
// A holiday on Saturday is observed on the Friday before (6103(b)(1)), one on
// Sunday on the Monday after (Executive Order 11582). Inauguration Day, which
// counts around Washington only, and single days given by executive order are
// left out. Before 1971 the list is simplified: it is the one of 1970, whatever
// the year; the program takes no date before 1990.

// Holiday names the federal holiday observed on a day, or returns "".
func Holiday(day Day) string {
	t, ok := civil(day)
	if !ok {
		return ""
	}
	return observed(t)
}

// observed names the holiday for which t is free. Holidays that move with the
// week never fall on a weekend, so only those with a date are shifted.
func observed(t time.Time) string {
	if name := holidayOn(t); name != "" {
		return name
	}
	switch t.Weekday() {
	case time.Friday:
		return holidayOn(t.AddDate(0, 0, 1))
	case time.Monday:
		return holidayOn(t.AddDate(0, 0, -1))
	}
	return ""
}

func holidayOn(t time.Time) string {
	year, month, day := t.Date()
	if name := datedHoliday(year, month, day); name != "" {
		return name
	}
	switch {
	case month == time.September && t.Weekday() == time.Monday && day <= 7:
		return "Labor Day"
	case month == time.November && t.Weekday() == time.Thursday && nth(day) == 4:
		return "Thanksgiving Day"
	case year >= 1971 && t.Weekday() == time.Monday:
		return mondayHoliday(year, month, day)
	}
	return ""
}

// datedHoliday names the holidays that have a date.
func datedHoliday(year int, month time.Month, day int) string {
	switch {
	case month == time.January && day == 1:
		return "New Year’s Day"
	case month == time.June && day == 19 && year >= 2021:
		return "Juneteenth"
	case month == time.July && day == 4:
		return "Independence Day"
	case month == time.November && day == 11 && (year >= 1978 || year < 1971):
		return "Veterans Day"
	case month == time.December && day == 25:
		return "Christmas Day"
	case month == time.February && day == 22 && year < 1971:
		return "Washington’s Birthday"
	case month == time.May && day == 30 && year < 1971:
		return "Memorial Day"
	}
	return ""
}

// mondayHoliday names the holidays that are Mondays since 1971.
func mondayHoliday(year int, month time.Month, day int) string {
	switch {
	case month == time.January && nth(day) == 3 && year >= 1986:
		return "Birthday of Martin Luther King, Jr."
	case month == time.February && nth(day) == 3:
		return "Washington’s Birthday"
	case month == time.May && day > 24:
		return "Memorial Day"
	case month == time.October && nth(day) == 2:
		return "Columbus Day"
	case month == time.October && nth(day) == 4 && year < 1978:
		return "Veterans Day"
	}
	return ""
}

// nth says which one of its weekday in the month a day is.
func nth(day int) int { return (day-1)/7 + 1 }
