package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
)

// secondLAR adds a Ready LAR that nobody is connected with, and returns its
// reference and its member.
func (p *portal) secondLAR(t testing.TB) (ref, member string) {
	t.Helper()
	ctx, operator := context.Background(), p.store.As(influence.Operator())
	ref, err := operator.AddLAR(ctx, "summit", "Summit Licensing", influence.LARReady)
	if err != nil {
		t.Fatal(err)
	}
	link, err := operator.AddMember(ctx, store.NewMember{Kind: "lar", LARSlug: "summit", Email: "sue@summit.example", Name: "Sue Summit"})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := newHashing().hash(ctx, p.password)
	if err != nil {
		t.Fatal(err)
	}
	if member, err = p.store.As(influence.Actor{}).ChoosePassword(ctx, "invite", link, hash); err != nil {
		t.Fatal(err)
	}
	return ref, member
}

// claimTo has the partner submit a claim for a deal without a number.
func (b *browser) claimTo(lar, customer string) *browser {
	b.t.Helper()
	return b.visit("/claims/new").fill("lar", lar).fill("program", "enterprise").fill("customer", customer).fill("customer_state", "NH").
		fill("amount", "$12,500").fill("expected_on", "2007-05-01").fill("kind", "sourced").fill("note", "We brought the deal.").press("Submit claim")
}

// upload sends a file as a browser does.
func (b *browser) upload(path, name string, content []byte) *browser {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, b.p.url+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}

// file fetches an address and returns what it answers.
func (b *browser) file(path string) (kind, text string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, b.p.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return resp.Header.Get("Content-Type"), string(all)
}

// href is where the first link with the words leads.
func (b *browser) href(words string) string {
	b.t.Helper()
	for _, a := range b.doc.Find("a").EachIter() {
		if said(a) == words {
			return a.AttrOr("href", "")
		}
	}
	b.t.Fatalf("%s has no link %q: %s", b.at, words, b.text())
	return ""
}

// TestClaimAsksForTheConnection: Submit asks for it, the LAR sees the request and
// not the claim, accepts, and has the claim.
func TestClaimAsksForTheConnection(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		_, member := p.secondLAR(t)
		partner, desk := p.as(t, p.partner.MemberID), p.as(t, member)
		partner.claimTo("summit", "Fabrikam").sees(200, "The claim was submitted.", "Waiting for connection", "Summit Licensing has until 30 Apr 2007 to accept the connection")
		claim := partner.at
		desk.visit("/claims").sees(200, "No claims yet")
		desk.visit(claim).sees(404)
		desk.visit("/connections").sees(200, "Waiting for your answer", "Alder Networks", "Gold", "New Hampshire", "1 claim waits")
		if strings.Contains(desk.text(), "Dana") || strings.Contains(desk.text(), "Fabrikam") {
			t.Errorf("the request shows more than it may: %s", desk.text())
		}
		desk.press("Accept").sees(200, "The request was accepted.", "No request waits.", "Connected")
		desk.visit(claim).sees(200, "Fabrikam", "Waiting for an agreement", "Attach or reject")
		partner.visit("/connections").sees(200, "Summit Licensing", "Connected")
		partner.visit("/lars/"+p.larRef(t, "summit")).sees(200, "sue@summit.example")
		desk.visit("/partners").sees(200, "Alder Networks")
		desk.visit(desk.href("Alder Networks")).sees(200, "Dana Ruiz", "dana@alder.example", "110022")
	})
}

func (p *portal) larRef(t testing.TB, slug string) string {
	t.Helper()
	l, err := p.store.As(influence.Operator()).LAR(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return l.Ref
}

// TestDeclinedConnection: the partner reads the reason, has its draft again, and
// may ask again with a note.
func TestDeclinedConnection(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		ref, member := p.secondLAR(t)
		partner, desk := p.as(t, p.partner.MemberID), p.as(t, member)
		partner.claimTo("summit", "Fabrikam")
		claim := partner.at
		desk.visit("/connections").fill("reason", strings.Repeat("x", 4001)).press("Decline the request").sees(422, "4,000 fit")
		desk.fill("reason", "We do not sell there.").press("Decline the request").sees(200, "The request was declined.")
		partner.visit(claim).sees(200, "Draft", "Go on with the draft")
		partner.visit("/lars/"+ref).sees(200, "Declined", "We do not sell there.")
		partner.fill("note", "We opened an office in Maine.").press("Ask to connect").sees(200, "The LAR was asked.", "Summit Licensing has until")
		desk.visit("/connections").sees(200, "We opened an office in Maine.")
		if got := partner.visit("/lars/" + ref).doc.Find("#note").Length(); got != 0 {
			t.Error("a LAR that was asked can be asked once more")
		}
	})
}

