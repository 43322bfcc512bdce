package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"irm/influence"
)

// SecondFactor is what a member has set up besides its password.
type SecondFactor struct {
	App      bool // an authenticator app, confirmed
	Since    time.Time
	Codes    int // recovery codes left
	Passkeys []Passkey
}

// Any reports whether there is a second factor at all.
func (f SecondFactor) Any() bool { return f.App || len(f.Passkeys) > 0 }

// SecondFactor returns the actor's own.
func (v Session) SecondFactor(ctx context.Context) (f SecondFactor, err error) {
	if !v.actor.May(influence.ViewAccount) {
		return f, influence.ErrForbidden
	}
	var since sql.NullInt64
	err = v.s.read.QueryRowContext(ctx, `SELECT (SELECT confirmed_at FROM authenticators WHERE member_id = $1), (SELECT count(*) FROM recovery_codes WHERE member_id = $1)`,
		v.actor.MemberID).Scan(&since, &f.Codes)
	f.App, f.Since = since.Valid, when(since)
	if err == nil {
		f.Passkeys, err = v.Passkeys(ctx)
	}
	return f, wrap(err)
}

// StartApp makes a secret for the actor's authenticator app. It counts for nothing
// until ConfirmApp; an app that is in use stays so until then.
func (v Session) StartApp(ctx context.Context) error {
	sealed, err := v.s.sealed("authenticator", v.actor.MemberID, newCodeSecret())
	if err != nil {
		return fmt.Errorf("start app: %w", err)
	}
	err = v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		n, err := t.exec(`INSERT INTO authenticators (member_id, secret, created_at) VALUES ($1, $2, $3)
			ON CONFLICT (member_id) DO UPDATE SET secret = excluded.secret, step = 0, created_at = excluded.created_at WHERE authenticators.confirmed_at IS NULL`,
			v.actor.MemberID, sealed, t.sys.UnixMicro())
		if err == nil && n != 1 {
			err = influence.ErrConflict
		}
		return change{}, err
	})
	if err != nil {
		return fmt.Errorf("start app: %w", err)
	}
	return nil
}

// NewApp returns the secret of an app that waits for its first code. It is
// ErrNotFound when none does.
func (v Session) NewApp(ctx context.Context) (secret string, err error) {
	if !v.actor.May(influence.EditCredentials) {
		return "", influence.ErrForbidden
	}
	if v.actor.Stale {
		return "", influence.ErrProof
	}
	err = v.s.read.QueryRowContext(ctx, `SELECT secret FROM authenticators WHERE member_id = $1 AND confirmed_at IS NULL`, v.actor.MemberID).Scan(&secret)
	if err != nil {
		return "", wrap(err)
	}
	return v.s.unsealed("authenticator", v.actor.MemberID, secret)
}

// factorRecord is what the ledger keeps of a change of credentials: what, never the thing itself.
type factorRecord struct {
	App      string `json:"authenticator_app,omitempty"`
	Codes    int    `json:"recovery_codes_made,omitempty"`
	Passkey  string `json:"passkey,omitempty"`
	Sessions string `json:"other_sessions,omitempty"`
}

// ConfirmApp puts the app to use that shows code, and returns new recovery codes,
// which nobody sees again. Other sessions end; the one with the cookie counts as
// proved by two factors. It is ErrWrongCode for another code.
func (v Session) ConfirmApp(ctx context.Context, code, cookie string) (codes []string, err error) {
	err = v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		if ok, err := t.useCode(v.actor.MemberID, code, false); err != nil || !ok {
			return change{}, errors.Join(err, wrongUnless(ok))
		}
		if err := t.must(`UPDATE authenticators SET confirmed_at = $2 WHERE member_id = $1 AND confirmed_at IS NULL`, v.actor.MemberID, t.sys.UnixMicro()); err != nil {
			return change{}, err
		}
		if err := t.forgetCodes(v.actor.MemberID); err != nil {
			return change{}, err
		}
		if err := t.secondFactorSet(v.actor.MemberID, cookie); err != nil {
			return change{}, err
		}
		codes, err = t.newCodes(v.actor.MemberID)
		if err != nil {
			return change{}, err
		}
		return change{v.actor.MemberID, nil, factorRecord{App: "set up", Codes: len(codes)}},
			t.tellCredentials(v.actor.MemberID, "An authenticator app was set up", "An authenticator app was set up for your account. From now on signing in with your password asks for a code of it.")
	})
	if err != nil {
		return nil, fmt.Errorf("confirm app: %w", err)
	}
	return codes, nil
}

func wrongUnless(ok bool) error {
	if ok {
		return nil
	}
	return influence.ErrWrongCode
}

// secondFactorSet ends what was opened without it.
func (t *tx) secondFactorSet(memberID, cookie string) error {
	if err := t.later(`DELETE FROM sessions WHERE member_id = $1 AND hash <> $2`, memberID, hashed(cookie)); err != nil {
		return err
	}
	return t.later(`UPDATE sessions SET two_step = TRUE WHERE hash = $1`, hashed(cookie))
}

