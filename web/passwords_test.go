package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
)

// A forgotten password is chosen anew; what the old one opened is closed.
func TestPasswordReset(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		elsewhere := p.browser(t)
		elsewhere.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz")
		b := p.browser(t)
		b.visit("/password/forgot").fill("email", "Dana@Alder.example").press("Send the link").sees(200, "Check your mail")
		link := p.mailed(t, "dana@alder.example")
		b.visit(link).sees(200, "dana@alder.example").fill("password", "alder networks 2007").press("Set the password").sees(422, "without your company’s name")
		b.fill("password", strong).press("Set the password").sees(200, "Your new password is set.")
		b.visit(link).sees(410, "This link no longer works")
		elsewhere.visit("/account")
		if elsewhere.at != "/signin" {
			t.Errorf("the older session still opens %s", elsewhere.at)
		}
		b.signIn("dana@alder.example", p.password).sees(422)
		b.signIn("dana@alder.example", strong).sees(200, "Dana Ruiz")
		if subject := p.mails(t, "dana@alder.example")[0].Subject; subject != "Your password was changed" {
			t.Errorf("the newest mail is %q", subject)
		}
	})
}

func TestPasswordResetAnswersKnownAndUnknownAlike(t *testing.T) {
	p := onSQLite(t)
	known, unknown := p.browser(t), p.browser(t)
	known.visit("/password/forgot").fill("email", "dana@alder.example").press("Send the link")
	unknown.visit("/password/forgot").fill("email", "nobody@alder.example").press("Send the link")
	if known.text() != unknown.text() || known.at != unknown.at {
		t.Errorf("%q\n%q", known.text(), unknown.text())
	}
	if n := len(p.mails(t, "nobody@alder.example")); n != 0 {
		t.Errorf("%d mails to a stranger", n)
	}
	known.visit("/password/forgot").fill("email", "dana").press("Send the link").sees(422, "one @")
}

func TestResetLinkEnds(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.visit("/password/forgot").fill("email", "dana@alder.example").press("Send the link")
	link := p.mailed(t, "dana@alder.example")
	b.visit(link)
	p.pass(influence.ResetLinkLife + time.Minute)
	b.fill("password", strong).press("Set the password").sees(410)
	b.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz")
}

// An invited member chooses a password and is in.
func TestInvitation(t *testing.T) {
	p := onSQLite(t)
	token, err := p.store.As(influence.Operator()).AddMember(t.Context(), store.NewMember{Kind: "lar", LARSlug: "northgate", Email: "kim@northgate.example", Name: "Kim Lee"})
	if err != nil {
		t.Fatal(err)
	}
	b := p.browser(t)
	b.visit("/invite/"+token).sees(200, "Welcome, Kim Lee", "Northgate Licensing").fill("password", "short").press("Set the password and sign in").sees(422, "15 characters")
	b.fill("password", strong).press("Set the password and sign in").sees(200, "Kim Lee")
	b.visit("/team").sees(200, "Theo Okafor", "Kim Lee")
	p.browser(t).visit("/invite/" + token).sees(410)
	p.browser(t).visit("/invite/nonsense").sees(410)
}

// A changed password ends the other sessions, not this one.
func TestASVS_7_4_3_ChangePassword(t *testing.T) {
	p := onSQLite(t)
	here, there := p.browser(t), p.browser(t)
	here.signIn("dana@alder.example", p.password)
	there.signIn("dana@alder.example", p.password)
	here.visit("/account").fill("current", "wrong").fill("password", "short").press("Change password").sees(422, "This is not your password.", "15 characters")
	if got := here.wrong(); len(got) != 2 {
		t.Errorf("wrong are %v", got)
	}
	here.fill("current", p.password).fill("password", strong).press("Change password").sees(200, "Your password is changed.")
	if there.visit("/account"); there.at != "/signin" {
		t.Errorf("the other session opens %s", there.at)
	}
	here.visit("/account").sees(200, "Where you are signed in")
}

// Sessions are listed and ended one by one or all at once.
func TestASVS_7_5_2_EndSessions(t *testing.T) {
	p := onSQLite(t)
	here, second, third := p.browser(t), p.browser(t), p.browser(t)
	for _, b := range []*browser{here, second, third} {
		b.signIn("dana@alder.example", p.password)
	}
	here.visit("/account").sees(200, "Firefox on Windows", "This session")
	if n := here.doc.Find("#session-rows tr").Length(); n != 3 {
		t.Errorf("%d sessions", n)
	}
	here.press("End the session in Firefox on Windows").sees(200, "The session has ended.")
	if n := here.doc.Find("#session-rows tr").Length(); n != 2 {
		t.Errorf("%d sessions", n)
	}
	here.press("End all other sessions").sees(200, "All other sessions have ended.")
	for _, b := range []*browser{second, third} {
		if b.visit("/account"); b.at != "/signin" {
			t.Errorf("an ended session opens %s", b.at)
		}
	}
	theo := p.browser(t)
	theo.signIn("theo@northgate.example", p.password).visit("/account")
	own := here.doc.Find("input[name=session]").AttrOr("value", strings.Repeat("0", 16))
	theo.post("/account/sessions/end", url.Values{"session": {own}})
	here.visit("/account").sees(200, "This session")
}
