package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// TestFactsAreAppendOnly: the databases themselves refuse to change or remove
// what was recorded.
func TestFactsAreAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		ref := decided(t, s, p, agreement, p.alder)
		if err := s.As(larActor(p.north)).UndoDecision(t.Context(), agreement, ref, versionOf(t, s, agreement)); err != nil {
			t.Fatal(err)
		}
		key, _ := ownSigner(t, s)
		sealAll(t, s, key)
		for _, table := range []string{"entries", "seals", "checkpoints", "decisions", "shares", "voids"} {
			if n := count(t, s, `SELECT count(*) FROM `+table); n == 0 {
				t.Fatalf("%s is empty: the test shows nothing", table)
			}
			column := map[string]string{"entries": "subject", "seals": "entry_id", "checkpoints": "note", "decisions": "note", "shares": "kind", "voids": "reason"}[table]
			for _, query := range []string{`UPDATE ` + table + ` SET ` + column + ` = ` + column, `DELETE FROM ` + table} {
				err := s.transact(t.Context(), func(t *tx) error { _, err := t.exec(query); return err })
				if err == nil || !strings.Contains(err.Error(), "append-only") {
					t.Errorf("%s: %v", query, err)
				}
			}
		}
		err := s.transact(t.Context(), func(t *tx) error { _, err := t.exec(`DELETE FROM order_versions`); return err })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("orders could be forgotten: %v", err)
		}
	})
}

// kept are the tables of facts, with the columns that never change once written.
func kept() map[string]string {
	return map[string]string{
		"entries":        `id || '|' || at || '|' || member_id || '|' || org_id || '|' || action || '|' || subject || '|' || was || '|' || became`,
		"decisions":      `id || '|' || ref || '|' || agreement_id || '|' || seq || '|' || from_day || '|' || basis || '|' || member_id || '|' || note || '|' || code || '|' || recorded_at || '|' || entry_id`,
		"shares":         `decision_id || '|' || partner_id || '|' || points || '|' || kind || '|' || CAST(is_primary AS TEXT)`,
		"replacements":   `decision_id || '|' || replaced_id`,
		"voids":          `decision_id || '|' || member_id || '|' || reason || '|' || recorded_at`,
		"order_versions": `agreement_id || '|' || order_key || '|' || n || '|' || order_number || '|' || kind || '|' || ordered_on || '|' || cents || '|' || partner_no || '|' || report_id || '|' || recorded_at || '|' || entry_id`,
		"bookings":       `agreement_id || '|' || from_day || '|' || lar_id || '|' || recorded_at`,
		"claim_events":   `claim_id || '|' || n || '|' || at || '|' || member_id || '|' || action || '|' || state || '|' || due || '|' || code || '|' || note || '|' || decision_id`,
		"movements":      `entry_id || '|' || n || '|' || day || '|' || topic || '|' || on_day || '|' || partner_id || '|' || name || '|' || influenced || '|' || unassisted || '|' || undecided || '|' || orders`,
		"lar_statuses":   `lar_id || '|' || recorded_at || '|' || status || '|' || planned_on`,
		"partner_levels": `partner_id || '|' || recorded_at || '|' || level || '|' || state`,
	}
}

// TestFactsAreNeverOverwritten works at random, and after each step everything
// that was recorded before is still there, letter by letter.
func TestFactsAreNeverOverwritten(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		seed := rand.Uint64()
		w := worker{t: t, s: s, p: p, dice: rand.New(rand.NewPCG(seed, 1)), before: map[string]map[string]bool{}}
		t.Logf("seed %d", seed)
		for range 6 {
			w.agreements = append(w.agreements, booked(t, s, p, fmt.Sprint("E", len(w.agreements))))
		}
		w.compare("book")
		for range full(40, 120, 500) {
			w.compare(w.step())
		}
		if len(w.decisions) == 0 || len(w.claims) == 0 {
			t.Errorf("%d agreements were decided, %d claims made: the test shows little", len(w.decisions), len(w.claims))
		}
		verified(t, s)
	})
}

