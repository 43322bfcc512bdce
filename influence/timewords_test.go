package influence

import (
	"testing"
	"time"
)

func TestAgo(t *testing.T) {
	loc := time.FixedZone("program", -4*3600)
	now := time.Date(2007, 4, 16, 0, 30, 0, 0, loc)
	for _, c := range []struct {
		before time.Duration
		want   string
	}{
		{-time.Hour, "just now"}, {59 * time.Second, "just now"}, {time.Minute, "1 minute ago"},
		{59 * time.Minute, "59 minutes ago"}, {time.Hour, "1 hour ago"}, {23 * time.Hour, "23 hours ago"},
		{24 * time.Hour, "1 day ago"}, {25 * time.Hour, "2 days ago"}, {72 * time.Hour, "3 days ago"},
		{60 * 24 * time.Hour, "60 days ago"}, {61 * 24 * time.Hour, "2 months ago"}, {800 * 24 * time.Hour, "2 years ago"},
	} {
		if got := Ago(now.Add(-c.before).UTC(), now.UTC(), loc); got != c.want {
			t.Errorf("Ago(%s) = %q, want %q", c.before, got, c.want)
		}
	}
}

func TestDaysAgo(t *testing.T) {
	for day, want := range map[Day]string{
		"2007-04-16": "today", "2007-04-15": "1 day ago", "2007-04-20": "in 4 days", "2006-04-16": "12 months ago",
	} {
		if got := DaysAgo(day, "2007-04-16"); got != want {
			t.Errorf("DaysAgo(%s) = %q, want %q", day, got, want)
		}
	}
}

func TestDue(t *testing.T) {
	for _, c := range []struct {
		due, today Day
		want       string
	}{
		{"2006-11-24", "2006-11-21", "due in 2 business days (Fri 24 Nov)"}, // Thanksgiving between
		{"2006-11-24", "2006-11-22", "due in 1 business day (Fri 24 Nov)"},
		{"2006-11-24", "2006-11-24", "due today (Fri 24 Nov)"},
		{"2006-11-24", "2006-11-25", "overdue by 1 day (Fri 24 Nov)"}, // a Saturday
		{"2006-11-24", "2006-11-27", "overdue by 1 business day (Fri 24 Nov)"},
		{"2006-11-24", "2006-11-28", "overdue by 2 business days (Fri 24 Nov)"},
		{"2006-11-25", "2006-11-24", "due in 1 day (Sat 25 Nov)"},
		{"2005-11-28", "2006-11-28", "overdue by 251 business days (Mon 28 Nov 2005)"},
		{"", "2006-11-28", ""},
	} {
		if got := Due(c.due, c.today); got != c.want {
			t.Errorf("Due(%s, %s) = %q, want %q", c.due, c.today, got, c.want)
		}
	}
	if got := DueInDays("2007-04-03", "2007-03-20"); got != "due in 14 days (Tue 3 Apr)" {
		t.Error(got)
	}
}
