package store

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

func sprint(x any) string { return fmt.Sprintf("%+v", x) }

// chronicle is a program while LARs, partners and their reports change it at random.
type chronicle struct {
	*rapid.T
	test       *testing.T
	s          *Store
	p          program
	key        note.Signer
	agreements []string
	owners     map[string]LoadedLAR
	newest     map[string]string // agreement to its newest decision
	reports    []string
	n          int
}

// TestFiguresFollowFromAnyHistory: after any orders, corrections, credits, claims,
// decisions, undone decisions, reports and undone reports, sealed or not, every
// figure is what a plain computation from the facts gives, and verify finds nothing.
func TestFiguresFollowFromAnyHistory(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // each run has a database of its own
		if err := flag.Set("rapid.checks", "6"); err != nil {
			t.Fatal(err)
		}
	}
	databases.Each(t, func(t *testing.T, dsn string) {
		kind := "sqlite"
		if strings.HasPrefix(dsn, "postgres") {
			kind = "postgres"
		}
		rapid.Check(t, func(r *rapid.T) {
			fresh := databases.SQLite
			if kind == "postgres" {
				fresh = databases.Postgres
			}
			s := opened(t, fresh(t))
			p := begun(t, s)
			key, _ := ownSigner(t, s)
			h := &chronicle{T: r, test: t, s: s, p: p, key: key, owners: map[string]LoadedLAR{}, newest: map[string]string{}}
			for range 3 {
				h.book()
			}
			for range rapid.IntRange(10, 30).Draw(r, "steps") {
				h.step()
			}
			h.check()
		})
	})
}

func (h *chronicle) pick(what string, n int) int { return rapid.IntRange(0, n-1).Draw(h.T, what) }

// allowed ends the run on an error that is no answer to a person.
func (h *chronicle) allowed(what string, err error) bool {
	if err != nil {
		w := worker{t: h.test}
		w.allowed(what, err)
	}
	return err == nil
}

func (h *chronicle) day(what string) influence.Day {
	return influence.Day("2005-08-01").AddDays(rapid.IntRange(0, 640).Draw(h.T, what))
}

func (h *chronicle) step() {
	h.s = after(h.s, time.Duration(h.pick("minutes", 30))*time.Minute)
	steps := map[string]func(){"book": h.book, "order": h.order, "claim": h.claim, "decide": h.decide, "decide again": h.decide, "undo": h.undo,
		"decide and undo": h.decideAndUndo, "report": h.report, "undo report": h.undoReport, "seal": h.seal, "withdraw": h.withdraw, "look": h.look}
	steps[rapid.SampledFrom([]string{"book", "order", "order", "claim", "claim", "decide", "decide again", "undo", "decide and undo", "report", "undo report", "seal", "withdraw", "look"}).Draw(h.T, "step")]()
}

func (h *chronicle) amount() string {
	cents := rapid.Int64Range(-5_000_000, 90_000_000).Draw(h.T, "cents")
	return influence.FormatMoney(cents)
}

// book enters an agreement with its first order.
func (h *chronicle) book() {
	h.n++
	lar := []LoadedLAR{h.p.north, h.p.south}[h.pick("lar", 2)]
	signed := h.day("signed")
	ref, err := h.s.As(larActor(lar)).EnterAgreement(h.test.Context(), fmt.Sprint("a", h.n), influence.AgreementDraft{AgreementNumber: fmt.Sprint("E", 100+h.n),
		Program: []string{"Enterprise", "Select"}[h.pick("program", 2)], Customer: fmt.Sprint("Customer ", h.n%4), CustomerState: []string{"NH", "CA", "TX"}[h.pick("state", 3)],
		Seats: "300", SignedOn: string(signed), OrderDraft: influence.OrderDraft{OrderNumber: "1", OrderKind: "initial",
			OrderedOn: string(signed.AddDays(h.pick("later", 30))), Amount: h.amount()}})
	if h.allowed("book", err) {
		h.agreements = append(h.agreements, ref)
		h.owners[ref] = lar
	}
}

// one draws an agreement, its LAR's session and its version.
func (h *chronicle) one() (ref string, v Session, version int64) {
	ref = h.agreements[h.pick("agreement", len(h.agreements))]
	return ref, h.s.As(larActor(h.owners[ref])), versionOf(h.test, h.s, ref)
}

