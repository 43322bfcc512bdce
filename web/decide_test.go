package web

import (
	"context"
	"net/url"
	"testing"

	"irm/influence"
)

// entered books an agreement with the portal's LAR and returns its reference.
func (p *portal) entered(t testing.TB, number string) string {
	t.Helper()
	ref, err := p.store.As(p.deskActor()).EnterAgreement(context.Background(), "k"+number, influence.AgreementDraft{AgreementNumber: number, Program: "Enterprise",
		Customer: "Fabrikam Inc", CustomerState: "NH", Seats: "300", SignedOn: "2007-03-20",
		OrderDraft: influence.OrderDraft{OrderNumber: "O1", OrderKind: "initial", OrderedOn: "2007-03-21", Amount: "$12,000"}})
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func (p *portal) deskActor() influence.Actor {
	return influence.Actor{MemberID: p.lar.MemberID, OrgID: p.lar.ID, Role: influence.RoleLAR, Rank: influence.RankOwner}
}

// TestARefusedDecisionKeepsWhatWasTyped: each wrong field has its sentence, and
// nothing typed is lost, whether it can be read or not.
func TestARefusedDecisionKeepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		ref := p.entered(t, "E1")
		claim, err := p.store.As(influence.Actor{MemberID: p.partner.MemberID, OrgID: p.partner.ID, Role: influence.RolePartner}).SubmitClaim(t.Context(), "", "c", 0,
			influence.ClaimDraft{LAR: "northgate", AgreementNumber: "E1", Kind: "presales", Note: "We ran the pilot."})
		if err != nil {
			t.Fatal(err)
		}
		desk := p.as(t, p.lar.MemberID)
		desk.visit("/inbox?at="+ref).sees(200, "Alder Networks")
		version := desk.doc.Find(`#split input[name=version]`).AttrOr("value", "")
		if n := desk.doc.Find(`[name=effective_on]`).Length(); n != 0 {
			t.Error("the form offers a day that it refuses")
		}
		desk.post("/agreements/"+ref+"/decide", url.Values{"version": {version}, "partner_id": {p.partner.No, "999999"}, "share": {"60,5", "50"}, "kind": {"training", "licensing"},
			"primary": {"typed"}, "note": {"As agreed."}, "reject": {claim + ":duplicate"}, "effective_on": {"2007-04-01"}}).sees(422)
		for at, want := range map[string]string{"#share": "“60,5” is not a percentage. Write it as 60 or 33.33.",
			"#partner_id":   "Partner ID 999999 is neither enrolled nor on the roster.",
			"#effective_on": "A decision is in force from the beginning. One from a later day is not offered yet, so leave this empty."} {
			if got := said(desk.doc.Find(at)); got != want {
				t.Errorf("%s: %q", at, got)
			}
		}
		kept := func(selector, want string) {
			t.Helper()
			if got := desk.doc.Find(selector).First().AttrOr("value", ""); got != want {
				t.Errorf("%s holds %q, not %q", selector, got, want)
			}
		}
		kept(`#split tr:nth-child(1) [name=share]`, "60,5")
		kept(`#split tr:nth-child(1) select[name=kind] option[selected]`, "training")
		kept(`#split tr:nth-child(2) [name=partner_id]`, "999999")
		kept(`#split tr:nth-child(2) [name=share]`, "50")
		kept(`#split tr:nth-child(2) select[name=kind] option[selected]`, "licensing")
		kept(`#split [name=primary][checked]`, "typed")
		kept(`#split [name=note]`, "As agreed.")
		kept(`#reject-`+claim+` option[selected]`, claim+":duplicate")

		desk.post("/agreements/"+ref+"/decide", url.Values{"version": {version}, "partner_id": {p.partner.No, "999999"}, "share": {"60", "50"}, "kind": {"training", "licensing"},
			"primary": {p.partner.No}, "effective_on": {"2007-04-01"}}).sees(422)
		for at, want := range map[string]string{"#share": "The shares add up to 110 %. Together they can be 100 % at most.", "#partner_id": "Partner ID 999999 is neither enrolled nor on the roster.",
			"#effective_on": "A decision is in force from the beginning. One from a later day is not offered yet, so leave this empty."} {
			if got := said(desk.doc.Find(at)); got != want {
				t.Errorf("%s: %q", at, got)
			}
		}
		desk.post("/agreements/"+ref+"/decide", url.Values{"version": {version}, "outcome": {"none"}, "note": {"Nobody helped."}}).sees(422, "Choose why the claims are rejected.")
		kept(`#none [name=note]`, "Nobody helped.")
		desk.post("/agreements/"+ref+"/decide", url.Values{"version": {version}, "partner_id": {p.partner.No}, "share": {"60"}, "kind": {"training"}}).sees(200, "Decided.")
	})
}

// TestAnImportIsCancelledOnItsPage: what had come in is taken back.
func TestAnImportIsCancelledOnItsPage(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		v := p.store.As(p.deskActor())
		var ref string
		err := spooled(reportText("amount", "E7"), func(path string) (err error) {
			ref, err = v.UploadReport(t.Context(), "small.csv", path, nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		page, err := v.Report(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		job, err := v.CommitReport(t.Context(), ref, page.Version)
		if err != nil {
			t.Fatal(err)
		}
		desk := p.as(t, p.lar.MemberID)
		desk.visit("/jobs/"+job).sees(200, "Importing your report", "0 of 2 rows").press("Cancel the import").sees(200, "The import was cancelled")
		desk.visit("/reports/"+ref).sees(200, "Undone")
		desk.post("/jobs/"+job+"/cancel", url.Values{}).sees(422, "This import has ended")
	})
}
