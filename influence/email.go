package influence

import "strings"

// EmailLimit is the longest address in bytes (RFC 5321 leaves 254 for it).
const EmailLimit = 254

// ParseEmail reads an e-mail address and returns it in lower case, as it is
// stored and compared. It takes what mail systems use: one @, a plain name, and a
// domain with an ending.
func ParseEmail(s string) (string, error) {
	if len(s) > EmailLimit { // before anything looks at it
		return "", Refusal("This address is too long. An e-mail address has at most 254 characters.")
	}
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, _ := strings.Cut(s, "@")
	switch {
	case s == "":
		return "", Refusal("Enter your work e-mail.")
	case strings.Count(s, "@") != 1:
		return "", Refusal("An e-mail address has one @, as in name@company.com.")
	case !strings.Contains(domain, "."):
		return "", Refusal("This address has no ending such as .com or .net.")
	case !isLocalPart(local):
		return "", Refusal("The part before the @ holds a character that is not used in e-mail addresses.")
	case !isDomain(domain):
		return "", Refusal("The part after the @ is not a domain such as company.com.")
	}
	return s, nil
}

// isLocalPart takes the unquoted names of RFC 5321, 64 bytes at most.
func isLocalPart(s string) bool {
	if len(s) > 64 {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || !onlyASCII(part, "!#$%&'*+/=?^_`{|}~-") {
			return false
		}
	}
	return true
}

// isDomain takes host names with an ending; an address of numbers has none.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, label := range labels {
		dashed := strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-")
		if label == "" || len(label) > 63 || dashed || !onlyASCII(label, "-") {
			return false
		}
	}
	ending := labels[len(labels)-1]
	return len(labels) > 1 && strings.Trim(ending, "0123456789") != ""
}

// onlyASCII reports whether s is made of lower-case letters, digits and extra.
func onlyASCII(s, extra string) bool {
	return onlyOf(s, "abcdefghijklmnopqrstuvwxyz0123456789"+extra)
}

// DomainOf returns the domain of an e-mail address or a web address in lower
// case, the latter without "www."; "" when there is none.
func DomainOf(address string) string {
	s := strings.ToLower(strings.TrimSpace(address))
	if local, domain, ok := strings.Cut(s, "@"); ok && isLocalPart(local) {
		return domainOrNone(domain)
	}
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	if end := strings.IndexAny(s, `/?#\`); end >= 0 {
		s = s[:end]
	}
	s = s[strings.LastIndex(s, "@")+1:]
	s, _, _ = strings.Cut(s, ":")
	return domainOrNone(strings.TrimPrefix(strings.TrimSuffix(s, "."), "www."))
}

func domainOrNone(s string) string {
	if !isDomain(s) {
		return ""
	}
	return s
}

// sharedDomains lists mail providers and hosts of many companies' pages: an
// address there says nothing about the company.
var sharedDomains = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "yahoo.com": true, "ymail.com": true,
	"rocketmail.com": true, "hotmail.com": true, "outlook.com": true, "live.com": true,
	"msn.com": true, "passport.com": true, "aol.com": true, "aim.com": true,
	"netscape.net": true, "compuserve.com": true, "cs.com": true, "icloud.com": true,
	"me.com": true, "mac.com": true, "comcast.net": true, "verizon.net": true,
	"att.net": true, "sbcglobal.net": true, "bellsouth.net": true, "pacbell.net": true,
	"ameritech.net": true, "swbell.net": true, "snet.net": true, "nvbell.net": true,
	"prodigy.net": true, "cox.net": true, "charter.net": true, "spectrum.net": true,
	"rr.com": true, "roadrunner.com": true, "twc.com": true, "adelphia.net": true,
	"optonline.net": true, "optimum.net": true, "earthlink.net": true,
	"mindspring.com": true, "peoplepc.com": true, "juno.com": true, "netzero.net": true,
	"netzero.com": true, "bluelight.com": true, "windstream.net": true,
	"alltel.net": true, "frontier.com": true, "frontiernet.net": true,
	"centurylink.net": true, "centurytel.net": true, "embarqmail.com": true,
	"q.com": true, "qwest.net": true, "suddenlink.net": true, "cableone.net": true,
	"wowway.com": true, "insightbb.com": true, "mchsi.com": true, "tds.net": true,
	"usa.net": true, "excite.com": true, "lycos.com": true, "mail.com": true,
	"email.com": true, "inbox.com": true, "gmx.com": true, "gmx.net": true,
	"gmx.us": true, "web.de": true, "hushmail.com": true, "fastmail.com": true,
	"fastmail.fm": true, "zoho.com": true, "zohomail.com": true, "yandex.com": true,
	"yandex.ru": true, "mail.ru": true, "qq.com": true, "163.com": true, "126.com": true,
	"protonmail.com": true, "proton.me": true, "pm.me": true, "tutanota.com": true,
	"tuta.io": true, "mailinator.com": true, "duck.com": true,
	"geocities.com": true, "tripod.com": true, "angelfire.com": true,
	"blogspot.com": true, "wordpress.com": true, "wixsite.com": true,
	"weebly.com": true, "squarespace.com": true, "google.com": true,
	"facebook.com": true, "linkedin.com": true, "github.io": true,
}

// MailProvider reports whether a domain, or one above it, belongs to a mail
// provider or a host of many companies' pages.
func MailProvider(domain string) bool {
	for domain != "" {
		if sharedDomains[domain] {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}
