package influence

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// says writes what a decision gives: "P 60 R 40", or "nobody".
func says(d Decision, ok bool) string {
	if !ok {
		return "undecided"
	}
	var parts []string
	for _, s := range d.Shares {
		parts = append(parts, fmt.Sprintf("%s %d", s.PartnerNo, s.Points/100))
	}
	if parts == nil {
		return "nobody"
	}
	return strings.Join(parts, " ")
}

func shared(nosAndPercents ...any) (shares []Share) {
	for i := 0; i < len(nosAndPercents); i += 2 {
		no := nosAndPercents[i].(string)
		shares = append(shares, Share{PartnerID: "id" + no, PartnerNo: no, Points: int64(nosAndPercents[i+1].(int)) * 100, Kind: Sourced, Primary: i == 0})
	}
	return shares
}

func TestWhatIsInForceAfterEachEntry(t *testing.T) {
	var ds []Decision
	enter := func(from Day, shares []Share, replaces ...string) {
		n := int64(len(ds) + 1)
		ds = append(ds, Decision{ID: fmt.Sprint(n), Seq: n, From: from, Shares: shares, Replaces: replaces})
	}
	steps := []struct {
		enter         func()
		before, after string // in force July to December 2006, and from January 2007 on
		march         string
	}{
		{func() { enter(Start, shared("P", 100)) }, "P 100", "P 100", "P 100"},
		{func() { enter("2007-01-01", shared("Q", 100)) }, "P 100", "Q 100", "Q 100"},
		{func() { enter(Start, shared("P", 60, "R", 40)) }, "P 60 R 40", "Q 100", "Q 100"},
		{func() { enter(Start, shared("R", 100), "2") }, "R 100", "R 100", "R 100"},
		{func() { ds[3].Void = true }, "P 60 R 40", "Q 100", "Q 100"},
		{func() { enter("2007-03-01", nil) }, "P 60 R 40", "Q 100", "nobody"},
	}
	for i, step := range steps {
		step.enter()
		for day, want := range map[Day]string{"2006-07-01": step.before, "2006-12-31": step.before, "2007-01-01": step.after, "2007-02-28": step.after,
			"2007-03-01": step.march, "2030-01-01": step.march} {
			if got := says(InForce(ds, day)); got != want {
				t.Errorf("after entry %d on %s: %s, not %s", i+1, day, got, want)
			}
		}
	}
	if got := len(Spans(ds)); got != 3 {
		t.Errorf("%d spans", got)
	}
}

func TestNothingIsInForceBeforeTheFirstFrom(t *testing.T) {
	ds := []Decision{{ID: "1", Seq: 1, From: "2007-01-01", Shares: shared("P", 100)}}
	if got := says(InForce(ds, "2006-12-31")); got != "undecided" {
		t.Errorf("the day before: %s", got)
	}
	if spans := Spans(ds); len(spans) != 1 || spans[0].From != "2007-01-01" || spans[0].Until != "" {
		t.Errorf("spans %+v", spans)
	}
}

func TestReplacedIsThereAgainWhenItsReplacerIsReplaced(t *testing.T) {
	ds := []Decision{
		{ID: "1", Seq: 1, From: "2007-01-01", Shares: shared("P", 100)},
		{ID: "2", Seq: 2, From: Start, Shares: shared("Q", 100), Replaces: []string{"1"}},
		{ID: "3", Seq: 3, From: Start, Shares: shared("R", 100), Replaces: []string{"2"}},
	}
	if got := says(InForce(ds, "2007-02-01")); got != "P 100" {
		t.Errorf("in force %s: what replaced P is void itself", got)
	}
}

func TestDecidedCountsAnyDayAndAnyShare(t *testing.T) {
	p, none := Decision{ID: "1", Seq: 1, Shares: shared("P", 100)}, Decision{ID: "2", Seq: 2, From: "2007-03-01"}
	replacesP := Decision{ID: "3", Seq: 3}
	undone := p
	undone.Void = true
	for name, c := range map[string]struct {
		ds                 []Decision
		decided, withShare bool
	}{
		"nothing":           {nil, false, false},
		"undone":            {[]Decision{undone}, false, false},
		"a share":           {[]Decision{p}, true, true},
		"later none":        {[]Decision{p, none}, true, true},
		"none from then on": {[]Decision{none}, true, false},
		"none in its place": {[]Decision{p, replacesP}, true, false},
	} {
		decided, withShare := Decided(c.ds)
		if decided != c.decided || withShare != c.withShare {
			t.Errorf("%s: decided %v, with a share %v", name, decided, withShare)
		}
	}
}

