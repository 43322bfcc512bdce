package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"irm/influence"
	"irm/store"
	"irm/store/storetest"
)

// TestLedgerPages: Microsoft filters the ledger by person, thing, action and time; a
// partner reads its own part; what is wrong with a filter is said, and what was
// typed is kept.
func TestLedgerPages(t *testing.T) {
	for kind, fresh := range map[string]func(testing.TB) string{"sqlite": worlds.SQLite, "postgres": worlds.Postgres} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t, fresh(t))
			staff, birch := w.enter(t, "manager"), w.enter(t, "birch")
			agreement, claim := w.things["E2"], w.things["claim birch confirmed"]
			staff.visit("/audit?thing="+strings.ToLower(agreement)+"&action=agreements.decide").sees(200, "Decided", agreement, "Owner of north", "Share 1, percent", "100 %", "Newest checkpoint")
			staff.visit("/audit?person=owner@birch.example").sees(200, claim, "Worked on a claim", "$2,000", "Owner of birch")
			seesNot(staff, "Decided an", "Owner of north")
			staff.visit("/audit?person=owner@birch.example&until=2006-01-01").sees(200, "No entry matches")
			staff.visit("/audit?person=nobody@x.example&from=someday&until=4/17/2007").sees(422, "No member has this address.", "From")
			if got := staff.doc.Find("#from").AttrOr("value", ""); got != "someday" {
				t.Errorf("what was typed is now %q", got)
			}
			staff.visit("/audit?from=2007-04-17&until=2007-04-16").sees(422, "The last day lies before the first.")
			staff.fileOf("/audit")
			birch.fileOf("/team/activity")
			if _, text := staff.file("/audit.csv?thing=" + agreement); !strings.Contains(text, "ref,at,person,organization,action,thing,before,after") || !strings.Contains(text, "Order number: E2-1") || strings.Contains(text, claim+",") {
				t.Errorf("file %s", text)
			}
			staff.visit("/audit.csv?from=someday").sees(422)
			if _, text := staff.file("/audit/checkpoint.txt"); !store.IsCheckpoint(text) {
				t.Errorf("checkpoint %q", text)
			}
			birch.visit("/team/activity").sees(200, claim)
			seesNot(birch, "Owner of north", "Newest checkpoint")
			birch.visit("/team/activity?person=owner@north.example").sees(422, "No member has this address.")
			birch.visit("/team/activity?thing="+w.things["claim alder attached"]).sees(200, "No entry matches")
			birch.visit("/audit").sees(403)
		})
	}
}

// TestReceiptPages: the partner of a confirmed claim finds its receipt, as page and
// as file; anybody learns that it is genuine, and no more.
func TestReceiptPages(t *testing.T) {
	for kind, fresh := range map[string]func(testing.TB) string{"sqlite": worlds.SQLite, "postgres": worlds.Postgres} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t, fresh(t))
			birch := w.enter(t, "birch")
			claim := w.things["claim birch confirmed"]
			birch.visit("/claims/"+claim).sees(200, "Receipt")
			birch.visit("/claims/"+claim+"/receipt").sees(200, "What it proves", "Claims, "+claim, "confirmed", "100 %", "north licensing", w.things["receipt birch confirmed"], "irm-ledger+")
			if got := birch.doc.Find("main").Text(); strings.Contains(got, "alder") {
				t.Error("a rival is named")
			}
			got := w.ask(t, w.signedIn(t, "birch"), "GET", "/claims/"+claim+"/receipt.json", "", nil)
			r, err := store.ReadReceipt([]byte(got.text))
			if err != nil || !got.file {
				t.Fatalf("%v %v", err, got)
			}
			keys, err := w.store.PublicKeys(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			public, err := store.Verifiers(keys...)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Check(public...); err != nil {
				t.Error(err)
			}
			nobody := w.browser(t)
			nobody.visit("/receipt/"+r.Hash).sees(200, "This receipt is genuine", "16 Apr 2007", r.Key)
			seesNot(nobody, claim, "birch", "north", w.things["E2"])
			nobody.visit("/receipt/"+strings.Replace(r.Hash, "a", "b", 1)+"0").sees(404, "This is no receipt of this portal")
			fresh := decidedNow(t, w)
			birch.visit("/claims/"+fresh+"/receipt").sees(200, "The receipt is being made")
			if got := w.ask(t, w.signedIn(t, "birch"), "GET", "/claims/"+fresh+"/receipt.json", "", nil); got.status != 404 {
				t.Errorf("file before its entry is sealed: %d", got.status)
			}
		})
	}
}

// enter opens a browser in which a role is signed in as it has to be.
func (w *world) enter(t testing.TB, role string) *browser {
	t.Helper()
	b := w.browser(t)
	at, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: cookieName(false), Value: w.signedIn(t, role), Path: "/"}})
	return b
}

// seesNot fails if a page says one of the words.
func seesNot(b *browser, words ...string) {
	b.t.Helper()
	for _, w := range words {
		if strings.Contains(b.text(), w) {
			b.t.Errorf("%s says %q: %s", b.at, w, b.text())
		}
	}
}

// decidedNow confirms one more claim of birch, whose entry is not sealed yet.
func decidedNow(t *testing.T, w *world) (claim string) {
	t.Helper()
	lar := storetest.Rows(t, w.db, `SELECT id, ref FROM lars WHERE slug = 'north'`)[0]
	partner := storetest.Texts(t, w.db, `SELECT id FROM partners WHERE name = 'birch'`)[0]
	north := w.store.As(influence.Actor{MemberID: w.who["owner@north.example"], OrgID: lar[0], Role: influence.RoleLAR, Rank: influence.RankOwner})
	birch := w.store.As(influence.Actor{MemberID: w.who["owner@birch.example"], OrgID: partner, Role: influence.RolePartner, Rank: influence.RankOwner})
	agreement, err := north.EnterAgreement(t.Context(), "F8", agreementFor("F8"))
	if err != nil {
		t.Fatal(err)
	}
	if claim, err = birch.SubmitClaim(t.Context(), "", "F8", 0, claimFor(lar[1], "F8", "birch fresh")); err != nil {
		t.Fatal(err)
	}
	p, err := north.Agreement(t.Context(), agreement)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = north.Decide(t.Context(), agreement, influence.DecisionDraft{Version: p.Full.Version,
		Shares: []influence.Share{{PartnerNo: "10002", Points: 10_000, Kind: influence.Presales, Primary: true}}}); err != nil {
		t.Fatal(err)
	}
	return claim
}
