package influence

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts, in characters (interface.md, Files and main forms).
const (
	NameLimit = 500  // names, numbers and other one-line texts
	NoteLimit = 4000 // notes and evidence
)

// line returns s as one line: white space of any kind becomes single blanks, and
// there is none at the ends. What is not UTF-8 becomes the replacement character,
// because a database would refuse it.
func line(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
}

// block returns s with one kind of line end and without white space at its ends.
func block(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.Contains(s, "\r") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	return strings.TrimSpace(s)
}

// checkText records against field what is wrong with a cleaned text.
func checkText(v Invalid, field, s string, limit int) {
	n := utf8.RuneCountInString(s)
	v.Check(n <= limit, field, fmt.Sprintf("This text has %s characters; %s fit.", thousands(uint64(n)), thousands(uint64(limit))))
	v.Check(printable(s), field, "This text holds a character that cannot be shown. Type it again without it.")
}

// printable reports whether s has no control characters and none that turn the
// direction of the text around them, which would let a name pose as another.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		turning := r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		return turning || unicode.IsControl(r) && r != '\n' && r != '\t'
	})
}

// onlyOf reports whether every character of s is one of allowed.
func onlyOf(s, allowed string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(allowed, r) })
}

// quoted puts what was typed into a sentence: at most 30 characters of it, and
// none that cannot be shown.
func quoted(s string) string {
	runes := []rune(line(s))
	end := ""
	if len(runes) > 30 {
		runes, end = runes[:30], "…"
	}
	for i, r := range runes {
		if !printable(string(r)) {
			runes[i] = '?'
		}
	}
	return "“" + string(runes) + end + "”"
}

// plural writes a count and its noun: "1 day", "2 days".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// CheckLine records against field what is wrong with a text of one line: it is too
// long, or holds what cannot be shown.
func CheckLine(v Invalid, field, s string) {
	checkText(v, field, s, NameLimit)
	v.Check(!strings.ContainsAny(s, "\n\t"), field, "This text has to be one line.")
}

// CheckNote records against field what is wrong with a text of several lines: it
// is too long, or holds what cannot be shown.
func CheckNote(v Invalid, field, s string) { checkText(v, field, s, NoteLimit) }
