package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"irm/influence"
)

// ClaimRow is one row of a list of claims, all of whose fields the partner, the
// LAR it was sent to and Microsoft see.
type ClaimRow struct {
	Ref, Partner, PartnerNo, PartnerRef, PartnerLevel, PartnerState string
	LAR, LARRef, Number, Customer, State2, AgreementRef             string // State2 is the customer's state
	State                                                           influence.ClaimState
	Program                                                         influence.Program
	Seats, Cents                                                    int64
	ExpectedOn, DatedOn, Due                                        influence.Day
	Kind                                                            influence.InfluenceKind
	Note, Evidence, Code                                            string
	Since                                                           time.Time
	Version                                                         int64
	Rivals                                                          bool // another claim competes, known to its LAR
	id                                                              string
	since                                                           int64
}

const claimRowColumns = `c.id, c.ref, p.name, p.partner_no, p.ref, p.level, p.state, coalesce(l.name, ''), coalesce(l.ref, ''), c.number, c.customer,
	c.customer_state, coalesce((SELECT x.ref FROM agreements x WHERE x.id = c.agreement_id), ''), c.state, c.program, c.seats, c.cents,
	c.expected_on, c.dated_on, c.due, c.kind, c.note, c.evidence, c.code, c.since, c.version,
	EXISTS (SELECT 1 FROM claims o WHERE o.agreement_id = c.agreement_id AND o.partner_id <> c.partner_id AND o.state IN ('attached', 'action_required'))`

func (r *ClaimRow) dest() []any {
	return []any{&r.id, &r.Ref, &r.Partner, &r.PartnerNo, &r.PartnerRef, &r.PartnerLevel, &r.PartnerState, &r.LAR, &r.LARRef, &r.Number, &r.Customer,
		&r.State2, &r.AgreementRef, &r.State, &r.Program, &r.Seats, &r.Cents,
		&r.ExpectedOn, &r.DatedOn, &r.Due, &r.Kind, &r.Note, &r.Evidence, &r.Code, &r.since, &r.Version, &r.Rivals}
}

func scanClaimRow(row scanner) (r ClaimRow, err error) {
	err = row.Scan(r.dest()...)
	r.Since = micros(r.since)
	return r, err
}

// claimRows reads rows as the actor may see them: a LAR keeps no evidence of a
// claim that was taken back or ran out before it was decided.
func (v Session) claimRows(rows *sql.Rows, err error) ([]ClaimRow, error) {
	all, err := collect(rows, err, scanClaimRow)
	for i := range all {
		all[i].Evidence = v.evidence(all[i])
	}
	return all, err
}

func (v Session) evidence(r ClaimRow) string {
	if v.hidesEvidence(r) {
		return ""
	}
	return r.Evidence
}

func (v Session) hidesEvidence(r ClaimRow) bool {
	return v.actor.Role == influence.RoleLAR && (r.State == influence.ClaimWithdrawn || r.State == influence.ClaimExpired)
}

// withoutEvidence leaves out what was added as evidence and what an answer made of
// it, where the actor no longer sees that.
func withoutEvidence(events []ClaimEvent) {
	for i := range events {
		if events[i].Action == influence.AddClaimEvidence {
			events[i].Note = ""
		}
		events[i].Fields = slices.DeleteFunc(events[i].Fields, func(f influence.ClaimField) bool { return f.Field == "evidence" && f.Was+f.Now != "" })
	}
}

// claimsOn reads the claims on an agreement that the actor may see, newest first.
func (v Session) claimsOn(r reader, agreementID string) ([]ClaimRow, error) {
	rows, err := r.rows(`SELECT `+claimRowColumns+` FROM claims c JOIN partners p ON p.id = c.partner_id LEFT JOIN lars l ON l.id = c.lar_id
		WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.agreement_id = $2 ORDER BY c.dated_on DESC, c.id DESC LIMIT 200`, v.actor.OrgID, agreementID)
	return v.claimRows(rows, err)
}

// ClaimFilter narrows a list of claims.
type ClaimFilter struct {
	Reversed bool   // what has been as it is for longest first
	State    string // a state, or "open"
	LAR      string // public reference or slug
	Partner  string // public reference
	Query    string // beginning of the reference, number or customer
	After    string
	Before   string
	Limit    int
}

