package store

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/influence"
)

// teamed is Alder with its owner and two more members who can sign in.
func teamed(t *testing.T, s *Store) (p program, owner Session) {
	t.Helper()
	p = begun(t, s)
	owner = s.As(partnerActor(p.alder))
	change1(t, s, `UPDATE members SET password = 'hash' WHERE id = $1`, p.alder.MemberID)
	for _, name := range []string{"ben", "cleo"} {
		must(t, owner.InviteMember(t.Context(), NewMember{Name: name, Email: name + "@alder.example", Rank: "member"}, name))
		if _, err := nobody(s).ChoosePassword(t.Context(), "invite", invitation(t, s, name+"@alder.example"), "hash"); err != nil {
			t.Fatal(err)
		}
	}
	return p, owner
}

// invitation is the token of the newest invitation to an address.
func invitation(t *testing.T, s *Store, email string) string {
	t.Helper()
	links := texts(t, s, `SELECT link FROM outbox WHERE email = $1 AND link LIKE '/invite/%' ORDER BY id DESC`, email)
	if len(links) == 0 {
		t.Fatalf("no invitation was mailed to %s", email)
	}
	return strings.TrimPrefix(links[0], "/invite/")
}

// of finds a member of the actor's team by its address.
func of(t *testing.T, v Session, email string) TeamMember {
	t.Helper()
	all, err := v.Team(t.Context())
	must(t, err)
	i := slices.IndexFunc(all, func(m TeamMember) bool { return m.Email == email })
	if i < 0 {
		t.Fatalf("%s is not on the team", email)
	}
	return all[i]
}

// self is the actor on its own team.
func self(t *testing.T, v Session) TeamMember {
	t.Helper()
	all, err := v.Team(t.Context())
	must(t, err)
	return all[slices.IndexFunc(all, func(m TeamMember) bool { return m.Self })]
}

// acting is a session with the rights that a member has now.
func acting(t *testing.T, s *Store, m TeamMember) Session {
	t.Helper()
	cookie, err := s.StartSession(t.Context(), m.id, Client{})
	must(t, err)
	a, _, err := s.Actor(t.Context(), cookie)
	must(t, err)
	return s.As(a)
}

func refusal(err error) bool {
	var r influence.Refusal
	return errors.As(err, &r)
}

// An owner makes a member owner and takes it back, suspends it and ends that, and
// removes it. Whoever is out is out at the next request, and each is told by mail.
func TestOwnersChangeTheirTeam(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, owner := teamed(t, s)
		ben := func() TeamMember { return of(t, owner, "ben@alder.example") }
		if m := ben(); m.Rank != influence.RankMember || m.State != influence.MemberActive {
			t.Fatalf("%+v", m)
		}
		must(t, owner.PromoteMember(t.Context(), ben().Ref, ben().Version))
		if !acting(t, s, ben()).Actor().May(influence.EditTeam) {
			t.Error("an owner may not edit the team")
		}
		must(t, owner.DemoteMember(t.Context(), ben().Ref, ben().Version))
		cookie, err := s.StartSession(t.Context(), ben().id, Client{})
		must(t, err)
		if err := owner.SuspendMember(t.Context(), ben().Ref, ben().Version-1); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an older version: %v", err)
		}
		must(t, owner.SuspendMember(t.Context(), ben().Ref, ben().Version))
		if a, _, err := s.Actor(t.Context(), cookie); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("who is suspended is %+v, %v", a, err)
		}
		if _, err := s.StartSession(t.Context(), ben().id, Client{}); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("who is suspended signs in: %v", err)
		}
		must(t, owner.ResumeMember(t.Context(), ben().Ref, ben().Version))
		id := ben().id
		cookie, err = s.StartSession(t.Context(), id, Client{})
		must(t, err)
		must(t, owner.RemoveMember(t.Context(), ben().Ref, ben().Version))
		if a, _, err := s.Actor(t.Context(), cookie); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("who was removed is %+v, %v", a, err)
		}
		got := texts(t, s, `SELECT subject FROM outbox WHERE email = 'ben@alder.example' ORDER BY id`)
		want := []string{"You are invited to the team of", "You govern the team of", "Your role changed at", "Your access is suspended at", "You can sign in again at", "You were removed from"}
		if len(got) != len(want) {
			t.Fatalf("mails %q", got)
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("mail %d is %q, want %q", i, got[i], want[i])
			}
		}
		if due, err := s.DueMail(t.Context(), "me", 100); err != nil || !slices.ContainsFunc(due, func(m Mail) bool { return strings.HasPrefix(m.Subject, "You were removed") }) {
			t.Errorf("the mail to who was removed is not sent: %v", err)
		}
		entries := texts(t, s, `SELECT became FROM entries WHERE subject = $1 AND action = 'team.edit' ORDER BY id`, id)
		if len(entries) != 6 || strings.Contains(strings.ToLower(strings.Join(entries, "")), "ben") {
			t.Errorf("the ledger has %q", entries)
		}
	})
}

