package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"irm/influence"
	"irm/store"
	"irm/store/storetest"

	"github.com/PuerkitoBio/goquery"
)

// canary is a value that stands in one field and nowhere else, and who is to
// find it: the whole portal is searched by each, and nobody finds more or less.
type canary struct {
	field string
	forms []string // how it may be written
	seen  string   // the actors
}

// The actors of the table of sight: alder has a claim on the agreement (and an
// intent with south), birch and fir share the decision, cedar is another partner,
// gum had a share in a decision that was undone; north booked the agreement,
// south is connected with alder, east is another LAR.
const (
	everyStaff = " manager administrator"
	bookers    = " north north_member" + everyStaff
)

// table is sight.md's, field by field, for what the portal has so far.
func table() []canary {
	word := func(field, word, seen string) canary { return canary{field, []string{word}, seen} }
	money := func(field, whole, seen string) canary {
		return canary{field, []string{whole, strings.ReplaceAll(whole, ",", "")}, seen}
	}
	return []canary{
		word("agreement: number", "CANNUMBERA", "alder birch fir"+bookers),
		word("customer: as the booking LAR reported it", "Canbooked", "birch fir"+bookers),
		word("customer: canonical name", "Cancanonical", everyStaff),
		{"agreement: signed on", []string{"2007-02-11", "11 Feb 2007", "39124"}, "birch fir" + bookers},
		money("agreement: seats", "48,173", "birch fir"+bookers),
		money("agreement: total revenue", "166,739", "birch fir"+bookers),
		word("order: number", "CANORDERONE", "birch fir"+bookers),
		{"order: date", []string{"2007-02-13", "13 Feb 2007", "39126"}, "birch fir" + bookers},
		money("order: amount", "75,311", "birch fir"+bookers),
		word("order with a part: number", "CANPARTED", "birch"+bookers),
		money("order with a part: amount", "53,917", "birch"+bookers),
		word("order without a part: number", "CANPARTLESS", bookers),
		{"order without a part: date", []string{"2007-02-19", "19 Feb 2007", "39132"}, bookers},
		money("order without a part: amount", "62,718", bookers),
		money("agreement with such an order: total revenue", "116,635", bookers),
		money("share: cents of one", "54,856", "birch"+bookers),
		money("share: cents of the other", "36,571", "fir"+bookers),
		{"figures of a partner with one LAR", []string{"67,713", "67713", "67.7"}, "alder" + bookers},
		word("decision: note to the claims it answered", "Candecisionnote", "alder birch"+bookers),
		word("decision: who decided", "Candecider", "alder birch fir"+bookers),
		word("undone decision: note", "Canundonenote", bookers),

		word("claim of one with a claim: customer", "Canclaimcustomer", "alder"+bookers),
		word("claim of one with a claim: note", "Canclaimnote", "alder"+bookers),
		word("claim of one with a claim: evidence", "Canclaimevidence", "alder"+bookers),
		money("claim of one with a claim: estimate", "33,338", "alder"+bookers),
		money("claim of one with a claim: seats", "51,239", "alder"+bookers),
		word("claim of one with a share: customer", "Cansharercustomer", "birch"+bookers),
		word("claim of one with a share: evidence", "Cansharerevidence", "birch"+bookers),
		money("claim of one with a share: estimate", "44,449", "birch"+bookers),
		word("withdrawn claim: note", "Canwithdrawnnote", "alder"+bookers),
		word("withdrawn claim: evidence", "Canwithdrawnevidence", "alder"+everyStaff),
		word("draft: customer", "Candraftcustomer", "alder"),
		word("draft: note", "Candraftnote", "alder"),
		word("draft that was changed before it was submitted: note", "Canfirstdraft", ""),
		word("intent: customer", "Canintentcustomer", "alder south"+everyStaff),
		word("intent: note", "Canintentnote", "alder south"+everyStaff),
		word("claim that waits for its connection: customer", "Canwaitingcustomer", "cedar"+everyStaff),
		word("suggested agreement: number", "CANNUMBERB", bookers),
		word("suggested agreement: reasons", "‘Canmatch Corporation’", bookers),

		word("claimant: company", "Canalder", "alder south"+bookers),
		word("claimant: partner ID", "7700111", "alder south"+bookers),
		word("sharer: company", "Canbirch", "birch fir"+bookers),
		word("sharer: partner ID", "7700222", "birch"+bookers),
		word("co-holder: company", "Canfir", "birch fir"+bookers),
		word("co-holder: partner ID", "7700333", "fir"+everyStaff),
		word("claimant: work e-mail", "owner@canalder.example", "alder south"+bookers),
		word("claimant: phone", "555-0111", "alder south"+bookers),
		word("co-holder: work e-mail", "owner@canfir.example", "fir"+everyStaff),
		word("co-holder: phone", "555-0333", "fir"+everyStaff),
		word("connection: note", "Canconnectionnote", "cedar south"+everyStaff),
		word("application: company", "Canapplicant", everyStaff),
		word("application: why it waits", "Canapplicationwhy", everyStaff),
		word("roster: contact", "Canrostercontact", everyStaff),
		word("roster only: company", "Canroster Systems", everyStaff),

		word("report: row of a refused line", "Canrawcell", " north north_member"),
		word("report: what a refused line's reason repeats", "Canreason", " north north_member"),
		word("report: why a line was refused", "is not a date", bookers),
		word("line held for another's agreement: order", "CANHELDORDER", "south"+everyStaff),
		money("line held for another's agreement: amount", "88,123", "south"+everyStaff),
		word("team: another member of the LAR", "member@cannorth.example", " north north_member"+everyStaff),
	}
}

