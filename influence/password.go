package influence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The length of a password: characters at least, as long as there is no second
// factor, and bytes at most, so that hashing it stays cheap.
const (
	PasswordLeast = 15
	PasswordLimit = 1024
)

// CheckPassword says what is wrong with a new password. It is taken exactly as
// typed; about holds what belongs to its owner: e-mail, name, company.
func CheckPassword(password string, about PasswordOwner) error {
	plain := lettersAndDigits(password)
	switch {
	case utf8.RuneCountInString(password) < PasswordLeast:
		return Refusal("Use 15 characters or more. A few words that do not belong together are easy to keep.")
	case len(password) > PasswordLimit:
		return Refusal("This password is too long. 1,024 characters are the most.")
	case simple(password):
		return Refusal("This password repeats or counts on. Choose one that cannot be continued.")
	case strings.Contains(plain, "influence"):
		return Refusal("Choose a password without the program’s name.")
	case about.contained(plain):
		return Refusal("Choose a password without your company’s name or your e-mail address.")
	case about.onlyNames(password):
		return Refusal("This password is made of your name. Add words that do not belong to you.")
	}
	return nil
}

// BreachedPassword refuses a password that stands in a list of breached ones.
const BreachedPassword Refusal = "This password was found in a breach of another site, so it is easy to guess. Choose another."

// PasswordOwner is what others know of the person a password belongs to.
type PasswordOwner struct {
	Name    string
	Email   string
	Company string
}

// contained reports whether the company's name or the e-mail's local part stands
// in a password of letters and digits. Very short ones stand in any text.
func (o PasswordOwner) contained(plain string) bool {
	local, _, _ := strings.Cut(o.Email, "@")
	for _, known := range []string{lettersAndDigits(local), companyCore(o.Company)} {
		if utf8.RuneCountInString(known) >= 4 && strings.Contains(plain, known) {
			return true
		}
	}
	return false
}

// onlyNames reports whether little is left of a password without the words of
// the person's name and without digits and signs.
func (o PasswordOwner) onlyNames(password string) bool {
	rest := strings.ToLower(password)
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	for word := range strings.FieldsFuncSeq(strings.ToLower(o.Name), notLetter) {
		if utf8.RuneCountInString(word) >= 3 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	letters := strings.Map(onlyIf(unicode.IsLetter), rest)
	return len(rest) < len(password) && utf8.RuneCountInString(letters) < 6
}

// companyCore is a company's name in letters and digits, without its legal form.
func companyCore(company string) string {
	words := strings.FieldsFunc(strings.ToLower(company), func(r rune) bool {
		return r == ' ' || r == ',' || r == '.'
	})
	const forms = " inc llc ltd corp co lp llp corporation company incorporated limited "
	for len(words) > 1 && strings.Contains(forms, " "+words[len(words)-1]+" ") {
		words = words[:len(words)-1]
	}
	return lettersAndDigits(strings.Join(words, ""))
}

// simple reports whether a password repeats a part of itself to its end, or is a
// run of the alphabet, the digits or a row of the keyboard, either way.
func simple(password string) bool {
	runes := []rune(strings.ToLower(password))
	return repeats(runes) || runs(runes, 1) || runs(runes, -1) || alongKeyboard(runes)
}

func repeats(runes []rune) bool {
	for part := 1; part <= len(runes)/2; part++ {
		if sameEvery(runes, part) {
			return true
		}
	}
	return false
}

func sameEvery(runes []rune, part int) bool {
	for i := part; i < len(runes); i++ {
		if runes[i] != runes[i-part] {
			return false
		}
	}
	return true
}

// runs reports whether each character follows the one before by step; after 9
// comes 0 and after z comes a.
func runs(runes []rune, step rune) bool {
	for i := 1; i < len(runes); i++ {
		distance := (runes[i] - runes[i-1]) * step
		if distance != 1 && distance != -9 && distance != -25 {
			return false
		}
	}
	return len(runes) > 1
}

// alongKeyboard looks at the first two thirds, so that a tail does not hide it.
func alongKeyboard(runes []rune) bool {
	const keys = "1234567890qwertyuiopasdfghjklzxcvbnm1234567890"
	head := string(runes[:(len(runes)*2+2)/3])
	back := []rune(keys)
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return strings.Contains(keys, head) || strings.Contains(string(back), head)
}

// lettersAndDigits returns s in lower case without anything else.
func lettersAndDigits(s string) string {
	return strings.Map(onlyIf(func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}), strings.ToLower(s))
}

// onlyIf makes a mapping that drops every rune for which keep is false.
func onlyIf(keep func(rune) bool) func(rune) rune {
	return func(r rune) rune {
		if keep(r) {
			return r
		}
		return -1
	}
}
