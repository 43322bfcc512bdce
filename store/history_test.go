package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"irm/influence"
)

// history does things at random to a small program, as people would.
type history struct {
	*rand.Rand
	t         *testing.T
	s         *Store
	p         program
	n         int // things done
	committed []ReportPage
}

// TestAnyHistoryKeepsEveryFigureExact: after any sequence of orders, corrections,
// credits, claims, decisions, reports and their undoing, everything that is kept
// equals what the facts come to, and an undo restores what was before.
func TestAnyHistoryKeepsEveryFigureExact(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for seed := range uint64(3) {
			h := &history{Rand: rand.New(rand.NewPCG(seed, 20070416)), t: t, s: s}
			if seed == 0 {
				h.p = begun(t, s)
			} else {
				h.p = h.again()
			}
			for range 40 {
				h.step()
				h.partsAddUp()
			}
			verified(t, s)
		}
		for what, query := range map[string]string{
			"decisions": `SELECT count(*) FROM decisions WHERE basis = 'desk'`, "by reports": `SELECT count(*) FROM decisions WHERE basis = 'report'`,
			"undone": `SELECT count(*) FROM voids WHERE reason = 'undone'`, "reports undone": `SELECT count(*) FROM reports WHERE state = 'undone'`,
			"corrections": `SELECT count(*) FROM order_versions WHERE n > 1`, "questions": `SELECT count(*) FROM items`,
			"claims answered": `SELECT count(*) FROM claims WHERE state IN ('confirmed', 'rejected')`, "suggestions": `SELECT count(*) FROM suggestions`,
		} {
			n := count(t, s, query)
			t.Logf("%s: %d", what, n)
			if n < 3 {
				t.Errorf("%s: only %d, so little was tried", what, n)
			}
		}
	})
}

// again is the program that another history began.
func (h *history) again() (p program) {
	rows, err := h.s.db.Query(`SELECT q.id, q.partner_no, coalesce((SELECT m.id FROM members m WHERE m.org_id = q.id), '') FROM partners q ORDER BY q.partner_no`)
	found, err := collect(rows, err, func(row scanner) (x LoadedPartner, err error) { return x, row.Scan(&x.ID, &x.No, &x.MemberID) })
	if err != nil || len(found) != 4 {
		h.t.Fatal(found, err)
	}
	p.alder, p.birch, p.cedar, p.dogwood = found[0], found[1], found[2], found[3]
	err = h.s.db.QueryRow(`SELECT l.id, l.ref, l.slug, m.id FROM lars l JOIN members m ON m.org_id = l.id WHERE l.slug = 'north'`).Scan(&p.north.ID, &p.north.Ref, &p.north.Slug, &p.north.MemberID)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *history) step() {
	h.n++
	act := []func() error{h.order, h.order, h.report, h.report, h.claim, h.claim, h.decideAndMaybeUndo, h.decideAndMaybeUndo, h.undoReport, h.undoReport, h.withdraw}[h.IntN(11)]
	err := act()
	var refused influence.Refusal
	var wrong influence.Invalid
	if err != nil && !errors.As(err, &refused) && !errors.As(err, &wrong) && !errors.Is(err, influence.ErrConflict) {
		h.t.Fatalf("thing %d: %v", h.n, err)
	}
}

func (h *history) north() Session { return h.s.As(larActor(h.p.north)) }

func (h *history) partner() LoadedPartner {
	return []LoadedPartner{h.p.alder, h.p.birch, h.p.dogwood}[h.IntN(3)]
}

func (h *history) number() string { return fmt.Sprint("N", h.IntN(6)) }

func (h *history) day() string { return fmt.Sprintf("2007-0%d-0%d", 1+h.IntN(4), 1+h.IntN(9)) }

// agreement draws one that is there; ok is false when there is none.
func (h *history) agreement() (ref string, ok bool) {
	all := texts(h.t, h.s, `SELECT ref FROM agreements WHERE NOT withdrawn ORDER BY ref`)
	if len(all) == 0 {
		return "", false
	}
	return all[h.IntN(len(all))], true
}

func (h *history) amount() string { return fmt.Sprintf("%d.%02d", h.IntN(3000)-600, h.IntN(100)) }

// order enters an order, a correction or a credit by form.
func (h *history) order() error {
	d := influence.OrderDraft{OrderNumber: fmt.Sprint(h.IntN(4)), OrderKind: string(influence.OrderKinds()[h.IntN(5)]), OrderedOn: h.day(), Amount: h.amount(), Correct: h.IntN(2) == 0}
	ref, ok := h.agreement()
	if !ok || h.IntN(4) == 0 {
		number := h.number()
		_, err := h.north().EnterAgreement(h.t.Context(), "", influence.AgreementDraft{AgreementNumber: number, Program: "select", Customer: "Fabrikam " + number, CustomerState: "NH",
			Seats: "300", SignedOn: "2007-03-01", OrderDraft: d})
		return err
	}
	return h.north().EnterOrder(h.t.Context(), ref, versionOf(h.t, h.s, ref), d)
}

