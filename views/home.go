package views

import "irm/views/ui"

// HomeModel is a partner's first page.
type HomeModel struct {
	Company, CompanyHref, No, Level, Title string
	Confirmed                              ui.TileProps
	Coming                                 ComingTile
	Todo                                   []TodoItem
	TodoSay                                string
	Waiting                                []WaitingItem
	Outcomes                               []ClaimItem
	Steps                                  []StepItem
	StepsSay                               string
}

// ComingTile are the open claims, and who has them; parts are in cents.
type ComingTile struct {
	Number, Exact, Note string
	Parts               []ui.Part
	Legend              []ui.Part // class and words
}

// TodoItem is one thing to do; Due says until when.
type TodoItem struct{ Icon, Tone, Title, Href, Text, Due, Amount, Action, ActionHref string }

// WaitingItem is a claim or request that waits for somebody else.
type WaitingItem struct{ Title, Href, Ref, Who, Due, Amount string }

// StepItem is one of the first steps.
type StepItem struct {
	Label, Href string
	Later       string // address that puts it aside, "" where it can't be
	Done        bool
}
