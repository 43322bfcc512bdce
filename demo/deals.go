package demo

import (
	"fmt"
	"math"
	"slices"
	"time"

	"irm/influence"
	"irm/store"
)

// together is how many agreements are drawn before they are loaded.
const together = 10_000

// fillAgreements makes the agreements of two fiscal years up to today, with
// their orders, claims and decisions. They are loaded in the order in which they
// were reported: rows that come in the order of their keys are appended.
func (w *world) fillAgreements(l *store.Loader) error {
	taken := map[int]bool{}
	var drawn []store.PastAgreement
	for i := range w.size.Agreements {
		number := w.IntN(9_000_000)
		for taken[number] {
			number = w.IntN(9_000_000)
		}
		taken[number] = true
		drawn = append(drawn, w.agreement(i, number))
		if len(drawn) < together && i < w.size.Agreements-1 {
			continue
		}
		slices.SortStableFunc(drawn, func(a, b store.PastAgreement) int { return a.At.Compare(b.At) })
		for _, p := range drawn {
			if err := l.Agreement(p); err != nil {
				return err
			}
		}
		drawn = drawn[:0]
	}
	return nil
}

// Agreements whose LAR let its time pass: the demo LAR's own, which is its owners'
// now, and one of a slow LAR, which Microsoft may decide.
const overdue, lying = 29, 60

// agreement draws one agreement with its history. The first ones are the demo
// LAR's and partner's, so that work waits for them at every size.
func (w *world) agreement(i, number int) store.PastAgreement {
	li := w.larFor(i)
	r := w.lars[li]
	program, prefix := influence.Enterprise, "E"
	if w.in(35) {
		program, prefix = influence.Select, "S"
	}
	signed := w.signing(i)
	seats := int64(250 * math.Exp(w.ExpFloat64()*0.9))
	p := store.PastAgreement{Number: fmt.Sprintf("%s%07d", prefix, number), Customer: w.customerName(), State: w.state(), LAR: r.ID, Member: r.MemberID,
		Program: program, Seats: min(seats, 18_000), SignedOn: signed, At: w.at(w.reported(signed))}
	p.Orders = w.orders(p)
	if li < ready {
		w.decideOn(&p, i, li)
	}
	for i := range p.Claims {
		p.Claims[i].LARRef = r.Ref
	}
	return p
}

func (w *world) larFor(i int) int {
	if i < 60 {
		return 0
	}
	if i == lying {
		return 4
	}
	total := 0
	for _, r := range w.lars[:ready+1] {
		total += r.weight
	}
	n := w.IntN(total)
	for k, r := range w.lars[:ready+1] {
		if n -= r.weight; n < 0 {
			return k
		}
	}
	return 0
}

// signing draws a day: more at the ends of quarters and of the fiscal year.
func (w *world) signing(i int) influence.Day {
	if i == lying || i >= firstContested && i <= firstContested+contests {
		return w.today.AddDays(-60)
	}
	begin := influence.Day("2005-07-01")
	if i < 30 { // recent ones for the demo's desk
		return w.today.AddDays(-2 - w.IntN(40))
	}
	const span = 655 // days from 1 July 2005 to 16 April 2007
	for {
		day := begin.AddDays(w.IntN(span))
		if day > w.today || day >= "2006-07-01" && w.in(8) { // orders follow the older agreements for years
			continue
		}
		month := string(day[5:7])
		end := day[8:] >= "15" && (month == "09" || month == "12" || month == "03" || month == "06")
		if end || w.in(45) {
			return day
		}
	}
}

// reported is when the LAR's report brought the agreement: early next month, or
// a day later for the newest.
func (w *world) reported(signed influence.Day) influence.Day {
	next := influence.Day(string(signed.AddDays(31)[:8]) + fmt.Sprintf("%02d", 3+w.IntN(6)))
	if next > w.today {
		return min(influence.AddBusinessDays(signed, 1), w.today)
	}
	return next
}

func (w *world) orders(p store.PastAgreement) []influence.Order {
	amount := func(share float64) int64 {
		return int64(float64(p.Seats) * (90 + 90*w.Float64()) * 100 * share)
	}
	order := func(kind influence.OrderKind, on influence.Day, cents int64, n int) influence.Order {
		number := fmt.Sprintf("%s-%02d", p.Number, n)
		return influence.Order{ID: number, Number: number, Kind: kind, OrderedOn: on, Cents: cents}
	}
	all := []influence.Order{order(influence.Initial, p.SignedOn, amount(1), 1)}
	for n, on := 2, p.SignedOn; n < 8 && w.in(70); n++ {
		on = on.AddDays(20 + w.IntN(120))
		if on > w.today {
			break
		}
		switch {
		case w.in(6):
			all = append(all, order(influence.Credit, on, -all[0].Cents/int64(8+w.IntN(12)), n))
		case w.in(40):
			all = append(all, order(influence.TrueUp, on, amount(0.25*w.Float64()+0.02), n))
		default:
			all = append(all, order(influence.CallOff, on, amount(0.4*w.Float64()+0.03), n))
		}
	}
	return all
}