// TestIntentIsAttachedOrRejected: by the LAR on the claim's page, with what is
// wrong said at the field.
func TestIntentIsAttachedOrRejected(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		partner, desk := p.as(t, p.partner.MemberID), p.as(t, p.lar.MemberID)
		ref, err := p.store.As(influence.Actor{MemberID: p.lar.MemberID, OrgID: p.lar.ID, Role: influence.RoleLAR, Rank: influence.RankOwner}).EnterAgreement(context.Background(), "k",
			influence.AgreementDraft{AgreementNumber: "E65-1", Program: "Enterprise", Customer: "Fabrikam Inc", CustomerState: "NH", Seats: "300", SignedOn: "2007-03-20",
				OrderDraft: influence.OrderDraft{OrderNumber: "O1", OrderKind: "initial", OrderedOn: "2007-03-21", Amount: "$12,000"}})
		if err != nil {
			t.Fatal(err)
		}
		partner.claimTo("northgate", "Fabrikam")
		first := partner.at
		partner.claimTo("northgate", "Litware")
		second := partner.at
		desk.visit(first).sees(200, "Attach or reject", "E65-1", "Fabrikam Inc")
		desk.fill("agreement", "E66").press("Attach").sees(422)
		if got := desk.wrong()["agreement"]; got != "You have not reported an agreement with this number or reference." {
			t.Errorf("at the field: %q", got)
		}
		if got := desk.doc.Find("#agreement").AttrOr("value", ""); got != "E66" {
			t.Errorf("what was typed is now %q", got)
		}
		desk.fill("agreement", strings.ToLower(ref)).press("Attach").sees(200, "The claim was attached.", "Your turn: decide")
		partner.visit(first).sees(200, "Northgate Licensing has until 30 Apr 2007 to decide.")
		desk.visit(second).press("Reject the claim").sees(422, "Choose a reason from the list.")
		desk.fill("code", "not_our_agreement").fill("note", "Sold by another.").press("Reject the claim").sees(200, "The claim was rejected.", "Not our agreement")
		partner.visit(second).sees(200, "Rejected", "Not our agreement", "Sold by another.")
		partner.post(second+"/attach", url.Values{"agreement": {"E65-1"}}).sees(403)
	})
}

// TestSubmittedClaimIsChanged: while it has no agreement; the LAR stays.
func TestSubmittedClaimIsChanged(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.secondLAR(t)
		partner := p.as(t, p.partner.MemberID)
		partner.claimTo("northgate", "Fabrikam")
		claim := partner.at
		partner.visit(claim+"/edit").sees(200, "Change a claim", "Submitted on 16 Apr 2007. The date stays.")
		partner.fill("lar", "summit").press("Save changes").sees(422, "The LAR has this claim.")
		partner.fill("lar", "northgate").fill("customer", "Fabrikam, Inc.").fill("agreement_number", "E65-9").press("Save changes").
			sees(200, "The claim was changed.", "Fabrikam, Inc.", "Northgate Licensing has not reported this number.")
	})
}

// TestSlowerOneSeesWhatChanged: a form with an older version is answered with who
// changed what, and what was typed stands beside it.
func TestSlowerOneSeesWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		one, other, desk := p.as(t, p.partner.MemberID), p.as(t, p.partner.MemberID), p.as(t, p.lar.MemberID)
		one.claimTo("northgate", "Fabrikam")
		claim := one.at
		one.visit(claim + "/edit")
		desk.visit(claim)
		other.visit(claim+"/edit").fill("seats", "400").press("Save changes").sees(200, "The claim was changed.")
		one.fill("note", "We wrote the plan.").press("Save changes").sees(409, "Dana Ruiz of Alder Networks changed claim", "We wrote the plan.", "We brought the deal.")
		if strings.Contains(one.text(), "Fabrikam") {
			t.Errorf("what is the same is shown as changed: %s", one.text())
		}
		desk.fill("code", "duplicate").press("Reject the claim").sees(409, "Dana Ruiz of Alder Networks changed claim")
		one.visit(claim)
		other.visit(claim).press("Withdraw the claim").sees(200, "Withdrawn")
		one.press("Withdraw the claim").sees(409, "Withdrawn")
	})
}

