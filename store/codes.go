package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 as every authenticator app has it; HMAC does not need collisions to be hard
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// A code of an authenticator app (RFC 6238): six digits, another every 30 seconds.
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
)

// newCodeSecret makes the 160 bits that an app and the portal share, in base 32.
func newCodeSecret() string {
	b := make([]byte, 20)
	rand.Read(b)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// codeAt is the code of a step (RFC 4226, section 5.3).
func codeAt(secret []byte, step int64, digits int) string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step)) //nolint:gosec // steps are counted from 1970
	mac := hmac.New(sha1.New, secret)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

// stepOf finds the step of a code: the one of now, or a neighbor for clocks that
// differ. It is 0 for a code that is none of them.
func stepOf(secret, code string, now time.Time) int64 {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil || len(code) != codeDigits {
		return 0
	}
	current := now.Unix() / int64(codeStep/time.Second)
	var found int64
	for step := current - 1; step <= current+1; step++ {
		if subtle.ConstantTimeCompare([]byte(codeAt(key, step, codeDigits)), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

// tidyCode is a code without the blanks and dashes that people type.
func tidyCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(code))
}

// recoveryCodes is how many a member gets at once.
const recoveryCodes = 10

// newRecoveryCode makes 80 random bits as people copy them: four groups of four.
func newRecoveryCode() string {
	b := make([]byte, 10)
	rand.Read(b)
	s := base32.StdEncoding.EncodeToString(b)
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// recoveryHash binds a code to its member. Eighty random bits need no slow hash.
func recoveryHash(memberID, code string) string {
	return hashed(fmt.Sprintf("recovery %d %s %s", len(memberID), memberID, tidyCode(code)))
}
