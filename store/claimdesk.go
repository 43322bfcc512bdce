package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"irm/influence"
)

// AttachClaim attaches an intent to an agreement of the LAR that it was sent to,
// named by its reference or number, and makes it that LAR's turn to decide.
func (v Session) AttachClaim(ctx context.Context, ref, agreementName string, version int64) error {
	err := v.asLAR(ctx, ref, version, influence.AttachClaim, func(t *tx, was claim) (claim, error) {
		a, err := t.attachable(was, agreementName)
		if err != nil {
			return was, err
		}
		c, err := t.attach(was, was, a, influence.AttachClaim)
		if err != nil {
			return c, err
		}
		return c, t.mailOrg(c.PartnerID, mail{subject: "Your claim " + c.Ref + " was attached to an agreement", link: "/claims/" + c.Ref, button: "Open the claim",
			body: "The LAR attached your claim on " + claimName(c) + " to agreement " + a.Number + ". It has until " + influence.FormatDay(c.Due) + " to decide."})
	})
	if err != nil {
		return fmt.Errorf("attach claim %s: %w", ref, err)
	}
	return nil
}

// RejectIntent ends an intent with a reason of influence.IntentReasons and a note
// for its partner.
func (v Session) RejectIntent(ctx context.Context, ref, code, note string, version int64) error {
	err := v.asLAR(ctx, ref, version, influence.RejectClaim, func(t *tx, was claim) (claim, error) {
		wrong := influence.Invalid{}
		reason, err := influence.ParseReason(code, influence.IntentReasons())
		if err != nil {
			wrong.Check(false, "code", err.Error())
		}
		note = strings.TrimSpace(note)
		influence.CheckNote(wrong, "note", note)
		if err := wrong.OrNil(); err != nil {
			return was, err
		}
		to := turned{action: influence.RejectClaim, state: influence.ClaimRejected, code: string(reason), note: note}
		c, err := t.turn(was, was, to)
		if err != nil {
			return c, err
		}
		if err := t.left(was); err != nil {
			return c, err
		}
		return c, t.tellRejected(c, to)
	})
	if err != nil {
		return fmt.Errorf("reject claim %s: %w", ref, err)
	}
	return nil
}

// attachable finds the agreement that a claim is to be attached to.
func (t *tx) attachable(c claim, name string) (a agreement, err error) {
	if name = strings.TrimSpace(name); name == "" {
		return a, influence.Invalid{"agreement": "Enter the number or the reference of an agreement that you reported."}
	}
	a, err = scanAgreement(t.row(`SELECT `+agreementColumns+` FROM agreements a WHERE a.lar_id = $1 AND NOT a.withdrawn AND (a.ref = $2 OR a.number_key = $3)`,
		c.LAR, upper(name), influence.NumberKey(name)))
	if errors.Is(err, sql.ErrNoRows) {
		return a, influence.Invalid{"agreement": "You have not reported an agreement with this number or reference."}
	}
	if err != nil {
		return a, err
	}
	if !influence.FitsWindow(a.SignedOn, c.DatedOn, c.ValidUntil, t.s.settings) {
		return a, influence.Invalid{"agreement": fmt.Sprintf("This agreement was signed on %s. The claim fits agreements signed from %s to %s.", influence.FormatDay(a.SignedOn),
			influence.FormatDay(c.DatedOn.AddDays(-t.s.settings.ClaimLooksBack)), influence.FormatDay(c.ValidUntil))}
	}
	other, err := t.openOn(c, a.ID)
	if err == nil && other != "" {
		err = influence.Invalid{"agreement": "The partner has an open claim on this agreement already: " + other + "."}
	}
	return a, err
}

// openOn returns the reference of another open claim of the same partner on an
// agreement, "" for none.
func (t *tx) openOn(c claim, agreementID string) (ref string, err error) {
	err = t.row(`SELECT ref FROM claims WHERE partner_id = $1 AND agreement_id = $2 AND id <> $3 AND state IN ('attached', 'action_required')`,
		c.PartnerID, agreementID, c.ID).Scan(&ref)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return ref, err
}

// tellRejected tells a claim's partner at once that an intent was rejected: this
// can't be undone.
func (t *tx) tellRejected(c claim, to turned) error {
	body := "The LAR rejected your claim on " + claimName(c) + ". Reason: " + influence.ReasonCode(to.code).Title() + "."
	if to.note != "" {
		body += "\n\n“" + to.note + "”"
	}
	return t.mailOrg(c.PartnerID, mail{subject: "Your claim " + c.Ref + " was rejected", body: body, link: "/claims/" + c.Ref, button: "Open the claim"})
}

// closeSuggestions ends what was suggested for a claim that has found its
// agreement; by names the decision, if one did.
func (t *tx) closeSuggestions(claimID, by string) error {
	rows, err := t.rows(`UPDATE suggestions SET closed_at = $2, closed_by = $3 WHERE claim_id = $1 AND closed_at IS NULL RETURNING agreement_id`,
		claimID, t.at.UnixMicro(), by)
	return t.refileAll(rows, err)
}

// refileAll files the agreements of rows anew.
func (t *tx) refileAll(rows *sql.Rows, err error) error {
	touched, err := collect(rows, err, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
	if err != nil {
		return err
	}
	for _, id := range touched {
		if err := t.refile(id); err != nil {
			return err
		}
	}
	return nil
}

// Suggested is an agreement that an intent may belong to, with why.
type Suggested struct {
	Ref, Number, Customer string
	SignedOn              influence.Day
	Cents, Score          int64 // score in hundredths
	Reasons               []string
}

// suggested lists the agreements suggested for a claim that was read under
// visible, the best first: for its LAR and Microsoft.
func (v Session) suggested(ctx context.Context, claimID string) ([]Suggested, error) {
	if v.actor.Role == influence.RolePartner {
		return nil, nil
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT a.ref, a.number, a.customer, a.signed_on, a.cents, g.score, g.reasons, g.said FROM suggestions g
		CROSS JOIN agreements a WHERE `+v.visible(influence.ViewAgreements, "a")+` AND g.claim_id = $2 AND g.closed_at IS NULL AND a.id = g.agreement_id
		ORDER BY g.score DESC, a.id LIMIT 10`, v.actor.OrgID, claimID)
	return collect(rows, err, func(row scanner) (s Suggested, err error) {
		var reasons, said string
		if err := row.Scan(&s.Ref, &s.Number, &s.Customer, &s.SignedOn, &s.Cents, &s.Score, &reasons, &said); err != nil {
			return s, err
		}
		err = json.Unmarshal([]byte(reasons), &s.Reasons)
		s.Reasons = append(s.Reasons, whoseWords(said))
		return s, err
	})
}

// CrossMatch is an agreement of another LAR that has the number a claim names.
type CrossMatch struct{ Ref, LAR string }

// crossMatch is for Microsoft alone: the claim's LAR and partner hear only that
// the number was not reported by the LAR addressed.
func (v Session) crossMatch(ctx context.Context, claimID string) (*CrossMatch, error) {
	if v.actor.Role != influence.RoleStaff {
		return nil, nil
	}
	var m CrossMatch
	err := v.s.read.QueryRowContext(ctx, `SELECT a.ref, l.name FROM claims c CROSS JOIN agreements a CROSS JOIN lars l
		WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.id = $2 AND c.number_key <> '' AND a.number_key = c.number_key AND a.lar_id <> c.lar_id AND l.id = a.lar_id`,
		v.actor.OrgID, claimID).Scan(&m.Ref, &m.LAR)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &m, err
}
