package influence

import (
	"errors"
	"fmt"
	"strings"
)

// Check is one line of the list that a partner sees before it submits a claim, and
// its LAR sees beside the claim.
type Check struct {
	Tone       Tone
	Text, Hint string
}

// Twin is another claim of the same partner that is open or confirmed and says the
// same: by the agreement's number, or by customer, state and program.
type Twin struct {
	Ref      string
	State    ClaimState
	ByNumber bool
}

// CheckList is what the list before Submit is made from.
type CheckList struct {
	Draft    ClaimDraft
	On       Day  // of submission
	LARReady bool // the LAR receives claims
	Files    int  // of evidence
	Twins    []Twin
}

// Checks are the lines, from the same rules as the form's.
func (l CheckList) Checks(set Settings) []Check {
	wrong := Invalid{}
	if _, err := l.Draft.Validate(l.On, set); err != nil {
		errors.As(err, &wrong)
	}
	line := func(text string, fields ...string) Check {
		for _, f := range fields {
			if msg := wrong[f]; msg != "" {
				return Check{ToneBad, text, msg}
			}
		}
		return Check{Tone: ToneGood, Text: text}
	}
	return []Check{l.lar(line("A Ready LAR is chosen", "lar")), line("The deal is named", "agreement_number", "customer", "customer_state", "program"),
		line(fmt.Sprintf("%d seats or more", set.LeastSeats), "seats"), line("Amount and date fit", "amount", "expected_on"),
		line("The work is described", "kind", "note"), l.evidence(), l.twins()}
}

func (l CheckList) lar(c Check) Check {
	if c.Tone == ToneGood && !l.LARReady {
		c.Tone, c.Hint = ToneBad, "This LAR is not Ready yet. The claim can be kept as a draft."
	}
	return c
}

func (l CheckList) evidence() Check {
	if l.Draft.Evidence == "" && l.Files == 0 {
		return Check{ToneWarn, "No evidence given", "A claim can be sent without it. The LAR may ask."}
	}
	return Check{Tone: ToneGood, Text: "Evidence is given"}
}

func (l CheckList) twins() Check {
	if len(l.Twins) == 0 {
		return Check{Tone: ToneGood, Text: "No other claim of the partner says the same"}
	}
	return Check{ToneWarn, "Another claim of the partner says the same", TwinWords(l.Twins)}
}

// TwinWords name claims that say the same, and how they stand.
func TwinWords(all []Twin) string {
	words := make([]string, len(all))
	for i, t := range all {
		words[i] = t.Ref + " (" + strings.ToLower(t.State.Title()) + ")"
	}
	return strings.Join(words, ", ")
}

// WarnOf returns an Invalid that names the claims that say the same and which the
// author of a claim was not told of yet, nil if there are none. known are their
// references, separated by spaces.
func WarnOf(all []Twin, known string) error {
	told := map[string]bool{}
	for _, ref := range strings.Fields(known) {
		told[ref] = true
	}
	wrong := Invalid{}
	for _, t := range all {
		field := "customer"
		if t.ByNumber {
			field = "agreement_number"
		}
		if !told[t.Ref] {
			wrong.Check(false, field, "You claimed this before: "+TwinWords(all)+". Submit again if this is another deal.")
		}
	}
	return wrong.OrNil()
}
