package influence

import (
	"fmt"
	"time"
)

// CanUndo returns nil when the member by may undo d now, and a Refusal that says
// why not otherwise: only who made it, within the time of the settings, and only
// while it is the newest of the agreement's decisions ds. One that was undone
// counts as not made.
func CanUndo(d Decision, ds []Decision, by string, now time.Time, set Settings) error {
	switch {
	case d.Void:
		return Refusal("This decision was undone already.")
	case d.By != by:
		return Refusal("Only the person who made a decision can undo it.")
	case d.Basis == Ruling:
		return Refusal("A ruling can’t be undone.")
	case now.Sub(d.RecordedAt) > set.Undo:
		return Refusal(fmt.Sprintf("A decision can be undone for %s. Enter another decision instead.", plural(int(set.Undo.Minutes()), "minute")))
	}
	for _, o := range ds {
		if o.Seq > d.Seq && !o.Void {
			return Refusal("A newer decision was made. Enter another decision instead.")
		}
	}
	return nil
}

// CanUndoReport returns nil when what a report brought to the agreement with a
// number can be taken back, and a Refusal otherwise: current says that each of
// its orders is still at the version it brought, decidedLater that somebody
// decided the agreement after it.
func CanUndoReport(number string, current, decidedLater bool) error {
	switch {
	case !current:
		return Refusal("An order of agreement " + number + " was corrected after this report. Undo the later change first.")
	case decidedLater:
		return Refusal("Agreement " + number + " was decided after this report. The report can’t be undone any more.")
	}
	return nil
}
