package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// SignUp takes a sign-up that was validated, with the hash of its password, and
// sends the address a mail. What the caller answers is the same whether the
// address is known or not: only its mailbox learns that.
func (v Session) SignUp(ctx context.Context, u influence.SignUp, hash string) error {
	err := v.do(ctx, influence.Register, func(t *tx) (change, error) {
		known, err := t.memberAt(u.Email)
		if err != nil || known.settled() {
			return change{}, errors.Join(err, t.tellKnown(known))
		}
		a, err := t.newApplication(u, hash)
		if err != nil {
			return change{}, err
		}
		token, err := t.link("confirm", a.ID, a.Email, influence.ConfirmLinkLife)
		if err != nil {
			return change{}, err
		}
		return change{}, t.mail(mail{email: a.Email, subject: "Confirm your e-mail address",
			body: "Somebody, most likely you, asked to enroll " + a.Company + " in the U.S. Influence Revenue Model with this address.\n\n" +
				"Open the page and press its button. The link works once, for 24 hours. If it was not you, do nothing: without the button nothing happens.",
			link: "/signup/confirm?token=" + token, button: "Confirm my address"})
	})
	if err != nil {
		return fmt.Errorf("sign up: %w", err)
	}
	return nil
}

// knownMember is a member as sign-up meets it; the zero one is nobody.
type knownMember struct {
	ID, email, application string // state of the application, "" if it is not an applicant
	active                 bool
}

// settled reports whether an address can't be signed up (again): only who was
// refused may try once more.
func (k knownMember) settled() bool { return k.ID != "" && k.application != "refused" }

func (t *tx) memberAt(email string) (k knownMember, err error) {
	err = t.row(`SELECT m.id, m.email, coalesce(a.state, ''), m.active FROM members m LEFT JOIN applications a ON a.id = m.org_id WHERE m.email = $1`, email).
		Scan(&k.ID, &k.email, &k.application, &k.active)
	if errors.Is(err, sql.ErrNoRows) {
		return knownMember{}, nil
	}
	return k, err
}

// tellKnown says to a member's mailbox, and to nobody else, that it is known.
func (t *tx) tellKnown(k knownMember) error {
	switch {
	case k.ID == "":
		return nil
	case !k.active:
		return t.mail(mail{email: k.email, subject: "Your sign-up was not taken",
			body: "Somebody asked to enroll a company with this address. It belongs to a member who was removed from the portal, so nothing was changed. Use another address, or ask your company’s owner."})
	}
	return t.mail(mail{memberID: k.ID, email: k.email, subject: "You can sign in already",
		body: "Somebody, most likely you, asked to enroll a company with this address. You can sign in with it already; nothing was changed. If you forgot your password, choose a new one on the sign-in page.",
		link: "/signin", button: "Sign in"})
}

// PendingSignUp is a sign-up that waits for its link's button.
type PendingSignUp struct{ Name, Email, Company string }

// PendingSignUp finds what a confirmation link is for, without using it.
func (s *Store) PendingSignUp(ctx context.Context, token string) (p PendingSignUp, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT a.name, a.email, a.company FROM tokens k JOIN applications a ON a.id = k.subject
		WHERE k.hash = $1 AND k.purpose = 'confirm' AND k.expires_at > $2`, hashed(token), s.clock.System().UnixMicro()).Scan(&p.Name, &p.Email, &p.Company)
	return p, wrap(err)
}

// Confirmed is what a confirmed sign-up led to.
type Confirmed struct {
	MemberID string // who can be signed in now
	Enrolled bool   // takes part; else the application waits for a partner manager
}

// ConfirmSignUp uses a confirmation link: the company is enrolled at once, or its
// application waits. It is ErrNotFound for a link that was used or is too old,
// and ErrConflict when the address became a member's meanwhile.
func (v Session) ConfirmSignUp(ctx context.Context, token string) (c Confirmed, err error) {
	err = v.do(ctx, influence.Register, func(t *tx) (change, error) {
		id, email, err := t.used("confirm", token)
		if err != nil {
			return change{}, err
		}
		known, err := t.memberAt(email)
		if err != nil {
			return change{}, err
		}
		if known.settled() {
			return change{}, influence.ErrConflict
		}
		a, err := scanApplication(t.row(`SELECT `+applicationColumns+` FROM applications a WHERE a.id = $1`, id))
		if err != nil {
			return change{}, err
		}
		a.MemberID = known.ID
		partner, err := t.confirmed(&a)
		c = Confirmed{MemberID: a.MemberID, Enrolled: partner != ""}
		t.who = influence.Actor{MemberID: a.MemberID, OrgID: a.ID} // from here on it is a member's deed
		if c.Enrolled {
			t.who.OrgID = partner
		}
		if err != nil {
			return change{}, err
		}
		became, err := t.recordApplicant(a)
		return change{a.Ref, nil, became}, err
	})
	if err != nil {
		return Confirmed{}, fmt.Errorf("confirm sign-up: %w", err)
	}
	return c, nil
}

// ApplyAgain sends the actor's application, which was refused, once more as it is
// corrected. Its address is proved and its password stays. Of two at once one gets
// ErrConflict, as does who was not refused.
func (v Session) ApplyAgain(ctx context.Context, u influence.SignUp) (c Confirmed, err error) {
	err = v.do(ctx, influence.AnswerApplication, func(t *tx) (change, error) {
		was, err := scanApplication(t.row(`SELECT `+applicationColumns+` FROM applications a WHERE a.id = $1`, v.actor.OrgID))
		if err == nil && was.State != "refused" {
			err = influence.ErrConflict
		}
		if err != nil {
			return change{}, err
		}
		if err := t.must(`UPDATE members SET version = version + 1 WHERE id = $1 AND org_id = $2 AND active`, v.actor.MemberID, was.ID); err != nil {
			return change{}, err
		}
		u.Email = was.Email
		a, err := t.newApplication(u, "")
		if err != nil {
			return change{}, err
		}
		a.MemberID = v.actor.MemberID
		partner, err := t.confirmed(&a)
		if err != nil {
			return change{}, err
		}
		c = Confirmed{MemberID: a.MemberID, Enrolled: partner != ""}
		if t.who.OrgID = a.ID; c.Enrolled {
			t.who.OrgID = partner
		}
		became, err := t.recordApplicant(a)
		return change{a.Ref, nil, became}, err
	})
	if err != nil {
		return Confirmed{}, fmt.Errorf("apply again: %w", err)
	}
	return c, nil
}
