package web

import (
	"cmp"
	"io"
	"net/url"
	"strings"
	"testing"

	"irm/store/storetest"
)

// body is a form with which the request is accepted from who may send it.
func (w *world) body(t testing.TB, p permission) (string, io.Reader) {
	t.Helper()
	if p.path == "/reports" {
		return fileBody("another.csv", reportText("amount", "R9"))
	}
	if p.path == "/roster" {
		return fileBody("another.csv", rosterText+"10009,holly,Gold,NH,,,,\n")
	}
	ref := w.things[p.thing]
	f := url.Values{"version": {"1"}}
	for table, begin := range map[string]string{"members": "/team/MBR", "claims": "/claims/", "disputes": "/disputes/", "agreements": "/agreements/", "reports": "/reports/", "lars": "/lars/", "partners": "/partners/", "connections": "/connections/", "applications": "/applications/"} {
		if strings.HasPrefix(w.address(t, p), begin) {
			f.Set("version", w.version(t, table, ref))
		}
	}
	if p.path == "/account/email" {
		f.Set("version", storetest.Texts(t, w.db, `SELECT version FROM members WHERE email = $1`, cmp.Or(w.asking, "owner@alder.example"))[0])
	}
	if p.path == "/profile" {
		f.Set("version", cmp.Or(storetest.Texts(t, w.db, `SELECT p.version FROM partners p JOIN members m ON m.org_id = p.id WHERE m.email = $1`, cmp.Or(w.asking, "owner@alder.example"))...))
	}
	if strings.HasPrefix(p.path, "/team/requests/") {
		f.Set("version", w.version(t, "applications", ref))
	}
	if strings.HasPrefix(p.path, "/evidence/") {
		f.Set("version", cmp.Or(storetest.Texts(t, w.db, `SELECT c.version FROM claims c JOIN evidence_files f ON f.claim_id = c.id WHERE f.ref = $1`, ref)...))
	}
	for field, value := range w.fields(p) {
		f.Set(field, value)
	}
	if p.path == "/team" && p.role == "administrator" {
		f.Set("rank", "manager")
	}
	w.foreign(t, p, f)
	return formBody(f)
}

// foreign puts another's thing into a form for one's own.
func (w *world) foreign(t testing.TB, p permission, f url.Values) {
	t.Helper()
	field, number, _ := strings.Cut(p.inside, " ")
	ref := w.things[p.inside]
	if ref == "" && field != "number" && field != "" {
		t.Fatalf("there is no %s to put inside", p.inside)
	}
	switch field {
	case "":
	case "claim":
		f.Set("reject", ref+":duplicate")
	case "number":
		f.Set("agreement", number)
	default:
		f.Set(field, ref)
	}
}

// fields are those of a form beside its version.
func (w *world) fields(p permission) map[string]string {
	order := map[string]string{"order_number": "E1-9", "order_kind": "true-up", "ordered_on": "2007-03-09", "amount": "$500"}
	claim := map[string]string{"key": "another", "lar": w.things["lar north"], "customer": "another customer", "customer_state": "NH", "program": "enterprise",
		"seats": "300", "amount": "$3,000", "expected_on": "2007-05-01", "kind": "presales", "note": "We ran another pilot."}
	switch p.path {
	case "/signin":
		return map[string]string{"email": "nobody@alder.example", "password": "not the password"}
	case "/password/forgot":
		return map[string]string{"email": "owner@birch.example"}
	case "/password/reset", "/signup/confirm", "/signup/personal":
		return map[string]string{"token": "none", "password": worldPassword + " again"}
	case "/account/notifications":
		return map[string]string{"claims": "daily", "deadlines": "daily", "connections": "daily", "team": "daily"}
	case "/account/proof":
		return map[string]string{"for": "get.account.email", "proof_password": worldPassword}
	case "/account/email":
		return map[string]string{"email": "another@alder.example"}
	case "/account/email/confirm":
		return map[string]string{"token": "none"}
	case "/account/app":
		return map[string]string{"code": "123456"}
	case "/account/passkeys":
		return map[string]string{"name": "laptop", "credential": "{}"}
	case "/account/passkeys/:ref/name":
		return map[string]string{"name": "phone"}
	case "/account/password":
		return map[string]string{"current": worldPassword, "password": "eleven quiet harbors wake"}
	case "/claims":
		return claim
	case "/claims/:ref":
		claim["do"] = "draft"
		return claim
	case "/claims/:ref/attach":
		return map[string]string{"agreement": "R3"}
	case "/claims/:ref/ask":
		return map[string]string{"code": "evidence_missing", "note": "Which letter?"}
	case "/claims/:ref/answer":
		return map[string]string{"answer": "The letter of March.", "seats": "400"}
	case "/applications/:ref/ask":
		return map[string]string{"question": "Which partner ID?", "fields": "partner_id"}
	case "/application/answer":
		return map[string]string{"answer": "It is right."}
	case "/claims/:ref/evidence":
		return map[string]string{"statement": "The plan of March."}
	case "/claims/:ref/dispute", "/agreements/:ref/dispute":
		return map[string]string{"reason": "We ran the pilot."}
	case "/disputes/:ref/answer":
		return map[string]string{"answer": "We see it otherwise."}
	case "/disputes/:ref/rule":
		return map[string]string{"outcome": "upheld", "reason": "The letter shows it.", "partner_id": "10001", "share": "100", "kind": "presales"}
	case "/claims/:ref/yours":
		return map[string]string{"answer": "yes"}
	case "/disputes/:ref/approve":
		return map[string]string{"answer": "approve"}
	case "/claims/:ref/copy":
		return map[string]string{"key": "another"}
	case "/claims/:ref/detach":
		return map[string]string{"note": "It is another deal."}
	case "/claims/:ref/reject":
		return map[string]string{"code": "not_our_agreement"}
	case "/agreements":
		order["agreement_number"], order["program"], order["customer"], order["customer_state"], order["seats"], order["signed_on"], order["key"] =
			"E9", "Enterprise", "Customer of E9", "NH", "300", "2007-03-01", "another"
		return order
	case "/agreements/:ref/orders":
		return order
	case "/agreements/:ref/decide":
		return map[string]string{"partner_id": "10001", "share": "100", "kind": "presales"}
	case "/agreements/:ref/undo":
		return map[string]string{"decision": w.things["decision E2"]}
	case "/reports/:ref/map":
		return map[string]string{"map_9": "amount"}
	case "/lars/:ref/status":
		return map[string]string{"status": "signed", "planned_on": "2007-06-01"}
	case "/lars":
		return map[string]string{"name": "West Licensing", "slug": "west", "begins_as": "invited", "key": "another"}
	case "/lars/:ref/suspend", "/partners/:ref/suspend":
		return map[string]string{"reason": "It broke the terms."}
	case "/lars/:ref/connect":
		return map[string]string{"key": "another", "note": "We would like to work with you."}
	case "/team":
		return map[string]string{"name": "Nora New", "email": "nora@new.example", "rank": "member", "key": "another"}
	case "/members":
		return map[string]string{"name": "Nora New", "email": "nora@new.example", "role": "manager", "key": "another"}
	case "/connections/:ref/decline", "/applications/:ref/refuse", "/team/requests/:ref/decline":
		return map[string]string{"reason": "We do not know you."}
	case "/members/signout":
		return map[string]string{"key": "another"}
	case "/profile":
		return map[string]string{"street": "1 Elm Street", "city": "Nashua"}
	case "/roster/lookup":
		return map[string]string{"partner_id": "10001"}
	}
	return nil
}