// decideOn draws who claimed the agreement and what the LAR decided, if it did.
func (w *world) decideOn(p *store.PastAgreement, i, li int) {
	reported := influence.DayOf(p.At, w.zone)
	switch {
	case i < 30 || i == lying:
		w.waiting(p, i, li, reported)
	case i >= firstContested && i < firstContested+contests:
		w.contest(p, i-firstContested, li, reported)
	case i == firstContested+contests:
		w.lower(p, li)
	case w.in(66):
		w.claimed(p, i, li, reported)
	case w.in(72) && reported < w.today.AddDays(-45):
		p.Decisions = append(p.Decisions, store.PastDecision{At: w.at(influence.AddBusinessDays(reported, 3+w.IntN(20))), Member: p.Member, Basis: influence.Desk,
			Note: "No partner took part."})
	}
}

// slow are the LARs whose desks leave work lying, in percent of what comes.
func slow(li int) int {
	switch li {
	case 4, 9:
		return 14
	case 7:
		return 7
	}
	return 1
}

// claimed adds one to three claims and, unless it is too recent, the decision.
func (w *world) claimed(p *store.PastAgreement, i, li int, reported influence.Day) {
	claimants := w.claimants(li, i)
	for _, who := range claimants {
		p.Claims = append(p.Claims, w.claim(*p, who, reported))
	}
	since := reported
	for _, c := range p.Claims {
		since = max(since, influence.DayOf(c.AttachedAt, w.zone))
	}
	if w.in(slow(li)) && since > w.today.AddDays(-220) {
		return // it lies there still
	}
	took := 1 + int(math.Min(w.ExpFloat64()*(2+float64(slow(li))/5), 25))
	on := influence.AddBusinessDays(since, took)
	if on > w.today {
		return
	}
	d := store.PastDecision{At: w.at(on), Member: p.Member, Basis: influence.Desk, Waited: since, Code: "other_partner_confirmed"}
	d.Shares = w.shares(claimants, p.Claims)
	p.Decisions = append(p.Decisions, d)
	w.dispose(p, d)
}

// claimants draws one to three partners connected to a LAR.
func (w *world) claimants(li, i int) []partner {
	n := 1
	if w.in(14) {
		n = 2 + w.IntN(2)
	}
	var all []partner
	if li < 3 && (i < 90 || w.in(3)) {
		all = append(all, w.partners[0])
	}
	for tries := 0; len(all) < n && tries < 400; tries++ {
		who := w.partners[w.skewed()]
		known := false
		for _, x := range all {
			known = known || x.ID == who.ID
		}
		for _, x := range who.lars {
			if x == li && !known {
				all = append(all, who)
				break
			}
		}
	}
	return all
}

// skewed draws a partner: a few bring most of the business.
func (w *world) skewed() int {
	return min(int(float64(len(w.partners))*math.Pow(w.Float64(), 1.8)), len(w.partners)-1)
}

var kinds = []influence.InfluenceKind{influence.Sourced, influence.Sourced, influence.Licensing, influence.Presales, influence.Deployment, influence.Training}

func (w *world) claim(p store.PastAgreement, who partner, reported influence.Day) store.PastClaim {
	submitted := p.SignedOn.AddDays(-w.IntN(90) + 20)
	submitted = min(max(submitted, influence.DayOf(who.At, w.zone).AddDays(1)), reported.AddDays(20), w.today)
	attached := max(submitted, reported)
	at := w.at(submitted)
	c := store.PastClaim{Partner: who.ID, LAR: p.LAR, Member: who.MemberID, State: influence.ClaimAttached, Number: p.Number, Customer: p.Customer,
		CustomerState: p.State, Program: p.Program, Seats: p.Seats, Cents: p.Orders[0].Cents / 100_00 * 100_00 * int64(80+w.IntN(50)) / 100,
		ExpectedOn: p.SignedOn, Kind: pick(w.dice, kinds), Note: pick(w.dice, notes), Evidence: pick(w.dice, proofs),
		CreatedAt: at.Add(-time.Duration(5+w.IntN(600)) * time.Minute), SubmittedAt: at, AttachedAt: at, Decision: -1}
	if attached > submitted {
		c.AttachedAt = p.At.Add(time.Minute)
	}
	if !c.AttachedAt.After(at) {
		c.AttachedAt = at
	}
	return c
}

// shares gives the first claimant most, sometimes the second a part.
func (w *world) shares(claimants []partner, claims []store.PastClaim) []influence.Share {
	share := func(i int, points int64, primary bool) influence.Share {
		return influence.Share{PartnerID: claimants[i].ID, PartnerNo: claimants[i].No, Points: points, Kind: claims[i].Kind, Primary: primary}
	}
	switch {
	case len(claimants) == 0 || w.in(7):
		return nil
	case len(claimants) > 1 && w.in(60):
		first := int64(50+5*w.IntN(9)) * 100
		return []influence.Share{share(0, first, true), share(1, 10_000-first, false)}
	case w.in(12):
		return []influence.Share{share(0, int64(50+5*w.IntN(9))*100, true)}
	}
	return []influence.Share{share(0, 10_000, true)}
}

