package influence

import (
	"strings"
	"unicode"
)

// NumberKey is how agreement numbers are compared: without case, spaces and
// dashes. It is empty for a number that has nothing else.
func NumberKey(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '−' {
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
}
