package e2e

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

// sent is a claim that was made with a hostile text.
type sent struct {
	path, text string
	shown      bool // to its LAR and Microsoft
}

// Whatever stands in the text fields of a claim, no page that shows it to its
// partner, its LAR or Microsoft runs a script or breaks the content policy (the
// tabs fail the test if one does), and the text comes back as it was typed.
func TestASVS_1_2_1_NoScriptRunsFromData(t *testing.T) {
	strange := storetest.Naughty(t, storetest.Full(60, 30, 1))
	base := start(t, "demo", "--agreements", "30").URL
	tabs := map[string]*Tab{}
	for _, who := range []string{"partner", "lar", "staff"} {
		tabs[who] = open(t, base, Look{})
		tabs[who].SignIn(who+"@demo.example", "influence-demo-2007")
	}
	partner, pages, back, refused := tabs["partner"], 0, 0, 0
	partner.Excuse("status of 422") // what is no text is refused
	partner.Visit("/claims/new")
	lar := addressee(t, partner, tabs["lar"])
	var claims []sent
	for i, text := range strange {
		fields := map[string]string{"lar": lar, "key": fmt.Sprint("naughty", i), "do": "draft", "customer": text, "note": text, "evidence": text, "agreement_number": text}
		if i%2 == 0 { // every other one is sent to its LAR
			maps.Copy(fields, deal())
			fields["customer_state"] = influence.CustomerStates()[i/2%50].Code // names that differ in signs only are the same deal elsewhere
		}
		got, err := ask[sentForm](partner, "send", "/claims", fields)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got.Status >= 500 {
			t.Errorf("%q is answered %d", text, got.Status)
		}
		if got.Status != 200 || !strings.HasPrefix(got.Path, "/claims/CLM-") {
			refused++
			t.Logf("%q is refused: %s", text, strings.Join(strings.Fields(got.Wrong), " "))
			continue
		}
		claims = append(claims, sent{path: strings.TrimSuffix(got.Path, "/edit"), text: text, shown: i%2 == 0})
	}
	look := func(b *Tab, path string) {
		b.Visit(path)
		pages++
		if ran, err := ask[bool](b, "pwned"); ran || err != nil {
			t.Errorf("a script ran at %s (%v)", path, err)
		}
	}
	for _, c := range claims {
		look(partner, c.path)
		if c.shown {
			look(tabs["lar"], c.path)
			look(tabs["staff"], c.path)
			for _, who := range []string{"lar", "staff"} {
				if tabs[who].Status() != 200 {
					t.Errorf("%s is answered %d at %s", who, tabs[who].Status(), c.path)
				}
			}
		}
		look(partner, c.path+"/edit")
		for _, name := range []string{"note", "evidence"} {
			if got, want := partner.Value(name), strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(c.text)); got != want {
				t.Errorf("%s of %s came back as %q, want %q", name, c.path, got, want)
			}
			back++
		}
	}
	for who, paths := range map[string][]string{"partner": {"/claims", "/", "/agreements"}, "lar": {"/claims", "/inbox", "/connections"}, "staff": {"/claims", "/customers", "/partners", "/dashboard"}} {
		for _, path := range paths {
			look(tabs[who], path)
			if q := strange[pages%len(strange)]; !strings.ContainsAny(q, "\x00") {
				look(tabs[who], path+"?q="+url.QueryEscape(q))
			}
		}
	}
	if len(claims) == 0 || back == 0 {
		t.Error("nothing was stored: the test shows nothing")
	}
	storetest.Figure(t, "S2", "%d texts through 4 fields (%d refused as no text), %d pages in Chromium: 0 scripts ran, 0 policy reports, %d texts back byte for byte", len(strange), refused, pages, back)
}

// deal is what a claim needs to be sent, beside its texts.
func deal() map[string]string {
	return map[string]string{"do": "submit", "agreement_number": "", "seats": "300", "amount": "$2,000", "expected_on": "2007-05-01", "program": "enterprise", "kind": "presales", "customer_state": "NH"}
}

// addressee is the LAR, as the form names it, whose member reads in a tab: the one
// whose claims it can open.
func addressee(t *testing.T, partner, reader *Tab) string {
	t.Helper()
	all, err := ask[[]string](partner, "values", "select[name=lar] option")
	if err != nil {
		t.Fatal(err)
	}
	for _, lar := range all {
		fields := deal()
		fields["key"], fields["lar"], fields["customer"], fields["note"] = "to "+lar, lar, "Contoso of "+lar, "We ran the pilot."
		got, err := ask[sentForm](partner, "send", "/claims", fields)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status == 200 && reader.Visit(got.Path) == 200 {
			return lar
		}
	}
	t.Fatalf("the reader is of none of %v", all)
	return ""
}

// sentForm is what page.js says of a form that it posted.
type sentForm struct {
	Status      int
	Path, Wrong string
}

// Chromium itself judges where redirects lead when the next address is smuggled in.
func TestNoRedirectLeavesInChromium(t *testing.T) {
	base := start(t, "demo", "--agreements", "10").URL
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var to []string
	for _, payload := range storetest.Elsewhere() {
		q := url.Values{}
		for _, name := range []string{"next", "return", "redirect", "url", "to", "back", "continue"} {
			q.Set(name, payload)
		}
		resp, err := c.Get(base + "/claims?" + q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		to = append(to, resp.Header.Get("Location"))
	}
	b := open(t, base, Look{})
	b.Visit("/signin")
	own, err := ask[[]string](b, "leaving", to)
	if err != nil || len(own) != 0 {
		t.Errorf("these leave: %q, %v", own, err)
	}
	leave, err := ask[[]string](b, "leaving", storetest.Elsewhere())
	if err != nil || len(leave) < 100 {
		t.Errorf("the browser takes only %d of the payloads for another site's: the test shows little (%v)", len(leave), err)
	}
}
