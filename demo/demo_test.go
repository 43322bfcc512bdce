package demo_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"irm/demo"
	"irm/influence"
	"irm/store"
	"irm/store/storetest"
)

// filled makes a demo of a size in a fresh SQLite file.
func filled(t testing.TB, size demo.Size) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "demo.db"), store.Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	key, _, err := s.Signer(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(context.Background(), s, key, size, "hash"); err != nil {
		t.Fatal(err)
	}
	return s
}

// shown are the figures of both years, under names and not under references,
// which differ from one program to the next.
func shown(t testing.TB, s *store.Store) string {
	t.Helper()
	text := ""
	for _, fy := range []int{2006, 2007} {
		d, err := s.As(influence.Operator()).Dashboard(t.Context(), store.Selection{Period: influence.Period{FY: fy}})
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf("%+v %+v %+v %v %+v %+v %+v\n", d.Now, d.Before, d.Months, d.Days, *d.Active, *d.Pipeline, *d.Waiting)
		for _, x := range d.States {
			text += fmt.Sprintf("%s %d %d %d\n", x.Code, x.Influenced, x.Revenue, *x.Before)
		}
		for _, x := range d.Partners {
			text += fmt.Sprintf("%s %s %+v\n", x.No, x.Name, x.Sums)
		}
		for _, x := range d.LARs {
			text += fmt.Sprintf("%s %s %+v %v %v\n", x.Name, x.Status, x.Sums, x.Days, *x.Waiting)
		}
	}
	return text
}

func TestTheSameSeedGivesTheSameProgram(t *testing.T) {
	size := demo.Size{Partners: 60, Agreements: 300, Seed: 7}
	a, b := shown(t, filled(t, size)), shown(t, filled(t, size))
	if a != b {
		t.Errorf("two fills differ:\n%s\n%s", a, b)
	}
	size.Seed = 8
	if a == shown(t, filled(t, size)) {
		t.Error("another seed gave the same program")
	}
}

// TestTheDemoIsWhole: verify finds nothing in it, claims are in every state that
// can be reached, and work waits for each of the three.
func TestTheDemoIsWhole(t *testing.T) {
	s := filled(t, demo.Size{Partners: 100, Agreements: 300, Seed: 1})
	if wrong, err := s.Verify(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("verify: %q, %v", wrong, err)
	}
	v := s.As(influence.Operator())
	lars, err := v.LARs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	status := map[influence.LARStatus]int{}
	for _, l := range lars {
		status[l.Status]++
	}
	if len(lars) != 18 || status[influence.LARReady] != 13 || status[influence.LARSigned] != 1 {
		t.Errorf("%d LARs, %v", len(lars), status)
	}
	states := map[influence.ClaimState]int{}
	for c, err := range v.EveryClaim(t.Context(), store.ClaimFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		states[c.State]++
		if p, err := v.Claim(t.Context(), c.Ref); err != nil || p.Draft.LAR == "" {
			t.Errorf("claim %s was sent to no LAR: %v", c.Ref, err)
		}
	}
	for _, state := range []influence.ClaimState{influence.ClaimWaiting, influence.ClaimIntent, influence.ClaimAttached, influence.ClaimConfirmed, influence.ClaimRejected, influence.ClaimWithdrawn} {
		if states[state] == 0 {
			t.Errorf("no claim is %s: %v", state, states)
		}
	}
	inbox(t, s)
	disputes(t, s)
}

// disputes checks that there is one for each of what can become of them, that each of
// the three has one to act on, and that the partner is asked whether a deal is its own.
func disputes(t *testing.T, s *store.Store) {
	t.Helper()
	got := map[influence.DisputeState]int{}
	proposed := 0
	staff := s.As(actor(t, s, "staff@demo.example"))
	for d, err := range staff.EveryDispute(t.Context(), store.DisputeFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		got[d.State]++
		if d.Proposed {
			proposed++
			if p, err := staff.Dispute(t.Context(), d.Ref); err != nil || p.Refused != nil || len(p.Proposal.Shares) != 2 {
				t.Errorf("Microsoft can't approve %+v: %v", p.Proposal, err)
			}
		}
	}
	if got[influence.DisputeOpen] != 4 || got[influence.DisputeUpheld] != 1 || got[influence.DisputeDismissed] != 1 || proposed != 1 {
		t.Errorf("disputes are %v, %d of them proposed", got, proposed)
	}
	for email, least := range map[string]int{"partner@demo.example": 1, "lar@demo.example": 2, "staff@demo.example": 2} {
		if due, err := s.As(actor(t, s, email)).DisputesDue(t.Context(), 6); err != nil || len(due) < least {
			t.Errorf("%s has %d disputes to act on, want %d: %v", email, len(due), least, err)
		}
	}
	mine := s.As(actor(t, s, "partner@demo.example"))
	for a, err := range mine.EveryAgreement(t.Context(), store.AgreementFilter{Query: "E9100418"}) {
		if err != nil {
			t.Fatal(err)
		}
		if p, err := mine.Agreement(t.Context(), a.Ref); err != nil || p.Holder == nil || p.Holder.Lowered == nil || p.Holder.Lowered.Refused != nil {
			t.Errorf("the partner can't dispute what is left to it: %+v, %v", p.Holder, err)
		}
		proposed++
	}
	if proposed != 2 {
		t.Error("no share of the partner was lowered")
	}
	if h, err := mine.Home(t.Context()); err != nil || len(h.Whose) == 0 {
		t.Errorf("the partner is asked of %d deals whether they are its own: %v", len(h.Whose), err)
	}
}

// actor signs in one of the three.
func actor(t testing.TB, s *store.Store, email string) influence.Actor {
	t.Helper()
	c, err := s.Credential(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	cookie, err := s.StartSession(t.Context(), c.MemberID, store.Client{})
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := s.Actor(t.Context(), cookie)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// inbox checks what waits for the three people of the demo.
func inbox(t *testing.T, s *store.Store) {
	t.Helper()
	today := s.Clock().Today()
	page, err := s.As(actor(t, s, "lar@demo.example")).Inbox(t.Context(), "decide", "", "", 50)
	if err != nil {
		t.Fatal(err)
	}
	due, rivals, items := 0, 0, 0
	for _, r := range page.Rows {
		if r.Due == today {
			due++
		}
		if r.Claims > 1 {
			rivals++
		}
		items += int(r.Items)
	}
	if due == 0 || rivals == 0 || items == 0 {
		t.Errorf("of %d agreements on the desk %d are due today, %d have rivals; %d questions of reports", len(page.Rows), due, rivals, items)
	}
	h, err := s.As(actor(t, s, "partner@demo.example")).Home(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	drafts, ends := 0, 0
	for _, c := range h.Todo {
		switch c.State {
		case influence.ClaimDrafted:
			drafts++
		case influence.ClaimIntent:
			ends++
		}
	}
	if drafts == 0 || ends == 0 || len(h.Waiting) == 0 || len(h.Asked) == 0 || len(h.Outcomes) == 0 || h.Confirmed.Influenced <= 0 {
		t.Errorf("the partner has %d drafts, %d intents that end, %d waiting, %d asked, %d outcomes, %+v", drafts, ends, len(h.Waiting), len(h.Asked), len(h.Outcomes), h.Confirmed)
	}
}
