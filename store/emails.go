package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// AskEmail mails a link to a new address of the actor; nothing changes before its
// button is pressed. An address that is a member's already gets a mail that says
// so, and the answer is the same. version is the one that the form showed.
func (v Session) AskEmail(ctx context.Context, email string, version int64) error {
	err := v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		var now int64
		if err := t.row(`SELECT version FROM members WHERE id = $1`, v.actor.MemberID).Scan(&now); err != nil {
			return change{}, err
		}
		if now != version {
			return change{}, influence.ErrConflict
		}
		known, err := t.memberAt(email)
		if err != nil {
			return change{}, err
		}
		if known.ID != "" {
			return change{}, t.mail(mail{memberID: known.ID, email: email, subject: "This address is a member’s already", link: "/signin", button: "Sign in",
				body: "Somebody asked to use this address for another account of the portal. Nothing was changed, because you sign in with it already."})
		}
		token, err := t.link("email", v.actor.MemberID, email, influence.EmailLinkLife)
		if err != nil {
			return change{}, err
		}
		return change{}, t.mail(mail{email: email, subject: "Confirm your new e-mail address", link: "/account/email/confirm?token=" + token, button: "Confirm the new address",
			body: v.actor.Name + " asked to sign in with this address from now on. Open the page and press its button. The link works once, for 24 hours. If it was not you, do nothing: without the button nothing happens."})
	})
	if err != nil {
		return fmt.Errorf("ask for a new address: %w", err)
	}
	return nil
}

// NewEmail is a change of address that waits for its link's button.
type NewEmail struct{ Name, Old, New string }

// NewEmail finds what a link is for, without using it.
func (s *Store) NewEmail(ctx context.Context, token string) (n NewEmail, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT m.name, m.email, k.email FROM tokens k JOIN members m ON m.id = k.subject
		WHERE k.hash = $1 AND k.purpose = 'email' AND k.expires_at > $2 AND m.active`, hashed(token), s.clock.System().UnixMicro()).Scan(&n.Name, &n.Old, &n.New)
	return n, wrap(err)
}

// ConfirmEmail uses a link: its member signs in with the new address from now on.
// The old one is told by mail; other sessions than the one with the cookie end,
// and so do one-time links to the old address. It is ErrNotFound for a link that
// was used or is too old, ErrConflict when somebody else has the address by now.
func (v Session) ConfirmEmail(ctx context.Context, token, cookie string) error {
	err := v.do(ctx, influence.Register, func(t *tx) (change, error) {
		memberID, email, err := t.used("email", token)
		if err != nil {
			return change{}, err
		}
		var old string
		if err := t.row(`SELECT email, org_id, role FROM members WHERE id = $1 AND active`, memberID).Scan(&old, &t.who.OrgID, &t.who.Role); err != nil {
			return change{}, err
		}
		t.who.MemberID = memberID // from here on it is the member's deed
		if err := t.takeEmail(memberID, email, cookie); err != nil {
			return change{}, err
		}
		was, became, err := t.recordEmails(memberID, old, email)
		if err != nil {
			return change{}, err
		}
		return change{memberID, was, became}, t.mail(mail{memberID: memberID, email: old, subject: "Your e-mail address was changed",
			body: "You sign in with another e-mail address from now on, and other sessions were signed out. This one is no longer used. If it was not you, tell your company’s owner or a partner manager at once."})
	})
	if err != nil {
		return fmt.Errorf("confirm address: %w", err)
	}
	return nil
}

func (t *tx) takeEmail(memberID, email, cookie string) error {
	var taken string
	err := t.row(`SELECT id FROM members WHERE email = $1`, email).Scan(&taken)
	if err == nil {
		return influence.ErrConflict
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := t.must(`UPDATE members SET email = $2, version = version + 1 WHERE id = $1 AND active`, memberID, email); err != nil {
		return err
	}
	if err := t.later(`DELETE FROM tokens WHERE subject = $1`, memberID); err != nil {
		return err
	}
	return t.endOthers(memberID, cookie)
}
