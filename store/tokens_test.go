package store

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
)

// A link acts once, also when it is used twice at the same moment.
func TestASVS_6_4_1_LinkIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		token := signedUp(t, s, dogwood())
		var done, over atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := nobody(s).ConfirmSignUp(t.Context(), token)
				switch {
				case err == nil:
					done.Add(1)
				case errors.Is(err, influence.ErrNotFound):
					over.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() != 1 || over.Load() != 7 {
			t.Errorf("%d times used, %d times over", done.Load(), over.Load())
		}
		if n := count(t, s, `SELECT count(*) FROM members WHERE email = 'lee@dogwood.example'`); n != 1 {
			t.Errorf("%d members", n)
		}
	})
}

// A link ends with its time and is good for its purpose only; the database does
// not hold it.
func TestASVS_6_5_5_LinkEndsAndHasOnePurpose(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		if err := nobody(s).AskReset(t.Context(), "Owner@alder.example "); err != nil {
			t.Fatal(err)
		}
		token := mailedToken(t, s, "owner@alder.example")
		if n := count(t, s, `SELECT count(*) FROM tokens WHERE hash LIKE '%`+token+`%' OR subject LIKE '%`+token+`%'`); n != 0 {
			t.Error("the token stands in the table")
		}
		late := after(s, 0)
		late.clock.Now = func() time.Time { return s.clock.System().Add(influence.ResetLinkLife + time.Minute) }
		for what, try := range map[string]func() error{
			"too late":        func() error { _, err := nobody(late).ChoosePassword(t.Context(), "reset", token, "new"); return err },
			"another purpose": func() error { _, err := nobody(s).ChoosePassword(t.Context(), "invite", token, "new"); return err },
			"confirmation":    func() error { _, err := nobody(s).ConfirmSignUp(t.Context(), token); return err },
			"looked at late":  func() error { _, err := late.TokenOwner(t.Context(), "reset", token); return err },
		} {
			if err := try(); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := nobody(s).ChoosePassword(t.Context(), "reset", token, "new"); err != nil {
			t.Error(err)
		}
	})
}

// A second link for the same thing replaces the first.
func TestNewerLinkReplacesTheOlder(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		var tokens []string
		for range 2 {
			if err := nobody(s).AskReset(t.Context(), "owner@alder.example"); err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, mailedToken(t, s, "owner@alder.example"))
		}
		if _, err := s.TokenOwner(t.Context(), "reset", tokens[0]); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the older one: %v", err)
		}
		if o, err := s.TokenOwner(t.Context(), "reset", tokens[1]); err != nil || o.Company != "alder Consulting" {
			t.Errorf("%+v, %v", o, err)
		}
	})
}

// For an unknown address as much is written as for a known one, and nothing mailed.
func TestResetOfAnUnknownAddressLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		before := count(t, s, `SELECT count(*) FROM outbox`)
		if err := nobody(s).AskReset(t.Context(), "nobody@alder.example"); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox`); n != before {
			t.Errorf("%d mails more", n-before)
		}
		if _, err := nobody(s).ChoosePassword(t.Context(), "reset", "", "new"); !errors.Is(err, influence.ErrNotFound) {
			t.Error(err)
		}
	})
}

// Once a mail is on its way only its mailbox has the link.
func TestSentLinkIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		signedUp(t, s, dogwood())
		due, err := s.DueMail(t.Context(), "me", 10)
		if err != nil || len(due) == 0 || !strings.Contains(due[0].Link, "token=") {
			t.Fatalf("%+v, %v", due, err)
		}
		for _, m := range due {
			if err := s.MailSent(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE link LIKE '%token=%'`); n != 0 {
			t.Errorf("%d links are kept", n)
		}
	})
}
