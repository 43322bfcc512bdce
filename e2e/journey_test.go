package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// The two partners of the journey: one signs up and claims, the other is named by
// the report and has not enrolled.
const (
	claimant     = "2981229"
	claimantName = "MERLIN INTERNATIONAL, INC."
	claimantMail = "pat@merlininternationa.example"
	named        = "9920562"
	namedName    = "ENERGYCAP, INC."
	dealNumber   = "S1000007"
)

// A partner signs up, claims an agreement that the LAR has not reported yet, is
// connected, and the LAR's report names another partner for it. The LAR splits it
// 60 to 40, and every page and file of every side agrees to the cent with what is
// worked out here from the file.
func TestJourney(t *testing.T) {
	for _, look := range []Look{{}, {NoScripts: true}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"northgate": "Northgate"})
			want := workOut(t, filepath.Join(reports(t), "northgate.csv"))
			partner := w.signUp(look)
			claim := partner.claimDeal()
			desk := w.enter("northgate", "desk@northgate.example", look)
			desk.acceptConnection()
			partner.Visit("/claims/" + claim)
			if !partner.Has("Waiting for an agreement") {
				t.Fatalf("after the connection the claim says\n%s", partner.Page())
			}
			desk.importReport(filepath.Join(reports(t), "northgate.csv"))
			agreement := desk.split()
			staff := w.enter("staff", "staff@program.example", look)
			checkAgreement(desk, agreement, want)
			checkAgreement(staff, agreement, want)
			checkPartner(partner, claim, agreement, want)
			checkStaff(staff, want)
			if out := w.irm(0, "verify"); out != "" {
				t.Errorf("verify: %s", out)
			}
		})
	}
}

// signUp enrolls the claimant at once: its roster row is Certified and its
// website has the address's domain.
func (w *world) signUp(look Look) *Tab {
	w.t.Helper()
	b := open(w.t, w.server.URL, look)
	b.Visit("/signup")
	for _, f := range [][2]string{{"name", "Pat Alvarez"}, {"email", claimantMail}, {"password", phrase}, {"company", "Merlin International"},
		{"partner_id", claimant}, {"level", "certified"}, {"state", "CO"}, {"phone", "(303) 555-0142"}} {
		b.Fill(f[0], f[1])
	}
	b.ClickIn("form:has([name=partner_id])", "Send application")
	if !b.Has("Check your mail") {
		w.t.Fatalf("after signing up: status %d\n%s", b.Status(), b.Page())
	}
	link := oneTime.FindString(w.mailTo(claimantMail, "Confirm"))
	if link == "" {
		w.t.Fatal("the mail has no link")
	}
	b.Visit(link)
	b.Click("Confirm")
	if strings.HasPrefix(b.URL(), "/signin") || b.Status() != 200 {
		b.SignIn(claimantMail, phrase)
	}
	return b
}

// claimDeal claims the agreement by its number and returns the claim's reference.
func (b *Tab) claimDeal() string {
	b.t.Helper()
	b.Visit("/claims/new")
	for _, f := range [][2]string{{"lar", "Northgate"}, {"program", "select"}, {"agreement_number", "s-1000007"}, {"customer", "Jacobs Solutions"},
		{"customer_state", "MA"}, {"seats", "943"}, {"amount", "$90,000"}, {"expected_on", "2007-02-24"}, {"kind", "sourced"},
		{"note", "Introduced the customer and planned the licensing with it from October on."}} {
		b.Fill(f[0], f[1])
	}
	b.Click("Submit claim")
	ref := strings.TrimPrefix(b.URL(), "/claims/")
	if b.Status() != 200 || !strings.HasPrefix(ref, "CLM-") || !b.Has("Waiting for connection") {
		b.t.Fatalf("after submitting: status %d at %s\n%s", b.Status(), b.URL(), b.Page())
	}
	return ref
}

func (b *Tab) acceptConnection() {
	b.t.Helper()
	b.Visit("/connections")
	if !b.Has(claimantName) {
		b.t.Fatalf("no request: %s", b.Page())
	}
	b.Click("Accept")
	if b.Status() != 200 {
		b.t.Fatalf("accepting: status %d\n%s", b.Status(), b.Page())
	}
}

