package influence

import (
	"strings"
	"testing"
)

// The days on which federal offices were closed, as published for each year.
func TestHolidaysOfAYear(t *testing.T) {
	years := map[string]string{
		"1970": "01-01 02-23 05-29 07-03 09-07 11-11 11-26 12-25", // simplified, see the comment
		"1975": "01-01 02-17 05-26 07-04 09-01 10-13 10-27 11-27 12-25",
		"1978": "01-02 02-20 05-29 07-04 09-04 10-09 11-10 11-23 12-25",
		"1985": "01-01 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25",
		"1986": "01-01 01-20 02-17 05-26 07-04 09-01 10-13 11-11 11-27 12-25",
		"2006": "01-02 01-16 02-20 05-29 07-04 09-04 10-09 11-10 11-23 12-25",
		"2007": "01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-12 11-22 12-25",
		"2010": "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
		"2020": "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
		"2021": "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
		"2022": "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
	}
	for year, want := range years {
		if got := weekdaysOff(year); got != want {
			t.Errorf("%s:\n got %s\nwant %s", year, got, want)
		}
	}
}

func weekdaysOff(year string) string {
	var off []string
	for day := Day(year + "-01-01"); strings.HasPrefix(string(day), year); day = plusDays(day, 1) {
		at, _ := civil(day)
		if weekend := at.Weekday() == 0 || at.Weekday() == 6; !weekend && !IsBusinessDay(day) {
			off = append(off, string(day[5:]))
		}
	}
	return strings.Join(off, " ")
}

func TestHolidayNames(t *testing.T) {
	names := map[Day]string{
		"2006-11-10": "Veterans Day", "1977-10-24": "Veterans Day", "1977-11-11": "",
		"2021-06-18": "Juneteenth", "2020-06-19": "", "2007-01-02": "",
		"1985-01-21": "", "1986-01-20": "Birthday of Martin Luther King, Jr.", "": "",
	}
	for day, want := range names {
		if got := Holiday(day); got != want {
			t.Errorf("Holiday(%q) = %q, want %q", day, got, want)
		}
	}
}
