package store

import (
	"database/sql"

	"irm/influence"
)

// claim is a claim's own row.
type claim struct {
	ID, Ref, PartnerID, LAR          string
	State                            influence.ClaimState
	Number, NumberKey, AgreementID   string
	Customer, NameKey, CustomerState string
	Program                          influence.Program
	Seats, Cents                     int64
	ExpectedOn                       influence.Day
	Kind                             influence.InfluenceKind
	Note, Evidence, Typed            string
	MemberID                         string
	CreatedAt, Since                 int64
	SubmittedAt, DeliveredAt         sql.NullInt64
	DatedOn, ValidUntil, Due         influence.Day
	Code, DecidedBy                  string
	Version                          int64
	DaysLeft, DaysSpent              int64  // business days of the LAR's turn
	Askable                          string // fields that an open question lets the partner edit
	ExtendedOn, ReopenedOn           influence.Day
	ReplacedBy, DetachedFrom         string
	AnsweredOn                       influence.Day // on which its LAR confirmed or rejected it, "" if it stands otherwise
}

const claimColumns = `c.id, c.ref, c.partner_id, c.lar_id, c.state, c.number, c.number_key, coalesce(c.agreement_id, ''), c.customer,
	c.name_key, c.customer_state, c.program, c.seats, c.cents, c.expected_on, c.kind, c.note, c.evidence, c.typed, c.member_id,
	c.created_at, c.since, c.submitted_at, c.delivered_at, c.dated_on, c.valid_until, c.due, c.code, c.decided_by, c.version,
	c.days_left, c.days_spent, c.askable, c.extended_on, c.reopened_on, c.replaced_by, c.detached_from, c.answered_on`

func (c *claim) dest() []any {
	return []any{&c.ID, &c.Ref, &c.PartnerID, &c.LAR, &c.State, &c.Number, &c.NumberKey, &c.AgreementID, &c.Customer,
		&c.NameKey, &c.CustomerState, &c.Program, &c.Seats, &c.Cents, &c.ExpectedOn, &c.Kind, &c.Note, &c.Evidence, &c.Typed, &c.MemberID,
		&c.CreatedAt, &c.Since, &c.SubmittedAt, &c.DeliveredAt, &c.DatedOn, &c.ValidUntil, &c.Due, &c.Code, &c.DecidedBy, &c.Version,
		&c.DaysLeft, &c.DaysSpent, &c.Askable, &c.ExtendedOn, &c.ReopenedOn, &c.ReplacedBy, &c.DetachedFrom, &c.AnsweredOn}
}

func scanClaim(row scanner) (c claim, err error) {
	err = row.Scan(c.dest()...)
	return c, err
}

// turned is where a claim goes, and why.
type turned struct {
	action   influence.ClaimAction
	state    influence.ClaimState
	due      influence.Day
	code     string
	note     string
	decision string
	fields   string        // JSON of what it says of fields
	answered influence.Day // when its LAR had answered it so, for an answer that is given back
}

// turn moves a claim on, unless somebody was faster: its state and clock, its
// history, and how many claims with what estimate stand where.
func (t *tx) turn(was, c claim, to turned) (claim, error) {
	c.State, c.Due, c.Code, c.DecidedBy = to.state, to.due, to.code, to.decision
	c.Since, c.Version, c.AnsweredOn = t.at.UnixMicro(), was.Version+1, to.answered
	if to.action != influence.UndoClaim && c.State.Answered() && t.who.OrgID == c.LAR {
		c.AnsweredOn = t.today
	}
	if err := t.moveOn(was, c); err != nil {
		return c, err
	}
	if err := t.claimEvent(c, to); err != nil {
		return c, err
	}
	return c, t.moveClaim(was, c)
}