// notBuilt are the fields of the table of sight that the portal does not have
// yet, with how a table, column or address of theirs would be called.
func notBuilt() map[string]string {
	return map[string]string{
		"thread of questions and answers": "thread", "internal notes": "internal", "assignee": "assignee", "seen-by list": "seen_by", "offer: is this yours": "offer",
		"evidence files": "evidence_file", "compensation": "compensation", "rate card": "rate", "payments": "payment", "dispute": "dispute", "ruling": "ruling",
		"receipt of one's own entries": "receipt", "standing in a scheme": "scheme", "funds": "fund", "service record": "service", "merge of customers": "merge",
		"LAR move": "move_request", "team activity": "activity", "view as": "view_as",
	}
}

// TestCanaries: for each actor the canaries found over all pages, lists, files,
// search hits, errors and own mails are those of the table, no more and no less.
func TestCanaries(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		w := &world{portal: bare(t, dsn, Config{}), db: storetest.Behind(t, dsn)}
		c := &coalmine{world: w, t: t, partners: map[string]store.LoadedPartner{}, lars: map[string]store.LoadedLAR{}}
		c.fill()
		w.find(t)
		found := map[string]map[string]string{} // actor, field, where
		for actor, email := range c.actors() {
			found[actor] = c.search(actor, email)
		}
		for _, x := range table() {
			for _, actor := range slices.Sorted(maps.Keys(found)) {
				where, sees := found[actor][x.field]
				may := slices.Contains(strings.Fields(x.seen), actor)
				switch {
				case sees && !may:
					t.Errorf("%s finds %s, at %s", actor, x.field, where)
				case !sees && may:
					t.Errorf("%s does not find %s", actor, x.field)
				}
			}
		}
	})
}

// TestNotBuiltIsNotThere: a field on the list is neither stored nor has a page.
// Whoever builds it gives it a canary.
func TestNotBuiltIsNotThere(t *testing.T) {
	db := storetest.Behind(t, databases.SQLite(t))
	var names []string
	for _, table := range storetest.Tables(t, db) {
		names = append(names, table)
		for _, column := range storetest.Texts(t, db, `SELECT name FROM pragma_table_info('`+table+`')`) {
			names = append(names, table+"."+column)
		}
	}
	for _, r := range new(server).routes() {
		names = append(names, r.path)
	}
	for field, part := range notBuilt() {
		for _, name := range names {
			for _, word := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("/.:-", r) }) {
				if strings.HasPrefix(word, part) || strings.Contains(word, "_"+part) {
					t.Errorf("%s is on the list of what is not built, and there is %s", field, name)
				}
			}
		}
	}
}

