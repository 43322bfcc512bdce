package influence

import "testing"

func TestReasonsAreSaidWithoutWhatWasTyped(t *testing.T) {
	for sentence, want := range map[string]string{
		"amount: “1.234,56” is not taken. Put a point before the cents.":                    "amount: … is not taken.",
		"There is no partner ID 9920562: it is neither enrolled nor on the roster.":         "There is no partner ID … it is neither enrolled nor on the roster.",
		"seats: 12 seats are fewer than 250 seats, the least in the program.":               "seats: … seats are fewer than … seats, the least in the program.",
		"The order number is missing.":                                                      "The order number is missing.",
		"customer_state: There is no such state as “Contoso” in the program, which knows X": "customer_state: There is no such state as … in the program, which knows X",
	} {
		if got := WithoutValues(sentence); got != want {
			t.Errorf("%q becomes %q, want %q", sentence, got, want)
		}
	}
}
