package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The second partner of these journeys, and both as members that the operator adds.
const (
	rivalMail   = "ana@energycap.example"
	partnerMail = "pat@merlin.example"
)

// The sides of a journey, each at its own screen.
type sides struct {
	w                                   *world
	look                                Look
	partner, rival, desk, staff, second *Tab // second is of Microsoft too
}

// newSides begins a program in which both partners have asked for the connection
// with the LAR, and it has accepted.
func newSides(t *testing.T, look Look) *sides {
	t.Helper()
	w := newWorld(t, map[string]string{"northgate": "Northgate"})
	w.invite("partner", "--role", "partner", "--partner", claimant, "--email", partnerMail, "--name", "Pat Alvarez")
	w.invite("rival", "--role", "partner", "--partner", named, "--email", rivalMail, "--name", "Ana Cruz")
	w.invite("second", "--role", "manager", "--email", "second@program.example", "--name", "Ann Lee")
	s := &sides{w: w, look: look}
	s.partner, s.rival = w.enter("partner", partnerMail, look), w.enter("rival", rivalMail, look)
	s.desk, s.staff = w.enter("northgate", "desk@northgate.example", look), w.enter("staff", "staff@program.example", look)
	s.second = w.enter("second", "second@program.example", look)
	for _, b := range []*Tab{s.partner, s.rival} {
		b.claim("", "Coho Winery")
		s.desk.Visit("/connections")
		s.desk.Click("Accept")
	}
	return s
}

// nextDay ends the program and serves it again a day later.
func (s *sides) nextDay(today string) {
	s.w.t.Helper()
	s.w.server.end(s.w.t)
	s.w.server = start(s.w.t, "serve", "--second-factor", "offered", "--database", s.w.database, "--today", today, "--mail-dir", s.w.mails)
	for email, tab := range map[string]**Tab{partnerMail: &s.partner, rivalMail: &s.rival, "desk@northgate.example": &s.desk, "staff@program.example": &s.staff, "second@program.example": &s.second} {
		*tab = open(s.w.t, s.w.server.URL, s.look)
		(*tab).SignIn(email, phrase)
	}
}

// claim claims a deal, by its number if there is one, and returns the reference.
func (b *Tab) claim(number, customer string) string {
	b.t.Helper()
	b.Visit("/claims/new")
	for _, f := range [][2]string{{"lar", "Northgate"}, {"program", "enterprise"}, {"agreement_number", number}, {"customer", customer}, {"customer_state", "WA"},
		{"seats", "300"}, {"amount", "$90,000"}, {"expected_on", "2007-04-02"}, {"kind", "presales"}, {"note", "We ran the pilot from October on."}} {
		if f[1] != "" {
			b.Fill(f[0], f[1])
		}
	}
	b.Click("Submit claim")
	ref := strings.TrimPrefix(b.URL(), "/claims/")
	if b.Status() != 200 || !strings.HasPrefix(ref, "CLM-") {
		b.t.Fatalf("claiming %s: status %d at %s\n%s", customer, b.Status(), b.URL(), b.Page())
	}
	return ref
}

// book enters an agreement.
func (b *Tab) book(number, customer, amount string) {
	b.t.Helper()
	b.Visit("/agreements/new")
	for _, f := range [][2]string{{"agreement_number", number}, {"program", "enterprise"}, {"customer", customer}, {"customer_state", "WA"}, {"seats", "300"}, {"signed_on", "2007-04-02"},
		{"order_number", number + "-1"}, {"order_kind", "initial"}, {"ordered_on", "2007-04-02"}, {"amount", amount}} {
		b.Fill(f[0], f[1])
	}
	b.Click("Enter agreement")
	if b.Status() != 200 {
		b.t.Fatalf("entering %s: status %d\n%s", number, b.Status(), b.Page())
	}
}

// says fails the test unless the page has all of the words.
func (b *Tab) says(what string, words ...string) {
	b.t.Helper()
	for _, w := range words {
		if b.Status() != 200 || !strings.Contains(plain(b.Page()), w) {
			b.t.Fatalf("%s: status %d, no %q at %s\n%s", what, b.Status(), w, b.URL(), plain(b.Page()))
		}
	}
}

// A claim's life in a browser: it is extended, taken back and reopened with its
// date, and found to be what the LAR reports later; another is asked about and answered with a file, and confirmed; for a third
// two partners compete without a name, the one that loses disputes, and of much revenue
// as it is one of Microsoft proposes to uphold it and a second approves.
func TestClaimLife(t *testing.T) {
	for _, look := range []Look{{}, {NoScripts: true, Width: 390}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			s := newSides(t, look)
			s.extendAndReopen()
			s.yours()
			s.askAndConfirm()
			lost := s.compete()
			s.nextDay("2007-04-17")
			s.dispute(lost)
			if out := s.w.irm(0, "verify"); out != "" {
				t.Errorf("verify: %s", out)
			}
		})
	}
}

