package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"irm/influence"
)

// Claim loads a claim that is not attached to an agreement.
func (l *Loader) Claim(p PastClaim) error { return l.claim(p, nil, nil) }

// claim loads a claim and the events that led to its state.
func (l *Loader) claim(p PastClaim, a *agreement, decisions []string) error {
	who := influence.Actor{MemberID: p.Member, OrgID: p.Partner, Role: influence.RolePartner}
	t := l.at(p.CreatedAt, who, influence.EditClaims)
	c, err := l.drafted(t, p)
	if err != nil {
		return err
	}
	course := []claim{c} // as it stood after each event
	steps := l.steps(p, a, decisions)
	for _, step := range steps {
		course = append(course, l.turned(course[len(course)-1], step, a))
	}
	if err := t.insertPast(course); err != nil {
		return err
	}
	if err := l.claimHistory(t, p, course, steps); err != nil {
		return err
	}
	last := course[len(course)-1]
	return t.record(change{last.Ref, nil, recordClaim(last)})
}

// drafted is a claim as it was when it was begun.
func (l *Loader) drafted(t *tx, p PastClaim) (claim, error) {
	typed, err := json.Marshal(influence.ClaimDraft{LAR: p.LARRef, Program: string(p.Program), AgreementNumber: p.Number, Customer: p.Customer,
		CustomerState: p.CustomerState, Seats: fmt.Sprint(p.Seats), Amount: influence.FormatMoney(p.Cents), ExpectedOn: string(p.ExpectedOn),
		Kind: string(p.Kind), Note: p.Note, Evidence: p.Evidence})
	return claim{ID: newID("clm", p.CreatedAt), PartnerID: p.Partner, LAR: p.LAR, State: influence.ClaimDrafted, Number: p.Number,
		NumberKey: influence.NumberKey(p.Number), Customer: p.Customer, NameKey: influence.NameKey(p.Customer), CustomerState: p.CustomerState,
		Program: p.Program, Seats: p.Seats, Cents: p.Cents, ExpectedOn: p.ExpectedOn, Kind: p.Kind, Note: p.Note, Evidence: p.Evidence,
		Typed: string(typed), MemberID: p.Member, CreatedAt: t.at.UnixMicro(), Since: t.at.UnixMicro(), Version: 1}, err
}

// turned is a claim after a step.
func (l *Loader) turned(c claim, s step, a *agreement) claim {
	if c.DatedOn == "" {
		c.DatedOn, c.SubmittedAt = influence.DayOf(s.at, l.s.clock.zone()), instant(s.at)
		c.ValidUntil = c.DatedOn.AddDays(l.s.settings.ClaimValid)
	}
	if s.state != influence.ClaimWaiting && !c.DeliveredAt.Valid {
		c.DeliveredAt = instant(s.at)
	}
	if a != nil && s.state != influence.ClaimIntent {
		c.AgreementID = a.ID
	}
	c.State, c.Due, c.Code, c.DecidedBy, c.Since, c.Version = s.state, s.due, s.code, s.decision, s.at.UnixMicro(), c.Version+1
	if c.AnsweredOn = ""; c.State.Answered() && s.byLAR {
		c.AnsweredOn = influence.DayOf(s.at, l.s.clock.zone())
	}
	return c
}

// insertPast writes a claim as it stands at last, and its reference into course.
func (t *tx) insertPast(course []claim) error {
	c := course[len(course)-1]
	ref, err := t.referred("CLM", func(ref string) (int64, error) {
		return t.once(`INSERT INTO claims (id, ref, partner_id, lar_id, state, number, number_key, agreement_id, customer, name_key, customer_state,
				program, seats, cents, expected_on, kind, note, evidence, typed, member_id, created_at, submitted_at, dated_on, valid_until,
				delivered_at, since, due, code, decided_by, version, answered_on)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27,
				$28, $29, $30, $31) ON CONFLICT (ref) DO NOTHING`, c.ID, ref, c.PartnerID, c.LAR, string(c.State), c.Number, c.NumberKey,
			sql.NullString{String: c.AgreementID, Valid: c.AgreementID != ""}, c.Customer, c.NameKey, c.CustomerState, string(c.Program), c.Seats,
			c.Cents, string(c.ExpectedOn), string(c.Kind), c.Note, c.Evidence, c.Typed, c.MemberID, c.CreatedAt, c.SubmittedAt, string(c.DatedOn),
			string(c.ValidUntil), c.DeliveredAt, c.Since, string(c.Due), c.Code, c.DecidedBy, c.Version, string(c.AnsweredOn))
	})
	for i := range course {
		course[i].Ref = ref
	}
	return err
}

// claimHistory writes the events, and counts the claim where it stood at the end
// of each day.
func (l *Loader) claimHistory(t *tx, p PastClaim, course []claim, steps []step) error {
	if err := t.claimEvent(course[0], turned{action: influence.EditClaim}); err != nil {
		return err
	}
	counted := claim{}
	for i, s := range steps {
		next := *t
		next.at, next.today = s.at.In(l.s.clock.zone()), influence.DayOf(s.at, l.s.clock.zone())
		if next.today != t.today {
			if err := t.moveClaim(counted, course[i]); err != nil {
				return err
			}
			counted = course[i]
		}
		if s.byLAR {
			next.who = influence.Actor{MemberID: l.desks[p.LAR], OrgID: p.LAR, Role: influence.RoleLAR}
		}
		if err := next.claimEvent(course[i+1], s.turned); err != nil {
			return err
		}
		t.today = next.today
	}
	return t.moveClaim(counted, course[len(course)-1])
}

// step is one event of a past claim.
type step struct {
	turned
	at    time.Time
	byLAR bool
}

// steps are the events after the draft, in order.
func (l *Loader) steps(p PastClaim, a *agreement, decisions []string) []step {
	zone, set := l.s.clock.zone(), l.s.settings
	day := func(at time.Time) influence.Day { return influence.DayOf(at, zone) }
	var all []step
	switch {
	case p.SubmittedAt.IsZero():
		return nil
	case p.State == influence.ClaimWaiting:
		return []step{{turned{action: influence.SubmitClaim, state: influence.ClaimWaiting, due: influence.ConnectionDue(day(p.SubmittedAt), set)}, p.SubmittedAt, false}}
	case a == nil || p.AttachedAt.After(p.SubmittedAt):
		all = append(all, step{turned{action: influence.SubmitClaim, state: influence.ClaimIntent, due: day(p.SubmittedAt).AddDays(set.ClaimValid)}, p.SubmittedAt, false})
		if a != nil {
			all = append(all, step{turned{action: influence.AttachClaim, state: influence.ClaimAttached, due: influence.AddBusinessDays(day(p.AttachedAt), set.LARTurn)}, p.AttachedAt, true})
		}
	default:
		all = append(all, step{turned{action: influence.SubmitClaim, state: influence.ClaimAttached, due: influence.AddBusinessDays(day(p.SubmittedAt), set.LARTurn)}, p.SubmittedAt, false})
	}
	switch p.State {
	case influence.ClaimConfirmed:
		all = append(all, step{turned{action: influence.ConfirmClaim, state: p.State, decision: decisions[p.Decision]}, p.EndedAt, true})
	case influence.ClaimRejected:
		all = append(all, step{turned{action: influence.RejectClaim, state: p.State, code: "other_partner_confirmed", decision: decisions[p.Decision]}, p.EndedAt, true})
	case influence.ClaimWithdrawn:
		all = append(all, step{turned{action: influence.WithdrawClaim, state: p.State}, p.EndedAt, false})
	}
	return all
}