// worker does what a desk and partners do, at random.
type worker struct {
	t          *testing.T
	s          *Store
	p          program
	dice       *rand.Rand
	agreements []string
	claims     []string
	decisions  map[string]string // agreement to its newest decision
	before     map[string]map[string]bool
	n          int
}

// step does one thing, which may be refused, and says what.
func (w *worker) step() string {
	w.n++
	w.s = after(w.s, time.Duration(w.dice.IntN(40))*time.Minute)
	ref := w.agreements[w.dice.IntN(len(w.agreements))]
	number := count(w.t, w.s, `SELECT version FROM agreements WHERE ref = $1`, ref)
	lar, ctx := w.s.As(larActor(w.p.north)), w.t.Context()
	partner := []LoadedPartner{w.p.alder, w.p.birch}[w.dice.IntN(2)]
	switch w.dice.IntN(6) {
	case 0:
		order := fmt.Sprint("N-", w.dice.IntN(3))
		err := lar.EnterOrder(ctx, ref, number, influence.OrderDraft{OrderNumber: order, OrderKind: "true-up", OrderedOn: "2007-04-0" + fmt.Sprint(1+w.dice.IntN(9)),
			Amount: fmt.Sprint(1000 + w.dice.IntN(9000)), Correct: w.dice.IntN(2) == 0})
		return w.allowed("enter order", err)
	case 1, 2:
		d := withCode(wholly(partner, number))
		if w.dice.IntN(3) == 0 {
			d.From = influence.Day("2007-04-0" + fmt.Sprint(1+w.dice.IntN(9)))
		}
		if w.dice.IntN(3) == 0 {
			d.Shares[0].Points = int64(100 * (1 + w.dice.IntN(99)))
		}
		made, err := lar.Decide(ctx, ref, d)
		if err == nil {
			if w.decisions == nil {
				w.decisions = map[string]string{}
			}
			w.decisions[ref] = made
		}
		return w.allowed("decide", err)
	case 3:
		if w.decisions[ref] == "" {
			return "nothing to undo"
		}
		return w.allowed("undo", lar.UndoDecision(ctx, ref, w.decisions[ref], number))
	case 4:
		claim, err := w.s.As(partnerActor(partner)).SubmitClaim(ctx, "", fmt.Sprint("key", w.n), 0, influence.ClaimDraft{LAR: w.p.north.Ref,
			AgreementNumber: texts(w.t, w.s, `SELECT number FROM agreements WHERE ref = $1`, ref)[0], Kind: "presales"})
		if err == nil {
			w.claims = append(w.claims, claim)
		}
		return w.allowed("claim", err)
	}
	if len(w.claims) == 0 {
		return "nothing to withdraw"
	}
	claim := w.claims[w.dice.IntN(len(w.claims))]
	return w.allowed("withdraw", w.s.As(partnerActor(partner)).WithdrawClaim(ctx, claim, count(w.t, w.s, `SELECT version FROM claims WHERE ref = $1`, claim)))
}

// allowed fails the test on an error that is no answer to a person.
func (w *worker) allowed(what string, err error) string {
	w.t.Helper()
	var wrong influence.Invalid
	var refusal influence.Refusal
	if err != nil && !errors.As(err, &wrong) && !errors.As(err, &refusal) && !errors.Is(err, influence.ErrNotFound) && !errors.Is(err, influence.ErrConflict) {
		w.t.Fatalf("%s: %v", what, err)
	}
	return what
}

// compare checks that what was recorded is still there.
func (w *worker) compare(what string) {
	w.t.Helper()
	for table, columns := range kept() {
		now := map[string]bool{}
		for _, row := range texts(w.t, w.s, `SELECT `+columns+` FROM `+table) {
			now[row] = true
		}
		for row := range w.before[table] {
			if !now[row] {
				w.t.Fatalf("%s: %s has lost or changed %s", what, table, row)
			}
		}
		w.before[table] = now
	}
}
