package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
)

// A code of the app is a fresh proof, and so is a recovery code: each once, and
// neither with another's. The form that waited is sent then, as it was typed.
func TestProofByCodes(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b := p.browser(t)
		b.signIn("dana@alder.example", p.password)
		secret, codes := b.setUpApp()
		late := func() { t.Helper(); p.pass(influence.ProofLife + time.Minute) }
		late()
		before := p.sid(t, b)
		b.visit("/account/email").sees(200, "Prove it is you", "one of your recovery codes")
		b.fill("proof_code", "000000").press("Go on").sees(422, "This code is not right")
		if b.wrong()["proof_code"] == "" {
			t.Errorf("wrong %v", b.wrong())
		}
		code := p.appCode(t, secret, 0)
		b.fill("proof_code", code).press("Go on").sees(200, "Change your e-mail")
		if p.sid(t, b) == before {
			t.Error("the session has the same cookie after the proof")
		}
		b.visit("/account/proof?for=get.account.email").fill("proof_code", code).press("Go on").sees(422, "was used already")
		late()
		b.post("/account/email", url.Values{"email": {"ruiz@alder.example"}, "version": {emailVersion(b)}}).sees(403, "Prove it is you")
		b.fill("proof_code", strings.ToLower(codes[3])).press("Go on").sees(200, "Check your mail")
		if got := p.mails(t, "dana@alder.example")[0].Subject; got != "A recovery code was used" {
			t.Errorf("the newest mail is %q", got)
		}
		if got := len(p.mails(t, "ruiz@alder.example")); got != 1 {
			t.Errorf("%d mails to the new address", got)
		}
		late()
		b.visit("/account/email").fill("proof_code", codes[3]).press("Go on").sees(422, "was used already")
		other := p.browser(t)
		other.signIn("theo@northgate.example", p.password)
		other.setUpApp()
		late()
		other.visit("/account/email").fill("proof_code", codes[4]).press("Go on").sees(422, "This code is not right")
		b.visit("/account/email").fill("proof_code", codes[4]).press("Go on").sees(200, "Change your e-mail")
	})
}

// emailVersion is what the form of the address carries.
func emailVersion(b *browser) string {
	b.t.Helper()
	p := b.p.asBy(b.t, b.p.partner.MemberID, influence.ByPasskey) // a session with a proof that is fresh
	return p.visit("/account/email").doc.Find(`main [name=version]`).AttrOr("value", "")
}

// Five wrong codes make wait; the password is a proof meanwhile.
func TestProofCodesMakeWait(t *testing.T) {
	p := onSQLite(t)
	b := p.browser(t)
	b.signIn("dana@alder.example", p.password)
	secret, codes := b.setUpApp()
	p.pass(influence.ProofLife + time.Minute)
	b.visit("/account/email")
	for range 5 {
		b.fill("proof_code", "000000").press("Go on").sees(422, "This code is not right")
	}
	for _, right := range []string{p.appCode(t, secret, 0), codes[0]} {
		b.fill("proof_code", right).press("Go on").sees(422, "many wrong codes", "use your password")
	}
	b.fill("proof_password", p.password).press("Go on").sees(200, "Change your e-mail")
}

// A passkey is removed by its owner alone and with a fresh proof; other sessions
// end, and a mail tells.
func TestPasskeyIsRemovedByPage(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		owner := influence.Actor{MemberID: p.partner.MemberID, OrgID: p.partner.ID, Role: influence.RolePartner, Rank: influence.RankOwner}
		for _, name := range []string{"phone", "laptop"} {
			if _, err := p.store.As(owner).AddPasskey(t.Context(), store.Passkey{ID: name, Name: name, Credential: "{}"}, ""); err != nil {
				t.Fatal(err)
			}
		}
		b, elsewhere := p.withPasskey(t), p.withPasskey(t)
		b.visit("/account").sees(200, "phone", "laptop")
		action := b.doc.Find(`form[action$="/remove"]`).First().AttrOr("action", "")
		p.as(t, p.lar.MemberID).post(action, url.Values{}).sees(404)
		p.pass(influence.ProofLife + time.Minute)
		b.press("Remove the passkey phone").sees(403, "Prove it is you")
		b.fill("proof_password", p.password).press("Go on").sees(200, "The passkey is removed.")
		if text := said(b.visit("/account").doc.Find("main")); strings.Contains(text, "the passkey phone") || !strings.Contains(text, "the passkey laptop") {
			t.Errorf("the account has %s", text)
		}
		if elsewhere.visit("/account"); elsewhere.at != "/signin" {
			t.Errorf("the other session is at %s", elsewhere.at)
		}
		if got := p.mails(t, "dana@alder.example")[0].Subject; got != "A passkey was removed" {
			t.Errorf("the newest mail is %q", got)
		}
		b.press("Remove the passkey laptop").sees(200, "The passkey is removed.")
		b.press("Sign out")
		b.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz") // the password is enough again
	})
}

// withPasskey is a browser that was signed in by a passkey.
func (p *portal) withPasskey(t testing.TB) *browser {
	t.Helper()
	return p.asBy(t, p.partner.MemberID, influence.ByPasskey)
}

// The app is removed with a fresh proof; other sessions end, its codes and the
// recovery codes open nothing any more, and the password is enough again.
func TestAppIsRemovedByPage(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		b, elsewhere := p.browser(t), p.browser(t)
		b.signIn("dana@alder.example", p.password)
		secret, codes := b.setUpApp()
		elsewhere.signIn("dana@alder.example", p.password).fill("code", p.appCode(t, secret, 0)).press("Sign in").sees(200, "Dana Ruiz")
		b.visit("/account/app")
		p.pass(influence.ProofLife + time.Minute)
		b.press("Remove the app").sees(403, "Prove it is you")
		b.fill("proof_code", codes[0]).press("Go on").sees(200, "The authenticator app is removed.")
		if elsewhere.visit("/account"); elsewhere.at != "/signin" {
			t.Errorf("the other session is at %s", elsewhere.at)
		}
		if got := p.mails(t, "dana@alder.example")[0].Subject; got != "Your authenticator app was removed" {
			t.Errorf("the newest mail is %q", got)
		}
		p.pass(influence.ProofLife + time.Minute)
		b.visit("/account/email").sees(200, "Prove it is you")
		if b.doc.Find("[name=proof_code]").Length() != 0 {
			t.Error("codes are still asked for")
		}
		b.post("/account/proof", url.Values{"for": {"get.account.email"}, "proof_code": {codes[1]}}).sees(422)
		b.press("Sign out")
		b.signIn("dana@alder.example", p.password).sees(200, "Dana Ruiz")
		b.setUpApp()
	})
}