// extendAndReopen is of the intent that asked for the connection.
func (s *sides) extendAndReopen() {
	b := s.partner
	b.t.Helper()
	b.Visit("/claims?state=intent")
	b.Visit(b.Href("/claims/CLM-"))
	b.says("the intent", "Waiting for an agreement", "Claimed 16 Apr 2007")
	b.Click("Extend to 11 Jan 2008")
	b.says("extended", "It was extended on 16 Apr 2007", "until 11 Jan 2008")
	b.Tap("Withdraw")
	b.Click("Withdraw the claim")
	b.says("withdrawn", "Withdrawn", "You can reopen it until 16 May 2007")
	b.Click("Reopen")
	b.says("reopened", "Waiting for an agreement", "Claimed 16 Apr 2007", "Reopened")
	b.Shot("reopened claim")
}

// yours has the LAR report what fits the intents of both partners. Each is asked, and
// sees nothing of it: one says that it is its deal, and the LAR attaches that claim;
// the other says no, and is not suggested any more.
func (s *sides) yours() {
	b := s.partner
	b.t.Helper()
	s.desk.book("E-55", "Coho Winery", "$97,500")
	b.Visit("/")
	b.says("the first page", "Coho Winery: is this yours?", "Northgate reported an agreement that fits your claim")
	b.Visit(b.Href("/claims/CLM-"))
	b.says("the question", "Is this yours?", "Was your deal signed?")
	if page := b.Page(); strings.Contains(page, "E-55") || strings.Contains(page, "97,500") || strings.Contains(page, namedName) {
		b.t.Errorf("the partner sees what was reported:\n%s", page)
	}
	b.Shot("is this yours")
	b.Click("Yes, this is mine")
	b.says("said", "You said that this deal was signed", "The partner says that its deal was signed")
	claim := strings.TrimPrefix(b.URL(), "/claims/")
	s.rival.Visit("/")
	s.rival.Visit(s.rival.Href("/claims/CLM-"))
	s.rival.Click("No, not signed yet")
	s.rival.says("dropped", "What was suggested is dropped", "Waiting for an agreement")
	if s.rival.Visit("/"); strings.Contains(s.rival.Page(), "is this yours?") {
		b.t.Error("the partner is asked again")
	}
	s.desk.Visit("/claims/" + claim)
	s.desk.says("the LAR", "the partner says that this is its deal")
	s.desk.Click("Attach to E-55")
	s.desk.says("attached", "Your turn: decide")
	if page := s.desk.Page(); strings.Contains(page, namedName) {
		b.t.Errorf("the rival is suggested still:\n%s", page)
	}
	b.Visit("/claims/" + claim)
	b.says("attached", "LAR’s turn: decide", "E-55")
}