// order enters an order, a correction or a credit.
func (h *chronicle) order() {
	ref, v, version := h.one()
	h.allowed("order", v.EnterOrder(h.test.Context(), ref, version, influence.OrderDraft{OrderNumber: fmt.Sprint(1 + h.pick("order", 4)),
		OrderKind: []string{"true-up", "call-off", "credit"}[h.pick("kind", 3)], OrderedOn: string(h.day("ordered")), Amount: h.amount(), Correct: true}))
}

func (h *chronicle) claim() {
	ref, _, _ := h.one()
	h.n++
	by := []LoadedPartner{h.p.alder, h.p.birch}[h.pick("partner", 2)]
	_, err := h.s.As(partnerActor(by)).SubmitClaim(h.test.Context(), "", fmt.Sprint("c", h.n), 0, influence.ClaimDraft{LAR: h.owners[ref].Ref, Program: "Enterprise",
		AgreementNumber: texts(h.test, h.s, `SELECT number FROM agreements WHERE ref = $1`, ref)[0], Customer: fmt.Sprint("Customer ", h.pick("customer", 4)),
		CustomerState: "NH", Amount: "$12,000", Kind: "presales", Note: "We ran the pilot."})
	h.allowed("claim", err)
}

func (h *chronicle) withdraw() {
	refs := texts(h.test, h.s, `SELECT ref FROM claims ORDER BY id`)
	if len(refs) == 0 {
		return
	}
	ref := refs[h.pick("claim", len(refs))]
	for _, by := range []LoadedPartner{h.p.alder, h.p.birch} {
		h.allowed("withdraw", h.s.As(partnerActor(by)).WithdrawClaim(h.test.Context(), ref, versionOfClaim(h.test, h.s, ref)))
	}
}

// draft draws a decision: shares of up to three partners, or none.
func (h *chronicle) draft(version int64) influence.DecisionDraft {
	d := influence.DecisionDraft{Version: version, Code: "influence_not_shown"}
	left := int64(10_000)
	for i, p := range []LoadedPartner{h.p.alder, h.p.birch, h.p.dogwood}[:h.pick("shares", 4)] {
		points := rapid.Int64Range(100, left-int64(2-i)*100).Draw(h.T, "points")
		left -= points
		d.Shares = append(d.Shares, influence.Share{PartnerNo: p.No, Points: points, Primary: i == 0,
			Kind: []influence.InfluenceKind{influence.Sourced, influence.Training}[h.pick("kind", 2)]})
	}
	d.None = len(d.Shares) == 0
	return d
}

func (h *chronicle) decide() {
	ref, v, version := h.one()
	made, err := v.Decide(h.test.Context(), ref, h.draft(version))
	if h.allowed("decide", err) {
		h.newest[ref] = made
	}
}

func (h *chronicle) undo() {
	ref, v, version := h.one()
	if h.newest[ref] != "" {
		h.allowed("undo", v.UndoDecision(h.test.Context(), ref, h.newest[ref], version))
	}
}

// decideAndUndo: undoing right after a decision restores every figure.
func (h *chronicle) decideAndUndo() {
	ref, v, version := h.one()
	before := h.figures()
	made, err := v.Decide(h.test.Context(), ref, h.draft(version))
	if !h.allowed("decide", err) {
		return
	}
	if h.pick("sealed between", 3) == 0 {
		h.seal()
	}
	if err := v.UndoDecision(h.test.Context(), ref, made, versionOf(h.test, h.s, ref)); err != nil {
		h.Fatalf("undo right after: %v", err)
	}
	if now := h.figures(); before != now {
		h.Fatalf("undo did not restore the figures:\n%s\n%s", before, now)
	}
}

// figures are those of two years, as text.
func (h *chronicle) figures() string {
	var all []Dashboard
	for _, fy := range []int{2006, 2007} {
		d, err := h.s.As(staffActor()).Dashboard(h.test.Context(), Selection{Period: influence.Period{FY: fy}})
		if err != nil {
			h.Fatal(err)
		}
		all = append(all, d)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		h.Fatal(err)
	}
	return string(text)
}

