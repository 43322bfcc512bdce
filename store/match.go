package store

import (
	"encoding/json"

	"irm/influence"
)

// suggestAgreements looks among the LAR's agreements for those that an intent
// may belong to. Only its state's are read, and no more than matchLimit.
func (t *tx) suggestAgreements(c claim) error {
	from := c.DatedOn.AddDays(-t.s.settings.ClaimLooksBack)
	rows, err := t.rows(`SELECT `+agreementColumns+` FROM agreements a
		WHERE a.lar_id = $1 AND a.signed_on >= $2 AND a.signed_on <= $3 AND NOT a.withdrawn AND a.state = $4
		ORDER BY a.signed_on DESC, a.id LIMIT $5`, c.LAR, string(from), string(c.ValidUntil), c.CustomerState, matchLimit)
	near, err := collect(rows, err, scanAgreement)
	if err != nil {
		return err
	}
	for _, a := range near {
		found, err := t.suggest(c, a)
		if err != nil {
			return err
		}
		if found {
			if err := t.refile(a.ID, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// matchLimit bounds how much one matching reads.
const matchLimit = 2000

// suggestClaims looks among the intents sent to an agreement's LAR for those
// that may belong to it; the same number is certain and attaches. It reports
// whether anything was found.
func (t *tx) suggestClaims(a agreement) (found bool, err error) {
	rows, err := t.rows(`SELECT `+claimColumns+` FROM claims c
		WHERE c.lar_id = $1 AND c.state = 'intent' AND c.number_key = $2 AND c.number_key <> ''`, a.LAR, influence.NumberKey(a.Number))
	certain, err := collect(rows, err, scanClaim)
	if err != nil {
		return false, err
	}
	for _, c := range certain {
		if !influence.FitsWindow(a.SignedOn, c.DatedOn, c.ValidUntil, t.s.settings) {
			continue
		}
		if _, err := t.attach(c, c, a, influence.AttachClaim); err != nil {
			return false, err
		}
		found = true
	}
	rows, err = t.rows(`SELECT `+claimColumns+` FROM claims c
		WHERE c.lar_id = $1 AND c.state = 'intent' AND c.customer_state = $2 ORDER BY c.id LIMIT $3`, a.LAR, a.State, matchLimit)
	likely, err := collect(rows, err, scanClaim)
	if err != nil {
		return found, err
	}
	for _, c := range likely {
		one, err := t.suggest(c, a)
		if err != nil {
			return found, err
		}
		found = found || one
	}
	return found, nil
}

// suggest scores a claim against an agreement and keeps the suggestion if it is
// good enough. One that was answered before is not made again.
func (t *tx) suggest(c claim, a agreement) (bool, error) {
	if c.NumberKey != "" && c.NumberKey != influence.NumberKey(a.Number) {
		return false, nil // it names another agreement
	}
	score, reasons := influence.Suggest(
		influence.Claimed{Customer: c.Customer, State: c.CustomerState, Program: c.Program, DatedOn: c.DatedOn, ValidUntil: c.ValidUntil,
			ExpectedOn: c.ExpectedOn, Cents: c.Cents},
		influence.Agreed{Customer: a.Customer, State: a.State, Program: a.Program, SignedOn: a.SignedOn, Cents: a.Cents}, t.s.settings)
	if score < t.s.settings.SuggestFrom {
		return false, nil
	}
	text, err := json.Marshal(reasons)
	if err != nil {
		return false, err
	}
	n, err := t.exec(`INSERT INTO suggestions (agreement_id, claim_id, score, reasons, arose_at, due) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (agreement_id, claim_id) DO NOTHING`, a.ID, c.ID, int64(score*100+0.5), string(text), t.at.UnixMicro(),
		string(influence.AddBusinessDays(t.today, t.s.settings.LARTurn)))
	return n == 1, err
}
