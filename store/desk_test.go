package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// split is a decision with a share for each partner, in percent; the first is primary.
func split(version int64, to ...any) influence.DecisionDraft {
	d := influence.DecisionDraft{Version: version}
	for i := 0; i < len(to); i += 2 {
		d.Shares = append(d.Shares, influence.Share{PartnerNo: to[i].(LoadedPartner).No, Points: int64(to[i+1].(int)) * 100, Kind: influence.Sourced, Primary: i == 0})
	}
	return d
}

func decide(t testing.TB, s *Store, p program, agreement string, d influence.DecisionDraft) string {
	t.Helper()
	d.Version = versionOf(t, s, agreement)
	ref, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, d)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func undo(t testing.TB, s *Store, p program, agreement, decision string) {
	t.Helper()
	if err := s.As(larActor(p.north)).UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement)); err != nil {
		t.Fatal(err)
	}
}

// standOf says where a claim stands: "rejected other_partner_confirmed".
func standOf(t testing.TB, s *Store, claim string) string {
	t.Helper()
	return strings.TrimSpace(texts(t, s, `SELECT state || ' ' || code FROM claims WHERE ref = $1`, claim)[0])
}

func TestADecisionAnswersEveryOpenClaimAndItsUndoReturnsThem(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		a, b := claimed(t, s, p, p.alder, "E1"), claimed(t, s, p, p.birch, "E1")
		before := stateOf(t, s)

		first := decide(t, s, p, agreement, split(0, p.alder, 60))
		if x, y := standOf(t, s, a), standOf(t, s, b); x != "confirmed" || y != "rejected other_partner_confirmed" {
			t.Errorf("alder %s, birch %s", x, y)
		}
		decidedOnce := stateOf(t, s)
		second := decide(t, s, p, agreement, split(0, p.birch, 100))
		if x, y := standOf(t, s, a), standOf(t, s, b); x != "rejected other_partner_confirmed" || y != "confirmed" {
			t.Errorf("the second decision: alder %s, birch %s", x, y)
		}
		third := decide(t, s, p, agreement, influence.DecisionDraft{None: true})
		if x, y := standOf(t, s, a), standOf(t, s, b); x != "rejected other_partner_confirmed" || y != "rejected influence_not_shown" {
			t.Errorf("for nobody: alder %s, birch %s", x, y)
		}
		undo(t, s, p, agreement, third)
		undo(t, s, p, agreement, second)
		same(t, decidedOnce, stateOf(t, s))
		undo(t, s, p, agreement, first)
		same(t, before, stateOf(t, s))
		verified(t, s)

		decide(t, s, p, agreement, influence.DecisionDraft{None: true, Code: "customer_declined", Rejects: map[string]string{b: "duplicate"}})
		if x, y := standOf(t, s, a), standOf(t, s, b); x != "rejected customer_declined" || y != "rejected duplicate" {
			t.Errorf("with reasons: alder %s, birch %s", x, y)
		}
		verified(t, s)
	})
}

func TestACandidateGivenAShareIsAttachedAndReturnsToItsIntent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		intent := func(by LoadedPartner, customer string) string {
			ref, err := s.As(partnerActor(by)).SubmitClaim(t.Context(), "", "intent"+by.No+customer, 0, influence.ClaimDraft{LAR: p.north.Ref, Program: "Enterprise",
				Customer: customer, CustomerState: "NH", Seats: "300", Amount: "$1,000", ExpectedOn: "2007-03-01", Kind: "licensing"})
			if err != nil {
				t.Fatal(err)
			}
			return ref
		}
		a, b := intent(p.alder, "Farbikam E1 Inc."), intent(p.birch, "Fabrikam E1")
		agreement := booked(t, s, p, "E1")
		if n := count(t, s, `SELECT count(*) FROM suggestions WHERE closed_at IS NULL AND score BETWEEN 60 AND 100`); n != 2 {
			t.Fatalf("%d suggestions", n)
		}
		before := stateOf(t, s)
		decision := decide(t, s, p, agreement, split(0, p.alder, 100))
		if x, y := standOf(t, s, a), standOf(t, s, b); x != "confirmed" || y != "intent" {
			t.Errorf("alder %s, birch %s", x, y)
		}
		undo(t, s, p, agreement, decision)
		same(t, before, stateOf(t, s))
		verified(t, s)
	})
}

