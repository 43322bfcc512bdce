package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"irm/influence"
)

// claimRecord is what the ledger keeps of a claim.
type claimRecord struct {
	Ref       string               `json:"ref"`
	State     influence.ClaimState `json:"state"`
	LAR       string               `json:"lar,omitempty"`
	Number    string               `json:"agreement_number,omitempty"`
	Customer  string               `json:"customer,omitempty"`
	Cents     int64                `json:"amount_cents,omitempty"`
	Due       influence.Day        `json:"due,omitempty"`
	Agreement string               `json:"agreement,omitempty"`
}

// recordClaim leaves out what a draft says: nobody but its company sees that, and
// the ledger is read by others.
func recordClaim(c claim) claimRecord {
	if c.State == influence.ClaimDrafted {
		return claimRecord{Ref: c.Ref, State: c.State}
	}
	return claimRecord{c.Ref, c.State, c.LAR, c.Number, c.Customer, c.Cents, c.Due, c.AgreementID}
}

// claim reads one claim that the actor may perform act on.
func (v Session) claim(ctx context.Context, q querier, act influence.Action, ref string) (claim, error) {
	return scanClaim(q.QueryRowContext(ctx, `SELECT `+claimColumns+` FROM claims c
		WHERE `+v.visible(act, "c")+` AND c.ref = $2`, v.actor.OrgID, ref))
}

// SaveDraft keeps a claim's form as it was typed, right or wrong: a new draft
// when ref is empty. The same key again answers with the first draft.
func (v Session) SaveDraft(ctx context.Context, ref, key string, version int64, d influence.ClaimDraft) (saved string, err error) {
	err = v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		saved = ref
		if ref == "" {
			if known, ok, err := t.answered(key); err != nil || ok {
				saved = known
				return change{}, err
			}
		}
		was, c, err := v.drafted(t, ref, version, d)
		if err != nil {
			return change{}, err
		}
		saved = c.Ref
		if ref == "" {
			return change{c.Ref, nil, recordClaim(c)}, t.answer(key, saved)
		}
		return change{c.Ref, recordClaim(was), recordClaim(c)}, nil
	})
	if err != nil {
		return "", fmt.Errorf("save draft: %w", err)
	}
	return saved, nil
}

// drafted writes a draft, new or over the one with a reference.
func (v Session) drafted(t *tx, ref string, version int64, d influence.ClaimDraft) (was, c claim, err error) {
	if ref != "" {
		if was, err = v.claim(t.ctx, t.q, influence.EditClaims, ref); err != nil {
			return was, c, err
		}
		if was.State != influence.ClaimDrafted {
			return was, c, influence.ErrConflict
		}
	}
	// What is right so far is kept in columns too, so that lists can show it.
	parsed, _ := d.Validate(t.today, t.s.settings)
	if c, err = v.filled(t, was, d, parsed); err != nil {
		return was, c, err
	}
	if ref == "" {
		return was, c, t.insertClaim(&c)
	}
	return was, c, t.updateClaim(was, &c, version)
}

// filled returns was with the form's fields.
func (v Session) filled(t *tx, was claim, d influence.ClaimDraft, p influence.Claim) (claim, error) {
	typed, err := json.Marshal(d)
	if err != nil {
		return was, err
	}
	c := was
	if c.ID == "" {
		c.ID, c.PartnerID, c.MemberID = newID("clm", t.at), v.actor.OrgID, t.who.MemberID
		c.State, c.CreatedAt, c.Since = influence.ClaimDrafted, t.at.UnixMicro(), t.at.UnixMicro()
	}
	c.LAR = ""
	if d.LAR != "" {
		err := t.row(`SELECT id FROM lars WHERE ref = $1 OR slug = $1`, d.LAR).Scan(&c.LAR)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return c, err
		}
	}
	c.Typed = string(typed)
	c.Number, c.NumberKey = p.AgreementNumber, influence.NumberKey(p.AgreementNumber)
	c.Customer, c.NameKey, c.CustomerState = p.Customer, influence.NameKey(p.Customer), p.CustomerState
	c.Program, c.Seats, c.Cents, c.ExpectedOn = p.Program, int64(p.Seats), p.Amount, p.ExpectedOn
	c.Kind, c.Note, c.Evidence = p.Kind, p.Note, p.Evidence
	return c, nil
}

