package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"irm/influence"
	"irm/store"
)

// What becomes of the demo's disputes. Each is on an agreement of the demo LAR.
const (
	answering = iota // the LAR has still to answer, and the demo partner waits
	ruling           // all have answered: it is Microsoft's turn
	dismissed
	upheld
	proposed // of much revenue: a second approval is Microsoft's turn
	holding  // another disputes what the demo partner has
	contests
)

// firstContested is the first of the agreements that are disputed.
const firstContested = 30

// contested is a decided agreement that is to be disputed.
type contested struct {
	kind          int // what becomes of its dispute
	number        string
	opener, other partner
}

// ago are business days from a dispute's opening to today, by what becomes of it.
func ago(kind int) int { return []int{2, 10, 19, 17, 8, 1}[kind] }

// contest has the demo partner and another claim an agreement, of which the LAR gives
// one of them all or most three business days before the other disputes that.
func (w *world) contest(p *store.PastAgreement, kind, li int, reported influence.Day) {
	both := w.claimants(li, firstContested+kind)
	for tries := 0; len(both) < 2 && tries < 4_000; tries++ {
		if who := w.partners[w.skewed()]; who.ID != both[0].ID && slices.Contains(who.lars, li) {
			both = append(both, who)
		}
	}
	if len(both) < 2 {
		return // in a very small program nobody competes
	}
	x := contested{kind, p.Number, both[0], both[1]}
	if kind == holding {
		x.opener, x.other = both[1], both[0]
	}
	if kind == proposed {
		p.Orders[0].Cents = 1_246_300_00
	}
	on := influence.AddBusinessDays(w.today, -ago(kind)-3)
	reported = min(reported, on.AddDays(-1))
	p.At = w.at(reported)
	for _, who := range both[:2] {
		c := w.claim(*p, who, reported)
		if !c.AttachedAt.Before(w.at(on)) || influence.DayOf(c.AttachedAt, w.zone) >= on {
			c.AttachedAt = p.At.Add(time.Hour)
			c.SubmittedAt, c.CreatedAt = c.AttachedAt, p.At
		}
		p.Claims = append(p.Claims, c)
	}
	d := store.PastDecision{At: w.at(on), Member: p.Member, Basis: influence.Desk, Waited: reported, Code: "other_partner_confirmed"}
	share := func(who partner, points int64, primary bool) influence.Share {
		return influence.Share{PartnerID: who.ID, PartnerNo: who.No, Points: points, Kind: influence.Licensing, Primary: primary}
	}
	d.Shares = []influence.Share{share(x.other, influence.Whole, true)}
	if kind == dismissed {
		d.Shares = []influence.Share{share(x.other, 7_000, true), share(x.opener, 3_000, false)}
	}
	p.Decisions = append(p.Decisions, d)
	w.dispose(p, d)
	w.contested = append(w.contested, x)
}

// lowered is the number of an agreement whose report named the demo partner, which
// claimed nothing, and of which the LAR gave another most a week later.
const lowered = "E9100418"

func (w *world) lower(p *store.PastAgreement, li int) {
	both := w.claimants(li, firstContested+contests)
	for tries := 0; len(both) < 2 && tries < 4_000; tries++ {
		if who := w.partners[w.skewed()]; who.ID != both[0].ID && slices.Contains(who.lars, li) {
			both = append(both, who)
		}
	}
	if len(both) < 2 {
		return
	}
	share := func(who partner, points int64, primary bool) influence.Share {
		return influence.Share{PartnerID: who.ID, PartnerNo: who.No, Points: points, Kind: influence.Other, Primary: primary}
	}
	first := influence.AddBusinessDays(w.today, -12)
	p.Number, p.At = lowered, w.at(first)
	for i := range p.Orders {
		number := fmt.Sprintf("%s-%02d", lowered, i+1)
		p.Orders[i].ID, p.Orders[i].Number = number, number
	}
	p.Decisions = []store.PastDecision{{At: p.At.Add(time.Minute), Member: p.Member, Basis: influence.Report, Shares: []influence.Share{share(both[0], influence.Whole, true)}},
		{At: w.at(influence.AddBusinessDays(w.today, -5)), Member: p.Member, Basis: influence.Desk, Shares: []influence.Share{share(both[1], 7_000, true), share(both[0], 3_000, false)}}}
}

// days is the program as it stood some business days ago, in the morning.
func (w *world) days(s *store.Store, n int) *store.Store {
	c := s.Clock()
	morning, _ := time.ParseInLocation(time.DateOnly, string(influence.AddBusinessDays(w.today, -n)), w.zone)
	c.Offset += morning.Add(10 * time.Hour).Sub(w.now)
	return s.At(c)
}

// after is the program some time later.
func after(s *store.Store, d time.Duration) *store.Store {
	c := s.Clock()
	c.Offset += d
	return s.At(c)
}

func (w *world) asPartner(s *store.Store, p partner) store.Session {
	return s.As(influence.Actor{MemberID: p.MemberID, OrgID: p.ID, Role: influence.RolePartner, Rank: influence.RankOwner})
}