// askAndConfirm has the LAR ask, the partner answer with a file, and the LAR confirm.
func (s *sides) askAndConfirm() {
	b := s.partner
	b.t.Helper()
	s.desk.book("E-77", "Tailspin Toys", "$98,000")
	claim := b.claim("e77", "Tailspin Toys")
	s.desk.Visit("/claims/" + claim)
	s.desk.Tap("Ask the partner")
	s.desk.Fill("code", "customer_acknowledgement_missing")
	s.desk.Fill("note", "Do you have a letter of the customer?")
	s.desk.Click("Send the question")
	s.desk.says("asked", "Action required")
	s.desk.Visit("/inbox?list=1")
	s.desk.says("the inbox", "Partner’s turn")
	b.Visit("/claims/" + claim)
	b.says("the question", "Do you have a letter of the customer?", "Opened at Northgate by Desk of Northgate")
	file := filepath.Join(b.t.TempDir(), "letter.txt")
	if err := os.WriteFile(file, []byte("They helped us."), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.Tap("Add evidence")
	b.Upload("file", file)
	b.Click("Add the evidence")
	b.says("with the file", "letter.txt", "15 bytes")
	b.Fill("answer", "It is attached.")
	b.Click("Send the answer")
	b.says("answered", "LAR’s turn: decide")
	s.desk.Visit("/claims/" + claim)
	s.desk.says("the answer", "It is attached.", "letter.txt")
	if got := s.desk.Fetch(s.desk.Href("/evidence/FIL-")); got.Status != 200 || string(got.Body) != "They helped us." {
		b.t.Errorf("the file is answered %d, %q", got.Status, got.Body)
	}
	s.desk.Click("Decide at the desk")
	s.desk.Click("Confirm " + claimantName)
	b.Visit("/claims/" + claim)
	b.says("confirmed", "Confirmed")
}

// compete has both partners claim one agreement, of which the LAR gives the rival
// all. It returns the claim that was rejected.
func (s *sides) compete() (lost string) {
	s.w.t.Helper()
	s.desk.book("E-88", "Wingtip Toys", "$1,200,000")
	lost, won := s.partner.claim("E88", "Wingtip Toys"), s.rival.claim("E88", "Wingtip")
	for b, claim := range map[*Tab]string{s.partner: lost, s.rival: won} {
		b.Visit("/claims/" + claim)
		b.says("competing", "Another claim competes for this agreement")
		if page := b.Page(); b == s.partner && strings.Contains(page, namedName) || b == s.rival && strings.Contains(page, claimantName) {
			s.w.t.Errorf("the rival is named:\n%s", page)
		}
	}
	s.desk.Visit("/claims/" + won)
	s.desk.Click("Decide at the desk")
	if !s.desk.Has("Shares of the revenue") {
		s.desk.Tap("Split or add partners")
	}
	ids := s.desk.Values("#split [name=partner_id]")
	for i, id := range ids {
		s.desk.FillNth("share", s.desk.nth("share", "#split", i), map[string]string{named: "100"}[id])
	}
	s.desk.FillNth("primary", s.desk.nth("primary", "#split", indexOf(ids, named)), named)
	s.desk.Click("Confirm these shares")
	s.partner.Visit("/claims/" + lost)
	s.partner.says("rejected", "Rejected", "Another partner was confirmed")
	return lost
}

// dispute has the partner that lost dispute the decision where it reads it, the LAR
// and the rival answer, and Microsoft uphold it by two members.
func (s *sides) dispute(lost string) {
	b := s.partner
	b.t.Helper()
	b.Visit("/claims/" + lost)
	b.Tap("Dispute the decision")
	b.Fill("reason", "We brought the customer, and the rival came after the signing.")
	b.Click("Send the dispute")
	at := b.URL()
	b.says("disputed", "The sides answer until", "We brought the customer")
	s.desk.Visit(at)
	s.desk.Fill("answer", "Both of them were there.")
	s.desk.Click("Send the answer")
	s.desk.says("the LAR answered", "Both of them were there.", "Your company answered")
	s.rival.Visit(at)
	s.rival.says("the holder", "A dispute may change it")
	if page := s.rival.Page(); strings.Contains(page, "We brought") || strings.Contains(page, claimantName) || strings.Contains(page, "Both of them") {
		b.t.Errorf("the holder reads what is not for it:\n%s", page)
	}
	s.rival.Fill("answer", "We did the pilot.")
	s.rival.Click("Send the answer")
	s.staff.Visit("/disputes?state=open")
	s.staff.Click("Wingtip Toys")
	s.staff.Fill("outcome", "upheld")
	s.staff.Fill("reason", "The letter names both.")
	ids := s.staff.Values("[name=partner_id]")
	for i, id := range ids {
		s.staff.FillNth("share", i, map[string]string{claimant: "60", named: "40"}[id])
	}
	s.staff.FillNth("primary", indexOf(ids, claimant), claimant)
	s.staff.Shot("ruling")
	s.staff.says("two are needed", "The agreement’s revenue is $1,200,000.00", "somebody else who took no part approves it")
	s.staff.Click("Propose the ruling")
	s.staff.says("proposed", "A ruling waits for a second approval", "You proposed this ruling, so somebody else approves it")
	b.Visit(at)
	if page := b.Page(); strings.Contains(page, "The letter names both.") || strings.Contains(page, "proposed") {
		b.t.Errorf("the partner reads a ruling that does not count yet:\n%s", page)
	}
	b.Visit("/claims/" + lost)
	b.says("not yet", "Rejected")
	s.second.Visit("/")
	s.second.Visit(s.second.Href("/disputes/DSP-"))
	s.second.says("the proposal", "Proposed ruling: Upheld", "The letter names both.", "60 %")
	s.second.Fill("answer", "approve")
	s.second.Shot("approval")
	s.second.ClickIn("form:has([name=sentence])", "Send")
	s.second.says("approved", "The partner is right", "Approved by Ann Lee")
	b.Visit("/claims/" + lost)
	b.says("upheld", "Confirmed", "The letter names both.")
	s.rival.Visit(at)
	s.rival.says("the holder reads the ruling", "Upheld", "The letter names both.")
}
