package store

import (
	"errors"
	"testing"

	"irm/influence"
)

// A new address counts once its own mailbox confirmed it; the old one is told,
// and what it had opened is closed.
func TestChangeOfEmail(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		elsewhere, _ := entered(t, s, p.alder.MemberID, "")
		cookie, v := entered(t, s, p.alder.MemberID, "")
		must(t, nobody(s).AskReset(t.Context(), "owner@alder.example"))
		reset := mailedToken(t, s, "owner@alder.example")
		must(t, v.AskEmail(t.Context(), "new@alder.example", 1))
		token := mailedToken(t, s, "new@alder.example")
		if c, err := s.Credential(t.Context(), "new@alder.example"); err != nil || c.MemberID != "" {
			t.Errorf("it counts before it is confirmed: %+v, %v", c, err)
		}
		must(t, nobody(s).ConfirmEmail(t.Context(), token, cookie))
		if c, err := s.Credential(t.Context(), "new@alder.example"); err != nil || c.MemberID != p.alder.MemberID {
			t.Errorf("it does not count: %+v, %v", c, err)
		}
		if got := texts(t, s, `SELECT email FROM outbox WHERE subject = 'Your e-mail address was changed'`); len(got) != 1 || got[0] != "owner@alder.example" {
			t.Errorf("told were %q", got)
		}
		if _, _, err := s.Actor(t.Context(), elsewhere); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the other session: %v", err)
		}
		seen(t, s, cookie)
		if _, err := s.TokenOwner(t.Context(), "reset", reset); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the link to the old address: %v", err)
		}
		if err := nobody(s).ConfirmEmail(t.Context(), token, cookie); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the link again: %v", err)
		}
	})
}

// An address that is somebody's is not said to be, and is nobody else's.
func TestEmailOfAnother(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		_, v := entered(t, s, p.alder.MemberID, "")
		must(t, v.AskEmail(t.Context(), "owner@birch.example", 1))
		if n := count(t, s, `SELECT count(*) FROM tokens WHERE purpose = 'email'`); n != 0 {
			t.Errorf("%d links", n)
		}
		must(t, v.AskEmail(t.Context(), "new@alder.example", 1))
		token := mailedToken(t, s, "new@alder.example")
		change1(t, s, `UPDATE members SET email = 'new@alder.example' WHERE id = $1`, p.birch.MemberID)
		if err := nobody(s).ConfirmEmail(t.Context(), token, ""); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("taken meanwhile: %v", err)
		}
		if err := v.AskEmail(t.Context(), "other@alder.example", 7); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an older form: %v", err)
		}
	})
}
