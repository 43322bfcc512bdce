package influence

import "strings"

// LARStatus is how far a Large Account Reseller is on its way into the program.
type LARStatus string

// The statuses, each dated. Invited has not signed yet; Signed can upload and
// look; Ready also receives claims and decides (domain.md, Words).
const (
	LARInvited LARStatus = "invited"
	LARSigned  LARStatus = "signed"
	LARReady   LARStatus = "ready"
)

// LARStatuses returns the statuses in their order.
func LARStatuses() []LARStatus { return []LARStatus{LARInvited, LARSigned, LARReady} }

// ParseLARStatus reads a status's word in any case.
func ParseLARStatus(s string) (LARStatus, error) {
	for _, status := range LARStatuses() {
		if strings.EqualFold(strings.TrimSpace(s), string(status)) {
			return status, nil
		}
	}
	return "", Refusal("Choose a status: invited, signed or ready.")
}

// Title is the badge's word for s.
func (s LARStatus) Title() string {
	switch s {
	case LARInvited:
		return "Invited"
	case LARSigned:
		return "Signed"
	case LARReady:
		return "Ready"
	}
	return ""
}

// Tone is the badge's look for s.
func (s LARStatus) Tone() Tone {
	switch s {
	case LARSigned:
		return ToneInfo
	case LARReady:
		return ToneGood
	}
	return TonePlain
}

// MayUpload reports whether a LAR in s brings reports and agreements, and looks
// at them.
func (s LARStatus) MayUpload() bool { return s == LARSigned || s == LARReady }

// MayReceiveClaims reports whether partners submit claims and connection requests
// to a LAR in s. To another one a claim can only be drafted.
func (s LARStatus) MayReceiveClaims() bool { return s == LARReady }

// MayDecide reports whether a LAR in s decides which partners influenced its
// agreements.
func (s LARStatus) MayDecide() bool { return s == LARReady }

// LARStatusDraft is what an administrator types to change a LAR's status.
type LARStatusDraft struct{ Status, PlannedOn string }

// Validate returns the status and the day on which the LAR plans to be Ready, ""
// for none. The error is Invalid. A LAR that is Ready plans nothing more.
func (d LARStatusDraft) Validate() (LARStatus, Day, error) {
	v := Invalid{}
	status, err := ParseLARStatus(d.Status)
	v.refuse("status", err)
	planned := Day("")
	if strings.TrimSpace(d.PlannedOn) != "" {
		planned, err = ParseDate(d.PlannedOn)
		v.refuse("planned_on", err)
	}
	v.Check(status != LARReady || planned == "", "planned_on", "A Ready LAR has no planned date. Leave it empty.")
	return status, planned, v.OrNil()
}
