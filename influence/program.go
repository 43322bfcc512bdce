package influence

import "strings"

// Program is the kind of agreement that the program is about.
type Program string

// The programs. Other agreements, such as Open, are not in it.
const (
	Enterprise Program = "enterprise"
	Select     Program = "select"
)

// Programs returns the programs.
func Programs() []Program { return []Program{Enterprise, Select} }

// ParseProgram reads a program as desks write it: enterprise, EA, Enterprise
// Agreement, select, SEL, Select Agreement, in any case. ok is false for any
// other.
func ParseProgram(s string) (p Program, ok bool) {
	switch strings.ToLower(line(s)) {
	case "enterprise", "ea", "enterprise agreement":
		return Enterprise, true
	case "select", "sel", "select agreement":
		return Select, true
	}
	return "", false
}
