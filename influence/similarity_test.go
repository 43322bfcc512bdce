package influence

import (
	"testing"
	"fmt"
	"time"
)

func TestMeasure(t *testing.T) {
	rows := dataRows(t, "names", "goc_vendor_normalization.csv")
	parents := map[string][]string{} // key -> parents
	seen := map[string]bool{}
	var plist []string
	var pn []Name
	for _, r := range rows {
		if !seen[r[0]] {
			seen[r[0]] = true
			k := NameKey(r[0])
			parents[k] = append(parents[k], r[0])
			plist = append(plist, r[0]); pn = append(pn, NameOf(r[0]))
		}
	}
	ans, right := 0, 0
	for _, r := range rows {
		ps := parents[NameKey(r[1])]
		if len(ps) == 1 {
			ans++
			if ps[0] == r[0] { right++ }
		}
	}
	fmt.Println("to parent:", len(rows), ans, right, float64(ans)/float64(len(rows)), float64(right)/float64(ans))
	// leave one out
	type e struct{ parent string; n int }
	keys := map[string]map[string]int{}
	for _, r := range rows {
		k := NameKey(r[1])
		if keys[k] == nil { keys[k] = map[string]int{} }
		keys[k][r[0]]++
	}
	ans, right = 0, 0
	for _, r := range rows {
		m := keys[NameKey(r[1])]
		n := 0; best := ""; bn := 0
		for p, c := range m { if p == r[0] { c-- }; n += c; if c > bn { bn, best = c, p } }
		if n > 0 { ans++; if best == r[0] { right++ } }
	}
	fmt.Println("loo keys:", ans, right, float64(ans)/float64(len(rows)), float64(right)/float64(ans))
	start := time.Now()
	for _, th := range []float64{0} {
		_ = th
		hist := map[int][2]int{}
		for _, r := range rows {
			n := NameOf(r[1])
			best, bi := 0.0, -1
			for i := range pn { if l := n.Like(pn[i]); l > best { best, bi = l, i } }
			if bi < 0 { continue }
			h := hist[int(best*20)]
			h[0]++
			if plist[bi] == r[0] { h[1]++ }
			hist[int(best*20)] = h
		}
		a, ri := 0, 0
		for b := 20; b >= 0; b-- { a += hist[b][0]; ri += hist[b][1]; fmt.Printf(">=%.2f answered %.4f right %.4f\n", float64(b)/20, float64(a)/float64(len(rows)), float64(ri)/float64(max(a,1))) }
	}
	fmt.Println(time.Since(start), time.Since(start)/time.Duration(len(rows)*len(pn)))
}
