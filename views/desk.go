package views

import (
	"irm/influence"
	"irm/views/ui"
)

// DeskModel is one agreement as the desk decides on it.
type DeskModel struct {
	Ref, Number, Program, Customer, Place, Seats, Signed, Amount, Back string
	Cents, Version                                                     int64
	Due                                                                string
	Waits, Stands                                                      bool // it is the LAR's turn, or a partner's
	Heading                                                            string
	Sides                                                              []DeskSide
	Items                                                              []DeskItem
	Current                                                            string // what is in force now, "" if undecided
	Rows                                                               []DeskShare
	Rejects                                                            []DeskReject
	Reasons                                                            []ui.Option
	Note, NoneCode                                                     string
	Wrong                                                              influence.Invalid
	Problems                                                           []ui.Problem
	Kinds                                                              []ui.Option
	Best                                                               string // partner ID of the first button, "" for none
	BestName                                                           string
	BestKind                                                           string
	HasClaims                                                          bool
	UndoRef, UndoUntil                                                 string
	Ready                                                              bool
	BackTo                                                             string // what Back leads to, "" for the inbox
	Late                                                               string // until when the LAR and its owners had time, for Microsoft
	Early                                                              bool   // Microsoft may not decide it yet
	SplitOpen, NoneOpen                                                bool
}

// DeskSide is a claim or candidate with why it fits.
type DeskSide struct {
	Ref, Href, Partner, No, Level, Place, Kind, Estimate, Evidence, Note string
	Best, Candidate                                                      bool
	Why                                                                  []DeskWhy
}

// DeskWhy is one reason for or against.
type DeskWhy struct {
	Good bool
	Text string
}

// DeskItem is a question that a report puts.
type DeskItem struct{ Text, Due string }

// DeskShare is one line of the form: a partner, what it did and its share.
type DeskShare struct {
	No, Name, Kind, Share, Amount string
	Primary, Typed                bool // typed: the partner ID is a field of its own
}

// AddRow adds a line to the share form unless its partner has one.
func (d *DeskModel) AddRow(row DeskShare) {
	for _, r := range d.Rows {
		if r.No == row.No {
			return
		}
	}
	d.Rows = append(d.Rows, row)
}

// DeskReject is an open claim that gets no share, and the reason chosen for it.
type DeskReject struct{ Ref, Partner, Code string }

// shareName names the partner of a line for those who can't see the table.
func shareName(r DeskShare) string {
	if r.Typed {
		return "another partner"
	}
	return r.Name
}

// rejectOptions are the reasons, each with the claim that it is for.
func rejectOptions(r DeskReject, reasons []ui.Option) []ui.Option {
	all := make([]ui.Option, 0, len(reasons))
	for _, x := range reasons {
		all = append(all, ui.Option{Value: r.Ref + ":" + x.Value, Label: x.Label, Selected: x.Value == r.Code})
	}
	return all
}

// withChoice puts an empty first choice before the reasons.
func withChoice(reasons []ui.Option, chosen string) []ui.Option {
	all := []ui.Option{{Value: "", Label: "Choose a reason"}}
	for _, x := range reasons {
		x.Selected = x.Value == chosen
		all = append(all, x)
	}
	return all
}
