package web

import (
	"slices"
	"strings"
	"testing"

	"irm/influence"
	"irm/store"

	"github.com/PuerkitoBio/goquery"
)

// decidedProgram has the portal's LAR book, and decide, agreements that the
// partner claims; one is left undecided.
func (p *portal) decidedProgram(t *testing.T) {
	t.Helper()
	lar := p.store.As(influence.Actor{MemberID: p.lar.MemberID, OrgID: p.lar.ID, Role: influence.RoleLAR, Rank: influence.RankOwner})
	partner := p.store.As(influence.Actor{MemberID: p.partner.MemberID, OrgID: p.partner.ID, Role: influence.RolePartner, Rank: influence.RankOwner})
	for i, number := range []string{"E1", "E2", "E3"} {
		ref, err := lar.EnterAgreement(t.Context(), "key"+number, influence.AgreementDraft{AgreementNumber: number, Program: "Enterprise", Customer: "Wingtip " + number,
			CustomerState: []string{"NH", "CA", "NH"}[i], Seats: "300", SignedOn: "2007-03-01",
			OrderDraft: influence.OrderDraft{OrderNumber: "1", OrderKind: "initial", OrderedOn: "2007-03-02", Amount: "$1,000.10"}})
		if err != nil {
			t.Fatal(err)
		}
		claim := influence.ClaimDraft{LAR: p.lar.Ref, AgreementNumber: number, Program: "Enterprise", Customer: "Wingtip " + number, CustomerState: "NH",
			Amount: "$900", Kind: "presales", Note: "We ran the pilot."}
		if _, err := partner.SubmitClaim(t.Context(), "", "claim"+number, 0, claim); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			continue
		}
		a, err := lar.Agreement(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lar.Decide(t.Context(), ref, influence.DecisionDraft{Version: a.Full.Version,
			Shares: []influence.Share{{PartnerNo: p.partner.No, Points: 10_000, Kind: influence.Sourced, Primary: true}}}); err != nil {
			t.Fatal(err)
		}
	}
}

// links are the addresses that a page leads to, each once.
func (b *browser) links() (all []string) {
	b.doc.Find("main a[href]").Each(func(_ int, a *goquery.Selection) { all = append(all, a.AttrOr("href", "")) })
	slices.Sort(all)
	return slices.Compact(all)
}

// TestEveryFigureLeadsToItsRows: a dashboard and a partner's home lead nowhere
// that is not there, and the lists behind a figure come to it.
func TestEveryFigureLeadsToItsRows(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.decidedProgram(t)
		for member, path := range map[string]string{p.staff: "/dashboard", p.lar.MemberID: "/dashboard", p.partner.MemberID: "/"} {
			b := p.as(t, member).visit(path)
			links := b.links()
			if len(links) < 5 {
				t.Fatalf("%s leads to %q only", path, links)
			}
			for _, to := range links {
				if strings.HasPrefix(to, "#") {
					continue
				}
				b.visit(to).sees(200)
			}
		}
		staff := p.as(t, p.staff)
		staff.visit("/dashboard").sees(200, "Influenced revenue", "Coverage", "67 %", "Attach rate", "Median time to decision", "Active partners",
			"$2,000.20", "$1,000.10", "New Hampshire", "California", "Pipeline")
		staff.visit("/agreements?fy=2007").sees(200, "3 orders", "revenue $3,000.30", "influenced $2,000.20", "undecided $1,000.10")
		staff.visit("/agreements?fy=2007&by=signed&decided=no").sees(200, "1 agreement", "Wingtip E3")
		staff.visit("/agreements?by=answered&fy=2007").sees(200, "Wingtip E1", "Wingtip E2")
		staff.visit("/agreements?waiting=1").sees(200, "Wingtip E3")
		staff.visit("/partners?active=FY2007").sees(200, p.partner.Name)
		p.as(t, p.partner.MemberID).visit("/").sees(200, "Confirmed", "$2,000.20 in 2 orders", "Coming", "estimated in 1 open claim", "paid", "Wingtip E3")
	})
}

// TestDashboardNarrowsAndRefuses: filters narrow it, what nothing counts is said
// with everything shown, and an empty program says what will be here.
func TestDashboardNarrowsAndRefuses(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		staff := p.as(t, p.staff)
		staff.visit("/dashboard").sees(200, "No orders here yet", "See the LARs")
		p.decidedProgram(t)
		staff.visit("/dashboard?state=CA&quarter=3").sees(200, "FY2007 Q3", "$1,000.10", "100 %")
		staff.visit("/dashboard?fy=2006").sees(200, "No orders here yet")
		for query, words := range map[string]string{"fy=soon": "A fiscal year is written 2007.", "quarter=7": "A quarter is 1 to 4.", "state=XX": "There is no such state.",
			"program=enterprise&state=NH&lar=" + p.lar.Ref: "Choose at most two"} {
			staff.visit("/dashboard?"+query).sees(422, words, "Everything is shown instead.", "Influenced revenue")
		}
		staff.visit("/dashboard?lar=LAR-000000").sees(404)
		p.as(t, p.partner.MemberID).visit("/dashboard").sees(403)
	})
}

// TestTheSlowestLARsComeFirst: by median, then by what nine of ten take; who has
// decided nothing comes last, and the largest first among equals.
func TestTheSlowestLARsComeFirst(t *testing.T) {
	all := []store.LARFigures{
		{Name: "large", Days: influence.Histogram{1: 9}}, {Name: "none"}, {Name: "slow", Days: influence.Histogram{4: 2, 5: 1}},
		{Name: "slower", Days: influence.Histogram{4: 2, 9: 1}}, {Name: "small", Days: influence.Histogram{1: 2}}, {Name: "slowest", Days: influence.Histogram{4: 1, 5: 1}},
	}
	slices.SortStableFunc(all, slower)
	var names []string
	for _, l := range all {
		names = append(names, l.Name)
	}
	if got, want := strings.Join(names, " "), "slowest slower slow large small none"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
