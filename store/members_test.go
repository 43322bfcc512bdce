package store

import (
	"errors"
	"testing"

	"irm/influence"
)

// The first member of an organization is its owner; an address is one member's.
func TestAddMember(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		operator := s.As(influence.Operator())
		add := func(n NewMember) error { _, err := operator.AddMember(t.Context(), n); return err }
		must(t, add(NewMember{Kind: "partner", PartnerNo: "10004", Email: "Lee@Dogwood.example", Name: "Lee"}))
		must(t, add(NewMember{Kind: "partner", PartnerNo: "10004", Email: "kim@dogwood.example", Name: "Kim"}))
		must(t, add(NewMember{Kind: "partner", PartnerNo: "10004", Email: "lee@dogwood.example", Name: "Lee"})) // the link was lost
		must(t, add(NewMember{Kind: "lar", LARSlug: "north", Email: "two@north.example", Name: "Two"}))
		if got := texts(t, s, `SELECT email || ' ' || rank FROM members WHERE org_id = '`+p.dogwood.ID+`' ORDER BY id`); len(got) != 2 || got[0] != "lee@dogwood.example owner" || got[1] != "kim@dogwood.example member" {
			t.Errorf("Dogwood's members are %q", got)
		}
		if n := count(t, s, `SELECT count(*) FROM partners WHERE id = '`+p.dogwood.ID+`' AND enrolled_at IS NOT NULL`); n != 1 {
			t.Error("Dogwood is not enrolled")
		}
		for field, n := range map[string]NewMember{
			"email":   {Kind: "lar", LARSlug: "south", Email: "two@north.example", Name: "Two"},
			"lar":     {Kind: "lar", LARSlug: "east", Email: "x@east.example", Name: "X"},
			"partner": {Kind: "partner", PartnerNo: "4711", Email: "x@east.example", Name: "X"},
			"role":    {Kind: "king", Email: "x@east.example", Name: "X"},
			"name":    {Kind: "manager", Email: "x@east.example"},
		} {
			var wrong influence.Invalid
			if err := add(n); !errors.As(err, &wrong) || wrong[field] == "" || len(wrong) != 1 {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := s.As(partnerActor(p.alder)).AddMember(t.Context(), NewMember{}); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a partner adds a member: %v", err)
		}
	})
}
