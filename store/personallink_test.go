package store

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
)

const elmRow = "20001,Elm Works,Registered,VT,Barre,elm.example,Erin Elm,ERIN@elm.example"

// invitedElm imports Elm's row, sends its contact a personal link, and returns the
// reference of the partner and the link's token.
func invitedElm(t testing.TB, s *Store) (ref, token string) {
	t.Helper()
	rosterIn(t, s, rosterWritten(t, elmRow))
	ref = texts(t, s, `SELECT ref FROM partners WHERE partner_no = '20001'`)[0]
	if err := s.As(staffActor()).SendPersonalLink(t.Context(), ref, ""); err != nil {
		t.Fatal(err)
	}
	return ref, mailedToken(t, s, "erin@elm.example")
}

func erin() influence.SignUp {
	return influence.SignUp{Name: "Erin Elm", Phone: "(802) 555-0101", Terms: influence.TermsVersion}
}

// TestPersonalLinkEnrollsAtOnce: whatever the level, without an application that
// waits, as the roster has the company, and once. The accepted terms are kept, and
// what was sent when is shown.
func TestPersonalLinkEnrollsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		ref, token := invitedElm(t, s)
		if n := count(t, s, `SELECT count(*) FROM personal_links WHERE hash LIKE '%`+token+`%'`); n != 0 {
			t.Error("the token stands in the table")
		}
		i, err := s.PersonalInvitation(t.Context(), token)
		if err != nil || i.State != influence.LinkOpen || i.Email != "erin@elm.example" || i.Row.Name != "Elm Works" || i.Row.ContactName != "Erin Elm" {
			t.Fatalf("%+v, %v", i, err)
		}
		u := erin()
		u.Email, u.Company, u.PartnerNo, u.Level = "other@else.example", "Other", "10001", "gold" // what a form could smuggle in
		member, err := nobody(s).EnrollByLink(t.Context(), token, u, "hash")
		if err != nil {
			t.Fatal(err)
		}
		got := texts(t, s, `SELECT m.rank || ' ' || m.email || ' ' || m.phone || ' ' || p.name || ' ' || p.level FROM members m JOIN partners p ON p.id = m.org_id WHERE m.id = '`+member+`' AND p.enrolled_at IS NOT NULL`)
		if !slices.Equal(got, []string{"owner erin@elm.example (802) 555-0101 Elm Works registered"}) {
			t.Errorf("enrolled %q", got)
		}
		if got := texts(t, s, `SELECT state || ' ' || terms || ' ' || password FROM applications`); !slices.Equal(got, []string{"enrolled " + influence.TermsVersion + " "}) {
			t.Errorf("kept %q", got)
		}
		if _, err := nobody(s).EnrollByLink(t.Context(), token, u, "hash"); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("used again: %v", err)
		}
		if i, err := s.PersonalInvitation(t.Context(), token); err != nil || i.State != influence.LinkUsed {
			t.Errorf("used, it is %q, %v", i.State, err)
		}
		page, err := s.As(staffActor()).Partner(t.Context(), ref)
		if err != nil || len(page.Links) != 1 || page.Links[0].State != influence.LinkUsed || page.Links[0].UsedAt.IsZero() {
			t.Errorf("staff is shown %+v, %v", page.Links, err)
		}
		if got := texts(t, s, `SELECT action || ' ' || became FROM entries WHERE subject = '`+ref+`' AND action = 'partners.link'`); len(got) != 1 || strings.Contains(got[0], "@") {
			t.Errorf("the ledger has %q", got)
		}
	})
}

// TestPersonalLinkEnds: with its time, with a newer one, when the roster has
// another contact or none, and when the company takes part; each says so.
func TestPersonalLinkEnds(t *testing.T) {
	for want, end := range map[influence.PersonalLinkState]func(*testing.T, *Store, string) *Store{
		influence.LinkOver: func(t *testing.T, s *Store, _ string) *Store { return later(s, influence.PersonalLinkLife+time.Minute) },
		influence.LinkReplaced: func(t *testing.T, s *Store, ref string) *Store {
			if err := s.As(staffActor()).SendPersonalLink(t.Context(), ref, ""); err != nil {
				t.Fatal(err)
			}
			return s
		},
		influence.LinkChanged: func(t *testing.T, s *Store, _ string) *Store {
			rosterIn(t, s, rosterWritten(t, strings.Replace(elmRow, "ERIN@", "other@", 1)))
			return s
		},
		influence.LinkEnrolled: func(t *testing.T, s *Store, _ string) *Store {
			if _, err := s.As(influence.Operator()).AddMember(t.Context(), NewMember{Kind: "partner", PartnerNo: "20001", Email: "first@elm.example", Name: "First"}); err != nil {
				t.Fatal(err)
			}
			return s
		},
	} {
		t.Run(string(want), func(t *testing.T) {
			each(t, func(t *testing.T, s *Store) {
				begun(t, s)
				ref, token := invitedElm(t, s)
				now := end(t, s, ref)
				if i, err := now.PersonalInvitation(t.Context(), token); err != nil || i.State != want || i.Row.Name != "Elm Works" {
					t.Errorf("%+v, %v; want %s", i, err, want)
				}
				if _, err := nobody(now).EnrollByLink(t.Context(), token, erin(), "hash"); !errors.Is(err, influence.ErrNotFound) {
					t.Errorf("used all the same: %v", err)
				}
				if n := count(t, s, `SELECT count(*) FROM members WHERE email = 'erin@elm.example'`); n != 0 {
					t.Error("its person is a member")
				}
			})
		})
	}
}

