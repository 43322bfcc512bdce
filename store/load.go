package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"irm/influence"

	"golang.org/x/mod/sumdb/note"
)

// PastAgreement is an agreement with its whole history, for filling an empty
// database: the demo's and the benchmarks'.
type PastAgreement struct {
	Number, Customer, State string
	LAR, Member             string // ids of who booked and who entered it
	Program                 influence.Program
	Seats                   int64
	SignedOn                influence.Day
	At                      time.Time // when it was reported
	Orders                  []influence.Order
	Claims                  []PastClaim // all attached
	Decisions               []PastDecision
	Items                   []PastItem
}

// PastDecision is a decision of a PastAgreement: the claims attached when it was
// made are answered by it.
type PastDecision struct {
	At     time.Time
	Member string
	Basis  influence.Basis
	From   influence.Day
	Shares []influence.Share
	Note   string
	Code   string
	Waited influence.Day // since when it waited; Start is not counted as time to decision
}

// PastClaim is a claim with its history. Decision is the index of what decided
// it, -1 for none.
type PastClaim struct {
	Partner, LAR, Member               string // ids
	State                              influence.ClaimState
	Number, Customer, CustomerState    string
	Program                            influence.Program
	Seats, Cents                       int64
	ExpectedOn                         influence.Day
	Kind                               influence.InfluenceKind
	Note, Evidence                     string
	CreatedAt, SubmittedAt, AttachedAt time.Time // zero where it did not happen
	EndedAt                            time.Time // of its present state, if not one of these
	Decision                           int
	LARRef                             string
}

// PastItem is a question that a report put to the desk and nobody answered yet.
type PastItem struct {
	Kind, Sentence string
	PartnerNos     []string
	At             time.Time
}

// Loader fills an empty database inside one transaction.
type Loader struct {
	s         *Store
	t         *tx
	customers map[string]string // key and state to id
}

// Load runs fn with a loader in one transaction, then files and counts
// everything and seals it. The database must hold no agreements yet.
func (s *Store) Load(ctx context.Context, key note.Signer, fn func(*Loader) error) error {
	err := s.transact(ctx, func(t *tx) error {
		l := &Loader{s: s, t: t, customers: map[string]string{}}
		if err := fn(l); err != nil {
			return err
		}
		return l.finish(key)
	})
	if err != nil {
		return fmt.Errorf("load: %w", wrap(err))
	}
	return nil
}

// at turns the loader's clock to a past instant and begins an entry.
func (l *Loader) at(when time.Time, who influence.Actor, act influence.Action) *tx {
	t := newTx(l.t.ctx, l.t.q, l.s)
	t.queue, t.who, t.act = l.t.queue, who, act
	t.at = when.In(l.s.clock.zone())
	t.today = influence.DayOf(t.at, l.s.clock.zone())
	t.entry = newID("ent", t.at)
	return t
}

// Agreement loads one agreement with its orders, claims and decisions.
func (l *Loader) Agreement(p PastAgreement) error {
	who := influence.Actor{MemberID: p.Member, OrgID: p.LAR, Role: influence.RoleLAR}
	t := l.at(p.At, who, influence.UploadReports)
	a, err := l.book(t, p)
	if err != nil {
		return err
	}
	for i, o := range p.Orders {
		if err := t.writeOrder(a.ID, 1, orderVersion{Order: o, row: int64(i)}); err != nil {
			return err
		}
	}
	f := facts{agreement: a, Orders: p.Orders}
	ids, err := l.decisions(&f, p, who)
	if err != nil {
		return err
	}
	rows, all := f.count()
	if err := t.stand(a, nil, rows); err != nil {
		return err
	}
	err = t.later(`UPDATE agreements SET orders = $2, cents = $3, influenced = $4, unassisted = $5, undecided = $6,
		decided = $7, attached = $8, withdrawn = $9 WHERE id = $1`, a.ID, all.Orders, all.Revenue(), all.Influenced, all.Unassisted,
		all.Undecided, all.Decided > 0, all.Attached > 0, len(p.Orders) == 0)
	if err != nil {
		return err
	}
	for _, c := range p.Claims {
		if err := l.claim(c, &a, ids); err != nil {
			return err
		}
	}
	for _, i := range p.Items {
		if err := l.item(a, i); err != nil {
			return err
		}
	}
	return t.record(change{a.Ref, nil, map[string]any{"agreement_number": p.Number, "orders": len(p.Orders), "amount_cents": all.Revenue()}})
}

