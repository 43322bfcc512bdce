package store

import (
	"errors"
	"strings"
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

// A refused application is sent again as it is corrected, once, by its own person,
// whose address and password stay; the roster decides as before.
func TestRefusedApplicationIsSentAgain(t *testing.T) {
	for no, want := range map[string]string{"77778": "waiting", "10004": "enrolled"} {
		t.Run(want, func(t *testing.T) {
			each(t, func(t *testing.T, s *Store) {
				begun(t, s)
				u := dogwood()
				u.PartnerNo = "77777"
				if _, err := nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, u)); err != nil {
					t.Fatal(err)
				}
				ref := texts(t, s, `SELECT ref FROM applications`)[0]
				person := applicantOf(t, s, ref)
				u.PartnerNo, u.Company, u.Email = no, "Dogwood, Inc.", "other@else.example"
				if _, err := person.ApplyAgain(t.Context(), u); !errors.Is(err, influence.ErrConflict) {
					t.Errorf("while it waits: %v", err)
				}
				if err := s.As(staffActor()).RefuseApplication(t.Context(), ref, "Another ID.", 2); err != nil {
					t.Fatal(err)
				}
				c, err := person.ApplyAgain(t.Context(), u)
				if err != nil || c.Enrolled != (want == "enrolled") {
					t.Fatalf("%+v, %v", c, err)
				}
				if _, err := person.ApplyAgain(t.Context(), u); !errors.Is(err, influence.ErrConflict) {
					t.Errorf("a second time: %v", err)
				}
				got := texts(t, s, `SELECT state || ' ' || company || ' ' || email || ' ' || terms FROM applications ORDER BY id`)
				if len(got) != 2 || got[1] != want+" Dogwood, Inc. lee@dogwood.example "+influence.TermsVersion {
					t.Errorf("the applications are %q", got)
				}
				if got := texts(t, s, `SELECT email || ' ' || password FROM members WHERE name = 'Lee Dog'`); len(got) != 1 || got[0] != "lee@dogwood.example hash" {
					t.Errorf("the person is %q", got)
				}
			})
		})
	}
}
