package views

import "irm/views/ui"

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
