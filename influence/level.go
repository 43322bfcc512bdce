package influence

import "strings"

// Level is a partner's level in the program.
type Level string

// The levels, the highest first.
const (
	Gold       Level = "gold"
	Certified  Level = "certified"
	Registered Level = "registered"
)

// Levels returns the levels, the highest first.
func Levels() []Level { return []Level{Gold, Certified, Registered} }

// Title is the word shown for l.
func (l Level) Title() string {
	switch l {
	case Gold:
		return "Gold"
	case Certified:
		return "Certified"
	case Registered:
		return "Registered"
	}
	return string(l)
}

// ParseLevel reads a level's word in any case.
func ParseLevel(s string) (Level, error) {
	for _, level := range Levels() {
		if strings.EqualFold(strings.TrimSpace(s), string(level)) {
			return level, nil
		}
	}
	if strings.TrimSpace(s) == "" {
		return "", Refusal("Choose a level: Gold, Certified or Registered.")
	}
	return "", Refusal(quoted(s) + " is not a level. The levels are Gold, Certified and Registered.")
}
