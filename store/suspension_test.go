package store

import (
	"errors"
	"strings"
	"testing"

	"irm/influence"
)

// outAndIn is how a test suspends a company and lets it in again.
type outAndIn struct {
	ref, owner string // owner is its owner's id
	suspend    func(reason string, version int64) error
	restore    func(version int64) error
	version    func() int64
}

// suspendable are a partner and a LAR with an owner who has a session.
func suspendable(t *testing.T, s *Store) map[string]outAndIn {
	t.Helper()
	p, staff := begun(t, s), s.As(influence.Operator())
	change1(t, s, `UPDATE members SET password = 'hash' WHERE id = $1`, p.alder.MemberID)
	change1(t, s, `UPDATE members SET password = 'hash' WHERE id = $1`, p.north.MemberID)
	alder := texts(t, s, `SELECT ref FROM partners WHERE id = $1`, p.alder.ID)[0]
	return map[string]outAndIn{
		"partner": {ref: alder, owner: p.alder.MemberID,
			suspend: func(why string, n int64) error { return staff.SuspendPartner(t.Context(), alder, why, n) },
			restore: func(n int64) error { return staff.RestorePartner(t.Context(), alder, n) },
			version: func() int64 { x, err := staff.Partner(t.Context(), alder); must(t, err); return x.Access.Version }},
		"LAR": {ref: p.north.Ref, owner: p.north.MemberID,
			suspend: func(why string, n int64) error { return staff.SuspendLAR(t.Context(), p.north.Ref, why, n) },
			restore: func(n int64) error { return staff.RestoreLAR(t.Context(), p.north.Ref, n) },
			version: func() int64 { x, err := staff.LARPage(t.Context(), p.north.Ref); must(t, err); return x.Access.Version }},
	}
}

// Whoever is of a suspended company is out at once, is told why when it proves who
// it is, and gets in again when the suspension ends. The owners are told by mail,
// and other mails to the company are not sent.
func TestSuspendedCompanyIsOut(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for kind, c := range suspendable(t, s) {
			cookie, err := s.StartSession(t.Context(), c.owner, Client{})
			must(t, err)
			if _, ok := errors.AsType[influence.Invalid](c.suspend(" ", c.version())); !ok {
				t.Errorf("a %s is suspended without a reason", kind)
			}
			if err := c.suspend("It broke the terms.", c.version()-1); !errors.Is(err, influence.ErrConflict) {
				t.Errorf("%s, an older version: %v", kind, err)
			}
			if err := c.restore(c.version()); !refusal(err) {
				t.Errorf("a %s that is not suspended is let in: %v", kind, err)
			}
			must(t, c.suspend("It broke the terms.", c.version()))
			if err := c.suspend("It broke the terms.", c.version()); !refusal(err) {
				t.Errorf("a %s is suspended twice: %v", kind, err)
			}
			if a, _, err := s.Actor(t.Context(), cookie); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("%s: its owner is still %+v, %v", kind, a, err)
			}
			_, err = s.StartSession(t.Context(), c.owner, Client{})
			if why, ok := errors.AsType[influence.Suspended](err); !ok || why != "It broke the terms." || !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s: its owner signs in: %v", kind, err)
			}
			must(t, s.transact(t.Context(), func(x *tx) error {
				return x.mail(mail{memberID: c.owner, email: "any@" + kind + ".example", subject: "Not for a " + kind})
			}))
			s.clearMail(t, kind, c)
			must(t, c.restore(c.version()))
			if _, err := s.StartSession(t.Context(), c.owner, Client{}); err != nil {
				t.Errorf("%s: its owner does not get in again: %v", kind, err)
			}
			got := strings.Join(texts(t, s, `SELECT was || became FROM entries WHERE subject = $1 AND action LIKE '%.suspend' ORDER BY id`, c.ref), " ")
			if want := `{"suspended":false}{"suspended":true,"reason":"It broke the terms."} {"suspended":true,"reason":"It broke the terms."}{"suspended":false}`; got != want {
				t.Errorf("%s: the ledger has %s", kind, got)
			}
		}
	})
}

// clearMail checks what is sent while a company is suspended.
func (s *Store) clearMail(t *testing.T, kind string, c outAndIn) {
	t.Helper()
	due, err := s.DueMail(t.Context(), "me", 100)
	must(t, err)
	told := 0
	for _, m := range due {
		if strings.Contains(m.Subject, "is suspended from the program") && strings.Contains(m.Body, "It broke the terms.") {
			told++
		}
		if m.Subject == "Not for a "+kind {
			t.Errorf("a mail to a member of a suspended %s is sent", kind)
		}
		must(t, s.MailSent(t.Context(), m.ID))
	}
	if told != 1 {
		t.Errorf("%s: %d mails say that it is suspended, want one to its owner", kind, told)
	}
}

// Partners are suspended by all of Microsoft's staff, LARs by its administrators,
// and neither with a proof that is not fresh.
func TestWhoSuspends(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		alder := texts(t, s, `SELECT ref FROM partners WHERE id = $1`, p.alder.ID)[0]
		staff := influence.Actor{MemberID: "operator", OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager}
		if err := s.As(staff).SuspendLAR(t.Context(), p.north.Ref, "x", 1); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a partner manager suspends a LAR: %v", err)
		}
		for _, a := range []influence.Actor{larActor(p.north), partnerActor(p.alder)} {
			if err := s.As(a).SuspendPartner(t.Context(), alder, "x", 1); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s suspends a partner: %v", a.Role, err)
			}
		}
		staff.Stale = true
		if err := s.As(staff).SuspendPartner(t.Context(), alder, "x", 1); !errors.Is(err, influence.ErrProof) {
			t.Errorf("without a fresh proof: %v", err)
		}
	})
}

// A LAR is added once by each key, and what is wrong with it is said all at once.
func TestLARIsAdded(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		v := s.As(influence.Operator())
		n := NewLAR{Slug: "west", Name: " West Licensing ", Status: influence.LARInvited, Key: "one"}
		first, err := v.AddLAR(t.Context(), n)
		must(t, err)
		if again, err := v.AddLAR(t.Context(), n); err != nil || again != first {
			t.Errorf("the same key: %s, %v, want %s", again, err, first)
		}
		n.Key = "two"
		wrong, _ := errors.AsType[influence.Invalid](second(v.AddLAR(t.Context(), n)))
		if wrong["slug"] == "" || wrong["name"] == "" {
			t.Errorf("the same LAR once more: %v", wrong)
		}
		wrong, _ = errors.AsType[influence.Invalid](second(v.AddLAR(t.Context(), NewLAR{Slug: "West!", Name: "a\nb", Status: "asleep"})))
		if wrong["slug"] == "" || wrong["name"] == "" || wrong["status"] == "" {
			t.Errorf("all wrong: %v", wrong)
		}
	})
}

// second is the error of a call with two results.
func second[T any](_ T, err error) error { return err }
