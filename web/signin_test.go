package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func (b *browser) signIn(email, password string) *browser {
	b.t.Helper()
	return b.visit("/signin").fill("email", email).fill("password", password).press("Sign in")
}

// Signing in and out, as each role: the bar shows what it may open, and each
// place answers.
func TestEachRoleFindsItsPlaces(t *testing.T) {
	p := onSQLite(t)
	for email, name := range map[string]string{"dana@alder.example": "Dana Ruiz", "theo@northgate.example": "Theo Okafor", "maya@microsoft.example": "Maya Kim"} {
		b := p.browser(t)
		b.signIn(email, p.password).sees(200, name)
		links := b.doc.Find(".nav a, .foot a, .me")
		if links.Length() < 5 {
			t.Errorf("%s has %d links", name, links.Length())
		}
		for i := range links.Length() {
			href := links.Eq(i).AttrOr("href", "")
			p.browserLike(b).visit(href).sees(200)
		}
		b.visit("/").press("Sign out").sees(200, "You are signed out.")
		b.visit("/account").sees(200, "Sign in")
		if b.at != "/signin" {
			t.Errorf("signed out, %s answers", b.at)
		}
	}
}

// browserLike is another tab of the same browser.
func (p *portal) browserLike(b *browser) *browser {
	other := *b
	return &other
}

// Wrong passwords and unknown addresses get the same answers and the same pauses;
// nobody is locked out for longer than a quarter of an hour.
func TestWrongPasswordsWait(t *testing.T) {
	p := onSQLite(t)
	known, unknown := p.browser(t), p.browser(t)
	for try := range 12 {
		known.signIn("dana@alder.example", "not the password")
		unknown.signIn("nobody@alder.example", "not the password")
		if known.status != unknown.status || strings.ReplaceAll(known.text(), "dana@", "") != strings.ReplaceAll(unknown.text(), "nobody@", "") {
			t.Fatalf("try %d: %d %q\n%d %q", try, known.status, known.text(), unknown.status, unknown.text())
		}
		want := http.StatusUnprocessableEntity
		if try >= 10 {
			want = http.StatusTooManyRequests
		}
		known.sees(want)
	}
	known.sees(429, "many wrong tries", "Wait 1 second")
	if known.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	known.signIn("dana@alder.example", p.password).sees(429)
	p.pass(2 * time.Second)
	known.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz")
	p.browser(t).signIn("dana@alder.example", "not the password").sees(422) // counted anew
}

// Whose session ended over a form learns it, and can send the form again.
func TestSessionEndsOverAForm(t *testing.T) {
	p := onSQLite(t)
	b := p.as(t, p.partner.MemberID)
	b.visit("/claims/new")
	p.pass(8 * 24 * time.Hour)
	form := *b
	b.press("Save draft").sees(403, "You are signed out", "Nothing was stored.")
	b.signIn("dana@alder.example", p.password).sees(200)
	form.press("Save draft").sees(200, "The draft was saved.")
}

// Strangers' wrong passwords do not keep out who was signed in before.
func TestStrangersDoNotLockOut(t *testing.T) {
	p := onSQLite(t)
	own, stranger := p.browser(t), p.browser(t)
	own.signIn("dana@alder.example", p.password).press("Sign out")
	for range 12 {
		stranger.signIn("dana@alder.example", "not the password")
	}
	stranger.sees(429)
	own.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz")
}

func TestSignInKeepsTheAddress(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.visit("/signin").fill("email", "dana@alder.example").press("Sign in").sees(422, "Enter your e-mail and your password.")
	if got := b.doc.Find("#email").AttrOr("value", ""); got != "dana@alder.example" {
		t.Errorf("the address is %q", got)
	}
	b.visit("/signin?next=//evil.example").fill("email", "dana@alder.example").fill("password", p.password).press("Sign in").sees(200, "Dana Ruiz")
}

// The cookie has every protection, and with https a name that only this host can set.
func TestASVS_3_3_1_3_3_2_3_3_3_3_3_4_SessionCookie(t *testing.T) {
	for base, want := range map[string]string{"": "sid", "https://irm.example": "__Host-sid"} {
		p := newPortal(t, databases.SQLite(t), Config{BaseURL: base})
		b := p.browser(t)
		b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		b.signIn("dana@alder.example", p.password)
		cookies := (&http.Response{Header: b.header}).Cookies()
		if len(cookies) != 2 {
			t.Fatalf("cookies: %v", cookies)
		}
		for _, c := range cookies {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != (base != "") || strings.HasPrefix(c.Name, "__Host-") != c.Secure {
				t.Errorf("the cookie is %s", c)
			}
		}
		if c := cookies[1]; c.Name != want || len(c.Value) != 43 {
			t.Errorf("the session's cookie is %s", c)
		}
	}
}

// A demonstration has a button for each of its people.
func TestDemoSignsInByButton(t *testing.T) {
	p := newPortal(t, databases.SQLite(t), Config{Demo: true, SignIns: []DemoSignIn{{Name: "Dana Ruiz", Role: "Partner", Email: "dana@alder.example", Password: "seven green kettles sing"}}})
	b := p.browser(t)
	b.visit("/signin").sees(200, "Demo: program time Mon 16 Apr 2007, 9:00 am ET")
	b.press("Dana Ruiz · Partner").sees(200, "Alder Networks")
	b.visit("/demo/mail").sees(200, "Mails")
}

// Outside of one there are neither buttons nor mails.
func TestNoDemoWithoutOne(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	if n := b.visit("/signin").doc.Find("input[name=as], .demo-line").Length(); n != 0 {
		t.Errorf("%d marks of a demonstration", n)
	}
	b.visit("/demo/mail").sees(404)
}

// A network gets a hundred tries an hour.
func TestSignInLimitsANetwork(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t).visit("/signin")
	for range 101 {
		b.post("/signin", nil)
	}
	b.sees(429, "Too many tries in a short time")
	p.pass(time.Minute)
	b.post("/signin", nil).sees(422)
}