// split opens the conflict in the inbox and gives the claimant 60, the named
// partner 40. It returns the agreement's reference.
func (b *Tab) split() string {
	b.t.Helper()
	b.Visit("/inbox?list=1")
	if !b.Has("Jacobs Solutions") {
		b.t.Fatalf("the conflict is not in the inbox:\n%s", b.Page())
	}
	b.Click("Jacobs Solutions")
	if !b.Has(claimantName) || !b.Has("names partner "+named) {
		b.t.Fatalf("the conflict is not shown:\n%s", b.Page())
	}
	b.Shot("conflict")
	if !b.Has("Shares of the revenue") {
		b.Tap("Split or add partners")
	}
	ids := b.Values("#split [name=partner_id]")
	for i, id := range ids {
		switch id {
		case claimant:
			b.FillNth("share", b.nth("share", "#split", i), "60")
		case named:
			b.FillNth("share", b.nth("share", "#split", i), "40")
		}
	}
	b.FillNth("primary", b.nth("primary", "#split", indexOf(ids, claimant)), claimant)
	b.Click("Confirm these shares")
	if b.Status() != 200 || !b.Has("Decided") {
		b.t.Fatalf("deciding: status %d\n%s", b.Status(), b.Page())
	}
	return strings.TrimPrefix(b.Href("/agreements/AGR-"), "/agreements/")
}

func indexOf(all []string, s string) int {
	for i, x := range all {
		if x == s {
			return i
		}
	}
	return -1
}

// figures are what the file comes to once the agreement is split.
type figures struct {
	orders                map[string][3]int64 // order to amount and the two parts, cents
	total, first, second  int64
	byYear, claimantYears map[int]int64 // influenced, by fiscal year
	namedYears            map[int]int64 // of the named partner, with its other agreements
	namedTotal            int64
}

// workOut reads the report as a file and applies the program's rules by hand: an
// agreement for which the file names exactly one partner is that partner's whole;
// the deal's orders are split 60 to 40, cents left over by largest remainder.
func workOut(t *testing.T, file string) figures {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]map[string]bool{}
	for _, r := range rows[1:] {
		if r[10] != "" {
			if names[r[0]] == nil {
				names[r[0]] = map[string]bool{}
			}
			names[r[0]][r[10]] = true
		}
	}
	x := figures{orders: map[string][3]int64{}, byYear: map[int]int64{}, claimantYears: map[int]int64{}, namedYears: map[int]int64{}}
	for _, r := range rows[1:] {
		cents, year := centsOf(t, r[9]), fiscalYear(t, r[8])
		if r[0] == dealNumber {
			a, b := sixtyForty(cents)
			x.orders[r[6]] = [3]int64{cents, a, b}
			x.total, x.first, x.second = x.total+cents, x.first+a, x.second+b
			x.byYear[year] += cents
			x.claimantYears[year] += a
			x.namedYears[year] += b
			x.namedTotal += b
			continue
		}
		if len(names[r[0]]) != 1 {
			continue
		}
		x.byYear[year] += cents
		if names[r[0]][named] {
			x.namedYears[year] += cents
			x.namedTotal += cents
		}
	}
	return x
}

func centsOf(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.ReplaceAll(s, ".", ""), 10, 64)
	if err != nil || !strings.Contains(s, ".") || len(s)-strings.Index(s, ".") != 3 {
		t.Fatalf("amount %q", s)
	}
	return n
}

func fiscalYear(t *testing.T, day string) int {
	t.Helper()
	year, err := strconv.Atoi(day[:4])
	if err != nil {
		t.Fatal(err)
	}
	if day[5:7] >= "07" {
		year++
	}
	return year
}

// sixtyForty splits cents: each part rounded down, the cent left to the larger remainder.
func sixtyForty(cents int64) (a, b int64) {
	sign := int64(1)
	if cents < 0 {
		sign, cents = -1, -cents
	}
	a, b = cents*6000/10000, cents*4000/10000
	if a+b < cents {
		if cents*6000%10000 >= cents*4000%10000 { // the primary's, when they are equal
			a++
		} else {
			b++
		}
	}
	return sign * a, sign * b
}

