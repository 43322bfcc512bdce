package store

import (
	"context"
	"iter"
	"time"

	"irm/influence"
)

// DisputeRow is one dispute of a list, as the actor's kind of sight gives it.
type DisputeRow struct {
	Ref, AgreementRef, Number, Customer, LAR string
	ClaimRef                                 string // for who sees the claim
	Opener                                   string // "" for a holder that shares no decision with it
	State                                    influence.DisputeState
	OpenedAt                                 time.Time
	AnswersDue, RulingDue                    influence.Day
	Own                                      bool // the actor's company opened it
	Proposed                                 bool // a ruling waits for its second approval; for Microsoft
	Version                                  int64

	id, partnerID, decisionID string
	openedAt                  int64
}

// disputeRowColumns say to a partner no more of the customer than its own sight of
// the agreement, and the opener's name only if both have a share in the decision.
func (v Session) disputeRowColumns() string {
	customer, opener, claimRef, proposed := `a.customer`, `p.name`, `coalesce(c.ref, '')`, `FALSE`
	if v.actor.Role == influence.RoleStaff {
		proposed = `EXISTS (SELECT 1 FROM proposed_rulings x WHERE x.dispute_id = dp.id AND x.answer = '')`
	}
	if v.actor.Role == influence.RolePartner {
		customer = `CASE WHEN EXISTS (SELECT 1 FROM sight g WHERE g.org_id = $1 AND g.agreement_id = a.id AND g.seen_as = 'PS') THEN a.customer
			WHEN c.partner_id = $1 THEN c.customer ELSE '' END`
		opener = `CASE WHEN dp.partner_id = $1 OR EXISTS (SELECT 1 FROM shares y WHERE y.decision_id = dp.decision_id AND y.partner_id = dp.partner_id) THEN p.name ELSE '' END`
		claimRef = `CASE WHEN c.partner_id = $1 THEN c.ref ELSE '' END`
	}
	return `dp.id, dp.ref, a.ref, a.number, ` + customer + `, l.name, ` + claimRef + `, ` + opener + `, dp.state, dp.opened_at, dp.answers_due, dp.ruling_due, dp.partner_id = $1,
		dp.version, dp.partner_id, dp.decision_id, ` + proposed + ` FROM disputes dp CROSS JOIN agreements a CROSS JOIN partners p CROSS JOIN lars l LEFT JOIN claims c ON c.id = dp.claim_id`
}

const disputeJoins = ` AND a.id = dp.agreement_id AND p.id = dp.partner_id AND l.id = dp.lar_id`

func (r *DisputeRow) dest() []any {
	return []any{&r.id, &r.Ref, &r.AgreementRef, &r.Number, &r.Customer, &r.LAR, &r.ClaimRef, &r.Opener, &r.State, &r.openedAt, &r.AnswersDue, &r.RulingDue, &r.Own,
		&r.Version, &r.partnerID, &r.decisionID, &r.Proposed}
}

func scanDisputeRow(row scanner) (r DisputeRow, err error) {
	err = row.Scan(r.dest()...)
	r.OpenedAt = micros(r.openedAt)
	return r, err
}

// DisputeFilter narrows a list of disputes.
type DisputeFilter struct {
	Reversed      bool // the oldest first
	State         influence.DisputeState
	Agreement     string // public reference
	Claim         string // public reference
	After, Before string
	Limit         int
}

