package influence

import (
	"cmp"
	"slices"
	"time"
)

// Basis is what a decision rests on.
type Basis string

// The bases.
const (
	Desk       Basis = "desk"       // a member of the LAR decided
	Report     Basis = "report"     // a LAR's report named the partner
	Escalation Basis = "escalation" // staff decided for a LAR that did not
	Ruling     Basis = "ruling"     // staff ruled on a dispute
	Move       Basis = "move"       // entered again when the agreement changed its LAR
)

// Decision is the answer for one agreement from a day on: which partners
// influenced it with which shares, or none. It is never changed; a newer one, or
// a record that voids it, takes its place.
type Decision struct {
	ID         string
	Seq        int64 // rises within the agreement
	From       Day   // start, or a day after the signing date
	Basis      Basis
	Replaces   []string // IDs of earlier decisions that it makes void
	Void       bool     // a record voids it; being replaced is not written here
	Shares     []Share  // none: no partner influenced the agreement
	RecordedAt time.Time
	By, Note   string // By is the member's ID
}

// Live returns the decisions of ds that are not void, by seq. One is void when a
// record names it, or when a decision that is not itself void replaces it: what
// a void decision replaced is there again.
func Live(ds []Decision) []Decision {
	newest := slices.Clone(ds)
	slices.SortFunc(newest, func(a, b Decision) int { return cmp.Compare(b.Seq, a.Seq) })
	replaced := map[string]bool{}
	var live []Decision
	for _, d := range newest { // only a newer decision replaces, so those above are settled
		if d.Void || replaced[d.ID] {
			continue
		}
		for _, id := range d.Replaces {
			replaced[id] = true
		}
		live = append(live, d)
	}
	slices.Reverse(live)
	return live
}

// InForce returns the decision that counts on a day: of those not void and in
// force by then the one with the latest from, and of these the newest. ok is
// false when the agreement is undecided on that day.
func InForce(ds []Decision, day Day) (in Decision, ok bool) {
	for _, d := range Live(ds) {
		if d.From <= day && (!ok || d.From >= in.From) {
			in, ok = d, true
		}
	}
	return in, ok
}

// Span is how long a decision is in force: from From to Until, which is the last
// day of it and start when there is no end.
type Span struct {
	From, Until Day
	Decision    Decision
}

// Spans returns the decisions that are in force on some day, in the order of
// their days. An agreement is decided when there is one (see Decided).
func Spans(ds []Decision) []Span {
	newest := map[Day]Decision{}
	for _, d := range Live(ds) {
		newest[d.From] = d
	}
	spans := make([]Span, 0, len(newest))
	for _, d := range newest {
		spans = append(spans, Span{From: d.From, Decision: d})
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for i := 1; i < len(spans); i++ {
		spans[i-1].Until = spans[i].From.AddDays(-1)
	}
	return spans
}

// Decided says how an agreement counts in coverage and attach rate. It is decided
// when a decision is in force on some day, and decided with a share when one of
// these gives a partner a share. Which day it is does not matter, so that a
// figure changes only when somebody changes a record.
func Decided(ds []Decision) (decided, withShare bool) {
	for _, span := range Spans(ds) {
		decided = true
		withShare = withShare || len(span.Decision.Shares) > 0
	}
	return decided, withShare
}
