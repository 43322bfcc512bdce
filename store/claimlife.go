package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"irm/influence"
)

// ExtendClaim makes an intent valid for longer, once, and at once.
func (v Session) ExtendClaim(ctx context.Context, ref string, version int64) error {
	err := v.asPartner(ctx, ref, version, influence.ExtendClaim, func(t *tx, was claim) (claim, error) {
		if was.ExtendedOn != "" {
			return was, influence.Refusal("This claim was extended on " + influence.FormatDay(was.ExtendedOn) + ". A claim is extended once.")
		}
		c := was
		c.ExtendedOn, c.ValidUntil = t.today, was.ValidUntil.AddDays(t.s.settings.ClaimExtension)
		if err := t.later(`UPDATE claims SET extended_on = $2 WHERE id = $1`, c.ID, string(c.ExtendedOn)); err != nil {
			return c, err
		}
		c, err := t.turn(was, c, turned{action: influence.ExtendClaim, state: influence.ClaimIntent, due: c.ValidUntil})
		if err != nil {
			return c, err
		}
		return t.matchedAgain(c)
	})
	if err != nil {
		return fmt.Errorf("extend claim %s: %w", ref, err)
	}
	return nil
}

// ReopenClaim takes up a claim again that was withdrawn, has expired, or was
// rejected because nobody answered. Its date stays the original one.
func (v Session) ReopenClaim(ctx context.Context, ref string, version int64) error {
	err := v.asPartner(ctx, ref, version, influence.ReopenClaim, func(t *tx, was claim) (claim, error) {
		if err := influence.MayReopen(was.State, influence.ReasonCode(was.Code), t.dayOf(was.Since), t.today, t.s.settings); err != nil {
			return was, err
		}
		if err := t.free(was); err != nil {
			return was, err
		}
		connected, err := t.claimable(was)
		if err != nil {
			return was, err
		}
		if err := t.later(`UPDATE claims SET reopened_on = $2 WHERE id = $1`, was.ID, string(t.today)); err != nil {
			return was, err
		}
		c, err := t.takenUp(was, connected)
		if err == nil && was.AgreementID != "" && c.AgreementID != was.AgreementID {
			err = t.see(was.AgreementID)
		}
		return c, err
	})
	if err != nil {
		return fmt.Errorf("reopen claim %s: %w", ref, err)
	}
	return nil
}

// free refuses a claim that is to be taken up while its partner has another open
// one for the same agreement.
func (t *tx) free(c claim) error {
	other, err := t.openTwin(c)
	if err == nil && other == "" && c.AgreementID != "" {
		other, err = t.openOn(c, c.AgreementID)
	}
	if err == nil && other != "" {
		err = influence.Refusal("You have another open claim for this agreement: " + other + ".")
	}
	return err
}