// Disputes returns a page of the disputes that the actor sees, the newest first.
func (v Session) Disputes(ctx context.Context, f DisputeFilter) (Page[DisputeRow], error) {
	w := v.where(v.visible(influence.ViewDisputes, "dp") + disputeJoins)
	if f.State != "" {
		w.and(`dp.state = ?`, string(f.State))
	}
	if f.Agreement != "" {
		w.and(`dp.agreement_id = (SELECT x.id FROM agreements x WHERE x.ref = ?)`, f.Agreement)
	}
	if f.Claim != "" {
		w.and(`dp.claim_id = (SELECT x.id FROM claims x WHERE x.ref = ?)`, f.Claim)
	}
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[0] != "" {
		w.and(`(dp.opened_at, dp.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+v.disputeRowColumns()+` WHERE `+w.String()+`
		ORDER BY dp.opened_at `+dir+`, dp.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, scanDisputeRow)
	if err != nil {
		return Page[DisputeRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", DisputeRow.cursor), nil
}

func (r DisputeRow) cursor() string { return joinCursor(digits(r.openedAt), r.id) }

// EveryDispute yields all disputes of the filter, for an export.
func (v Session) EveryDispute(ctx context.Context, f DisputeFilter) iter.Seq2[DisputeRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[DisputeRow], error) {
		f.After = after
		return v.Disputes(ctx, f)
	}, DisputeRow.cursor)
}

// DisputePage is one dispute, as the actor's kind of sight gives it.
type DisputePage struct {
	DisputeRow
	Reason, Evidence string // for its opener, the LAR and Microsoft
	By               string // who opened it, of the opener
	Answers          []DisputeAnswer
	Ruling, RuledBy  string
	RuledAt          time.Time
	Share            int64  // of the actor's company in the disputed decision, in basis points
	RuledShare       *int64 // and in the one that the ruling carries; for a partner with a part in either
	Refused          error  // why the actor can't answer or rule now, nil if it can
	Docket           influence.Docket
	Proposal         *ProposedRuling // the newest that needs two, for Microsoft
	NeedsTwo         bool            // the ruling does; for Microsoft
	Full             *FullView       // the agreement, for the LAR and Microsoft
}

// DisputeAnswer is what a side says of a dispute.
type DisputeAnswer struct {
	Org, By, Text string
	At            time.Time
	Own           bool
}

// Dispute returns the page of a dispute that the actor sees.
func (v Session) Dispute(ctx context.Context, ref string) (p DisputePage, err error) {
	d, err := v.dispute(ctx, v.s.read, influence.ViewDisputes, ref)
	if err != nil {
		return p, wrap(err)
	}
	r := v.reader(ctx)
	p.DisputeRow, err = scanDisputeRow(r.row(`SELECT `+v.disputeRowColumns()+` WHERE `+v.visible(influence.ViewDisputes, "dp")+disputeJoins+` AND dp.ref = $2`, v.actor.OrgID, ref))
	if err != nil {
		return p, wrap(err)
	}
	if v.actor.Role != influence.RolePartner || p.Own {
		p.Reason, p.Evidence = d.Reason, d.Evidence
		if err := r.row(`SELECT coalesce((SELECT m.name FROM members m WHERE m.id = $1), 'A former member')`, d.MemberID).Scan(&p.By); err != nil {
			return p, wrap(err)
		}
	}
	if p.Answers, err = v.disputeAnswers(r, d); err != nil {
		return p, wrap(err)
	}
	p.Ruling, p.RuledAt = d.Ruling, when(d.RuledAt)
	for _, step := range []func() error{
		func() error {
			return r.row(`SELECT coalesce((SELECT sh.points FROM shares sh WHERE sh.decision_id = $1 AND sh.partner_id = $2), 0), coalesce((SELECT m.name FROM members m WHERE m.id = $3), '')`,
				d.DecisionID, v.actor.OrgID, d.RuledBy).Scan(&p.Share, &p.RuledBy)
		},
		func() error { return v.ruledShare(r, d, &p) },
		func() error { return v.disputeTurn(r, d, &p) },
		func() error { return v.disputedAgreement(ctx, d, &p) },
	} {
		if err := step(); err != nil {
			return p, wrap(err)
		}
	}
	return p, nil
}

// ruledShare reads what the ruling of an upheld dispute gives the actor's company.
func (v Session) ruledShare(r reader, d dispute, p *DisputePage) error {
	if d.RuledDecision == "" || v.actor.Role != influence.RolePartner {
		return nil
	}
	var points int64
	err := r.row(`SELECT coalesce((SELECT sh.points FROM decisions x CROSS JOIN shares sh WHERE x.ref = $1 AND sh.decision_id = x.id AND sh.partner_id = $2), 0)`, d.RuledDecision, v.actor.OrgID).Scan(&points)
	p.RuledShare = &points
	return err
}

// disputeTurn says whether it is the actor's turn, or why not.
func (v Session) disputeTurn(r reader, d dispute, p *DisputePage) (err error) {
	today := v.s.clock.Today()
	if v.actor.Role != influence.RoleStaff {
		p.Refused = v.mayAnswerDispute(d, today)
		for _, a := range p.Answers {
			if a.Own {
				p.Refused = influence.Refusal("Your company answered on " + influence.FormatDay(influence.DayOf(a.At, v.s.clock.zone())) + ".")
			}
		}
		return nil
	}
	if p.Docket, err = v.docket(r, d); err != nil {
		return err
	}
	p.NeedsTwo = p.Docket.NeedsTwo(v.s.settings)
	proposal, err := r.proposal(d.ID)
	if proposal.n > 0 {
		p.Proposal = &proposal
	}
	switch {
	case d.State != influence.DisputeOpen:
		p.Refused = errRuled
	case p.Docket.Proposed:
		p.Refused = p.Docket.MayApprove(v.actor.MemberID)
	default:
		p.Refused = p.Docket.MayRule(today)
	}
	return err
}

// DisputesDue lists the open disputes that wait for the actor's side, the earliest due
// first: for an answer of a LAR or a holder, for a ruling of Microsoft.
func (v Session) DisputesDue(ctx context.Context, n int) ([]DisputeRow, error) {
	if !v.actor.May(influence.ViewDisputes) {
		return nil, nil
	}
	w := v.where(v.visible(influence.ViewDisputes, "dp") + disputeJoins + ` AND dp.state = 'open'`)
	order := `dp.answers_due, dp.id`
	if v.actor.Role == influence.RoleStaff {
		w.and(`(dp.answers_due < ? OR EXISTS (SELECT 1 FROM silences x WHERE x.subject = dp.id AND x.step = ? AND x.due = dp.answers_due))`,
			string(v.s.clock.Today()), string(influence.BeginRuling))
		order = `dp.ruling_due, dp.id`
	} else {
		w.and(`dp.answers_due >= ? AND dp.partner_id <> $1 AND NOT EXISTS (SELECT 1 FROM dispute_answers x WHERE x.dispute_id = dp.id AND x.org_id = $1)`, string(v.s.clock.Today()))
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+v.disputeRowColumns()+` WHERE `+w.String()+` ORDER BY `+order+` LIMIT `+w.arg(n), w.args...)
	all, err := collect(rows, err, scanDisputeRow)
	return all, wrap(err)
}

// disputedAgreement reads the agreement for those who see all of it.
func (v Session) disputedAgreement(ctx context.Context, d dispute, p *DisputePage) error {
	if v.actor.Role == influence.RolePartner {
		return nil
	}
	a, err := v.Agreement(ctx, p.AgreementRef)
	if err != nil {
		return err
	}
	p.Full = a.Full
	return nil
}

// disputeAnswers reads the answers that the actor sees of a dispute that was read
// under visible: a partner its own, and the LAR's if it opened the dispute.
func (v Session) disputeAnswers(r reader, d dispute) ([]DisputeAnswer, error) {
	sees := `TRUE`
	if v.actor.Role == influence.RolePartner {
		sees = `(x.org_id = $2 OR x.org_id = dp.lar_id AND dp.partner_id = $2)`
	}
	rows, err := r.rows(`SELECT coalesce(q.name, l.name, ''), coalesce(m.name, 'A former member'), x.answer, x.at, x.org_id = $2 FROM disputes dp CROSS JOIN dispute_answers x
		LEFT JOIN partners q ON q.id = x.org_id LEFT JOIN lars l ON l.id = x.org_id LEFT JOIN members m ON m.id = x.member_id
		WHERE dp.id = $1 AND x.dispute_id = dp.id AND `+sees+` ORDER BY x.at, x.org_id LIMIT 100`, d.ID, v.actor.OrgID)
	return collect(rows, err, func(row scanner) (a DisputeAnswer, err error) {
		var at int64
		err = row.Scan(&a.Org, &a.By, &a.Text, &at, &a.Own)
		a.At = micros(at)
		return a, err
	})
}

// disputesOf reads the disputes about a claim that the actor sees, and whether its
// decision can be disputed by the actor's company.
func (v Session) disputesOf(ctx context.Context, p *ClaimPage) error {
	page, err := v.Disputes(ctx, DisputeFilter{Claim: p.Ref, Limit: 20})
	if err != nil {
		return err
	}
	p.Disputes = page.Rows
	if can := p.State.Can(influence.DisputeClaim, v.actor.Role) == nil; !can || !p.Own {
		return nil
	}
	c, err := v.claim(ctx, v.s.read, influence.ViewClaims, p.Ref)
	if err != nil {
		return err
	}
	x, err := v.disputable(v.reader(ctx), c)
	if err == nil {
		p.DisputeUntil, p.NotDisputable = x.May(v.s.clock.Program(), v.s.clock.zone(), v.s.settings)
	}
	return err
}
