package influence

import "slices"

// Name is a customer's name prepared for being compared with many others.
type Name struct {
	Key   string // see NameKey
	signs []rune
	grams []uint64 // its trigrams, sorted
}

// NameOf prepares a name.
func NameOf(name string) Name { return KeyedName(NameKey(name)) }

// KeyedName prepares a name whose key is known.
func KeyedName(key string) Name {
	n := Name{Key: key, signs: []rune(key)}
	padded := append(append([]rune{' ', ' '}, n.signs...), ' ')
	for i := 0; i+3 <= len(padded); i++ {
		n.grams = append(n.grams, uint64(padded[i])<<42|uint64(padded[i+1])<<21|uint64(padded[i+2]))
	}
	slices.Sort(n.grams)
	return n
}

// NameScore says how alike two names are, from 0 to 1; 1 when their keys are
// equal.
func NameScore(a, b string) float64 { return NameOf(a).Like(NameOf(b)) }

// Like says how alike two names are, from 0 to 1: the better of the share of
// trigrams in common, which forgives words that are missing or turned around,
// and of the signs that stay when one is typed for the other, which forgives
// slips such as two letters exchanged.
func (n Name) Like(other Name) float64 {
	switch {
	case n.Key == other.Key:
		return 1
	case len(n.signs) == 0 || len(other.signs) == 0:
		return 0
	}
	grams := n.sharedGrams(other)
	if grams < leastGrams {
		return grams
	}
	return max(grams, typed(n.signs, other.signs))
}

// leastGrams is the share of trigrams below which two names are not compared
// sign by sign: one slip in a name of five letters leaves more.
const leastGrams = 0.15

// sharedGrams is the share of trigrams that both have (Dice's coefficient).
func (n Name) sharedGrams(other Name) float64 {
	both, i, j := 0, 0, 0
	for i < len(n.grams) && j < len(other.grams) {
		switch a, b := n.grams[i], other.grams[j]; {
		case a == b:
			both, i, j = both+1, i+1, j+1
		case a < b:
			i++
		default:
			j++
		}
	}
	return 2 * float64(both) / float64(len(n.grams)+len(other.grams))
}

// typed is 1 less the share of signs that are wrong when a was typed for b. A
// sign left out, added, replaced, or exchanged with its neighbour is one slip.
// More slips than a hand makes are another name, however long both are: "MTS
// Allstream" is not "MTS Systems".
func typed(a, b []rune) float64 {
	longest := max(len(a), len(b))
	most := 1 + longest/signsASlip
	if longest-min(len(a), len(b)) > most {
		return 0
	}
	wrong := slips(a, b)
	if wrong > most {
		return 0
	}
	return 1 - float64(wrong)/float64(longest)
}

// signsASlip is how many more signs a name has for each slip beyond the first.
const signsASlip = 12

// slips counts them (optimal string alignment), keeping three rows of the table.
func slips(a, b []rune) int {
	older, before, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range before {
		before[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, before, row = before, row, older
	}
	return before[len(b)]
}
