package influence

import "time"

// PersonalLinkLife is how long the personal link of an announcement can be used,
// PersonalLinkKept how long after that it is still known what became of it.
const (
	PersonalLinkLife = 60 * 24 * time.Hour
	PersonalLinkKept = 180 * 24 * time.Hour
)

// PersonalLinkState says whether a personal link can be used, and why not.
type PersonalLinkState string

// The states. A link is changed when the roster has another contact since, or no
// longer lists the partner.
const (
	LinkOpen     PersonalLinkState = "open"
	LinkUsed     PersonalLinkState = "used"
	LinkReplaced PersonalLinkState = "replaced"
	LinkEnrolled PersonalLinkState = "enrolled" // the company takes part without it
	LinkChanged  PersonalLinkState = "changed"
	LinkOver     PersonalLinkState = "over"
)

// Title is the word for s.
func (s PersonalLinkState) Title() string {
	switch s {
	case LinkOpen:
		return "Open"
	case LinkUsed:
		return "Used"
	case LinkReplaced:
		return "Replaced by a later one"
	case LinkEnrolled:
		return "Enrolled without it"
	case LinkChanged:
		return "The roster’s contact changed"
	case LinkOver:
		return "Its time is over"
	}
	return ""
}

// MayInvite refuses a personal link for a partner that takes part or whose row of
// the roster, nil for none, has no contact to send it to. It returns the address.
func MayInvite(enrolled bool, row *RosterRow) (email string, err error) {
	switch {
	case enrolled:
		return "", Refusal("This partner takes part already.")
	case row == nil:
		return "", Refusal("The partner ID is not on the roster, so nobody’s address is known.")
	case row.Gone:
		return "", Refusal("The partner is not on the current roster.")
	}
	if email, err = ParseEmail(row.ContactEmail); err != nil {
		return "", Refusal("The roster has no e-mail of a contact that a link could be sent to.")
	}
	return email, nil
}
