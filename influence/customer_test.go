package influence

import "testing"

func TestSpellingsOfOneCustomerHaveOneKey(t *testing.T) {
	for key, spellings := range map[string][]string{
		"CONTOSO":              {"Contoso Ltd.", "CONTOSO LIMITED", "contoso", "The Contoso Company", "Contoso, Inc., INC", "Contoso Co., Ltd."},
		"JOHNSON AND JOHNSON":  {"Johnson & Johnson", "JOHNSON AND JOHNSON", "Johnson&Johnson, INC", "Johnson + Johnson"},
		"DR HORTON":            {"D. R. Horton", "D.R. Horton Inc.", "DR Horton"},
		"WALT DISNEY":          {"Walt Disney Company (The)", "The Walt Disney Company", "WALT DISNEY COMPANY (THE), INC"},
		"FOX":                  {"Fox Corporation (Class A)", "FOX CORPORATION (CLASS B)"},
		"OREILLY AUTOMOTIVE":   {"O’Reilly Automotive", "O'Reilly Automotive, Inc", "OReilly Automotive"},
		"ECOLE DE LANGUES":     {"École de Langues Inc.", "Ecole de langues", "E\u0301cole de Langues Ltée"},
		"SMITH":                {"Smith & Co.", "Smith LLC", "Smith L.L.C."},
		"INC":                  {"Inc.", "INC"},
		"THE":                  {"The"},
		"":                     {"", " - ", "…"},
		"МОСКВА 1":             {"Москва 1", "москва-1"},
		"STRAUSS AND SOEHNE":   {"Strauss & Soehne GmbH"},
		"STRASSE":              {"Straße", "STRASSE"},
		"3M":                   {"3M", "3M Company"},
		"THEATRE GROUP":        {"Theatre Group", "The Theatre Group"},
		"A123 B":               {"A123 B"},
		"COMPANY OF THE NORTH": {"Company of the North, Inc."},
	} {
		for _, s := range spellings {
			if got := NameKey(s); got != key {
				t.Errorf("%q: %q, not %q", s, got, key)
			}
		}
	}
}

func TestDifferentCustomersHaveDifferentKeys(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"Contoso", "Contoso Group", "Contoso North", "Wood", "Woods", "CA Canada", "Canada", "3M", "3 M Group", "Class A Movers"} {
		key := NameKey(name)
		if other := seen[key]; other != "" {
			t.Errorf("%q and %q are the same customer", name, other)
		}
		seen[key] = name
	}
}

// TestTheKeyFindsTheCustomerThatEachReportMeans takes the spellings of a report
// of 901 orders: what the key answers is right, and it answers most.
func TestTheKeyFindsTheCustomerThatEachReportMeans(t *testing.T) {
	meant := map[string]string{}
	known := map[string]bool{}
	for _, row := range dataRows(t, "reports", "truth.csv") {
		meant[row[1]] = NameKey(row[2])
		known[NameKey(row[2])] = true
	}
	asked, answered := 0, 0
	for _, row := range dataRows(t, "reports", "northgate.csv") {
		asked++
		key := NameKey(row[2])
		if !known[key] {
			continue
		}
		answered++
		if key != meant[row[0]] {
			t.Errorf("%q of %s is taken for %q, not %q", row[2], row[0], key, meant[row[0]])
		}
	}
	if asked != 901 || answered < 790 {
		t.Errorf("%d of %d spellings answered", answered, asked)
	}
}