func (t *tx) insertClaim(c *claim) (err error) {
	c.Version = 1
	c.Ref, err = t.referred("CLM", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO claims (id, ref, partner_id, lar_id, state, number, number_key, agreement_id, customer, name_key,
			customer_state, program, seats, cents, expected_on, kind, note, evidence, typed, member_id, created_at, since)
			VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
			ON CONFLICT (ref) DO NOTHING`, c.ID, ref, c.PartnerID, c.LAR, string(c.State), c.Number, c.NumberKey, c.Customer, c.NameKey,
			c.CustomerState, string(c.Program), c.Seats, c.Cents, string(c.ExpectedOn), string(c.Kind), c.Note, c.Evidence, c.Typed,
			c.MemberID, c.CreatedAt, c.Since)
	})
	if err != nil {
		return err
	}
	if err := t.claimEvent(*c, turned{action: influence.EditClaim}); err != nil {
		return err
	}
	return t.moveClaim(claim{}, *c)
}

// updateClaim writes a claim's fields and that they were edited.
func (t *tx) updateClaim(was claim, c *claim, version int64) error {
	if err := t.writeFields(was, c, version); err != nil {
		return err
	}
	return t.claimEvent(*c, turned{action: influence.EditClaim})
}

// writeFields writes what a claim says, and counts its estimate anew.
func (t *tx) writeFields(was claim, c *claim, version int64) error {
	c.Version = version + 1
	err := t.must(`UPDATE claims SET lar_id = $3, number = $4, number_key = $5, customer = $6, name_key = $7, customer_state = $8,
		program = $9, seats = $10, cents = $11, expected_on = $12, kind = $13, note = $14, evidence = $15, typed = $16, version = version + 1
		WHERE id = $1 AND version = $2`, c.ID, version, c.LAR, c.Number, c.NumberKey, c.Customer, c.NameKey, c.CustomerState,
		string(c.Program), c.Seats, c.Cents, string(c.ExpectedOn), string(c.Kind), c.Note, c.Evidence, c.Typed)
	if err != nil {
		return err
	}
	return t.moveClaim(was, *c)
}

// SubmitClaim files a claim, new or drafted before, with the LAR that it names.
// Without an accepted connection it asks for one too, and the claim waits for it.
func (v Session) SubmitClaim(ctx context.Context, ref, key string, version int64, d influence.ClaimDraft) (filed string, err error) {
	err = v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		filed = ref
		if known, ok, err := t.answered(key); err != nil || ok {
			filed = known
			return change{}, err
		}
		if _, err := d.Validate(t.today, t.s.settings); err != nil {
			return change{}, err
		}
		_, c, err := v.drafted(t, ref, version, d)
		if err != nil {
			return change{}, err
		}
		if err := v.warned(t, c, d); err != nil {
			return change{}, err
		}
		if c, err = v.submitted(t, c, d.Replaces); err != nil {
			return change{}, err
		}
		filed = c.Ref
		return change{c.Ref, nil, recordClaim(c)}, t.answer(key, filed)
	})
	if err != nil {
		return "", fmt.Errorf("submit claim: %w", err)
	}
	return filed, nil
}

// submitted dates a claim and delivers it, or has it wait for the connection. An
// open claim for the same agreement is replaced by it, if that is asked for.
func (v Session) submitted(t *tx, c claim, replaces string) (claim, error) {
	other, err := t.openTwin(c)
	switch {
	case err != nil:
		return c, err
	case other == "":
	case other == replaces:
		err = t.supersede(other, c)
	default:
		err = twice(other)
	}
	if err != nil {
		return c, err
	}
	connected, err := t.claimable(c)
	if err != nil {
		return c, err
	}
	was := c
	c.SubmittedAt, c.DatedOn = instant(t.at), t.today
	if !connected {
		return t.turn(was, c, turned{action: influence.SubmitClaim, state: influence.ClaimWaiting,
			due: influence.AddBusinessDays(t.today, t.s.settings.LARTurn)})
	}
	return t.filed(was, c, influence.SubmitClaim)
}

// claimable reports whether a claim's partner is connected with the LAR that it
// names, and asks for the connection if not. Only a Ready LAR receives claims.
func (t *tx) claimable(c claim) (connected bool, err error) {
	var status influence.LARStatus
	err = t.row(`SELECT status FROM lars WHERE id = $1`, c.LAR).Scan(&status)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !status.MayReceiveClaims() {
		return false, influence.Invalid{"lar": "Choose a Ready LAR. A claim for another can be kept as a draft."}
	}
	if err != nil {
		return false, err
	}
	return t.askConnection(c.PartnerID, c.LAR, "")
}

// onlyOpen refuses a second open claim of the same partner for the same number.
func (t *tx) onlyOpen(c claim) error {
	other, err := t.openTwin(c)
	if err == nil && other != "" {
		err = twice(other)
	}
	return err
}

// twice says that a partner has an open claim for an agreement already.
func twice(other string) error {
	return influence.Invalid{"agreement_number": "You have an open claim for this agreement already: " + other + ". Submit this one only if it is to replace that."}
}

// openTwin finds another open claim of the same partner for the same number, "" if
// there is none.
func (t *tx) openTwin(c claim) (other string, err error) {
	if c.NumberKey == "" {
		return "", nil
	}
	err = t.row(`SELECT ref FROM claims WHERE partner_id = $1 AND lar_id = $2 AND id <> $4
		AND state IN ('waiting', 'intent', 'attached', 'action_required')
		AND (number_key = $3 OR agreement_id = (SELECT a.id FROM agreements a WHERE a.number_key = $3))
		ORDER BY id LIMIT 1`, c.PartnerID, c.LAR, c.NumberKey, c.ID).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return other, err
}

// filed makes a delivered claim an intent, or attaches it to the agreement whose
// number it names.
func (t *tx) filed(was, c claim, action influence.ClaimAction) (claim, error) {
	c.DeliveredAt = instant(t.at)
	c.ValidUntil = c.DatedOn.AddDays(t.s.settings.ClaimValid)
	return t.lodged(was, c, action)
}

// lodged attaches a claim to the agreement whose number it names, or makes it an intent.
func (t *tx) lodged(was, c claim, action influence.ClaimAction) (claim, error) {
	a, ok, err := t.certain(c)
	if err != nil {
		return c, err
	}
	if ok {
		return t.attach(was, c, a, action)
	}
	c, err = t.turn(was, c, turned{action: action, state: influence.ClaimIntent, due: c.ValidUntil})
	if err != nil {
		return c, err
	}
	return c, t.suggestAgreements(c)
}

// certain finds the agreement that a claim attaches to by itself: that of its LAR
// with the number it names, signed in its window, on which the partner has no
// open claim yet.
func (t *tx) certain(c claim) (a agreement, ok bool, err error) {
	a, err = t.byNumber(c.NumberKey, c.LAR)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	if err != nil || a.ID == c.DetachedFrom || !influence.FitsWindow(a.SignedOn, c.DatedOn, c.ValidUntil, t.s.settings) {
		return a, false, err
	}
	other, err := t.openOn(c, a.ID)
	return a, other == "", err
}

// byNumber finds a LAR's agreement by its number; one booked by another LAR
// answers the same as an unknown one.
func (t *tx) byNumber(key, lar string) (agreement, error) {
	if key == "" {
		return agreement{}, sql.ErrNoRows
	}
	return scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.number_key = $1 AND a.lar_id = $2 AND NOT a.withdrawn`, key, lar))
}

