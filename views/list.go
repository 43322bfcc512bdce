package views

import (
	"strings"
	"unicode"
)

// nothingLeft says why the filters leave nothing: a search without a letter or
// digit can hardly find anything.
func (m ListModel) nothingLeft() string {
	for _, f := range m.Filters {
		if f.Kind == "search" && f.Value != "" && !strings.ContainsFunc(f.Value, letterOrDigit) {
			return "Nothing begins with “" + f.Value + "”. Search for the first letters or digits."
		}
	}
	return "The filters leave nothing."
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
