package main

import (
	"fmt"
	"time"

	"irm/influence"
	"irm/store"
)

// partners measures P1 and P2: what a partner with many claims and one with none
// see first, and a partner's own list among everybody's claims.
func (b *bench) partners() error {
	c, err := b.crowded()
	if err != nil {
		return err
	}
	v, err := newVisitors()
	if err != nil {
		return err
	}
	defer v.close()
	s, err := openStore(b.ctx, c.File)
	if err != nil {
		return err
	}
	defer s.Close()
	app, err := b.portal(s, &c.program)
	if err != nil {
		return err
	}
	defer app.close()
	var all []contender
	for _, x := range c.looks() {
		cookie, err := s.StartSession(b.ctx, x.who.MemberID, store.Client{Address: "127.0.0.1", Agent: "bench"})
		if err != nil {
			return err
		}
		all = append(all, contender{x.name, func() (cost, error) {
			took, _, err := v.send(errand{app.address, x.path, "sid=" + cookie, b.requests, 2})
			return took, err
		}})
	}
	if _, err := interleave(1, all); err != nil { // warm
		return err
	}
	t, err := interleave(b.rounds, all)
	if err != nil {
		return err
	}
	b.tellPartners(t, c)
	return nil
}

// look is a page as a partner opens it.
type look struct {
	name, path string
	who        store.LoadedPartner
}

const (
	homeOfNone, homeOfMany = "home, no claim", "home, many claims"
	listOfSome             = "own claims, one of the others"
)

func (c *crowd) looks() []look {
	return []look{{homeOfNone, "/", c.None}, {homeOfMany, "/", c.Many}, {"home, one of the others", "/", c.Some}, {listOfSome, "/claims", c.Some},
		{"own claims, many", "/claims", c.Many}, {"own open claims, many", "/claims?state=open", c.Many}, {"own confirmed claims, many", "/claims?state=confirmed", c.Many}, {"LARs and their service", "/lars", c.Some}}
}

// crowd is a program of partners with claims: many have some, one has many, one none.
type crowd struct {
	program
	Claims           int
	Many, None, Some store.LoadedPartner
}

// oneOf is which part of all claims is the one partner's that has many: at a
// million of the others it has 20,000.
const oneOf = 51

func (b *bench) crowded() (*crowd, error) {
	dir := b.dir
	if b.keep != "" {
		dir = b.keep
	}
	c := &crowd{Claims: b.claims}
	c.File = fmt.Sprintf("%s/claims-%d.db", dir, b.claims)
	if err := c.kept(c); err != nil {
		begun := time.Now()
		if err := c.generate(b); err != nil {
			return nil, fmt.Errorf("generate claims: %w", err)
		}
		c.Took = time.Since(begun)
		if err := c.remember(c); err != nil {
			return nil, err
		}
	}
	b.say("a program with %s claims was made in %s", thousands(c.Claims), short(c.Took))
	return c, nil
}