// attach makes it the LAR's turn to decide on a claim.
func (t *tx) attach(was, c claim, a agreement, action influence.ClaimAction) (claim, error) {
	c.AgreementID = a.ID
	c, err := t.turn(was, c, turned{action: action, state: influence.ClaimAttached,
		due: influence.AddBusinessDays(t.today, t.s.settings.LARTurn)})
	if err != nil {
		return c, err
	}
	if err := t.later(`UPDATE agreements SET version = version + 1 WHERE id = $1`, a.ID); err != nil {
		return c, err
	}
	if err := t.closeSuggestions(c.ID, ""); err != nil {
		return c, err
	}
	if err := t.see(a.ID); err != nil {
		return c, err
	}
	if err := t.refile(a.ID); err != nil {
		return c, err
	}
	return c, t.tellRivals(c)
}

// deliver hands a claim that waited for its connection to the LAR. Its date stays.
func (t *tx) deliver(c claim) error {
	_, err := t.filed(c, c, influence.DeliverClaim)
	return err
}

// undeliver returns a claim to the drafts: the connection was declined.
func (t *tx) undeliver(was claim) error {
	c := was
	c.SubmittedAt, c.DatedOn = sql.NullInt64{}, ""
	_, err := t.turn(was, c, turned{action: influence.ReturnClaim, state: influence.ClaimDrafted})
	return err
}

// WithdrawClaim takes a claim back before it is decided.
func (v Session) WithdrawClaim(ctx context.Context, ref string, version int64) error {
	err := v.asPartner(ctx, ref, version, influence.WithdrawClaim, func(t *tx, was claim) (claim, error) {
		c, err := t.turn(was, was, turned{action: influence.WithdrawClaim, state: influence.ClaimWithdrawn})
		if err != nil {
			return c, err
		}
		return c, t.left(was)
	})
	if err != nil {
		return fmt.Errorf("withdraw claim %s: %w", ref, err)
	}
	return nil
}

// left brings what a claim waited at up to date, once it waits no more.
func (t *tx) left(was claim) error {
	if err := t.closeSuggestions(was.ID, ""); err != nil {
		return err
	}
	return t.touched(was.AgreementID)
}

// DiscardDraft removes a draft that was never submitted from the partner's
// lists; its history stays in the ledger.
func (v Session) DiscardDraft(ctx context.Context, ref string, version int64) error {
	err := v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		c, err := v.claim(t.ctx, t.q, influence.EditClaims, ref)
		if err != nil {
			return change{}, err
		}
		if err := c.State.Can(influence.DiscardClaim, influence.RolePartner); err != nil {
			return change{}, err
		}
		for _, query := range []string{`DELETE FROM claim_events WHERE claim_id = $1`,
			`DELETE FROM evidence_pieces WHERE file_id IN (SELECT f.id FROM evidence_files f WHERE f.claim_id = $1)`, `DELETE FROM evidence_files WHERE claim_id = $1`} {
			if err := t.later(query, c.ID); err != nil {
				return change{}, err
			}
		}
		if err := t.must(`DELETE FROM claims WHERE id = $1 AND version = $2`, c.ID, version); err != nil {
			return change{}, err
		}
		return change{ref, recordClaim(c), nil}, t.moveClaim(c, claim{})
	})
	if err != nil {
		return fmt.Errorf("discard draft %s: %w", ref, err)
	}
	return nil
}
