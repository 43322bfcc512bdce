package influence

import "slices"

// ReasonCode says why a claim is rejected or what is asked for (domain.md,
// Connections and claims). Pages show its title, files its code.
type ReasonCode string

// The codes.
const (
	EvidenceMissing        ReasonCode = "evidence_missing"
	AcknowledgementMissing ReasonCode = "customer_acknowledgement_missing"
	DatesMissing           ReasonCode = "dates_missing_or_old"
	WorkNotDescribed       ReasonCode = "work_not_described"
	WrongCustomer          ReasonCode = "wrong_customer_or_agreement"
	DuplicateClaim         ReasonCode = "duplicate"
	NotOurAgreement        ReasonCode = "not_our_agreement"
	InfluenceNotShown      ReasonCode = "influence_not_shown"
	OutsideWindow          ReasonCode = "outside_window"
	OtherPartnerConfirmed  ReasonCode = "other_partner_confirmed"
	CustomerDeclined       ReasonCode = "customer_declined"
	NoAnswer               ReasonCode = "no_answer" // only by the system, at the end of Action required
)

// AskReasons returns the codes of a question to the partner.
func AskReasons() []ReasonCode {
	return []ReasonCode{EvidenceMissing, AcknowledgementMissing, DatesMissing, WorkNotDescribed, WrongCustomer}
}

// RejectReasons returns the codes a decision can reject a claim with.
func RejectReasons() []ReasonCode {
	return append(AskReasons(), DuplicateClaim, NotOurAgreement, InfluenceNotShown, OutsideWindow,
		OtherPartnerConfirmed, CustomerDeclined)
}

// IntentReasons returns the codes a LAR can reject an intent with.
func IntentReasons() []ReasonCode { return []ReasonCode{NotOurAgreement, DuplicateClaim} }

// ParseReason takes a code that is one of allowed.
func ParseReason(s string, allowed []ReasonCode) (ReasonCode, error) {
	if !slices.Contains(allowed, ReasonCode(s)) {
		return "", Refusal("Choose a reason from the list.")
	}
	return ReasonCode(s), nil
}

// reasonTitles are the codes' words, for both sides.
var reasonTitles = map[ReasonCode]string{
	EvidenceMissing:        "Evidence is missing",
	AcknowledgementMissing: "The customer’s acknowledgement is missing",
	DatesMissing:           "Dates are missing or too old",
	WorkNotDescribed:       "The work is not described",
	WrongCustomer:          "Wrong customer or agreement",
	DuplicateClaim:         "Claimed twice",
	NotOurAgreement:        "Not our agreement",
	InfluenceNotShown:      "The influence is not shown",
	OutsideWindow:          "Signed outside the claim’s window",
	OtherPartnerConfirmed:  "Another partner was confirmed",
	CustomerDeclined:       "The customer declined",
	NoAnswer:               "No answer",
}

// Title is the words for c.
func (c ReasonCode) Title() string { return reasonTitles[c] }
