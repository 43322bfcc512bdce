package web

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // as authenticator apps have it
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// appCode is what an authenticator app shows, some steps from now, for the secret
// on the page.
func (p *portal) appCode(t testing.TB, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil || len(key) != 20 {
		t.Fatalf("the secret is %q", secret)
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(p.store.Clock().System().Unix()/30+steps))
	mac := hmac.New(sha1.New, key)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&0xf:])&0x7fffffff%1_000_000)
}

// setUpApp does what the pages say and returns the secret and the recovery codes.
func (b *browser) setUpApp() (secret string, codes []string) {
	b.t.Helper()
	b.visit("/account/app").press("Show the code").sees(200, "Let the app read this")
	secret = b.doc.Find(".secret").Text()
	b.fill("code", b.p.appCode(b.t, secret, -1)).press("Set up the app").sees(200, "They are shown this one time")
	for _, c := range b.doc.Find(".codes code").EachIter() {
		codes = append(codes, c.Text())
	}
	return secret, codes
}

// With an app the password leads to a second step, where a code works once and a
// recovery code stands in.
func TestSecondStep(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.signIn("dana@alder.example", p.password)
		secret, codes := b.setUpApp()
		if len(codes) != 10 {
			t.Fatalf("codes %q", codes)
		}
		b.press("Sign out")
		b.signIn("dana@alder.example", p.password).sees(200, "One more step")
		if p.browserLike(b).visit("/account").at != "/signin" {
			t.Error("the password alone opens the account")
		}
		b.press("Sign in").sees(422, "Enter a code.")
		b.fill("code", "12345x").press("Sign in").sees(422, "This code is not right")
		now := p.appCode(t, secret, 0)
		b.fill("code", now[:3]+" "+now[3:]).press("Sign in").sees(200, "Dana Ruiz")
		b.visit("/account").sees(200, "Password and code", "Refused").press("Sign out")
		b.signIn("dana@alder.example", p.password).fill("code", now).press("Sign in").sees(422, "was used already")
		b.fill("code", strings.ToLower(codes[0])).press("Sign in").sees(200, "Dana Ruiz")
		if subject := p.mails(t, "dana@alder.example")[0].Subject; subject != "A recovery code was used" {
			t.Errorf("the newest mail is %q", subject)
		}
		b.visit("/account/app").sees(200, "Recovery codes left", "9")
	})
}

// Who waits too long between the steps begins again, and nobody skips the first.
func TestSecondStepNeedsTheFirst(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.visit("/signin/second").sees(200, "The first step is too long ago")
	b.signIn("dana@alder.example", p.password)
	secret, _ := b.setUpApp()
	b.press("Sign out")
	b.signIn("dana@alder.example", p.password)
	p.pass(influence.CeremonyLife + time.Second)
	b.fill("code", p.appCode(t, secret, 0)).press("Sign in").sees(200, "The first step is too long ago")
}

// Wrong codes make wait, and a right one waits too.
func TestWrongCodesMakeWait(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password)
	secret, _ := b.setUpApp()
	b.press("Sign out")
	b.signIn("dana@alder.example", p.password)
	for range 5 {
		b.fill("code", "000000").press("Sign in").sees(422)
	}
	b.fill("code", p.appCode(t, secret, 0)).press("Sign in").sees(429, "many wrong codes", "Wait 15 minutes")
	p.pass(influence.TriesForgotten)
	b.signIn("dana@alder.example", p.password).fill("code", p.appCode(t, secret, 0)).press("Sign in").sees(200, "Dana Ruiz")
}

// TestASVS_6_4_3_ResetKeepsTheSecondFactor: a new password by mail does not do without the second factor.
func TestASVS_6_4_3_ResetKeepsTheSecondFactor(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password)
	secret, _ := b.setUpApp()
	stranger := p.browser(t)
	stranger.visit("/password/forgot").fill("email", "dana@alder.example").press("Send the link")
	stranger.visit(p.mailed(t, "dana@alder.example")).fill("password", strong).press("Set the password").sees(200, "Your new password is set.")
	stranger.signIn("dana@alder.example", strong).sees(200, "One more step")
	if stranger.visit("/account").at != "/signin" {
		t.Error("the reset opens the account")
	}
	stranger.visit("/signin/second").fill("code", p.appCode(t, secret, 0)).press("Sign in").sees(200, "Dana Ruiz")
}

