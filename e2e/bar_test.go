package e2e

import "testing"

// The bar with each actor's places, its search and its notices fits into windows of
// every width, and what is looked for can be read in its field.
func TestTheBarFitsEveryWidth(t *testing.T) {
	need(t, "Chromium", chromium())
	base := start(t, "demo", "--agreements", "300").URL
	for _, actor := range []string{"partner", "lar", "staff"} {
		b := open(t, base, Look{})
		b.SignIn(actor+"@demo.example", "influence-demo-2007")
		b.Visit("/account")
		for _, width := range []int{320, 390, 760, 1000, 1199, 1200, 1279, 1280, 1440, 1920} { // about where its look changes, and usual screens
			if wide := b.wideIn(width); len(wide) > 0 {
				t.Errorf("%s at %d px: %v", actor, width, wide)
			}
			if room, err := ask[float64](b, "room", "q"); err != nil || room < 45 {
				t.Errorf("%s at %d px: the search has %v px for what is typed, %v", actor, width, room, err)
			}
		}
	}
}
