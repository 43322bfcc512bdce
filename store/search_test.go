package store

import (
	"slices"
	"testing"

	"irm/influence"
)

// found is what a search finds, as kind and title.
func found(t testing.TB, s *Store, who influence.Actor, typed string) (all []string) {
	t.Helper()
	hits, err := s.As(who).Search(t.Context(), typed, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hits {
		all = append(all, h.Kind+" "+h.Title)
	}
	slices.Sort(all)
	return all
}

// TestSearchFindsWhatOneSees: claims and agreements by reference, number and the
// customer as each one spells it, companies by name; nothing of what is another's.
func TestSearchFindsWhatOneSees(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		shared, other := booked(t, s, p, "E77-1"), booked(t, s, p, "E77-2")
		decided(t, s, p, shared, p.alder)
		claim := claimed(t, s, p, p.birch, "E77-2")
		if _, err := s.As(partnerActor(p.birch)).SaveDraft(t.Context(), "", "draft", 0, influence.ClaimDraft{Customer: "Tailspin Toys Inc."}); err != nil {
			t.Fatal(err)
		}
		alder, birch, cedar := partnerActor(p.alder), partnerActor(p.birch), partnerActor(p.cedar)
		north, south := larActor(p.north), larActor(p.south)
		for _, x := range []struct {
			who   influence.Actor
			typed string
			want  []string
		}{
			{alder, "e 77", []string{"agreement Fabrikam E77-1"}},
			{alder, "the fabrik", []string{"agreement Fabrikam E77-1"}},
			{birch, "E77", []string{"agreement Fabrikam E77-2", "claim Fabrikam E77-2"}},
			{birch, "fabrikam", []string{"claim Fabrikam E77-2"}},
			{birch, "t", []string{"claim Tailspin Toys Inc."}},
			{birch, claim[:7], []string{"claim Fabrikam E77-2"}},
			{birch, other, []string{"agreement Fabrikam E77-2"}},
			{birch, shared, nil},
			{alder, claim, nil},
			{cedar, "e", nil},
			{cedar, "f", nil},
			{north, "fabrikam", []string{"agreement Fabrikam E77-1", "agreement Fabrikam E77-2", "claim Fabrikam E77-2"}},
			{north, "tailspin", nil},
			{north, "e77", []string{"agreement Fabrikam E77-1", "agreement Fabrikam E77-2"}},
			{south, "fabrikam", nil},
			{south, "e", nil},
			{staffActor(), "e77", []string{"agreement Fabrikam E77-1", "agreement Fabrikam E77-2"}},
			{staffActor(), "fabrikam e77 2", []string{"customer Fabrikam E77-2"}},
			{staffActor(), "10004", []string{"partner dogwood Consulting"}},
			{staffActor(), "NORTH l", []string{"lar north Licensing"}},
			{birch, "alder", []string{"partner alder Consulting"}},
			{birch, "dogwood", nil},
			{birch, "-", nil},
			{birch, "%", nil},
			{birch, " ", nil},
		} {
			if got := found(t, s, x.who, x.typed); !slices.Equal(got, x.want) {
				t.Errorf("%s finds %q with %q, want %q", x.who.Name, got, x.typed, x.want)
			}
		}
		if problems, err := s.Verify(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
	})
}

// TestSearchIsForMembers: who is nobody, or only applied, finds nothing.
func TestSearchIsForMembers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for _, who := range []influence.Actor{{}, {MemberID: "x", OrgID: "y", Role: influence.RoleApplicant}} {
			if _, err := s.As(who).Search(t.Context(), "a", 5); err == nil {
				t.Errorf("%+v may search", who)
			}
		}
	})
}
