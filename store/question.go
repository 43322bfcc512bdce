package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"irm/influence"
)

// AskAboutClaim puts a question to the partner of a claim that waits for the
// LAR's decision: what is missing, and which fields the partner may edit. The
// partner's turn begins and the LAR's clock stops.
func (v Session) AskAboutClaim(ctx context.Context, ref string, version int64, d influence.QuestionDraft) error {
	err := v.asLAR(ctx, ref, version, influence.AskAboutClaim, func(t *tx, was claim) (claim, error) {
		d, err := d.Validate()
		if err != nil {
			return was, err
		}
		c := was
		c.Askable = strings.Join(d.Fields, " ")
		c.DaysLeft = int64(influence.BusinessDaysBetween(t.today, was.Due))
		c.DaysSpent += int64(max(influence.BusinessDaysBetween(t.dayOf(was.Since), t.today), 0))
		fields, err := askedFor(d.Fields)
		if err != nil {
			return c, err
		}
		c, err = t.turn(was, c, turned{action: influence.AskAboutClaim, state: influence.ClaimActionRequired, code: d.Code, note: d.Note, fields: fields,
			due: influence.ClaimActionRequired.Due(t.today, t.s.settings)})
		if err != nil {
			return c, err
		}
		if err := t.later(`UPDATE claims SET days_left = $2, days_spent = $3, askable = $4 WHERE id = $1`, c.ID, c.DaysLeft, c.DaysSpent, c.Askable); err != nil {
			return c, err
		}
		if err := t.touched(c.AgreementID); err != nil {
			return c, err
		}
		return c, t.tellAsked(c, d)
	})
	if err != nil {
		return fmt.Errorf("ask about claim %s: %w", ref, err)
	}
	return nil
}

// askedFor writes the fields that a question names as an event keeps them.
func askedFor(fields []string) (string, error) {
	if len(fields) == 0 {
		return "", nil
	}
	all := make([]influence.ClaimField, len(fields))
	for i, f := range fields {
		all[i].Field = f
	}
	text, err := json.Marshal(all)
	return string(text), err
}

// touched says that something about an agreement's claims has changed: whoever
// decides with an older version is told, and its place at the desk is kept.
func (t *tx) touched(agreementID string) error {
	if agreementID == "" {
		return nil
	}
	if err := t.later(`UPDATE agreements SET version = version + 1 WHERE id = $1`, agreementID); err != nil {
		return err
	}
	return t.refile(agreementID)
}

// tellAsked tells a claim's partner what the LAR asks.
func (t *tx) tellAsked(c claim, d influence.QuestionDraft) error {
	body := "The LAR asks about your claim on " + claimName(c) + ": " + influence.ReasonCode(d.Code).Title() + "."
	if d.Note != "" {
		body += "\n\n“" + d.Note + "”"
	}
	return t.mailOrg(c.PartnerID, mail{subject: "A question about your claim " + c.Ref, link: "/claims/" + c.Ref, button: "Answer",
		body: body + "\n\nYou have until " + influence.FormatDay(c.Due) + " to answer."})
}

// TakeQuestionBack withdraws the open question about a claim: it is the LAR's
// turn again, with what was left of it.
func (v Session) TakeQuestionBack(ctx context.Context, ref string, version int64) error {
	err := v.asLAR(ctx, ref, version, influence.TakeQuestionBack, func(t *tx, was claim) (claim, error) {
		c, err := t.resumed(was, was, turned{action: influence.TakeQuestionBack})
		if err != nil {
			return c, err
		}
		return c, t.mailOrg(c.PartnerID, mail{subject: "The question about your claim " + c.Ref + " was withdrawn", link: "/claims/" + c.Ref, button: "Open the claim",
			body: "The LAR withdrew its question about your claim on " + claimName(c) + ". It has until " + influence.FormatDay(c.Due) + " to decide."})
	})
	if err != nil {
		return fmt.Errorf("take question back %s: %w", ref, err)
	}
	return nil
}

