package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// A Registered partner of the roster and its contact, and two who enroll by hand.
const (
	invited     = "2458052"
	invitedName = "CENTRAK, INC."
	contactMail = "info@centrakinc.example"
	joinerMail  = "lee@centrakinc.example"
	typoMail    = "sam@newcomer.example"
)

// TestEnrolment goes each of the four ways: at once, by the roster; by the personal
// link that Microsoft sends; by an application that is asked about, refused,
// corrected and accepted; and by asking to join. What is typed on the way is kept.
func TestEnrolment(t *testing.T) {
	for _, look := range []Look{{}, {NoScripts: true, Width: 390}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			w := &enrolment{newWorld(t, map[string]string{"northgate": "Northgate"}), look, map[string]string{}}
			staff := w.enter("staff", "staff@program.example", look)
			w.enrollAtOnce()
			owner := w.enrollByLink(staff)
			w.enrollByApplication(staff)
			w.join(owner)
			for _, f := range validate(t, w.sources) {
				t.Errorf("not HTML: %s", f)
			}
			if out := w.irm(0, "verify"); out != "" {
				t.Errorf("verify: %s", out)
			}
		})
	}
}

// TestFrontPageWithoutLARs: who comes before a LAR is Ready is told so, and what it
// can do meanwhile.
func TestFrontPageWithoutLARs(t *testing.T) {
	w := &world{t: t, database: filepath.Join(t.TempDir(), "irm.db")}
	w.irm(0, "lar", "add", "northgate", "--name", "Northgate", "--status", "signed")
	w.server = start(t, "serve", "--database", w.database, "--today", today, "--mail-dir", filepath.Join(t.TempDir(), "mails"))
	b := open(t, w.server.URL, Look{})
	b.Visit("/")
	b.says("the front page", "Get credit for the deals you influence", "No LAR is Ready yet. You can enroll and prepare claims meanwhile.")
	if b.Has("Northgate") {
		t.Error("a LAR that is not Ready is named")
	}
	for _, wrong := range b.examine("front page without LARs") {
		t.Error(wrong)
	}
}

// enrolment is a program in which companies enroll, and the pages seen on the way.
type enrolment struct {
	*world
	look    Look
	sources map[string]string
}

// enrollAtOnce types half of the page and comes back later for the rest; the first
// steps are there, and colleagues are put aside.
func (w *enrolment) enrollAtOnce() {
	w.t.Helper()
	b := open(w.t, w.server.URL, w.look)
	b.Visit("/")
	b.says("the front page", "Get credit for the deals you influence", "Northgate")
	b.Visit("/signup")
	b.Fill("name", "Pat Alvarez")
	b.Fill("company", "Merlin International")
	b.Click("Save for later")
	b.says("saved", "What you typed is kept in this browser until 30 Apr 2007")
	w.sound(b, "saved sign-up")
	b.Visit("/help/start")
	b.Visit("/signup")
	if b.Value("name") != "Pat Alvarez" || b.Value("company") != "Merlin International" {
		w.t.Errorf("kept %q and %q", b.Value("name"), b.Value("company"))
	}
	for _, f := range [][2]string{{"email", claimantMail}, {"password", phrase}, {"partner_id", claimant}, {"level", "certified"}, {"state", "CO"}} {
		b.Fill(f[0], f[1])
	}
	b.Click("Send application")
	b.says("sent", "Check your mail", "No mail?")
	b.Visit(oneTime.FindString(w.mailTo(claimantMail, "Confirm")))
	b.Click("Confirm my address")
	b.says("enrolled", "Your company is enrolled.", claimantName, "First steps", "Invite your colleagues")
	w.sound(b, "first steps")
	b.Click("Not now")
	b.says("put aside", "You can invite colleagues on the team’s page at any time.", "2 of 5 done")
	b.Click("Complete your company’s profile")
	b.Fill("street", "1 Market Street")
	b.Click("Save profile")
	b.Visit("/")
	b.says("with a profile", "3 of 5 done")
	b.Visit("/profile")
	b.says("in the bar", "Company profile")
}

// enrollByLink has Microsoft send a personal link, and its contact use it.
func (w *enrolment) enrollByLink(staff *Tab) (owner *Tab) {
	w.t.Helper()
	staff.Visit("/roster?q=" + invited)
	staff.Click(invitedName)
	staff.says("the partner", "Personal link", "To "+contactMail)
	staff.Click("Send a personal link")
	staff.says("sent", "A personal link is on its way to the contact.", "Open until 15 Jun 2007, to "+contactMail)
	w.sound(staff, "personal link sent")
	link := oneTime.FindString(w.mailTo(contactMail, "Enroll"))
	b := open(w.t, w.server.URL, w.look)
	b.Visit(link)
	b.says("the link’s page", "Enroll "+invitedName, contactMail, "Registered", "Pennsylvania")
	w.sound(b, "personal link")
	b.Fill("password", phrase)
	b.Click("Enroll the company")
	if b.Status() != 422 || !b.Has("Enter your name.") {
		w.t.Fatalf("without a name: status %d\n%s", b.Status(), b.Page())
	}
	w.sound(b, "personal link, refused")
	b.Fill("name", "Cam Reyes")
	b.Fill("password", phrase)
	b.Click("Enroll the company")
	b.says("enrolled", "Your company is enrolled.", invitedName, "First steps")
	other := open(w.t, w.server.URL, w.look)
	other.Visit(link)
	if other.Status() != 410 || !other.Has("This link was used") {
		w.t.Errorf("the used link: status %d\n%s", other.Status(), other.Page())
	}
	w.sound(other, "personal link, used")
	staff.Visit(staff.URL())
	staff.says("who used it", "Used on 16 Apr 2007", "This partner takes part already.")
	return b
}

