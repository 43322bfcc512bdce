package store

import (
	"encoding/base32"
	"errors"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
)

// entered signs a member in and returns its session as the portal would have it.
func entered(t testing.TB, s *Store, memberID string, by influence.Method) (cookie string, v Session) {
	t.Helper()
	cookie, err := s.StartSession(t.Context(), memberID, Client{Address: "192.0.2.7", Agent: "Firefox/2.0", By: by})
	if err != nil {
		t.Fatal(err)
	}
	return cookie, seen(t, s, cookie)
}

// seen is the session of a cookie.
func seen(t testing.TB, s *Store, cookie string) Session {
	t.Helper()
	a, _, err := s.Actor(t.Context(), cookie)
	if err != nil {
		t.Fatal(err)
	}
	return s.As(a)
}

// code is what the app of a secret shows, some steps from now.
func code(t testing.TB, s *Store, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return codeAt(key, s.clock.System().Unix()/30+steps, codeDigits)
}

// withApp sets an authenticator app up and returns its secret and recovery codes.
func withApp(t testing.TB, s *Store, v Session, cookie string) (secret string, codes []string) {
	t.Helper()
	must(t, v.StartApp(t.Context()))
	secret, err := v.NewApp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.ConfirmApp(t.Context(), "000000", cookie); !errors.Is(err, influence.ErrWrongCode) && err != nil {
		t.Fatal(err)
	}
	if codes, err = v.ConfirmApp(t.Context(), code(t, s, secret, -1), cookie); err != nil {
		t.Fatal(err)
	}
	return secret, codes
}

// secondStep begins a sign-in whose password was right.
func secondStep(t testing.TB, s *Store, memberID string) (step string) {
	t.Helper()
	step = newSecret()
	must(t, s.Begin(t.Context(), SecondStep, step, memberID, ""))
	return step
}

// TestASVS_6_5_1_CodeIsTakenOnce: a code is taken once, also in its own time and by sixteen at once.
func TestASVS_6_5_1_CodeIsTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, v := entered(t, s, p.alder.MemberID, "")
		secret, _ := withApp(t, s, v, cookie)
		now := code(t, s, secret, 0)
		var in, refused atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			step := secondStep(t, s, p.alder.MemberID)
			all.Go(func() {
				_, err := s.EnterByCode(t.Context(), step, now, Client{})
				switch {
				case err == nil:
					in.Add(1)
				case errors.Is(err, influence.ErrWrongCode):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 || refused.Load() != 15 {
			t.Errorf("%d came in by one code, %d were refused", in.Load(), refused.Load())
		}
		for steps, want := range map[int64]error{-1: influence.ErrWrongCode, 0: influence.ErrWrongCode} {
			if _, err := s.EnterByCode(t.Context(), secondStep(t, s, p.alder.MemberID), code(t, s, secret, steps), Client{}); !errors.Is(err, want) {
				t.Errorf("the code %d steps from now: %v", steps, err)
			}
		}
		if _, err := s.EnterByCode(t.Context(), secondStep(t, s, p.alder.MemberID), code(t, s, secret, 1), Client{}); err != nil {
			t.Errorf("the next code: %v", err)
		}
	})
}

// With an app the password alone opens nothing, and other sessions have ended.
func TestSecondFactorEndsWhatWasOpenedWithout(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		elsewhere, _ := entered(t, s, p.alder.MemberID, "")
		cookie, v := entered(t, s, p.alder.MemberID, "")
		withApp(t, s, v, cookie)
		if _, _, err := s.Actor(t.Context(), elsewhere); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the other session: %v", err)
		}
		seen(t, s, cookie)
		if _, err := s.StartSession(t.Context(), p.alder.MemberID, Client{}); !errors.Is(err, influence.ErrSecondFactor) {
			t.Errorf("by password alone: %v", err)
		}
		if err := v.StartApp(t.Context()); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("a second app: %v", err)
		}
	})
}

// A recovery code lets in once, and its member is told. The database has neither it
// nor the app's secret, and its file alone does not open the secret.
func TestRecoveryCodeIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, v := entered(t, s, p.alder.MemberID, "")
		secret, codes := withApp(t, s, v, cookie)
		if len(codes) != 10 {
			t.Fatalf("%d codes", len(codes))
		}
		kept := strings.Join(append(texts(t, s, `SELECT hash FROM recovery_codes`), texts(t, s, `SELECT secret FROM authenticators`)...), " ")
		if strings.Contains(kept, codes[0]) || strings.Contains(kept, secret) {
			t.Error("a secret stands in the database")
		}
		typed := strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))
		if _, err := s.EnterByCode(t.Context(), secondStep(t, s, p.alder.MemberID), typed, Client{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EnterByCode(t.Context(), secondStep(t, s, p.alder.MemberID), typed, Client{}); !errors.Is(err, influence.ErrWrongCode) {
			t.Errorf("again: %v", err)
		}
		if n := count(t, s, `SELECT count(*) FROM outbox WHERE subject = 'A recovery code was used'`); n != 1 {
			t.Errorf("%d mails", n)
		}
		f, err := v.SecondFactor(t.Context())
		if err != nil || f.Codes != 9 || !f.App {
			t.Errorf("%+v, %v", f, err)
		}
		must(t, os.WriteFile(s.keys.path, []byte("k1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"), 0o600))
		s.UseKeys(s.keys.path)
		if _, err := s.EnterByCode(t.Context(), secondStep(t, s, p.alder.MemberID), code(t, s, secret, 1), Client{}); err == nil || !strings.Contains(err.Error(), "not in the file") {
			t.Errorf("without the key: %v", err)
		}
	})
}