// Claims returns a page of the claims the actor sees, the last changed first.
// Nobody but their partner sees drafts.
func (v Session) Claims(ctx context.Context, f ClaimFilter) (Page[ClaimRow], error) {
	w := v.where(v.visible(influence.ViewClaims, "c"))
	if v.actor.Role != influence.RolePartner {
		w.and(`c.state <> 'draft'`)
	}
	switch f.State {
	case "":
	case "open":
		w.and(`c.state IN ('waiting', 'intent', 'attached', 'action_required')`)
	default:
		w.and(`c.state = ?`, f.State)
		if s := influence.ClaimState(f.State); !s.Open() && s != influence.ClaimDrafted { // the index of these is used for a condition within its own
			w.and(endedRows)
		}
	}
	if f.LAR != "" {
		w.and(`c.lar_id = (SELECT id FROM lars WHERE ref = ? OR slug = ?)`, f.LAR, f.LAR)
	}
	if f.Partner != "" {
		w.and(`c.partner_id = (SELECT id FROM partners WHERE ref = ?)`, f.Partner)
	}
	if f.Query != "" {
		w.and(`c.ref LIKE ? ESCAPE '\' OR c.number_key LIKE ? ESCAPE '\' OR upper(c.customer) LIKE ? ESCAPE '\'`, likePrefix(upper(f.Query)),
			likeNumber(f.Query), likePrefix(upper(f.Query)))
	}
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[0] != "" {
		w.and(`(c.since, c.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+claimRowColumns+` FROM claims c JOIN partners p ON p.id = c.partner_id
		LEFT JOIN lars l ON l.id = c.lar_id WHERE `+w.String()+`
		ORDER BY c.since `+dir+`, c.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := v.claimRows(rows, err)
	if err != nil {
		return Page[ClaimRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", ClaimRow.cursor), nil
}

func (r ClaimRow) cursor() string { return joinCursor(digits(r.since), r.id) }

// EveryClaim yields all claims of the filter, for an export.
func (v Session) EveryClaim(ctx context.Context, f ClaimFilter) iter.Seq2[ClaimRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[ClaimRow], error) {
		f.After = after
		return v.Claims(ctx, f)
	}, ClaimRow.cursor)
}

// ClaimPage is one claim with its history and, for a draft, the form as typed.
type ClaimPage struct {
	ClaimRow
	Draft         influence.ClaimDraft
	SubmittedAt   time.Time
	ValidUntil    influence.Day
	ExtendedOn    influence.Day
	ReplacedBy    string   // reference of the newer claim
	DaysLeft      int64    // business days of the LAR's turn when the question stopped it
	Askable       []string // fields that the open question lets the partner edit
	Events        []ClaimEvent
	Files         []EvidenceFile
	Openings      []Opening        // by members of its LAR
	Disputes      []DisputeRow     // about it, that the actor sees
	DisputeUntil  influence.Day    // last day on which the actor's company can dispute its decision
	NotDisputable error            // why it can't, nil if it can
	Twins         []influence.Twin // the partner's claims that say the same, of those that the actor sees
	Own           bool             // the actor's company made it
	Found         string           // number of the agreement that it is attached to
	Whose         Whose            // what its partner is asked about it
	Suggested     []Suggested      // for its LAR and Microsoft
	CrossMatch    *CrossMatch      // for Microsoft
}

// ClaimEvent is one line of a claim's history, the newest first.
type ClaimEvent struct {
	Action              influence.ClaimAction
	State               influence.ClaimState
	At                  time.Time
	By, Org, Code, Note string
	Due                 influence.Day
	Fields              []influence.ClaimField // that a question opens, or an answer changed
	Own                 bool                   // by the actor's organization
}

// Claim returns the page of a claim that the actor sees.
func (v Session) Claim(ctx context.Context, ref string) (p ClaimPage, err error) {
	var typed, askable string
	var submitted sql.NullInt64
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+claimRowColumns+`, c.typed, c.submitted_at, c.valid_until, c.askable, c.days_left, c.extended_on,
		coalesce((SELECT y.ref FROM claims y WHERE y.id = c.replaced_by), ''), c.partner_id = $1
		FROM claims c JOIN partners p ON p.id = c.partner_id LEFT JOIN lars l ON l.id = c.lar_id
		WHERE `+v.visible(influence.ViewClaims, "c")+` AND c.ref = $2 AND (c.state <> 'draft' OR c.partner_id = $1)`, v.actor.OrgID, ref)
	found, err := collect(rows, err, func(row scanner) (p ClaimPage, err error) {
		err = row.Scan(append(p.ClaimRow.dest(), &typed, &submitted, &p.ValidUntil, &askable, &p.DaysLeft, &p.ExtendedOn, &p.ReplacedBy, &p.Own)...)
		return p, err
	})
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return p, wrap(err)
	}
	p = found[0]
	p.Evidence = v.evidence(p.ClaimRow)
	p.Since, p.SubmittedAt, p.Askable = micros(p.since), when(submitted), strings.Fields(askable)
	if err := json.Unmarshal([]byte(typed), &p.Draft); err != nil {
		return p, err
	}
	if p.Events, err = v.claimEvents(v.reader(ctx), p.id); err != nil {
		return p, wrap(err)
	}
	if v.hidesEvidence(p.ClaimRow) {
		withoutEvidence(p.Events)
	}
	if p.Files, err = v.evidenceOf(ctx, p.id); err != nil {
		return p, wrap(err)
	}
	if p.Suggested, err = v.suggested(ctx, p.id); err != nil {
		return p, wrap(err)
	}
	if p.Openings, err = v.openings(ctx, p.id); err != nil {
		return p, wrap(err)
	}
	if p.Twins, err = v.twinsOf(ctx, p.id); err != nil {
		return p, wrap(err)
	}
	if p.Found, err = v.found(ctx, p.AgreementRef); err != nil {
		return p, wrap(err)
	}
	if err := v.whose(ctx, &p); err != nil {
		return p, wrap(err)
	}
	if err := v.disputesOf(ctx, &p); err != nil {
		return p, wrap(err)
	}
	p.CrossMatch, err = v.crossMatch(ctx, p.id)
	return p, wrap(err)
}

