package influence

import (
	"fmt"
	"testing"
)

func TestLARStatus(t *testing.T) {
	for status, want := range map[LARStatus]string{
		LARInvited: "Invited plain false false false",
		LARSigned:  "Signed info true false false",
		LARReady:   "Ready good true true true",
		"":         " plain false false false",
	} {
		got := fmt.Sprintf("%s %s %v %v %v", status.Title(), status.Tone(), status.MayUpload(), status.MayReceiveClaims(), status.MayDecide())
		if got != want {
			t.Errorf("%q: %s", status, got)
		}
	}
	for _, status := range LARStatuses() {
		if got, err := ParseLARStatus(" " + status.Title()); err != nil || got != status {
			t.Errorf("%s: %q, %v", status, got, err)
		}
	}
	if _, err := ParseLARStatus("retired"); err == nil {
		t.Error("an unknown status is taken")
	}
}