// TestGoneFromTheRosterEndsALink: also before another contact is known.
func TestGoneFromTheRosterEndsALink(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		ref, token := invitedElm(t, s)
		rosterIn(t, s, rosterWritten(t, "20002,Fir,Gold,ME,,,,"))
		if i, err := s.PersonalInvitation(t.Context(), token); err != nil || i.State != influence.LinkChanged {
			t.Errorf("%q, %v", i.State, err)
		}
		var refused influence.Refusal
		if err := s.As(staffActor()).SendPersonalLink(t.Context(), ref, ""); !errors.As(err, &refused) {
			t.Errorf("another one is sent: %v", err)
		}
	})
}

// TestPersonalLinksAreMicrosoftsToSend: to the contact on the roster alone, once for
// a key, and never for a company that takes part.
func TestPersonalLinksAreMicrosoftsToSend(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		rosterIn(t, s, rosterWritten(t, elmRow, "20002,Fir,Gold,ME,,,,"))
		refs := texts(t, s, `SELECT ref FROM partners WHERE partner_no IN ('20001', '20002') ORDER BY partner_no`)
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.north), {}} {
			if err := s.As(who).SendPersonalLink(t.Context(), refs[0], ""); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s sends one: %v", who.Role, err)
			}
		}
		staff := s.As(staffActor())
		for what, ref := range map[string]string{"without a contact": refs[1], "that takes part": partnerRefOf(t, s, p.alder)} {
			var refused influence.Refusal
			if err := staff.SendPersonalLink(t.Context(), ref, ""); !errors.As(err, &refused) {
				t.Errorf("to a company %s: %v", what, err)
			}
		}
		if err := staff.SendPersonalLink(t.Context(), "PRT-000000", ""); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("to nobody: %v", err)
		}
		for range 2 {
			if err := staff.SendPersonalLink(t.Context(), refs[0], "key"); err != nil {
				t.Fatal(err)
			}
		}
		if got := texts(t, s, `SELECT email FROM outbox`); !slices.Equal(got, []string{"erin@elm.example"}) {
			t.Errorf("mails to %q", got)
		}
	})
}

// TestPersonalLinkIsUsedOnce: also when it is used several times at one moment.
func TestPersonalLinkIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		_, token := invitedElm(t, s)
		var done atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := nobody(s).EnrollByLink(t.Context(), token, erin(), "hash")
				switch {
				case err == nil:
					done.Add(1)
				case !errors.Is(err, influence.ErrNotFound) && !errors.Is(err, influence.ErrConflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := count(t, s, `SELECT count(*) FROM members WHERE email = 'erin@elm.example'`); done.Load() != 1 || n != 1 {
			t.Errorf("%d times used, %d members", done.Load(), n)
		}
	})
}

// TestPersonalLinkOfAMemberIsNotSpent: an address that has an account keeps it as
// it is. Who was refused before is let in.
func TestPersonalLinkOfAMemberIsNotSpent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		u := dogwood()
		u.Email, u.PartnerNo = "erin@elm.example", "77777"
		if _, err := nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, u)); err != nil {
			t.Fatal(err)
		}
		_, token := invitedElm(t, s)
		if _, err := nobody(s).EnrollByLink(t.Context(), token, erin(), "hash"); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an applicant uses it: %v", err)
		}
		if i, err := s.PersonalInvitation(t.Context(), token); err != nil || i.State != influence.LinkOpen {
			t.Errorf("it is %q, %v", i.State, err)
		}
		if err := s.As(staffActor()).RefuseApplication(t.Context(), texts(t, s, `SELECT ref FROM applications`)[0], "Use the link.", 2); err != nil {
			t.Fatal(err)
		}
		member, err := nobody(s).EnrollByLink(t.Context(), token, erin(), "fresh")
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(t, s, `SELECT role || ' ' || password FROM members WHERE id = '`+member+`'`); !slices.Equal(got, []string{"partner fresh"}) {
			t.Errorf("the member is %q", got)
		}
	})
}

// TestOldPersonalLinksAreForgotten: they hold a person's address.
func TestOldPersonalLinksAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		invitedElm(t, s)
		for _, x := range []struct {
			past time.Duration
			kept int64
		}{{influence.PersonalLinkLife, 1}, {influence.PersonalLinkLife + influence.PersonalLinkKept + time.Hour, 0}} {
			if _, err := later(s, x.past).StartSession(t.Context(), p.alder.MemberID, Client{}); err != nil {
				t.Fatal(err)
			}
			if n := count(t, s, `SELECT count(*) FROM personal_links`); n != x.kept {
				t.Errorf("after %v %d are kept, want %d", x.past, n, x.kept)
			}
		}
	})
}