// claimEvents reads the history of a claim. What happened to its draft is its
// partner's alone; what a decision that is void said of it is not the partner's.
func (v Session) claimEvents(r reader, claimID string) ([]ClaimEvent, error) {
	rows, err := r.rows(`SELECT e.action, e.state, e.at, coalesce(m.name, CASE e.member_id WHEN 'clock' THEN 'The program’s clock' ELSE 'Operator' END),
		CASE e.member_id WHEN 'clock' THEN '' ELSE coalesce(q.name, l.name, 'Microsoft') END,
		CASE WHEN $2 = 'partner' AND d.decision_id IS NOT NULL THEN '' ELSE e.code END,
		CASE WHEN $2 = 'partner' AND d.decision_id IS NOT NULL THEN '' ELSE e.note END, e.due, e.fields, e.org_id
		FROM claim_events e LEFT JOIN void_decisions d ON d.decision_id = e.decision_id LEFT JOIN members m ON m.id = e.member_id LEFT JOIN partners q ON q.id = e.org_id LEFT JOIN lars l ON l.id = e.org_id
		WHERE e.claim_id = $1 AND (e.state <> 'draft' OR $2 = 'partner') ORDER BY e.n DESC LIMIT 200`, claimID, string(v.actor.Role))
	return collect(rows, err, func(row scanner) (e ClaimEvent, err error) {
		var at int64
		var fields, org string
		if err := row.Scan(&e.Action, &e.State, &at, &e.By, &e.Org, &e.Code, &e.Note, &e.Due, &fields, &org); err != nil || fields == "" {
			e.At, e.Own = micros(at), org == v.actor.OrgID
			return e, err
		}
		e.At, e.Own = micros(at), org == v.actor.OrgID
		return e, json.Unmarshal([]byte(fields), &e.Fields)
	})
}

// found is the number of the agreement that a claim is attached to, if the actor sees it.
func (v Session) found(ctx context.Context, agreementRef string) (number string, err error) {
	if agreementRef == "" {
		return "", nil
	}
	err = v.s.read.QueryRowContext(ctx, `SELECT a.number FROM agreements a WHERE `+v.visible(influence.ViewAgreements, "a")+` AND a.ref = $2`, v.actor.OrgID, agreementRef).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return number, err
}
