package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"irm/influence"
	"irm/store/storetest"

	"golang.org/x/mod/sumdb/note"
)

// databases are what every test has a fresh copy of.
var databases = storetest.New(func(ctx context.Context, dsn string) error {
	_, err := Migrate(ctx, dsn, false)
	return err
})

func TestMain(m *testing.M) {
	if dsn := os.Getenv("IRM_TEST_CHILD"); dsn != "" {
		if os.Getenv("IRM_TEST_CLOCKS") != "" {
			strikeAll(dsn)
		}
		decideAll(dsn)
		return
	}
	os.Exit(databases.Run(m))
}

// each runs test on a fresh store of each database, at 09:00 on 16 April 2007.
func each(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	databases.Each(t, func(t *testing.T, dsn string) { test(t, opened(t, dsn)) })
}

// opened opens a database for the length of a test.
func opened(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dsn, Clock{Now: storetest.Clock(), Zone: storetest.Zone()})
	if err != nil {
		t.Fatal(err)
	}
	s.UseKeys(filepath.Join(t.TempDir(), "keys"))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// onSQLite opens a fresh SQLite file for what only it has.
func onSQLite(t testing.TB) *Store {
	t.Helper()
	return opened(t, databases.SQLite(t))
}

// after is the same store some time later.
func after(s *Store, d time.Duration) *Store {
	c := s.clock
	c.Offset += d
	return s.At(c)
}

// program is a small program to try things in. Alder and Birch are connected to
// North; Cedar has asked nobody; Dogwood is known from the roster only.
type program struct {
	north, south, west           LoadedLAR // west is invited, the others are Ready
	alder, birch, cedar, dogwood LoadedPartner
}

// begun fills an empty store with a program.
func begun(t testing.TB, s *Store) (p program) {
	t.Helper()
	key, _ := ownSigner(t, s)
	if err := s.Load(t.Context(), key, func(l *Loader) error { p = program{}; return p.load(l) }); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *program) load(l *Loader) error {
	at := storetest.Start().AddDate(0, -6, 0)
	for i, lar := range []*LoadedLAR{&p.north, &p.south, &p.west} {
		name := []string{"north", "south", "west"}[i]
		status := []influence.LARStatus{influence.LARReady, influence.LARReady, influence.LARInvited}[i]
		made, err := l.LAR(PastLAR{Slug: name, Name: name + " Licensing", Status: status, At: at.AddDate(0, 0, i),
			Member: PastMember{Name: "Desk of " + name, Email: "desk@" + name + ".example", Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		*lar = made
	}
	for i, partner := range []*LoadedPartner{&p.alder, &p.birch, &p.cedar, &p.dogwood} {
		name := []string{"alder", "birch", "cedar", "dogwood"}[i]
		made, err := l.Partner(PastPartner{Name: name + " Consulting", No: []string{"10001", "10002", "10003", "10004"}[i], State: "NH", City: "Concord",
			Level: influence.Certified, Enrolled: partner != &p.dogwood, At: at.AddDate(0, 1, i),
			Member: PastMember{Name: "Owner of " + name, Email: "owner@" + name + ".example", Rank: influence.RankOwner}})
		if err != nil {
			return err
		}
		*partner = made
	}
	for i, partner := range []LoadedPartner{p.alder, p.birch} {
		if err := l.Connection(partner, p.north, influence.ConnectionAccepted, at.AddDate(0, 2, i)); err != nil {
			return err
		}
	}
	return nil
}

// partnerActor is the owner of a partner's company.
func partnerActor(p LoadedPartner) influence.Actor {
	return influence.Actor{MemberID: p.MemberID, OrgID: p.ID, Role: influence.RolePartner, Rank: influence.RankOwner, Name: "Owner of " + p.Name, OrgName: p.Name}
}

// larActor is the owner of a LAR.
func larActor(l LoadedLAR) influence.Actor {
	return influence.Actor{MemberID: l.MemberID, OrgID: l.ID, Role: influence.RoleLAR, Rank: influence.RankOwner, Name: "Desk of " + l.Slug, OrgName: l.Name}
}

// staffActor is a partner manager.
func staffActor() influence.Actor {
	return influence.Actor{MemberID: "mgr", OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager, Name: "Maya Kim", OrgName: "Microsoft"}
}

// booked enters an agreement of North worth $1,000 and returns its reference.
func booked(t testing.TB, s *Store, p program, number string) string {
	t.Helper()
	ref, err := s.As(larActor(p.north)).EnterAgreement(t.Context(), "key-"+number, influence.AgreementDraft{AgreementNumber: number, Program: "Enterprise",
		Customer: "Fabrikam " + number, CustomerState: "NH", Seats: "300", SignedOn: "2007-03-01",
		OrderDraft: influence.OrderDraft{OrderNumber: "O-" + number, OrderKind: "initial", OrderedOn: "2007-03-02", Amount: "$1,000"}})
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// claimed has a partner claim an agreement of North by its number, and returns the claim's reference.
func claimed(t testing.TB, s *Store, p program, by LoadedPartner, number string) string {
	t.Helper()
	ref, err := s.As(partnerActor(by)).SubmitClaim(t.Context(), "", "claim-"+number+by.No, 0, influence.ClaimDraft{LAR: p.north.Ref, AgreementNumber: number,
		Program: "Enterprise", Customer: "Fabrikam " + number, CustomerState: "NH", Kind: "presales", Note: "We ran the pilot."})
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// decided gives a partner 100 % of an agreement of North, and returns the decision's reference.
func decided(t testing.TB, s *Store, p program, agreement string, to LoadedPartner) string {
	t.Helper()
	ref, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, wholly(to, versionOf(t, s, agreement)))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// wholly is a decision that gives a partner everything from the beginning.
func wholly(to LoadedPartner, version int64) influence.DecisionDraft {
	return influence.DecisionDraft{Version: version, From: influence.Start,
		Shares: []influence.Share{{PartnerNo: to.No, Points: 10_000, Kind: influence.Presales, Primary: true}}}
}

func versionOf(t testing.TB, s *Store, agreement string) int64 {
	t.Helper()
	return count(t, s, `SELECT version FROM agreements WHERE ref = $1`, agreement)
}

// count reads one number behind the sessions' back.
func count(t testing.TB, s *Store, query string, args ...any) (n int64) {
	t.Helper()
	if err := s.db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// texts reads one column behind the sessions' back.
func texts(t testing.TB, s *Store, query string, args ...any) []string {
	t.Helper()
	rows, err := s.db.Query(query, args...)
	all, err := collect(rows, err, func(row scanner) (x string, err error) { return x, row.Scan(&x) })
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

// ownSigner is the store's key for the ledger, and its public half.
func ownSigner(t testing.TB, s *Store) (note.Signer, note.Verifier) {
	t.Helper()
	key, public, err := s.Signer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return key, v
}

// later is the same store with the machine's clock some time on.
func later(s *Store, d time.Duration) *Store {
	c := s.clock
	c.Now = func() time.Time { return s.clock.System().Add(d) }
	return s.At(c)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// change1 changes one row past the store, for what no page does yet.
func change1(t testing.TB, s *Store, query string, args ...any) {
	t.Helper()
	must(t, s.transact(t.Context(), func(t *tx) error { return t.must(query, args...) }))
}
