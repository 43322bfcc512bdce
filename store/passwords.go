package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// AskReset mails a link to choose a new password to a member with the address.
// For any other address it does as much and mails nothing.
func (v Session) AskReset(ctx context.Context, email string) error {
	err := v.do(ctx, influence.Register, func(t *tx) (change, error) {
		email = tidyEmail(email)
		var id string
		err := t.row(`SELECT m.id FROM members m `+orgJoin+` WHERE m.email = $1 AND `+mayEnter, email).Scan(&id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return change{}, err
		}
		token, err := t.link("reset", id, email, influence.ResetLinkLife)
		if err != nil || id == "" {
			return change{}, err
		}
		return change{}, t.mail(mail{memberID: id, email: email, subject: "Choose a new password", link: "/password/reset?token=" + token, button: "Choose a new password",
			body: "Somebody, most likely you, asked for a new password for this address. The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is."})
	})
	if err != nil {
		return fmt.Errorf("ask for a new password: %w", err)
	}
	return nil
}

// ResetPassword mails a member a link to choose a new password, for an owner or
// administrator. The link goes to the member alone; until it is used the old
// password stays.
func (v Session) ResetPassword(ctx context.Context, ref string, version int64) error {
	return v.changeMember(ctx, ref, version, influence.ResetPassword, func(t *tx, m TeamMember) (TeamMember, error) {
		m.done = "password link mailed"
		token, err := t.link("reset", m.id, m.Email, influence.ResetLinkLife)
		if err != nil {
			return m, err
		}
		return m, t.mail(mail{memberID: m.id, email: m.Email, subject: "Choose a new password", link: "/password/reset?token=" + token, button: "Choose a new password",
			body: v.actor.Name + " of " + v.actor.OrgName + " asks you to choose a new password. The link works once, for 30 minutes. Nobody but you chooses or sees it. Your password stays as it is until you use the link."})
	})
}

// ChoosePassword sets the password of the member whose one-time link it is (for
// purpose invite or reset), by its hash, and signs the member out everywhere. It
// is ErrNotFound for a link that was used or is too old.
func (v Session) ChoosePassword(ctx context.Context, purpose, token, hash string) (memberID string, err error) {
	err = v.do(ctx, influence.Register, func(t *tx) (change, error) {
		memberID, _, err = t.used(purpose, token)
		if err != nil {
			return change{}, err
		}
		email, err := t.setPassword(memberID, hash, "")
		if err != nil || purpose == "invite" {
			return change{memberID, nil, passwordRecord{"invitation"}}, err
		}
		return change{memberID, nil, passwordRecord{"reset"}}, t.tellPassword(memberID, email)
	})
	if err != nil {
		return "", fmt.Errorf("choose password: %w", err)
	}
	return memberID, nil
}

// passwordRecord is what the ledger keeps of a new password: how it came.
type passwordRecord struct {
	By string `json:"password_set_by"`
}

// setPassword also ends what an older password opened: sessions but the one with
// the cookie, and one-time links.
func (t *tx) setPassword(memberID, hash, cookie string) (email string, err error) {
	err = t.row(`UPDATE members SET password = $2, version = version + 1 WHERE id = $1 AND active RETURNING org_id, role, email`, memberID, hash).
		Scan(&t.who.OrgID, &t.who.Role, &email)
	if err != nil {
		return "", err
	}
	t.who.MemberID = memberID
	if err := t.later(`DELETE FROM sessions WHERE member_id = $1 AND hash <> $2`, memberID, hashed(cookie)); err != nil {
		return "", err
	}
	return email, t.later(`DELETE FROM tokens WHERE subject = $1`, memberID)
}

func (t *tx) tellPassword(memberID, email string) error {
	return t.mail(mail{memberID: memberID, email: email, subject: "Your password was changed", link: "/password/forgot", button: "It was not me",
		body: "The password of your account was changed, and other sessions were signed out. If it was not you, choose a new one at once."})
}

// OwnPassword returns the hash of the actor's password, "" if it has none.
func (v Session) OwnPassword(ctx context.Context) (hash string, err error) {
	err = v.s.read.QueryRowContext(ctx, `SELECT password FROM members WHERE id = $1`, v.actor.MemberID).Scan(&hash)
	return hash, wrap(err)
}

// ChangePassword sets the actor's password by its hash, ends its other sessions
// and tells it by mail.
func (v Session) ChangePassword(ctx context.Context, hash, cookie string) error {
	err := v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		email, err := t.setPassword(v.actor.MemberID, hash, cookie)
		if err != nil {
			return change{}, err
		}
		return change{v.actor.MemberID, nil, passwordRecord{"member"}}, t.tellPassword(v.actor.MemberID, email)
	})
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return nil
}
