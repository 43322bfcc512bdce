package store

import (
	"encoding/json"

	"irm/influence"
)

// suggestAgreements looks among the LAR's agreements for those that an intent
// may belong to. Only its state's are read, and no more than matchLimit.
func (t *tx) suggestAgreements(c claim) error {
	from := c.DatedOn.AddDays(-t.s.settings.ClaimLooksBack)
	args := []any{c.LAR, string(from), string(c.ValidUntil), c.CustomerState, matchLimit}
	rows, err := t.rows(`SELECT `+agreementColumns+nearAgreements, args...)
	near, err := collect(rows, err, scanAgreement)
	if err != nil || len(near) == 0 {
		return err
	}
	spelt, err := t.spellings(`SELECT a.customer_id`+nearAgreements, args...)
	if err != nil {
		return err
	}
	for _, a := range near {
		found, err := t.suggest(c, a.ID, a.Number, agreed(a, spelt[a.CustomerID]))
		if err != nil {
			return err
		}
		if found {
			if err := t.refile(a.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

const nearAgreements = ` FROM agreements a
	WHERE a.lar_id = $1 AND a.signed_on >= $2 AND a.signed_on <= $3 AND NOT a.withdrawn AND a.state = $4
	ORDER BY a.signed_on DESC, a.id DESC LIMIT $5`

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
		if a.ID == c.DetachedFrom || !influence.FitsWindow(a.SignedOn, c.DatedOn, c.ValidUntil, t.s.settings) {
			continue
		}
		if other, err := t.openOn(c, a.ID); err != nil {
			return false, err
		} else if other != "" {
			continue // the partner has one open claim on an agreement
		}
		if _, err := t.attach(c, c, a, influence.AttachClaim); err != nil {
			return false, err
		}
		found = true
	}
	rows, err = t.rows(`SELECT `+claimColumns+` FROM claims c
		WHERE c.lar_id = $1 AND c.state = 'intent' AND c.customer_state = $2 AND c.number_key = '' AND c.dated_on <= $3 AND c.valid_until >= $4
		ORDER BY c.id LIMIT $5`, a.LAR, a.State, string(a.SignedOn.AddDays(t.s.settings.ClaimLooksBack)), string(a.SignedOn), matchLimit)
	likely, err := collect(rows, err, scanClaim)
	if err != nil || len(likely) == 0 {
		return found, err
	}
	spelt, err := t.spellings(`SELECT $2`, a.LAR, a.CustomerID)
	if err != nil {
		return found, err
	}
	is := agreed(a, spelt[a.CustomerID])
	for _, c := range likely { // a claim that names a number is no suggestion for another
		one, err := t.suggest(c, a.ID, a.Number, is)
		if err != nil {
			return found, err
		}
		if one {
			if err := t.askWhose(c, a.ID); err != nil {
				return found, err
			}
		}
		found = found || one
	}
	return found, nil
}

// agreed prepares an agreement for being compared: its customer, and how else
// that is spelt.
func agreed(a agreement, aliases []string) influence.Agreed {
	is := influence.Agreed{Customer: a.Customer, State: a.State, Program: a.Program, SignedOn: a.SignedOn, Cents: a.Cents}
	keys := map[string]bool{}
	for _, text := range append([]string{a.Customer}, aliases...) {
		if name := influence.NameOf(text); !keys[name.Key] {
			keys[name.Key] = true
			is.Names = append(is.Names, influence.Spelling{Text: text, Name: name})
		}
	}
	return is
}

// spellings reads how a LAR, which is the first argument, spells the customers
// that a query of ids takes: other organizations' spellings are not its to see.
func (t *tx) spellings(customers string, args ...any) (map[string][]string, error) {
	rows, err := t.rows(`SELECT h.customer_id, h.name FROM aliases h WHERE h.org_id = $1 AND h.customer_id IN (`+customers+`)
		ORDER BY h.first_at, h.name`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string][]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		all[id] = append(all[id], name)
	}
	return all, rows.Err()
}

// suggest scores a claim against an agreement and keeps the suggestion if it is
// good enough. One that was answered before is not made again.
func (t *tx) suggest(c claim, id, number string, a influence.Agreed) (bool, error) {
	if c.NumberKey != "" && c.NumberKey != influence.NumberKey(number) || id == c.DetachedFrom {
		return false, nil // it names another agreement, or its LAR said that it is not this one
	}
	score, reasons := influence.Suggest(
		influence.Claimed{Customer: c.Customer, State: c.CustomerState, Name: influence.KeyedName(c.NameKey), Program: c.Program, DatedOn: c.DatedOn,
			ValidUntil: c.ValidUntil, ExpectedOn: c.ExpectedOn, Cents: c.Cents}, a, t.s.settings)
	if score < t.s.settings.SuggestFrom {
		return false, nil
	}
	text, err := json.Marshal(reasons)
	if err != nil {
		return false, err
	}
	n, err := t.exec(`INSERT INTO suggestions (agreement_id, claim_id, score, reasons, arose_at, due, partner_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (agreement_id, claim_id) DO NOTHING`, id, c.ID, hundredths(score), string(text), t.at.UnixMicro(),
		string(influence.AddBusinessDays(t.today, t.s.settings.LARTurn)), c.PartnerID)
	return n == 1, err
}

// hundredths is how a score is kept: rounded down, so that none is shown from a
// threshold on that lies below it.
func hundredths(score float64) int64 { return int64(score*100 + 1e-9) }
