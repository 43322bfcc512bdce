package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const isoDay = "2006-01-02"

// The last day a spreadsheet knows, 9999-12-31, in the 1900 count.
const lastSerial = 2_958_465

// number fills a cell from a stored number and the cell's format.
func (w *workbook) number(c *Cell, raw string, f format) error {
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return fmt.Errorf("no number %q", raw)
	}
	if f.day {
		if day, clock, ok := w.day(value); ok {
			c.Kind, c.Day, c.Text = Date, day, strings.TrimSpace(day+" "+clock)
			return nil
		}
	}
	c.Kind, c.Text = Number, f.pad(decimal(raw, value))
	return nil
}

// decimal writes a number out. A spreadsheet keeps and shows 15 digits; the rest
// of what lies in the file is the noise of binary fractions. A whole number in
// plain digits is no fraction and stays as it is.
func decimal(raw string, value float64) string {
	if len(raw) > 0 && strings.Trim(raw, "0123456789") == "" && (raw[0] != '0' || raw == "0") {
		return raw
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'e', 14, 64), 64)
	if rounded == 0 {
		return "0" // also -0
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// pad adds the zeros that the format shows. It never rounds: the cents that a
// format hides are there.
func (f format) pad(s string) string {
	whole, fraction, _ := strings.Cut(s, ".")
	if f.digits > 0 && fraction == "" && whole[0] != '-' {
		return strings.Repeat("0", max(0, f.digits-len(whole))) + whole
	}
	if f.decimals > len(fraction) {
		return whole + "." + fraction + strings.Repeat("0", f.decimals-len(fraction))
	}
	return s
}

// day turns a count of days into a day and, when there is one, a time of day. The
// 1900 count has a February 29, 1900, that never was: its day 60 is no day, and
// the days before it are one later.
func (w *workbook) day(serial float64) (day, clock string, ok bool) {
	whole := math.Floor(serial)
	seconds := math.Round((serial - whole) * 86400)
	if seconds == 86400 {
		whole, seconds = whole+1, 0
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	first, last := 1.0, float64(lastSerial)
	switch {
	case w.from1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		first, last = 0, lastSerial-1462
	case whole == 60:
		return "", "", false
	case whole < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	if whole < first || whole > last {
		return "", "", false
	}
	t := epoch.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second)
	if seconds > 0 {
		clock = t.Format("15:04:05")
	}
	return t.Format(isoDay), clock, true
}