// coalmine is a portal full of canaries.
type coalmine struct {
	*world
	t        *testing.T
	partners map[string]store.LoadedPartner
	lars     map[string]store.LoadedLAR
}

func (c *coalmine) actors() map[string]string {
	return map[string]string{
		"nobody": "", "alder": "owner@canalder.example", "birch": "owner@canbirch.example", "fir": "owner@canfir.example", "cedar": "owner@cedar.example", "gum": "owner@gum.example",
		"north": "owner@north.example", "north_member": "member@cannorth.example", "south": "owner@south.example", "east": "owner@east.example",
		"manager": "manager@microsoft.example", "administrator": "administrator@microsoft.example",
	}
}

// must fails the test on an error.
func (c *coalmine) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *coalmine) fill() {
	key, _, err := c.store.Signer(c.t.Context())
	c.must(err)
	c.must(c.store.Load(c.t.Context(), key, c.companies))
	c.member()
	c.agreements()
	c.claims()
	c.reports()
	c.decide()
	for query, args := range map[string][]any{
		`UPDATE customers SET name = 'Cancanonical Inc.' WHERE name = $1`: {"Canbooked Ltd."},
		`UPDATE partners SET listed = FALSE WHERE name <> $1`:             {"nobody"},
		`UPDATE partners SET phone = '555-0111' WHERE name = $1`:          {"Canalder"},
		`UPDATE partners SET phone = '555-0333' WHERE name = $1`:          {"Canfir"},
		`UPDATE agreements SET version = version WHERE number = $1`:       {"none"},
	} {
		_, err := c.db.Exec(query, args...)
		c.must(err)
	}
}

