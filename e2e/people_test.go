package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// Microsoft imports the roster by its page: known figures, refused rows with
// their reasons to keep, and the same file again changes nothing.
func TestRosterThroughPages(t *testing.T) {
	want := expectations(t)["roster.csv"]
	w := &world{t: t, database: filepath.Join(t.TempDir(), "irm.db"), links: map[string]string{}}
	w.irm(0, "migrate")
	w.invite("staff", "--role", "administrator", "--email", "staff@program.example", "--name", "Maya Kim")
	w.server = start(t, "serve", "--second-factor", "offered", "--database", w.database, "--today", today, "--mail-dir", filepath.Join(t.TempDir(), "mails"))
	b := w.enter("staff", "staff@program.example", Look{})
	b.Visit("/roster")
	b.Click("Import roster")
	if b.Status() != 422 || !b.Has("Choose a file") {
		t.Errorf("without a file: status %d\n%s", b.Status(), b.Page())
	}
	for i, done := range []string{"2,997 partners", "2,997 partners"} {
		b.Visit("/roster")
		b.Upload("file", filepath.Join(reports(t), "roster.csv"))
		b.Click("Import roster")
		if b.Status() != 200 || !b.Has(done) || !b.Has("4 rows refused") {
			t.Fatalf("import %d: status %d\n%s", i+1, b.Status(), b.Page())
		}
		lines := strings.Split(strings.TrimSpace(string(b.Fetch("/roster/refused.csv").Body)), "\n")
		if len(lines) != int(want.RefusedRows)+1 {
			t.Errorf("refused.csv has %d lines, want %d and the headings", len(lines), want.RefusedRows)
		}
	}
	if !strings.Contains(plain(b.Page()), "Unchanged 2,997") {
		t.Errorf("the second import does not say that nothing changed:\n%s", plain(b.Page()))
	}
	rows := b.export("/roster")
	if len(rows) != int(want.Partners) {
		t.Errorf("the export has %d partners, want %d", len(rows), want.Partners)
	}
}

// A Registered partner applies and waits. Microsoft refuses one application with
// a reason that the applicant reads, and accepts the next, whose company can claim.
func TestApplication(t *testing.T) {
	for _, look := range []Look{{}, {NoScripts: true, Width: 390}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"northgate": "Northgate"})
			staff := w.enter("staff", "staff@program.example", look)
			applicant := w.apply("sam@newcomer.example", look)
			if !applicant.Has("partner manager") {
				t.Fatalf("the applicant is not told what happens next:\n%s", applicant.Page())
			}
			staff.openApplication()
			staff.Click("Refuse")
			if staff.Status() != 422 {
				t.Errorf("refused without a reason: status %d", staff.Status())
			}
			staff.Fill("reason", "The company’s name differs from the one registered with this ID.")
			staff.Click("Refuse")
			applicant.Visit("/")
			if !applicant.Has("The company’s name differs") {
				t.Errorf("the applicant does not read the reason:\n%s", applicant.Page())
			}
			second := w.apply("ana@newcomer.example", look)
			staff.openApplication()
			staff.Click("Accept and enroll")
			if staff.Status() != 200 || !staff.Has("accepted") {
				t.Fatalf("accepting: status %d\n%s", staff.Status(), staff.Page())
			}
			second.Visit("/claims/new")
			if second.Status() != 200 || !second.Has("New claim") {
				t.Errorf("an accepted partner can't claim: status %d\n%s", second.Status(), second.Page())
			}
		})
	}
}

// apply signs up with a partner ID that the roster does not know, and confirms.
func (w *world) apply(email string, look Look) *Tab {
	w.t.Helper()
	b := open(w.t, w.server.URL, look)
	b.Visit("/signup")
	for _, f := range [][2]string{{"name", "Sam Park"}, {"email", email}, {"password", phrase}, {"company", "Newcomer Systems"},
		{"partner_id", "77001122"}, {"level", "registered"}, {"state", "PR"}} {
		b.Fill(f[0], f[1])
	}
	b.ClickIn("form:has([name=partner_id])", "Send application")
	b.Visit(oneTime.FindString(w.mailTo(email, "Confirm")))
	b.Click("Confirm")
	b.Visit("/")
	return b
}

func (b *Tab) openApplication() {
	b.t.Helper()
	b.Visit("/applications")
	b.Visit(b.Href("/applications/APP-"))
}

// A claim is drafted with what is not right yet, corrected, submitted, and withdrawn;
// what was typed never gets lost.
func TestClaimsLife(t *testing.T) {
	for _, look := range []Look{{}, {NoScripts: true}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"northgate": "Northgate"})
			b := w.signUp(look)
			b.Visit("/claims/new")
			b.Fill("customer", "Fabrikam & Söhne")
			b.Fill("amount", "1.234,56")
			b.Fill("note", "Two lines\nof what we did")
			b.Click("Submit claim")
			if b.Status() != 422 || b.Value("amount") != "1.234,56" || b.Value("customer") != "Fabrikam & Söhne" || !b.Has("1,234.56") {
				t.Fatalf("a wrong amount: status %d, kept %q\n%s", b.Status(), b.Value("amount"), b.Page())
			}
			b.Click("Save draft")
			if b.Status() != 200 || !b.Has("Draft") {
				t.Fatalf("saving a draft: status %d\n%s", b.Status(), b.Page())
			}
			b.Visit("/claims")
			b.Click("Fabrikam & Söhne")
			if strings.HasPrefix(b.URL(), "/claims/CLM-") && !strings.HasSuffix(b.URL(), "/edit") && strings.Contains(b.Source(), "/edit") {
				b.Visit(b.Href(b.URL() + "/edit"))
			}
			for _, f := range [][2]string{{"lar", "Northgate"}, {"program", "enterprise"}, {"customer_state", "OR"}, {"amount", "$12,500"},
				{"expected_on", "2007-06-01"}, {"kind", "presales"}} {
				b.Fill(f[0], f[1])
			}
			b.Click("Submit claim")
			if b.Status() != 200 || !b.Has("Waiting for connection") || !b.Has("Fabrikam & Söhne") {
				t.Fatalf("submitting the draft: status %d\n%s", b.Status(), b.Page())
			}
			b.Tap("Withdraw")
			b.Click("Withdraw the claim")
			if b.Status() != 200 || !b.Has("Withdrawn") {
				t.Errorf("withdrawing: status %d\n%s", b.Status(), b.Page())
			}
			if out := w.irm(0, "verify"); out != "" {
				t.Errorf("verify: %s", out)
			}
		})
	}
}
