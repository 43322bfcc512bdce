package influence

import (
	"slices"
	"strings"
	"time"
)

// NoticeKind is what a notice is about, as far as somebody can choose when its
// mail comes. Mails about one's own account have none: they go at once and are
// no notices.
type NoticeKind string

// The kinds.
const (
	NoticeClaims      NoticeKind = "claims"      // what happened to claims and agreements
	NoticeDeadlines   NoticeKind = "deadlines"   // what is due, and what was left undone
	NoticeConnections NoticeKind = "connections" // who works with whom
	NoticeTeam        NoticeKind = "team"        // who is a member
)

// NoticeKinds returns the kinds that somebody of a role gets.
func NoticeKinds(r Role) []NoticeKind {
	switch r {
	case RolePartner, RoleLAR:
		return []NoticeKind{NoticeClaims, NoticeDeadlines, NoticeConnections, NoticeTeam}
	case RoleStaff:
		return []NoticeKind{NoticeDeadlines, NoticeTeam}
	}
	return nil
}

// Title is the words for k.
func (k NoticeKind) Title() string {
	switch k {
	case NoticeClaims:
		return "Claims and decisions"
	case NoticeDeadlines:
		return "Deadlines"
	case NoticeConnections:
		return "Connections"
	case NoticeTeam:
		return "Team"
	}
	return ""
}

// NoticeOf is the kind of a notice whose button leads to a path, and the public
// reference of the thing that it is about; "" for none.
func NoticeOf(path string) (kind NoticeKind, thing string) {
	for prefix, k := range map[string]NoticeKind{"/claims": NoticeClaims, "/agreements": NoticeClaims, "/inbox": NoticeClaims, "/disputes": NoticeClaims,
		"/connections": NoticeConnections, "/team": NoticeTeam} {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok || rest != "" && rest[0] != '/' && rest[0] != '?' {
			continue
		}
		thing, _, _ = strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		if strings.Contains(thing, "?") {
			thing = ""
		}
		return k, thing
	}
	return "", ""
}

// MailChoices says for each kind whether its mails come once a day.
type MailChoices map[NoticeKind]bool

// DailyUnlessChosen reports whether mails of a kind come once a day to a role that
// has chosen nothing: what LARs left undone is much for Microsoft.
func DailyUnlessChosen(k NoticeKind, r Role) bool { return r == RoleStaff && k == NoticeDeadlines }

// ParseMailChoices reads what somebody of a role chose of each kind: "now" or
// "daily". It returns an Invalid that names every wrong field.
func ParseMailChoices(r Role, typed func(field string) string) (MailChoices, error) {
	wrong, all := Invalid{}, MailChoices{}
	for _, k := range NoticeKinds(r) {
		word := typed(string(k))
		wrong.Check(slices.Contains([]string{"now", "daily"}, word), string(k), "Choose when these mails come.")
		all[k] = word == "daily"
	}
	return all, wrong.OrNil()
}

// MorningHour is when daily mails leave, by the program's clock.
const MorningHour = 8

// Morning is the instant at which the daily mails of the day of at leave. In the
// nights in which clocks change it is eight o'clock all the same.
func Morning(at time.Time) time.Time {
	y, m, d := at.Date()
	return time.Date(y, m, d, MorningHour, 0, 0, 0, at.Location())
}
