package store

import (
	"flag"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"irm/influence"

	"pgregory.net/rapid"
)

// serviceOf is what an actor is told of a LAR's service.
func serviceOf(t testing.TB, s *Store, who influence.Actor, lar LoadedLAR) (influence.ServiceRecord, bool) {
	t.Helper()
	all, err := s.As(who).ServiceRecords(t.Context(), lar.Ref)
	must(t, err)
	one, known := all[lar.Ref]
	every, err := s.As(who).ServiceRecords(t.Context(), "")
	must(t, err)
	if !reflect.DeepEqual(every[lar.Ref], one) {
		t.Errorf("among all it is %+v, alone %+v", every[lar.Ref], one)
	}
	return one, known
}

// TestServiceRecordOfALAR: known numbers, hidden with nine decisions and shown with
// ten, to partners, staff and the LAR itself, and to no other LAR.
func TestServiceRecordOfALAR(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		days := []int{1, 1, 2, 2, 3, 5, 5, 8, 9, 12}
		for i, d := range days {
			claimed(t, s, p, p.alder, fmt.Sprint("E", i))
			ref := booked(t, s, p, fmt.Sprint("E", i))
			to := p.alder
			if i%5 == 4 {
				to = p.birch
			}
			if one, _ := serviceOf(t, s, staffActor(), p.north); one.Shown(s.settings) || one.Days.N()+one.Answered != 0 {
				t.Fatalf("with %d decisions: %+v", i, one)
			}
			decided(t, on(t, s, influence.AddBusinessDays("2007-04-16", d)), p, ref, to)
		}
		s = on(t, s, "2007-05-15")
		claim := texts(t, s, `SELECT ref FROM claims WHERE state = 'rejected' ORDER BY id`)[0]
		ref, err := s.As(partnerActor(p.alder)).OpenDispute(t.Context(), claim, versionOfClaim(t, s, claim), influence.DisputeDraft{Reason: "We ran the pilot.", Evidence: "Their letter."})
		must(t, err)
		answered(t, s, p, ref)
		_, err = s.As(staffActor()).RuleDispute(t.Context(), ref, 3, influence.RulingDraft{Outcome: "upheld", Reason: "They did it.", Decision: shares(share(p.alder, 10_000, true))})
		must(t, err)
		want := influence.ServiceRecord{Days: influence.Histogram{1: 2, 2: 2, 3: 1, 5: 2, 8: 1, 9: 1, 12: 1}, Answered: 9, Confirmed: 8, Ruled: 1, Lost: 1}
		key, _ := ownSigner(t, s)
		for range 2 { // unsealed, and sealed
			for _, who := range []influence.Actor{staffActor(), partnerActor(p.cedar), larActor(p.north)} {
				one, _ := serviceOf(t, s, who, p.north)
				if !reflect.DeepEqual(one, want) {
					t.Errorf("%s reads %+v, want %+v", who.OrgName, one, want)
				}
				if twice, _ := one.Days.Median(); twice != 8 {
					t.Errorf("the median is %d/2 days", twice)
				}
				if p90, _ := one.Days.P90(); p90 != 9 {
					t.Errorf("nine tenths take %d days", p90)
				}
			}
			if _, known := serviceOf(t, s, larActor(p.south), p.north); known {
				t.Error("another LAR is told of it")
			}
			if own, known := serviceOf(t, s, larActor(p.south), p.south); !known || own.Shown(s.settings) {
				t.Errorf("a LAR without decisions: %+v", own)
			}
			verified(t, s)
			sealAll(t, s, key)
		}
		if old, _ := serviceOf(t, on(t, s, "2008-06-01"), staffActor(), p.north); old.Shown(s.settings) {
			t.Errorf("a year later: %+v", old)
		}
	})
}

// serving is a chronicle whose decisions' times are counted beside it.
type serving struct {
	*chronicle
	times map[string]served // by decision
}