func (w *world) asLAR(s *store.Store) store.Session {
	return s.As(influence.Actor{MemberID: w.lars[0].MemberID, OrgID: w.lars[0].ID, Role: influence.RoleLAR, Rank: influence.RankOwner, LAR: influence.LARReady})
}

func (w *world) asStaff(s *store.Store) store.Session {
	return s.As(influence.Actor{MemberID: w.manager, OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager, Name: managerName})
}

// fillDisputes opens the disputes, answers them and rules, each on its own day.
func (w *world) fillDisputes(ctx context.Context, s *store.Store) error {
	if err := w.findManager(ctx, s); err != nil {
		return err
	}
	for _, x := range w.contested {
		if err := w.dispute(ctx, s, x.kind, x); err != nil {
			return fmt.Errorf("dispute of %s: %w", x.number, err)
		}
	}
	return nil
}

// findManager finds the partner manager who rules.
func (w *world) findManager(ctx context.Context, s *store.Store) error {
	c, err := s.Credential(ctx, managerEmail)
	w.manager = c.MemberID
	return err
}

func (w *world) dispute(ctx context.Context, s *store.Store, kind int, x contested) error {
	opened := w.days(s, ago(kind))
	claim, err := w.claimOn(ctx, opened, x)
	if err != nil {
		return err
	}
	ref, err := w.asPartner(opened, x.opener).OpenDispute(ctx, claim.Ref, claim.Version, influence.DisputeDraft{Reason: reasons[kind], Evidence: proofs[kind%len(proofs)]})
	if err != nil || kind == answering || kind == holding {
		return err
	}
	if err := w.asLAR(w.days(s, ago(kind)-1)).AnswerDispute(ctx, ref, 1, "Our account manager dealt with the other partner from the assessment on."); err != nil {
		return err
	}
	if err := w.asPartner(w.days(s, ago(kind)-2), x.other).AnswerDispute(ctx, ref, 2, "We wrote the deployment plan and presented it in January."); err != nil {
		return err
	}
	draft := influence.RulingDraft{Outcome: string(influence.DisputeUpheld), Reason: "The customer’s letter names both, and the assessment came first.", Decision: influence.DecisionDraft{Shares: []influence.Share{
		{PartnerNo: x.opener.No, Points: 6_000, Kind: influence.Licensing, Primary: true}, {PartnerNo: x.other.No, Points: 4_000, Kind: influence.Deployment}}}}
	switch kind {
	case ruling:
		return nil
	case dismissed:
		draft = influence.RulingDraft{Outcome: string(influence.DisputeDismissed), Reason: "The statement of work is of the year before. The shares follow the work that led to this agreement."}
	}
	day := 2
	if kind == proposed {
		day = 1 // the newest of what Microsoft is told
	}
	_, err = w.asStaff(after(w.days(s, day), time.Hour)).RuleDispute(ctx, ref, 3, draft)
	return err
}

// claimOn is the opener's claim on a disputed agreement.
func (w *world) claimOn(ctx context.Context, s *store.Store, x contested) (c store.ClaimRow, err error) {
	for c, err := range w.asPartner(s, x.opener).EveryClaim(ctx, store.ClaimFilter{Query: x.number}) {
		if err != nil || c.Number == x.number {
			return c, err
		}
	}
	return c, influence.ErrNotFound
}

// fillFitting has the LAR report yesterday what fits a claim of the demo partner, which
// is asked whether it is its own.
func (w *world) fillFitting(ctx context.Context, s *store.Store) error {
	name, earlier := w.customerName(), w.days(s, 15)
	_, err := w.asPartner(earlier, w.partners[0]).SubmitClaim(ctx, "", "fitting", 0, influence.ClaimDraft{LAR: w.lars[0].Ref, Program: string(influence.Enterprise), Customer: name, CustomerState: "NH",
		Seats: "410", Amount: "$96,000", ExpectedOn: string(w.today.AddDays(-4)), Kind: string(influence.Licensing), Note: notes[0], Evidence: proofs[0]})
	if err != nil {
		return err
	}
	_, err = w.asLAR(w.days(s, 1)).EnterAgreement(ctx, "fitting", influence.AgreementDraft{AgreementNumber: "E9100417", Program: "Enterprise", Customer: name, CustomerState: "NH", Seats: "412",
		SignedOn: string(w.today.AddDays(-4)), OrderDraft: influence.OrderDraft{OrderNumber: "E9100417-01", OrderKind: "initial", OrderedOn: string(w.today.AddDays(-4)), Amount: "$94,310"}})
	return err
}

const managerName, managerEmail = "Ann Lee", "ann.lee@demo.example"

// reasons are what partners say, by what becomes of the dispute.
var reasons = [contests]string{
	"We brought the licensing comparison and were at every meeting until the order. The other partner came for the deployment.",
	"The customer’s IT director asked us for the assessment in the fall, and the agreement follows it line by line.",
	"Our part was more than a third: we trained the administrators for four weeks.",
	"The letter of the customer names both of us, and the seat count is ours.",
	"We prepared the three-year comparison that the customer signed on. The decision leaves us nothing of it.",
	"The pilot group was migrated by us before the other partner had a contract.",
}