// resumed makes it the LAR's turn again, with what was left of its clock.
func (t *tx) resumed(was, c claim, to turned) (claim, error) {
	to.state, to.due = influence.ClaimAttached, influence.LARDue(t.today, int(c.DaysLeft), t.s.settings)
	c, err := t.turn(was, c, to)
	if err != nil {
		return c, err
	}
	c.Askable = ""
	if err := t.later(`UPDATE claims SET askable = '' WHERE id = $1`, c.ID); err != nil {
		return c, err
	}
	return c, t.touched(c.AgreementID)
}

// AnswerAboutClaim answers the open question about a claim in words and in the
// fields that it names; others are left as they are. It is the LAR's turn again.
func (v Session) AnswerAboutClaim(ctx context.Context, ref string, version int64, d influence.AnswerDraft) error {
	err := v.asPartner(ctx, ref, version, influence.AnswerAboutClaim, func(t *tx, was claim) (claim, error) {
		c, to, err := v.amended(t, was, d)
		if err != nil {
			return was, err
		}
		if c, err = t.resumed(c, c, to); err != nil {
			return c, err
		}
		return c, t.mailOrg(c.LAR, mail{subject: "Your question about claim " + c.Ref + " was answered", link: "/claims/" + c.Ref, button: "Open the claim",
			body: "The partner answered your question about its claim on " + claimName(c) + ". You have until " + influence.FormatDay(c.Due) + " to decide."})
	})
	if err != nil {
		return fmt.Errorf("answer about claim %s: %w", ref, err)
	}
	return nil
}

// amended writes the fields that an answer changes, and says what its event is.
func (v Session) amended(t *tx, was claim, d influence.AnswerDraft) (claim, turned, error) {
	to := turned{action: influence.AnswerAboutClaim, note: strings.TrimSpace(d.Answer)}
	var typed influence.ClaimDraft
	if err := json.Unmarshal([]byte(was.Typed), &typed); err != nil {
		return was, to, err
	}
	now, changed, err := d.Apply(typed, strings.Fields(was.Askable), was.DatedOn, t.s.settings)
	if err != nil || len(changed) == 0 {
		return was, to, err
	}
	fields, err := json.Marshal(changed)
	if err != nil {
		return was, to, err
	}
	to.fields = string(fields)
	parsed, err := now.Validate(was.DatedOn, t.s.settings)
	if err != nil {
		return was, to, err
	}
	c, err := v.filled(t, was, now, parsed)
	if err != nil {
		return was, to, err
	}
	return c, to, t.writeFields(was, &c, was.Version)
}

// asPartner has fn do to a claim what its partner may do to it.
func (v Session) asPartner(ctx context.Context, ref string, version int64, action influence.ClaimAction, fn func(*tx, claim) (claim, error)) error {
	return v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		was, err := v.claim(t.ctx, t.q, influence.EditClaims, ref)
		if err != nil {
			return change{}, err
		}
		return v.acts(t, was, version, action, fn)
	})
}

// asLAR has fn do to a claim what the LAR that has it may do to it.
func (v Session) asLAR(ctx context.Context, ref string, version int64, action influence.ClaimAction, fn func(*tx, claim) (claim, error)) error {
	return v.do(ctx, influence.AnswerClaims, func(t *tx) (change, error) {
		was, err := v.claim(t.ctx, t.q, influence.AnswerClaims, ref)
		if err != nil {
			return change{}, err
		}
		return v.acts(t, was, version, action, fn)
	})
}

// acts has fn do something to a claim that is still as it was seen and allows it.
func (v Session) acts(t *tx, was claim, version int64, action influence.ClaimAction, fn func(*tx, claim) (claim, error)) (change, error) {
	if was.Version != version {
		return change{}, influence.ErrConflict
	}
	if err := was.State.Can(action, v.actor.Role); err != nil {
		return change{}, err
	}
	c, err := fn(t, was)
	return change{was.Ref, recordClaim(was), recordClaim(c)}, err
}
