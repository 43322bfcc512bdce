package web

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

const strong = "nine copper lanterns drift"

// apply fills in the form to enroll a company and sends it.
func (b *browser) apply(email, partnerNo, level string) *browser {
	b.t.Helper()
	b.visit("/signup").sees(200, "Enroll your company")
	for name, value := range map[string]string{"name": "Ann Birch", "email": email, "password": strong, "company": "Birch Systems", "partner_id": partnerNo,
		"level": level, "state": "VT", "phone": "(802) 555-0101"} {
		b.fill(name, value)
	}
	return b.press("Send application")
}

// A Certified partner whose address has the roster's domain is enrolled at once.
func TestSignUpEnrollsByTheRoster(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.apply("ann@birch.example", "220044", "registered").sees(200, "Check your mail")
		link := p.mailed(t, "ann@birch.example")
		b.visit(link).sees(200, "Confirm your e-mail", "Birch Systems", "ann@birch.example")
		b.visit(link).press("Confirm my address").sees(200, "Your company is enrolled.", "Ann Birch", "Birch Systems")
		other := p.browser(t)
		other.visit(link).sees(410, "This link no longer works")
		other.visit("/signin").fill("email", "Ann@Birch.example").fill("password", strong).press("Sign in").sees(200, "Ann Birch")
		other.visit("/account").sees(200, "ann@birch.example", "Birch Systems", "Owner")
		other.visit("/team").sees(200, "Ann Birch", "You")
	})
}

// Whoever the roster does not vouch for waits, and learns nothing of who is known.
func TestSignUpWaitsForAManager(t *testing.T) {
	for what, a := range map[string][2]string{
		"another domain":         {"ann@elsewhere.example", "220044"},
		"a mail provider":        {"ann.birch@gmail.com", "220044"},
		"not on the roster":      {"ann@birch.example", "990011"},
		"enrolled already":       {"new@alder.example", p110022},
		"enrolled, wrong domain": {"new@elsewhere.example", p110022},
	} {
		t.Run(what, func(t *testing.T) {
			p := onSQLite(t)
			b := p.browser(t)
			b.apply(a[0], a[1], "certified").sees(200, "Check your mail")
			b.visit(p.mailed(t, a[0])).press("Confirm my address")
			b.sees(200, "Your address is confirmed.", "Waiting", "A partner manager looks at your application")
			for _, secret := range []string{"roster", "enrolled already", "domain"} {
				if strings.Contains(b.text(), secret) {
					t.Errorf("the applicant reads %q: %s", secret, b.text())
				}
			}
			for _, path := range []string{"/claims", "/partners", "/lars/" + p.lar.Ref, "/team"} {
				if b.visit(path); b.status != 403 && b.status != 404 {
					t.Errorf("an applicant opens %s: %d", path, b.status)
				}
			}
		})
	}
}

const p110022 = "110022" // the enrolled partner's ID

// Every wrong field is named at once, and what was typed is kept but the password.
func TestSignUpNamesWhatIsWrong(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.visit("/signup").press("Send application").sees(422)
	if got := b.wrong(); len(got) != 7 {
		t.Errorf("%d fields are wrong in an empty form: %v", len(got), got)
	}
	b.visit("/signup").fill("name", "Ann <b>Birch").fill("email", "ann@birch").fill("password", "short").fill("company", "Birch").fill("partner_id", "21760A").
		fill("level", "certified").fill("state", "VT").fill("phone", "call me").press("Send application")
	b.sees(422, "fields need another look")
	want := map[string]string{"email": "no ending", "password": "15 characters", "partner_id": "other than digits", "phone": "7 to 20 digits"}
	got := b.wrong()
	for field, words := range want {
		if !strings.Contains(got[field], words) {
			t.Errorf("%s says %q", field, got[field])
		}
	}
	if len(got) != len(want) {
		t.Errorf("wrong are %v", got)
	}
	form := successful(b.doc.Find("form[action='/signup']"))
	for field, value := range map[string]string{"name": "Ann <b>Birch", "email": "ann@birch", "password": "", "partner_id": "21760A", "level": "certified", "state": "VT", "terms": influence.TermsVersion} {
		if form.Get(field) != value {
			t.Errorf("%s keeps %q, want %q", field, form.Get(field), value)
		}
	}
	b.typed.Set("terms", "2006-01")
	b.press("Send application").sees(422, "The program terms have changed.")
	if all := p.mails(t, "ann@birch"); len(all) != 0 {
		t.Errorf("%d mails", len(all))
	}
}

