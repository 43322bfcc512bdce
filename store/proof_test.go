package store

import (
	"errors"
	"testing"
	"time"

	"irm/influence"
)

// TestASVS_6_3_4_EveryWayInHasOneRule: every way in stands before the same rule, whatever the account is
// like. Passkeys and codes are two factors; a link or a password alone is not.
func TestASVS_6_3_4_EveryWayInHasOneRule(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		ways := []influence.Method{influence.ByPassword, influence.ByLink, influence.ByCode, influence.ByRecoveryCode, influence.ByPasskey}
		like := []struct {
			name, make, undo string
			want             map[bool]error // by whether the method is two factors
		}{
			{"as usual", `UPDATE members SET active = TRUE WHERE id = $1`, `UPDATE members SET active = TRUE WHERE id = $1`, map[bool]error{}},
			{"removed", `UPDATE members SET active = FALSE WHERE id = $1`, `UPDATE members SET active = TRUE WHERE id = $1`,
				map[bool]error{false: influence.ErrForbidden, true: influence.ErrForbidden}},
			{"partner suspended", `UPDATE partners SET suspended_at = 1 WHERE id = (SELECT org_id FROM members WHERE id = $1)`,
				`UPDATE partners SET suspended_at = NULL WHERE id = (SELECT org_id FROM members WHERE id = $1)`, map[bool]error{false: influence.ErrForbidden, true: influence.ErrForbidden}},
			{"second factor on", `INSERT INTO authenticators (member_id, secret, created_at, confirmed_at) VALUES ($1, '', 1, 1)`,
				`DELETE FROM authenticators WHERE member_id = $1`, map[bool]error{false: influence.ErrSecondFactor}},
			{"passkey only", `INSERT INTO passkeys (id, ref, member_id, name, credential, created_at) VALUES ('x', 'KEY-000000', $1, '', '', 1)`,
				`DELETE FROM passkeys WHERE member_id = $1`, map[bool]error{false: influence.ErrSecondFactor}},
		}
		for _, l := range like {
			change1(t, s, l.make, p.alder.MemberID)
			for _, by := range ways {
				_, err := s.StartSession(t.Context(), p.alder.MemberID, Client{By: by})
				if want := l.want[by.TwoFactors()]; !errors.Is(err, want) {
					t.Errorf("%s, by %s: %v, want %v", l.name, by, err, want)
				}
			}
			change1(t, s, l.undo, p.alder.MemberID)
		}
		for _, by := range ways { // wrong tries hold up what can be guessed, and no passkey
			err := influence.LetIn(influence.Standing{Active: true, Open: true, Waiting: true}, by)
			if (err != nil) != by.Guessed() || by.Guessed() == (by == influence.ByPasskey || by == influence.ByLink) {
				t.Errorf("waiting, by %s: %v", by, err)
			}
		}
	})
}

// TestASVS_7_5_1_CredentialsNeedAFreshProof: credentials are changed within fifteen minutes of a proof, to the
// second, and a new proof makes it so again.
func TestASVS_7_5_1_CredentialsNeedAFreshProof(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		start := s.clock.System()
		s.clock.Now = func() time.Time { return start }
		cookie, _ := entered(t, s, p.alder.MemberID, "")
		for late, want := range map[time.Duration]error{influence.ProofLife: nil, influence.ProofLife + time.Second: influence.ErrProof} {
			at := later(s, late)
			v := seen(t, at, cookie)
			if err := v.AskEmail(t.Context(), "new@alder.example", 1); !errors.Is(err, want) {
				t.Errorf("after %s: %v", late, err)
			}
			if err := v.StartApp(t.Context()); !errors.Is(err, want) {
				t.Errorf("app after %s: %v", late, err)
			}
		}
		at := later(s, time.Hour)
		fresh, err := at.RenewSession(t.Context(), cookie, influence.ByPassword)
		if err != nil {
			t.Fatal(err)
		}
		if err := seen(t, at, fresh).AskEmail(t.Context(), "new@alder.example", 1); err != nil {
			t.Errorf("proved again: %v", err)
		}
	})
}

// TestASVS_7_2_4_ProofAndRankGiveANewCookie: signing in, a new proof and another rank give a new cookie, and
// the one before opens nothing.
func TestASVS_7_2_4_ProofAndRankGiveANewCookie(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		first, _ := entered(t, s, p.alder.MemberID, "")
		if second, _ := entered(t, s, p.alder.MemberID, ""); second == first {
			t.Error("two sign-ins have one cookie")
		}
		change1(t, s, `UPDATE members SET rank = 'member' WHERE id = $1`, p.alder.MemberID)
		_, info, err := s.Actor(t.Context(), first)
		if err != nil || !info.Renew {
			t.Errorf("another rank asks for no new cookie: %+v, %v", info, err)
		}
		fresh, err := s.RenewSession(t.Context(), first, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Actor(t.Context(), first); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the old cookie: %v", err)
		}
		if _, info, err := s.Actor(t.Context(), fresh); err != nil || info.Renew {
			t.Errorf("the new cookie: %+v, %v", info, err)
		}
		if _, err := s.RenewSession(t.Context(), first, influence.ByPassword); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("renewed twice: %v", err)
		}
	})
}