// moveOn writes down where a claim stands. What most moves leave alone is not
// written: the indexes of a column that a statement names are written anew.
func (t *tx) moveOn(was, c claim) error {
	if c.AgreementID == was.AgreementID && c.SubmittedAt == was.SubmittedAt && c.DeliveredAt == was.DeliveredAt &&
		c.DatedOn == was.DatedOn && c.ValidUntil == was.ValidUntil {
		return t.must(`UPDATE claims SET state = $3, due = $4, code = $5, decided_by = $6, since = $7, answered_on = $8, version = version + 1
			WHERE id = $1 AND version = $2`, c.ID, was.Version, string(c.State), string(c.Due), c.Code, c.DecidedBy, c.Since, string(c.AnsweredOn))
	}
	return t.must(`UPDATE claims SET state = $3, agreement_id = $4, due = $5, code = $6, decided_by = $7, since = $8,
		submitted_at = $9, delivered_at = $10, dated_on = $11, valid_until = $12, answered_on = $13, version = version + 1
		WHERE id = $1 AND version = $2`, c.ID, was.Version, string(c.State), sql.NullString{String: c.AgreementID, Valid: c.AgreementID != ""},
		string(c.Due), c.Code, c.DecidedBy, c.Since, c.SubmittedAt, c.DeliveredAt, string(c.DatedOn), string(c.ValidUntil), string(c.AnsweredOn))
}

func (t *tx) claimEvent(c claim, to turned) error {
	return t.later(`INSERT INTO claim_events (claim_id, n, at, member_id, org_id, action, state, due, code, note, decision_id, entry_id, fields)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, c.ID, c.Version, t.at.UnixMicro(), t.who.MemberID, t.who.OrgID,
		string(to.action), string(c.State), string(c.Due), to.code, to.note, to.decision, t.entry, to.fields)
}

// moveClaim counts a claim where it stands now and no longer where it stood.
func (t *tx) moveClaim(was, c claim) error {
	if was.ID != "" {
		err := t.move(movement{topic: "claims", partner: was.PartnerID, lar: was.LAR, name: string(was.State),
			sums: sums{Agreements: -1, Undecided: -was.Cents}})
		if err != nil {
			return err
		}
		if err := t.moveAnswer(was, -1); err != nil {
			return err
		}
	}
	if c.ID == "" {
		return nil
	}
	if err := t.moveAnswer(c, 1); err != nil {
		return err
	}
	return t.move(movement{topic: "claims", partner: c.PartnerID, lar: c.LAR, name: string(c.State),
		sums: sums{Agreements: 1, Undecided: c.Cents}})
}

// openClaims reads the open claims attached to an agreement, the oldest first.
func (r reader) openClaims(agreementID string) ([]claim, error) {
	rows, err := r.rows(`SELECT `+claimColumns+` FROM claims c
		WHERE c.agreement_id = $1 AND c.state IN ('attached', 'action_required') ORDER BY c.dated_on, c.id`, agreementID)
	return collect(rows, err, scanClaim)
}

// answeredClaims reads the claims that decisions on an agreement answered, but
// for one decision: one a partner, the newest.
func (r reader) answeredClaims(agreementID, but string) ([]claim, error) {
	rows, err := r.rows(`SELECT `+claimColumns+` FROM claims c
		WHERE c.agreement_id = $1 AND c.state IN ('confirmed', 'rejected') AND c.decided_by NOT IN ('', $2)
		AND NOT EXISTS (SELECT 1 FROM claims n WHERE n.agreement_id = c.agreement_id AND n.partner_id = c.partner_id
			AND n.state NOT IN ('withdrawn', 'expired', 'superseded') AND n.id > c.id)
		ORDER BY c.id`, agreementID, but)
	return collect(rows, err, scanClaim)
}

// candidates reads the intents suggested for an agreement, the best first.
func (r reader) candidates(agreementID string) ([]claim, error) {
	rows, err := r.rows(`SELECT `+claimColumns+` FROM suggestions g CROSS JOIN claims c
		WHERE g.agreement_id = $1 AND g.closed_at IS NULL AND c.id = g.claim_id AND c.state = 'intent'
		ORDER BY g.score DESC, c.id`, agreementID)
	return collect(rows, err, scanClaim)
}
