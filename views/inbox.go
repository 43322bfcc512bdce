package views

import "strings"

// tab is the open tab as addresses name it.
func (m InboxModel) tab() string {
	if m.Unclaimed {
		return "unclaimed"
	}
	return "decide"
}

// formatName is a kind of file as people call it.
func formatName(format string) string {
	if format == "xlsx" {
		return "Excel"
	}
	return strings.ToUpper(format)
}
