package influence

import "slices"

// ConnectionState is where a partner and a LAR stand with each other.
type ConnectionState string

// The states of a connection.
const (
	ConnectionAsked    ConnectionState = "asked"
	ConnectionAccepted ConnectionState = "accepted"
	ConnectionDeclined ConnectionState = "declined"
	ConnectionEnded    ConnectionState = "ended"
)

// ConnectionStates returns the states in the order of a connection's life.
func ConnectionStates() []ConnectionState {
	return []ConnectionState{ConnectionAsked, ConnectionAccepted, ConnectionDeclined, ConnectionEnded}
}

// Title is the badge's word for s.
func (s ConnectionState) Title() string {
	switch s {
	case ConnectionAsked:
		return "Asked"
	case ConnectionAccepted:
		return "Connected"
	case ConnectionDeclined:
		return "Declined"
	case ConnectionEnded:
		return "Ended"
	}
	return ""
}

// Tone is the badge's look for s.
func (s ConnectionState) Tone() Tone {
	switch s {
	case ConnectionAsked:
		return ToneInfo
	case ConnectionAccepted:
		return ToneGood
	case ConnectionDeclined:
		return ToneBad
	}
	return TonePlain
}

// Turn says who has to do something about a connection in s.
func (s ConnectionState) Turn() Turn {
	if s == ConnectionAsked {
		return TurnLAR
	}
	return TurnNobody
}

// ConnectionDue returns the day until which a LAR answers a request asked on a day.
func ConnectionDue(asked Day, set Settings) Day { return AddBusinessDays(asked, set.LARTurn) }

// Silence is the sentence on until when a connection in s waits; "" when nothing
// is awaited.
func (s ConnectionState) Silence(due Day, lar string, set Settings) string {
	if s != ConnectionAsked {
		return ""
	}
	return lar + " has until " + FormatDay(due) + " to accept or decline, then its owners have until " + FormatDay(OwnersUntil(due, set)) + ". After that Microsoft may connect the two."
}

// ConnectionAction is one thing that is done to a connection.
type ConnectionAction string

// The actions. A partner asks, also again after an end or a refusal; the LAR
// answers; either side ends it.
const (
	AskToConnect      ConnectionAction = "ask"
	AcceptConnection  ConnectionAction = "accept"
	DeclineConnection ConnectionAction = "decline"
	EndConnection     ConnectionAction = "end"
)

// Can returns nil when somebody of role r may do a to a connection in s, and a
// Refusal that says why not otherwise. A connection that does not exist is "".
func (s ConnectionState) Can(a ConnectionAction, r Role) error {
	switch a {
	case AskToConnect:
		return connectionRule(r == RolePartner && slices.Contains([]ConnectionState{"", ConnectionDeclined, ConnectionEnded}, s),
			"A connection is asked for by the partner, once: it is asked for or accepted already.")
	case AcceptConnection:
		return connectionRule((r == RoleLAR || r == RoleStaff) && s == ConnectionAsked,
			"Only a request that waits can be accepted, by its LAR; and by Microsoft once the LAR and its owners let their time pass.")
	case DeclineConnection:
		return connectionRule(r == RoleLAR && s == ConnectionAsked,
			"Only the LAR answers a request, and this one is answered already or was withdrawn.")
	case EndConnection:
		return connectionRule((r == RoleLAR || r == RolePartner) && s == ConnectionAccepted,
			"Only a connection that was accepted can end.")
	}
	return Refusal("This cannot be done to a connection.")
}

func connectionRule(ok bool, otherwise Refusal) error {
	if ok {
		return nil
	}
	return otherwise
}