type served struct {
	lar  string
	on   influence.Day
	days int
}

// TestServiceRecordFollowsFromAnyHistory: after any claims, answers, undone and
// revised answers, escalations, disputes and rulings over years, sealed or not, a
// service record is what a plain computation from the records gives.
func TestServiceRecordFollowsFromAnyHistory(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // each run has a database of its own
		if err := flag.Set("rapid.checks", "6"); err != nil {
			t.Fatal(err)
		}
	}
	databases.Each(t, func(t *testing.T, dsn string) {
		fresh := databases.SQLite
		if strings.HasPrefix(dsn, "postgres") {
			fresh = databases.Postgres
		}
		rapid.Check(t, func(r *rapid.T) {
			s := opened(t, fresh(t))
			s.settings.ServiceRecordDecisions = 2
			key, _ := ownSigner(t, s)
			h := serving{&chronicle{T: r, test: t, s: s, p: begun(t, s), key: key, owners: map[string]LoadedLAR{}, newest: map[string]string{}}, map[string]served{}}
			for range 3 {
				h.book()
			}
			for range rapid.IntRange(10, 30).Draw(r, "steps") {
				h.act()
			}
			for range 2 {
				h.compare()
				wrong, err := h.s.Verify(t.Context())
				if err != nil || len(wrong) > 0 {
					r.Fatalf("verify: %v, %v", wrong, err)
				}
				sealAll(t, h.s, key)
			}
		})
	})
}

// act does one thing, some minutes or some days later.
func (h serving) act() {
	later := time.Duration(h.pick("minutes", 25)) * time.Minute
	if h.pick("days go by", 4) == 0 {
		later = time.Duration(h.pick("days", 50)) * 24 * time.Hour
	}
	h.s = after(h.s, later)
	steps := map[string]func(){"book": h.book, "claim": h.claim, "decide": h.timedDecision, "undo": h.undo, "report": h.report, "withdraw": h.withdraw,
		"matter": h.matter, "dispute": h.dispute, "rule": h.rule, "reject": h.reject, "seal": h.seal, "compare": h.compare}
	steps[rapid.SampledFrom([]string{"book", "claim", "matter", "matter", "matter", "matter", "decide", "decide", "undo", "report", "withdraw", "dispute", "rule", "reject", "seal", "compare"}).Draw(h.T, "step")]()
}

// matter is an agreement that one or two partners claim, decided some days later,
// and perhaps undone, decided otherwise, and undone again.
func (h serving) matter() {
	h.n++
	number, signed := fmt.Sprint("M", h.n), h.s.clock.Today().AddDays(-h.pick("signed", 80))
	ref, err := h.s.As(larActor(h.p.north)).EnterAgreement(h.test.Context(), number, influence.AgreementDraft{AgreementNumber: number, Program: "Enterprise", Customer: "Fabrikam",
		CustomerState: "NH", Seats: "300", SignedOn: string(signed), OrderDraft: influence.OrderDraft{OrderNumber: "1", OrderKind: "initial", OrderedOn: string(signed), Amount: "$1,000"}})
	if !h.allowed("book", err) {
		return
	}
	h.agreements, h.owners[ref] = append(h.agreements, ref), h.p.north
	for _, by := range []LoadedPartner{h.p.alder, h.p.birch}[:1+h.pick("claims", 2)] {
		h.n++
		_, err := h.s.As(partnerActor(by)).SubmitClaim(h.test.Context(), "", fmt.Sprint("m", h.n), 0, influence.ClaimDraft{LAR: h.owners[ref].Ref, Program: "Enterprise",
			AgreementNumber: number, Customer: "Fabrikam", CustomerState: "NH", Amount: "$12,000", Kind: "presales", Note: "We ran the pilot."})
		h.allowed("claim", err)
	}
	h.s = after(h.s, time.Duration(h.pick("days", 30))*24*time.Hour)
	for range 1 + h.pick("again", 3) {
		h.timedDecisionOn(ref)
		if v := h.s.As(larActor(h.owners[ref])); h.newest[ref] != "" && h.pick("undo", 2) == 0 {
			h.allowed("undo", v.UndoDecision(h.test.Context(), ref, h.newest[ref], versionOf(h.test, h.s, ref)))
		}
		h.s = after(h.s, time.Duration(h.pick("days between", 3))*24*time.Hour)
	}
	if h.pick("disputed", 2) == 0 {
		h.s = after(h.s, time.Hour)
		h.dispute()
		h.rule()
	}
}

