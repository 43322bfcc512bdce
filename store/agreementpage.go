package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"irm/influence"
)

// AgreementPage is one agreement as the actor sees it: exactly one of the views
// is set, and it holds only the fields that its kind of sight gives.
type AgreementPage struct {
	As       SeenAs
	Claimant *ClaimantView // a partner with a claim
	Holder   *HolderView   // a partner with a share
	Full     *FullView     // the LAR that booked it, and Microsoft
}

// ClaimantView is what a partner with a claim sees of an agreement.
type ClaimantView struct {
	Ref, Number, Customer, State, LAR string // customer and state in its own words; the LAR it addressed
	Program                           influence.Program
	Claims                            []ClaimRow
}

// HolderView is what a partner with a share sees: the orders it has a part in.
type HolderView struct {
	Ref, Number, Customer, State, LAR, LARRef string
	Program                                   influence.Program
	Seats                                     int64
	SignedOn                                  influence.Day
	Orders                                    []HolderOrder
	Revenue, Influenced                       int64 // of these orders, cents
	Decisions                                 []DecisionView
	Claims                                    []ClaimRow
	Lowered                                   *LoweredShare // what the newest decision leaves, if it is less than before
}

// LoweredShare is what a decision leaves to a partner that claimed nothing.
type LoweredShare struct {
	Own, Before int64         // basis points
	Until       influence.Day // the last day on which it can be disputed
	Refused     error         // why it can't be now
	Version     int64         // the agreement's
}

// HolderOrder is an order that a partner has a part in.
type HolderOrder struct {
	Number      string
	Kind        influence.OrderKind
	OrderedOn   influence.Day
	Cents, Part int64
	Points      int64
}

// FullView is an agreement as its LAR and Microsoft see it.
type FullView struct {
	Ref, Number, Customer, State, LAR, LARRef, CustomerRef string
	Program                                                influence.Program
	Seats, Version                                         int64
	SignedOn                                               influence.Day
	Orders                                                 []OrderView
	Sums                                                   sums
	Decisions                                              []DecisionView
	Claims                                                 []ClaimRow
	Candidates                                             []Candidate
	Items                                                  []ItemView
	Held                                                   []HeldLine
	Aliases                                                []Alias // Microsoft only
	Decided                                                bool
	Due                                                    influence.Day // from the inbox, "" if it does not wait
	Waits                                                  bool
	Stands                                                 bool // it waits, and its LAR's clock stands until a partner answers
}

// OrderView is an order with its parts.
type OrderView struct {
	Key, Number, ReportRef, NamedNo string
	Kind                            influence.OrderKind
	OrderedOn                       influence.Day
	Cents                           int64
	Versions                        int64
	Parts                           influence.Parts
	Names                           map[string]string // partner id to name
}

// DecisionView is a decision with the days it is in force.
type DecisionView struct {
	ID, Ref       string
	Seq           int64
	From          influence.Day
	Spans         []DaySpan // when it was or is in force; none when it never was or is void
	InForce       bool      // today
	Void          bool
	Basis         influence.Basis
	Shares        []ShareView
	By, LAR, Note string
	At            time.Time
	UndoUntil     time.Time // zero unless the actor can undo it now
}

// DaySpan is from a day (Start) until a last day ("" while open).
type DaySpan struct{ From, Until influence.Day }

// ShareView is a partner's share of a decision.
type ShareView struct {
	PartnerID, No, Name, PartnerRef string
	Points                          int64
	Kind                            influence.InfluenceKind
	Primary, Enrolled, Own          bool
}

// Candidate is an intent suggested for an agreement, with why.
type Candidate struct {
	Claim   ClaimRow
	Score   int64 // hundredths
	Reasons []string
}

// ItemView is a question that a report puts to the desk.
type ItemView struct {
	Kind, Sentence, ReportRef string
	Partners                  []PartnerName
	Due                       influence.Day
	Settled                   bool
}

// PartnerName names a partner in another's page.
type PartnerName struct {
	ID, No, Name, Level, State, Ref string
	Enrolled                        bool
}

// HeldLine is a line of another LAR's report, kept and not counted.
type HeldLine struct {
	Number, LAR string
	Kind        influence.OrderKind
	OrderedOn   influence.Day
	Cents       int64
}

// Alias is a spelling of a customer and who wrote it.
type Alias struct{ Name, By string }

// Agreement returns the page of an agreement that the actor sees.
func (v Session) Agreement(ctx context.Context, ref string) (p AgreementPage, err error) {
	a, err := v.agreement(ctx, v.s.read, influence.ViewAgreements, ref)
	if err != nil {
		return p, wrap(err)
	}
	if p.As, err = v.seenAs(ctx, a.ID); err != nil {
		return p, wrap(err)
	}
	r := v.reader(ctx)
	switch p.As {
	case SeenByClaimant:
		p.Claimant, err = v.claimantView(r, a)
	case SeenBySharer:
		p.Holder, err = v.holderView(r, a)
	default:
		p.Full, err = v.fullView(r, a)
	}
	return p, wrap(err)
}

