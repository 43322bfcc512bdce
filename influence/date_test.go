package influence

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	for typed, want := range map[string]Day{
		"2007-04-16": "2007-04-16", "4/16/2007": "2007-04-16", "04/06/2007": "2007-04-06",
		"16-Apr-2007": "2007-04-16", "01-dec-2006": "2006-12-01", "1-JAN-2006": "2006-01-01",
		" 2007-4-6 ": "2007-04-06", "2/29/2008": "2008-02-29", "29-Feb-2008": "2008-02-29",
		"0001-01-01": "0001-01-01",
	} {
		if got, err := ParseDate(typed); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for typed, reason := range map[string]string{
		"": "Enter a date", "N/A": "not a date", "20070416": "not a date", "39188": "not a date",
		"2007-02-30": "no such day", "2/29/2007": "no such day", "31/31/2006": "no such day",
		"2007-00-10": "no such day", "0000-01-01": "no such day", "31-Apr-2007": "no such day",
		"31/12/2006": "write 12/31/2006", "4/16/07": "four digits", "16-Apr-07": "four digits",
		"16-4-2007": "not a date", "16.04.2007": "not a date", "2007/04/16": "not a date",
		"16-Sept-2007": "not a date", "2007-04-16T00:00:00": "not a date", "-1/2/2007": "not a date",
		"1-an -2007": "not a date", "12007-04-16": "not a date", "4/16/2007/1": "not a date",
		strings.Repeat("1-", 1<<16): "not a date",
	} {
		got, err := ParseDate(typed)
		if err == nil || !strings.Contains(err.Error(), reason) || got != "" {
			t.Errorf("ParseDate(%.30q) = %q, %v; want refused: %s", typed, got, err, reason)
		}
	}
}

func TestCheckDateRange(t *testing.T) {
	for day, reason := range map[Day]string{
		"1990-01-01": "", "1989-12-31": "before 1990", "2007-04-17": "", "2010-04-16": "",
		"2010-04-17": "more than 3 years ahead",
	} {
		err := CheckDateRange(day, "2007-04-16")
		if (err == nil) != (reason == "") || err != nil && !strings.Contains(err.Error(), reason) {
			t.Errorf("CheckDateRange(%s): %v, want %q", day, err, reason)
		}
	}
}

func TestFormatDay(t *testing.T) {
	if got := FormatDay("2007-04-06"); got != "6 Apr 2007" {
		t.Error(got)
	}
	if got := FormatDayLong("2007-04-16"); got != "Mon 16 Apr" {
		t.Error(got)
	}
	if FormatDay("") != "–" || FormatDayLong("") != "–" {
		t.Error("start is not a dash")
	}
}

// Each way of writing a day is read as that day.
func TestDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := anyDay(t, "day")
		at, _ := civil(day)
		for _, layout := range []string{"2006-01-02", "1/2/2006", "01/02/2006", "2-Jan-2006", "02-Jan-2006"} {
			if got, err := ParseDate(at.Format(layout)); err != nil || got != day {
				t.Fatalf("ParseDate(%q) = %q, %v", at.Format(layout), got, err)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2007-04-16", "4/16/2007", "16-Apr-2007", "31/31/2006", "\xff/1/2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		day, err := ParseDate(typed)
		if _, real := civil(day); (err == nil) != real {
			t.Errorf("ParseDate(%q) = %q, %v", typed, day, err)
		}
	})
}
