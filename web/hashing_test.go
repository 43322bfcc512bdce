package web

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// TestUnknownAddressCostsTheSame checks that what an unknown address is compared
// with is a hash like every other, and fits no password.
func TestUnknownAddressCostsTheSame(t *testing.T) {
	h := newHashing()
	params, _, _, err := argon2id.DecodeHash(h.dummy)
	if err != nil {
		t.Fatal(err)
	}
	if *params != *h.params {
		t.Errorf("made with %+v, others with %+v", *params, *h.params)
	}
	for _, password := range []string{"", "nobody has this password"} {
		if ok, err := h.check(t.Context(), password, ""); ok || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	if newHashing().dummy == h.dummy {
		t.Error("two processes compare with the same hash")
	}
}