func (v Session) seenAs(ctx context.Context, agreementID string) (as SeenAs, err error) {
	if v.actor.Role == influence.RoleStaff {
		return SeenByStaff, nil
	}
	err = v.s.read.QueryRowContext(ctx, `SELECT s.seen_as FROM sight s WHERE `+v.visible(influence.ViewAgreements, "s")+`
		AND s.agreement_id = $2`, v.actor.OrgID, agreementID).Scan(&as)
	return as, err
}

func (v Session) claimantView(r reader, a agreement) (*ClaimantView, error) {
	own, err := v.claimsOn(r, a.ID)
	if err != nil || len(own) == 0 {
		return nil, errors.Join(err, sql.ErrNoRows)
	}
	c := own[0]
	return &ClaimantView{Ref: a.Ref, Number: a.Number, Customer: c.Customer, State: c.State2, LAR: c.LAR, Program: a.Program, Claims: own}, nil
}

func (v Session) holderView(r reader, a agreement) (*HolderView, error) {
	f, err := factsOf(r, a)
	if err != nil {
		return nil, err
	}
	h := &HolderView{Ref: a.Ref, Number: a.Number, Customer: a.Customer, State: a.State, Program: a.Program, Seats: a.Seats, SignedOn: a.SignedOn}
	if err := r.row(`SELECT name, ref FROM lars WHERE id = $1`, a.LAR).Scan(&h.LAR, &h.LARRef); err != nil {
		return nil, err
	}
	for _, o := range f.Orders {
		for _, part := range influence.PartsOf(o, f.SignedOn, f.Decisions).Shares {
			if part.PartnerID == v.actor.OrgID {
				h.Orders = append(h.Orders, HolderOrder{o.Number, o.Kind, o.OrderedOn, o.Cents, part.Cents, part.Points})
				h.Revenue, h.Influenced = h.Revenue+o.Cents, h.Influenced+part.Cents
			}
		}
	}
	names, err := r.partnerNames(f.ID)
	if err != nil {
		return nil, err
	}
	all, err := v.decisionViews(r, f, names)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if !d.Void && d.holds(v.actor.OrgID) {
			d.ID, d.Note = "", "" // the note is the LAR's own
			h.Decisions = append(h.Decisions, d)
		}
	}
	if h.Claims, err = v.claimsOn(r, a.ID); err != nil {
		return h, err
	}
	h.Lowered, err = v.lowered(r, a)
	return h, err
}

// lowered says whether a partner that claimed nothing has less than before of an
// agreement that was read under visible, and whether it can dispute that.
func (v Session) lowered(r reader, a agreement) (*LoweredShare, error) {
	x, err := r.unclaimed(a.ID, v.actor.OrgID)
	if errors.Is(err, errOwnClaim) || err == nil && x.Own >= x.Before {
		return nil, nil
	}
	l := &LoweredShare{Own: x.Own, Before: x.Before, Version: a.Version}
	l.Until, l.Refused = x.MayShare(v.s.clock.Program(), v.s.clock.zone(), v.s.settings)
	return l, err
}

func (d DecisionView) holds(partnerID string) bool {
	for _, s := range d.Shares {
		if s.PartnerID == partnerID {
			return true
		}
	}
	return false
}

