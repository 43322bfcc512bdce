package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// entriesOf are the subjects that a session finds.
func entriesOf(t testing.TB, v Session, act influence.Action, f AuditFilter) (subjects []string) {
	t.Helper()
	for row, err := range v.EveryEntry(t.Context(), act, f) {
		must(t, err)
		subjects = append(subjects, row.Subject)
	}
	return subjects
}

// TestOrganizationsReadTheirOwnEntries: each finds what its own members did and
// nothing else; Microsoft finds all.
func TestOrganizationsReadTheirOwnEntries(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, other := confirmedClaim(t, s)
		agreement := texts(t, s, `SELECT ref FROM agreements`)[0]
		for _, c := range []struct {
			who  influence.Actor
			want []string
		}{{partnerActor(p.alder), []string{claim}}, {partnerActor(p.birch), []string{other}}, {partnerActor(p.cedar), nil}, {larActor(p.north), []string{agreement, agreement}}, {larActor(p.south), nil}} {
			got := entriesOf(t, s.As(c.who), influence.ViewActivity, AuditFilter{})
			got = slices.DeleteFunc(got, func(x string) bool { return strings.HasPrefix(x, "CON-") })
			if !slices.Equal(got, c.want) {
				t.Errorf("%s finds %v, want %v", c.who.OrgName, got, c.want)
			}
			if _, err := s.As(c.who).Entries(t.Context(), influence.ViewLedger, AuditFilter{Limit: 5}); err != nil {
				t.Error(err)
			} else if page, _ := s.As(c.who).Entries(t.Context(), influence.ViewLedger, AuditFilter{Limit: 5}); len(page.Rows) > 0 {
				t.Errorf("%s reads the ledger", c.who.OrgName)
			}
			if got := entriesOf(t, s.As(c.who), influence.ViewActivity, AuditFilter{Person: p.west.MemberID}); len(got) > 0 {
				t.Errorf("%s finds %v of another's", c.who.OrgName, got)
			}
			if _, _, err := s.As(c.who).EntryPerson(t.Context(), influence.ViewActivity, "desk@west.example"); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s learns that an address is known: %v", c.who.OrgName, err)
			}
		}
		if got, all := entriesOf(t, s.As(staffActor()), influence.ViewLedger, AuditFilter{}), count(t, s, `SELECT count(*) FROM entries`); int64(len(got)) != all {
			t.Errorf("Microsoft finds %d of %d", len(got), all)
		}
	})
}

// TestLedgerIsFiltered by person, thing, action and time, both ways and in pages.
func TestLedgerIsFiltered(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, _ := confirmedClaim(t, s)
		next := after(s, 24*time.Hour)
		booked(t, next, p, "E2")
		v := s.As(staffActor())
		agreements := texts(t, s, `SELECT ref FROM agreements ORDER BY id`)
		id, name, err := v.EntryPerson(t.Context(), influence.ViewLedger, "Desk@North.example")
		if err != nil || id != p.north.MemberID || name != "Desk of north" {
			t.Errorf("%s %s %v", id, name, err)
		}
		for what, c := range map[string]struct {
			f    AuditFilter
			want []string
		}{
			"thing":           {AuditFilter{Thing: claim}, []string{claim}},
			"person, action":  {AuditFilter{Person: id, Action: influence.Decide}, []string{agreements[0]}},
			"action":          {AuditFilter{Action: influence.EnterAgreements}, []string{agreements[1], agreements[0]}},
			"turned round":    {AuditFilter{Action: influence.EnterAgreements, Reversed: true}, agreements},
			"person, day":     {AuditFilter{Person: id, From: "2007-04-17"}, []string{agreements[1]}},
			"thing, day":      {AuditFilter{Thing: agreements[0], Action: influence.Decide, From: "2007-04-16", Until: "2007-04-16"}, []string{agreements[0]}},
			"before that day": {AuditFilter{Person: id, Action: influence.Decide, Until: "2007-04-15"}, nil},
			"after that day":  {AuditFilter{Action: influence.Decide, From: "2007-04-17"}, nil},
			"nobody":          {AuditFilter{Person: "mbr_x"}, nil},
		} {
			if got := entriesOf(t, v, influence.ViewLedger, c.f); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", what, got, c.want)
			}
		}
		all := entriesOf(t, v, influence.ViewLedger, AuditFilter{})
		var paged []string
		for f := (AuditFilter{Limit: 4}); ; {
			page, err := v.Entries(t.Context(), influence.ViewLedger, f)
			must(t, err)
			for _, r := range page.Rows {
				paged = append(paged, r.Subject)
			}
			if f.After = page.Older; f.After == "" {
				break
			}
		}
		if !slices.Equal(paged, all) {
			t.Errorf("pages %v, all %v", paged, all)
		}
	})
}

// TestEntriesSayWhatChanged, by name where the entry has ids, and what a person's
// commitments were of until the person is erased.
func TestEntriesSayWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, claim, _ := confirmedClaim(t, s)
		must(t, s.As(partnerActor(p.alder)).DiscardDraft(t.Context(), drafted(t, s, p), 1))
		ops := s.As(influence.Operator())
		_, err := ops.AddMember(t.Context(), NewMember{Kind: "lar", LARSlug: "north", Email: "kim@north.example", Name: "Kim Poe"})
		must(t, err)
		says := func(f AuditFilter, path, was, became string) {
			t.Helper()
			page, err := s.As(staffActor()).Entries(t.Context(), influence.ViewLedger, AuditFilter{Thing: f.Thing, Action: f.Action, Limit: 1})
			must(t, err)
			for _, r := range page.Rows {
				for _, c := range r.Changes {
					if strings.Join(c.Keys, ".") == path && c.Was == was && c.Became == became {
						return
					}
				}
				t.Errorf("%s: no %q from %q to %q in %+v", r.Action, path, was, became, r.Changes)
			}
		}
		says(AuditFilter{Thing: claim}, "lar", "", "north Licensing")
		says(AuditFilter{Action: influence.Decide}, "shares.0.points", "", "10000")
		says(AuditFilter{Action: influence.EditClaims}, "state", "draft", "")
		member := texts(t, s, `SELECT id FROM members WHERE email = 'kim@north.example'`)[0]
		says(AuditFilter{Thing: member}, "name", "", "Kim Poe")
		says(AuditFilter{Thing: member}, "organization", "", "north Licensing")
		_, err = ops.ErasePerson(t.Context(), "kim@north.example")
		must(t, err)
		says(AuditFilter{Action: influence.Operate}, "erased", "", "yes")
		page, err := s.As(staffActor()).Entries(t.Context(), influence.ViewLedger, AuditFilter{Thing: member, Reversed: true, Limit: 1})
		if err != nil || page.Rows[0].Changes[0].Became != "erased" {
			t.Errorf("%+v, %v", page.Rows, err)
		}
	})
}

// drafted is a draft of Alder's.
func drafted(t testing.TB, s *Store, p program) string {
	t.Helper()
	ref, err := s.As(partnerActor(p.alder)).SaveDraft(t.Context(), "", "draft", 0, influence.ClaimDraft{LAR: p.north.Ref, Customer: "Draft"})
	must(t, err)
	return ref
}
