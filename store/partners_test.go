package store

import (
	"errors"
	"slices"
	"testing"

	"irm/influence"
)

func partnerRefOf(t testing.TB, s *Store, p LoadedPartner) string {
	t.Helper()
	return texts(t, s, `SELECT ref FROM partners WHERE id = $1`, p.ID)[0]
}

// TestPartnerPageShowsEachViewerWhatIsTheirs: contacts are for connected LARs,
// figures for oneself, the LAR they were made with, and Microsoft.
func TestPartnerPageShowsEachViewerWhatIsTheirs(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		decided(t, s, p, booked(t, s, p, "E1"), p.alder)
		ref := partnerRefOf(t, s, p.alder)
		for _, c := range []struct {
			who                   string
			actor                 influence.Actor
			no, contacts, history bool
			cents                 int64 // -1: no figures
		}{
			{"itself", partnerActor(p.alder), true, true, true, 100_000},
			{"another partner", partnerActor(p.birch), false, false, false, -1},
			{"the connected LAR", larActor(p.north), true, true, false, 100_000},
			{"another LAR", larActor(p.south), false, false, false, 0},
			{"Microsoft", staffActor(), true, true, true, 100_000},
		} {
			got, err := s.As(c.actor).Partner(t.Context(), ref)
			if err != nil {
				t.Errorf("%s: %v", c.who, err)
				continue
			}
			cents := int64(-1)
			if len(got.Money) > 0 {
				cents = got.Money[0].Influenced
			}
			if got.Name != "alder Consulting" || (got.No != "") != c.no || (len(got.Contacts) > 0) != c.contacts || (len(got.Levels) > 0) != c.history || cents != c.cents {
				t.Errorf("%s sees %+v with %d cents", c.who, got, cents)
			}
			if (got.Roster != nil) != (c.who == "Microsoft") {
				t.Errorf("%s sees the roster's row %+v", c.who, got.Roster)
			}
		}
	})
}

// TestUnlistedPartnersAreSeenByWhoHasToDoWithThem: a partner that has not
// enrolled or is not listed is seen by Microsoft, and by the LARs that it asked
// or that name it.
func TestUnlistedPartnersAreSeenByWhoHasToDoWithThem(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		dogwood, birch := partnerRefOf(t, s, p.dogwood), partnerRefOf(t, s, p.birch)
		if err := s.transact(t.Context(), func(t *tx) error {
			return t.later(`UPDATE partners SET listed = FALSE WHERE id = $1`, p.birch.ID)
		}); err != nil {
			t.Fatal(err)
		}
		sees := func(who influence.Actor, ref string, want bool) {
			t.Helper()
			_, err := s.As(who).Partner(t.Context(), ref)
			if (err == nil) != want || err != nil && !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s of %s: %v", who.Role, who.OrgName, err)
			}
			listed := false
			for row, err := range s.As(who).EveryPartner(t.Context(), PartnerFilter{}) {
				if err != nil {
					t.Fatal(err)
				}
				listed = listed || row.Ref == ref
			}
			if listed != want {
				t.Errorf("%s of %s: in the list %t, want %t", who.Role, who.OrgName, listed, want)
			}
		}
		sees(larActor(p.north), dogwood, false)
		sees(partnerActor(p.alder), dogwood, false)
		sees(staffActor(), dogwood, true)
		sees(larActor(p.north), birch, true) // connected
		sees(larActor(p.south), birch, false)
		sees(partnerActor(p.birch), birch, true)
		decided(t, s, p, booked(t, s, p, "E1"), p.dogwood)
		sees(larActor(p.north), dogwood, true)
		sees(larActor(p.south), dogwood, false)
	})
}

// TestPartnersAreFoundByWhatTheViewerSees: Microsoft finds them by their ID too,
// others by their names alone; pages lead on and back.
func TestPartnersAreFoundByWhatTheViewerSees(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		names := func(v Session, f PartnerFilter) (all []string, page Page[PartnerItem]) {
			t.Helper()
			if f.Limit == 0 {
				f.Limit = 50
			}
			page, err := v.Partners(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				all = append(all, r.Name[:5])
			}
			return all, page
		}
		if got, _ := names(s.As(staffActor()), PartnerFilter{Query: "1000"}); len(got) != 4 {
			t.Errorf("Microsoft finds %q by the beginning of their IDs", got)
		}
		for _, who := range []influence.Actor{larActor(p.north), partnerActor(p.alder)} {
			if got, _ := names(s.As(who), PartnerFilter{Query: "1000"}); len(got) != 0 {
				t.Errorf("%s finds %q by the beginning of an ID", who.Role, got)
			}
			if got, _ := names(s.As(who), PartnerFilter{Query: "ceD"}); !slices.Equal(got, []string{"cedar"}) {
				t.Errorf("%s finds %q by a name", who.Role, got)
			}
		}
		for _, f := range []PartnerFilter{{Level: influence.Gold}, {State: "VT"}, {Query: `%`}, {Query: "a_der"}} {
			if got, _ := names(s.As(staffActor()), f); len(got) != 0 {
				t.Errorf("%+v finds %q", f, got)
			}
		}
		if got, _ := names(s.As(staffActor()), PartnerFilter{Enrolled: "no"}); !slices.Equal(got, []string{"dogwo"}) {
			t.Errorf("not enrolled: %q", got)
		}
		first, page := names(s.As(staffActor()), PartnerFilter{Limit: 3})
		second, back := names(s.As(staffActor()), PartnerFilter{Limit: 3, After: page.Older})
		again, _ := names(s.As(staffActor()), PartnerFilter{Limit: 3, Before: back.Newer})
		if !slices.Equal(first, []string{"alder", "birch", "cedar"}) || !slices.Equal(second, []string{"dogwo"}) || !slices.Equal(again, first) || back.Older != "" {
			t.Errorf("pages %q, %q, %q", first, second, again)
		}
	})
}

