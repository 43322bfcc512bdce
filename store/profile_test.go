package store

import (
	"errors"
	"slices"
	"testing"

	"irm/influence"
)

// TestAProfileIsKeptAndSaysWhoSeesThePartner: what a partner says of itself is
// kept under a version and in the ledger; unlisted, other partners do not find it.
func TestAProfileIsKeptAndSaysWhoSeesThePartner(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cedar, alder := s.As(partnerActor(p.cedar)), s.As(partnerActor(p.alder))
		was, err := cedar.Profile(t.Context())
		if err != nil || !was.Listed {
			t.Fatalf("%+v, %v", was, err)
		}
		said := influence.Profile{Street: "1 Elm Street", City: "Nashua", PostalCode: "03060", Phone: "603 555 0142", Website: "www.cedar.example",
			Competencies: []string{"Licensing Solutions"}, Listed: true}
		if err := cedar.EditProfile(t.Context(), said, was.Version); err != nil {
			t.Fatal(err)
		}
		if err := cedar.EditProfile(t.Context(), said, was.Version); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("with an older version: %v", err)
		}
		seen, err := alder.Partner(t.Context(), was.Ref)
		if err != nil || !slices.Equal(seen.Competencies, said.Competencies) || seen.Phone+seen.Website+seen.Address != "" {
			t.Errorf("another partner sees %+v, %v", seen, err)
		}
		said.Listed = false
		if err := cedar.EditProfile(t.Context(), said, was.Version+1); err != nil {
			t.Fatal(err)
		}
		if _, err := alder.Partner(t.Context(), was.Ref); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("another partner finds it unlisted: %v", err)
		}
		if own, err := cedar.Partner(t.Context(), was.Ref); err != nil || own.Address != "1 Elm Street, Nashua 03060" {
			t.Errorf("it sees itself as %+v, %v", own, err)
		}
		if n := count(t, s, `SELECT count(*) FROM entries WHERE action = 'profile.edit' AND subject = $1`, was.Ref); n != 2 {
			t.Errorf("%d entries in the ledger", n)
		}
		if err := s.As(larActor(p.north)).EditProfile(t.Context(), said, 1); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a LAR edits one: %v", err)
		}
	})
}