// Renewing proves nothing by itself.
func TestRenewingIsNoProof(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, _ := entered(t, s, p.alder.MemberID, "")
		at := later(s, time.Hour)
		fresh, err := at.RenewSession(t.Context(), cookie, "")
		if err != nil {
			t.Fatal(err)
		}
		if a, _, err := at.Actor(t.Context(), fresh); err != nil || !a.Stale {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

// A session ends after its pause, and after its longest life, to the second.
func TestASVS_7_3_1_IdleSessionEndsToTheSecond(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		start := s.clock.System()
		s.clock.Now = func() time.Time { return start }
		for member, role := range map[string]influence.Role{p.alder.MemberID: influence.RolePartner, p.north.MemberID: influence.RoleLAR} {
			idle, _ := influence.SessionLife(role)
			for wait, want := range map[time.Duration]error{idle - time.Second: nil, idle: nil, idle + time.Second: influence.ErrNotFound} {
				cookie, _ := entered(t, s, member, "")
				if _, _, err := later(s, wait).Actor(t.Context(), cookie); !errors.Is(err, want) {
					t.Errorf("%s after %s: %v, want %v", role, wait, err, want)
				}
			}
		}
	})
}

func TestASVS_7_3_2_OldSessionEndsToTheSecond(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		start := s.clock.System()
		s.clock.Now = func() time.Time { return start }
		_, longest := influence.SessionLife(influence.RolePartner)
		cookie, _ := entered(t, s, p.alder.MemberID, "")
		for day := time.Duration(0); day < longest; day += 24 * time.Hour {
			if _, _, err := later(s, day).Actor(t.Context(), cookie); err != nil {
				t.Fatalf("after %s: %v", day, err)
			}
		}
		for wait, want := range map[time.Duration]error{longest - time.Second: nil, longest: influence.ErrNotFound} {
			if _, _, err := later(s, wait).Actor(t.Context(), cookie); !errors.Is(err, want) {
				t.Errorf("after %s: %v, want %v", wait, err, want)
			}
		}
	})
}

// Sign-ins are listed for their member, coarsely, and forgotten in time.
func TestSignInsAreListed(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		_, v := entered(t, s, p.alder.MemberID, influence.ByPasskey)
		must(t, s.SignInRefused(t.Context(), p.alder.MemberID, Client{Address: "2001:db8:1:2::/64", Agent: "Safari"}))
		must(t, s.SignInRefused(t.Context(), "", Client{Address: "192.0.2.9"}))
		got, err := v.SignIns(t.Context())
		if err != nil || len(got) != 2 || got[0].In || got[0].Network != "2001:db8:1::/48" || !got[1].In || got[1].Network != "192.0.2.0/24" || got[1].By != influence.ByPasskey {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := later(s, time.Hour).StartSession(t.Context(), p.birch.MemberID, Client{}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM sign_ins WHERE member_id = ''`); n != 0 {
			t.Errorf("%d sign-ins of nobody are kept", n)
		}
	})
}

// TestASVS_6_3_2_NobodyIsThereFromTheStart: a fresh database has no member, and its
// first one comes by a link that is printed once.
func TestASVS_6_3_2_NobodyIsThereFromTheStart(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		if n := count(t, s, `SELECT count(*) FROM members`); n != 0 {
			t.Errorf("%d members", n)
		}
		if _, err := s.As(influence.Operator()).AddMember(t.Context(), NewMember{Kind: "administrator", Email: "first@microsoft.example", Name: "First"}); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, s, `SELECT password FROM members`); len(got) != 1 || got[0] != "" {
			t.Errorf("the first member's password is %q", got)
		}
	})
}

// TestASVS_7_2_3_SessionsCannotBeGuessed: a cookie has 256 bits, and of a million none
// comes twice.
func TestASVS_7_2_3_SessionsCannotBeGuessed(t *testing.T) {
	seen := make(map[string]bool, 1_000_000)
	for range 1_000_000 {
		seen[newSecret()] = true
	}
	if len(seen) != 1_000_000 || len(newSecret()) != 43 {
		t.Errorf("%d different ones of a million, of %d signs", len(seen), len(newSecret()))
	}
}
