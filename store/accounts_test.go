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

func nobody(s *Store) Session { return s.As(influence.Actor{}) }

func dogwood() influence.SignUp {
	return influence.SignUp{Name: "Lee Dog", Email: "lee@dogwood.example", Company: "Dogwood", PartnerNo: "10004", Level: "certified", State: "NH", Terms: influence.TermsVersion}
}

// signedUp signs up and returns the token that the mail brings.
func signedUp(t testing.TB, s *Store, u influence.SignUp) (token string) {
	t.Helper()
	if err := nobody(s).SignUp(t.Context(), u, "hash"); err != nil {
		t.Fatal(err)
	}
	return mailedToken(t, s, u.Email)
}

func mailedToken(t testing.TB, s *Store, email string) string {
	t.Helper()
	all, err := s.DemoMail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if _, token, ok := strings.Cut(m.Link, "?token="); ok && m.Email == email {
			return token
		}
	}
	t.Fatalf("no link was mailed to %s", email)
	return ""
}

// The roster's row decides, whatever the person says of the company.
func TestConfirmedSignUpFollowsTheRoster(t *testing.T) {
	for what, c := range map[string]struct {
		change   func(*influence.SignUp)
		enrolled bool
		why      string
	}{
		"certified, domain of the contact": {func(u *influence.SignUp) { u.Level = "registered" }, true, ""},
		"another domain":                   {func(u *influence.SignUp) { u.Email = "lee@else.example" }, false, "domain is not that of the roster"},
		"not on the roster":                {func(u *influence.SignUp) { u.PartnerNo = "77777" }, false, "not on the roster"},
		"enrolled already":                 {func(u *influence.SignUp) { u.PartnerNo = "10001" }, false, "asks to join it"},
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(t *testing.T, s *Store) {
				begun(t, s)
				u := dogwood()
				c.change(&u)
				got, err := nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, u))
				if err != nil || got.Enrolled != c.enrolled {
					t.Fatalf("%+v, %v", got, err)
				}
				state := texts(t, s, `SELECT state || ' ' || why FROM applications`)
				if len(state) != 1 || !strings.Contains(state[0], c.why) || strings.HasPrefix(state[0], "enrolled") != c.enrolled {
					t.Errorf("the application is %q", state)
				}
				role := texts(t, s, `SELECT role || ' ' || rank FROM members WHERE email = '`+u.Email+`'`)
				if want := map[bool]string{true: "partner owner", false: "applicant owner"}[c.enrolled]; len(role) != 1 || role[0] != want {
					t.Errorf("the member is %q, want %q", role, want)
				}
				if left := count(t, s, `SELECT count(*) FROM applications WHERE password <> ''`); left != 0 {
					t.Error("the application keeps a password")
				}
			})
		})
	}
}

// A link acts once, also when it is used twice at the same moment.
func TestLinkIsUsedOnce(t *testing.T) {
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
func TestLinkEndsAndHasOnePurpose(t *testing.T) {
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

// A session ends by its pause, by its age, by signing out, and at once with the
// rights of its member.
func TestSessionEnds(t *testing.T) {
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
func TestSessionHasALongestLife(t *testing.T) {
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
func TestCookieIsNotStored(t *testing.T) {
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

// Ten tries are free, then each waits twice as long, a quarter of an hour at most;
// quiet or a right password has them forgotten.
func TestTriesWait(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		at := time.Duration(0)
		try := func(email string) time.Duration {
			wait, err := later(s, at).Attempt(t.Context(), email, "")
			must(t, err)
			return wait.Round(time.Second)
		}
		for range 10 {
			if wait := try("Owner@alder.example"); wait != 0 {
				t.Fatalf("a free try waits %s", wait)
			}
		}
		for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900} {
			want := time.Duration(seconds) * time.Second
			if wait := try(" owner@ALDER.example"); wait != want {
				t.Fatalf("waits %s, want %s", wait, want)
			}
			at += want + time.Second
			if seconds < 900 {
				if wait := try("owner@alder.example"); wait != 0 {
					t.Fatalf("after the pause it waits %s", wait)
				}
			}
		}
		if wait := try("owner@alder.example"); wait != 0 {
			t.Errorf("after a quarter of an hour of quiet it waits %s", wait)
		}
		for range 12 {
			try("owner@birch.example")
		}
		if wait := try("owner@birch.example"); wait == 0 {
			t.Fatal("no pause")
		}
		if _, err := s.StartSession(t.Context(), p.birch.MemberID, Client{}); err != nil {
			t.Fatal(err)
		}
		if wait := try("owner@birch.example"); wait != 0 {
			t.Errorf("after signing in it waits %s", wait)
		}
	})
}

// However often strangers try, the owner's own browser is not kept waiting; and
// it is known for its own account alone.
func TestKnownBrowserIsNotKeptWaiting(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		_, err := s.StartSession(t.Context(), p.alder.MemberID, Client{Browser: "own"})
		must(t, err)
		try := func(email, browser string) time.Duration {
			wait, err := s.Attempt(t.Context(), email, browser)
			must(t, err)
			return wait
		}
		for range 20 {
			try("owner@alder.example", "a stranger's")
			try("owner@birch.example", "")
		}
		if try("owner@alder.example", "") == 0 || try("owner@alder.example", "a stranger's") == 0 || try("owner@birch.example", "own") == 0 {
			t.Error("a stranger is not kept waiting")
		}
		for n := range 11 {
			if wait := try("owner@alder.example", "own"); (wait == 0) != (n < 10) {
				t.Errorf("the owner's try %d waits %s", n, wait)
			}
		}
	})
}

// Tries at the same moment can't outrun the count.
func TestTriesAtOnceAreCounted(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		stopped := s.clock.System()
		still := after(s, 0)
		still.clock.Now = func() time.Time { return stopped }
		var free atomic.Int64
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				wait, err := still.Attempt(t.Context(), "owner@alder.example", "")
				if err != nil {
					t.Error(err)
				}
				if wait == 0 {
					free.Add(1)
				}
			})
		}
		all.Wait()
		if free.Load() > 10 || free.Load() == 0 {
			t.Errorf("%d tries were free", free.Load())
		}
	})
}

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

// What nobody confirmed is gone after two days: it holds a person's data.
func TestUnconfirmedSignUpIsRemoved(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		signedUp(t, s, dogwood())
		if _, err := later(s, 49*time.Hour).StartSession(t.Context(), p.alder.MemberID, Client{}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM applications`) + count(t, s, `SELECT count(*) FROM tokens`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// The ledger says who enrolled and holds nobody's name or address.
func TestLedgerHoldsNoPerson(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		if _, err := nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, dogwood())); err != nil {
			t.Fatal(err)
		}
		got := texts(t, s, `SELECT became FROM entries WHERE action = 'register' AND member_id <> '' AND org_id <> ''`)
		if len(got) != 1 || !strings.Contains(got[0], `"state":"enrolled"`) {
			t.Errorf("entries %q", got)
		}
		if strings.Contains(strings.Join(got, ""), "Lee") || strings.Contains(strings.Join(got, ""), "lee@") {
			t.Errorf("the ledger names a person: %q", got)
		}
	})
}

// later is the same store with the machine's clock some time on.
func later(s *Store, d time.Duration) *Store {
	c := s.clock
	c.Now = func() time.Time { return s.clock.System().Add(d) }
	return s.At(c)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// change1 changes one row past the store, for what no page does yet.
func change1(t testing.TB, s *Store, query string, args ...any) {
	t.Helper()
	must(t, s.transact(t.Context(), func(t *tx) error { return t.must(query, args...) }))
}
