package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"unicode/utf8"

	"irm/influence"
	"irm/store"
	"irm/views"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// newPasskeys is the library with our name. A passkey belongs to the host of the
// base address and is taken from its pages alone.
func (s *server) newPasskeys() (*webauthn.WebAuthn, error) {
	if !s.passkeysWork() {
		return nil, influence.ErrNotFound
	}
	return webauthn.New(&webauthn.Config{RPID: s.base.Hostname(), RPDisplayName: "Influence Portal", RPOrigins: []string{s.base.Scheme + "://" + s.base.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
		AttestationPreference:  protocol.PreferNoAttestation})
}

// passkeysWork reports whether browsers make passkeys for the portal's address:
// only for a name, and only with https or at localhost.
func (s *server) passkeysWork() bool {
	host := s.base.Hostname()
	return net.ParseIP(host) == nil && (s.secure() || host == "localhost")
}

// holder is a member as the library knows it: by its id, and by its passkeys.
type holder struct {
	id, email, name string
	keys            []store.Passkey
}

func (h holder) WebAuthnID() []byte          { return []byte(h.id) }
func (h holder) WebAuthnName() string        { return h.email }
func (h holder) WebAuthnDisplayName() string { return h.name }

// WebAuthnCredentials leaves out what can't be read: it opens nothing then.
func (h holder) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, k := range h.keys {
		var c webauthn.Credential
		if json.Unmarshal([]byte(k.Credential), &c) == nil {
			all = append(all, c)
		}
	}
	return all
}

// errPasskey is a passkey that was not taken.
var errPasskey = errors.New("passkey not taken")

// begin answers a challenge that the browser is to hand to a passkey, and
// remembers it.
func (r *request) begin(c store.Ceremony, cookie string, options any, session *webauthn.SessionData) error {
	data, err := json.Marshal(session)
	if err != nil {
		return err
	}
	if err := r.s.store.Begin(r.Request().Context(), c, cookie, r.actor.MemberID, string(data)); err != nil {
		return err
	}
	answer, err := json.Marshal(options)
	if err != nil {
		return err
	}
	return r.Blob(http.StatusOK, "application/json; charset=utf-8", answer)
}

// begun takes the remembered challenge out of use.
func (r *request) begun(c store.Ceremony, cookie string) (session webauthn.SessionData, err error) {
	_, data, err := r.s.store.Take(r.Request().Context(), c, cookie)
	if errors.Is(err, influence.ErrNotFound) {
		return session, errPasskey
	}
	if err == nil {
		err = json.Unmarshal([]byte(data), &session)
	}
	return session, err
}

// beginAssertion has the browser show any passkey of the portal.
func (r *request) beginAssertion(c store.Ceremony, cookie string) error {
	lib, err := r.s.passkeys()
	if err != nil {
		return err
	}
	options, session, err := lib.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	return r.begin(c, cookie, options, session)
}

// asserted checks what a passkey answered and returns it as it is to be kept.
func (r *request) asserted(c store.Ceremony, cookie, answer string) (p store.Passkey, err error) {
	lib, err := r.s.passkeys()
	if err != nil {
		return p, err
	}
	session, err := r.begun(c, cookie)
	if err != nil {
		return p, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return p, errPasskey
	}
	user, credential, err := lib.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		keys, err := r.s.store.PasskeysOf(r.Request().Context(), string(handle))
		return holder{id: string(handle), keys: keys}, err
	}, session, parsed)
	if err != nil || credential.Authenticator.CloneWarning {
		return p, errPasskey
	}
	data, err := json.Marshal(credential)
	return store.Passkey{ID: passkeyID(credential.ID), MemberID: string(user.WebAuthnID()), Credential: string(data)}, err
}

func passkeyID(id []byte) string { return protocol.URLEncodedBase64(id).String() }

// passkeySignInBegin begins to sign in with a passkey.
func (s *server) passkeySignInBegin(r *request) error {
	if err := take(s.limits.passkey, Network(r.RealIP())); err != nil {
		return err
	}
	step := r.step()
	if step == "" {
		step = r.newStep()
	}
	return r.beginAssertion(store.EnterByPasskey, step)
}

// passkeySignIn signs in the owner of a passkey. Wrong passwords do not hold it up.
func (s *server) passkeySignIn(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	p, err := r.asserted(store.EnterByPasskey, r.step(), f.Raw("credential"))
	if err == nil {
		err = r.entering(func(ctx context.Context, from store.Client) (string, error) {
			return s.store.EnterByPasskey(ctx, p, from)
		})
	}
	switch {
	case isSuspended(err):
		return err
	case errors.Is(err, errPasskey), errors.Is(err, influence.ErrForbidden), errors.Is(err, influence.ErrConflict):
		if err := r.refused(p.MemberID, influence.ByPasskey); err != nil {
			return err
		}
		return r.signInPage(http.StatusUnprocessableEntity, views.SignInModel{Wrong: "This passkey does not open the portal. Sign in with your password."})
	case err != nil:
		return err
	}
	s.Log.Info("authn.pass", "id", r.Response().Header().Get("X-Request-Id"), "member", p.MemberID, "by", string(influence.ByPasskey))
	r.keepStep("", -1)
	return r.seeOther("/")
}