// checkAgreement reads the agreement's page as the LAR and Microsoft see it.
func checkAgreement(b *Tab, ref string, want figures) {
	b.t.Helper()
	b.Visit("/agreements/" + ref)
	page := plain(b.Page())
	for number, o := range want.orders {
		for _, cents := range o {
			if !strings.Contains(page, money(cents)) {
				b.t.Errorf("order %s: no %s on the agreement's page", number, money(cents))
			}
		}
	}
	for what, cents := range map[string]int64{"revenue": want.total, "first share": want.first, "second share": want.second} {
		if !strings.Contains(page, money(cents)) {
			b.t.Errorf("%s: no %s on the agreement's page", what, money(cents))
		}
	}
	b.Shot("agreement")
}

// checkPartner reads what the claimant sees: its claim, its home, its list and files.
func checkPartner(b *Tab, claim, agreement string, want figures) {
	b.t.Helper()
	b.Visit("/claims/" + claim)
	if !b.Has("Confirmed") {
		b.t.Errorf("the claim is not confirmed:\n%s", b.Page())
	}
	b.Visit("/")
	if source := b.Source(); !strings.Contains(source, money(want.claimantYears[2007])) {
		b.t.Errorf("home does not say %s:\n%s", money(want.claimantYears[2007]), b.Page())
	}
	b.Shot("partner home")
	b.Visit("/agreements")
	if !strings.Contains(plain(b.Page()), money(want.first)) {
		b.t.Errorf("the list does not say %s:\n%s", money(want.first), b.Page())
	}
	b.Visit("/agreements/" + agreement)
	page := plain(b.Page())
	for number, o := range want.orders {
		if !strings.Contains(page, money(o[1])) {
			b.t.Errorf("order %s: no part %s on the partner's page", number, money(o[1]))
		}
	}
	rows := b.export("/agreements")
	if len(rows) != 1 || rows[0]["agreement_number"] != dealNumber || cellCents(rows[0], "own_part") != want.first {
		b.t.Errorf("the partner's export is %v", rows)
	}
}

// checkStaff reads Microsoft's side: both partners' pages, the dashboard of each
// fiscal year, and the exports.
func checkStaff(b *Tab, want figures) {
	b.t.Helper()
	for no, years := range map[string]map[int]int64{claimant: want.claimantYears, named: want.namedYears} {
		b.Visit("/partners?q=" + map[string]string{claimant: "MERLIN+INTER", named: "ENERGYCAP"}[no])
		b.Visit(b.Href("/partners/PRT-"))
		for year, cents := range years {
			if !strings.Contains(b.Source(), money(cents)) {
				b.t.Errorf("partner %s, FY%d: no %s on its page:\n%s", no, year, money(cents), b.Page())
			}
		}
	}
	years := make([]int, 0, len(want.byYear))
	for year := range want.byYear {
		years = append(years, year)
	}
	sort.Ints(years)
	for _, year := range years {
		b.Visit(fmt.Sprintf("/dashboard?fy=%d", year))
		if !strings.Contains(b.Source(), money(want.byYear[year])) {
			b.t.Errorf("the dashboard of FY%d does not say %s:\n%s", year, money(want.byYear[year]), b.Page())
		}
	}
	for _, row := range b.export("/agreements") {
		if row["agreement_number"] == dealNumber && cellCents(row, "influenced") != want.total {
			b.t.Errorf("Microsoft's export says %v", row)
		}
	}
}

// export reads a list's .json and holds its .csv and .xlsx against the number of rows.
func (b *Tab) export(list string) (rows []map[string]any) {
	b.t.Helper()
	got := b.Fetch(list + ".json")
	if got.Status != 200 {
		b.t.Fatalf("%s.json: status %d", list, got.Status)
	}
	if err := json.Unmarshal(got.Body, &rows); err != nil {
		b.t.Fatalf("%s.json: %v", list, err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b.Fetch(list+".csv").Body), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != len(rows)+1 || lines[0][0] != "ref" {
		b.t.Errorf("%s.csv has %d lines for %d rows: %v", list, len(lines), len(rows), err)
	}
	if x := b.Fetch(list + ".xlsx"); x.Status != 200 || !strings.HasPrefix(string(x.Body), "PK") {
		b.t.Errorf("%s.xlsx: status %d", list, x.Status)
	}
	return rows
}

// cellCents reads an amount of an exported row, in cents.
func cellCents(row map[string]any, column string) int64 {
	n, ok := row[column+"_cents"].(float64)
	if !ok {
		return -1
	}
	return int64(n)
}
