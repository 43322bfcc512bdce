package store

import (
	"errors"
	"testing"

	"irm/influence"
)

// TestAnEndedConnectionStopsNewClaimsAndFinishesOpenOnes: either side ends it,
// both get a mail, the delivered claim stays where it was, and the next claim
// asks for a connection again.
func TestAnEndedConnectionStopsNewClaimsAndFinishesOpenOnes(t *testing.T) {
	for _, side := range []string{"partner", "lar"} {
		t.Run(side, func(t *testing.T) {
			each(t, func(t *testing.T, s *Store) {
				p := begun(t, s)
				booked(t, s, p, "E1")
				booked(t, s, p, "E2")
				claim, asked := waitingClaim(t, s, p)
				if err := s.As(larActor(p.north)).AnswerConnection(t.Context(), asked.Ref, true, "", asked.Version); err != nil {
					t.Fatal(err)
				}
				who := s.As(partnerActor(p.cedar))
				if side == "lar" {
					who = s.As(larActor(p.north))
				}
				c, err := who.ConnectionToEnd(t.Context(), asked.Ref)
				if err != nil {
					t.Fatal(err)
				}
				if err := s.As(larActor(p.south)).EndConnection(t.Context(), asked.Ref, "", c.Version); !errors.Is(err, influence.ErrNotFound) {
					t.Errorf("another LAR ends it: %v", err)
				}
				if err := who.EndConnection(t.Context(), asked.Ref, "", asked.Version); !errors.Is(err, influence.ErrConflict) {
					t.Errorf("with an older version: %v", err)
				}
				if err := who.EndConnection(t.Context(), asked.Ref, "We moved away.", c.Version); err != nil {
					t.Fatal(err)
				}
				if got := claimState(t, s, claim); got != "attached" {
					t.Errorf("the open claim is %s", got)
				}
				if n := count(t, s, `SELECT count(DISTINCT member_id) FROM outbox WHERE subject LIKE 'Your connection with % has ended' AND member_id IN ($1, $2)`, p.cedar.MemberID, p.north.MemberID); n != 2 {
					t.Errorf("%d sides got a mail", n)
				}
				if got := claimState(t, s, claimed(t, s, p, p.cedar, "E2")); got != "waiting" {
					t.Errorf("the next claim is %s", got)
				}
				var refusal influence.Refusal
				if err := who.EndConnection(t.Context(), asked.Ref, "", c.Version+1); !errors.As(err, &refusal) {
					t.Errorf("ending it again: %v", err)
				}
				verified(t, s)
			})
		})
	}
}
