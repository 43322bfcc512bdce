package influence

import (
	"strconv"
	"strings"
)

// ClaimState is where a claim stands (domain.md, Connections and claims).
type ClaimState string

// The states. A claim is open from waiting to action required.
const (
	ClaimDrafted        ClaimState = "draft"
	ClaimWaiting        ClaimState = "waiting"         // submitted, waiting for the connection
	ClaimIntent         ClaimState = "intent"          // submitted, no agreement yet
	ClaimAttached       ClaimState = "attached"        // submitted, the LAR's turn
	ClaimActionRequired ClaimState = "action_required" // a question waits for the partner
	ClaimConfirmed      ClaimState = "confirmed"
	ClaimRejected       ClaimState = "rejected"
	ClaimWithdrawn      ClaimState = "withdrawn"
	ClaimExpired        ClaimState = "expired"
	ClaimSuperseded     ClaimState = "superseded" // replaced by the same partner's newer claim
)

// Turn says who has to do something. The zero Turn is nobody.
type Turn string

// The turns.
const (
	TurnNobody  Turn = ""
	TurnPartner Turn = "partner"
	TurnLAR     Turn = "lar"
)

// claimWords is how a state is shown.
type claimWords struct {
	title   string
	turn    Turn
	tone    Tone
	silence string // until when, and what happens then: {lar} and {day} are filled in
}

// claimStates describes the states. Silence promises nothing that the program
// does not do by itself: SilenceStep.
var claimStates = map[ClaimState]claimWords{
	ClaimDrafted:        {"Draft", TurnPartner, TonePlain, "Only your company sees a draft. It is kept until you submit or discard it; a mail reminds you of it after {reminder} days."},
	ClaimWaiting:        {"Waiting for connection", TurnLAR, ToneInfo, "{lar} has until {day} to accept the connection, then its owners have until {owners}. After that Microsoft may connect you. {lar} sees this claim when you are connected; the claim keeps its date."},
	ClaimIntent:         {"Waiting for an agreement", TurnNobody, ToneInfo, "The claim is valid until {day}, then it expires. A mail tells its partner {ending} days before. It is attached when {lar} reports an agreement with its number, or attaches one."},
	ClaimAttached:       {"Submitted", TurnLAR, ToneInfo, "{lar} has until {day} to decide, then its owners have until {owners}. After that Microsoft may decide too."},
	ClaimActionRequired: {"Action required", TurnPartner, ToneWarn, "The partner has until {day} to answer. After that the claim is rejected, because there was no answer."},
	ClaimConfirmed:      {"Confirmed", TurnNobody, ToneGood, ""},
	ClaimRejected:       {"Rejected", TurnNobody, ToneBad, ""},
	ClaimWithdrawn:      {"Withdrawn", TurnNobody, TonePlain, ""},
	ClaimExpired:        {"Expired", TurnNobody, TonePlain, ""},
	ClaimSuperseded:     {"Superseded", TurnNobody, TonePlain, ""},
}

// ClaimStates returns the states in the order of a claim's life.
func ClaimStates() []ClaimState {
	return []ClaimState{ClaimDrafted, ClaimWaiting, ClaimIntent, ClaimAttached, ClaimActionRequired,
		ClaimConfirmed, ClaimRejected, ClaimWithdrawn, ClaimExpired, ClaimSuperseded}
}

// Title is the badge's words for s.
func (s ClaimState) Title() string { return claimStates[s].title }

// Tone is the badge's look for s.
func (s ClaimState) Tone() Tone { return claimStates[s].tone }

// Turn says who has to do something about a claim in s.
func (s ClaimState) Turn() Turn { return claimStates[s].turn }

// Open reports whether a claim in s is submitted and not yet decided or ended. A
// partner has one open claim on an agreement.
func (s ClaimState) Open() bool {
	switch s {
	case ClaimWaiting, ClaimIntent, ClaimAttached, ClaimActionRequired:
		return true
	}
	return false
}

// Answered reports whether a claim in s got an answer: it was confirmed or rejected.
func (s ClaimState) Answered() bool { return s == ClaimConfirmed || s == ClaimRejected }

// Silence is the sentence on until when a claim in s waits and what happens then;
// "" when nothing is awaited.
func (s ClaimState) Silence(due Day, lar string, set Settings) string {
	return strings.NewReplacer("{lar}", lar, "{day}", FormatDay(due), "{owners}", FormatDay(OwnersUntil(due, set)),
		"{reminder}", strconv.Itoa(set.DraftReminder), "{ending}", strconv.Itoa(set.EndingNotice)).Replace(claimStates[s].silence)
}

// Title says whose turn it is to somebody of role viewer: "Your turn".
func (t Turn) Title(viewer Role) string {
	switch {
	case t == TurnNobody:
		return "Nobody’s turn"
	case string(t) == string(viewer):
		return "Your turn"
	case t == TurnLAR:
		return "LAR’s turn"
	}
	return "Partner’s turn"
}

// Due returns the last day of a claim's clock in s. It counts from began: for an
// intent the day of submission, else the day the state began. A state without a
// clock has start.
func (s ClaimState) Due(began Day, set Settings) Day {
	switch s {
	case ClaimWaiting:
		return ConnectionDue(began, set)
	case ClaimIntent:
		return plusDays(began, set.ClaimValid)
	case ClaimAttached:
		return AddBusinessDays(began, set.LARTurn)
	case ClaimActionRequired:
		return AddBusinessDays(began, set.PartnerTurn)
	}
	return ""
}

// FitsWindow reports whether an agreement signed on a day can answer a claim: up
// to 90 days before the claim's date and up to its last valid day.
func FitsWindow(signedOn, claimedOn, lastValid Day, set Settings) bool {
	return signedOn >= plusDays(claimedOn, -set.ClaimLooksBack) && signedOn <= lastValid
}
