package influence

import "strings"

// ParsePartnerNo reads a partner ID: 4 to 10 digits. It stays text, because a
// leading zero is part of it.
func ParsePartnerNo(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", Refusal("Enter the partner ID, 4 to 10 digits.")
	case !onlyOf(s, digits):
		return "", Refusal(quoted(s) + " holds something other than digits. A partner ID has 4 to 10 digits.")
	case len(s) < 4 || len(s) > 10:
		return "", Refusal(quoted(s) + " does not have 4 to 10 digits, as a partner ID has.")
	}
	return s, nil
}

const digits = "0123456789"

// RosterRow is a partner as Microsoft's roster lists it.
type RosterRow struct {
	PartnerNo    string // 4 to 10 digits
	Name         string
	Level        Level
	State        string // two-letter code
	City         string
	Website      string
	ContactName  string
	ContactEmail string
	Gone         bool // a later roster no longer lists it
}

// Admission says what a confirmed sign-up leads to.
type Admission struct {
	AtOnce bool   // enrolled without anybody looking
	Reason string // for the partner manager why not; "" when AtOnce. Not for the applicant: it tells who is known
}

// Admit compares a confirmed sign-up with the roster's row of its partner ID, nil
// when there is none. Only the row counts, never what the person says about
// itself: Gold or Certified there, and the e-mail's domain that of the row's
// contact or website (domain.md, Enrolment).
func Admit(s SignUp, row *RosterRow) Admission {
	switch {
	case row == nil || row.PartnerNo != strings.TrimSpace(s.PartnerNo):
		return Admission{Reason: "The partner ID is not on the roster."}
	case row.Gone:
		return Admission{Reason: "The partner is not on the current roster."}
	case row.Level != Gold && row.Level != Certified:
		return Admission{Reason: "The partner is Registered: a partner manager looks at it."}
	}
	return compareDomains(DomainOf(s.Email), *row)
}

func compareDomains(domain string, row RosterRow) Admission {
	switch {
	case domain == "" || MailProvider(domain):
		return Admission{Reason: "The e-mail is a mail provider’s, which shows no company."}
	case domain != DomainOf(row.ContactEmail) && domain != DomainOf(row.Website):
		return Admission{Reason: "The e-mail’s domain is not that of the roster’s contact or website."}
	}
	return Admission{AtOnce: true}
}
