package influence

import "testing"

// TestStaffActsBefore: the bound that queries use takes the same days as the rule,
// over weekends, holidays and year ends.
func TestStaffActsBefore(t *testing.T) {
	set := Defaults()
	for today := Day("2006-10-01"); today < "2008-02-01"; today = today.AddDays(1) {
		before := StaffActsBefore(today, set)
		for due := today.AddDays(-20); due <= today; due = due.AddDays(1) {
			if StaffMayAct(due, today, set) != (due < before) {
				t.Fatalf("on %s, due %s: %v, but the bound is %s", today, due, StaffMayAct(due, today, set), before)
			}
		}
	}
	if StaffMayAct("", "2007-04-16", set) {
		t.Error("what has no clock is opened to Microsoft")
	}
}

// The days of silence on a calendar: weekends, federal holidays with observed
// ones, the ends of daylight saving and of years.
func TestDaysOfSilence(t *testing.T) {
	set := Defaults()
	for _, c := range []struct {
		what      string
		got, want Day
	}{
		{"a LAR's turn from 20 December", ClaimAttached.Due("2006-12-20", set), "2007-01-05"},
		{"its owners' over Martin Luther King's birthday", OwnersUntil("2007-01-12", set), "2007-01-22"},
		{"its owners' over Veterans Day, observed on a Friday", OwnersUntil("2006-11-03", set), "2006-11-13"},
		{"a partner's turn over the Fourth of July", ClaimActionRequired.Due("2007-06-28", set), "2007-07-13"},
		{"a turn begun on a Saturday", ClaimAttached.Due("2007-04-14", set), "2007-04-27"},
		{"a turn over the end of daylight saving", ClaimAttached.Due("2007-10-29", set), "2007-11-13"},
		{"New Year's Day of 2011, observed in 2010", OwnersUntil("2010-12-27", set), "2011-01-04"},
		{"what was left after a question", LARDue("2007-04-16", 7, set), "2007-04-25"},
		{"the least after a question", LARDue("2007-04-16", 1, set), "2007-04-19"},
		{"an overdue turn resumed", LARDue("2007-04-16", -4, set), "2007-04-19"},
		{"an intent over a leap day", ClaimIntent.Due("2007-12-01", set), "2008-05-29"},
		{"a draft of the last day of a leap February", DraftRemindedOn("2008-02-29", set), "2008-03-30"},
		{"ends told over daylight saving", EndingUntil("2007-10-28", set), "2007-11-11"},
		{"questions reminded on a Friday", AnswerUntil("2007-04-13", set), "2007-04-17"},
		{"reopened over a year's end", ReopenUntil("2006-12-15", set), "2007-01-14"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
		}
	}
}