// report uploads and commits a file of North's: new agreements, orders and
// corrections of old ones, some naming a partner.
func (h *chronicle) report() {
	h.n++
	text := "agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on,amount,partner_id\n"
	for i := range 1 + h.pick("rows", 4) {
		partner := []string{"", h.p.alder.No, h.p.dogwood.No}[h.pick("named", 3)]
		day := h.day("ordered")
		text += fmt.Sprintf("E%d,Enterprise,Customer %d,CA,400,%s,%d,call-off,%s,%d.%02d,%s\n", 101+h.pick("number", h.n+2), h.n%5, day, 1+h.pick("order", 5), day,
			h.pick("amount", 90_000), i, partner)
	}
	path := filepath.Join(h.test.TempDir(), fmt.Sprintf("report-%d-%d.csv", h.n, h.pick("salt", 1<<30)))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.Fatal(err)
	}
	v := h.s.As(larActor(h.p.north))
	ref, err := v.UploadReport(h.test.Context(), filepath.Base(path), path, nil)
	if _, duplicate := isDuplicate(err); duplicate || !h.allowed("upload", err) {
		return
	}
	job, err := v.CommitReport(h.test.Context(), ref, reportPage(h.test, v, ref).Version)
	if !h.allowed("commit", err) {
		return
	}
	if err := h.s.RunJob(h.test.Context(), job, nil); err != nil {
		h.Fatal(err)
	}
	h.reports = append(h.reports, ref)
	known := map[string]bool{}
	for _, a := range h.agreements {
		known[a] = true
	}
	for _, a := range texts(h.test, h.s, `SELECT a.ref FROM agreements a JOIN lars l ON l.id = a.lar_id WHERE l.slug = 'north' AND NOT a.withdrawn ORDER BY a.id`) {
		if !known[a] {
			h.agreements = append(h.agreements, a)
			h.owners[a] = h.p.north
		}
	}
}

func (h *chronicle) undoReport() {
	if len(h.reports) == 0 {
		return
	}
	v := h.s.As(larActor(h.p.north))
	ref := h.reports[h.pick("report", len(h.reports))]
	h.allowed("undo report", v.UndoReport(h.test.Context(), ref, reportPage(h.test, v, ref).Version))
	standing := h.agreements[:0:0]
	for _, a := range h.agreements {
		if count(h.test, h.s, `SELECT count(*) FROM agreements WHERE ref = $1 AND NOT withdrawn`, a) > 0 {
			standing = append(standing, a)
		}
	}
	if h.agreements = standing; len(standing) == 0 {
		h.book()
	}
}

// seal takes one bite, or everything.
func (h *chronicle) seal() {
	freeLease(h.s)
	if h.pick("all", 2) == 0 {
		sealAll(h.test, h.s, h.key)
		return
	}
	if _, _, err := h.s.Seal(h.test.Context(), newID("slr", time.Now()), h.key); err != nil {
		h.Fatal(err)
	}
}

// look compares the dashboard of a random selection with a plain computation.
func (h *chronicle) look() {
	sel := Selection{Period: influence.Period{FY: 2006 + h.pick("year", 2), Quarter: h.pick("quarter", 5)}}
	if h.pick("by program", 3) == 0 {
		sel.Program = []influence.Program{influence.Enterprise, influence.Select}[h.pick("program", 2)]
	}
	lar := ""
	if h.pick("by LAR", 3) == 0 {
		l := []LoadedLAR{h.p.north, h.p.south}[h.pick("lar", 2)]
		sel.LAR, lar = l.Ref, l.ID
	}
	if h.pick("by state", 3) == 0 && (sel.Program == "" || lar == "") {
		sel.State = []string{"NH", "CA", "TX"}[h.pick("state", 3)]
	}
	d, err := h.s.As(staffActor()).Dashboard(h.test.Context(), sel)
	if err != nil {
		h.Fatalf("%+v: %v", sel, err)
	}
	for _, wrong := range plainly(h.test, h.s, allFacts(h.test, h.s), sel, lar).differs(d, h.s) {
		h.Errorf("%s %+v: %s", sel.Name(), sel, wrong)
	}
}

// check looks at several selections and has everything verified.
func (h *chronicle) check() {
	for range 6 {
		h.look()
	}
	for _, f := range allFacts(h.test, h.s) {
		for _, o := range f.Orders {
			p := influence.PartsOf(o, f.SignedOn, f.Decisions)
			if p.Influenced+p.Unassisted+p.Undecided != o.Cents {
				h.Errorf("order %s of %d cents comes to %+v", o.Number, o.Cents, p)
			}
		}
	}
	for range 2 { // unsealed, and sealed
		h.statements()
		wrong, err := h.s.Verify(h.test.Context())
		if err != nil {
			h.Fatal(err)
		}
		for _, w := range wrong {
			h.Errorf("verify: %s", w)
		}
		sealAll(h.test, h.s, h.key)
	}
}