// The page is the same for a member's address; its mailbox learns the truth.
func TestSignUpAnswersKnownAndUnknownAlike(t *testing.T) {
	p := onSQLite(t)
	unknown, known := p.browser(t), p.browser(t)
	unknown.apply("ann@birch.example", "220044", "certified")
	known.apply("dana@alder.example", "220044", "certified")
	if unknown.text() != known.text() || unknown.at != known.at || unknown.status != known.status {
		t.Errorf("%s %q\n%s %q", unknown.at, unknown.text(), known.at, known.text())
	}
	if link := p.mailed(t, "dana@alder.example"); link != "/signin" {
		t.Errorf("the member's mail leads to %s", link)
	}
	p.browser(t).visit("/signin").fill("email", "dana@alder.example").fill("password", p.password).press("Sign in").sees(200, "Dana Ruiz")
}

// A link is worth nothing after its time, and one confirmation is one.
func TestConfirmationLinkEnds(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.apply("ann@birch.example", "220044", "certified")
	link := p.mailed(t, "ann@birch.example")
	p.pass(influence.ConfirmLinkLife + time.Minute)
	b.visit(link).sees(410, "This link no longer works")
	at, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	b.post("/signup/confirm", url.Values{"token": {at.Query().Get("token")}}).sees(410)
	b.post("/signup/confirm", url.Values{"token": {""}}).sees(410)
}

// An address gets three mails an hour from strangers, and the answer stays the same.
func TestSignUpDoesNotFloodAMailbox(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	for range 5 {
		b.apply("ann@birch.example", "220044", "certified").sees(200, "Check your mail")
	}
	if n := len(p.mails(t, "ann@birch.example")); n != 3 {
		t.Errorf("%d mails", n)
	}
}

// Who was refused reads the reason and can apply again with the same address.
func TestRefusedApplicantAppliesAgain(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.apply("ann@elsewhere.example", "220044", "certified")
		b.visit(p.mailed(t, "ann@elsewhere.example")).press("Confirm my address")
		staff := p.store.As(influence.Actor{MemberID: p.staff, OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankAdministrator})
		ref := said(b.doc.Find("main .ref"))
		a, err := staff.Application(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if err := staff.RefuseApplication(t.Context(), ref, "Use an address of your company.", a.Version); err != nil {
			t.Fatal(err)
		}
		b.visit("/").sees(200, "Use an address of your company.", "Correct and apply again")
		b.visit("/signup").sees(200, "Correct your application", "ann@elsewhere.example")
		b.fill("partner_id", "22A").press("Send application").sees(422, "other than digits", "ann@elsewhere.example")
		b.fill("partner_id", "220044").fill("company", "Birch Systems, Inc.").press("Send application").sees(200, "Your application was sent again.", "Waiting", "Birch Systems, Inc.")
		b.visit("/signup").sees(200, "Waiting")
		again, err := staff.Application(t.Context(), said(b.doc.Find("main .ref")))
		if err != nil {
			t.Fatal(err)
		}
		if err := staff.AcceptApplication(t.Context(), again.Ref, again.Version); err != nil {
			t.Fatal(err)
		}
		b.visit("/account").sees(200, "Birch Systems", "Owner")
	})
}

// A person who names an enrolled partner asks to join it; accepted, it is a
// member and not an owner.
func TestJoiningAnEnrolledPartner(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.apply("lee@alder.example", p110022, "gold")
		b.visit(p.mailed(t, "lee@alder.example")).press("Confirm my address")
		staff := p.store.As(influence.Actor{MemberID: p.staff, OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankAdministrator})
		a, err := staff.Application(t.Context(), said(b.doc.Find("main .ref")))
		if err != nil || !strings.Contains(a.Why, "asks to join") {
			t.Fatalf("%q, %v", a.Why, err)
		}
		var refused influence.Refusal
		if err := staff.AcceptApplication(t.Context(), a.Ref, a.Version); !errors.As(err, &refused) {
			t.Errorf("Microsoft accepts it: %v", err)
		}
		owner := p.browser(t)
		owner.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz")
		owner.visit("/team").sees(200, "People who ask to join", "lee@alder.example").press("Accept").sees(200, "is a member of your team now")
		b.visit("/account").sees(200, "Alder Networks", "Member")
		b.visit("/team").sees(200, "Dana Ruiz", "Owner")
	})
}
