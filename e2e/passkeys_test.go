package e2e

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// named serves the world at a name, because passkeys belong to one; a second factor
// is required as on a portal in earnest.
func (w *world) named() *Server {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	if err := l.Close(); err != nil {
		w.t.Fatal(err)
	}
	s := serving(w.t, command(context.Background(), binary(w.t), "serve", "--database", w.database, "--today", today, "--mail-dir", w.mails,
		"--addr", "127.0.0.1:"+port, "--base-url", "http://localhost:"+port))
	s.URL = "http://localhost:" + port
	return s
}

// authenticator gives the tab a device that keeps passkeys and knows its owner.
func (b *Tab) authenticator() (id webauthn.AuthenticatorID) {
	b.t.Helper()
	yes := true
	b.must("authenticators", b.do(call(webauthn.Enable, webauthn.EnableParams{}), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		got, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, AutomaticPresenceSimulation: yes, IsUserVerified: yes}})
		if err == nil {
			id = got.AuthenticatorID
		}
		return err
	})))
	return id
}

// A passkey is added, named, signed in with, proved with and removed. Its owner, of
// whom a second factor is due, reaches nothing else before, and wrong passwords of
// strangers do not hold it up.
func TestPasskeys(t *testing.T) {
	w := &world{t: t, database: filepath.Join(t.TempDir(), "irm.db"), links: map[string]string{}}
	w.mails = filepath.Join(filepath.Dir(w.database), "mails")
	w.irm(0, "migrate")
	w.invite("staff", "--role", "administrator", "--email", "staff@program.example", "--name", "Maya Kim")
	w.server = w.named()
	b := w.enter("staff", "staff@program.example", Look{})
	device := b.authenticator()
	b.Visit("/roster")
	if b.URL() != "/account" || !b.Has("Your role needs a second factor") {
		t.Fatalf("without a second factor /roster leads to %s: %s", b.URL(), b.Page())
	}
	wrong := b.examine("account-due")
	b.Visit("/account/passkeys/new")
	wrong = append(wrong, b.examine("passkey-new")...)
	b.Fill("name", "")
	b.passkey("Add a passkey", "Enter a name first.")
	b.Fill("name", "work laptop")
	b.passkey("Add a passkey", "They are shown this one time")
	wrong = append(wrong, b.examine("codes")...)
	code := b.Texts(".codes code")[0]
	b.Visit("/account")
	b.Fill("name", "train laptop")
	b.Click("Rename work laptop")
	if !b.Has("The passkey has another name.") || b.Value("name") != "train laptop" {
		t.Errorf("not renamed: %s", b.Page())
	}
	wrong = append(wrong, b.examine("account-passkey")...)
	b.Click("Sign out")
	w.strangers()
	b.Visit("/signin")
	wrong = append(wrong, b.examine("signin-passkey")...)
	b.passkey("Sign in with a passkey", "Applications")
	b.Visit("/roster")
	if b.URL() != "/roster" {
		t.Errorf("with a passkey /roster leads to %s", b.URL())
	}
	b.Visit("/account/proof?for=get.account.email")
	wrong = append(wrong, b.examine("proof-passkey")...)
	b.passkey("Use a passkey", "Change your e-mail")
	b.forged(device)
	b.lastPasskey(code)
	for _, x := range wrong {
		t.Error(x)
	}
}

// passkey clicks on a button that asks for a passkey, and waits for what comes of it.
func (b *Tab) passkey(words, brings string) {
	b.t.Helper()
	b.Tap(words)
	b.Await(brings)
}

// strangers try ten wrong passwords, after which passwords have to wait.
func (w *world) strangers() {
	w.t.Helper()
	b := open(w.t, w.server.URL, Look{NoScripts: true})
	for range 11 {
		b.Visit("/signin")
		b.Fill("email", "staff@program.example")
		b.Fill("password", "not the password at all")
		b.ClickIn("form:has([name=password])", "Sign in")
	}
	if b.Status() != 429 {
		w.t.Errorf("eleven wrong passwords are answered %d", b.Status())
	}
	if !b.Has("Passkeys need scripts") {
		w.t.Error("without scripts the page does not say what passkeys need")
	}
}

// forged signs with nothing: no passkey is taken whose signature does not hold.
func (b *Tab) forged(device webauthn.AuthenticatorID) {
	b.t.Helper()
	yes, no := true, false
	b.must("forge", b.do(call(webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: device, IsBogusSignature: &yes})))
	b.Visit("/account/proof?for=get.account.email")
	b.passkey("Use a passkey", "This passkey is not yours")
	b.must("forge no more", b.do(call(webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: device, IsBogusSignature: &no})))
}

// lastPasskey is kept by who needs a second factor; another takes its place.
func (b *Tab) lastPasskey(code string) {
	b.t.Helper()
	b.Visit("/account")
	b.Click("Remove the passkey train laptop")
	if b.Status() != 422 || !b.Has("Set up another one first") {
		b.t.Errorf("the last one is removed: %d %s", b.Status(), b.Page())
	}
	b.Visit("/account")
	b.Click("Sign out")
	b.Visit("/signin")
	b.Fill("email", "staff@program.example")
	b.Fill("password", phrase)
	b.Look(Look{Width: 390})
	b.ClickIn("form:has([name=password])", "Sign in")
	for _, x := range b.examine("second-step") {
		b.t.Error(x)
	}
	b.Fill("code", code)
	b.ClickIn("form:has([name=code])", "Sign in")
	if b.Status() != 200 || b.URL() != "/" {
		b.t.Errorf("by what is left: %d %s", b.Status(), b.Page())
	}
}
