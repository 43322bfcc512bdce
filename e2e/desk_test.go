package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A desk enters an agreement by form, corrects its order, decides that nobody
// influenced it, and takes that back.
func TestDesk(t *testing.T) {
	for _, look := range []Look{{}, {NoScripts: true}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"northgate": "Northgate"})
			b := w.enter("northgate", "desk@northgate.example", look)
			b.enterAgreement()
			ref := strings.TrimPrefix(b.URL(), "/agreements/")
			b.correctOrder(ref)
			b.Visit("/inbox?tab=unclaimed&list=1")
			b.Click("Tailspin Toys")
			b.Tap("No partner influenced it")
			b.Click("Decide: no partner")
			if b.Status() != 200 || !b.Has("undo it until") {
				t.Fatalf("deciding: status %d\n%s", b.Status(), b.Page())
			}
			b.Visit("/agreements/" + ref)
			if !strings.Contains(plain(b.Page()), "Unassisted $99,000.01") {
				t.Errorf("after the decision:\n%s", plain(b.Page()))
			}
			b.Click("Undo")
			b.Visit("/agreements/" + ref)
			if !strings.Contains(plain(b.Page()), "Undecided $99,000.01") {
				t.Errorf("after the undo:\n%s", plain(b.Page()))
			}
			if out := w.irm(0, "verify"); out != "" {
				t.Errorf("verify: %s", out)
			}
		})
	}
}

// enterAgreement books an agreement with its first order, at the second try.
func (b *Tab) enterAgreement() {
	b.t.Helper()
	b.Visit("/agreements/new")
	for _, f := range [][2]string{{"agreement_number", "E-77 00001"}, {"program", "enterprise"}, {"customer", "Tailspin Toys"}, {"customer_state", "WA"},
		{"seats", "249"}, {"signed_on", "2007-03-01"}, {"order_number", "PO 1"}, {"order_kind", "initial"}, {"ordered_on", "2007-03-01"}, {"amount", "$98,000"}} {
		b.Fill(f[0], f[1])
	}
	b.Click("Enter agreement")
	if b.Status() != 422 || !b.Has("fewer than 250 seats") || b.Value("seats") != "249" || b.Value("customer") != "Tailspin Toys" {
		b.t.Fatalf("249 seats: status %d\n%s", b.Status(), b.Page())
	}
	b.Fill("seats", "250")
	b.Click("Enter agreement")
	if b.Status() != 200 || !b.Has("$98,000.00") {
		b.t.Fatalf("entering: status %d\n%s", b.Status(), b.Page())
	}
}

func (b *Tab) correctOrder(ref string) {
	b.t.Helper()
	b.Visit("/agreements/" + ref)
	b.Tap("Enter or correct an order")
	for _, f := range [][2]string{{"order_number", "PO 1"}, {"order_kind", "initial"}, {"ordered_on", "2007-03-01"}, {"amount", "99,000.01"}} {
		b.Fill(f[0], f[1])
	}
	b.Click("Save order")
	if b.Status() != 422 || b.Value("amount") != "99,000.01" {
		b.t.Fatalf("the same number without saying so: status %d\n%s", b.Status(), b.Page())
	}
	b.Fill("correct", "1")
	b.Click("Save order")
	if b.Status() != 200 || !b.Has("$99,000.01") {
		b.t.Fatalf("correcting: status %d\n%s", b.Status(), b.Page())
	}
}

// A copy of a report with one amount changed is one correction and nothing else;
// undone, the first report's figures stand again, and undone too, no order is left.
func TestCorrectedReport(t *testing.T) {
	file := filepath.Join(reports(t), "northgate.csv")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(t.TempDir(), "northgate-april.csv")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), "59053.36", "59053.37", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, map[string]string{"northgate": "Northgate"})
	b := w.enter("northgate", "desk@northgate.example", Look{})
	b.importReport(file)
	first := b.URL()
	b.importReport(changed)
	page := plain(b.Page())
	if !strings.Contains(page, "Corrected orders") || !strings.Contains(page, "1 corrected order") || !strings.Contains(page, "$59,053.36 → $59,053.37") || !strings.Contains(page, "Unchanged 900") {
		t.Errorf("one changed amount:\n%s", page)
	}
	b.Click("Undo this report")
	if b.Status() != 200 || !b.Has("None of its rows counts") {
		t.Fatalf("undoing: status %d\n%s", b.Status(), b.Page())
	}
	if rows := b.export("/agreements"); len(rows) != 275 || total(rows) != expectations(t)["northgate.csv"].Cents {
		t.Errorf("after the undo %d agreements with %d cents", len(rows), total(rows))
	}
	b.Visit(first)
	b.Click("Undo this report")
	if rows := b.export("/agreements"); len(rows) != 0 {
		t.Errorf("after both undos there are %d agreements", len(rows))
	}
	if out := w.irm(0, "verify"); out != "" {
		t.Errorf("verify: %s", out)
	}
}

func total(rows []map[string]any) (cents int64) {
	for _, r := range rows {
		cents += cellCents(r, "amount")
	}
	return cents
}