// TestDraftIsKeptAndDiscarded: as it was typed, right or wrong.
func TestDraftIsKeptAndDiscarded(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		partner := p.as(t, p.partner.MemberID)
		partner.visit("/claims/new").fill("customer", "Fabrikam").fill("amount", "a lot").press("Save draft").sees(200, "The draft was saved.", "Draft of a claim")
		if got := partner.doc.Find("#amount").AttrOr("value", ""); got != "a lot" {
			t.Errorf("the amount is now %q", got)
		}
		partner.press("Submit claim").sees(422)
		for _, field := range []string{"lar", "customer_state", "program", "amount", "expected_on", "kind"} {
			if partner.wrong()[field] == "" {
				t.Errorf("nothing is said at %s: %v", field, partner.wrong())
			}
		}
		partner.visit("/claims").sees(200, "Fabrikam", "Draft", "Your turn")
		p.as(t, p.staff).visit("/claims").sees(200, "No claims yet")
		partner.visit(partner.href("Fabrikam")).visit(partner.href("Go on with the draft")).press("Discard the draft").sees(200, "The draft was discarded.", "Your claims will be listed here")
	})
}

// TestApplicationIsAnswered: beside the roster's row, accepted or refused with a reason.
func TestApplicationIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.applies(t, "Birch Systems", p.known.No, "joe@elsewhere.example")
		p.applies(t, "Elm Works", "330055", "erin@elm.example")
		staff := p.as(t, p.staff)
		staff.visit("/applications").sees(200, "Birch Systems", "Elm Works")
		list := staff.href("Elm Works")
		staff.visit(staff.href("Birch Systems")).sees(200, "Differs", "Accepting takes name, level and state from the roster.")
		staff.press("Accept and enroll").sees(200, "The application was accepted.", "Accepted", "By Maya Kim")
		staff.visit(list).sees(200, "The roster has no row with this partner ID.").press("Refuse").sees(422, "Give the reason.")
		staff.fill("reason", "Use your Microsoft partner ID.").press("Refuse").sees(200, "The application was refused.", "Use your Microsoft partner ID.")
		staff.visit("/applications").sees(200, "No application waits")
		staff.visit("/applications?state=refused").sees(200, "Elm Works")
		staff.visit("/partners?q=birch").sees(200, "Birch Systems", "Enrolled")
		for address, subject := range map[string]string{"joe@elsewhere.example": "Your application was accepted", "erin@elm.example": "Your application was not accepted"} {
			if got := p.mails(t, address); len(got) != 1 || got[0].Subject != subject {
				t.Errorf("mails to %s: %+v", address, got)
			}
		}
		p.as(t, p.partner.MemberID).visit("/applications").sees(403)
	})
}

