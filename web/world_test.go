package web

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
	"irm/store/storetest"
)

// world is a portal with one thing of each kind for each of those who may, and
// may not, have to do with it. Who and what are found by the names below.
type world struct {
	*portal
	asking string            // address of the role that was signed in last
	db     *sql.DB           // behind the portal's back
	who    map[string]string // to the member's id
	things map[string]string // to what stands in an address
	cells  *cells            // where answers are counted, or nil
}

// worlds are what every test of permissions has a fresh copy of.
var worlds = storetest.New(fillWorld)

const worldPassword = "seven green kettles sing"

// newWorld opens a copy.
func newWorld(t *testing.T, dsn string) *world {
	t.Helper()
	w := &world{portal: bare(t, dsn, Config{BaseURL: "http://localhost"}), db: storetest.Behind(t, dsn)}
	w.store.RequireSecondFactor()
	w.find(t)
	return w
}

// find reads who and what there is.
func (w *world) find(t testing.TB) {
	t.Helper()
	w.who, w.things = map[string]string{}, map[string]string{"missing": "XXX-000000"}
	for _, row := range storetest.Rows(t, w.db, `SELECT email, id FROM members`) {
		w.who[row[0]] = row[1]
	}
	for kind, query := range map[string]string{
		"":           `SELECT number, ref FROM agreements`,
		"claim ":     `SELECT customer, ref FROM claims`,
		"dispute ":   `SELECT a.number, dp.ref FROM disputes dp JOIN agreements a ON a.id = dp.agreement_id`,
		"file ":      `SELECT c.customer, f.ref FROM evidence_files f JOIN claims c ON c.id = f.claim_id WHERE f.kind <> ''`,
		"report ":    `SELECT file_name, ref FROM reports`,
		"lar ":       `SELECT slug, ref FROM lars`,
		"partner ":   `SELECT name, ref FROM partners`,
		"asked ":     `SELECT p.name, n.ref FROM connections n JOIN partners p ON p.id = n.partner_id WHERE n.state = 'asked'`,
		"connected ": `SELECT p.name, n.ref FROM connections n JOIN partners p ON p.id = n.partner_id JOIN lars l ON l.id = n.lar_id WHERE n.state = 'accepted' AND l.slug = 'north'`,
		"with ":      `SELECT company, ref FROM applications`,
		"job ":       `SELECT r.file_name, j.ref FROM jobs j JOIN reports r ON r.id = j.subject`,
		"passkey ":   `SELECT name, ref FROM passkeys`,
		"member ":    `SELECT email, ref FROM members`,
		"notice ":    `SELECT m.email, o.id FROM outbox o JOIN members m ON m.id = o.member_id WHERE o.kind = 'connections'`,
		"decision ":  `SELECT a.number, d.ref FROM decisions d JOIN agreements a ON a.id = d.agreement_id`,
	} {
		for _, row := range storetest.Rows(t, w.db, query) {
			w.things[kind+row[0]] = row[1]
		}
	}
	w.receipts(t)
}

// receipts finds the hash of each receipt there is.
func (w *world) receipts(t testing.TB) {
	t.Helper()
	v := w.store.As(influence.Operator())
	for _, row := range storetest.Rows(t, w.db, `SELECT customer, ref FROM claims WHERE state = 'confirmed'`) {
		x, err := v.ClaimReceipt(t.Context(), row[1])
		if err != nil {
			t.Fatal(err)
		}
		w.things["receipt "+row[0]] = x.Hash
	}
}

// version is what a form that changes the thing carries.
func (w *world) version(t testing.TB, table, ref string) string {
	t.Helper()
	got := storetest.Texts(t, w.db, `SELECT version FROM `+table+` WHERE ref = $1`, ref)
	if len(got) == 0 {
		return "1"
	}
	return got[0]
}

