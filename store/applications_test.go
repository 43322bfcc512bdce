package store

import (
	"errors"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

// applied loads an application of Elm that waits, and returns its reference.
func applied(t testing.TB, s *Store, no string) string {
	t.Helper()
	key, _, err := s.Signer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = s.Load(t.Context(), key, func(l *Loader) error {
		return l.Application(PastApplication{Company: "Elm Works", Name: "Erin Elm", Email: "erin@elm.example", PartnerNo: no, State: "VT", Why: "The partner is Registered.",
			Level: influence.Registered, At: storetest.Start().AddDate(0, 0, -3)})
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts(t, s, `SELECT ref FROM applications`)[0]
}

// TestAcceptedApplicationEnrolls: name, level and state are the roster's, the
// person becomes the owner and is told.
func TestAcceptedApplicationEnrolls(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		ref := applied(t, s, p.dogwood.No)
		staff := s.As(staffActor())
		page, err := staff.Application(t.Context(), ref)
		if err != nil || page.Company != "Elm Works" || page.Roster == nil || page.Roster.Name != "dogwood Consulting" || page.Partner.Enrolled {
			t.Fatalf("%+v, %v", page, err)
		}
		if err := staff.AcceptApplication(t.Context(), ref, page.Version+1); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("another version: %v", err)
		}
		if err := staff.AcceptApplication(t.Context(), ref, page.Version); err != nil {
			t.Fatal(err)
		}
		got, err := staff.Partner(t.Context(), page.Partner.Ref)
		if err != nil || !got.Enrolled || got.Name != "dogwood Consulting" || got.Level != influence.Certified || len(got.Contacts) != 1 || got.Contacts[0].Rank != influence.RankOwner {
			t.Errorf("%+v, %v", got, err)
		}
		if mail := texts(t, s, `SELECT subject FROM outbox WHERE email = 'erin@elm.example'`); len(mail) != 1 || mail[0] != "Your application was accepted" {
			t.Errorf("mails %q", mail)
		}
		if role := texts(t, s, `SELECT role FROM members WHERE email = 'erin@elm.example'`); role[0] != "partner" {
			t.Errorf("the person is %q", role)
		}
		if err := staff.RefuseApplication(t.Context(), ref, "Too late.", page.Version+1); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("refusing it then: %v", err)
		}
	})
}

// TestUnknownCompanyIsEnrolledAsItApplied: without a row on the roster the
// application's own words count.
func TestUnknownCompanyIsEnrolledAsItApplied(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		ref := applied(t, s, "777001")
		if err := s.As(staffActor()).AcceptApplication(t.Context(), ref, 1); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, s, `SELECT name || ' ' || level || ' ' || state FROM partners WHERE partner_no = '777001' AND enrolled_at IS NOT NULL`); len(got) != 1 || got[0] != "Elm Works registered VT" {
			t.Errorf("enrolled %q", got)
		}
	})
}

// TestAcceptedPersonJoinsAnEnrolledCompany: it does not become its owner.
func TestAcceptedPersonJoinsAnEnrolledCompany(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		ref := applied(t, s, p.alder.No)
		if err := s.As(staffActor()).AcceptApplication(t.Context(), ref, 1); err != nil {
			t.Fatal(err)
		}
		got, err := s.As(staffActor()).Partner(t.Context(), partnerRefOf(t, s, p.alder))
		if err != nil || len(got.Contacts) != 2 || got.Contacts[0].Rank != influence.RankOwner || got.Contacts[1].Name != "Erin Elm" || got.Contacts[1].Rank != influence.RankMember {
			t.Errorf("its people are %+v, %v", got.Contacts, err)
		}
	})
}

// TestRefusedApplicationSaysWhy: a refusal needs a reason, which the applicant reads.
func TestRefusedApplicationSaysWhy(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		ref := applied(t, s, p.dogwood.No)
		staff := s.As(staffActor())
		var wrong influence.Invalid
		if err := staff.RefuseApplication(t.Context(), ref, "  ", 1); !errors.As(err, &wrong) || wrong["reason"] == "" {
			t.Errorf("without a reason: %v", err)
		}
		if err := staff.RefuseApplication(t.Context(), ref, "This partner ID is Dogwood’s.", 1); err != nil {
			t.Fatal(err)
		}
		if body := texts(t, s, `SELECT body FROM outbox WHERE email = 'erin@elm.example'`); len(body) != 1 || !strings.Contains(body[0], "This partner ID is Dogwood’s.") {
			t.Errorf("mails %q", body)
		}
		if page, err := staff.Applications(t.Context(), ApplicationFilter{State: "refused", Limit: 10}); err != nil || len(page.Rows) != 1 || page.Rows[0].Reason != "This partner ID is Dogwood’s." {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

// TestApplicationsAreMicrosofts: nobody else lists, opens or answers them.
func TestApplicationsAreMicrosofts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		ref := applied(t, s, "777001")
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.north), {}} {
			v := s.As(who)
			if page, err := v.Applications(t.Context(), ApplicationFilter{Limit: 10}); err != nil || len(page.Rows) != 0 {
				t.Errorf("%s lists %+v, %v", who.Role, page.Rows, err)
			}
			if _, err := v.Application(t.Context(), ref); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s opens it: %v", who.Role, err)
			}
			if err := v.AcceptApplication(t.Context(), ref, 1); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s accepts it: %v", who.Role, err)
			}
		}
	})
}
