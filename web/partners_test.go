package web

import "testing"

// TestAPartnerFindsItselfAndOthers: the home leads to the page that others see of
// it, and the bar to the partners that are listed.
func TestAPartnerFindsItselfAndOthers(t *testing.T) {
	p := onSQLite(t)
	b := p.as(t, p.partner.MemberID).visit("/")
	own := b.href("Alder Networks")
	b.visit(b.href("Partners")).sees(200, "Partners of the program that are listed.", "Alder Networks")
	if got := b.href("Alder Networks"); got != own {
		t.Errorf("the home leads to %s, the list to %s", own, got)
	}
	b.visit(own).sees(200, "Your company, as the program knows it.")
}
