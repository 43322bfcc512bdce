package web

import (
	"net/url"
	"testing"

	"irm/influence"
)

// TestStaffSuspendsACompany: its members are out at the next request, their sign-in
// says why, and everything is as it was when the suspension ends. Another's version
// changes nothing.
func TestStaffSuspendsACompany(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		staff := p.as(t, p.staff)
		alder := staff.visit("/partners").href("Alder Networks")
		for _, c := range []struct{ at, name, member, email string }{
			{alder, "Alder Networks", p.partner.MemberID, "dana@alder.example"},
			{"/lars/" + p.larRef(t, "northgate"), "Northgate Licensing", p.lar.MemberID, "theo@northgate.example"},
		} {
			out := p.as(t, c.member)
			out.visit("/claims").sees(200)
			staff.visit(c.at).press("Suspend "+c.name).sees(422, "Enter the reason.")
			staff.fill("reason", "Invoices were forged.").press("Suspend "+c.name).sees(200, "The company is suspended.", "Suspended since 16 Apr 2007", "“Invoices were forged.”")
			out.visit("/claims")
			if out.at != "/signin" {
				t.Errorf("a member of %s is at %s", c.name, out.at)
			}
			out.fill("email", c.email).fill("password", p.password).press("Sign in").sees(403, "Your company is suspended", "“Invoices were forged.”")
			out.visit("/signin").fill("email", c.email).fill("password", "not the password").press("Sign in").sees(422, "The e-mail or the password is not right.")
			staff.post(c.at+"/restore", url.Values{"version": {"0"}}).sees(409, "Suspended", "Invoices were forged.")
			staff.visit(c.at).press("End the suspension").sees(200, "The suspension has ended.", "Its members can sign in.")
			out.visit("/signin").fill("email", c.email).fill("password", p.password).press("Sign in").sees(200)
			staff.visit("/audit").sees(200, "restored a")
		}
	})
}

// TestAdministratorAddsALAR: by the list of LARs; what was typed wrong is kept, and
// said at its field.
func TestAdministratorAddsALAR(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		staff := p.as(t, p.staff)
		staff.visit("/lars").fill("name", "West Licensing").fill("slug", "West").press("Add LAR").sees(422, "lower-case letters", "Choose a status")
		if got := staff.doc.Find("#slug").AttrOr("value", ""); got != "West" || staff.wrong()["slug"] == "" {
			t.Errorf("typed %q, wrong %v", got, staff.wrong())
		}
		staff.fill("slug", "west").fill("begins_as", "invited").press("Add LAR").sees(200, "The LAR was added.", "West Licensing", "Invited")
		staff.visit("/lars").sees(200, "West Licensing")
		p.as(t, p.partner.MemberID).visit("/lars").sees(200, "West Licensing").post("/lars", url.Values{"name": {"East"}, "slug": {"east"}, "begins_as": {"ready"}, "key": {"k"}}).sees(403)
		if _, err := p.store.As(influence.Operator()).LAR(t.Context(), "east"); err == nil {
			t.Error("a partner added a LAR")
		}
	})
}