// The last owner who can sign in can't leave, and nobody can demote, suspend or
// remove it, a program administrator neither.
func TestLastOwnerStays(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, owner := teamed(t, s)
		for _, v := range []Session{owner, s.As(influence.Operator())} {
			last := self(t, owner)
			for what, err := range map[string]error{"demote": v.DemoteMember(t.Context(), last.Ref, last.Version), "suspend": v.SuspendMember(t.Context(), last.Ref, last.Version),
				"remove": v.RemoveMember(t.Context(), last.Ref, last.Version)} {
				if !refusal(err) {
					t.Errorf("%s by %s: %v", what, v.Actor().Name, err)
				}
			}
		}
		if err := owner.LeaveTeam(t.Context()); !refusal(err) {
			t.Errorf("leaving: %v", err)
		}
		ben := of(t, owner, "ben@alder.example")
		must(t, owner.PromoteMember(t.Context(), ben.Ref, ben.Version))
		must(t, owner.LeaveTeam(t.Context()))
		if left := texts(t, s, `SELECT subject FROM outbox WHERE email = 'ben@alder.example' ORDER BY id DESC LIMIT 1`); !strings.Contains(left[0], "left your team") {
			t.Errorf("the owner who stays is told %q", left)
		}
	})
}

// Of two owners who put each other out at once, or both leave, exactly one succeeds.
func TestOfTwoOwnersOneStays(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, owner := teamed(t, s)
		ben := of(t, owner, "ben@alder.example")
		must(t, owner.PromoteMember(t.Context(), ben.Ref, ben.Version))
		for round := range full(4, 20, 200) {
			change1(t, s, `UPDATE members SET rank = 'owner', active = TRUE, suspended_at = NULL, password = 'hash' WHERE id = $1`, owner.Actor().MemberID)
			change1(t, s, `UPDATE members SET rank = 'owner', active = TRUE, suspended_at = NULL, password = 'hash' WHERE id = $1`, ben.id)
			one, two := self(t, owner), of(t, owner, ben.Email)
			other := acting(t, s, two)
			pairs := [][2]func() error{
				{func() error { return owner.DemoteMember(t.Context(), two.Ref, two.Version) }, func() error { return other.DemoteMember(t.Context(), one.Ref, one.Version) }},
				{func() error { return owner.RemoveMember(t.Context(), two.Ref, two.Version) }, func() error { return other.SuspendMember(t.Context(), one.Ref, one.Version) }},
				{func() error { return owner.LeaveTeam(t.Context()) }, func() error { return other.LeaveTeam(t.Context()) }},
				{func() error { return owner.LeaveTeam(t.Context()) }, func() error { return other.RemoveMember(t.Context(), one.Ref, one.Version) }},
			}
			errs := both(pairs[round%len(pairs)])
			left := count(t, s, `SELECT count(*) FROM members o WHERE o.org_id = $1 AND `+governing, owner.Actor().OrgID)
			if (errs[0] == nil) == (errs[1] == nil) || left != 1 {
				t.Fatalf("round %d: %v and %v, %d owners are left", round, errs[0], errs[1], left)
			}
		}
	})
}

// both runs two functions at once.
func both(fn [2]func() error) (errs [2]error) {
	var wg sync.WaitGroup
	for i := range fn {
		wg.Go(func() { errs[i] = fn[i]() })
	}
	wg.Wait()
	return errs
}

// A right that ended since the request began is none: it is read again with the change.
func TestEndedRightIsNone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, owner := teamed(t, s)
		ben := of(t, owner, "ben@alder.example")
		must(t, owner.PromoteMember(t.Context(), ben.Ref, ben.Version))
		held := acting(t, s, of(t, owner, "ben@alder.example"))
		ben = of(t, owner, "ben@alder.example")
		must(t, owner.DemoteMember(t.Context(), ben.Ref, ben.Version))
		cleo := of(t, owner, "cleo@alder.example")
		for what, err := range map[string]error{
			"remove": held.RemoveMember(t.Context(), cleo.Ref, cleo.Version),
			"invite": held.InviteMember(t.Context(), NewMember{Name: "X", Email: "x@alder.example", Rank: "owner"}, "x"),
		} {
			if !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if cleo := of(t, owner, "cleo@alder.example"); cleo.State != influence.MemberActive {
			t.Errorf("%+v", cleo)
		}
	})
}

// An owner hands over: the other becomes owner and it stays as a member.
func TestHandOver(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, owner := teamed(t, s)
		ben := of(t, owner, "ben@alder.example")
		must(t, owner.HandOver(t.Context(), ben.Ref, ben.Version))
		if ben, me := of(t, owner, "ben@alder.example"), self(t, owner); ben.Rank != influence.RankOwner || me.Rank != influence.RankMember {
			t.Errorf("%s and %s", ben.Rank, me.Rank)
		}
		if n := count(t, s, `SELECT count(*) FROM entries WHERE action = 'team.edit' AND subject IN ($1, $2) AND became LIKE '%"active"%'`, ben.id, p.alder.MemberID); n != 2 {
			t.Errorf("%d entries", n)
		}
		if err := owner.HandOver(t.Context(), ben.Ref, ben.Version+1); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("again: %v", err)
		}
	})
}