func (l *Loader) book(t *tx, p PastAgreement) (agreement, error) {
	a := agreement{ID: newID("agr", t.at), Number: p.Number, Program: p.Program, Customer: p.Customer, State: p.State,
		Seats: p.Seats, SignedOn: p.SignedOn, LAR: p.LAR, Version: 1}
	key := influence.NameKey(p.Customer) + "\x00" + p.State
	id, known := l.customers[key]
	var err error
	if !known {
		if id, err = t.newCustomer(p.Customer, influence.NameKey(p.Customer), p.State); err != nil {
			return a, err
		}
		l.customers[key] = id
	}
	a.CustomerID = id
	if err := t.aliasIn(id, p.LAR, p.Customer, p.State); err != nil {
		return a, err
	}
	a.Ref, err = t.referred("AGR", func(ref string) (int64, error) {
		return t.exec(insertAgreement, a.ID, ref, a.Number, influence.NumberKey(a.Number), string(a.Program), a.CustomerID, a.Customer,
			a.State, a.Seats, string(a.SignedOn), a.LAR, t.who.MemberID, "", t.at.UnixMicro())
	})
	if err != nil {
		return a, err
	}
	return a, t.booking(a.ID, a.LAR, influence.Start)
}

// decisions loads the decisions of an agreement in order and returns their ids.
func (l *Loader) decisions(f *facts, p PastAgreement, who influence.Actor) (ids []string, err error) {
	for _, d := range p.Decisions {
		who.MemberID = d.Member
		t := l.at(d.At, who, influence.Decide)
		n := newDecision{Decision: influence.Decision{From: d.From, Basis: d.Basis, Note: d.Note, Shares: d.Shares}, lar: p.LAR, code: d.Code}
		ref, err := t.decide(*f, &n)
		if err != nil {
			return nil, err
		}
		if err := t.timed(f.agreement, d.Waited); err != nil {
			return nil, err
		}
		f.Decisions = append(f.Decisions, n.Decision)
		ids = append(ids, n.ID)
		if err := t.record(change{f.Ref, nil, decisionRecord{Ref: ref, From: n.From, Basis: n.Basis, Shares: recordShares(n.Shares), Note: n.Note}}); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Claim loads a claim that is not attached to an agreement.
func (l *Loader) Claim(p PastClaim) error { return l.claim(p, nil, nil) }

// claim loads a claim and the events that led to its state.
func (l *Loader) claim(p PastClaim, a *agreement, decisions []string) error {
	set := l.s.settings
	typed, err := json.Marshal(influence.ClaimDraft{LAR: p.LARRef, Program: string(p.Program), AgreementNumber: p.Number, Customer: p.Customer,
		CustomerState: p.CustomerState, Seats: fmt.Sprint(p.Seats), Amount: influence.FormatMoney(p.Cents), ExpectedOn: string(p.ExpectedOn),
		Kind: string(p.Kind), Note: p.Note, Evidence: p.Evidence})
	if err != nil {
		return err
	}
	who := influence.Actor{MemberID: p.Member, OrgID: p.Partner, Role: influence.RolePartner}
	t := l.at(p.CreatedAt, who, influence.EditClaims)
	c := claim{ID: newID("clm", p.CreatedAt), PartnerID: p.Partner, LAR: p.LAR, State: influence.ClaimDrafted, Number: p.Number,
		NumberKey: influence.NumberKey(p.Number), Customer: p.Customer, NameKey: influence.NameKey(p.Customer), CustomerState: p.CustomerState,
		Program: p.Program, Seats: p.Seats, Cents: p.Cents, ExpectedOn: p.ExpectedOn, Kind: p.Kind, Note: p.Note, Evidence: p.Evidence,
		Typed: string(typed), MemberID: p.Member, CreatedAt: t.at.UnixMicro(), Since: t.at.UnixMicro()}
	if err := t.insertClaim(&c); err != nil {
		return err
	}
	for _, step := range l.steps(p, a, decisions) {
		if step.at.IsZero() {
			continue
		}
		actor := who
		if step.byLAR {
			actor = influence.Actor{MemberID: p.Member, OrgID: p.LAR, Role: influence.RoleLAR}
		}
		t2 := l.at(step.at, actor, influence.EditClaims)
		t2.entry, t2.weight = t.entry, t.weight
		was := c
		if c.DatedOn == "" {
			c.DatedOn, c.SubmittedAt = t2.today, instant(step.at)
			c.ValidUntil = c.DatedOn.AddDays(set.ClaimValid)
		}
		if step.state != influence.ClaimWaiting && !c.DeliveredAt.Valid {
			c.DeliveredAt = instant(step.at)
		}
		if a != nil {
			c.AgreementID = a.ID
		}
		if c, err = t2.turn(was, c, step.turned); err != nil {
			return err
		}
		t.weight = t2.weight
	}
	return t.record(change{c.Ref, nil, recordClaim(c)})
}

// step is one event of a past claim.
type step struct {
	turned
	at    time.Time
	byLAR bool
}

// steps are the events after the draft, in order.
func (l *Loader) steps(p PastClaim, a *agreement, decisions []string) []step {
	zone, set := l.s.clock.zone(), l.s.settings
	day := func(at time.Time) influence.Day { return influence.DayOf(at, zone) }
	var all []step
	switch {
	case p.SubmittedAt.IsZero():
		return nil
	case p.State == influence.ClaimWaiting:
		return []step{{turned{action: influence.SubmitClaim, state: influence.ClaimWaiting, due: influence.ConnectionDue(day(p.SubmittedAt), set)}, p.SubmittedAt, false}}
	case a == nil || p.AttachedAt.After(p.SubmittedAt):
		all = append(all, step{turned{action: influence.SubmitClaim, state: influence.ClaimIntent, due: day(p.SubmittedAt).AddDays(set.ClaimValid)}, p.SubmittedAt, false})
		if a != nil {
			all = append(all, step{turned{action: influence.AttachClaim, state: influence.ClaimAttached, due: influence.AddBusinessDays(day(p.AttachedAt), set.LARTurn)}, p.AttachedAt, true})
		}
	default:
		all = append(all, step{turned{action: influence.SubmitClaim, state: influence.ClaimAttached, due: influence.AddBusinessDays(day(p.SubmittedAt), set.LARTurn)}, p.SubmittedAt, false})
	}
	switch p.State {
	case influence.ClaimConfirmed:
		all = append(all, step{turned{action: influence.ConfirmClaim, state: p.State, decision: decisions[p.Decision]}, p.EndedAt, true})
	case influence.ClaimRejected:
		all = append(all, step{turned{action: influence.RejectClaim, state: p.State, code: "other_partner_confirmed", decision: decisions[p.Decision]}, p.EndedAt, true})
	case influence.ClaimWithdrawn:
		all = append(all, step{turned{action: influence.WithdrawClaim, state: p.State}, p.EndedAt, false})
	}
	return all
}

func (l *Loader) item(a agreement, p PastItem) error {
	t := l.at(p.At, influence.Actor{MemberID: "operator", OrgID: influence.Staff}, influence.UploadReports)
	nos := ""
	for i, no := range p.PartnerNos {
		if i > 0 {
			nos += " "
		}
		nos += no
	}
	return t.later(`INSERT INTO items (id, agreement_id, lar_id, kind, partner_nos, sentence, report_id, arose_at, due)
		VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8)`, newID("itm", t.at), a.ID, a.LAR, p.Kind, nos, p.Sentence, t.at.UnixMicro(),
		string(influence.AddBusinessDays(t.today, l.s.settings.LARTurn)))
}

// finish files, counts and seals what was loaded, each in one stretch.
func (l *Loader) finish(key note.Signer) error {
	t := l.at(l.s.clock.Program(), influence.Operator(), influence.Operate)
	for _, query := range []string{
		`INSERT INTO sight (org_id, agreement_id, seen_as, number_key) ` + sightNow("IS NOT NULL"),
		`INSERT INTO inbox (` + inboxColumns + `) SELECT ` + inboxColumns + ` FROM inbox_now`,
	} {
		if _, err := t.exec(query); err != nil {
			return err
		}
	}
	rows, err := t.rows(`SELECT lar_id, tab, due, count(*), CAST(sum(worth) AS BIGINT) FROM inbox GROUP BY lar_id, tab, due ORDER BY lar_id, tab, due`)
	type counted struct {
		slot
		n int64
	}
	tabs, err := collect(rows, err, func(row scanner) (x counted, err error) {
		return x, row.Scan(&x.lar, &x.tab, &x.due, &x.n, &x.worth)
	})
	if err != nil {
		return err
	}
	for _, x := range tabs {
		if err := t.moveInbox(x.slot, x.n, -x.worth); err != nil {
			return err
		}
	}
	if err := t.record(change{"inbox", nil, len(tabs)}); err != nil {
		return err
	}
	return t.sealLoaded(key)
}

// sealLoaded seals everything at once.
func (t *tx) sealLoaded(key note.Signer) error {
	old, err := readHead(t.ctx, t.q)
	if err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO seals (seq, entry_id) SELECT $1 - 1 + row_number() OVER (ORDER BY entry_id), entry_id FROM unsealed`, old.N); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM unsealed`); err != nil {
		return err
	}
	leaves, err := t.placed(old.N)
	if err != nil {
		return err
	}
	tree, err := t.grow(old.Tree, leaves)
	if err != nil {
		return err
	}
	if err := t.foldFrom(old.N, 1<<40); err != nil {
		return err
	}
	return t.sign(tree, key)
}