// enrollByApplication is asked about, answered, refused, corrected and accepted.
func (w *enrolment) enrollByApplication(staff *Tab) {
	w.t.Helper()
	b := w.apply(typoMail, w.look)
	b.says("waiting", "Waiting for the answer")
	staff.openApplication()
	staff.Tap("Ask the applicant")
	staff.Fill("question", "Which partner ID is on your letter?")
	staff.FillNth("fields", 4, "on")
	w.sound(staff, "question to an applicant")
	staff.Click("Send the question")
	staff.says("asked", "The question was sent.", "Applicant’s turn")
	if !strings.Contains(w.mailTo(typoMail, "A question about your application"), "Which partner ID is on your letter?") {
		w.t.Error("the mail has no question")
	}
	b.Visit("/")
	b.says("the question", "Your turn", "Which partner ID is on your letter?", "Waiting for your answer")
	b.Fill("partner_id", "7700112A")
	b.Fill("answer", "It was mistyped.")
	b.Click("Send the answer")
	if b.Status() != 422 || b.Value("answer") != "It was mistyped." || b.Value("partner_id") != "7700112A" {
		w.t.Fatalf("a wrong ID: status %d\n%s", b.Status(), b.Page())
	}
	w.sound(b, "refused answer")
	b.Fill("partner_id", "77001123")
	b.Click("Send the answer")
	b.says("answered", "Your answer was sent.", "Waiting for the answer", "77001123")
	b.Shot("answered question")
	staff.openApplication()
	staff.says("the answer", "It was mistyped.", "Corrected: Partner ID", "77001123")
	w.sound(staff, "answered application")
	staff.Fill("reason", "The company’s name differs from the one registered.")
	staff.Click("Refuse")
	w.mailTo(typoMail, "not accepted")
	b.Visit("/")
	b.says("refused", "Not accepted", "The company’s name differs")
	w.sound(b, "refused application")
	b.Click("Correct and apply again")
	b.says("to correct", "Correct your application", typoMail)
	if b.Value("partner_id") != "77001123" || b.Value("company") != "Newcomer Systems" {
		w.t.Errorf("to correct there is %q, %q", b.Value("partner_id"), b.Value("company"))
	}
	w.sound(b, "to correct")
	b.Fill("company", "Newcomer Systems, Inc.")
	b.Click("Send application")
	b.says("sent again", "Your application was sent again.")
	b.Visit("/")
	b.says("again", "Waiting for the answer", "Newcomer Systems, Inc.")
	staff.openApplication()
	staff.Click("Accept and enroll")
	b.Visit("/")
	b.says("accepted", "Newcomer Systems, Inc.", "First steps")
}

// join asks to join the company that the personal link enrolled.
func (w *enrolment) join(owner *Tab) {
	w.t.Helper()
	b := open(w.t, w.server.URL, w.look)
	b.Visit("/signup")
	for _, f := range [][2]string{{"name", "Lee Park"}, {"email", joinerMail}, {"password", phrase}, {"company", "Centrak"}, {"partner_id", invited}, {"level", "registered"}, {"state", "PA"}} {
		b.Fill(f[0], f[1])
	}
	b.Click("Send application")
	b.Visit(oneTime.FindString(w.mailTo(joinerMail, "Confirm")))
	b.Click("Confirm my address")
	b.says("waiting", "Waiting for the answer")
	w.mailTo(contactMail, "asks to join your team")
	owner.Visit("/team")
	owner.says("the request", "People who ask to join", "Lee Park")
	owner.Click("Accept")
	b.Visit("/")
	b.says("joined", invitedName)
	owner.Visit("/")
	owner.says("a colleague", "2 of 5 done")
	if owner.Has("Not now") {
		w.t.Error("who has a colleague is told to invite one")
	}
}

// sound examines the page as every page is, once: without scripts it is the same.
func (w *enrolment) sound(b *Tab, name string) {
	w.t.Helper()
	if w.look.NoScripts {
		return
	}
	for _, wrong := range b.examine(name) {
		w.t.Error(wrong)
	}
	w.sources[name] = b.Source()
}