// TestASVS_6_3_3_SecondFactorIsDue: Microsoft's staff and the owners at a LAR reach nothing but the
// pages to set up a second factor before they have one. A partner's owner may.
func TestASVS_6_3_3_SecondFactorIsDue(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.store.RequireSecondFactor()
		for _, email := range []string{"maya@microsoft.example", "theo@northgate.example"} {
			b := p.browser(t)
			b.signIn(email, p.password).sees(200, "Your role needs a second factor")
			for _, to := range []string{"/", "/agreements", "/agreements.csv", "/claims", "/dashboard", "/partners", "/team", "/reports", "/no-such-page"} {
				if b.visit(to); b.at != "/account" && b.status != 404 {
					t.Errorf("%s reaches %s: %d", email, b.at, b.status)
				}
			}
			b.post("/agreements", url.Values{"agreement_number": {"E9"}}).sees(403, "Set up a second factor first", "Nothing was stored.")
			b.setUpApp()
			b.visit("/agreements").sees(200)
			if b.at != "/agreements" {
				t.Errorf("with one, %s is sent to %s", email, b.at)
			}
			b.visit("/account/app").press("Remove the app").sees(422, "Your role needs a second factor")
		}
		p.browser(t).signIn("dana@alder.example", p.password).visit("/agreements").sees(200, "Dana Ruiz")
	})
}

// After a quarter of an hour the password is asked again; then the page comes that
// was wanted, and the session has another cookie.
func TestProofLeadsOn(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password)
	b.visit("/account/email").sees(200, "Change your e-mail")
	p.pass(influence.ProofLife + time.Minute)
	before := p.sid(t, b)
	b.visit("/account/email").sees(200, "Prove it is you")
	b.press("Go on").sees(422, "Enter your password.")
	b.fill("proof_password", "wrong").press("Go on").sees(422, "This is not your password.")
	b.fill("proof_password", p.password).press("Go on").sees(200, "Change your e-mail")
	if b.at != "/account/email" || p.sid(t, b) == before {
		t.Errorf("at %s with the same cookie: %v", b.at, p.sid(t, b) == before)
	}
}

// sid is the cookie of a browser's session.
func (p *portal) sid(t testing.TB, b *browser) string {
	t.Helper()
	at, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.http.Jar.Cookies(at) {
		if c.Name == cookieName(false) {
			return c.Value
		}
	}
	t.Fatal("no session")
	return ""
}

// A form that was sent too late is done once the proof is there, with what was
// typed; a password is never written into the page.
func TestProofKeepsWhatWasTyped(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password).visit("/account/email")
	p.pass(influence.ProofLife + time.Minute)
	b.fill("email", "dana.ruiz@alder.example").press("Send the link").sees(403, "Prove it is you")
	if n := len(p.mails(t, "dana.ruiz@alder.example")); n != 0 {
		t.Fatalf("%d mails before the proof", n)
	}
	b.fill("proof_password", p.password).press("Go on").sees(200, "Check your mail")
	if n := len(p.mails(t, "dana.ruiz@alder.example")); n != 1 {
		t.Errorf("%d mails", n)
	}
	p.pass(influence.ProofLife + time.Minute)
	b.post("/account/passkeys", url.Values{"name": {"laptop"}, "password": {"in the clear"}, "credential": {"{}"}}).sees(403, "Prove it is you")
	if html, _ := b.doc.Html(); strings.Contains(html, "in the clear") || !strings.Contains(html, "laptop") {
		t.Error("the page holds a password, or lost the name")
	}
}

// Where the proof leads is one of our own routes, whatever the browser says.
func TestProofLeadsNowhereElse(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password)
	for _, to := range []string{"", "//evil.example", "https://evil.example", "get.//evil.example", "get.claims", "post.claims.:ref.withdraw", "post.signout", "get.claims.:ref"} {
		for _, thing := range []string{"", "//evil.example", "../../evil", "\\evil.example", "?x=//evil.example"} {
			b.visit("/account/proof?"+url.Values{"for": {to}, "thing": {thing}}.Encode()).fill("proof_password", p.password).press("Go on")
			if where, err := url.Parse(b.at); err != nil || where.Host != "" || !slices.Contains([]string{"account", "claims"}, strings.Split(where.Path, "/")[1]) {
				t.Errorf("%q with %q leads to %s", to, thing, b.at)
			}
		}
	}
}