// proofBegin begins a fresh proof by passkey.
func (s *server) proofBegin(r *request) error {
	return r.beginAssertion(store.ProveByPasskey, r.session)
}

// provedByPasskey takes a passkey of the actor's as a proof.
func (r *request) provedByPasskey(answer string) (influence.Invalid, error) {
	p, err := r.asserted(store.ProveByPasskey, r.session, answer)
	if err == nil {
		err = r.store.ProveByPasskey(r.Request().Context(), p)
	}
	if errors.Is(err, errPasskey) || errors.Is(err, influence.ErrForbidden) || errors.Is(err, influence.ErrConflict) {
		return influence.Invalid{"proof_password": "This passkey is not yours. Use your password."}, nil
	}
	return nil, err
}

// passkeyNew is the page to add a passkey.
func (s *server) passkeyNew(r *request) error { return r.passkeyPage(http.StatusOK, "", "") }

func (r *request) passkeyPage(status int, name, wrong string) error {
	if name == "" {
		name = browserName(r.Request().UserAgent())
	}
	title := "Add a passkey"
	if wrong != "" {
		title = formTitle(title, influence.Invalid{"name": wrong})
	}
	return r.html(status, views.NewPasskey(r.page(title), views.NewPasskeyModel{Possible: r.s.passkeysWork(), Name: name, Wrong: wrong}))
}

// self is the actor as the library knows it.
func (r *request) self() (h holder, err error) {
	a, err := r.store.Account(r.Request().Context())
	if err != nil {
		return h, err
	}
	keys, err := r.store.Passkeys(r.Request().Context())
	return holder{r.actor.MemberID, a.Email, a.Name, keys}, err
}

// passkeyBegin begins to register a passkey.
func (s *server) passkeyBegin(r *request) error {
	lib, err := s.passkeys()
	if err != nil {
		return err
	}
	h, err := r.self()
	if err != nil {
		return err
	}
	options, session, err := lib.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return err
	}
	return r.begin(store.RegisterPasskey, r.session, options, session)
}

// passkeyAdd keeps a passkey that answered the challenge.
func (s *server) passkeyAdd(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	name := f.Get("name")
	if wrong := passkeyNameWrong(name); wrong != "" {
		return r.passkeyPage(http.StatusUnprocessableEntity, name, wrong)
	}
	p, err := r.registered(f.Raw("credential"))
	var codes []string
	if err == nil {
		p.Name = name
		codes, err = r.store.AddPasskey(r.Request().Context(), p, r.session)
	}
	switch {
	case errors.Is(err, errPasskey), errors.Is(err, influence.ErrConflict):
		return r.passkeyPage(http.StatusUnprocessableEntity, name, "This passkey was not taken. Try again.")
	case err != nil:
		return err
	case len(codes) > 0:
		return r.codesPage("The passkey is added", codes)
	}
	if err := r.renew(""); err != nil {
		return err
	}
	return r.said("/account", "good", "The passkey is added. Other sessions have ended.")
}

// registered checks what the browser made for the challenge.
func (r *request) registered(answer string) (p store.Passkey, err error) {
	lib, err := r.s.passkeys()
	if err != nil {
		return p, err
	}
	session, err := r.begun(store.RegisterPasskey, r.session)
	if err != nil {
		return p, err
	}
	h, err := r.self()
	if err != nil {
		return p, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return p, errPasskey
	}
	credential, err := lib.CreateCredential(h, session, parsed)
	if err != nil {
		return p, errPasskey
	}
	data, err := json.Marshal(credential)
	return store.Passkey{ID: passkeyID(credential.ID), Credential: string(data)}, err
}

func passkeyNameWrong(name string) string {
	switch {
	case name == "":
		return "Enter a name, such as “work laptop”."
	case utf8.RuneCountInString(name) > 60 || strings.ContainsAny(name, "\n\t"):
		return "A name has up to 60 characters on one line."
	}
	return ""
}

func (s *server) passkeyName(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if wrong := passkeyNameWrong(f.Get("name")); wrong != "" {
		return influence.Refusal(wrong)
	}
	if err := r.store.NamePasskey(r.Request().Context(), r.Param("ref"), f.Get("name"), atoi(f.Get("version"))); err != nil {
		return err
	}
	return r.said("/account", "good", "The passkey has another name.")
}

func (s *server) passkeyRemove(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	if err := r.store.RemovePasskey(r.Request().Context(), r.Param("ref"), r.session); err != nil {
		return err
	}
	return r.said("/account", "good", "The passkey is removed. Other sessions have ended.")
}