func (h serving) timedDecision() {
	ref, _, _ := h.one()
	h.timedDecisionOn(ref)
}

// timedDecisionOn is a decision of the LAR, or now and then of Microsoft, and how
// long it took, found out before it is made.
func (h serving) timedDecisionOn(ref string) {
	v, version := h.s.As(larActor(h.owners[ref])), versionOf(h.test, h.s, ref)
	if h.pick("by Microsoft", 4) == 0 {
		v = h.s.As(staffActor())
	}
	first := h.waitedSince(ref)
	made, err := v.Decide(h.test.Context(), ref, h.draft(version))
	if !h.allowed("decide", err) {
		return
	}
	h.newest[ref] = made
	if first != "" {
		h.times[made] = served{h.owners[ref].ID, h.s.clock.Today(), influence.BusinessDaysBetween(first, h.s.clock.Today())}
	}
}

// waitedSince is the day since which the oldest claim or item of an agreement waits.
func (h serving) waitedSince(ref string) (first influence.Day) {
	rows, err := h.s.db.Query(`SELECT c.since FROM claims c JOIN agreements a ON a.id = c.agreement_id WHERE a.ref = $1 AND c.state = 'attached'
		UNION ALL SELECT i.arose_at FROM items i JOIN agreements a ON a.id = i.agreement_id WHERE a.ref = $1 AND i.settled_at IS NULL`, ref)
	all, err := collect(rows, err, func(row scanner) (us int64, err error) { return us, row.Scan(&us) })
	if err != nil {
		h.Fatal(err)
	}
	if len(all) == 0 {
		return ""
	}
	return influence.DayOf(micros(slices.Min(all)), h.s.clock.zone())
}

func (h serving) dispute() {
	for _, ref := range texts(h.test, h.s, `SELECT ref FROM claims WHERE state = 'rejected' ORDER BY id`) {
		for _, by := range []LoadedPartner{h.p.alder, h.p.birch} {
			_, err := h.s.As(partnerActor(by)).OpenDispute(h.test.Context(), ref, versionOfClaim(h.test, h.s, ref), influence.DisputeDraft{Reason: "We ran the pilot."})
			h.allowed("dispute", err)
		}
	}
}

// rule rules on each open dispute once the sides had their time.
func (h serving) rule() {
	h.s = after(h.s, 11*24*time.Hour)
	judge := staffActor()
	judge.MemberID = "judge"
	rows, err := h.s.db.Query(`SELECT d.ref, p.partner_no FROM disputes d JOIN partners p ON p.id = d.partner_id WHERE d.state = 'open' ORDER BY d.id`)
	type open struct{ ref, no string }
	all, err := collect(rows, err, func(row scanner) (o open, err error) { return o, row.Scan(&o.ref, &o.no) })
	if err != nil {
		h.Fatal(err)
	}
	for _, o := range all {
		draft := influence.RulingDraft{Outcome: "dismissed", Reason: "The letter is of another deal."}
		if h.pick("upheld", 2) == 0 {
			draft = influence.RulingDraft{Outcome: "upheld", Reason: "They did it.", Decision: shares(influence.Share{PartnerNo: o.no, Points: 10_000, Kind: influence.Presales, Primary: true})}
		}
		_, err := h.s.As(judge).RuleDispute(h.test.Context(), o.ref, count(h.test, h.s, `SELECT version FROM disputes WHERE ref = $1`, o.ref), draft)
		h.allowed("rule", err)
	}
}