func TestTheDeskRefusesAtTheField(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		for _, set := range []string{`UPDATE partners SET suspended_at = 1 WHERE id = $1`, `UPDATE partners SET owned_by = '` + p.north.ID + `' WHERE id = $1`} {
			who := map[bool]LoadedPartner{true: p.birch, false: p.cedar}[strings.Contains(set, "suspended")]
			if err := s.transact(t.Context(), func(tx *tx) error { return tx.must(set, who.ID) }); err != nil {
				t.Fatal(err)
			}
		}
		later := split(0, p.alder, 100)
		later.From = "2007-04-01"
		replaces := split(0, p.alder, 100)
		replaces.Replaces = []string{"dec_none"}
		unknown := split(0, LoadedPartner{No: "99999"}, 100)
		for says, c := range map[string]struct {
			field string
			draft influence.DecisionDraft
		}{
			"suspended": {"partner_id", split(0, p.birch, 100)}, "second approval": {"partner_id", split(0, p.cedar, 100)}, "neither enrolled": {"partner_id", unknown},
			"from the beginning": {"effective_on", later}, "not in force any more": {"replaces", replaces}, "at least one partner": {"outcome", influence.DecisionDraft{}},
		} {
			c.draft.Version = versionOf(t, s, agreement)
			_, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, c.draft)
			var wrong influence.Invalid
			if !errors.As(err, &wrong) || !strings.Contains(wrong[c.field], says) {
				t.Errorf("%s: %v", says, err)
			}
		}
		for who, want := range map[influence.Actor]error{larActor(p.south): influence.ErrNotFound, partnerActor(p.alder): influence.ErrForbidden} {
			if _, err := s.As(who).Decide(t.Context(), agreement, split(1, p.alder, 100)); !errors.Is(err, want) {
				t.Errorf("%s: %v", who.Name, err)
			}
		}
		if _, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, split(versionOf(t, s, agreement)-1, p.alder, 100)); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an older version: %v", err)
		}
		if n := count(t, s, `SELECT count(*) FROM decisions`); n != 0 {
			t.Errorf("%d decisions", n)
		}
	})
}

func TestUndoIsForTheMakerAndForAQuarterOfAnHour(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		decision := decide(t, s, p, agreement, split(0, p.alder, 100))
		colleague := larActor(p.north)
		colleague.MemberID = "somebody else"
		for says, v := range map[string]Session{"Only the person": s.As(colleague), "15 minutes": after(s, 16*time.Minute).As(larActor(p.north))} {
			err := v.UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement))
			var refused influence.Refusal
			if !errors.As(err, &refused) || !strings.Contains(string(refused), says) {
				t.Errorf("%s: %v", says, err)
			}
		}
		if err := after(s, 14*time.Minute).As(larActor(p.north)).UndoDecision(t.Context(), agreement, decision, versionOf(t, s, agreement)); err != nil {
			t.Errorf("after 14 minutes: %v", err)
		}
	})
}

// rowsOf makes a report of orders of one agreement a row, each "number order amount partner".
func rowsOf(t testing.TB, rows ...string) string {
	t.Helper()
	text := "agreement_number,program,customer,customer_state,seats,signed_on,order_number,ordered_on,amount,partner_id\n"
	for _, row := range rows {
		f := strings.Fields(row + " ")
		no := ""
		if len(f) > 3 {
			no = f[3]
		}
		text += fmt.Sprintf("%s,EA,Fabrikam %s,NH,300,2007-03-01,%s,2007-03-02,%s,%s\n", f[0], f[0], f[1], f[2], no)
	}
	return written(t, text)
}
