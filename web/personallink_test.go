package web

import (
	"strings"
	"testing"

	"irm/influence"
)

// linked has staff send a personal link from the partner's page, and returns what
// the mail brings.
func (p *portal) linked(t testing.TB, partner, contact string) (staff *browser, link string) {
	t.Helper()
	staff = p.as(t, p.staff)
	staff.visit("/partners").visit(staff.href(partner)).sees(200, "Personal link", "To "+contact)
	staff.press("Send a personal link").sees(200, "A personal link is on its way", "Open until", "no longer works then")
	return staff, p.mailed(t, contact)
}

// TestPersonalLinkPage: everything known is filled in, what is wrong is said, and
// the company takes part at once with its person signed in as the owner. Used, the
// link says so.
func TestPersonalLinkPage(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		const contact = "ann@birch.example"
		staff, link := p.linked(t, p.known.Name, contact)
		b := p.browser(t)
		b.visit(link).sees(200, "Enroll "+p.known.Name, contact, p.known.No, "Certified", "Vermont")
		b.visit(link).fill("name", "").fill("password", "short").fill("phone", "call me").press("Enroll the company").sees(422, "Enter your name.", "15 characters", "7 to 20 digits", p.known.Name)
		b.fill("name", "Ann Birch").fill("password", strong).fill("phone", "").press("Enroll the company").sees(200, "Your company is enrolled.", "Ann Birch", "First steps")
		b.visit("/account").sees(200, contact, "Owner")
		p.browser(t).visit(link).sees(410, "This link was used", "Ask to join")
		p.browser(t).visit(strings.Replace(link, "token=", "token=x", 1)).sees(410, "This link no longer works")
		staff.visit(staff.at).sees(200, "Used on", "This partner takes part already.")
		again := p.browser(t)
		again.visit("/signin").fill("email", contact).fill("password", strong).press("Sign in").sees(200, "Ann Birch")
	})
}

// TestPersonalLinkThatCanNotBeUsed: each says why and what to do instead.
func TestPersonalLinkThatCanNotBeUsed(t *testing.T) {
	p := onSQLite(t)
	const contact = "ann@birch.example"
	staff, first := p.linked(t, p.known.Name, contact)
	b := p.browser(t)
	b.visit(first).sees(200, "Enroll "+p.known.Name)
	staff.press("Send a personal link").sees(200, "Replaced by a later one")
	second := p.mailed(t, contact)
	b.fill("password", strong).press("Enroll the company").sees(410, "There is a newer link")
	p.pass(influence.PersonalLinkLife)
	b.visit(second).sees(410, "This link’s time is over", "Enroll without it")
}
