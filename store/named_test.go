package store

import (
	"strings"
	"testing"

	"irm/influence"
)

// TestWhatAReportsNamesLeadTo tries the cases of the rule one after another, each
// on an agreement of its own.
func TestWhatAReportsNamesLeadTo(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		north := s.As(larActor(p.north))
		must := func(query string, args ...any) {
			t.Helper()
			if err := s.transact(t.Context(), func(tx *tx) error { return tx.must(query, args...) }); err != nil {
				t.Fatal(err)
			}
		}
		made := func(number string) (got []string) {
			return texts(t, s, `SELECT d.basis || ' ' || q.partner_no || ' ' || CAST(sh.points AS TEXT) || ' ' || sh.kind FROM decisions d
				JOIN agreements a ON a.id = d.agreement_id JOIN shares sh ON sh.decision_id = d.id JOIN partners q ON q.id = sh.partner_id
				WHERE a.number = $1 AND d.basis = 'report'`, number)
		}
		asked := func(number string) []string {
			return texts(t, s, `SELECT i.kind || ' ' || i.partner_nos FROM items i JOIN agreements a ON a.id = i.agreement_id
				WHERE a.number = $1 AND i.settled_at IS NULL`, number)
		}
		expect := func(what, number, decision, item string) {
			t.Helper()
			if got := strings.Join(made(number), "; "); got != decision {
				t.Errorf("%s: decided %q, not %q", what, got, decision)
			}
			if got := strings.Join(asked(number), "; "); got != item {
				t.Errorf("%s: asked %q, not %q", what, got, item)
			}
		}

		imported(t, north, rowsOf(t, "F1 1 100 10004", "F1 2 50", "F1 3 -20 10004"), nil)
		expect("one named", "F1", "report 10004 10000 other", "")
		if n := count(t, s, `SELECT influenced FROM agreements WHERE number = 'F1'`); n != 130_00 {
			t.Errorf("influenced %d", n)
		}
		imported(t, north, rowsOf(t, "F1 4 10 10004"), nil)
		expect("named again", "F1", "report 10004 10000 other", "")
		imported(t, north, rowsOf(t, "F1 5 10 10001"), nil)
		expect("another named later", "F1", "report 10004 10000 other", "contradicts 10001")
		imported(t, north, rowsOf(t, "F1 1 100"), nil)
		expect("no longer named", "F1", "report 10004 10000 other", "contradicts 10001; contradicts 10004")

		imported(t, north, rowsOf(t, "A1 1 100 10001", "A1 2 50 10004"), nil)
		expect("two named", "A1", "", "several 10001 10004")

		none := booked(t, s, p, "C1")
		decide(t, s, p, none, influence.DecisionDraft{None: true})
		imported(t, north, rowsOf(t, "C1 1 100 10004"), nil)
		expect("decided for nobody", "C1", "", "contradicts 10004")

		booked(t, s, p, "D1")
		claim := claimed(t, s, p, p.alder, "D1")
		imported(t, north, rowsOf(t, "D1 1 100 10004"), nil)
		expect("another claims", "D1", "", "conflict 10004")
		imported(t, north, rowsOf(t, "D1 2 100 10001"), nil)
		expect("the claimant is named", "D1", "report 10001 10000 presales", "")
		if got := standOf(t, s, claim); got != "confirmed" {
			t.Errorf("its claim is %s", got)
		}

		must(`UPDATE partners SET suspended_at = 1 WHERE id = $1`, p.cedar.ID)
		imported(t, north, rowsOf(t, "E1 1 100 10003"), nil)
		expect("suspended", "E1", "", "suspended 10003")
		must(`UPDATE partners SET suspended_at = NULL, owned_by = $2 WHERE id = $1`, p.cedar.ID, p.north.ID)
		imported(t, north, rowsOf(t, "E2 1 100 10003"), nil)
		expect("owned", "E2", "", "owned 10003")
		must(`UPDATE lars SET status = 'signed' WHERE id = $1`, p.west.ID)
		imported(t, s.As(larActor(p.west)), rowsOf(t, "E3 1 100 10004"), nil)
		expect("not ready", "E3", "", "lar_not_ready 10004")
		held := imported(t, s.As(larActor(p.south)), rowsOf(t, "E3 9 100 10001"), nil)
		expect("booked by another", "E3", "", "lar_not_ready 10004")
		if held.Summary.Held.Rows != 1 || held.Summary.Orders() != 0 || count(t, s, `SELECT count(*) FROM held_lines`) != 1 {
			t.Errorf("%+v", held.Summary)
		}
		verified(t, s)
	})
}

func TestASuggestedRivalIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		_, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, influence.ClaimDraft{LAR: p.north.Ref, Program: "Enterprise",
			Customer: "Fabirkam G1", CustomerState: "NH", Seats: "300", Amount: "$100", ExpectedOn: "2007-03-01", Kind: "licensing"})
		if err != nil {
			t.Fatal(err)
		}
		imported(t, s.As(larActor(p.north)), rowsOf(t, "G1 1 100 10004"), nil)
		if got := texts(t, s, `SELECT kind FROM items`); len(got) != 1 || got[0] != "conflict" {
			t.Errorf("items %q", got)
		}
		imported(t, s.As(larActor(p.north)), rowsOf(t, "NorthwestHoldingsOfTheRockies 1 100 10004"), nil)
		if n := count(t, s, `SELECT count(*) FROM decisions`); n != 1 {
			t.Errorf("%d decisions: a claim on another customer is no rival", n)
		}
		verified(t, s)
	})
}

func TestAReportDecidedLaterIsNotUndone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		north := s.As(larActor(p.north))
		booked(t, s, p, "J1")
		claim := claimed(t, s, p, p.alder, "J1")
		before := stateOf(t, s)
		page := imported(t, north, rowsOf(t, "J1 1 100 10001", "J2 1 100 10004"), nil)
		if got := standOf(t, s, claim); got != "confirmed" {
			t.Fatal(got)
		}
		agreement := texts(t, s, `SELECT ref FROM agreements WHERE number = 'J2'`)[0]
		decision := decide(t, s, p, agreement, influence.DecisionDraft{None: true})
		if err := north.UndoReport(t.Context(), page.Ref, page.Version); err == nil || !strings.Contains(err.Error(), "J2 was decided after this report") {
			t.Fatalf("decided since: %v", err)
		}
		undo(t, s, p, agreement, decision)
		if err := s.As(larActor(p.south)).UndoReport(t.Context(), page.Ref, page.Version); err == nil {
			t.Error("another LAR undoes it")
		}
		if err := north.UndoReport(t.Context(), page.Ref, page.Version); err != nil {
			t.Fatal(err)
		}
		same(t, before, stateOf(t, s))
		verified(t, s)
		other := imported(t, s.As(larActor(p.south)), rowsOf(t, "J2 1 300"), nil)
		if other.Summary.New.Rows != 1 || count(t, s, `SELECT count(*) FROM sight x JOIN agreements a ON a.id = x.agreement_id WHERE a.number = 'J2' AND x.org_id = $1`, p.north.ID) != 0 {
			t.Errorf("another LAR books what was withdrawn: %+v", other.Summary)
		}
		verified(t, s)
	})
}