// report imports up to eight rows of a few agreements, some naming a partner.
func (h *history) report() error {
	var rows []string
	for range 1 + h.IntN(8) {
		row := fmt.Sprintf("%s %d %s", h.number(), h.IntN(4), h.amount())
		if h.IntN(3) == 0 {
			row += " " + h.partner().No
		}
		rows = append(rows, row)
	}
	ref, err := h.north().UploadReport(h.t.Context(), "r.csv", rowsOf(h.t, rows...), nil)
	if err != nil {
		return err
	}
	job := begin(h.t, h.north(), reportPage(h.t, h.north(), ref))
	if err := h.s.RunJob(h.t.Context(), job, nil); err != nil {
		h.t.Fatalf("thing %d: %v", h.n, err)
	}
	h.committed = append(h.committed, reportPage(h.t, h.north(), ref))
	return nil
}

// undoReport undoes one of the reports. The newest, undone at once, leaves what was before.
func (h *history) undoReport() error {
	if len(h.committed) == 0 || h.IntN(2) == 0 {
		was := stateOf(h.t, h.s)
		n := len(h.committed)
		if err := h.report(); err != nil || len(h.committed) == n {
			return err
		}
		r := h.committed[n]
		h.committed = h.committed[:n]
		if err := h.north().UndoReport(h.t.Context(), r.Ref, r.Version); err != nil {
			return err
		}
		// Claims that it attached are intents of today again, and what was
		// suggested or answered otherwise by then stays as people saw it.
		same(h.t, was, stateOf(h.t, h.s), "claims", "suggestions", "inbox", "sight", "figures", "mails", "items")
		return nil
	}
	i := h.IntN(len(h.committed))
	r := h.committed[i]
	err := h.north().UndoReport(h.t.Context(), r.Ref, r.Version)
	if err == nil {
		h.committed = append(h.committed[:i], h.committed[i+1:]...)
	}
	return err
}

// claim files a claim by number, or one that may be suggested.
func (h *history) claim() error {
	by := []LoadedPartner{h.p.alder, h.p.birch}[h.IntN(2)]
	number := h.number()
	d := influence.ClaimDraft{LAR: h.p.north.Ref, Program: "Select", Customer: "Fabrikam " + number, CustomerState: "NH", Seats: "300", Amount: "$900",
		ExpectedOn: "2007-04-30", Kind: "licensing"}
	if h.IntN(2) == 0 {
		d.AgreementNumber = number
	}
	_, err := h.s.As(partnerActor(by)).SubmitClaim(h.t.Context(), "", fmt.Sprint("k", h.n, h.Uint64()), 0, d)
	return err
}

func (h *history) withdraw() error {
	open := texts(h.t, h.s, `SELECT ref FROM claims WHERE state IN ('intent', 'attached') ORDER BY ref`)
	if len(open) == 0 {
		return nil
	}
	ref := open[h.IntN(len(open))]
	partner := texts(h.t, h.s, `SELECT partner_id FROM claims WHERE ref = $1`, ref)[0]
	by := h.p.alder
	if partner == h.p.birch.ID {
		by = h.p.birch
	}
	return h.s.As(partnerActor(by)).WithdrawClaim(h.t.Context(), ref, count(h.t, h.s, `SELECT version FROM claims WHERE ref = $1`, ref))
}

// decideAndMaybeUndo decides, and half of the times undoes it at once: then
// everything is as it was.
func (h *history) decideAndMaybeUndo() error {
	ref, ok := h.agreement()
	if !ok {
		return nil
	}
	d := influence.DecisionDraft{None: true, Code: "influence_not_shown"}
	left := 10_000
	for i, who := range []LoadedPartner{h.p.alder, h.p.birch, h.p.dogwood}[:h.IntN(4)] {
		points := 100 + h.IntN(left/2)
		left -= points
		d.None, d.Code = false, ""
		d.Shares = append(d.Shares, influence.Share{PartnerNo: who.No, Points: int64(points), Kind: influence.InfluenceKinds()[h.IntN(6)], Primary: i == 0})
	}
	was := stateOf(h.t, h.s)
	d.Version = versionOf(h.t, h.s, ref)
	decision, err := h.north().Decide(h.t.Context(), ref, d)
	if err != nil || h.IntN(2) == 0 {
		return err
	}
	undo(h.t, h.s, h.p, ref, decision)
	same(h.t, was, stateOf(h.t, h.s))
	return nil
}

// partsAddUp reads every order with its parts and compares the sums.
func (h *history) partsAddUp() {
	h.t.Helper()
	sum := map[string][3]int64{}
	for o, err := range h.north().EveryOrder(h.t.Context(), AgreementFilter{}) {
		if err != nil {
			h.t.Fatal(err)
		}
		if o.Influenced+o.Unassisted+o.Undecided != o.Cents {
			h.t.Fatalf("thing %d: %+v does not add up", h.n, o)
		}
		x := sum[o.AgreementRef]
		sum[o.AgreementRef] = [3]int64{x[0] + o.Influenced, x[1] + o.Unassisted, x[2] + o.Undecided}
	}
	for ref, want := range sum {
		var got [3]int64
		if err := h.s.db.QueryRow(`SELECT influenced, unassisted, undecided FROM agreements WHERE ref = $1`, ref).Scan(&got[0], &got[1], &got[2]); err != nil || got != want {
			h.t.Fatalf("thing %d: %s is kept as %v, its orders come to %v (%v)", h.n, ref, got, want, err)
		}
	}
}
