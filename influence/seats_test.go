package influence

import (
	"strings"
	"testing"
)

func TestParseSeats(t *testing.T) {
	for typed, want := range map[string]int{"250": 250, " 3,464 ": 3464, "1200": 1200, "1,000,000": 1_000_000} {
		if got, err := ParseSeats(typed, 250); err != nil || got != want {
			t.Errorf("ParseSeats(%q) = %d, %v", typed, got, err)
		}
	}
	for typed, reason := range map[string]string{
		"249": "fewer than 250", "0": "fewer than 250", "-5": "not a number", "": "not a number",
		"1,2": "not a number", "250.5": "not a number", "many": "not a number", "99999999999": "not a number", "+300": "not a number",
	} {
		if got, err := ParseSeats(typed, 250); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("ParseSeats(%q) = %d, %v; want refused: %s", typed, got, err, reason)
		}
	}
}
