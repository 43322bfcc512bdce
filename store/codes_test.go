package store

import (
	"strings"
	"testing"
	"time"
)

// TestCodesOfTheStandard: the vectors of RFC 6238, appendix B, for SHA-1.
func TestCodesOfTheStandard(t *testing.T) {
	for at, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := codeAt([]byte("12345678901234567890"), at/30, 8); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

// A code is good for its own step and the two beside it, and for no other.
func TestCodeIsGoodForThreeSteps(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	now := time.Unix(1111111111, 0)
	for off, want := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		step := now.Unix()/30 + int64(off)
		got := stepOf(secret, codeAt([]byte("12345678901234567890"), step, codeDigits), now)
		if (got == step) != want {
			t.Errorf("%d steps off: found %d", off, got)
		}
	}
	for _, code := range []string{"", "12345", "1234567", "abcdef"} {
		if got := stepOf(secret, code, now); got != 0 {
			t.Errorf("%q is of step %d", code, got)
		}
	}
}

func TestRecoveryCodesAreReadable(t *testing.T) {
	code := newRecoveryCode()
	if len(code) != 19 || strings.Count(code, "-") != 3 {
		t.Errorf("a code is %q", code)
	}
	if recoveryHash("a", code) != recoveryHash("a", strings.ToLower(strings.ReplaceAll(code, "-", " "))) || recoveryHash("a", code) == recoveryHash("b", code) {
		t.Error("how a code is typed counts, or whose it is does not")
	}
}
