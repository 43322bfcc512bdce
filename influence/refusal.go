package influence

import (
	"regexp"
	"strings"
)

// Refusal is a sentence that says why something typed or asked for is not taken
// and, where it helps, what to write instead. Pages and files show it as it is.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// held matches what a sentence repeats of what was typed: in quotation marks, or a
// word with digits.
var held = regexp.MustCompile(`“[^”]*”|\S*[0-9]\S*`)

// WithoutValues is a refusal's first sentence without what was typed: for those
// who may know why something was refused, but not what it was.
func WithoutValues(sentence string) string {
	first, _, more := strings.Cut(held.ReplaceAllString(sentence, "…"), ". ")
	if more {
		first += "."
	}
	return first
}