// applies has a company apply whose application waits.
func (p *portal) applies(t testing.TB, company, no, email string) {
	t.Helper()
	key, _, err := p.store.Signer(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	err = p.store.Load(context.Background(), key, func(l *store.Loader) error {
		return l.Application(store.PastApplication{Company: company, Name: "Person of " + company, Email: email, PartnerNo: no, State: "VT", Why: "The e-mail’s domain is another.",
			Level: influence.Registered, At: p.store.Clock().Program()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRosterIsImported: with the data's refused rows and their reasons on the page
// and as a file; the same roster again changes nothing.
func TestRosterIsImported(t *testing.T) {
	dir := os.Getenv("IRM_TEST_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	content, err := os.ReadFile(filepath.Join(dir, "reports", "roster.csv"))
	if err != nil {
		if os.Getenv("IRM_TEST_ALL") == "1" {
			t.Fatal(err)
		}
		t.Skipf("skipped: there is no test data at %s; IRM_TEST_DATA says where it is", dir)
	}
	each(t, func(t *testing.T, p *portal) {
		staff := p.as(t, p.staff)
		staff.visit("/roster").sees(200, "None yet.")
		staff.upload("/roster", "roster.csv", content).sees(200, "The roster was imported: 2,997 partners, 4 rows refused.", "4 rows were refused", "no such state", "used by an earlier row, row 9.")
		_, refused := staff.file("/roster/refused.csv")
		if rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(refused, "\uFEFF"))).ReadAll(); err != nil || len(rows) != 5 || rows[0][0] != "row" || rows[0][1] != "reason" || rows[0][2] != "partner_id" {
			t.Errorf("refused rows: %v\n%s", err, refused)
		}
		staff.upload("/roster", "roster.csv", content).sees(200, "Unchanged2,997")
		staff.upload("/roster", "roster.pdf", []byte("%PDF-1.4 …")).sees(422, "This is a PDF document.")
		staff.upload("/roster", "", nil).sees(422, "Choose a file.")
		staff.visit("/roster?level=gold&state=AL").sees(200, "GLOBAL TEL*LINK CORPORATION", "6 rows")
		p.as(t, p.lar.MemberID).upload("/roster", "roster.csv", content).sees(403)
	})
}

// TestLARLooksUpAPartner: by its whole ID, thirty times a minute.
func TestLARLooksUpAPartner(t *testing.T) {
	p := onSQLite(t)
	desk := p.as(t, p.lar.MemberID)
	desk.visit("/partners").fill("partner_id", "220044").press("Look up").sees(200, "Birch Systems", "Certified", "Not yet.")
	desk.fill("partner_id", "220045").press("Look up").sees(200, "Nobody has the partner ID 220045.")
	desk.fill("partner_id", "Birch").press("Look up").sees(422, "A partner ID has 4 to 10 digits.")
	for range 27 {
		desk.visit("/partners").fill("partner_id", "220044").press("Look up").sees(200)
	}
	desk.visit("/partners").fill("partner_id", "220044").press("Look up").sees(429)
	p.as(t, p.partner.MemberID).post("/roster/lookup", url.Values{"partner_id": {"220044"}}).sees(403)
}

// TestLARStatusIsSaved: by an administrator, dated; what is wrong is said at the field.
func TestLARStatusIsSaved(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		ref, _ := p.secondLAR(t)
		staff := p.as(t, p.staff)
		staff.visit("/lars").sees(200, "Northgate Licensing", "Summit Licensing")
		staff.visit("/lars?status=invited").sees(200, "No LAR matches", "Clear filters")
		if _, text := staff.file("/lars.csv?status=ready"); strings.Count(text, "\n") != 3 {
			t.Errorf("two LARs are Ready:\n%s", text)
		}
		staff.visit("/lars/"+ref).fill("status", "signed").fill("planned_on", "31/12/2007").press("Save status").sees(422)
		if got := staff.doc.Find("#planned_on").AttrOr("value", ""); got != "31/12/2007" || staff.wrong()["planned_on"] == "" {
			t.Errorf("typed %q, wrong %v", got, staff.wrong())
		}
		staff.fill("planned_on", "6/1/2007").press("Save status").sees(200, "The status was saved.", "Plans to be Ready on 1 Jun 2007")
		p.browser(t).visit("/lars").sees(200, "Northgate Licensing")
		if strings.Contains(said(p.browser(t).visit("/lars").doc.Selection), "Summit") {
			t.Error("the public sees a LAR that is not Ready")
		}
		p.as(t, p.partner.MemberID).visit("/lars/"+ref).sees(200, "Signed", "Claims to it can be drafted.").post("/lars/"+ref+"/status", url.Values{"status": {"ready"}, "version": {"2"}}).sees(403)
		stale := p.as(t, p.staff).post("/lars/"+ref+"/status", url.Values{"status": {"ready"}, "version": {"1"}})
		stale.sees(409, "Maya Kim changed the status of Summit Licensing", "Signed", "Ready")
	})
}

// TestEveryListIsAFile: at its own address as CSV, Excel and JSON, its first
// column the reference, for those who may see the page.
func TestEveryListIsAFile(t *testing.T) {
	p := onSQLite(t)
	p.applies(t, "=Elm", "330055", "erin@elm.example")
	p.as(t, p.partner.MemberID).claimTo("northgate", "=1+1")
	members := map[influence.Role]string{influence.RolePartner: p.partner.MemberID, influence.RoleLAR: p.lar.MemberID, influence.RoleStaff: p.staff}
	lists := map[string][]influence.Role{
		"agreements": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff}, "claims": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff},
		"partners": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff}, "lars": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff},
		"connections": {influence.RolePartner, influence.RoleLAR, influence.RoleStaff}, "applications": {influence.RoleStaff}, "roster": {influence.RoleStaff},
		"reports": {influence.RoleLAR, influence.RoleStaff}, "customers": {influence.RoleStaff}, "inbox": {influence.RoleLAR},
	}
	for list, roles := range lists {
		for role, member := range members {
			b := p.as(t, member)
			may := false
			for _, r := range roles {
				may = may || r == role
			}
			if !may {
				b.visit("/" + list + ".csv").sees(403)
				continue
			}
			b.fileOf("/" + list)
		}
	}
	if _, text := p.as(t, p.partner.MemberID).file("/claims.csv"); !strings.Contains(text, "'=1+1") {
		t.Errorf("a formula is written as one:\n%s", text)
	}
	if _, text := p.as(t, p.staff).file("/partners.csv?enrolled=no"); strings.Contains(text, "Alder") || !strings.Contains(text, "Birch") {
		t.Errorf("the filter of the page does not hold in the file:\n%s", text)
	}
}