// generate fills the database: 18 LARs, one partner for a hundred claims, the
// claims and the agreements that they are about.
func (c *crowd) generate(b *bench) error {
	s, err := openStore(b.ctx, c.File)
	if err != nil {
		return err
	}
	defer s.Close()
	key, _, err := s.Signer(b.ctx)
	if err != nil {
		return err
	}
	c.Size = c.Claims
	d := newDraw(&c.program, s.Clock())
	return s.Load(b.ctx, key, func(l *store.Loader) error {
		if err := d.people(l); err != nil {
			return err
		}
		c.None, c.Many, c.Some = c.Partners[0], c.Partners[1], c.Partners[2]
		if err := c.connect(l); err != nil {
			return err
		}
		for i := range c.Claims * oneOf / (oneOf - 1) {
			if err := c.claim(l, d, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// connect connects each partner with its LAR, and the one with many claims with all.
func (c *crowd) connect(l *store.Loader) error {
	for i, p := range c.Partners {
		for k, r := range c.LARs {
			if k != i%len(c.LARs) && p.ID != c.Many.ID {
				continue
			}
			if err := l.Connection(p, r, influence.ConnectionAccepted, p.At.Add(time.Hour)); err != nil {
				return err
			}
		}
	}
	return nil
}

// What is still open: claims of the last days wait for their LAR, and those of the
// last half year for an agreement. Older ones had their answer, or were taken back.
const attachedDays, intentDays = 12, 175

// claim draws one: six of ten have found no agreement or were never sent.
func (c *crowd) claim(l *store.Loader, d draw, i int) error {
	k := 2 + i*7_919%(len(c.Partners)-2)
	p, r := c.Partners[k], c.LARs[k%len(c.LARs)]
	if i%oneOf == 0 {
		p, r = c.Many, c.LARs[i/oneOf%len(c.LARs)]
	}
	signed := influence.Day("2005-07-01").AddDays(int(int64(i) * 640 / int64(c.Claims*oneOf/(oneOf-1))))
	a := store.PastAgreement{Number: number(i), Customer: d.customer(), State: states[d.IntN(len(states))], LAR: r.ID, Member: r.MemberID,
		Program: influence.Enterprise, Seats: int64(250 + d.IntN(5000)), SignedOn: signed, At: d.at(signed.AddDays(1)).Add(time.Duration(i) * time.Microsecond)}
	a.Orders = []influence.Order{{ID: a.Number, Number: a.Number, Kind: influence.Initial, OrderedOn: signed, Cents: int64(5_000_000 + d.IntN(900_000_000))}}
	x := d.claim(a, r)
	x.Partner, x.Member = p.ID, p.MemberID
	dice := d.IntN(100)
	if i == 0 { // tables are filled in the order in which they are begun
		dice = 68
	}
	switch {
	case dice < 60:
		return l.Claim(unattached(x, dice, influence.DaysBetween(signed, today) > intentDays))
	case influence.DaysBetween(signed, today) > attachedDays:
		d.answer(&a, &x, p, dice < 92)
	}
	a.Claims = []store.PastClaim{x}
	return l.Agreement(a)
}

// unattached is a claim without an agreement: a draft, one that was withdrawn, or
// an intent.
func unattached(x store.PastClaim, dice int, old bool) store.PastClaim {
	x.Number, x.State, x.AttachedAt = "", influence.ClaimIntent, time.Time{}
	switch {
	case dice < 6:
		x.State, x.SubmittedAt = influence.ClaimDrafted, time.Time{}
	case dice < 18 || old:
		x.State, x.EndedAt = influence.ClaimWithdrawn, x.SubmittedAt.Add(time.Hour)
	}
	return x
}

// answer has the LAR confirm or reject a claim three days later.
func (d draw) answer(a *store.PastAgreement, x *store.PastClaim, p store.LoadedPartner, confirmed bool) {
	on := store.PastDecision{At: x.AttachedAt.Add(72 * time.Hour), Member: a.Member, Basis: influence.Desk, Code: "influence_not_shown", Waited: influence.DayOf(x.AttachedAt, d.clock.Zone)}
	x.State = influence.ClaimRejected
	if confirmed {
		x.State = influence.ClaimConfirmed
		on.Shares = []influence.Share{{PartnerID: p.ID, PartnerNo: p.No, Points: 10_000, Kind: influence.Sourced, Primary: true}}
	}
	x.EndedAt, x.Decision = on.At, 0
	a.Decisions = []store.PastDecision{on}
}

func (b *bench) tellPartners(t *contest, c *crowd) {
	ratio, list := t.ratio(homeOfMany, homeOfNone, byCPU), seconds(t.median(listOfSome, byCPU))
	name := thousands(c.Claims) + " claims of others"
	b.doc.verdict(verdict{"P1", "home of a partner with " + thousands(c.Claims/(oneOf-1)) + " claims ÷ of one with none", "≤ 1.5 ×", "≤ 1.5 ×", times(ratio), ratio <= 1.5})
	b.doc.verdict(verdict{"P2", "a partner’s own claims among " + name, "≤ 2.5 ms CPU", "≤ 2.5 ms CPU", short(list), list <= 2500*time.Microsecond})
	table := [][]string{{"page", "CPU a request", "÷ home without a claim", "requests per second"}}
	for _, n := range t.names {
		table = append(table, []string{n, short(seconds(t.median(n, byCPU))), times(t.ratio(n, homeOfNone, byCPU)), fmt.Sprintf("%.0f", t.median(n, byRate))})
	}
	b.doc.section("P1, P2: the partner’s side at "+name,
		"Whole pages, signed in. The others have about a hundred claims each. Lists hold 50 rows.",
		fmt.Sprintf("The database (%.1f GB) was made in %s.", float64(fileSize(c.File))/1e9, short(c.Took)), "", rows(table...))
}