// takenUp brings a reopened claim to where it goes on: it waits for its
// connection, has its question again, is at its LAR's desk, or is an intent.
func (t *tx) takenUp(was claim, connected bool) (claim, error) {
	c := was
	switch {
	case !connected:
		c.DeliveredAt.Valid, c.AgreementID = false, ""
		return t.turn(was, c, turned{action: influence.ReopenClaim, state: influence.ClaimWaiting, due: influence.ConnectionDue(t.today, t.s.settings)})
	case was.State == influence.ClaimRejected:
		return t.askedAgain(was)
	case was.AgreementID != "":
		a, err := scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.id = $1 AND a.lar_id = $2 AND NOT a.withdrawn`, was.AgreementID, was.LAR))
		if err == nil {
			return t.attach(was, c, a, influence.ReopenClaim)
		}
		c.AgreementID = ""
	}
	c = t.stillValid(c)
	if !c.DeliveredAt.Valid {
		c.DeliveredAt = instant(t.at)
	}
	if err := t.later(`DELETE FROM suggestions WHERE claim_id = $1 AND closed_by = '' AND said <> 'no'`, c.ID); err != nil {
		return c, err
	}
	return t.lodged(was, c, influence.ReopenClaim)
}

// stillValid has a claim that becomes an intent again be valid for some time at least.
func (t *tx) stillValid(c claim) claim {
	if c.ValidUntil == "" {
		c.ValidUntil = c.DatedOn.AddDays(t.s.settings.ClaimValid)
	}
	c.ValidUntil = max(c.ValidUntil, t.today.AddDays(t.s.settings.ReopenWindow))
	return c
}

// askedAgain gives a partner that did not answer another turn to do so.
func (t *tx) askedAgain(was claim) (claim, error) {
	var code string
	if err := t.row(`SELECT code FROM claim_events WHERE claim_id = $1 AND action = $2 ORDER BY n DESC LIMIT 1`, was.ID, string(influence.AskAboutClaim)).Scan(&code); err != nil {
		return was, err
	}
	c, err := t.turn(was, was, turned{action: influence.ReopenClaim, state: influence.ClaimActionRequired, code: code,
		due: influence.ClaimActionRequired.Due(t.today, t.s.settings)})
	if err != nil {
		return c, err
	}
	return c, t.touched(c.AgreementID)
}

// DetachClaim takes a claim off the agreement that it is attached to: it is an
// intent again, and is not attached to that agreement by itself any more.
func (v Session) DetachClaim(ctx context.Context, ref, note string, version int64) error {
	err := v.asLAR(ctx, ref, version, influence.DetachClaim, func(t *tx, was claim) (claim, error) {
		wrong := influence.Invalid{}
		note = strings.TrimSpace(note)
		influence.CheckNote(wrong, "note", note)
		if err := wrong.OrNil(); err != nil {
			return was, err
		}
		c := t.stillValid(was)
		c.AgreementID, c.DetachedFrom = "", was.AgreementID
		if err := t.later(`UPDATE claims SET detached_from = $2 WHERE id = $1`, c.ID, c.DetachedFrom); err != nil {
			return c, err
		}
		c, err := t.turn(was, c, turned{action: influence.DetachClaim, state: influence.ClaimIntent, due: c.ValidUntil, note: note})
		if err != nil {
			return c, err
		}
		if err := t.apartFrom(c); err != nil {
			return c, err
		}
		return c, t.tellDetached(c, note)
	})
	if err != nil {
		return fmt.Errorf("detach claim %s: %w", ref, err)
	}
	return nil
}

// apartFrom brings up to date what follows from a claim having left an agreement:
// who sees it, what waits there, and what else the claim may belong to.
func (t *tx) apartFrom(c claim) error {
	if err := t.later(`DELETE FROM suggestions WHERE claim_id = $1 AND agreement_id <> $2 AND closed_by = '' AND said <> 'no'`, c.ID, c.DetachedFrom); err != nil {
		return err
	}
	if err := t.see(c.DetachedFrom); err != nil {
		return err
	}
	if err := t.touched(c.DetachedFrom); err != nil {
		return err
	}
	return t.suggestAgreements(c)
}

// tellDetached tells a claim's partner that it waits for an agreement again.
func (t *tx) tellDetached(c claim, note string) error {
	body := "The LAR says that your claim on " + claimName(c) + " does not belong to the agreement it was attached to. It waits for another agreement until " + influence.FormatDay(c.Due) + "."
	if note != "" {
		body += "\n\n“" + note + "”"
	}
	return t.mailOrg(c.PartnerID, mail{subject: "Your claim " + c.Ref + " was detached", body: body, link: "/claims/" + c.Ref, button: "Open the claim"})
}

// supersede ends an open claim that a newer one of its partner replaces.
func (t *tx) supersede(ref string, by claim) error {
	was, err := scanClaim(t.row(`SELECT `+claimColumns+` FROM claims c WHERE c.ref = $1 AND c.partner_id = $2`, ref, by.PartnerID))
	if err != nil {
		return err
	}
	return t.apart(influence.EditClaims, func() (change, error) {
		c, err := t.turn(was, was, turned{action: influence.SupersedeClaim, state: influence.ClaimSuperseded, note: "Replaced by " + by.Ref + "."})
		if err != nil {
			return change{}, err
		}
		if err := t.later(`UPDATE claims SET replaced_by = $2 WHERE id = $1`, was.ID, by.ID); err != nil {
			return change{}, err
		}
		return change{was.Ref, recordClaim(was), recordClaim(c)}, t.left(was)
	})
}

// CopyClaim makes a new draft that says what a claim of the actor's company says.
// The same key again answers with the first draft.
func (v Session) CopyClaim(ctx context.Context, ref, key string) (draft string, err error) {
	was, err := v.claim(ctx, v.s.read, influence.EditClaims, ref)
	if err != nil {
		return "", fmt.Errorf("copy claim %s: %w", ref, wrap(err))
	}
	var typed influence.ClaimDraft
	if err := json.Unmarshal([]byte(was.Typed), &typed); err != nil {
		return "", fmt.Errorf("copy claim %s: %w", ref, err)
	}
	typed.Replaces = ""
	return v.SaveDraft(ctx, "", key, 0, typed)
}