// fillWorld fills an empty database.
func fillWorld(ctx context.Context, dsn string) error {
	if _, err := store.Migrate(ctx, dsn, false); err != nil {
		return err
	}
	s, err := store.Open(ctx, dsn, store.Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
	if err != nil {
		return err
	}
	m := &making{ctx: ctx, s: s}
	for _, step := range []func() error{m.companies, m.people, m.agreements, m.claims, m.disputes, m.lowered, m.left, m.fitting, m.decisions, m.reports, m.roster, m.passkey, m.seal} {
		if err := step(); err != nil {
			s.Close()
			return err
		}
	}
	return s.Close()
}

// making is a world while it is made.
type making struct {
	ctx          context.Context
	s            *store.Store
	hash         string
	north, south store.LoadedLAR
	partners     map[string]store.LoadedPartner
	ago          time.Duration // how long before the portal opens it happens
}

func (m *making) companies() (err error) {
	if m.hash, err = newHashing().hash(m.ctx, worldPassword); err != nil {
		return err
	}
	key, _, err := m.s.Signer(m.ctx)
	if err != nil {
		return err
	}
	return m.s.Load(m.ctx, key, m.load)
}

func (m *making) load(l *store.Loader) error {
	at := storetest.Start().AddDate(0, -6, 0)
	m.partners = map[string]store.LoadedPartner{}
	for slug, lar := range map[string]*store.LoadedLAR{"north": &m.north, "south": &m.south} {
		made, err := l.LAR(store.PastLAR{Slug: slug, Name: slug + " licensing", Status: influence.LARReady, At: at,
			Member: store.PastMember{Name: "Owner of " + slug, Email: "owner@" + slug + ".example", Password: m.hash, Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		*lar = made
	}
	for i, name := range []string{"alder", "birch", "cedar", "elm", "dogwood"} {
		made, err := l.Partner(store.PastPartner{Name: name, No: []string{"10001", "10002", "10003", "10005", "10004"}[i], State: "NH", City: "Concord",
			Level: influence.Certified, Enrolled: name != "dogwood", At: at.AddDate(0, 1, i),
			Member: store.PastMember{Name: "Owner of " + name, Email: "owner@" + name + ".example", Password: m.hash, Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		m.partners[name] = made
	}
	for name, lar := range map[string]store.LoadedLAR{"alder": m.north, "birch": m.north, "elm": m.north, "cedar": m.south} {
		if err := l.Connection(m.partners[name], lar, influence.ConnectionAccepted, at.AddDate(0, 2, 0)); err != nil {
			return err
		}
	}
	for rank, email := range map[influence.Rank]string{influence.RankManager: "manager@microsoft.example", influence.RankAdministrator: "administrator@microsoft.example"} {
		if err := l.Staff(store.PastMember{Name: "Staff " + string(rank), Email: email, Password: m.hash, Rank: rank}, at); err != nil {
			return err
		}
	}
	if err := l.Application(store.PastApplication{Company: "oak", Name: "Applicant of oak", Email: "owner@oak.example", PartnerNo: "10001", State: "NH",
		Level: influence.Certified, Why: "alder is enrolled already: the person asks to join it.", At: storetest.Start().AddDate(0, 0, -2)}); err != nil {
		return err
	}
	return l.Application(store.PastApplication{Company: "fir", Name: "Applicant of fir", Email: "owner@fir.example", PartnerNo: "10006", State: "NH",
		Level: influence.Registered, Why: "Registered partners are looked at by a partner manager.", At: storetest.Start().AddDate(0, 0, -3)})
}

// people adds second members, by the links that the operator sends.
func (m *making) people() error {
	for _, n := range []store.NewMember{
		{Kind: "lar", LARSlug: "north", Email: "member@north.example", Name: "Member of north"},
		{Kind: "partner", PartnerNo: "10001", Email: "member@alder.example", Name: "Member of alder"},
		{Kind: "partner", PartnerNo: "10001", Email: "removed@alder.example", Name: "Removed of alder"},
		{Kind: "partner", PartnerNo: "10001", Email: "suspended@alder.example", Name: "Suspended of alder"},
		{Kind: "partner", PartnerNo: "10001", Email: "second@alder.example", Name: "Second of alder"},
	} {
		link, err := m.s.As(influence.Operator()).AddMember(m.ctx, n)
		if err != nil {
			return err
		}
		if _, err := m.s.As(influence.Actor{}).ChoosePassword(m.ctx, "invite", link, m.hash); err != nil {
			return err
		}
	}
	return m.team()
}

// team makes a second owner of alder, and invites one more.
func (m *making) team() error {
	all, err := m.partner("alder").Team(m.ctx)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Email == "second@alder.example" {
			if err := m.partner("alder").PromoteMember(m.ctx, x.Ref, x.Version); err != nil {
				return err
			}
		}
	}
	return m.partner("alder").InviteMember(m.ctx, store.NewMember{Name: "Invited of alder", Email: "invited@alder.example", Rank: "member"}, "")
}

// passkey is one of cedar's owner.
func (m *making) passkey() error {
	_, err := m.partner("cedar").AddPasskey(m.ctx, store.Passkey{ID: "cedar", Name: "cedar", Credential: "{}"}, "")
	return err
}

func (m *making) lar(l store.LoadedLAR) store.Session {
	return m.s.As(influence.Actor{MemberID: l.MemberID, OrgID: l.ID, Role: influence.RoleLAR, Rank: influence.RankOwner, Name: "Owner of " + l.Slug, OrgName: l.Name})
}

func (m *making) partner(name string) store.Session {
	p := m.partners[name]
	early := m.s.At(store.Clock{Now: storetest.Clock(), Offset: -max(time.Hour, m.ago), Zone: storetest.Zone()}) // so that its notices are there when the portal opens
	return early.As(influence.Actor{MemberID: p.MemberID, OrgID: p.ID, Role: influence.RolePartner, Rank: influence.RankOwner, Name: "Owner of " + name, OrgName: name})
}

// agreements are E1, E2 and E4 of north, and E3 of south.
func (m *making) agreements() error {
	for _, a := range []struct {
		lar    store.LoadedLAR
		number string
	}{{m.north, "E1"}, {m.north, "E2"}, {m.south, "E3"}, {m.north, "E4"}} {
		if _, err := m.lar(a.lar).EnterAgreement(m.ctx, a.number, agreementFor(a.number)); err != nil {
			return err
		}
	}
	return nil
}

func agreementFor(number string) influence.AgreementDraft {
	return influence.AgreementDraft{AgreementNumber: number, Program: "Enterprise", Customer: "Customer of " + number, CustomerState: "NH", Seats: "300", SignedOn: "2007-03-01",
		OrderDraft: influence.OrderDraft{OrderNumber: number + "-1", OrderKind: "initial", OrderedOn: "2007-03-02", Amount: "$1,000"}}
}

// claims are one attached of alder, birch and cedar each, alder's draft and
// intent, one of alder's that north asks about and one that it took back, and
// cedar's that waits for a connection with north.
func (m *making) claims() error {
	for _, c := range []struct{ by, lar, number, customer string }{
		{"alder", m.north.Ref, "E1", "alder attached"}, {"birch", m.north.Ref, "E2", "birch confirmed"}, {"cedar", m.south.Ref, "E3", "cedar attached"},
		{"alder", m.north.Ref, "", "alder intent"}, {"alder", m.north.Ref, "E4", "alder asked"}, {"alder", m.north.Ref, "", "alder withdrawn"}, {"cedar", m.north.Ref, "", "cedar waiting"},
	} {
		if _, err := m.partner(c.by).SubmitClaim(m.ctx, "", c.customer, 0, claimFor(c.lar, c.number, c.customer)); err != nil {
			return err
		}
	}
	draft, err := m.partner("alder").SaveDraft(m.ctx, "", "draft", 0, claimFor(m.north.Ref, "", "alder draft"))
	if err != nil {
		return err
	}
	if err := m.evidence(m.ctx, draft, 1); err != nil {
		return err
	}
	for _, claim := range []string{"alder attached", "alder withdrawn"} {
		if err := m.of(claim, m.evidence); err != nil {
			return err
		}
	}
	if err := m.of("alder withdrawn", m.partner("alder").WithdrawClaim); err != nil {
		return err
	}
	return m.of("alder asked", func(ctx context.Context, ref string, version int64) error {
		return m.lar(m.north).AskAboutClaim(ctx, ref, version, influence.QuestionDraft{Code: "evidence_missing", Note: "Which letter?", Fields: []string{"seats"}})
	})
}

// evidence adds a file to a claim of alder.
func (m *making) evidence(ctx context.Context, ref string, version int64) error {
	_, err := m.partner("alder").AddEvidence(ctx, ref, version, store.NewEvidence{Name: "letter.txt", Data: []byte("They helped us."), Statement: "Their letter."})
	return err
}

// of has fn do something to the claim on a customer.
func (m *making) of(customer string, fn func(context.Context, string, int64) error) error {
	for c, err := range m.s.As(influence.Operator()).EveryClaim(m.ctx, store.ClaimFilter{Query: customer}) {
		if err != nil {
			return err
		}
		return fn(m.ctx, c.Ref, c.Version)
	}
	return influence.ErrNotFound
}

func claimFor(lar, number, customer string) influence.ClaimDraft {
	return influence.ClaimDraft{LAR: lar, AgreementNumber: number, Customer: customer, CustomerState: "NH", Program: "Enterprise", Seats: "300", Amount: "$2,000",
		ExpectedOn: "2007-05-01", Kind: "presales", Note: "We ran the pilot.", Evidence: "The plan."}
}

// earlier is the same world some time before the portal opens.
func (m *making) earlier(ago time.Duration) *making {
	past := *m
	past.ago = ago
	past.s = m.s.At(store.Clock{Now: storetest.Clock(), Zone: storetest.Zone(), Offset: -ago})
	return &past
}

// decisions: north has given birch all of E2.
func (m *making) decisions() error { return m.give("E2", "10002") }

// give has north give a partner all of an agreement.
func (m *making) give(number, partner string) error {
	p, err := m.lar(m.north).Agreement(m.ctx, refOf(m, number))
	if err != nil {
		return err
	}
	_, err = m.lar(m.north).Decide(m.ctx, p.Full.Ref, influence.DecisionDraft{Version: p.Full.Version,
		Shares: []influence.Share{{PartnerNo: partner, Points: 10_000, Kind: influence.Presales, Primary: true}}})
	return err
}

func refOf(m *making, number string) string {
	for row, err := range m.lar(m.north).EveryAgreement(m.ctx, store.AgreementFilter{}) {
		if err == nil && row.Number == number {
			return row.Ref
		}
	}
	return ""
}
