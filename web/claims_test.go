package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"irm/influence"
)

// claimTo has the partner submit a claim for a deal without a number.
func (b *browser) claimTo(lar, customer string) *browser {
	b.t.Helper()
	return b.visit("/claims/new").fill("lar", lar).fill("program", "enterprise").fill("customer", customer).fill("customer_state", "NH").
		fill("amount", "$12,500").fill("expected_on", "2007-05-01").fill("kind", "sourced").fill("note", "We brought the deal.").press("Submit claim")
}

// TestIntentIsAttachedOrRejected: by the LAR on the claim's page, with what is
// wrong said at the field.
func TestIntentIsAttachedOrRejected(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		partner, desk := p.as(t, p.partner.MemberID), p.as(t, p.lar.MemberID)
		ref, err := p.store.As(influence.Actor{MemberID: p.lar.MemberID, OrgID: p.lar.ID, Role: influence.RoleLAR, Rank: influence.RankOwner}).EnterAgreement(context.Background(), "k",
			influence.AgreementDraft{AgreementNumber: "E65-1", Program: "Enterprise", Customer: "Fabrikam Inc", CustomerState: "NH", Seats: "300", SignedOn: "2007-03-20",
				OrderDraft: influence.OrderDraft{OrderNumber: "O1", OrderKind: "initial", OrderedOn: "2007-03-21", Amount: "$12,000"}})
		if err != nil {
			t.Fatal(err)
		}
		partner.claimTo("northgate", "Fabrikam")
		first := partner.at
		partner.claimTo("northgate", "Litware")
		second := partner.at
		desk.visit(first).sees(200, "Attach or reject", "E65-1", "Fabrikam Inc")
		desk.fill("agreement", "E66").press("Attach").sees(422)
		if got := desk.wrong()["agreement"]; got != "You have not reported an agreement with this number or reference." {
			t.Errorf("at the field: %q", got)
		}
		if got := desk.doc.Find("#agreement").AttrOr("value", ""); got != "E66" {
			t.Errorf("what was typed is now %q", got)
		}
		desk.fill("agreement", strings.ToLower(ref)).press("Attach").sees(200, "The claim was attached.", "Your turn: decide")
		partner.visit(first).sees(200, "Northgate Licensing has until 30 Apr 2007 to decide, then its owners have until 7 May 2007.")
		desk.visit(second).press("Reject the claim").sees(422, "Choose a reason from the list.")
		desk.fill("code", "not_our_agreement").fill("note", "Sold by another.").press("Reject the claim").sees(200, "The claim was rejected.", "Not our agreement")
		partner.visit(second).sees(200, "Rejected", "Not our agreement", "Sold by another.")
		partner.post(second+"/attach", url.Values{"agreement": {"E65-1"}}).sees(403)
	})
}

// TestSubmittedClaimIsChanged: while it has no agreement; the LAR stays.
func TestSubmittedClaimIsChanged(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.secondLAR(t)
		partner := p.as(t, p.partner.MemberID)
		partner.claimTo("northgate", "Fabrikam")
		claim := partner.at
		partner.visit(claim+"/edit").sees(200, "Change a claim", "Submitted on 16 Apr 2007. The date stays.")
		partner.fill("lar", "summit").press("Save changes").sees(422, "The LAR has this claim.")
		partner.fill("lar", "northgate").fill("customer", "Fabrikam, Inc.").fill("agreement_number", "E65-9").press("Save changes").
			sees(200, "The claim was changed.", "Fabrikam, Inc.", "Northgate Licensing has not reported this number.")
	})
}

// TestSlowerOneSeesWhatChanged: a form with an older version is answered with who
// changed what, and what was typed stands beside it.
func TestSlowerOneSeesWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		one, other, desk := p.as(t, p.partner.MemberID), p.as(t, p.partner.MemberID), p.as(t, p.lar.MemberID)
		one.claimTo("northgate", "Fabrikam")
		claim := one.at
		one.visit(claim + "/edit")
		desk.visit(claim)
		other.visit(claim+"/edit").fill("seats", "400").press("Save changes").sees(200, "The claim was changed.")
		one.fill("note", "We wrote the plan.").press("Save changes").sees(409, "Dana Ruiz of Alder Networks changed claim", "We wrote the plan.", "We brought the deal.")
		if strings.Contains(one.text(), "Fabrikam") {
			t.Errorf("what is the same is shown as changed: %s", one.text())
		}
		desk.fill("code", "duplicate").press("Reject the claim").sees(409, "Dana Ruiz of Alder Networks changed claim")
		one.visit(claim)
		other.visit(claim).press("Withdraw the claim").sees(200, "Withdrawn")
		one.press("Withdraw the claim").sees(409, "Withdrawn")
	})
}

// TestDraftIsKeptAndDiscarded: as it was typed, right or wrong.
func TestDraftIsKeptAndDiscarded(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		partner := p.as(t, p.partner.MemberID)
		partner.visit("/claims/new").fill("customer", "Fabrikam").fill("amount", "a lot").press("Save draft").sees(200, "The draft was saved.", "Draft of a claim")
		if got := partner.doc.Find("#amount").AttrOr("value", ""); got != "a lot" {
			t.Errorf("the amount is now %q", got)
		}
		partner.press("Submit claim").sees(422)
		for _, field := range []string{"lar", "customer_state", "program", "amount", "expected_on", "kind"} {
			if partner.wrong()[field] == "" {
				t.Errorf("nothing is said at %s: %v", field, partner.wrong())
			}
		}
		partner.visit("/claims").sees(200, "Fabrikam", "Draft", "Your turn")
		p.as(t, p.staff).visit("/claims").sees(200, "No claims yet")
		partner.visit(partner.href("Fabrikam")).visit(partner.href("Go on with the draft")).press("Discard the draft").sees(200, "The draft was discarded.", "Your claims will be listed here")
	})
}