// The address is changed from its new mailbox; mail programs that open links change
// nothing.
func TestChangeEmailThroughPages(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.signIn("dana@alder.example", p.password).visit("/account")
		b.visit(b.href("Change your e-mail"))
		b.press("Send the link").sees(422)
		b.fill("email", "Dana@Alder.example").press("Send the link").sees(422, "This is your address already.")
		b.fill("email", "ruiz@alder.example").press("Send the link").sees(200, "Check your mail")
		link := p.mailed(t, "ruiz@alder.example")
		elsewhere := p.browser(t)
		elsewhere.visit(link).sees(200, "dana@alder.example", "ruiz@alder.example")
		b.visit("/account").sees(200, "dana@alder.example")
		elsewhere.press("Confirm the new address").sees(200, "Your e-mail is changed.")
		if b.visit("/account").at != "/signin" {
			t.Error("the other session goes on")
		}
		elsewhere.visit(link).sees(410)
		elsewhere.signIn("dana@alder.example", p.password).sees(422)
		elsewhere.signIn("ruiz@alder.example", p.password).sees(200, "Dana Ruiz")
	})
}

// TestASVS_6_3_7_EachChangeIsTold: each change of what one signs in with is told by one mail.
func TestASVS_6_3_7_EachChangeIsTold(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password)
	told := func(subject string) {
		t.Helper()
		all := p.mails(t, "dana@alder.example")
		n := 0
		for _, m := range all {
			if m.Subject == subject {
				n++
			}
		}
		if n != 1 || all[0].Subject != subject {
			t.Errorf("%q was told %d times; the newest mail is %q", subject, n, all[0].Subject)
		}
	}
	b.setUpApp()
	told("An authenticator app was set up")
	b.visit("/account/app").press("Make new recovery codes").sees(200, "They are shown this one time")
	told("Your recovery codes were made anew")
	b.visit("/account/app").press("Remove the app").sees(200, "The authenticator app is removed.")
	told("Your authenticator app was removed")
	b.visit("/account").fill("current", p.password).fill("password", strong).press("Change password").sees(200)
	told("Your password was changed")
	b.visit("/account/email").fill("email", "ruiz@alder.example").press("Send the link")
	b.visit(p.mailed(t, "ruiz@alder.example")).press("Confirm the new address").sees(200, "Your e-mail is changed.")
	told("Your e-mail address was changed")
}

// A code drawn by chance is in none of the places where the right one would be; the
// drawing is the secret's own.
func TestQRCodeIsDrawnInline(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password).visit("/account/app").press("Show the code")
	svg := b.doc.Find("svg.qr")
	if d := svg.Find("path").AttrOr("d", ""); len(d) < 1000 || svg.Find("image").Length() != 0 || b.doc.Find("[style]").Length() != 0 {
		t.Errorf("the drawing has %d signs", len(d))
	}
	if b.header.Get("Content-Security-Policy") != contentPolicy {
		t.Error("the page has a policy of its own")
	}
}

// TestASVS_7_5_3_WhatMattersMostNeedsAFreshProof: staff takes all of a table of
// everybody, and changes members, with a fresh proof only; a part of a table, and
// what everybody may read, without.
func TestASVS_7_5_3_WhatMattersMostNeedsAFreshProof(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("maya@microsoft.example", p.password)
	asked := func(path string) bool {
		t.Helper()
		return strings.HasPrefix(b.visit(path).at, "/account/proof")
	}
	for _, fresh := range []bool{true, false} {
		for path, needs := range map[string]bool{"/agreements.csv": true, "/claims.xlsx": true, "/partners.json": true, "/partners.csv?q=alder": false, "/partners.csv?order=reverse": true, "/claims.csv?x=y": true, "/claims.csv?state=intent": false, "/lars.csv": false, "/agreements": false} {
			if asked(path) != (needs && !fresh) {
				t.Errorf("%s, fresh %v: at %s", path, fresh, b.at)
			}
		}
		p.pass(influence.ProofLife + time.Minute)
	}
	b.visit("/agreements.csv").fill("proof_password", p.password).press("Go on")
	if b.at != "/agreements.csv" || b.status != 200 {
		t.Errorf("after the proof: %d at %s", b.status, b.at)
	}
}
