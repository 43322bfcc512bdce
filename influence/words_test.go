package influence

import (
	"testing"
	"time"
)

func TestDaysStartBeforeEveryOtherAndFollowTheZone(t *testing.T) {
	zone := time.FixedZone("New York", -4*3600)
	late := time.Date(2007, 4, 17, 3, 59, 0, 0, time.UTC)
	if got := DayOf(late, zone); got != "2007-04-16" {
		t.Errorf("an hour before midnight is %s", got)
	}
	if Start >= "0001-01-01" || Start.AddDays(3) != Start {
		t.Error("start is before every day and stays")
	}
	if got := Day("2007-02-27").AddDays(3); got != "2007-03-02" {
		t.Errorf("three days later is %s", got)
	}
	if got := DaysBetween("2007-03-02", "2007-02-27"); got != -3 {
		t.Errorf("%d days between", got)
	}
}

func TestNumbersAreComparedWithoutCaseSpacesAndDashes(t *testing.T) {
	for _, same := range []string{"S1000007", "s1000007", " S-100 0007", "S–1000007", "S1000\u00a0007", "s—1‑000007"} {
		if got := NumberKey(same); got != "S1000007" {
			t.Errorf("%q: %q", same, got)
		}
	}
	if NumberKey(" - – ") != "" || NumberKey("S/1") == NumberKey("S1") {
		t.Error("nothing but dashes is empty, and other signs count")
	}
	if OrderKey("  po  12-3 ") != "PO 12-3" || OrderKey("PO 12-3") == OrderKey("PO 123") {
		t.Error("order numbers keep their dashes")
	}
}

func TestWordsOfProgramsAndOrders(t *testing.T) {
	for word, want := range map[string]Program{"Enterprise": Enterprise, " ea ": Enterprise, "Enterprise  Agreement": Enterprise, "SEL": Select, "select": Select, "Open": "", "": ""} {
		if got, ok := ParseProgram(word); got != want || ok != (want != "") {
			t.Errorf("%q: %q", word, got)
		}
	}
	for word, want := range map[string]OrderKind{"TRUE-UP": TrueUp, "true up": TrueUp, "Call-Off": CallOff, " initial": Initial, "renewal": Renewal, "CREDIT": Credit, "refund": "", "": ""} {
		if got, ok := ParseOrderKind(word); got != want || ok != (want != "") {
			t.Errorf("%q: %q", word, got)
		}
	}
}
