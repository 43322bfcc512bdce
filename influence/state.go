package influence

import (
	"slices"
	"strings"
)

// State is a state of the United States, the District of Columbia or a territory.
type State struct {
	Code   string // two letters, as the Postal Service writes it
	Name   string
	Region string // of the US Census; Territories for those it leaves out
}

// The regions of the US Census, and the territories, which are in none.
const (
	Northeast   = "Northeast"
	Midwest     = "Midwest"
	South       = "South"
	West        = "West"
	Territories = "Territories"
)

// states lists the 50 states and DC by name, then the partners' territories.
var states = [...]State{
	{"AL", "Alabama", South}, {"AK", "Alaska", West}, {"AZ", "Arizona", West},
	{"AR", "Arkansas", South}, {"CA", "California", West}, {"CO", "Colorado", West},
	{"CT", "Connecticut", Northeast}, {"DE", "Delaware", South},
	{"DC", "District of Columbia", South}, {"FL", "Florida", South},
	{"GA", "Georgia", South}, {"HI", "Hawaii", West}, {"ID", "Idaho", West},
	{"IL", "Illinois", Midwest}, {"IN", "Indiana", Midwest}, {"IA", "Iowa", Midwest},
	{"KS", "Kansas", Midwest}, {"KY", "Kentucky", South}, {"LA", "Louisiana", South},
	{"ME", "Maine", Northeast}, {"MD", "Maryland", South},
	{"MA", "Massachusetts", Northeast}, {"MI", "Michigan", Midwest},
	{"MN", "Minnesota", Midwest}, {"MS", "Mississippi", South},
	{"MO", "Missouri", Midwest}, {"MT", "Montana", West}, {"NE", "Nebraska", Midwest},
	{"NV", "Nevada", West}, {"NH", "New Hampshire", Northeast},
	{"NJ", "New Jersey", Northeast}, {"NM", "New Mexico", West},
	{"NY", "New York", Northeast}, {"NC", "North Carolina", South},
	{"ND", "North Dakota", Midwest}, {"OH", "Ohio", Midwest}, {"OK", "Oklahoma", South},
	{"OR", "Oregon", West}, {"PA", "Pennsylvania", Northeast},
	{"RI", "Rhode Island", Northeast}, {"SC", "South Carolina", South},
	{"SD", "South Dakota", Midwest}, {"TN", "Tennessee", South}, {"TX", "Texas", South},
	{"UT", "Utah", West}, {"VT", "Vermont", Northeast}, {"VA", "Virginia", South},
	{"WA", "Washington", West}, {"WV", "West Virginia", South},
	{"WI", "Wisconsin", Midwest}, {"WY", "Wyoming", West},
	{"AS", "American Samoa", Territories}, {"GU", "Guam", Territories},
	{"MP", "Northern Mariana Islands", Territories}, {"PR", "Puerto Rico", Territories},
	{"VI", "U.S. Virgin Islands", Territories},
}

const customerStates = 51

// CustomerStates returns the states a customer can be in, the 50 and DC, by name.
func CustomerStates() []State { return slices.Clone(states[:customerStates]) }

// PartnerStates returns the states a partner can be in: those of customers, then
// the territories PR GU VI AS MP (domain.md, Enrolment).
func PartnerStates() []State { return slices.Clone(states[:]) }

// CustomerState reads the code or name of a customer's state, in any case.
func CustomerState(s string) (code string, err error) {
	return parseState(s, states[:customerStates], "the 50 states and DC")
}

// PartnerState reads the code or name of a partner's state, in any case.
func PartnerState(s string) (code string, err error) {
	return parseState(s, states[:], "the 50 states, DC, PR, GU, VI, AS and MP")
}

func parseState(s string, among []State, named string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", Refusal("Choose a state.")
	}
	for _, state := range among {
		if strings.EqualFold(s, state.Code) || strings.EqualFold(s, state.Name) {
			return state.Code, nil
		}
	}
	return "", Refusal("There is no such state as " + quoted(s) + " in the program, which knows " + named + ".")
}

// StateName returns the name of a state's code, or the code itself when it has none.
func StateName(code string) string {
	if state, ok := findState(code); ok {
		return state.Name
	}
	return code
}

// Region returns the US Census region of a state's code; "" when there is none.
func Region(code string) string {
	state, _ := findState(code)
	return state.Region
}

func findState(code string) (State, bool) {
	for _, state := range states {
		if state.Code == code {
			return state, true
		}
	}
	return State{}, false
}
