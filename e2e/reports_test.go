package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// expected is what is known of a report's file, by whoever made it.
type expected struct {
	LAR         string `json:"lar"`
	Orders      int64  `json:"orders"`
	Agreements  int64  `json:"agreements"`
	Cents       int64  `json:"amount_cents"`
	Naming      int64  `json:"orders_naming_a_partner"`
	RefusedRows int64  `json:"refused_rows"`
	NotOrders   int64  `json:"rows_that_are_not_orders"`
	Refused     map[string]string
	Partners    int64
}

func expectations(t *testing.T) map[string]expected {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(reports(t), "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]expected{}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// meanings are words of our sentences for each reason a row is refused for.
var meanings = map[string]string{
	"amount is not a number":      "amount",
	"amount is too large":         "too large",
	"no such day":                 "no such day",
	"no such partner ID":          "no partner ID",
	"no such state":               "no such state",
	"seats":                       "seats",
	"fewer than 250 seats":        "fewer than 250 seats",
	"Open is not in the program":  "not in the program",
	"order number is missing":     "order number is missing",
	"agreement number is missing": "agreement number is missing",
}

// Each LAR uploads its report in its own layout, checks the preview and imports
// it; the page says what the file is known to hold. The same file again is refused
// naming who and when; undoing the first leaves none of its orders.
func TestReportsThroughPages(t *testing.T) {
	all := expectations(t)
	lars := map[string]string{}
	for name, x := range all {
		if name != "roster.csv" {
			lars[x.LAR] = strings.ToUpper(x.LAR[:1]) + x.LAR[1:]
		}
	}
	w := newWorld(t, lars)
	looks := []Look{{}, {NoScripts: true}, {Width: 390}}
	n := 0
	for name, x := range all {
		if name == "roster.csv" {
			continue
		}
		look := looks[n%len(looks)]
		n++
		t.Run(name+" "+look.String(), func(t *testing.T) {
			w := *w
			w.t = t
			b := w.enter(x.LAR, "desk@"+x.LAR+".example", look)
			b.importReport(filepath.Join(reports(t), name))
			page := b.Page()
			for what, want := range map[string]string{
				"orders":     fmt.Sprintf("New orders %s", thousands(x.Orders)),
				"amount":     money(x.Cents),
				"agreements": thousands(x.Agreements) + " agreements",
				"naming":     thousands(x.Naming) + " rows name a partner",
			} {
				if !strings.Contains(plain(page), want) {
					t.Errorf("%s: the page does not say %q:\n%s", what, want, plain(page))
				}
			}
			for _, row := range b.refused() {
				checkRefused(t, x, row)
			}
			b.uploadAgain(filepath.Join(reports(t), name))
		})
	}
	if out := w.irm(0, "verify"); out != "" {
		t.Errorf("verify: %s", out)
	}
}

// importReport uploads a report, imports it from the preview, and waits on its
// page until it is in.
func (b *Tab) importReport(file string) {
	b.t.Helper()
	b.Visit("/reports/new")
	b.Upload("file", file)
	b.Click("Read the file")
	if b.Status() != 200 || !b.Has("Check before import") {
		b.t.Fatalf("no preview of %s: status %d\n%s", file, b.Status(), b.Page())
	}
	b.Shot("report preview " + filepath.Base(file))
	b.ClickIn("form[action$='/commit']", "Import")
	b.awaitJob()
	b.Click("See the report")
}

// awaitJob waits until the work of a progress page is done; without scripts the
// page is loaded again.
func (b *Tab) awaitJob() {
	b.t.Helper()
	if !b.look.NoScripts {
		b.Await("Every row has its verdict")
		return
	}
	at := b.URL()
	ctx, cancel := b.step()
	defer cancel()
	if !b.until(ctx, func() bool { b.Visit(at); return b.Has("Every row has its verdict") }) {
		b.t.Fatalf("the import is not done in %v: %s", patience, b.Page())
	}
}

// refused is the file of refused rows, a line each without the headings.
func (b *Tab) refused() []string {
	b.t.Helper()
	if !b.Has("refused.csv") && !strings.Contains(b.Source(), "/refused.csv") {
		return nil
	}
	got := b.Fetch(b.Href(b.URL() + "/refused.csv"))
	if got.Status != 200 {
		b.t.Fatalf("refused.csv: status %d", got.Status)
	}
	lines := strings.Split(strings.TrimSpace(string(got.Body)), "\n")
	return lines[1:]
}

// checkRefused finds which of the known refusals a line is, and its reason.
func checkRefused(t *testing.T, x expected, line string) {
	t.Helper()
	for key, reason := range x.Refused {
		if strings.Contains(line, key) {
			if !strings.Contains(strings.ToLower(line), strings.ToLower(meanings[reason])) {
				t.Errorf("%s should be refused because %s: %s", key, reason, line)
			}
			return
		}
	}
	t.Errorf("refused without a reason known: %s", line)
}

func (b *Tab) uploadAgain(file string) {
	b.t.Helper()
	b.Visit("/reports/new")
	b.Upload("file", file)
	b.Click("Read the file")
	if b.Status() != 422 || !b.Has("was imported already") {
		b.t.Errorf("the same file again: status %d\n%s", b.Status(), b.Page())
	}
}

// plain is a text with single blanks only.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// money writes cents as pages do: $1,284,300.00.
func money(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "−", -cents
	}
	return fmt.Sprintf("%s$%s.%02d", sign, thousands(cents/100), cents%100)
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