// useCode takes a code of a member's app, or of one that waits to be confirmed. Each
// step is taken once: of two at the same time, one comes too late.
func (t *tx) useCode(memberID, code string, confirmed bool) (ok bool, err error) {
	var sealed string
	err = t.row(`SELECT secret FROM authenticators WHERE member_id = $1 AND (confirmed_at IS NOT NULL) = $2`, memberID, confirmed).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	secret, err := t.s.unsealed("authenticator", memberID, sealed)
	if err != nil {
		return false, err
	}
	step := stepOf(secret, tidyCode(code), t.sys)
	if step == 0 {
		return false, nil
	}
	n, err := t.exec(`UPDATE authenticators SET step = $2 WHERE member_id = $1 AND step < $2 AND secret = $3`, memberID, step, sealed)
	return n == 1, err
}

// newCodes replaces a member's recovery codes.
func (t *tx) newCodes(memberID string) (codes []string, err error) {
	if err := t.later(`DELETE FROM recovery_codes WHERE member_id = $1`, memberID); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := newRecoveryCode()
		codes = append(codes, code)
		if err := t.later(`INSERT INTO recovery_codes (member_id, hash) VALUES ($1, $2)`, memberID, recoveryHash(memberID, code)); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// NewRecoveryCodes replaces the actor's recovery codes and tells it by mail. It is
// ErrConflict for who has no second factor that they would stand in for.
func (v Session) NewRecoveryCodes(ctx context.Context) (codes []string, err error) {
	err = v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		m, err := t.factors(v.actor.MemberID)
		if err != nil {
			return change{}, err
		}
		if !m.app && m.passkeys == 0 {
			return change{}, influence.ErrConflict
		}
		if codes, err = t.newCodes(v.actor.MemberID); err != nil {
			return change{}, err
		}
		return change{v.actor.MemberID, nil, factorRecord{Codes: len(codes)}},
			t.tellCredentials(v.actor.MemberID, "Your recovery codes were made anew", "New recovery codes were made for your account. The older ones no longer work.")
	})
	if err != nil {
		return nil, fmt.Errorf("make recovery codes: %w", err)
	}
	return codes, nil
}

// factors is what a member has at the moment.
type factors struct {
	app      bool
	passkeys int
}

func (t *tx) factors(memberID string) (f factors, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM authenticators WHERE member_id = $1 AND confirmed_at IS NOT NULL), (SELECT count(*) FROM passkeys WHERE member_id = $1)`,
		memberID).Scan(&f.app, &f.passkeys)
	return f, err
}

// errLastFactor refuses to take away what the member can't do without.
const errLastFactor = influence.Refusal("Your role needs a second factor. Set up another one first, then remove this one.")

// mayDoWithout refuses to remove a second factor if none is left of who needs one.
func (t *tx) mayDoWithout(a influence.Actor, left factors) error {
	if t.s.second && influence.NeedsSecondFactor(a.Role, a.Rank) && !left.app && left.passkeys == 0 {
		return errLastFactor
	}
	if left.app || left.passkeys > 0 {
		return nil
	}
	return t.later(`DELETE FROM recovery_codes WHERE member_id = $1`, a.MemberID)
}

// RemoveApp takes the actor's authenticator app out of use. Other sessions end.
func (v Session) RemoveApp(ctx context.Context, cookie string) error {
	err := v.do(ctx, influence.EditCredentials, func(t *tx) (change, error) {
		n, err := t.exec(`DELETE FROM authenticators WHERE member_id = $1 AND confirmed_at IS NOT NULL`, v.actor.MemberID)
		if err == nil && n != 1 {
			err = influence.ErrConflict
		}
		if err != nil {
			return change{}, err
		}
		left, err := t.factors(v.actor.MemberID)
		if err == nil {
			err = t.mayDoWithout(v.actor, left)
		}
		if err != nil {
			return change{}, err
		}
		if err := t.endOthers(v.actor.MemberID, cookie); err != nil {
			return change{}, err
		}
		return change{v.actor.MemberID, nil, factorRecord{App: "removed"}},
			t.tellCredentials(v.actor.MemberID, "Your authenticator app was removed", "The authenticator app of your account was removed.")
	})
	if err != nil {
		return fmt.Errorf("remove app: %w", err)
	}
	return nil
}

func (t *tx) endOthers(memberID, cookie string) error {
	return t.later(`DELETE FROM sessions WHERE member_id = $1 AND hash <> $2`, memberID, hashed(cookie))
}

// tellCredentials tells a member by mail that what it signs in with was changed.
func (t *tx) tellCredentials(memberID, subject, body string) error {
	var email string
	if err := t.row(`SELECT email FROM members WHERE id = $1`, memberID).Scan(&email); err != nil {
		return err
	}
	return t.mail(mail{memberID: memberID, email: email, subject: subject, link: "/account", button: "Open your account",
		body: body + " If it was not you, choose a new password at once and end all sessions."})
}