// fileOf fetches a list in every format and compares how many rows they have.
func (b *browser) fileOf(path string) {
	b.t.Helper()
	kind, text := b.file(path + ".csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
	if err != nil || !strings.HasPrefix(kind, "text/csv") || len(rows) == 0 || rows[0][0] != "ref" {
		b.t.Errorf("%s.csv: %s, %v\n%.200s", path, kind, err, text)
		return
	}
	kind, text = b.file(path + ".json")
	var objects []map[string]any
	if err := json.Unmarshal([]byte(text), &objects); err != nil || len(objects) != len(rows)-1 || !strings.HasPrefix(kind, "application/json") {
		b.t.Errorf("%s.json: %s, %d objects for %d rows, %v", path, kind, len(objects), len(rows)-1, err)
	}
	for i, o := range objects {
		if fmt.Sprint(o["ref"]) != rows[i+1][0] {
			b.t.Errorf("%s: row %d is %s in one file and %v in the other", path, i+1, rows[i+1][0], o["ref"])
		}
	}
	if _, text = b.file(path + ".xlsx"); !strings.HasPrefix(text, "PK") {
		b.t.Errorf("%s.xlsx is no workbook", path)
	}
}

// TestFilesAreLimited: 120 an hour for each member.
func TestFilesAreLimited(t *testing.T) {
	p := onSQLite(t)
	b := p.as(t, p.staff)
	for range 120 {
		b.file("/lars.json")
	}
	b.visit("/lars.json").sees(429, "Too many tries in a short time")
	p.as(t, p.lar.MemberID).file("/lars.json")
	p.pass(31 * time.Second)
	b.file("/lars.json")
}

// TestListsTakeAnyQuery: whatever stands in an address, the answer is a page or
// a refusal, never a failure.
func TestListsTakeAnyQuery(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		odd := []string{"~", "~~~", "x~y", "9999999999999999999999~z", "%27%3B--", "%25_%5C", "%00", "%FF%FE", strings.Repeat("9", 3000), "%E2%80%AE", "-1", "==="}
		names := []string{"after", "before", "q", "state", "level", "enrolled", "lar", "partner", "program", "decided", "fy", "month", "quarter", "until", "by", "gone", "tab", "active"}
		for member, lists := range map[string][]string{
			p.staff:            {"/partners", "/lars", "/connections", "/applications", "/roster", "/customers", "/agreements", "/claims", "/reports"},
			p.partner.MemberID: {"/partners", "/connections", "/agreements", "/claims"},
			p.lar.MemberID:     {"/partners", "/connections", "/agreements", "/claims", "/inbox", "/reports"},
		} {
			b := p.as(t, member)
			for _, list := range lists {
				for i, name := range names {
					b.visit(list + "?" + name + "=" + odd[(i+len(list))%len(odd)] + "&" + names[(i+1)%len(names)] + "=" + odd[(i*7+3)%len(odd)])
					if b.status >= 500 {
						t.Errorf("%s answers %d", b.at, b.status)
					}
				}
				if b.visit(list + "?q=a&q=b"); b.status != 400 {
					t.Errorf("%s answers %d to a field twice", b.at, b.status)
				}
			}
			for _, page := range []string{"/partners/x", "/lars/%27", "/claims/%00", "/agreements/%FF", "/connections/CON-1/accept"} {
				if b.visit(page); b.status >= 500 {
					t.Errorf("%s answers %d", b.at, b.status)
				}
			}
		}
	})
}
