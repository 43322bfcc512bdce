package store

import (
	"errors"
	"testing"
	"time"

	"irm/influence"
)

// A session ends by its pause, by its age, by signing out, and at once with the
// rights of its member.
func TestASVS_7_3_1_7_4_1_7_4_2_SessionEnds(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		for what, end := range map[string]func(cookie string) *Store{
			"pause":      func(string) *Store { return later(s, 7*24*time.Hour+time.Minute) },
			"signed out": func(cookie string) *Store { must(t, s.EndSession(t.Context(), cookie)); return s },
			"member put out": func(string) *Store {
				change1(t, s, `UPDATE members SET active = FALSE WHERE id = $1`, p.alder.MemberID)
				return s
			},
			"partner suspended": func(string) *Store {
				change1(t, s, `UPDATE partners SET suspended_at = 1 WHERE id = $1`, p.alder.ID)
				return s
			},
		} {
			change1(t, s, `UPDATE members SET active = TRUE WHERE id = $1`, p.alder.MemberID)
			change1(t, s, `UPDATE partners SET suspended_at = NULL WHERE id = $1`, p.alder.ID)
			cookie, err := s.StartSession(t.Context(), p.alder.MemberID, Client{Address: "192.0.2.1", Agent: "Firefox"})
			if err != nil {
				t.Fatal(err)
			}
			if a, _, err := s.Actor(t.Context(), cookie); err != nil || a.OrgID != p.alder.ID || a.OrgName != "alder Consulting" || a.Role != influence.RolePartner {
				t.Fatalf("%s: %+v, %v", what, a, err)
			}
			if a, _, err := end(cookie).Actor(t.Context(), cookie); !errors.Is(err, influence.ErrNotFound) || a.MemberID != "" {
				t.Errorf("%s: %+v, %v", what, a, err)
			}
		}
	})
}

// Used all the time, a session still ends: staff's after a day.
func TestASVS_7_3_2_SessionHasALongestLife(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		token, err := s.As(influence.Operator()).AddMember(t.Context(), NewMember{Kind: "manager", Email: "mgr@microsoft.example", Name: "Maya"})
		if err != nil {
			t.Fatal(err)
		}
		id, err := nobody(s).ChoosePassword(t.Context(), "invite", token, "hash")
		if err != nil {
			t.Fatal(err)
		}
		cookie, err := s.StartSession(t.Context(), id, Client{})
		if err != nil {
			t.Fatal(err)
		}
		for hours := 0; hours < 24; hours += 6 {
			if a, _, err := later(s, time.Duration(hours)*time.Hour).Actor(t.Context(), cookie); err != nil || a.Rank != influence.RankManager {
				t.Fatalf("after %d hours: %+v, %v", hours, a, err)
			}
		}
		if _, _, err := later(s, 24*time.Hour+time.Second).Actor(t.Context(), cookie); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("after a day: %v", err)
		}
	})
}

// A copy of the database signs nobody in.
func TestASVS_11_2_4_CookieIsNotStored(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, err := s.StartSession(t.Context(), p.alder.MemberID, Client{})
		if err != nil {
			t.Fatal(err)
		}
		kept := texts(t, s, `SELECT hash FROM sessions`)
		if len(kept) != 1 || kept[0] == cookie || len(cookie) != 43 {
			t.Fatalf("kept %q of %q", kept, cookie)
		}
		if _, _, err := s.Actor(t.Context(), kept[0]); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("what is kept signs in: %v", err)
		}
	})
}

func TestFlashIsSaidOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, err := s.StartSession(t.Context(), p.alder.MemberID, Client{})
		must(t, err)
		must(t, s.SetFlash(t.Context(), cookie, "good\nDone."))
		if _, info, err := s.Actor(t.Context(), cookie); err != nil || info.Flash != "good\nDone." {
			t.Errorf("%+v, %v", info, err)
		}
		must(t, s.TakeFlash(t.Context(), cookie))
		if _, info, err := s.Actor(t.Context(), cookie); err != nil || info.Flash != "" {
			t.Errorf("%+v, %v", info, err)
		}
	})
}
