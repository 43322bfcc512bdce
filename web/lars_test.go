package web

import (
	"net/url"
	"strings"
	"testing"
)

// TestLARStatusIsSaved: by an administrator, dated; what is wrong is said at the field.
func TestLARStatusIsSaved(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		ref, _ := p.secondLAR(t)
		staff := p.as(t, p.staff)
		staff.visit("/lars").sees(200, "Northgate Licensing", "Summit Licensing")
		staff.visit("/lars?status=invited").sees(200, "No LAR matches", "Clear filters")
		if _, text := staff.file("/lars.csv?status=ready"); strings.Count(text, "\n") != 3 {
			t.Errorf("two LARs are Ready:\n%s", text)
		}
		staff.visit("/lars/"+ref).fill("status", "signed").fill("planned_on", "31/12/2007").press("Save status").sees(422)
		if got := staff.doc.Find("#planned_on").AttrOr("value", ""); got != "31/12/2007" || staff.wrong()["planned_on"] == "" {
			t.Errorf("typed %q, wrong %v", got, staff.wrong())
		}
		staff.fill("planned_on", "6/1/2007").press("Save status").sees(200, "The status was saved.", "Plans to be Ready on 1 Jun 2007")
		p.browser(t).visit("/lars").sees(200, "Northgate Licensing")
		if strings.Contains(said(p.browser(t).visit("/lars").doc.Selection), "Summit") {
			t.Error("the public sees a LAR that is not Ready")
		}
		p.as(t, p.partner.MemberID).visit("/lars/"+ref).sees(200, "Signed", "Claims to it can be drafted.").post("/lars/"+ref+"/status", url.Values{"status": {"ready"}, "version": {"2"}}).sees(403)
		stale := p.as(t, p.staff).post("/lars/"+ref+"/status", url.Values{"status": {"ready"}, "version": {"1"}})
		stale.sees(409, "Maya Kim changed the status of Summit Licensing", "Signed", "Ready")
	})
}
