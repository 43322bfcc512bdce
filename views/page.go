// Package views turns view models into HTML. It reads no request and no database.
package views

import (
	"strings"
	"unicode/utf8"

	"irm/influence"
)

// NavItem is one place of the bar. Count is what waits there, 0 is not shown.
type NavItem struct {
	Label, Href string
	Current     bool
	Count       int64
}

// Flash is what just happened, said once on the next page. With UndoAction it can
// be undone: the address, the version and the time until when.
type Flash struct {
	Tone, Text  string
	UndoAction  string
	UndoVersion string
	UndoFields  []Hidden // further fields of the form
	UndoUntil   string
}

// Hidden is a field of a form that is not shown.
type Hidden struct{ Name, Value string }

// icon shows the tone to those who don't see its color.
func (f Flash) icon() string {
	switch f.Tone {
	case "good":
		return "ok"
	case "bad":
		return "no"
	case "warn":
		return "warn"
	}
	return "info"
}

// Page is what every page needs besides its own content.
type Page struct {
	Title     string
	Actor     influence.Actor // zero when nobody is signed in
	Nav       []NavItem
	Flash     *Flash
	Demo      *DemoBar
	Viewing   *ViewingBar
	Path      string
	Notices   bool // the actor has notices
	News      bool // one is not read yet
	RequestID string
	Wide      bool // printed in landscape
	Search    bool // has the search box
	Query     string
	PrintedAt string // what a print says of itself: when, and by whom
}

// DemoBar is the line on every page of a demonstration.
type DemoBar struct {
	Text string // Demo: program time Mon 16 Apr 2007, 09:12 ET
	Href string // the mails that were sent
}

// ViewingBar is the line on every page that staff sees as an organization does.
type ViewingBar struct {
	As   string
	Left string // how long it goes on: 30 minutes
}

// Link is words and where they lead. Primary is the one main action.
type Link struct {
	Label, Href string
	Primary     bool
}

// signedIn reports whether there is somebody to greet.
func (p Page) signedIn() bool { return p.Actor.MemberID != "" }

// initials are of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	s := first(words[0])
	if len(words) > 1 {
		s += first(words[len(words)-1])
	}
	return s
}

func first(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return strings.ToUpper(string(r))
}

// scriptRules keep the script for fragments from styles of its own and from
// running text; refused forms (422) are shown in place.
const scriptRules = `{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,` +
	`"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}`
