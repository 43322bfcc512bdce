package store

import (
	"errors"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

// bothInvited has Alder's owner invite an address that is free and one that is the
// owner's of Birch, and returns how each is called.
func bothInvited(t *testing.T, owner Session, key string) (free, taken string) {
	t.Helper()
	free, taken = "new@birch.example", "owner@birch.example"
	for _, email := range []string{free, taken} {
		must(t, owner.InviteMember(t.Context(), NewMember{Name: "Nora New", Email: email, Rank: "member"}, key+email))
	}
	return free, taken
}

// TestInvitedElsewhereLooksAlike: whatever an owner asks about an address that is free
// and one that is a member's elsewhere, the answers are the same; only the mailbox
// learns it, and nobody gets in by what the owner invited.
func TestInvitedElsewhereLooksAlike(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, owner := teamed(t, s)
		free, taken := bothInvited(t, owner, "once ")
		one, other := of(t, owner, free), of(t, owner, taken)
		if one.State != influence.MemberInvited || one.MemberStanding != other.MemberStanding || one.Name != other.Name || one.Version != other.Version {
			t.Errorf("free %+v\ntaken %+v", one, other)
		}
		for _, email := range []string{free, taken} {
			wrong, _ := errors.AsType[influence.Invalid](owner.InviteMember(t.Context(), NewMember{Name: "Nora New", Email: email, Rank: "member"}, "again "+email))
			if wrong["email"] != "This person is invited already. Send the invitation again below." {
				t.Errorf("%s once more: %v", email, wrong)
			}
			m := of(t, owner, email)
			must(t, owner.InviteAgain(t.Context(), m.Ref, m.Version))
			page, err := owner.Entries(t.Context(), influence.ViewActivity, AuditFilter{Thing: m.id, Limit: 10})
			if err != nil || len(page.Rows) != 2 {
				t.Errorf("%s: %d entries, %v", email, len(page.Rows), err)
			}
			if _, err := owner.Entries(t.Context(), influence.ViewActivity, AuditFilter{Person: email, Limit: 10}); err != nil {
				t.Errorf("%s as the person of entries: %v", email, err)
			}
		}
		p, err := owner.Partner(t.Context(), texts(t, s, `SELECT ref FROM partners WHERE id = $1`, owner.actor.OrgID)[0])
		must(t, err)
		contacts := ""
		for _, c := range p.Contacts {
			contacts += c.Email + " "
		}
		if !strings.Contains(contacts, free+" ") || !strings.Contains(contacts, taken+" ") {
			t.Errorf("contacts %s", contacts)
		}
		if n := count(t, s, `SELECT count(*) FROM tokens WHERE purpose = 'invite' AND email = $1`, taken); n != 0 {
			t.Errorf("%d links for who is a member elsewhere", n)
		}
		if got := texts(t, s, `SELECT DISTINCT subject FROM outbox WHERE email = $1`, taken); len(got) != 1 || !strings.Contains(got[0], "could not be used") {
			t.Errorf("its mailbox got %q", got)
		}
		for _, email := range []string{free, taken} {
			m := of(t, owner, email)
			must(t, owner.RemoveMember(t.Context(), m.Ref, m.Version))
			if got := texts(t, s, `SELECT subject FROM outbox WHERE email = $1 ORDER BY id DESC`, email)[0]; !strings.HasPrefix(got, "Your invitation was withdrawn") {
				t.Errorf("%s was mailed %q", email, got)
			}
		}
		bothInvited(t, owner, "anew ")
		of(t, owner, free)
		of(t, owner, taken)
		for _, address := range texts(t, s, `SELECT email FROM outbox`) {
			if strings.Contains(address, "#") {
				t.Errorf("a mail goes to %s", address)
			}
		}
	})
}

// TestInvitedElsewhereGetsInLater: once the address is nobody's any more, the invitation
// sent again is one that works, and the person is erased with all its rows.
func TestInvitedElsewhereGetsInLater(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		_, owner := teamed(t, s)
		must(t, ownerOf(s, "owner@birch.example").InviteMember(t.Context(), NewMember{Name: "Canmoved Moe", Email: "canmoved@birch.example", Rank: "member"}, "k"))
		must(t, owner.InviteMember(t.Context(), NewMember{Name: "Canmoved Moe", Email: "canmoved@birch.example", Rank: "member"}, "k"))
		m := of(t, ownerOf(s, "owner@birch.example"), "canmoved@birch.example")
		must(t, ownerOf(s, "owner@birch.example").RemoveMember(t.Context(), m.Ref, m.Version))
		m = of(t, owner, "canmoved@birch.example")
		must(t, owner.InviteAgain(t.Context(), m.Ref, m.Version))
		id, err := nobody(s).ChoosePassword(t.Context(), "invite", invitation(t, s, "canmoved@birch.example"), "hash")
		if err != nil || id != m.id {
			t.Fatalf("%s, %v; want %s", id, err, m.id)
		}
		if m = of(t, owner, "canmoved@birch.example"); m.State != influence.MemberActive {
			t.Errorf("%+v", m)
		}
		file, err := s.As(influence.Operator()).ExportPerson(t.Context(), "canmoved@birch.example")
		if err != nil || len(file["account"]) != 1 || len(file["invitations"]) != 1 {
			t.Errorf("%v, %v", file, err)
		}
		_, err = s.As(influence.Operator()).ErasePerson(t.Context(), "canmoved@birch.example")
		must(t, err)
		for _, table := range storetest.Tables(t, s.db) {
			for _, row := range storetest.Rows(t, s.db, `SELECT * FROM `+table) {
				if text := strings.ToLower(strings.Join(row, " ")); strings.Contains(text, "canmoved") {
					t.Errorf("%s holds %q", table, text)
				}
			}
		}
	})
}
