package influence

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func bp(no string, points int64, primary bool) Share {
	return Share{PartnerID: no, PartnerNo: no, Points: points, Kind: Other, Primary: primary}
}

func TestCentsLeftOverGoByRemainderThenPrimaryThenShareThenID(t *testing.T) {
	third := []Share{bp("1003", 3_333, false), bp("1001", 3_334, true), bp("1002", 3_333, false)}
	for name, c := range map[string]struct {
		cents  int64
		shares []Share
		want   []int64
	}{
		"whole":                {12_345, []Share{bp("1001", Whole, true)}, []int64{12_345}},
		"60 and 40":            {101, []Share{bp("1001", 6_000, true), bp("1002", 4_000, false)}, []int64{61, 40}},
		"thirds":               {100, third, []int64{33, 34, 33}},
		"one cent, tie":        {1, []Share{bp("1002", 5_000, false), bp("1001", 5_000, true)}, []int64{0, 1}},
		"tie by share":         {4, []Share{bp("1001", 1_000, false), bp("1002", 5_500, true), bp("1003", 3_500, false)}, []int64{0, 2, 2}},
		"lower ID as a number": {1, []Share{bp("5000", 2_500, true), bp("10001", 2_500, false), bp("9999", 2_500, false), bp("00999", 2_500, false)}, []int64{1, 0, 0, 0}},
		"half rounds up":       {1, []Share{bp("1001", 5_000, true)}, []int64{1}},
		"below half is gone":   {1, []Share{bp("1001", 4_999, true)}, []int64{0}},
		"a credit":             {-101, []Share{bp("1001", 6_000, true), bp("1002", 4_000, false)}, []int64{-61, -40}},
		"nobody":               {500, nil, nil},
		"nothing":              {0, third, []int64{0, 0, 0}},
		"the largest amount":   {LargestAmount, third, []int64{33_330_000_000_000, 33_340_000_000_000, 33_330_000_000_000}},
	} {
		got := Split(c.cents, c.shares)
		if len(got) != len(c.want) {
			t.Fatalf("%s: %v", name, got)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, not %v", name, got, c.want)
				break
			}
		}
	}
}

func TestEqualRemaindersServeTheLowerPartnerID(t *testing.T) {
	shares := []Share{bp("8000", 4_000, true), bp("10001", 3_000, false), bp("09999", 3_000, false)}
	if got := Split(5, shares); got[0] != 2 || got[1] != 1 || got[2] != 2 {
		t.Errorf("%v: the second cent left over is for 09999", got)
	}
}

// TestPartsAddUpToTheCent compares the split with its definition in unbounded
// integers, for any amount there can be.
func TestPartsAddUpToTheCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(-LargestAmount, LargestAmount).Draw(t, "cents")
		ds := []Decision{{ID: "d", Seq: 1, Shares: drawShares(t)}}
		p := PartsOf(Order{OrderedOn: "2007-01-01", Cents: cents}, "2006-07-01", ds)
		if p.Influenced+p.Unassisted+p.Undecided != cents || p.Undecided != 0 {
			t.Fatalf("%+v does not add up to %d", p, cents)
		}
		var sum, points int64
		for i, part := range p.Shares {
			sum += part.Cents
			points += part.Points
			exact := new(big.Int).Mul(big.NewInt(cents), big.NewInt(part.Points))
			off := new(big.Int).Sub(exact, new(big.Int).Mul(big.NewInt(part.Cents), big.NewInt(Whole)))
			if off.CmpAbs(big.NewInt(Whole)) >= 0 {
				t.Fatalf("share %d of %d: %d is a cent or more away", i, cents, part.Cents)
			}
			if part.Cents != 0 && (part.Cents < 0) != (cents < 0) {
				t.Fatalf("share %d of %d has another sign: %d", i, cents, part.Cents)
			}
		}
		total := new(big.Int).Mul(new(big.Int).Abs(big.NewInt(cents)), big.NewInt(points))
		total.Quo(total.Add(total, big.NewInt(Whole/2)), big.NewInt(Whole))
		if cents < 0 {
			total.Neg(total)
		}
		if sum != p.Influenced || total.Int64() != sum {
			t.Fatalf("parts of %d add up to %d, not %s", cents, sum, total)
		}
		back := PartsOf(Order{OrderedOn: "2007-01-01", Cents: -cents}, "2006-07-01", ds)
		if back.Influenced != -p.Influenced || back.Sourced != -p.Sourced {
			t.Fatalf("a credit of the same amount does not take it back: %+v, %+v", p, back)
		}
	})
}

func TestACreditFallsOnTheDecisionOfItsOwnDay(t *testing.T) {
	ds := []Decision{{ID: "1", Seq: 1, Shares: shared("P", 100)}, {ID: "2", Seq: 2, From: "2007-01-01", Shares: shared("Q", 100)}}
	for _, c := range []struct {
		on    Day
		cents int64
		to    string
	}{{"2006-12-31", 500, "P"}, {"2007-01-01", 500, "Q"}, {"2007-02-01", -500, "Q"}, {"2006-08-01", -500, "P"}} {
		p := PartsOf(Order{OrderedOn: c.on, Cents: c.cents}, "2006-07-15", ds)
		if len(p.Shares) != 1 || p.Shares[0].PartnerNo != c.to || p.Influenced != c.cents {
			t.Errorf("%d on %s: %+v", c.cents, c.on, p)
		}
	}
}

func TestAnOrderBeforeTheSigningCountsOnTheSigningDay(t *testing.T) {
	ds := []Decision{{ID: "1", Seq: 1, From: "2006-07-16", Shares: shared("P", 100)}}
	o := Order{OrderedOn: "2006-07-01", Cents: 100}
	if p := PartsOf(o, "2006-07-15", ds); p.Undecided != 100 {
		t.Errorf("signed the day before: %+v", p)
	}
	if p := PartsOf(o, "2006-07-16", ds); p.Influenced != 100 {
		t.Errorf("signed on the day: %+v", p)
	}
}

func TestSourcedIsThePrimaryShareThatSourced(t *testing.T) {
	shares := shared("P", 60, "R", 40)
	o := Order{OrderedOn: "2007-01-01", Cents: 100}
	if p := PartsOf(o, "2006-07-01", []Decision{{Seq: 1, Shares: shares}}); p.Sourced != 60 || p.Influenced != 100 {
		t.Errorf("%+v", p)
	}
	shares[0].Kind = Licensing
	if p := PartsOf(o, "2006-07-01", []Decision{{Seq: 1, Shares: shares}}); p.Sourced != 0 {
		t.Errorf("the primary did the licensing: %+v", p)
	}
}
