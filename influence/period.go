package influence

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Period is a fiscal year or, with Quarter 1 to 4, one of its quarters.
type Period struct{ FY, Quarter int }

// Name is the period's short name: FY2007, or FY2007Q3.
func (p Period) Name() string {
	if p.Quarter == 0 {
		return fmt.Sprintf("FY%d", p.FY)
	}
	return fmt.Sprintf("FY%dQ%d", p.FY, p.Quarter)
}

// Title is the period as pages say it: FY2007, or FY2007 Q3.
func (p Period) Title() string {
	if p.Quarter == 0 {
		return p.Name()
	}
	return fmt.Sprintf("FY%d Q%d", p.FY, p.Quarter)
}

// Span returns the period's first and last day.
func (p Period) Span() (first, last Day) {
	if p.Quarter == 0 {
		return FiscalYearSpan(p.FY)
	}
	return QuarterSpan(p.FY, p.Quarter)
}

// Months returns the period's months, "2006-07" first.
func (p Period) Months() []string {
	months := MonthsOf(p.FY)
	if p.Quarter == 0 {
		return months
	}
	return months[3*(p.Quarter-1) : 3*p.Quarter]
}

// YearBefore is the same period one fiscal year earlier.
func (p Period) YearBefore() Period { return Period{p.FY - 1, p.Quarter} }

// SameDays returns which days of a year earlier p is compared with: all of them
// once p is over, those up to the same day while it runs, none before it. They
// come as whole months, and the days of the month that is reached in part.
// until is the last of them, Start for none.
func (p Period) SameDays(today Day) (months []string, days []Day, until Day) {
	first, last := p.Span()
	if today < first {
		return nil, nil, Start
	}
	all := p.YearBefore().Months()
	_, until = p.YearBefore().Span()
	if today >= last {
		return all, nil, until
	}
	until = LastYear(today)
	for _, m := range all {
		if m < string(until[:7]) {
			months = append(months, m)
		}
	}
	if next := until.AddDays(1); next[:7] != until[:7] {
		return append(months, string(until[:7])), nil, until
	}
	for d := until[:8] + "01"; d <= until; d = d.AddDays(1) {
		days = append(days, d)
	}
	return months, days, until
}

var periodName = regexp.MustCompile(`^FY(\d{4})(?:Q([1-4]))?$`)

// ParsePeriod reads a period's short name.
func ParsePeriod(name string) (Period, error) {
	m := periodName.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(name)))
	if m == nil {
		return Period{}, Refusal("A period is written FY2007, or FY2007Q3 for a quarter.")
	}
	fy, _ := strconv.Atoi(m[1])
	quarter, _ := strconv.Atoi(m[2])
	return Period{fy, quarter}, nil
}