// TestCustomersAreListedWithTheirSpellings: for Microsoft alone, with who wrote them.
func TestCustomersAreListedWithTheirSpellings(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		booked(t, s, p, "E1")
		booked(t, s, p, "E2")
		page, err := s.As(staffActor()).Customers(t.Context(), CustomerFilter{Query: "fabrikam e1", State: "NH", Limit: 10})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Name != "Fabrikam E1" || len(page.Rows[0].Aliases) != 1 || page.Rows[0].Aliases[0].By != "north Licensing" {
			t.Errorf("%+v, %v", page.Rows, err)
		}
		n := 0
		for _, err := range s.As(staffActor()).EveryCustomer(t.Context(), CustomerFilter{}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("%d customers, want 2", n)
		}
		for _, who := range []influence.Actor{larActor(p.north), partnerActor(p.alder)} {
			if page, err := s.As(who).Customers(t.Context(), CustomerFilter{Limit: 10}); err != nil || len(page.Rows) != 0 {
				t.Errorf("%s sees %+v, %v", who.Role, page.Rows, err)
			}
		}
	})
}

// TestPartnerFindsAgreementsByWhatItSees: a holder by the name that the LAR
// reported, a claimant by its own.
func TestPartnerFindsAgreementsByWhatItSees(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		decided(t, s, p, booked(t, s, p, "E1"), p.alder)
		booked(t, s, p, "E2")
		d := influence.ClaimDraft{LAR: p.north.Ref, AgreementNumber: "E2", Customer: "Fab Co", Kind: "presales", Note: "We ran the pilot."}
		if _, err := s.As(partnerActor(p.alder)).SubmitClaim(t.Context(), "", "k", 0, d); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{"fabrikam e1": "E1", "fab co": "E2", "Fabrikam E2": "", "e-2": "E2"} {
			page, err := s.As(partnerActor(p.alder)).Agreements(t.Context(), AgreementFilter{Query: query, Limit: 10})
			got := ""
			for _, r := range page.Rows {
				got += r.Number
			}
			if err != nil || got != want {
				t.Errorf("%q finds %q, %v; want %q", query, got, err, want)
			}
		}
	})
}

// TestPartnersByWhatTheyInfluenced: the most first, sealed or not, with pages
// that lead on and back; a LAR's order is that of what was made with it.
func TestPartnersByWhatTheyInfluenced(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		key, _ := ownSigner(t, s)
		decided(t, s, p, booked(t, s, p, "E1"), p.cedar)
		decided(t, s, p, booked(t, s, p, "E2"), p.cedar)
		sealAll(t, s, key)
		decided(t, s, p, booked(t, s, p, "E3"), p.birch) // not added up yet
		names := func(who influence.Actor, f PartnerFilter) (all []string, page Page[PartnerItem]) {
			t.Helper()
			f.Sort = SortInfluenced
			page, err := s.As(who).Partners(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				all = append(all, r.Name[:5])
			}
			return all, page
		}
		first, page := names(staffActor(), PartnerFilter{Limit: 2})
		if !slices.Equal(first, []string{"cedar", "birch"}) || page.Rows[0].Influenced != 200_000 || page.Rows[1].Influenced != 100_000 {
			t.Errorf("the first are %+v", page.Rows)
		}
		rest, second := names(staffActor(), PartnerFilter{Limit: 2, After: page.Older})
		if again, _ := names(staffActor(), PartnerFilter{Limit: 2, Before: second.Newer}); len(rest) != 2 || slices.Contains(rest, "cedar") || !slices.Equal(again, first) {
			t.Errorf("then %q, and back %q", rest, again)
		}
		if got, _ := names(larActor(p.north), PartnerFilter{Limit: 1}); !slices.Equal(got, []string{"cedar"}) {
			t.Errorf("the LAR that decided has %q first", got)
		}
		if _, page := names(larActor(p.south), PartnerFilter{Limit: 10}); page.Rows[0].Influenced != 0 {
			t.Errorf("another LAR sees %+v", page.Rows[0])
		}
		if got, _ := names(partnerActor(p.alder), PartnerFilter{Limit: 10}); !slices.Equal(got, []string{"alder", "birch", "cedar"}) {
			t.Errorf("a partner has them in the order %q, which tells ranks", got)
		}
		n := 0
		for _, err := range s.As(staffActor()).EveryPartner(t.Context(), PartnerFilter{Sort: SortInfluenced}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 4 {
			t.Errorf("%d partners, want 4", n)
		}
	})
}
