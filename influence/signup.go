package influence

import (
	"errors"
	"strings"
	"unicode"
)

// TermsVersion names the program terms in force. It is kept with each acceptance,
// so that it can be shown later what was accepted.
const TermsVersion = "2007-04"

// SignUp is what a person types to enroll a company. Its fields are the form's.
type SignUp struct {
	Name      string
	Email     string
	Password  string // exactly as typed
	Company   string
	PartnerNo string
	Level     string
	State     string
	Phone     string // optional
	Terms     string // the TermsVersion the form showed
}

// Validate returns s as it is stored (trimmed, the address in lower case, level
// and state as codes) and an Invalid naming every field that is wrong.
func (s SignUp) Validate() (SignUp, error) {
	v := Invalid{}
	s.Name, s.Company, s.Phone = line(s.Name), line(s.Company), line(s.Phone)
	checkRequired(v, "name", s.Name, "Enter your name.")
	checkRequired(v, "company", s.Company, "Enter the company’s name.")
	s.Email = parsed(v, "email", s.Email, ParseEmail)
	s.PartnerNo = parsed(v, "partner_id", s.PartnerNo, ParsePartnerNo)
	s.Level = string(parsed(v, "level", s.Level, ParseLevel))
	s.State = parsed(v, "state", s.State, PartnerState)
	v.Check(isPhone(s.Phone), "phone", "A phone number has 7 to 20 digits, as in (603) 555-0142. You can leave it empty.")
	v.Check(s.Terms == TermsVersion, "terms", "The program terms have changed. Read them, then send the form again.")
	owner := PasswordOwner{Name: s.Name, Email: s.Email, Company: s.Company}
	v.refuse("password", CheckPassword(s.Password, owner))
	return s, v.OrNil()
}

// checkRequired records what is wrong with a one-line text that must be there.
func checkRequired(v Invalid, field, s, missing string) {
	v.Check(s != "", field, missing)
	checkText(v, field, s, NameLimit)
}

// parsed reads a field with parse and records its refusal.
func parsed[T any](v Invalid, field, s string, parse func(string) (T, error)) T {
	value, err := parse(s)
	v.refuse(field, err)
	return value
}

// refuse records against field the sentence of a refusal, if there is one.
func (v Invalid) refuse(field string, err error) {
	var r Refusal
	if errors.As(err, &r) {
		v.Check(false, field, string(r))
	}
}

// isPhone takes any way of writing a number, and none at all.
func isPhone(s string) bool {
	count := len(strings.Map(onlyIf(unicode.IsDigit), s))
	written := onlyOf(strings.ToLower(s), digits+" +-–().,/#ext")
	return s == "" || count >= 7 && count <= 20 && written && len(s) <= 60
}
