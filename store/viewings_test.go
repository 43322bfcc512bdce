package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"irm/influence"
)

// managing signs a partner manager in.
func managing(t *testing.T, s *Store) (cookie string, v Session) {
	t.Helper()
	token, err := s.As(influence.Operator()).AddMember(t.Context(), NewMember{Kind: "manager", Email: "mgr@microsoft.example", Name: "Maya Kim"})
	must(t, err)
	id, err := nobody(s).ChoosePassword(t.Context(), "invite", token, "hash")
	must(t, err)
	cookie, err = s.StartSession(t.Context(), id, Client{})
	must(t, err)
	a, _, err := s.Actor(t.Context(), cookie)
	must(t, err)
	return cookie, s.As(a)
}

// Staff that sees the portal as an organization changes nothing, is known by its
// own id, and is itself again after half an hour, by the button, or signed out.
// The ledger has the beginning and the end.
func TestViewingEnds(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, staff := managing(t, s)
		ref := partnerRefOf(t, s, p.alder)
		entries := func() string {
			return strings.Join(texts(t, s, `SELECT became FROM entries WHERE action = 'view_as' AND subject = $1 AND member_id = $2 AND org_id = 'microsoft' ORDER BY id`, ref, staff.Actor().MemberID), " ")
		}
		for i, end := range []func() *Store{
			func() *Store { return later(s, influence.ViewingLife) },
			func() *Store { must(t, s.EndViewing(t.Context(), cookie)); return s },
		} {
			must(t, staff.ViewAsPartner(t.Context(), ref, cookie))
			a, info, err := s.Actor(t.Context(), cookie)
			if err != nil || a.OrgID != p.alder.ID || a.MemberID != staff.Actor().MemberID || !a.Viewing || a.Role != influence.RolePartner || info.Until.IsZero() {
				t.Fatalf("%+v, %v", a, err)
			}
			seen := s.As(a)
			if _, err := seen.SaveDraft(t.Context(), "", "key", 0, influence.ClaimDraft{LAR: p.north.Ref}); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("it drafts a claim: %v", err)
			}
			if err := seen.LeaveTeam(t.Context()); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("it leaves the team: %v", err)
			}
			if all, err := seen.Team(t.Context()); err != nil || len(all) != 1 {
				t.Errorf("it sees the team %+v, %v", all, err)
			}
			a, _, err = end().Actor(t.Context(), cookie)
			if err != nil || a.Viewing || a.Role != influence.RoleStaff {
				t.Errorf("then it is %+v, %v", a, err)
			}
			if got := entries(); strings.Count(got, `"started"`) != i+1 || strings.Count(got, `"ended"`) != i+1 {
				t.Errorf("the ledger has %s", got)
			}
		}
		must(t, staff.ViewAsLAR(t.Context(), p.north.Ref, cookie))
		must(t, staff.ViewAsPartner(t.Context(), ref, cookie)) // ends the one before
		must(t, s.EndSession(t.Context(), cookie))
		if n := count(t, s, `SELECT count(*) FROM viewings WHERE ended_at IS NULL`); n != 0 {
			t.Errorf("%d go on", n)
		}
	})
}

// One that nobody ends is ended in the ledger when its time is over.
func TestForgottenViewingEnds(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, staff := managing(t, s)
		must(t, staff.ViewAsLAR(t.Context(), p.north.Ref, cookie))
		if _, err := later(s, time.Hour).StartSession(t.Context(), p.alder.MemberID, Client{}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, `SELECT count(*) FROM entries WHERE action = 'view_as' AND became LIKE '%"ended"%'`); n != 1 {
			t.Errorf("%d ends in the ledger", n)
		}
	})
}

// Only Microsoft sees the portal as another, and only as who can be signed in.
func TestOnlyStaffViewsAs(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, staff := managing(t, s)
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.north), {}} {
			if err := s.As(who).ViewAsPartner(t.Context(), partnerRefOf(t, s, p.birch), cookie); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s: %v", who.Role, err)
			}
		}
		if err := staff.ViewAsPartner(t.Context(), partnerRefOf(t, s, p.dogwood), cookie); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("a company that is not enrolled: %v", err)
		}
		if err := staff.ViewAsLAR(t.Context(), p.north.Ref, "another’s cookie"); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("with another's session: %v", err)
		}
	})
}
