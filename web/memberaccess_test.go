package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"irm/influence"
	"irm/store"

	"github.com/PuerkitoBio/goquery"
)

// colleague adds a second member to the partner, and returns its id.
func (p *portal) colleague(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	link, err := p.store.As(influence.Operator()).AddMember(ctx, store.NewMember{Kind: "partner", PartnerNo: "110022", Email: "kim@alder.example", Name: "Kim Alder"})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := newHashing().hash(ctx, p.password)
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.store.As(influence.Actor{}).ChoosePassword(ctx, "invite", link, hash)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// signsIn reports whether a password opens an account.
func (p *portal) signsIn(t testing.TB, email, password string) bool {
	t.Helper()
	b := p.browser(t)
	b.visit("/signin").fill("email", email).fill("password", password).press("Sign in")
	return b.status == 200 && !strings.HasPrefix(b.at, "/signin")
}

// An owner, and an administrator, has a link mailed to a member. Neither sees the
// link or the password, nor sets one, whatever fields they send; until the member
// uses the link its password stays, and afterwards it is one that only it knows.
func TestASVS_6_4_6_NoAdministratorLearnsAPassword(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.colleague(t)
		for who, from := range map[string]string{p.partner.MemberID: "/team", p.staff: "/members"} {
			b := p.as(t, who)
			b.visit(from).press("Mail a password link: Kim Alder").sees(200, "A link to choose a new password is on its way to Kim Alder.")
			link := p.mailed(t, "kim@alder.example")
			if token := link[strings.Index(link, "=")+1:]; !strings.HasPrefix(link, "/password/reset?token=") || strings.Contains(said(b.doc.Selection), token) {
				t.Errorf("%s: the link is %s", from, link)
			}
			form := b.visit(from).doc.Find("form button").FilterFunction(func(_ int, x *goquery.Selection) bool { return said(x) == "Mail a password link: Kim Alder" }).Closest("form")
			more := successful(form)
			more.Set("password", "chosen by somebody else")
			more.Set("email", "dana@alder.example")
			b.post(form.AttrOr("action", ""), more).sees(200, "on its way to Kim Alder")
			if !p.signsIn(t, "kim@alder.example", p.password) || p.signsIn(t, "kim@alder.example", "chosen by somebody else") {
				t.Errorf("%s: the password changed before the member chose one", from)
			}
			if got := p.mails(t, "dana@alder.example"); len(got) != 0 {
				t.Errorf("%s: a mail went to the owner: %s", from, got[0].Subject)
			}
			kim := p.browser(t)
			kim.visit(link).sees(410) // the second link is the one that works
			kim.visit(p.mailed(t, "kim@alder.example")).fill("password", "twelve loud harbors wake "+from[1:]).press("Set the password").sees(200, "Your new password is set.")
			p.password = "twelve loud harbors wake " + from[1:]
		}
	})
}

// An owner ends all sessions of a member of its own, an administrator those of
// anybody and those of everybody at once; who asks stays signed in.
func TestASVS_7_4_5_AdministratorsEndSessions(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		kim := p.colleague(t)
		for who, from := range map[string]string{p.partner.MemberID: "/team", p.staff: "/members"} {
			one, two, other, b := p.as(t, kim), p.as(t, kim), p.as(t, p.lar.MemberID), p.as(t, who)
			b.visit(from).press("End all sessions: Kim Alder").sees(200, "Kim Alder is signed out everywhere")
			for _, x := range []*browser{one, two} {
				if x.visit("/account"); x.at != "/signin" {
					t.Errorf("%s: a session of the member is at %s", from, x.at)
				}
			}
			other.visit("/account").sees(200)
			b.visit("/account").sees(200)
			if got := p.mails(t, "kim@alder.example"); !strings.HasPrefix(got[0].Subject, "You were signed out of Alder Networks") {
				t.Errorf("%s: the member is mailed %q", from, got[0].Subject)
			}
		}
		all := []*browser{p.as(t, kim), p.as(t, p.lar.MemberID), p.as(t, p.partner.MemberID), p.as(t, p.staff)}
		staff := p.as(t, p.staff)
		p.as(t, p.partner.MemberID).post("/members/signout", url.Values{"key": {"k"}}).sees(403)
		all[0].visit("/account").sees(200)
		staff.visit("/members").press("End all sessions").sees(200, "Everybody but you is signed out.")
		for i, x := range all {
			if x.visit("/account"); x.at != "/signin" {
				t.Errorf("session %d is at %s", i, x.at)
			}
		}
		staff.visit("/audit").sees(200, "all members")
	})
}

// What an owner does with a member that changes nothing of it stands in the ledger.
func TestLedgerSaysWhatWasDone(t *testing.T) {
	p := onSQLite(t)
	p.colleague(t)
	owner := p.as(t, p.partner.MemberID)
	owner.visit("/team").press("Mail a password link: Kim Alder")
	owner.visit("/team").press("End all sessions: Kim Alder")
	owner.visit("/team/activity").sees(200, "password link mailed", "signed out everywhere")
}

// The page of a team and its answers say the same of an address that is free and of
// one that is a member's elsewhere.
func TestInvitedAddressesLookAlike(t *testing.T) {
	for kind, fresh := range map[string]func(testing.TB) string{"sqlite": databases.SQLite, "postgres": databases.Postgres} {
		t.Run(kind, func(t *testing.T) {
			pages := map[string]string{}
			for _, email := range []string{"nora@northgate.example", "theo@northgate.example"} {
				p := newPortal(t, fresh(t), Config{})
				b := p.as(t, p.partner.MemberID)
				b.visit("/team").fill("name", "Nora New").fill("email", email).fill("rank", "member").press("Send invitation").sees(200, "an invitation is on its way", email, "Invited")
				pages[email] = said(b.doc.Find("main"))
				b.fill("name", "Nora New").fill("email", email).fill("rank", "member").press("Send invitation").sees(422, "This person is invited already.")
				b.visit("/team").press("Send the invitation again: Nora New").sees(200, "A new invitation is on its way to Nora New.")
				b.visit("/team").press("Withdraw the invitation: Nora New").sees(200, "Nora New is out")
				entries, _, _ := strings.Cut(said(b.visit("/team/activity").doc.Find("main table")), "Asked for a connection")
				pages[email] = strings.ReplaceAll(pages[email]+entries, email, "ADDRESS")
			}
			if free, taken := pages["nora@northgate.example"], pages["theo@northgate.example"]; free != taken || !strings.Contains(free, "ADDRESSOrganization") {
				t.Errorf("free\n%s\ntaken\n%s", free, taken)
			}
		})
	}
}