// The first step is good for ten minutes.
func TestSecondStepEnds(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, v := entered(t, s, p.alder.MemberID, "")
		_, codes := withApp(t, s, v, cookie)
		step := secondStep(t, s, p.alder.MemberID)
		for wait, want := range map[time.Duration]error{influence.CeremonyLife + time.Second: influence.ErrNotFound, influence.CeremonyLife - time.Minute: nil} {
			if _, err := later(s, wait).EnterByCode(t.Context(), step, codes[0], Client{}); !errors.Is(err, want) {
				t.Errorf("after %s: %v", wait, err)
			}
		}
	})
}

// Five wrong codes are free, then a quarter of an hour passes; the right one makes
// them forgotten.
func TestWrongCodesWait(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		for try := range 7 {
			wait, err := s.CodeAttempt(t.Context(), p.alder.MemberID)
			if err != nil || (wait > 0) != (try >= 5) {
				t.Errorf("try %d: %s, %v", try, wait, err)
			}
		}
		if wait, err := later(s, influence.TriesForgotten).CodeAttempt(t.Context(), p.alder.MemberID); err != nil || wait > 0 {
			t.Errorf("after the pause: %s, %v", wait, err)
		}
	})
}

// Whose role needs a second factor reaches nothing else before, and keeps one.
func TestSecondFactorIsRequired(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		s.RequireSecondFactor()
		cookie, v := entered(t, s, p.north.MemberID, "")
		if _, err := v.InboxCounts(t.Context()); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("agreements without: %v", err)
		}
		withApp(t, s, v, cookie)
		v = seen(t, s, cookie)
		if _, err := v.InboxCounts(t.Context()); err != nil {
			t.Errorf("agreements with: %v", err)
		}
		var refused influence.Refusal
		if err := v.RemoveApp(t.Context(), cookie); !errors.As(err, &refused) {
			t.Errorf("removed: %v", err)
		}
		if _, v := entered(t, s, p.alder.MemberID, ""); v.actor.NoSecondFactor {
			t.Error("a partner needs one")
		}
	})
}

// Who removes the app signs in with the password again; recovery codes go with it.
func TestRemoveApp(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		cookie, v := entered(t, s, p.alder.MemberID, "")
		withApp(t, s, v, cookie)
		must(t, v.RemoveApp(t.Context(), cookie))
		if n := count(t, s, `SELECT count(*) FROM recovery_codes`); n != 0 {
			t.Errorf("%d recovery codes", n)
		}
		entered(t, s, p.alder.MemberID, "")
		if got := texts(t, s, `SELECT subject FROM outbox WHERE member_id = '`+p.alder.MemberID+`' ORDER BY id DESC LIMIT 1`); len(got) != 1 || got[0] != "Your authenticator app was removed" {
			t.Errorf("the newest mail is %q", got)
		}
		if _, err := v.NewRecoveryCodes(t.Context()); !errors.Is(err, influence.ErrConflict) {
			t.Errorf("codes without a factor: %v", err)
		}
	})
}

// TestASVS_11_2_2_13_3_1_SecretsGetANewKey: the key is in a file of its own that only
// its owner reads; a new one seals everything anew, and another process that runs
// goes on with what it meets.
func TestASVS_11_2_2_13_3_1_SecretsGetANewKey(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		if n, err := s.As(influence.Operator()).RotateSecrets(t.Context()); n != 0 || err != nil {
			t.Fatalf("without a file: %d, %v", n, err)
		}
		cookie, v := entered(t, s, p.alder.MemberID, "")
		secret, _ := withApp(t, s, v, cookie)
		info, err := os.Stat(s.keys.path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v", info, err)
		}
		other := s.At(s.clock) // as another process: with a ring that it read before
		other.UseKeys(s.keys.path)
		if _, err := other.keys.load(); err != nil {
			t.Fatal(err)
		}
		before := texts(t, s, `SELECT secret FROM authenticators`)[0]
		if n, err := s.As(influence.Operator()).RotateSecrets(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		after := texts(t, s, `SELECT secret FROM authenticators`)[0]
		if strings.Split(before, ".")[0] == strings.Split(after, ".")[0] {
			t.Error("the secret has the old key")
		}
		if _, err := other.EnterByCode(t.Context(), secondStep(t, s, p.alder.MemberID), code(t, s, secret, 0), Client{}); err != nil {
			t.Errorf("the other process: %v", err)
		}
		seen(t, s, cookie)
		if _, err := v.RotateSecrets(t.Context()); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a member rotates: %v", err)
		}
	})
}
