package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"irm/influence"
)

// Whose says what a partner was asked about its intent: whether an agreement that
// its LAR reported and that fits is the claim's own. Of the agreement the partner
// sees nothing: that there is one is all it hears.
type Whose struct {
	Asked bool // and has not answered
	Mine  bool // it said yes, and the LAR has not attached the claim yet
}

// askWhose asks the partner of an intent about an agreement that was just suggested
// for it. While it is asked about one already it is not asked again.
func (t *tx) askWhose(c claim, agreementID string) error {
	var asked bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM suggestions g WHERE g.claim_id = $1 AND g.agreement_id <> $2 AND g.closed_at IS NULL AND g.said = '')`, c.ID, agreementID).Scan(&asked)
	if err != nil || asked {
		return err
	}
	return t.mailOrg(c.PartnerID, mail{subject: "Is this yours? " + c.Ref, link: "/claims/" + c.Ref, button: "Answer",
		body: "The LAR reported an agreement that fits your claim on " + claimName(c) + ". Say whether your deal was signed. The LAR reads it, and decides whether the claim belongs to the agreement."})
}

// AnswerWhose says whether what was reported and fits an intent of the actor's
// company is its deal. Yes is one more reason for the LAR, which attaches; with no
// what was suggested is dropped, and not asked again.
func (v Session) AnswerWhose(ctx context.Context, ref string, version int64, yes bool) error {
	err := v.do(ctx, influence.EditClaims, func(t *tx) (change, error) {
		c, err := v.claim(t.ctx, t.q, influence.EditClaims, ref)
		if err != nil {
			return change{}, err
		}
		if c.Version != version {
			return change{}, influence.ErrConflict
		}
		if c.State != influence.ClaimIntent {
			return change{}, influence.Refusal("This claim does not wait for an agreement, so nothing is asked about it.")
		}
		if yes {
			return t.saysMine(c)
		}
		return t.saysNotMine(c)
	})
	if err != nil {
		return fmt.Errorf("answer whose %s is: %w", ref, err)
	}
	return nil
}

// errNotAsked says that nothing is suggested for a claim that its partner did not
// answer for.
const errNotAsked = influence.Refusal("No agreement that fits this claim waits for your answer.")

func (t *tx) saysMine(c claim) (change, error) {
	n, err := t.exec(`UPDATE suggestions SET said = 'yes' WHERE claim_id = $1 AND closed_at IS NULL AND said = ''`, c.ID)
	if err == nil && n == 0 {
		err = errNotAsked
	}
	if err != nil {
		return change{}, err
	}
	made, err := t.says(c, influence.SayMine)
	if err != nil {
		return change{}, err
	}
	return made, t.mailOrg(c.LAR, mail{subject: "The partner says that claim " + c.Ref + " is signed", link: "/claims/" + c.Ref, button: "Open the claim",
		body: "The partner says that its deal with " + claimName(c) + " is among the agreements that you reported. You attach the claim, or reject it."})
}

func (t *tx) saysNotMine(c claim) (change, error) {
	rows, err := t.rows(`UPDATE suggestions SET said = 'no', closed_at = $2 WHERE claim_id = $1 AND closed_at IS NULL AND said = '' RETURNING agreement_id`, c.ID, t.at.UnixMicro())
	dropped, err := collect(rows, err, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
	if err == nil && len(dropped) == 0 {
		err = errNotAsked
	}
	if err != nil {
		return change{}, err
	}
	for _, id := range dropped {
		if err := t.refile(id); err != nil {
			return change{}, err
		}
	}
	return t.says(c, influence.SayNotMine)
}

// says writes into a claim's history what its partner said of it.
func (t *tx) says(c claim, action influence.ClaimAction) (change, error) {
	if err := t.must(`UPDATE claims SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'intent'`, c.ID, c.Version); err != nil {
		return change{}, err
	}
	c.Version++
	return change{c.Ref, nil, map[string]string{"claim": c.Ref, "said": string(action)}}, t.claimEvent(c, turned{action: action})
}

// whose reads what the actor's company is asked about one of its intents.
func (v Session) whose(ctx context.Context, p *ClaimPage) error {
	if !p.Own || p.State != influence.ClaimIntent {
		return nil
	}
	return v.s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM suggestions g WHERE g.claim_id = c.id AND g.closed_at IS NULL AND g.said = ''),
		EXISTS (SELECT 1 FROM suggestions g WHERE g.claim_id = c.id AND g.closed_at IS NULL AND g.said = 'yes')
		FROM claims c WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.ref = $2`, v.actor.OrgID, p.Ref).Scan(&p.Whose.Asked, &p.Whose.Mine)
}

// whoseWords is what a partner said of a suggestion, for its LAR and Microsoft: a
// reason beside the others.
func whoseWords(said string) string {
	if said == "yes" {
		return "the partner says that this is its deal"
	}
	return "the partner was asked whether it is its deal"
}

// homeWhose reads the intents about which the partner is asked, the earliest end first.
func (v Session) homeWhose(r reader, h *Home) error {
	rows, err := r.rows(`SELECT `+claimRowColumns+` FROM (SELECT DISTINCT g.claim_id FROM suggestions g WHERE g.partner_id = $1 AND g.closed_at IS NULL AND g.said = '' ORDER BY g.claim_id LIMIT $2) AS x
		JOIN claims c ON c.id = x.claim_id JOIN partners p ON p.id = c.partner_id LEFT JOIN lars l ON l.id = c.lar_id
		WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.state = 'intent'`, v.actor.OrgID, homeRows)
	h.Whose, err = collect(rows, err, scanClaimRow)
	slices.SortFunc(h.Whose, func(a, b ClaimRow) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Ref, b.Ref)) })
	return err
}
