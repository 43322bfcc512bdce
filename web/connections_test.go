package web

import (
	"context"
	"strings"
	"testing"

	"irm/influence"
	"irm/store"
)

// secondLAR adds a Ready LAR that nobody is connected with, and returns its
// reference and its member.
func (p *portal) secondLAR(t testing.TB) (ref, member string) {
	t.Helper()
	ctx, operator := context.Background(), p.store.As(influence.Operator())
	ref, err := operator.AddLAR(ctx, store.NewLAR{Slug: "summit", Name: "Summit Licensing", Status: influence.LARReady})
	if err != nil {
		t.Fatal(err)
	}
	link, err := operator.AddMember(ctx, store.NewMember{Kind: "lar", LARSlug: "summit", Email: "sue@summit.example", Name: "Sue Summit"})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := newHashing().hash(ctx, p.password)
	if err != nil {
		t.Fatal(err)
	}
	if member, err = p.store.As(influence.Actor{}).ChoosePassword(ctx, "invite", link, hash); err != nil {
		t.Fatal(err)
	}
	return ref, member
}

// TestClaimAsksForTheConnection: Submit asks for it, the LAR sees the request and
// not the claim, accepts, and has the claim.
func TestClaimAsksForTheConnection(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		_, member := p.secondLAR(t)
		partner, desk := p.as(t, p.partner.MemberID), p.as(t, member)
		partner.claimTo("summit", "Fabrikam").sees(200, "The claim was submitted.", "Waiting for connection", "Summit Licensing has until 30 Apr 2007 to accept the connection")
		claim := partner.at
		desk.visit("/claims").sees(200, "No claims yet")
		desk.visit(claim).sees(404)
		desk.visit("/connections").sees(200, "Waiting for your answer", "Alder Networks", "Gold", "New Hampshire", "1 claim waits")
		if strings.Contains(desk.text(), "Dana") || strings.Contains(desk.text(), "Fabrikam") {
			t.Errorf("the request shows more than it may: %s", desk.text())
		}
		desk.press("Accept").sees(200, "The request was accepted.", "No request waits.", "Connected")
		desk.visit(claim).sees(200, "Fabrikam", "Waiting for an agreement", "Attach or reject")
		partner.visit("/connections").sees(200, "Summit Licensing", "Connected")
		partner.visit("/lars/"+p.larRef(t, "summit")).sees(200, "sue@summit.example")
		desk.visit("/partners").sees(200, "Alder Networks")
		desk.visit(desk.href("Alder Networks")).sees(200, "Dana Ruiz", "dana@alder.example", "110022")
	})
}

func (p *portal) larRef(t testing.TB, slug string) string {
	t.Helper()
	l, err := p.store.As(influence.Operator()).LAR(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return l.Ref
}

// TestDeclinedConnection: the partner reads the reason, has its draft again, and
// may ask again with a note.
func TestDeclinedConnection(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		ref, member := p.secondLAR(t)
		partner, desk := p.as(t, p.partner.MemberID), p.as(t, member)
		partner.claimTo("summit", "Fabrikam")
		claim := partner.at
		desk.visit("/connections").fill("reason", strings.Repeat("x", 4001)).press("Decline the request").sees(422, "4,000 fit")
		desk.fill("reason", "We do not sell there.").press("Decline the request").sees(200, "The request was declined.")
		partner.visit(claim).sees(200, "Draft", "Go on with the draft")
		partner.visit("/lars/"+ref).sees(200, "Declined", "We do not sell there.")
		partner.fill("note", "We opened an office in Maine.").press("Ask to connect").sees(200, "The LAR was asked.", "Summit Licensing has until")
		desk.visit("/connections").sees(200, "We opened an office in Maine.")
		if got := partner.visit("/lars/" + ref).doc.Find("#note").Length(); got != 0 {
			t.Error("a LAR that was asked can be asked once more")
		}
	})
}
