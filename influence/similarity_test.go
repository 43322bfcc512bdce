package influence

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSlipsOfTheHandStayAlikeAndStrangersDoNot(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		from, to float64
	}{
		{"Hewlett Packard Enterprise", "Hewlett Pacakrd Enterprise", 0.95, 1},
		{"Lowe Martin Company", "Lowe Martin oCmpany", 0.7, 1},
		{"W. R. Berkley Corporation", "W. R. Berkley oCrporation", 0.6, 1},
		{"Hewlett Packard", "Hewlet tPackard", 0.9, 1},
		{"3M", "M3", 0, 0.6},
		{"Contoso Ltd.", "CONTOSO LIMITED", 1, 1},
		{"Telsa", "Tesla, Inc.", 0.8, 0.99},
		{"Western Materials Handling Equ", "Western Materials Handling Equipment", 0.8, 0.99},
		{"Contoso", "Fabrikam", 0, 0.3},
		{"General Dynamics", "General Electric", 0, 0.599},
		{"First National Bank", "First Hawaiian Airlines", 0, 0.599},
		{"Contoso", "", 0, 0},
		{"", "", 1, 1},
	} {
		if got := NameScore(c.a, c.b); got < c.from || got > c.to {
			t.Errorf("%q ~ %q: %.3f, not %v to %v", c.a, c.b, got, c.from, c.to)
		}
	}
}

func TestLikenessIsMutualAndBetweenNoneAndAll(t *testing.T) {
	name := rapid.StringOfN(rapid.SampledFrom([]rune("ABC é&-.")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := NameOf(name.Draw(t, "a")), NameOf(name.Draw(t, "b"))
		ab, ba := a.Like(b), b.Like(a)
		if ab != ba || ab < 0 || ab > 1 || a.Like(a) != 1 || (ab == 1) != (a.Key == b.Key) {
			t.Fatalf("%q ~ %q: %v, %v", a.Key, b.Key, ab, ba)
		}
	})
}

// spelt writes a name as reports do: in capitals, with a legal form, with an
// ampersand, without accents, or with two letters exchanged.
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

// TestThousandsOfFirmsAreFoundByTheirSpellings asks for 7,038 names of firms,
// each spelt as reports spell them, among all of them.
func TestThousandsOfFirmsAreFoundByTheirSpellings(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 38))
	rows := dataRows(t, "names", "goc_vendor_normalization.csv")
	firms := map[string]string{} // key to firm
	var names []Name
	for _, row := range rows {
		n := NameOf(row[1])
		if firms[n.Key] == "" {
			firms[n.Key] = row[0]
			names = append(names, n)
		}
	}
	var asked, answered, right, some, alike, alikeRight int
	for i, row := range rows {
		n := NameOf(spelt(row[1], r))
		asked++
		if firm := firms[n.Key]; firm != "" {
			answered++
			right += one(firm == row[0])
		}
		if i%7 > 0 {
			continue // one in seven is enough for the slow question
		}
		some++
		best, like := Name{}, 0.0
		for _, m := range names {
			if l := n.Like(m); l > like {
				best, like = m, l
			}
		}
		if like >= Defaults().SuggestFrom {
			alike++
			alikeRight += one(firms[best.Key] == row[0])
		}
	}
	t.Logf("the key answers %.2f %%, %.2f %% of it right; likeness %.2f %%, %.2f %%", percent(answered, asked), percent(right, answered),
		percent(alike, some), percent(alikeRight, alike))
	if percent(answered, asked) < 77.3 || percent(right, answered) < 99.95 {
		t.Error("the key answers less, or less of it is right")
	}
	if percent(alike, some) < 91.3 || percent(alikeRight, alike) < 99.56 {
		t.Error("likeness answers less, or less of it is right")
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

func BenchmarkLike(b *testing.B) {
	x, y := NameOf("Western Materials Handling Equipment"), NameOf("Western Marine Handling Company")
	for b.Loop() {
		x.Like(y)
	}
}
