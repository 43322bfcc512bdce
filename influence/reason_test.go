package influence

import "testing"

func TestReasons(t *testing.T) {
	if len(AskReasons()) != 5 || len(RejectReasons()) != 11 || len(IntentReasons()) != 2 {
		t.Error("the lists of reasons are not those of the program")
	}
	for code, title := range reasonTitles {
		if title == "" || code.Title() != title {
			t.Errorf("%s has no title", code)
		}
	}
	for _, code := range RejectReasons() {
		if got, err := ParseReason(string(code), RejectReasons()); err != nil || got != code || code.Title() == "" {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "no_answer", "Duplicate", "customer_declined "} {
		if _, err := ParseReason(code, RejectReasons()); err == nil {
			t.Errorf("%q is taken", code)
		}
	}
	if _, err := ParseReason("outside_window", IntentReasons()); err == nil {
		t.Error("an intent is rejected with a decision's reason")
	}
}