func (v Session) fullView(r reader, a agreement) (*FullView, error) {
	f, err := factsOf(r, a)
	if err != nil {
		return nil, err
	}
	p := &FullView{Ref: a.Ref, Number: a.Number, Customer: a.Customer, State: a.State, Program: a.Program, Seats: a.Seats,
		Version: a.Version, SignedOn: a.SignedOn, Decided: a.Decided}
	if err := r.row(`SELECT name, ref FROM lars WHERE id = $1`, a.LAR).Scan(&p.LAR, &p.LARRef); err != nil {
		return nil, err
	}
	names, err := r.partnerNames(f.ID)
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() (err error) { p.Decisions, err = v.decisionViews(r, f, names); return err },
		func() (err error) { p.Orders, err = r.orderViews(f, names); return err },
		func() (err error) { p.Claims, err = v.claimsOn(r, a.ID); return err },
		func() (err error) { p.Candidates, err = r.candidateViews(a.ID); return err },
		func() (err error) { p.Items, err = r.itemViews(a.ID); return err },
		func() (err error) { p.Held, err = v.heldLines(r, a.ID); return err },
		func() error { return v.customerViews(r, a, p) },
		func() error { return r.waits(a.ID, p) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	_, p.Sums = f.count()
	return p, nil
}

// decisionViews shows all decisions, the newest first.
func (v Session) decisionViews(r reader, f facts, names map[string]PartnerName) ([]DecisionView, error) {
	rows, err := r.rows(`SELECT d.id, d.ref, coalesce(m.name, 'Operator'), coalesce(l.name, 'Microsoft') FROM decisions d
		LEFT JOIN members m ON m.id = d.member_id LEFT JOIN lars l ON l.id = d.lar_id WHERE d.agreement_id = $1 ORDER BY d.seq DESC`, f.ID)
	all, err := collect(rows, err, func(row scanner) (d DecisionView, err error) {
		return d, row.Scan(&d.ID, &d.Ref, &d.By, &d.LAR)
	})
	if err != nil {
		return nil, err
	}
	live := map[string]bool{}
	for _, d := range influence.Live(f.Decisions) {
		live[d.ID] = true
	}
	for i := range all {
		for _, d := range f.Decisions {
			if d.ID == all[i].ID {
				v.describe(&all[i], d, f, names)
				all[i].Void = !live[d.ID]
			}
		}
	}
	return all, nil
}

// describe fills in a decision's own facts.
func (v Session) describe(x *DecisionView, d influence.Decision, f facts, names map[string]PartnerName) {
	today := v.s.clock.Today()
	x.Seq, x.From, x.Basis, x.Note, x.At = d.Seq, d.From, d.Basis, d.Note, d.RecordedAt
	for _, sp := range influence.Spans(f.Decisions) {
		if sp.Decision.ID == d.ID {
			x.Spans = append(x.Spans, DaySpan{sp.From, sp.Until})
		}
	}
	if in, ok := influence.InForce(f.Decisions, today); ok {
		x.InForce = in.ID == d.ID
	}
	for _, s := range d.Shares {
		n := names[s.PartnerID]
		x.Shares = append(x.Shares, ShareView{s.PartnerID, s.PartnerNo, n.Name, n.Ref, s.Points, s.Kind, s.Primary, n.Enrolled, s.PartnerID == v.actor.OrgID})
	}
	now := v.s.clock.Program()
	if v.actor.May(influence.Decide) && influence.CanUndo(d, f.Decisions, v.actor.MemberID, now, v.s.settings) == nil {
		x.UndoUntil = d.RecordedAt.Add(v.s.settings.Undo)
	}
}

// partnerNames names every partner with a share in a decision on an agreement.
func (r reader) partnerNames(agreementID string) (map[string]PartnerName, error) {
	rows, err := r.rows(`SELECT DISTINCT `+partnerNameColumns+` FROM decisions d CROSS JOIN shares sh CROSS JOIN partners p
		WHERE d.agreement_id = $1 AND sh.decision_id = d.id AND p.id = sh.partner_id`, agreementID)
	all, err := collect(rows, err, scanPartnerName)
	names := map[string]PartnerName{}
	for _, n := range all {
		names[n.ID] = n
	}
	return names, err
}

const partnerNameColumns = `p.id, p.partner_no, p.name, p.level, p.state, p.ref, p.enrolled_at IS NOT NULL`

func scanPartnerName(row scanner) (n PartnerName, err error) {
	err = row.Scan(&n.ID, &n.No, &n.Name, &n.Level, &n.State, &n.Ref, &n.Enrolled)
	return n, err
}

func (r reader) orderViews(f facts, names map[string]PartnerName) ([]OrderView, error) {
	plain := map[string]string{}
	for id, n := range names {
		plain[id] = n.Name
	}
	rows, err := r.rows(`SELECT o.order_key, coalesce(p.ref, ''), o.n FROM orders o LEFT JOIN reports p ON p.id = o.report_id
		WHERE o.agreement_id = $1`, f.ID)
	type origin struct {
		key, report string
		n           int64
	}
	from, err := collect(rows, err, func(row scanner) (o origin, err error) { return o, row.Scan(&o.key, &o.report, &o.n) })
	if err != nil {
		return nil, err
	}
	origins := map[string]origin{}
	for _, o := range from {
		origins[o.key] = o
	}
	all := make([]OrderView, 0, len(f.Orders))
	for _, o := range f.Orders {
		all = append(all, OrderView{Key: o.ID, Number: o.Number, ReportRef: origins[o.ID].report, NamedNo: o.NamedPartnerNo, Kind: o.Kind,
			OrderedOn: o.OrderedOn, Cents: o.Cents, Versions: origins[o.ID].n, Parts: influence.PartsOf(o, f.SignedOn, f.Decisions), Names: plain})
	}
	return all, nil
}

func (r reader) candidateViews(agreementID string) ([]Candidate, error) {
	rows, err := r.rows(`SELECT g.score, g.reasons, g.said, `+claimRowColumns+` FROM suggestions g CROSS JOIN claims c CROSS JOIN partners p CROSS JOIN lars l
		WHERE g.agreement_id = $1 AND g.closed_at IS NULL AND c.id = g.claim_id AND c.state = 'intent' AND p.id = c.partner_id AND l.id = c.lar_id
		ORDER BY g.score DESC, c.id`, agreementID)
	return collect(rows, err, func(row scanner) (x Candidate, err error) {
		var reasons, said string
		if err = row.Scan(append([]any{&x.Score, &reasons, &said}, x.Claim.dest()...)...); err == nil {
			err = json.Unmarshal([]byte(reasons), &x.Reasons)
		}
		x.Reasons = append(x.Reasons, whoseWords(said))
		return x, err
	})
}

func (r reader) waits(agreementID string, p *FullView) error {
	err := r.row(`SELECT i.due FROM inbox i WHERE i.agreement_id = $1 AND i.tab = 'decide'`, agreementID).Scan(&p.Due)
	p.Waits = err == nil
	if p.Due == influence.NoClock {
		p.Due, p.Stands = "", true
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
