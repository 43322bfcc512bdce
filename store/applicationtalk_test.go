package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// applicantOf acts as the person of an application.
func applicantOf(t testing.TB, s *Store, ref string) Session {
	t.Helper()
	id := texts(t, s, `SELECT id FROM applications WHERE ref = '`+ref+`'`)[0]
	member := texts(t, s, `SELECT member_id FROM applications WHERE ref = '`+ref+`'`)[0]
	return s.As(influence.Actor{MemberID: member, OrgID: id, Role: influence.RoleApplicant, Rank: influence.RankOwner, Name: "Erin Elm"})
}

func whichID() influence.ApplicationQuestion {
	return influence.ApplicationQuestion{Text: "Which is your partner ID?", Fields: []string{"partner_id"}}
}

// TestAQuestionGivesTheApplicantTheTurn: it leaves Microsoft's list, is answered
// with what it names alone, and comes back corrected. Each side gets a mail, and
// the ledger has both.
func TestAQuestionGivesTheApplicantTheTurn(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		ref := applied(t, s, "777001")
		staff, person := s.As(staffActor()), applicantOf(t, s, ref)
		waiting := func(state string, want int) {
			t.Helper()
			page, err := staff.Applications(t.Context(), ApplicationFilter{State: state, Limit: 10})
			n, err2 := staff.WaitingApplications(t.Context())
			if err != nil || err2 != nil || len(page.Rows) != want || state == "waiting" && n != int64(want) {
				t.Errorf("%s: %d of the list, %d counted, want %d; %v, %v", state, len(page.Rows), n, want, err, err2)
			}
		}
		if err := person.AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Text: "Hello."}, 1); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("an answer to no question: %v", err)
		}
		if err := staff.AskApplicant(t.Context(), ref, whichID(), 1); err != nil {
			t.Fatal(err)
		}
		waiting("waiting", 0)
		waiting("asked", 1)
		if err := staff.AskApplicant(t.Context(), ref, whichID(), 2); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("a second question while one is open: %v", err)
		}
		own, err := person.OwnApplication(t.Context())
		if err != nil || own.State != "asked" || len(own.Talk) != 1 || !own.Talk[0].Open() || own.Talk[0].Text != "Which is your partner ID?" {
			t.Fatalf("%+v, %v", own, err)
		}
		typed := own.SignUp
		typed.PartnerNo, typed.Company = "10004", "Another company"
		if err := person.AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Typed: typed}, own.Version+1); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("another version: %v", err)
		}
		if err := person.AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Text: "This one.", Typed: typed}, own.Version); err != nil {
			t.Fatal(err)
		}
		waiting("waiting", 1)
		waiting("asked", 0)
		page, err := staff.Application(t.Context(), ref)
		if err != nil || !strings.Contains(page.Why, "domain") || page.PartnerNo != "10004" || page.Company != "Elm Works" || page.Roster == nil || len(page.Talk) != 1 || page.Talk[0].Answer != "This one." || !slices.Equal(page.Talk[0].Corrected, []string{"partner_id"}) {
			t.Errorf("%+v, %v", page, err)
		}
		if mail := texts(t, s, `SELECT subject FROM outbox WHERE email = 'erin@elm.example'`); !slices.Equal(mail, []string{"A question about your application"}) {
			t.Errorf("mails to the applicant %q", mail)
		}
		if got := texts(t, s, `SELECT action || ' ' || became FROM entries WHERE subject = '`+ref+`' AND action LIKE 'application%' ORDER BY id`); len(got) != 2 ||
			!strings.Contains(got[0], "Which is your partner ID?") || !strings.Contains(got[1], "This one.") || strings.Contains(strings.Join(got, ""), "erin@") {
			t.Errorf("the ledger has %q", got)
		}
	})
}

// TestAnswersGoToWhoAsked: or to the administrators when that one has left.
func TestAnswersGoToWhoAsked(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		begun(t, s)
		ref := applied(t, s, "777001")
		var asker, other influence.Actor
		for who, email := range map[*influence.Actor]string{&asker: "maya@microsoft.example", &other: "other@microsoft.example"} {
			if _, err := s.As(influence.Operator()).AddMember(t.Context(), NewMember{Kind: "manager", Email: email, Name: "Staff"}); err != nil {
				t.Fatal(err)
			}
			*who = staffActor()
			who.MemberID = texts(t, s, `SELECT id FROM members WHERE email = '`+email+`'`)[0]
		}
		if err := s.As(asker).AskApplicant(t.Context(), ref, whichID(), 1); err != nil {
			t.Fatal(err)
		}
		if err := applicantOf(t, s, ref).AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Text: "It is right."}, 2); err == nil {
			t.Error("a partner ID left empty was taken")
		}
		own, err := applicantOf(t, s, ref).OwnApplication(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := applicantOf(t, s, ref).AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Text: "It is right.", Typed: own.SignUp}, 2); err != nil {
			t.Fatal(err)
		}
		if mail := texts(t, s, `SELECT email FROM outbox WHERE subject LIKE 'An answer about%'`); !slices.Equal(mail, []string{"maya@microsoft.example"}) {
			t.Errorf("mails to %q", mail)
		}
	})
}

// TestACorrectedIDMayAskToJoin: an answer that names an enrolled company is its
// owners' to accept from then on, and they are told.
func TestACorrectedIDMayAskToJoin(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		change1(t, s, `UPDATE members SET password = 'hash' WHERE id = $1`, p.alder.MemberID)
		ref := applied(t, s, "777001")
		staff, person := s.As(staffActor()), applicantOf(t, s, ref)
		if err := staff.AskApplicant(t.Context(), ref, whichID(), 1); err != nil {
			t.Fatal(err)
		}
		if err := person.AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Typed: influence.SignUp{PartnerNo: p.alder.No}}, 2); err != nil {
			t.Fatal(err)
		}
		all, err := s.As(partnerActor(p.alder)).JoinRequests(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE subject LIKE '%asks to join your team'`); n != 1 {
			t.Errorf("%d mails to the owners", n)
		}
		var refused influence.Refusal
		if err := staff.AskApplicant(t.Context(), ref, whichID(), 3); !errors.As(err, &refused) {
			t.Errorf("Microsoft asks about a request to join: %v", err)
		}
	})
}

// TestAnOpenQuestionCanBeSettled: accepted or refused, it is answered no more.
func TestAnOpenQuestionCanBeSettled(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		ref := applied(t, s, p.dogwood.No)
		staff, person := s.As(staffActor()), applicantOf(t, s, ref)
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.north), {}} {
			if err := s.As(who).AskApplicant(t.Context(), ref, whichID(), 1); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s asks: %v", who.Role, err)
			}
			if err := s.As(who).AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Text: "x"}, 1); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s answers: %v", who.Role, err)
			}
		}
		if err := staff.AskApplicant(t.Context(), ref, whichID(), 1); err != nil {
			t.Fatal(err)
		}
		if err := staff.RefuseApplication(t.Context(), ref, "Nobody answered.", 2); err != nil {
			t.Fatal(err)
		}
		if err := person.AnswerApplicationQuestion(t.Context(), influence.ApplicationAnswer{Text: "It is right."}, 3); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("answered after that: %v", err)
		}
		if own, err := person.OwnApplication(t.Context()); err != nil || own.State != "refused" || own.Reason != "Nobody answered." {
			t.Errorf("%+v, %v", own, err)
		}
	})
}
