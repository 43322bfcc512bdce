package influence

import (
	"testing"
	"time"
)

func TestOnlyTheMakerUndoesTheNewestWithinItsTime(t *testing.T) {
	at := time.Date(2007, 4, 16, 13, 0, 0, 0, time.UTC)
	first := Decision{ID: "1", Seq: 1, By: "theo", Basis: Desk, RecordedAt: at}
	newer := Decision{ID: "2", Seq: 2, By: "theo", Basis: Desk, RecordedAt: at.Add(time.Minute)}
	undone := newer
	undone.Void = true
	replaced := Decision{ID: "3", Seq: 3, By: "ann", Basis: Desk, RecordedAt: at.Add(2 * time.Minute), Replaces: []string{"2"}}
	ruling := first
	ruling.Basis = Ruling
	void := first
	void.Void = true
	for name, c := range map[string]struct {
		d   Decision
		ds  []Decision
		by  string
		now time.Time
		ok  bool
	}{
		"at once":                    {first, []Decision{first}, "theo", at, true},
		"in the last instant":        {first, []Decision{first}, "theo", at.Add(15 * time.Minute), true},
		"too late":                   {first, []Decision{first}, "theo", at.Add(15*time.Minute + time.Microsecond), false},
		"somebody else":              {first, []Decision{first}, "ann", at, false},
		"not the newest":             {first, []Decision{first, newer}, "theo", at.Add(time.Minute), false},
		"the newer one was undone":   {first, []Decision{first, undone}, "theo", at.Add(time.Minute), true},
		"the newer one was replaced": {first, []Decision{first, newer, replaced}, "theo", at.Add(time.Minute), false},
		"twice":                      {void, []Decision{void}, "theo", at, false},
		"a ruling":                   {ruling, []Decision{ruling}, "theo", at, false},
	} {
		if err := CanUndo(c.d, c.ds, c.by, c.now, Defaults()); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAReportIsUndoneWhileNothingWasBuiltOnIt(t *testing.T) {
	for _, c := range []struct{ current, later, ok bool }{{true, false, true}, {false, false, false}, {true, true, false}, {false, true, false}} {
		if err := CanUndoReport("S1000007", c.current, c.later); (err == nil) != c.ok {
			t.Errorf("current %v, decided later %v: %v", c.current, c.later, err)
		}
	}
}
