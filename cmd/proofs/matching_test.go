package main

import (
	"os"
	"path/filepath"
	"testing"

	"irm/influence"
)

// testData is the folder of the shared test data, which not every checkout has.
func testData(t *testing.T) string {
	t.Helper()
	data := os.Getenv("IRM_TEST_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(data, "names")); err != nil {
		if os.Getenv("IRM_TEST_ALL") == "1" {
			t.Fatalf("the test data is missing: %v", err)
		}
		t.Skipf("skipped: no test data at %s; set IRM_TEST_DATA", data)
	}
	return data
}

// TestMatchingIsAsGoodAsItsPageSays asks for one in five of the measuring half.
func TestMatchingIsAsGoodAsItsPageSays(t *testing.T) {
	data, from := testData(t), influence.Defaults().SuggestFrom
	firms, err := firmsOf(data)
	if err != nil {
		t.Fatal(err)
	}
	spelt := asReportsSpell(firms, 5)
	if f := askAll(firms, spelt, from); f.asked < 500 || f.answers() < 93 || f.rights() < 99.6 || f.top() < 97 {
		t.Errorf("as reports spell: %d asked, %.2f %% answered, %.2f %% of it right, top %.2f %%", f.asked, f.answers(), f.rights(), f.top())
	}
	if f := byKey(firms, spelt); f.answers() < 77.3 || f.rights() < 99.8 {
		t.Errorf("the key answers %.2f %%, %.2f %% of it right", f.answers(), f.rights())
	}
	if f := askAll(firms, neverSeen(firms, 5), from); f.answers() < 85 || f.rights() < 94 || f.top() < 91 {
		t.Errorf("never seen: %.2f %% answered, %.2f %% of it right, top %.2f %%", f.answers(), f.rights(), f.top())
	}
}

func TestTheReportsCustomersAreFound(t *testing.T) {
	key, like, err := ofReports(testData(t), influence.Defaults().SuggestFrom)
	if err != nil {
		t.Fatal(err)
	}
	if key.asked < 1700 || key.answers() < 85 || key.rights() < 99.9 || like.answers() < 99 || like.rights() < 99.6 {
		t.Errorf("%d asked; the key answers %.2f %%, %.2f %% right; likeness %.2f %%, %.2f %% right", key.asked, key.answers(), key.rights(), like.answers(), like.rights())
	}
}
