package store

import (
	"context"
	"fmt"
	"strconv"
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
	desks     map[string]string // LAR to its member
	tally     *tally
}

// Load runs fn with a loader in one transaction, then files and counts
// everything and seals it. The database must hold no agreements yet.
func (s *Store) Load(ctx context.Context, key note.Signer, fn func(*Loader) error) error {
	err := s.transact(ctx, func(t *tx) error {
		l := &Loader{s: s, t: t, customers: map[string]string{}, desks: map[string]string{}}
		var err error
		if l.tally, err = t.beginTally(); err != nil {
			return err
		}
		defer l.tally.rows.stop() //nolint:errcheck // it failed already, or nothing is left
		return t.unindexed(func() error { return orThen(fn(l), func() error { return l.tally.rows.flush(t) }) },
			func() error { return l.finish(key) })
	})
	if err != nil {
		return fmt.Errorf("load: %w", wrap(err))
	}
	return nil
}

// at turns the loader's clock to a past instant and begins an entry.
func (l *Loader) at(when time.Time, who influence.Actor, act influence.Action) *tx {
	zone := l.s.clock.zone()
	return &tx{q: l.t.q, ctx: l.t.ctx, s: l.s, sys: l.t.sys, queue: l.t.queue, loading: l.tally, who: who, act: act,
		at: when.In(zone), today: influence.DayOf(when, zone), entry: newID("ent", when)}
}

// Agreement loads one agreement with its orders, claims and decisions.
func (l *Loader) Agreement(p PastAgreement) error {
	who := influence.Actor{MemberID: p.Member, OrgID: p.LAR, Role: influence.RoleLAR}
	t := l.at(p.At, who, influence.UploadReports)
	rows, all := p.facts().count()
	a, err := l.book(t, p, all)
	if err != nil {
		return err
	}
	for i, o := range p.Orders {
		if err := t.writeOrder(a.ID, 1, orderVersion{Order: o, row: int64(i)}); err != nil {
			return err
		}
	}
	if err := t.stand(a, nil, rows); err != nil {
		return err
	}
	if err := t.record(change{a.Ref, nil, map[string]any{"agreement_number": p.Number, "orders": len(p.Orders), "amount_cents": all.Revenue()}}); err != nil {
		return err
	}
	ids, err := l.decisions(facts{agreement: a, Orders: p.Orders}, p, who)
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
	return nil
}

// facts are what the agreement will come to once all of it is loaded.
func (p PastAgreement) facts() facts {
	f := facts{agreement: agreement{SignedOn: p.SignedOn, Withdrawn: len(p.Orders) == 0}, Orders: p.Orders}
	for i, d := range p.Decisions {
		f.Decisions = append(f.Decisions, influence.Decision{ID: strconv.Itoa(i), Seq: int64(i + 1), From: d.From, Basis: d.Basis, Shares: d.Shares})
	}
	return f
}

func (l *Loader) book(t *tx, p PastAgreement, all sums) (agreement, error) {
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
		return t.once(`INSERT INTO agreements (id, ref, number, number_key, program, customer_id, customer, state, seats, signed_on, lar_id, member_id,
				created_at, orders, cents, influenced, unassisted, undecided, decided, attached, withdrawn)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) ON CONFLICT (ref) DO NOTHING`,
			a.ID, ref, a.Number, influence.NumberKey(a.Number), string(a.Program), a.CustomerID, a.Customer, a.State, a.Seats, string(a.SignedOn), a.LAR,
			t.who.MemberID, t.at.UnixMicro(), all.Orders, all.Revenue(), all.Influenced, all.Unassisted, all.Undecided,
			all.Decided > 0, all.Attached > 0, len(p.Orders) == 0)
	})
	if err != nil {
		return a, err
	}
	return a, t.booking(a.ID, a.LAR, influence.Start)
}

// decisions loads the decisions of an agreement in order and returns their ids.
func (l *Loader) decisions(f facts, p PastAgreement, who influence.Actor) (ids []string, err error) {
	for _, d := range p.Decisions {
		who.MemberID = d.Member
		t := l.at(d.At, who, influence.Decide)
		n := newDecision{Decision: influence.Decision{From: d.From, Basis: d.Basis, Note: d.Note, Shares: d.Shares}, lar: p.LAR, code: d.Code, timing: t.timed(f.agreement, d.Waited)}
		ref, err := t.decide(f, &n)
		if err != nil {
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
		`INSERT INTO sight (org_id, agreement_id, seen_as, number_key, customer_key) ` + sightNow("IS NOT NULL"),
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
	return l.tally.finish(t, key)
}
