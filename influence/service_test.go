package influence

import (
	"testing"

	"pgregory.net/rapid"
)

// TestServiceSpanIsTwelveMonths: the months and days of a span are each day from
// the day after the same one a year earlier until today, once.
func TestServiceSpanIsTwelveMonths(t *testing.T) {
	set := Defaults()
	for today, want := range map[Day]Day{"2007-04-16": "2006-04-17", "2007-03-31": "2006-04-01", "2008-02-29": "2007-03-01", "2007-02-28": "2006-03-01", "2007-01-01": "2006-01-02"} {
		if from, _, _ := ServiceSpan(today, set); from != want {
			t.Errorf("on %s it begins on %s, want %s", today, from, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		today := Day("2004-01-01").AddDays(rapid.IntRange(0, 3000).Draw(r, "day"))
		from, months, days := ServiceSpan(today, set)
		in := map[string]int{}
		for _, m := range months {
			in[m]++
		}
		for _, d := range days {
			in[string(d)]++
		}
		for d := today.AddDays(-400); d <= today; d = d.AddDays(1) {
			want := 0
			if d >= from {
				want = 1
			}
			if n := in[string(d)] + in[string(d[:7])]; n != want {
				r.Fatalf("on %s, from %s: %s is counted %d times", today, from, d, n)
			}
		}
		if n := len(months) + len(days); n > 42 {
			r.Fatalf("%d periods on %s", n, today)
		}
	})
}

// TestServiceRecordIsShownFromTenDecisions: nine say nothing.
func TestServiceRecordIsShownFromTenDecisions(t *testing.T) {
	for n, want := range map[int64]bool{0: false, 9: false, 10: true, 11: true} {
		if got := (ServiceRecord{Days: Histogram{3: n}}).Shown(Defaults()); got != want {
			t.Errorf("%d decisions: shown %t", n, got)
		}
	}
}