func (c *coalmine) companies(l *store.Loader) error {
	at := storetest.Start().AddDate(0, -6, 0)
	for _, slug := range []string{"north", "south", "east"} {
		made, err := l.LAR(store.PastLAR{Slug: slug, Name: slug + " licensing", Status: influence.LARReady, At: at,
			Member: store.PastMember{Name: "Owner of " + slug, Email: "owner@" + slug + ".example", Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		c.lars[slug] = made
	}
	for i, p := range [][2]string{{"alder", "Canalder"}, {"birch", "Canbirch"}, {"fir", "Canfir"}, {"cedar", "cedar"}, {"gum", "gum"}, {"roster", "Canroster Systems"}} {
		email := "owner@" + strings.ToLower(p[1]) + ".example"
		if p[0] == "roster" {
			email = "canrostercontact@roster.example"
		}
		made, err := l.Partner(store.PastPartner{Name: p[1], No: fmt.Sprintf("7700%d", 111*(i+1)), State: "NH", City: "Concord", Level: influence.Certified, Enrolled: p[0] != "roster",
			At: at.AddDate(0, 1, i), Member: store.PastMember{Name: "Owner of " + p[0], Email: email, Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		c.partners[p[0]] = made
	}
	for _, pair := range [][2]string{{"alder", "north"}, {"alder", "south"}, {"birch", "north"}, {"gum", "north"}} {
		if err := l.Connection(c.partners[pair[0]], c.lars[pair[1]], influence.ConnectionAccepted, at.AddDate(0, 2, 0)); err != nil {
			return err
		}
	}
	for _, a := range []store.PastAgreement{c.dated(), c.whole()} {
		if err := l.Agreement(a); err != nil {
			return err
		}
	}
	for rank, email := range map[influence.Rank]string{influence.RankManager: "manager@microsoft.example", influence.RankAdministrator: "administrator@microsoft.example"} {
		if err := l.Staff(store.PastMember{Name: "Staff " + string(rank), Email: email, Rank: rank}, at); err != nil {
			return err
		}
	}
	return l.Application(store.PastApplication{Company: "Canapplicant", Name: "Applicant", Email: "owner@applicant.example", PartnerNo: "770999", State: "NH",
		Level: influence.Registered, Why: "Canapplicationwhy", At: storetest.Start().AddDate(0, 0, -3)})
}

// dated is an agreement of which birch has a part from a day on: of its second
// order, and not of its first.
func (c *coalmine) dated() store.PastAgreement {
	at := storetest.Start().AddDate(0, 0, -10)
	birch, north := c.partners["birch"], c.lars["north"]
	return store.PastAgreement{Number: "D-4", Customer: "Customer of D", State: "MT", LAR: north.ID, Member: north.MemberID, Program: influence.Enterprise, Seats: 300, SignedOn: "2007-02-18", At: at,
		Orders: []influence.Order{{ID: "CANPARTLESS", Number: "CANPARTLESS", Kind: influence.Initial, OrderedOn: "2007-02-19", Cents: 6_271_843},
			{ID: "CANPARTED", Number: "CANPARTED", Kind: influence.TrueUp, OrderedOn: "2007-03-19", Cents: 5_391_721}},
		Decisions: []store.PastDecision{{At: at.AddDate(0, 0, 1), Member: north.MemberID, Basis: influence.Desk, From: "2007-03-10",
			Shares: []influence.Share{{PartnerID: birch.ID, PartnerNo: birch.No, Points: 10_000, Kind: influence.Presales, Primary: true}}}}}
}

// whole is an agreement of north's that is all alder's: south, which is connected
// with alder too, must not find it in alder's figures.
func (c *coalmine) whole() store.PastAgreement {
	a := c.dated()
	alder := c.partners["alder"]
	a.Number, a.Customer, a.State = "F-6", "Customer of F", "ID"
	a.Orders = []influence.Order{{ID: "F-6-1", Number: "F-6-1", Kind: influence.Initial, OrderedOn: "2007-04-02", Cents: 6_771_355}}
	a.Decisions[0].From = influence.Start
	a.Decisions[0].Shares = []influence.Share{{PartnerID: alder.ID, PartnerNo: alder.No, Points: 10_000, Kind: influence.Presales, Primary: true}}
	return a
}

// member adds the one who decides for north.
func (c *coalmine) member() {
	_, err := c.store.As(influence.Operator()).AddMember(c.t.Context(), store.NewMember{Kind: "lar", LARSlug: "north", Email: "member@cannorth.example", Name: "Dora Candecider"})
	c.must(err)
}

func (c *coalmine) lar(slug string) store.Session {
	l := c.lars[slug]
	return c.store.As(influence.Actor{MemberID: l.MemberID, OrgID: l.ID, Role: influence.RoleLAR, Rank: influence.RankOwner, OrgName: l.Name})
}

func (c *coalmine) partner(name string) store.Session {
	p := c.partners[name]
	return c.store.As(influence.Actor{MemberID: p.MemberID, OrgID: p.ID, Role: influence.RolePartner, Rank: influence.RankOwner, OrgName: p.Name})
}

// agreements are A, which everybody has to do with; B, which a claim may belong
// to; and C, of which a claim was withdrawn.
func (c *coalmine) agreements() {
	ctx, north := c.t.Context(), c.lar("north")
	order := influence.OrderDraft{OrderNumber: "CANORDERONE", OrderKind: "initial", OrderedOn: "2007-02-13", Amount: "$75,311.19"}
	ref, err := north.EnterAgreement(ctx, "a", influence.AgreementDraft{AgreementNumber: "CANNUMBERA", Program: "Enterprise", Customer: "Canbooked Ltd.", CustomerState: "WY",
		Seats: "48173", SignedOn: "2007-02-11", OrderDraft: order})
	c.must(err)
	p, err := north.Agreement(ctx, ref)
	c.must(err)
	c.must(north.EnterOrder(ctx, ref, p.Full.Version, influence.OrderDraft{OrderNumber: "CANORDERTWO", OrderKind: "true-up", OrderedOn: "2007-03-15", Amount: "$91,427.83"}))
	for _, a := range [][3]string{{"CANNUMBERB", "Canmatch Corporation", "VT"}, {"C-3", "Customer of C", "ME"}} {
		_, err := north.EnterAgreement(ctx, a[0], influence.AgreementDraft{AgreementNumber: a[0], Program: "Enterprise", Customer: a[1], CustomerState: a[2], Seats: "300", SignedOn: "2007-03-01",
			OrderDraft: influence.OrderDraft{OrderNumber: a[0] + "-1", OrderKind: "initial", OrderedOn: "2007-03-02", Amount: "$1,000"}})
		c.must(err)
	}
}

func (c *coalmine) claims() {
	ctx := c.t.Context()
	submit := func(by, key string, d influence.ClaimDraft) string {
		ref, err := c.partner(by).SubmitClaim(ctx, "", key, 0, d)
		c.must(err)
		return ref
	}
	north, south := c.lars["north"].Ref, c.lars["south"].Ref
	first := influence.ClaimDraft{LAR: north, AgreementNumber: "CANNUMBERA", Customer: "Canclaimcustomer", CustomerState: "WY", Program: "Enterprise", Seats: "51239", Amount: "$33,338.77",
		Kind: "presales", Note: "Canfirstdraft", Evidence: "Canclaimevidence"}
	draft, err := c.partner("alder").SaveDraft(ctx, "", "first", 0, first)
	c.must(err)
	first.Note = "Canclaimnote"
	_, err = c.partner("alder").SubmitClaim(ctx, draft, "second", 1, first)
	c.must(err)
	submit("birch", "birch", influence.ClaimDraft{LAR: north, AgreementNumber: "cannumber-a", Customer: "Cansharercustomer", CustomerState: "WY", Program: "Enterprise", Seats: "300",
		Amount: "$44,449.61", Kind: "sourced", Note: "We brought it.", Evidence: "Cansharerevidence"})
	withdrawn := submit("alder", "withdrawn", influence.ClaimDraft{LAR: north, AgreementNumber: "C-3", Kind: "training", Note: "Canwithdrawnnote", Evidence: "Canwithdrawnevidence"})
	c.must(c.partner("alder").WithdrawClaim(ctx, withdrawn, c.versionOf("claims", withdrawn)))
	_, err = c.partner("alder").SaveDraft(ctx, "", "draft", 0, influence.ClaimDraft{LAR: north, Customer: "Candraftcustomer", Note: "Candraftnote"})
	c.must(err)
	open := influence.ClaimDraft{Customer: "Canintentcustomer", CustomerState: "NH", Program: "Enterprise", Seats: "300", Amount: "$2,000", ExpectedOn: "2007-05-01", Kind: "presales", Note: "Canintentnote", LAR: south}
	submit("alder", "intent", open)
	open.Customer, open.Note, open.LAR = "Canwaitingcustomer", "We wait.", south
	submit("cedar", "waiting", open)
	_, err = c.db.Exec(`UPDATE connections SET note = 'Canconnectionnote' WHERE state = 'asked'`)
	c.must(err)
	open.Customer, open.CustomerState, open.Note, open.LAR = "Canmatch Corp", "VT", "We know them.", north
	submit("alder", "match", open)
}

func (c *coalmine) versionOf(table, ref string) int64 { return atoi(c.version(c.t, table, ref)) }

// reports are north's with a refused row, and south's that names north's agreement.
func (c *coalmine) reports() {
	const head = "agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on,amount\n"
	for slug, text := range map[string]string{
		"north": head + "N-9,Enterprise,Customer of N,NH,300,2007-03-01,N-9-1,initial,2007-03-02,1000\nN-9,Enterprise,Canrawcell,NH,300,2007-03-01,N-9-2,initial,Canreason,1000\n",
		"south": head + "CANNUMBER-A,Enterprise,Somebody,NH,300,2007-03-01,CANHELDORDER,true-up,2007-03-02,\"$88,123.45\"\n",
	} {
		c.must(spooled(text, func(path string) error {
			v, ctx := c.lar(slug), c.t.Context()
			ref, err := v.UploadReport(ctx, slug+".csv", path, nil)
			if err != nil {
				return err
			}
			job, err := v.CommitReport(ctx, ref, c.versionOf("reports", ref))
			if err != nil {
				return err
			}
			return c.store.RunJob(ctx, job, nil)
		}))
	}
}

// decide gives gum everything, undoes that, and gives birch and fir their shares.
func (c *coalmine) decide() {
	ctx := c.t.Context()
	member := storetest.Texts(c.t, c.db, `SELECT id FROM members WHERE email = 'member@cannorth.example'`)[0]
	v := c.store.As(influence.Actor{MemberID: member, OrgID: c.lars["north"].ID, Role: influence.RoleLAR, Rank: influence.RankMember})
	ref := storetest.Texts(c.t, c.db, `SELECT ref FROM agreements WHERE number = 'CANNUMBERA'`)[0]
	share := func(name string, points int64, primary bool) influence.Share {
		return influence.Share{PartnerNo: c.partners[name].No, Points: points, Kind: influence.Presales, Primary: primary}
	}
	wrong, err := v.Decide(ctx, ref, influence.DecisionDraft{Version: c.versionOf("agreements", ref), Code: "duplicate", Note: "Canundonenote", Shares: []influence.Share{share("gum", 10_000, true)}})
	c.must(err)
	c.must(v.UndoDecision(ctx, ref, wrong, c.versionOf("agreements", ref)))
	_, err = v.Decide(ctx, ref, influence.DecisionDraft{Version: c.versionOf("agreements", ref), Code: "influence_not_shown", Note: "Candecisionnote",
		Shares: []influence.Share{share("birch", 6_000, true), share("fir", 4_000, false)}})
	c.must(err)
}

// search goes through the whole portal as an actor, and says where it found what.
func (c *coalmine) search(actor, email string) map[string]string {
	found := map[string]string{}
	look := func(where, text string) {
		for _, x := range table() {
			for _, form := range x.forms {
				if _, known := found[x.field]; !known && holds(text, form) {
					found[x.field] = where
				}
			}
		}
	}
	cookie := ""
	if email != "" {
		cookie = c.cookie(c.t, c.who[email])
	}
	c.walk(cookie, look)
	c.hits(cookie, look)
	c.trip(cookie, look)
	for _, m := range storetest.Rows(c.t, c.db, `SELECT o.id, o.subject || ' ' || o.body FROM outbox o JOIN members m ON m.id = o.member_id WHERE m.email = $1 AND o.dropped_at IS NULL`, email) {
		look("mail", m[1])
	}
	return found
}

// holds reports whether a text has a form; a number only as a whole one.
func holds(text, form string) bool {
	if form[0] < '0' || form[0] > '9' {
		return strings.Contains(strings.ToLower(text), strings.ToLower(form))
	}
	for from := 0; ; {
		i := strings.Index(text[from:], form)
		if i < 0 {
			return false
		}
		at, end := from+i, from+i+len(form)
		if (at == 0 || !digit(text[at-1])) && (end == len(text) || !digit(text[end])) {
			return true
		}
		from = end
	}
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// walk opens every page: each route with each reference there is, and whatever
// the pages lead to.
func (c *coalmine) walk(cookie string, look func(where, text string)) {
	var next []string
	for _, r := range new(server).routes() {
		if r.method != "GET" {
			continue
		}
		i := strings.Index(r.path, ":")
		if i < 0 {
			next = append(next, r.path)
			continue
		}
		for _, ref := range c.things {
			next = append(next, strings.Replace(r.path, r.path[i:i+len(":"+strings.SplitN(r.path[i+1:], "/", 2)[0])], ref, 1))
		}
	}
	for _, ref := range c.things {
		next = append(next, "/inbox?at="+ref)
	}
	seen := map[string]bool{}
	for followed := 0; len(next) > 0; {
		path := next[0]
		next = next[1:]
		if seen[path] || path == "/signout" || strings.HasPrefix(path, "/help/") {
			continue
		}
		seen[path] = true
		got := c.ask(c.t, cookie, "GET", path, "", nil)
		if got.status >= 500 {
			c.t.Errorf("%s: status %d", path, got.status)
		}
		look(path, unpacked(got.text)+" "+got.to)
		if got.status == 200 && !got.file && followed < 250 {
			for _, to := range links(got.text) {
				if !seen[to] {
					followed++
					next = append(next, to)
				}
			}
		}
	}
}

// links are where a page leads to within the portal.
func links(page string) (all []string) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return nil
	}
	doc.Find("a[href^='/']").Each(func(_ int, s *goquery.Selection) {
		to, _, _ := strings.Cut(s.AttrOr("href", ""), "#")
		all = append(all, to)
	})
	return all
}

// unpacked is the text of a workbook, or the text as it is.
func unpacked(text string) string {
	if !strings.HasPrefix(text, "PK\x03\x04") {
		return text
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(text)), int64(len(text)))
	if err != nil {
		return text
	}
	var all strings.Builder
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets") && !strings.HasPrefix(f.Name, "xl/sharedStrings") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		io.Copy(&all, r) //nolint:gosec // our own file
		r.Close()
	}
	return all.String()
}

// hits searches each list for each canary: a row that comes is a sighting.
func (c *coalmine) hits(cookie string, look func(where, text string)) {
	for _, list := range []string{"/agreements.json", "/claims.json", "/partners.json", "/customers.json", "/roster.json"} {
		for _, x := range table() {
			path := list + "?q=" + url.QueryEscape(x.forms[0])
			got := c.ask(c.t, cookie, "GET", path, "", nil)
			if got.status == 200 && strings.Contains(got.text, `"ref"`) {
				look(path, x.forms[0])
			}
		}
	}
}

// trip makes mistakes: what an error says is a sighting too. What was typed is
// shown again and is none.
func (c *coalmine) trip(cookie string, look func(where, text string)) {
	order := url.Values{"order_number": {"T-1"}, "order_kind": {"initial"}, "ordered_on": {"2007-03-02"}, "amount": {"$1"}, "program": {"Enterprise"}, "customer": {"T"},
		"customer_state": {"NH"}, "seats": {"300"}, "signed_on": {"2007-03-01"}, "key": {"t"}, "agreement_number": {"CANNUMBERA"}}
	claim := url.Values{"lar": {c.lars["north"].Ref}, "agreement_number": {"CANNUMBERB"}, "kind": {"presales"}, "note": {"T"}, "key": {"t"}, "program": {"none"}}
	for path, fields := range map[string]url.Values{"/agreements": order, "/claims": claim} {
		kind, body := formBody(fields)
		got := c.ask(c.t, cookie, "POST", path, kind, body)
		if got.status == 303 {
			c.t.Errorf("%s took what is wrong", path)
		}
		look("error of "+path, strings.ReplaceAll(got.text, fields.Get("agreement_number"), ""))
	}
	for _, ref := range c.things {
		for _, path := range []string{"/agreements/" + ref + "/decide", "/agreements/" + ref + "/orders", "/claims/" + ref, "/claims/" + ref + "/withdraw", "/reports/" + ref + "/commit"} {
			kind, body := formBody(url.Values{"version": {"0"}, "partner_id": {"1"}, "share": {"300"}, "kind": {"none"}})
			look("error of "+path, c.ask(c.t, cookie, "POST", path, kind, body).text)
		}
	}
}
