package store

import (
	"slices"
	"testing"
)

// TestATurnedListIsReadBothWays: turned round, a list has the same rows from the
// other end, page by page and back again.
func TestATurnedListIsReadBothWays(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		v := s.As(staffActor())
		names := func(f PartnerFilter) (all []string, page Page[PartnerItem]) {
			t.Helper()
			page, err := v.Partners(t.Context(), f)
			must(t, err)
			for _, p := range page.Rows {
				all = append(all, p.Name)
			}
			return all, page
		}
		want, _ := names(PartnerFilter{Limit: 50})
		if len(want) < 4 {
			t.Fatalf("there are only %v", want)
		}
		slices.Reverse(want)
		first, page := names(PartnerFilter{Limit: 2, Reversed: true})
		second, next := names(PartnerFilter{Limit: 2, Reversed: true, After: page.Older})
		again, back := names(PartnerFilter{Limit: 2, Reversed: true, Before: next.Newer})
		if !slices.Equal(first, want[:2]) || !slices.Equal(second, want[2:4]) || !slices.Equal(again, first) || back.Newer != "" || back.Older == "" {
			t.Errorf("%v, %v, back %v; want %v", first, second, again, want)
		}
	})
}