// reject has North reject the first intent that it has.
func (h serving) reject() {
	d := intentDraft(h.p, fmt.Sprint("Unlike ", h.n))
	h.n++
	ref, err := h.s.As(partnerActor(h.p.alder)).SubmitClaim(h.test.Context(), "", fmt.Sprint("r", h.n), 0, d)
	if h.allowed("intent", err) && h.pick("twice", 3) > 0 {
		h.allowed("reject", h.s.As(larActor(h.p.north)).RejectIntent(h.test.Context(), ref, "not_our_agreement", "", versionOfClaim(h.test, h.s, ref)))
	}
}

// compare holds what is told against the records.
func (h serving) compare() {
	for _, lar := range []LoadedLAR{h.p.north, h.p.south} {
		want := h.plainly(lar)
		if !want.Shown(h.s.settings) {
			want = influence.ServiceRecord{Days: influence.Histogram{}}
		}
		if got, _ := serviceOf(h.test, h.s, partnerActor(h.p.cedar), lar); !reflect.DeepEqual(got, want) {
			h.Fatalf("on %s %s: %+v, computed plainly %+v", h.s.clock.Today(), lar.Slug, got, want)
		}
	}
}

// plainly counts the last twelve months: the decisions that were not undone, each
// claim by the event that answered it so, each ruling.
func (h serving) plainly(lar LoadedLAR) influence.ServiceRecord {
	x := influence.ServiceRecord{Days: influence.Histogram{}}
	today := h.s.clock.Today()
	within := func(us int64) bool {
		on := influence.DayOf(micros(us), h.s.clock.zone())
		return on > influence.LastYear(today) && on <= today
	}
	undone := texts(h.test, h.s, `SELECT d.ref FROM decisions d JOIN voids v ON v.decision_id = d.id`)
	for ref := range maps.Keys(h.times) {
		if d := h.times[ref]; d.lar == lar.ID && d.on > influence.LastYear(today) && !slices.Contains(undone, ref) {
			x.Days.Add(d.days, 1)
		}
	}
	rows, err := h.s.db.Query(`SELECT c.ref, c.state, c.answered_on, e.at FROM claims c JOIN claim_events e ON e.claim_id = c.id WHERE c.lar_id = $1 AND e.org_id = $1
		AND c.state IN ('confirmed', 'rejected') AND e.state = c.state AND e.decision_id = c.decided_by AND e.action IN ('confirm', 'reject')
		AND NOT EXISTS (SELECT 1 FROM claim_events n WHERE n.claim_id = c.id AND n.n > e.n AND n.state = c.state AND n.decision_id = c.decided_by AND n.action IN ('confirm', 'reject'))`, lar.ID)
	if err := scanEach(rows, err, func(row scanner) error {
		var ref, state, kept string
		var at int64
		if err := row.Scan(&ref, &state, &kept, &at); err != nil {
			return err
		}
		if on := influence.DayOf(micros(at), h.s.clock.zone()); kept != string(on) {
			h.Errorf("%s was %s on %s, kept as on %q", ref, state, on, kept)
		}
		if !within(at) {
			return nil
		}
		if x.Answered++; state == "confirmed" {
			x.Confirmed++
		}
		return nil
	}); err != nil {
		h.Fatal(err)
	}
	rows, err = h.s.db.Query(`SELECT state, ruled_at FROM disputes WHERE lar_id = $1 AND ruled_at IS NOT NULL`, lar.ID)
	if err := scanEach(rows, err, func(row scanner) error {
		var state string
		var at int64
		if err := row.Scan(&state, &at); err != nil || !within(at) {
			return err
		}
		if x.Ruled++; state == "upheld" {
			x.Lost++
		}
		return nil
	}); err != nil {
		h.Fatal(err)
	}
	return x
}
