package web

import (
	"time"

	"irm/influence"
)

const aDay = 24 * time.Hour

// disputes: north gave birch all of E5, E6, E7 and E8, of which alder has claims; alder
// disputed the first and the last 20 days ago and the second the day before yesterday.
// E8 is large: a ruling on it is proposed.
func (m *making) disputes() error {
	for number, opened := range map[string]time.Duration{"E5": 20 * aDay, "E6": 2 * aDay, "E7": 0, "E8": 20 * aDay} {
		past := m.earlier(21 * aDay)
		draft := agreementFor(number)
		if number == "E8" {
			draft.Amount = "$1,000,000"
		}
		if _, err := past.lar(m.north).EnterAgreement(m.ctx, number, draft); err != nil {
			return err
		}
		claim, err := past.partner("alder").SubmitClaim(m.ctx, "", number, 0, claimFor(m.north.Ref, number, "alder on "+number))
		if err != nil {
			return err
		}
		if err := past.give(number, "10002"); err != nil {
			return err
		}
		if opened == 0 {
			continue
		}
		past = m.earlier(opened)
		p, err := past.partner("alder").Claim(m.ctx, claim)
		if err != nil {
			return err
		}
		ref, err := past.partner("alder").OpenDispute(m.ctx, claim, p.Version, influence.DisputeDraft{Reason: "We ran the pilot."})
		if err != nil {
			return err
		}
		if number != "E8" {
			continue
		}
		if _, err := m.earlier(aDay).s.As(influence.Operator()).RuleDispute(m.ctx, ref, 1, influence.RulingDraft{Outcome: "dismissed", Reason: "The pilot was another’s."}); err != nil {
			return err
		}
	}
	return nil
}

// lowered: north gave birch all of L1, which nobody claims, and then cedar.
func (m *making) lowered() error {
	past := m.earlier(3 * aDay)
	if _, err := past.lar(m.north).EnterAgreement(m.ctx, "L1", agreementFor("L1")); err != nil {
		return err
	}
	if err := past.give("L1", "10002"); err != nil {
		return err
	}
	return past.give("L1", "10003")
}

// fitting: north reported Y1, which fits an intent of alder.
func (m *making) fitting() error {
	if _, err := m.partner("alder").SubmitClaim(m.ctx, "", "fitting", 0, claimFor(m.north.Ref, "", "alder fitting")); err != nil {
		return err
	}
	draft := agreementFor("Y1")
	draft.Customer = "alder fitting"
	_, err := m.lar(m.north).EnterAgreement(m.ctx, "Y1", draft)
	return err
}

// left: north and its owners have left alder's claim on D1, and south birch's request,
// for so long that Microsoft may act.
func (m *making) left() error {
	past := m.earlier(40 * aDay)
	if _, err := past.lar(m.north).EnterAgreement(m.ctx, "D1", agreementFor("D1")); err != nil {
		return err
	}
	if _, err := past.partner("alder").SubmitClaim(m.ctx, "", "D1", 0, claimFor(m.north.Ref, "D1", "alder overdue")); err != nil {
		return err
	}
	_, err := past.partner("birch").SubmitClaim(m.ctx, "", "left", 0, claimFor(m.south.Ref, "", "birch waiting"))
	return err
}
