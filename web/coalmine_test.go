package web

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
	"irm/store/storetest"
)

// coalmine is a portal full of canaries.
type coalmine struct {
	*world
	t        *testing.T
	partners map[string]store.LoadedPartner
	lars     map[string]store.LoadedLAR
	more     []canary
}

func (c *coalmine) actors() map[string]string {
	return map[string]string{
		"nobody": "", "alder": "owner@canalder.example", "birch": "owner@canbirch.example", "fir": "owner@canfir.example", "cedar": "owner@cedar.example", "gum": "owner@gum.example",
		"north": "owner@north.example", "north_member": "member@cannorth.example", "south": "owner@south.example", "east": "owner@east.example",
		"manager": "manager@microsoft.example", "administrator": "administrator@microsoft.example",
		"view alder": "manager@microsoft.example", "view north": "manager@microsoft.example",
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
	c.dispute()
	for query, args := range map[string][]any{
		`UPDATE customers SET name = 'Cancanonical Inc.' WHERE name = $1`: {"Canbooked Ltd."},
		`UPDATE partners SET listed = FALSE WHERE name <> $1`:             {"Canlisted"},
		`UPDATE partners SET phone = '555-0111' WHERE name = $1`:          {"Canalder"},
		`UPDATE partners SET phone = '555-0333' WHERE name = $1`:          {"Canfir"},
		`UPDATE partners SET phone = '555-0777', city = 'Canlistedcity', street = 'Canlistedstreet', competencies = 'Cancompetency', website = 'www.canlistedsite.example' WHERE name = $1`: {"Canlisted"},
	} {
		_, err := c.db.Exec(query, args...)
		c.must(err)
	}
	_, err = c.lar("north").LookUpRoster(c.t.Context(), "7700987")
	if !errors.Is(err, influence.ErrNotFound) {
		c.must(err)
	}
	c.askApplicant()
	c.inviteContact()
	c.silence()
	c.suspend()
	c.must(c.store.SealAll(c.t.Context(), key))
}

// silence has the clocks strike so late that what LARs left undone has passed to
// their owners and to Microsoft, with the mails that tell of it.
func (c *coalmine) silence() {
	late := c.store.At(store.Clock{Now: storetest.Clock(), Offset: 23 * 24 * time.Hour, Zone: storetest.Zone()})
	n, err := late.Strike(c.t.Context(), "canary")
	c.must(err)
	if n == 0 {
		c.t.Error("silence brought nothing")
	}
}

// askApplicant has Microsoft ask about an application, and its person answer.
func (c *coalmine) askApplicant() {
	row := storetest.Rows(c.t, c.db, `SELECT a.ref, a.id, m.id FROM applications a JOIN members m ON m.org_id = a.id WHERE a.company = 'Canapplicant'`)[0]
	staff := influence.Actor{MemberID: c.who["manager@microsoft.example"], OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager}
	c.must(c.store.As(staff).AskApplicant(c.t.Context(), row[0], influence.ApplicationQuestion{Text: "Canapplicationquestion"}, 1))
	person := influence.Actor{MemberID: row[2], OrgID: row[1], Role: influence.RoleApplicant, Rank: influence.RankOwner}
	c.must(c.store.As(person).AnswerApplicationQuestion(c.t.Context(), influence.ApplicationAnswer{Text: "Canapplicationanswer"}, 2))
}

// inviteContact has Microsoft send a personal link to a contact that the roster had.
func (c *coalmine) inviteContact() {
	staff := influence.Actor{MemberID: c.who["manager@microsoft.example"], OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager}
	c.must(c.store.As(staff).SendPersonalLink(c.t.Context(), storetest.Texts(c.t, c.db, `SELECT ref FROM partners WHERE name = 'Canroster Systems'`)[0], ""))
	_, err := c.db.Exec(`UPDATE personal_links SET email = 'canformercontact@roster.example'`)
	c.must(err)
}

// suspend keeps out a partner and a LAR that nobody else has to do with.
func (c *coalmine) suspend() {
	operator := c.store.As(influence.Operator())
	at := storetest.Texts(c.t, c.db, `SELECT ref FROM partners WHERE name = 'Canlisted'`)[0]
	p, err := operator.Partner(c.t.Context(), at)
	c.must(err)
	c.must(operator.SuspendPartner(c.t.Context(), at, "Cansuspended", p.Access.Version))
	ref, err := operator.AddLAR(c.t.Context(), store.NewLAR{Slug: "far", Name: "far licensing", Status: influence.LARSigned})
	c.must(err)
	c.must(operator.SuspendLAR(c.t.Context(), ref, "Canlarsuspended", 1))
}

// receipted is what stands on the receipt of a claim and nowhere else.
func (c *coalmine) receipted() []canary {
	ref := storetest.Texts(c.t, c.db, `SELECT ref FROM claims WHERE customer = 'Cansharercustomer'`)[0]
	x, err := c.partner("birch").ClaimReceipt(c.t.Context(), ref)
	c.must(err)
	return []canary{{field: "receipt: hash", forms: []string{x.Hash}, seen: "birch" + bookers}}
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
	for i, p := range [][2]string{{"alder", "Canalder"}, {"birch", "Canbirch"}, {"fir", "Canfir"}, {"cedar", "cedar"}, {"gum", "gum"}, {"roster", "Canroster Systems"}, {"listed", "Canlisted"}} {
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
	for _, a := range append(c.slow(), c.dated(), c.whole()) {
		if err := l.Agreement(a); err != nil {
			return err
		}
	}
	for rank, email := range map[influence.Rank]string{influence.RankManager: "manager@microsoft.example", influence.RankAdministrator: "administrator@microsoft.example"} {
		if err := l.Staff(store.PastMember{Name: "Staff " + string(rank), Email: email, Rank: rank}, at); err != nil {
			return err
		}
	}
	if err := l.Application(store.PastApplication{Company: "Canjoincompany", Name: "Canjoiner", Email: "canjoiner@canalder.example", PartnerNo: c.partners["alder"].No, State: "NH",
		Level: influence.Registered, Why: "Canjoinwhy", At: storetest.Start().AddDate(0, 0, -2)}); err != nil {
		return err
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

// slow are agreements of north's that waited for their decision for years.
func (c *coalmine) slow() (all []store.PastAgreement) {
	for i := range 12 {
		a := c.dated()
		on := influence.DayOf(a.Decisions[0].At, storetest.Zone())
		a.Number, a.Customer = fmt.Sprint("S-", i), "Customer of S"
		a.Orders = []influence.Order{{ID: a.Number, Number: a.Number, Kind: influence.Initial, OrderedOn: "2007-03-19", Cents: 100_00}}
		a.Decisions[0].From, a.Decisions[0].Shares, a.Decisions[0].Waited = influence.Start, nil, influence.AddBusinessDays(on, -1488) // a Saturday
		all = append(all, a)
	}
	return all
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
	c.must(c.lar("north").AskAboutClaim(ctx, draft, c.versionOf("claims", draft), influence.QuestionDraft{Code: "evidence_missing", Note: "Canquestion"}))
	c.must(c.partner("alder").AnswerAboutClaim(ctx, draft, c.versionOf("claims", draft), influence.AnswerDraft{Answer: "Cananswer"}))
	c.must(c.opener().OpenClaims(ctx, draft))
	c.evidence(draft, store.NewEvidence{Name: "Canfilename.txt", Data: []byte("Canfilecontent"), Statement: "Canfileshows"})
	c.evidence(draft, store.NewEvidence{Statement: "Canstatement"})
	submit("birch", "birch", influence.ClaimDraft{LAR: north, AgreementNumber: "cannumber-a", Customer: "Cansharercustomer", CustomerState: "WY", Program: "Enterprise", Seats: "300",
		Amount: "$44,449.61", Kind: "sourced", Note: "We brought it.", Evidence: "Cansharerevidence"})
	withdrawn := submit("alder", "withdrawn", influence.ClaimDraft{LAR: north, AgreementNumber: "C-3", Kind: "training", Note: "Canwithdrawnnote", Evidence: "Canwithdrawnevidence"})
	c.evidence(withdrawn, store.NewEvidence{Name: "Canwithdrawnname.txt", Data: []byte("Canwithdrawnfile"), Statement: "Canwithdrawnshows"})
	c.must(c.partner("alder").WithdrawClaim(ctx, withdrawn, c.versionOf("claims", withdrawn)))
	detached := submit("alder", "detached", influence.ClaimDraft{LAR: north, AgreementNumber: "C-3", Customer: "Detached of C", Kind: "training", Note: "We trained them."})
	c.must(c.lar("north").DetachClaim(ctx, detached, "Candetached", c.versionOf("claims", detached)))
	mine, err := c.partner("alder").SaveDraft(ctx, "", "draft", 0, influence.ClaimDraft{LAR: north, Customer: "Candraftcustomer", Note: "Candraftnote"})
	c.must(err)
	c.evidence(mine, store.NewEvidence{Name: "Candraftname.txt", Data: []byte("Candraftfile")})
	open := influence.ClaimDraft{Customer: "Canintentcustomer", CustomerState: "NH", Program: "Enterprise", Seats: "300", Amount: "$2,000", ExpectedOn: "2007-05-01", Kind: "presales", Note: "Canintentnote", LAR: south}
	submit("alder", "intent", open)
	open.Customer, open.Note, open.LAR = "Canwaitingcustomer", "We wait.", south
	submit("cedar", "waiting", open)
	_, err = c.db.Exec(`UPDATE connections SET note = 'Canconnectionnote' WHERE state = 'asked'`)
	c.must(err)
	open.Customer, open.CustomerState, open.Note, open.LAR = "Canmatch Corp", "VT", "We know them.", north
	submit("alder", "match", open)
}

// opener is one of north who does no more than open a claim of alder.
func (c *coalmine) opener() store.Session {
	_, err := c.store.As(influence.Operator()).AddMember(c.t.Context(), store.NewMember{Kind: "lar", LARSlug: "north", Email: "opener@north.example", Name: "Olive Canopener"})
	c.must(err)
	id := storetest.Texts(c.t, c.db, `SELECT id FROM members WHERE email = 'opener@north.example'`)[0]
	return c.store.As(influence.Actor{MemberID: id, OrgID: c.lars["north"].ID, Role: influence.RoleLAR, Rank: influence.RankMember})
}

// evidence is added to a claim of alder.
func (c *coalmine) evidence(ref string, e store.NewEvidence) {
	_, err := c.partner("alder").AddEvidence(c.t.Context(), ref, c.versionOf("claims", ref), e)
	c.must(err)
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

// dispute has alder dispute the decision on A, the LAR and birch answer, and a
// manager dismiss it: the decision stands.
func (c *coalmine) dispute() {
	ctx, day := c.t.Context(), 24*time.Hour
	later := *c
	at := func(d time.Duration) {
		later.world = &world{portal: &portal{store: c.store.At(store.Clock{Now: storetest.Clock(), Zone: storetest.Zone(), Offset: d})}, db: c.db}
	}
	claim := storetest.Texts(c.t, c.db, `SELECT ref FROM claims WHERE customer = 'Canclaimcustomer'`)[0]
	at(time.Hour)
	ref, err := later.partner("alder").OpenDispute(ctx, claim, c.versionOf("claims", claim), influence.DisputeDraft{Reason: "Candisputereason", Evidence: "Candisputeevidence"})
	c.must(err)
	c.must(later.lar("north").AnswerDispute(ctx, ref, 1, "Canlaranswer"))
	c.must(later.partner("birch").AnswerDispute(ctx, ref, 2, "Canholderanswer"))
	at(9 * day)
	staff := influence.Actor{MemberID: storetest.Texts(c.t, c.db, `SELECT id FROM members WHERE email = 'manager@microsoft.example'`)[0], OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager}
	if _, err := c.db.ExecContext(ctx, `UPDATE agreements SET cents = cents + 100000000 WHERE id = (SELECT agreement_id FROM disputes WHERE ref = $1)`, ref); err != nil {
		c.t.Fatal(err) // as if it were an agreement of much revenue
	}
	draft := influence.RulingDraft{Outcome: "dismissed", Reason: "Canproposed"}
	_, err = later.store.As(staff).RuleDispute(ctx, ref, 3, draft)
	c.must(err)
	c.must(later.store.As(influence.Operator()).AnswerProposal(ctx, ref, 4, influence.Approval{Answer: "return", Sentence: "Cansentback"}))
	if _, err := c.db.ExecContext(ctx, `UPDATE agreements SET cents = cents - 100000000 WHERE id = (SELECT agreement_id FROM disputes WHERE ref = $1)`, ref); err != nil {
		c.t.Fatal(err)
	}
	draft.Reason = "Canruling"
	_, err = later.store.As(staff).RuleDispute(ctx, ref, 5, draft)
	c.must(err)
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
