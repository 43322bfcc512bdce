package views

import "slices"

// FailureModel is a page for what went wrong: what happened, what was kept, what
// to do. The request's id is shown where it helps to find the entry in the log.
type FailureModel struct {
	Status            int
	Title, Text, Kept string
	Actions           []Link
	RequestID         string
}

// icon shows what kind of failure it is.
func (f FailureModel) icon() string {
	switch f.Status {
	case 401, 403:
		return "lock"
	case 404:
		return "search"
	case 429, 503:
		return "clock"
	case 413:
		return "file"
	}
	return "warn"
}

// ConflictModel shows what changed while somebody was reading, and keeps what was
// typed beside it.
type ConflictModel struct {
	Title, Text, Note string
	Rows              []ConflictRow
	Actions           []Link
}

// hasWas reports whether it is known how anything stood when the page was opened.
func (m ConflictModel) hasWas() bool {
	return slices.ContainsFunc(m.Rows, func(r ConflictRow) bool { return r.Was != "" })
}

// ConflictRow is one property: when the page was opened, now, and as typed.
type ConflictRow struct{ What, Was, Now, Yours string }

// orLine shows that there is nothing.
func orLine(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
