package ui

import "strings"

// Step is one stage of several.
type Step struct {
	Label, Note   string
	Done, Current bool
}

// Check is one line of a check-list: tone good, bad or warn.
type Check struct{ Tone, Text, Hint string }

// Fact is a property of a thing. Href makes its value a link, Title says more of it.
type Fact struct{ Label, Value, Href, Title string }

// Event is one line of a history, the newest first. When is such as 3 days ago,
// Exact the date and time.
type Event struct {
	Title, When, Exact, Who, Note string
	Now                           bool
}

// HeadProps is the head of a page.
type HeadProps struct {
	Over, OverHref string // context, or the way back
	Title, Lead    string
}

// CardHeadProps is the head of a card. ID names the title for aria-labelledby.
type CardHeadProps struct {
	ID, Title, Text     string
	LinkLabel, LinkHref string
}

// Delta is a change. The sign of By gives the direction of its arrow; Good whether
// that is welcome.
type Delta struct {
	By   int64
	Text string // 12.4 %
	Good bool
	On   string // on FY2006
}

func (d Delta) class() string {
	switch {
	case d.By == 0:
		return "mute"
	case d.Good:
		return "up"
	}
	return "down"
}

// arrow shows the direction; words of the same meaning stand beside it, unseen.
func (d Delta) arrow() string {
	switch {
	case d.By > 0:
		return "▲ "
	case d.By < 0:
		return "▼ "
	}
	return ""
}

func (d Delta) words() string {
	switch {
	case d.By > 0:
		return "up "
	case d.By < 0:
		return "down "
	}
	return ""
}

// TileProps is one headline number. Exact is the figure to the cent.
type TileProps struct {
	Label, Href, Number, Unit, Exact string
	Delta                            *Delta
	Note                             string // behind the change, or alone
	Spark                            []int64
	First                            bool // the one number of the page
}

// levelClass is how a level looks, by its lower-case name.
func levelClass(level string) string { return "level " + strings.ToLower(level) }

func levelTitle(level string) string {
	if level == "" {
		return ""
	}
	return strings.ToUpper(level[:1]) + strings.ToLower(level[1:])
}
