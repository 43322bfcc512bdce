package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"irm/influence"
	"irm/store"

	"github.com/alexedwards/argon2id"
	_ "modernc.org/sqlite" // the floors open databases of their own
)

// password is everybody's in a measured program.
const password = "measured-and-invented"

// program is a database full of agreements, and who is in it.
type program struct {
	File     string
	Size     int
	Took     time.Duration
	LARs     []store.LoadedLAR
	Partners []store.LoadedPartner
}

// remember writes down who is in a program, which may be part of more, and kept
// reads it: one that was kept need not be made again.
func (p *program) remember(all any) error {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(p.File+".json", text, 0o600)
}

func (p *program) kept(all any) error {
	text, err := os.ReadFile(p.File + ".json")
	if err != nil {
		return err
	}
	file := p.File
	err = json.Unmarshal(text, all)
	p.File = file
	return err
}

// program makes the database with that many agreements, or returns it if an
// earlier goal has made it.
func (b *bench) program(agreements int) (*program, error) {
	if p := b.programs[agreements]; p != nil {
		return p, nil
	}
	dir := b.dir
	if b.keep != "" {
		dir = b.keep
	}
	p := &program{File: filepath.Join(dir, fmt.Sprintf("program-%d.db", agreements)), Size: agreements}
	if err := p.kept(p); err != nil {
		begun := time.Now()
		if err := p.generate(b.ctx); err != nil {
			return nil, fmt.Errorf("generate: %w", err)
		}
		p.Took = time.Since(begun)
		if err := p.remember(p); err != nil {
			return nil, err
		}
	}
	b.programs[agreements] = p
	b.say("a program with %s agreements was made in %s", thousands(agreements), short(p.Took))
	return p, nil
}

// copied is a copy of the smallest program, for goals that write.
func (b *bench) copied() (*program, error) {
	p, err := b.program(b.agreements[0])
	if err != nil {
		return nil, err
	}
	q := *p
	q.File = b.path("copy.db")
	from, err := os.Open(p.File)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	to, err := os.Create(q.File)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(to, from) // its log is empty: who opens it last empties it
	return &q, errors.Join(err, to.Close())
}

func (p *program) remove() {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(p.File + suffix)
	}
}

// today is the measured program's day.
const today = "2007-04-16"

// programClock starts program time at nine on the program's day.
func programClock() (store.Clock, error) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return store.Clock{}, err
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", today+" 09:00", zone)
	return store.Clock{Offset: time.Until(at), Zone: zone}, err
}

func openStore(ctx context.Context, file string) (*store.Store, error) {
	c, err := programClock()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, file, c)
}