// dispose answers the claims by the decision.
func (w *world) dispose(p *store.PastAgreement, d store.PastDecision) {
	for i := range p.Claims {
		c := &p.Claims[i]
		c.State, c.EndedAt, c.Decision = influence.ClaimRejected, d.At.Add(time.Millisecond), len(p.Decisions)-1
		for _, s := range d.Shares {
			if s.PartnerID == c.Partner {
				c.State = influence.ClaimConfirmed
			}
		}
	}
}

// waiting makes work for the demo's desk: claims due today and soon, two that
// compete, a report that names somebody else.
func (w *world) waiting(p *store.PastAgreement, i, li int, reported influence.Day) {
	due := i % 10 // business days left
	switch i {
	case overdue:
		due = -2
	case lying:
		due = -8
	}
	attached := influence.AddBusinessDays(w.today, due-10)
	p.At = w.at(min(reported, attached))
	claimants := w.claimants(li, i)
	if i%3 != 0 && len(claimants) > 1 {
		claimants = claimants[:1]
	}
	for _, who := range claimants {
		c := w.claim(*p, who, attached)
		c.AttachedAt = w.at(attached)
		if c.SubmittedAt.After(c.AttachedAt) {
			c.SubmittedAt = c.AttachedAt
			c.CreatedAt = c.SubmittedAt.Add(-time.Hour)
		}
		p.Claims = append(p.Claims, c)
	}
	if i%5 == 4 {
		named := w.partners[1+w.IntN(len(w.partners)-1)]
		p.Items = append(p.Items, store.PastItem{Kind: "conflict", PartnerNos: []string{named.No}, At: w.at(attached),
			Sentence: "The report names partner " + named.No + ", and another partner claims this agreement."})
	}
}

// fillIntents makes claims that wait for an agreement or a connection, drafts,
// and some that were withdrawn.
func (w *world) fillIntents(l *store.Loader) error {
	n := max(w.size.Agreements/20, 24)
	for i := range n {
		who := w.partners[0]
		if i >= 8 {
			who = w.partners[w.skewed()]
		}
		if len(who.lars) == 0 {
			continue
		}
		r := w.lars[pick(w.dice, who.lars)]
		made := w.at(w.today.AddDays(-w.IntN(100) - 1))
		if i == 1 { // ends soon
			made = w.at(w.today.AddDays(-168))
		}
		c := store.PastClaim{Partner: who.ID, LAR: r.ID, LARRef: r.Ref, Member: who.MemberID, State: influence.ClaimIntent, Customer: w.customerName(), CustomerState: w.state(),
			Program: influence.Enterprise, Seats: int64(250 + w.IntN(3000)), Cents: int64(40_000+w.IntN(900_000)) * 100, ExpectedOn: w.today.AddDays(10 + w.IntN(80)),
			Kind: pick(w.dice, kinds), Note: pick(w.dice, notes), Evidence: pick(w.dice, proofs), CreatedAt: made, SubmittedAt: made.Add(time.Hour), Decision: -1}
		switch i % 8 {
		case 5:
			c.SubmittedAt, c.State = time.Time{}, influence.ClaimDrafted
		case 6:
			c.State, c.EndedAt = influence.ClaimWithdrawn, made.Add(3*time.Hour)
		}
		if err := l.Claim(c); err != nil {
			return err
		}
	}
	return w.waitingClaims(l)
}

// waitingClaims makes claims that wait for a connection that was asked for.
func (w *world) waitingClaims(l *store.Loader) error {
	who := w.partners[0]
	r := w.lars[3]
	at := w.at(influence.AddBusinessDays(w.today, -2))
	return l.Claim(store.PastClaim{Partner: who.ID, LAR: r.ID, LARRef: r.Ref, Member: who.MemberID, State: influence.ClaimWaiting, Customer: w.customerName(), CustomerState: "NH",
		Program: influence.Enterprise, Seats: 640, Cents: 214_600_00, ExpectedOn: w.today.AddDays(30), Kind: influence.Sourced,
		Note: notes[0], Evidence: proofs[0], CreatedAt: at.Add(-time.Hour), SubmittedAt: at, Decision: -1})
}

var (
	notes = []string{
		"We compared Open with Enterprise for all desktops and moved the customer to the three-year plan.",
		"We ran the licensing assessment in the fall and presented it to the customer’s IT director.",
		"We migrated the pilot group and wrote the deployment plan that the agreement is based on.",
		"We introduced the customer to the program and prepared the seat count for the order.",
		"We trained the administrators and stayed with the project until the agreement was signed.",
	}
	proofs = []string{
		"Assessment of 18 January, sent to the customer’s IT director; meeting notes of 25 January.",
		"Statement of work signed by the customer on 6 February.",
		"E-mail of the customer’s purchasing manager naming us, 12 March.",
		"Desktop inventory of December and the comparison of three license plans.",
	}
)
