package influence

import "fmt"

// MayReopen returns nil when a claim in s, which it is in since a day with a code,
// can be reopened today, and a Refusal that says why not otherwise.
func MayReopen(s ClaimState, code ReasonCode, since, today Day, set Settings) error {
	if err := s.Can(ReopenClaim, RolePartner); err != nil {
		return err
	}
	if s == ClaimRejected && code != NoAnswer {
		return Refusal("The LAR decided on this claim, so it cannot be reopened.")
	}
	if last := ReopenUntil(since, set); today > last {
		return Refusal(fmt.Sprintf("This claim could be reopened until %s.", FormatDay(last)))
	}
	return nil
}
