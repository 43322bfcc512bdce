package main

import (
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"irm/influence"
)

// figure is what one way of asking came to, in spellings.
type figure struct{ asked, answered, right, topRight int }

func (f figure) add(o figure) figure {
	return figure{f.asked + o.asked, f.answered + o.answered, f.right + o.right, f.topRight + o.topRight}
}

func (f figure) answers() float64 { return share(f.answered, f.asked) }
func (f figure) rights() float64  { return share(f.right, f.answered) }
func (f figure) top() float64     { return share(f.topRight, f.asked) }

func share(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// firm is one spelling of a firm's name, prepared.
type firm struct {
	owner, text string
	name        influence.Name
}

// spelling asks for the firm that a name is meant for.
type spelling struct {
	owner string
	name  influence.Name
	self  int // index of the firm's row it was made of; -1 for none
}

// firmsOf reads the spellings of firms, each with the firm that owns it.
func firmsOf(data string) ([]firm, error) {
	rows, err := readRows(data, "names", "goc_vendor_normalization.csv")
	firms := make([]firm, 0, len(rows))
	for _, r := range rows {
		firms = append(firms, firm{r[0], r[1], influence.NameOf(r[1])})
	}
	return firms, err
}

// readRows reads a file of comma-separated values without its heading.
func readRows(elem ...string) ([][]string, error) {
	f, err := os.Open(filepath.Join(elem...)) //nolint:gosec // the operator's own folder
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%s: %w", elem[len(elem)-1], err)
	}
	return rows[1:], nil
}

// measuring tells the half of the firms that is only measured from the half that
// the likeness was tuned on. All spellings of a firm are in one half.
func measuring(owner string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(owner)) // never fails
	return h.Sum32()%2 == 1
}

// spelt writes a name as reports do: in capitals, with a legal form, with an
// ampersand, in small letters, or with two letters exchanged.
func spelt(name string, r *rand.Rand) string {
	switch r.IntN(5) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return name + ", INC"
	case 2:
		return strings.ReplaceAll(name, " AND ", " & ") + " Inc."
	case 3:
		return strings.ToLower(name) + " ltd"
	}
	signs := []rune(name)
	if len(signs) > 3 {
		i := 1 + r.IntN(len(signs)-2)
		signs[i], signs[i+1] = signs[i+1], signs[i]
	}
	return string(signs)
}

// asReportsSpell asks for one in every of the half's spellings as a report would
// spell it, among all that are known.
func asReportsSpell(firms []firm, every int) []spelling {
	r := rand.New(rand.NewPCG(7, 38)) //nolint:gosec // the same spellings each time
	var all []spelling
	for i, f := range firms {
		text := spelt(f.text, r)
		if measuring(f.owner) && i%every == 0 {
			all = append(all, spelling{f.owner, influence.NameOf(text), -1})
		}
	}
	return all
}

// neverSeen asks for one in every of the half's spellings as if nobody had
// recorded it. Firms that have one spelling can't be asked for.
func neverSeen(firms []firm, every int) []spelling {
	known := map[string]int{}
	for _, f := range firms {
		known[f.owner]++
	}
	var all []spelling
	for i, f := range firms {
		if measuring(f.owner) && known[f.owner] > 1 && i%every == 0 {
			all = append(all, spelling{f.owner, f.name, i})
		}
	}
	return all
}

// ask answers a spelling by what is most like it, from a threshold on. A
// spelling that two firms are equally like is right for either.
func ask(firms []firm, s spelling, from float64) figure {
	best, owners := 0.0, map[string]bool{}
	for i, f := range firms {
		like := 0.0
		if i != s.self {
			like = f.name.Like(s.name)
		}
		if like > best {
			best, owners = like, map[string]bool{}
		}
		if like == best && like > 0 {
			owners[f.owner] = true
		}
	}
	one := figure{asked: 1}
	if owners[s.owner] && len(owners) == 1 {
		one.topRight = 1
	}
	if best >= from {
		one.answered, one.right = 1, one.topRight
	}
	return one
}

func askAll(firms []firm, all []spelling, from float64) (sum figure) {
	for _, s := range all {
		sum = sum.add(ask(firms, s, from))
	}
	return sum
}

// byKey answers spellings whose key one firm alone has: what a report attaches
// without asking anybody.
func byKey(firms []firm, all []spelling) (sum figure) {
	owners := map[string]map[string]bool{}
	for _, f := range firms {
		if owners[f.name.Key] == nil {
			owners[f.name.Key] = map[string]bool{}
		}
		owners[f.name.Key][f.owner] = true
	}
	for _, s := range all {
		one := figure{asked: 1}
		if who := owners[s.name.Key]; len(who) > 0 {
			one.answered = 1
			if who[s.owner] && len(who) == 1 {
				one.right, one.topRight = 1, 1
			}
		}
		sum = sum.add(one)
	}
	return sum
}

// ofReports asks for the customers of the two reports whose layout needs no
// mapping, among the customers that all reports mean.
func ofReports(data string, from float64) (key, like figure, err error) {
	truth, err := readRows(data, "reports", "truth.csv")
	if err != nil {
		return key, like, err
	}
	meant, seen := map[string]string{}, map[string]bool{}
	var firms []firm
	for _, r := range truth {
		name := influence.NameOf(r[2])
		meant[r[1]] = name.Key
		if !seen[name.Key] {
			seen[name.Key] = true
			firms = append(firms, firm{name.Key, r[2], name})
		}
	}
	var all []spelling
	for _, file := range []string{"northgate.csv", "granite.csv"} {
		rows, err := readRows(data, "reports", file)
		if err != nil {
			return key, like, err
		}
		for _, r := range rows {
			if owner := meant[r[0]]; owner != "" { // the rows that must be refused name none
				all = append(all, spelling{owner, influence.NameOf(r[2]), -1})
			}
		}
	}
	return byKey(firms, all), askAll(firms, all, from), nil
}
