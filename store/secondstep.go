package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"irm/influence"
)

// CodeAttempt counts a try of a code, before it is looked at. It returns 0, or how
// long to wait; such a try counts for nothing.
func (s *Store) CodeAttempt(ctx context.Context, memberID string) (wait time.Duration, err error) {
	err = s.transact(ctx, func(t *tx) error {
		wait, err = t.attempt(codeKey(memberID), influence.CodePause)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count code: %w", err)
	}
	return wait, nil
}

// EnterByCode signs in who gave the right password before (the ceremony of step's
// cookie) and now a code of its app, or a recovery code. It is ErrNotFound when
// the first step is too long ago, and ErrWrongCode for a code that is none, was
// used, or is too old. Tries have to be counted before.
func (s *Store) EnterByCode(ctx context.Context, step, code string, from Client) (cookie string, err error) {
	cookie = newSecret()
	err = s.transact(ctx, func(t *tx) error {
		var memberID string
		if err := t.row(`SELECT member_id FROM ceremonies WHERE hash = $1 AND purpose = $2 AND expires_at > $3`, hashed(step), string(SecondStep), t.sys.UnixMicro()).
			Scan(&memberID); err != nil {
			return err
		}
		var err error
		if from.By, err = t.provedBy(memberID, code); err != nil {
			return err
		}
		if err := t.later(`DELETE FROM ceremonies WHERE hash = $1`, hashed(step)); err != nil {
			return err
		}
		return t.startSession(cookie, memberID, from)
	})
	if err != nil {
		return "", fmt.Errorf("enter by code: %w", wrap(err))
	}
	return cookie, nil
}

// provedBy takes a code of either kind. Of a recovery code the member is told: who
// did not use it has lost it.
func (t *tx) provedBy(memberID, code string) (influence.Method, error) {
	by := influence.ByCode
	ok, err := t.useCode(memberID, code, true)
	if err == nil && !ok && len(tidyCode(code)) > codeDigits {
		by = influence.ByRecoveryCode
		if ok, err = t.useRecovery(memberID, code); ok {
			err = t.tellCredentials(memberID, "A recovery code was used", "Somebody, most likely you, used one of your recovery codes. It does not work again.")
		}
	}
	if err != nil || !ok {
		return "", errors.Join(err, wrongUnless(ok))
	}
	return by, t.forgetCodes(memberID)
}

// codeKey is what tries of codes are counted under.
func codeKey(memberID string) string { return hashed("code " + memberID) }

// forgetCodes forgets the tries that led to the right code.
func (t *tx) forgetCodes(memberID string) error {
	return t.later(`DELETE FROM attempts WHERE key = $1`, codeKey(memberID))
}

func (t *tx) useRecovery(memberID, code string) (ok bool, err error) {
	n, err := t.exec(`DELETE FROM recovery_codes WHERE member_id = $1 AND hash = $2`, memberID, recoveryHash(memberID, strings.TrimSpace(code)))
	return n == 1, err
}

// ProveByCode takes a code of the actor's app, or a recovery code, as a fresh proof,
// and says which it was. It is ErrWrongCode for another.
func (v Session) ProveByCode(ctx context.Context, code string) (by influence.Method, err error) {
	err = v.do(ctx, influence.EditAccount, func(t *tx) (change, error) {
		by, err = t.provedBy(v.actor.MemberID, code)
		return change{}, err
	})
	if err != nil {
		return "", fmt.Errorf("prove by code: %w", err)
	}
	return by, nil
}