// An invitation is a link that works once, for 72 hours; the newest alone counts.
func TestInvitation(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, owner := teamed(t, s)
		dee := NewMember{Name: " Dee ", Email: "Dee@Alder.example", Rank: "owner"}
		for range 3 {
			must(t, owner.InviteMember(t.Context(), dee, "key"))
		}
		if n := len(texts(t, s, `SELECT id FROM outbox WHERE email = 'dee@alder.example'`)); n != 1 {
			t.Errorf("the same key mails %d times", n)
		}
		var wrong influence.Invalid
		if err := owner.InviteMember(t.Context(), dee, "other"); !errors.As(err, &wrong) || wrong["email"] == "" {
			t.Errorf("invited twice: %v", err)
		}
		if err := owner.InviteMember(t.Context(), NewMember{Rank: "administrator"}, ""); !errors.As(err, &wrong) || len(wrong) != 3 {
			t.Errorf("all that is wrong: %v", wrong)
		}
		first, m := invitation(t, s, "dee@alder.example"), of(t, owner, "dee@alder.example")
		if m.State != influence.MemberInvited || m.Last || self(t, owner).Last != true {
			t.Errorf("who has not accepted counts as an owner: %+v", m)
		}
		must(t, owner.InviteAgain(t.Context(), m.Ref, m.Version))
		again := invitation(t, s, "dee@alder.example")
		for what, token := range map[string]string{"the earlier": first} {
			if _, err := nobody(s).ChoosePassword(t.Context(), "invite", token, "hash"); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s link: %v", what, err)
			}
		}
		if _, err := later(s, 72*time.Hour).TokenOwner(t.Context(), "invite", again); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("after 72 hours: %v", err)
		}
		if _, err := nobody(s).ChoosePassword(t.Context(), "invite", again, "hash"); err != nil {
			t.Error(err)
		}
		known := NewMember{Name: "Owner", Email: texts(t, s, `SELECT email FROM members WHERE id = $1`, p.birch.MemberID)[0], Rank: "member"}
		must(t, owner.InviteMember(t.Context(), known, "known"))
		if got := texts(t, s, `SELECT org_id FROM members WHERE id = $1`, p.birch.MemberID); got[0] != p.birch.ID {
			t.Error("a member of another company was moved")
		}
		if got := texts(t, s, `SELECT subject FROM outbox WHERE email = $1`, known.Email); len(got) != 1 || !strings.Contains(got[0], "could not be used") {
			t.Errorf("its mailbox reads %q", got)
		}
	})
}

// Who was removed can be invited anew, and begins without a password.
func TestRemovedIsInvitedAnew(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, owner := teamed(t, s)
		ben := of(t, owner, "ben@alder.example")
		must(t, owner.RemoveMember(t.Context(), ben.Ref, ben.Version))
		must(t, owner.InviteMember(t.Context(), NewMember{Name: "Ben", Email: "ben@alder.example", Rank: "member"}, "anew"))
		if m := of(t, owner, "ben@alder.example"); m.State != influence.MemberInvited || m.id != ben.id {
			t.Errorf("%+v", m)
		}
		if who, err := s.Credential(t.Context(), "ben@alder.example"); err != nil || who.Hash != "" {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

// Who asks to join a company is its owners' to accept: Microsoft's only where no
// owner can sign in any more.
func TestJoiningIsTheOwnersToAnswer(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p, owner := teamed(t, s)
		u := dogwood()
		u.PartnerNo = p.alder.No
		if _, err := nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, u)); err != nil {
			t.Fatal(err)
		}
		asked, err := owner.JoinRequests(t.Context())
		if err != nil || len(asked) != 1 || asked[0].Name != "Lee Dog" {
			t.Fatalf("%+v, %v", asked, err)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE member_id = $1 AND subject = 'Lee Dog asks to join your team'`, p.alder.MemberID); n != 1 {
			t.Errorf("%d mails to the owner", n)
		}
		ref, version := asked[0].Ref, asked[0].Version
		if err := s.As(staffActor()).AcceptApplication(t.Context(), ref, version); !refusal(err) {
			t.Errorf("Microsoft accepts: %v", err)
		}
		for who, v := range map[string]Session{"a member": acting(t, s, of(t, owner, "ben@alder.example")), "another owner": s.As(partnerActor(p.birch)), "a LAR": s.As(larActor(p.north))} {
			if all, err := v.JoinRequests(t.Context()); err != nil || len(all) != 0 {
				t.Errorf("%s sees %+v, %v", who, all, err)
			}
			if err := v.AcceptJoin(t.Context(), ref, version); !errors.Is(err, influence.ErrForbidden) && !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s accepts: %v", who, err)
			}
		}
		var wrong influence.Invalid
		if err := owner.DeclineJoin(t.Context(), ref, "", version); !errors.As(err, &wrong) {
			t.Errorf("declined without a reason: %v", err)
		}
		must(t, owner.AcceptJoin(t.Context(), ref, version))
		if err := owner.DeclineJoin(t.Context(), ref, "Too late.", version); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("answered twice: %v", err)
		}
		if m := of(t, owner, u.Email); m.Rank != influence.RankMember {
			t.Errorf("%+v", m)
		}
	})
}