// generate fills the database: 18 LARs, one partner for a hundred agreements
// (100 to 10,000), and the agreements. The same size makes the same program.
func (p *program) generate(ctx context.Context) error {
	s, err := openStore(ctx, p.File)
	if err != nil {
		return err
	}
	defer s.Close()
	key, _, err := s.Signer(ctx)
	if err != nil {
		return err
	}
	d := newDraw(p, s.Clock())
	return s.Load(ctx, key, func(l *store.Loader) error {
		if err := d.people(l); err != nil {
			return err
		}
		for i := range p.Size {
			if err := l.Agreement(d.agreement(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// draw draws what a program is made of.
type draw struct {
	*rand.Rand
	*program
	clock store.Clock
}

// newDraw draws the same for the same size.
func newDraw(p *program, clock store.Clock) draw {
	return draw{rand.New(rand.NewPCG(1, uint64(p.Size))), p, clock} //nolint:gosec // nothing secret is drawn
}

func (d draw) people(l *store.Loader) error {
	hash, err := argon2id.CreateHash(password, argon2id.DefaultParams)
	if err != nil {
		return err
	}
	early := d.at("2005-05-02")
	staff := store.PastMember{Name: "Maya Kim", Email: "staff@bench.example", Password: hash, Rank: influence.RankAdministrator}
	if err := l.Staff(staff, early); err != nil {
		return err
	}
	for i := range 18 {
		name := fmt.Sprintf("%s Licensing", places[i])
		made, err := l.LAR(store.PastLAR{Slug: fmt.Sprintf("lar-%d", i), Name: name, Status: influence.LARReady, At: early,
			Member: store.PastMember{Name: "Theo Okafor", Email: fmt.Sprintf("lar%d@bench.example", i), Password: hash, Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		d.LARs = append(d.LARs, made)
	}
	for i := range min(max(d.Size/100, 100), 10_000) {
		made, err := l.Partner(store.PastPartner{Name: fmt.Sprintf("%s Networks %d", places[i%len(places)], i), No: fmt.Sprint(1_000_000 + i*37),
			State: states[i%len(states)], City: places[i%7], Level: levels[i%len(levels)], Enrolled: true, At: early,
			Member: store.PastMember{Name: "Dana Ruiz", Email: fmt.Sprintf("partner%d@bench.example", i), Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		d.Partners = append(d.Partners, made)
	}
	return nil
}

// agreement draws one. Six of ten are decided, one of sixteen has a claim that waits.
// They come in the order of their days, as in life, and their numbers in none, so
// that the unique index is hit all over.
func (d draw) agreement(i int) store.PastAgreement {
	r := d.LARs[d.IntN(len(d.LARs))]
	signed := influence.Day("2005-07-01").AddDays(i * 640 / d.Size)
	a := store.PastAgreement{Number: number(i), Customer: d.customer(), State: states[d.IntN(len(states))], LAR: r.ID, Member: r.MemberID,
		Program: influence.Enterprise, Seats: int64(250 + d.IntN(5000)), SignedOn: signed, At: d.at(signed.AddDays(1)).Add(time.Duration(i) * time.Microsecond)}
	if d.IntN(3) == 0 {
		a.Program = influence.Select
	}
	for n := range 1 + d.IntN(8)/7 {
		no := fmt.Sprintf("%s-%02d", a.Number, n+1)
		a.Orders = append(a.Orders, influence.Order{ID: no, Number: no, Kind: []influence.OrderKind{influence.Initial, influence.TrueUp}[min(n, 1)],
			OrderedOn: min(signed.AddDays(n*60), today), Cents: int64(5_000_000 + d.IntN(900_000_000))})
	}
	switch dice := d.IntN(100); {
	case dice < 6:
		a.Claims = append(a.Claims, d.claim(a, r))
	case dice < 8:
		a.Claims = append(a.Claims, d.claim(a, r))
		fallthrough
	case dice < 60:
		d.decide(&a, dice < 50)
	}
	return a
}

// decide adds a decision, for the claimant if there is one.
func (d draw) decide(a *store.PastAgreement, share bool) {
	on := store.PastDecision{At: a.At.Add(26 * time.Hour), Member: a.Member, Basis: influence.Report, Code: "other_partner_confirmed"}
	p := d.Partners[d.IntN(len(d.Partners))]
	for i := range a.Claims {
		c := &a.Claims[i]
		c.State, c.EndedAt, c.Decision = influence.ClaimConfirmed, on.At, 0
		for _, x := range d.Partners {
			if x.ID == c.Partner {
				p = x
				break
			}
		}
	}
	if share {
		on.Shares = []influence.Share{{PartnerID: p.ID, PartnerNo: p.No, Points: 10_000, Kind: influence.Sourced, Primary: true}}
	}
	a.Decisions = append(a.Decisions, on)
}

func (d draw) claim(a store.PastAgreement, r store.LoadedLAR) store.PastClaim {
	p := d.Partners[d.IntN(min(len(d.Partners), 400))]
	return store.PastClaim{Partner: p.ID, LAR: a.LAR, LARRef: r.Ref, Member: p.MemberID, State: influence.ClaimAttached, Number: a.Number,
		Customer: a.Customer, CustomerState: a.State, Program: a.Program, Seats: a.Seats, Cents: a.Orders[0].Cents, ExpectedOn: a.SignedOn,
		Kind: influence.Sourced, Note: "We compared Open with Enterprise and moved the customer to the three-year plan.",
		Evidence:  "Statement of work signed by the customer.",
		CreatedAt: a.At.Add(time.Hour), SubmittedAt: a.At.Add(2 * time.Hour), AttachedAt: a.At.Add(2 * time.Hour), Decision: -1}
}

func (d draw) customer() string {
	return places[d.IntN(len(places))] + " " + trades[d.IntN(len(trades))] + fmt.Sprintf(" %d", d.IntN(8))
}

// at is ten in the morning of a day.
func (d draw) at(day influence.Day) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(day), d.clock.Zone)
	return t.Add(10 * time.Hour)
}

// number gives the i-th agreement its own number: 9,999,991 is a prime, so that
// no two are alike.
func number(i int) string { return fmt.Sprintf("E%07d", (int64(i)*2_654_435+1_234_567)%9_999_991) }

var (
	places = []string{"Alder", "Beacon", "Cedar", "Dogwood", "Elmwood", "Falcon", "Granite", "Harbor", "Ivy", "Juniper", "Kestrel", "Linden",
		"Maple", "Northfield", "Orchard", "Prairie", "Quarry", "Ridgeline", "Spruce", "Tamarack", "Upland", "Vista", "Willow", "Yarrow"}
	trades = []string{"Foods", "Insurance", "Logistics", "Manufacturing", "Bank", "Energy", "Motors", "Hotels", "Retail", "Paper", "Steel", "Freight"}
	states = []string{"CA", "TX", "NY", "FL", "IL", "PA", "OH", "MI", "GA", "NC", "NJ", "VA", "MA", "WA", "IN", "TN", "AZ", "MO", "MD", "WI", "MN",
		"CO", "AL", "SC", "LA", "KY", "OR", "OK", "CT", "IA", "NH", "NV"}
	levels = []influence.Level{influence.Gold, influence.Certified, influence.Registered}
)

// fileSize is how large a database is, its log included.
func fileSize(file string) (bytes int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(file + suffix); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}