// voidByDefinition is the definition itself: a record names it, or a decision
// that is not void does.
func voidByDefinition(ds []Decision, d Decision) bool {
	if d.Void {
		return true
	}
	for _, r := range ds {
		for _, id := range r.Replaces {
			if id == d.ID && !voidByDefinition(ds, r) {
				return true
			}
		}
	}
	return false
}

func inForceByDefinition(ds []Decision, day Day) (best Decision, ok bool) {
	for _, d := range ds {
		if voidByDefinition(ds, d) || d.From > day {
			continue
		}
		if !ok || d.From > best.From || d.From == best.From && d.Seq > best.Seq {
			best, ok = d, true
		}
	}
	return best, ok
}

var someDays = []Day{Start, "2006-07-02", "2006-09-30", "2007-01-01", "2007-03-01", "2007-12-31"}

func drawShares(t *rapid.T) (shares []Share) {
	left := Whole
	for i, no := range rapid.Permutation([]string{"1001", "99999", "0777", "20002"}).Draw(t, "partners")[:rapid.IntRange(0, 4).Draw(t, "n")] {
		if left < LeastShare {
			break
		}
		points := rapid.Int64Range(LeastShare, left).Draw(t, "points")
		left -= points
		shares = append(shares, Share{PartnerID: no, PartnerNo: no, Points: points, Kind: rapid.SampledFrom(InfluenceKinds()).Draw(t, "kind"), Primary: i == 0})
	}
	return shares
}

// drawHistory enters, replaces and voids decisions.
func drawHistory(t *rapid.T) (ds []Decision) {
	for n := range rapid.IntRange(0, 9).Draw(t, "decisions") {
		d := Decision{ID: fmt.Sprint("d", n), Seq: int64(n + 1), From: rapid.SampledFrom(someDays).Draw(t, "from"), Shares: drawShares(t)}
		for _, earlier := range ds {
			if rapid.IntRange(0, 4).Draw(t, "replaces") == 0 {
				d.Replaces = append(d.Replaces, earlier.ID)
			}
		}
		ds = append(ds, d)
		if rapid.IntRange(0, 3).Draw(t, "void") == 0 {
			ds[rapid.IntRange(0, len(ds)-1).Draw(t, "which")].Void = true
		}
	}
	return ds
}

func TestOneValueADayWhateverTheOrderOfReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := drawHistory(t)
		shuffled := append([]Decision(nil), ds...)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, day := range append(someDays, "2006-12-31", "2008-01-01") {
			want, ok := inForceByDefinition(ds, day)
			for _, list := range [][]Decision{ds, shuffled} {
				got, also := InForce(list, day)
				if also != ok || got.ID != want.ID {
					t.Fatalf("on %q: %s, by definition %s", day, got.ID, want.ID)
				}
			}
			found := Decision{}
			for _, s := range Spans(shuffled) {
				if s.From <= day && (s.Until == "" || day <= s.Until) {
					found = s.Decision
				}
			}
			if found.ID != want.ID {
				t.Fatalf("on %q the spans say %q, not %q", day, found.ID, want.ID)
			}
		}
	})
}

func TestUndoRightAfterADecisionRestoresEveryDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := drawHistory(t)
		next := Decision{ID: "next", Seq: int64(len(before) + 1), From: rapid.SampledFrom(someDays).Draw(t, "at"), Shares: drawShares(t)}
		for _, d := range Live(before) {
			if rapid.Bool().Draw(t, "replaces too") {
				next.Replaces = append(next.Replaces, d.ID)
			}
		}
		next.Void = true // entered and undone
		after := append(append([]Decision(nil), before...), next)
		for _, day := range someDays {
			was, ok := InForce(before, day)
			now, still := InForce(after, day)
			if was.ID != now.ID || ok != still {
				t.Fatalf("on %q: %q before, %q after the undo", day, was.ID, now.ID)
			}
		}
	})
}
