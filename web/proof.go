package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"irm/influence"
	"irm/views"
)

// proofName names a route for the page that asks for a fresh proof. No address
// comes from the browser: what does is looked up among the routes.
func proofName(to route) string {
	return strings.ToLower(to.method) + strings.ReplaceAll(to.path, "/", ".")
}

// proofRoute finds the route of a name. Only what needs a fresh proof is done in
// one go; a page may be any.
func (s *server) proofRoute(name string) (route, bool) {
	for _, to := range s.routes() {
		if proofName(to) == name && (to.method == http.MethodGet || influence.NeedsProof(to.action)) {
			return to, true
		}
	}
	return route{}, false
}

// pathOf is a route's address with a thing in it.
func pathOf(to route, thing string) string {
	head, param, found := strings.Cut(to.path, ":")
	if !found {
		return to.path
	}
	_, rest, _ := strings.Cut(param+"/", "/")
	return strings.TrimSuffix(head+url.PathEscape(thing)+"/"+rest, "/")
}

// askProof has a member prove again who it is before it goes on to a route. What
// was typed into a form goes along, but for what nobody keeps.
func (r *request) askProof(to route) error {
	thing := strings.Join(r.ParamValues(), "")
	if to.method == http.MethodGet {
		return r.seeOther("/account/proof?" + url.Values{"for": {proofName(to)}, "thing": {thing}}.Encode())
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	return r.proofPage(http.StatusForbidden, views.ProofModel{For: proofName(to), Thing: thing, Kept: kept(f)}, nil)
}

// notKept are fields that are never written into a page.
var notKept = []string{"for", "thing", "proof_password", "proof_code", "proof_passkey", "password", "current", "code", "credential"}

func kept(f *Fields) (all []views.Hidden) {
	for name, values := range f.values {
		if slices.Contains(notKept, name) {
			continue
		}
		for _, v := range values {
			all = append(all, views.Hidden{Name: name, Value: v})
		}
	}
	slices.SortFunc(all, func(a, b views.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (s *server) proofForm(r *request) error {
	q, err := r.query()
	if err != nil {
		return err
	}
	return r.proofPage(http.StatusOK, views.ProofModel{For: q.Get("for"), Thing: q.Get("thing")}, nil)
}

func (r *request) proofPage(status int, m views.ProofModel, wrong influence.Invalid) error {
	f, err := r.store.SecondFactor(r.Request().Context())
	if err != nil {
		return err
	}
	m.Codes, m.Passkeys, m.Wrong = f.App || f.Codes > 0, len(f.Passkeys) > 0 && r.s.passkeysWork(), wrong
	return r.html(status, views.Proof(r.page(formTitle("Prove it is you", wrong)), m))
}

// prove takes a proof and goes on to what it was asked for.
func (s *server) prove(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	by, wrong, err := r.proved(f)
	if err != nil {
		return err
	}
	m := views.ProofModel{For: f.Get("for"), Thing: f.Get("thing"), Kept: kept(f)}
	if len(wrong) > 0 {
		return r.proofPage(http.StatusUnprocessableEntity, m, wrong)
	}
	if err := r.renew(by); err != nil {
		return err
	}
	to, ok := s.proofRoute(m.For)
	switch {
	case !ok:
		return r.seeOther("/account")
	case to.method == http.MethodGet:
		return r.seeOther(pathOf(to, m.Thing))
	case !r.actor.May(to.action) || !isText([]string{m.Thing}):
		return influence.ErrForbidden
	}
	if _, param, found := strings.Cut(to.path, ":"); found {
		name, _, _ := strings.Cut(param, "/")
		r.SetParamNames(name)
		r.SetParamValues(m.Thing)
	}
	return to.handle(r)
}

// proved checks whichever proof was given.
func (r *request) proved(f *Fields) (by influence.Method, wrong influence.Invalid, err error) {
	switch {
	case f.Raw("proof_passkey") != "":
		wrong, err = r.provedByPasskey(f.Raw("proof_passkey"))
		return influence.ByPasskey, wrong, err
	case f.Raw("proof_password") != "":
		wrong, err = r.provedByPassword(f.Raw("proof_password"))
		return influence.ByPassword, wrong, err
	case f.Get("proof_code") != "":
		return r.provedByCode(f.Get("proof_code"))
	}
	return "", influence.Invalid{"proof_password": "Enter your password."}, nil
}

func (r *request) provedByPassword(password string) (influence.Invalid, error) {
	if err := take(r.s.limits.password, r.actor.MemberID); err != nil {
		return nil, err
	}
	hash, err := r.store.OwnPassword(r.Request().Context())
	if err != nil {
		return nil, err
	}
	ok, err := r.s.hashing.check(r.Request().Context(), password, hash)
	if err != nil || ok {
		return nil, err
	}
	return influence.Invalid{"proof_password": "This is not your password."}, nil
}

// provedByCode takes a code of the app, or a recovery code.
func (r *request) provedByCode(code string) (by influence.Method, wrong influence.Invalid, err error) {
	wait, err := r.s.store.CodeAttempt(r.Request().Context(), r.actor.MemberID)
	if err != nil {
		return "", nil, err
	}
	if wait > 0 {
		return "", influence.Invalid{"proof_code": "There were many wrong codes. Wait " + waitWords(wait) + ", or use your password."}, nil
	}
	by, err = r.store.ProveByCode(r.Request().Context(), code)
	if errors.Is(err, influence.ErrWrongCode) {
		return "", influence.Invalid{"proof_code": wrongCode}, nil
	}
	return by, nil, err
}

const wrongCode = "This code is not right, or was used already. Wait for the next one."
