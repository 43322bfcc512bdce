package web

import "testing"

// TestStatementIsOfOneSpan: the words, the sum and the orders of a statement are
// those of the same days, however the address names them; what is no part of a
// year is refused.
func TestStatementIsOfOneSpan(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	birch := w.enter(t, "birch")
	tile := func(path string) string {
		birch.visit(path).sees(200)
		return birch.doc.Find(".tile .big-num").First().Text()
	}
	year := tile("/statement?fy=2007")
	if year == "$0.00" || tile("/statement?fy=FY2007") != year || tile("/statement") != year {
		t.Errorf("the year's sum is %s as 2007, %s as FY2007, %s by itself", year, tile("/statement?fy=FY2007"), tile("/statement"))
	}
	birch.visit("/statement?quarter=1").sees(200, "FY2007 Q1")
	birch.visit("/statement?half=2").sees(200, "FY2007 H2")
	for _, part := range []string{"half=3", "quarter=9", "half=1&quarter=4", "month=2007-03&half=2", "month=someday", "program=other"} {
		birch.visit("/statement?" + part).sees(422)
		birch.visit("/statement.csv?" + part).sees(422)
	}
}
