package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// requirement is one line of docs/asvs.csv, which is written by hand: the id of a
// requirement of ASVS 5.0, its level, what it asks, and why no test of ours names
// it, if none does.
type requirement struct{ id, level, asks, reason string }

func requirements(root string) (all []requirement, err error) {
	f, err := os.Open(filepath.Join(root, "docs", "asvs.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		all = append(all, requirement{row[0], row[1], row[2], row[3]})
	}
	return all, nil
}

// proof is a test that names requirements.
type proof struct{ name, folder string }

var declared = regexp.MustCompile(`(?m)^func (TestASVS_\w+)\(`)

// proofs finds the tests by the ids in their names: TestASVS_8_2_2_…, or several,
// TestASVS_8_2_1_8_2_2_….
func proofs(root string) (map[string][]proof, error) {
	all := map[string][]proof{}
	err := filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name) //nolint:gosec // the module's own files
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(name))
		for _, m := range declared.FindAllSubmatch(source, -1) {
			p := proof{string(m[1]), filepath.ToSlash(folder)}
			for _, id := range idsOf(p.name) {
				all[id] = append(all[id], p)
			}
		}
		return err
	})
	return all, err
}

// idsOf reads the ids of a test's name: as many groups of three numbers as it
// begins with.
func idsOf(name string) (ids []string) {
	parts := strings.Split(strings.TrimPrefix(name, "TestASVS_"), "_")
	for len(parts) >= 3 && number(parts[0]) && number(parts[1]) && number(parts[2]) {
		ids = append(ids, strings.Join(parts[:3], "."))
		parts = parts[3:]
	}
	return ids
}

func number(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

const asvsHead = `# ASVS 5.0: which requirement, which test

Made by ` + "`make generate`" + ` from the names of the tests and from ` + "`docs/asvs.csv`" + `, which says what is asked and, where no test
names a requirement, why. Levels 1 and 2 of OWASP's Application Security Verification Standard 5.0.0 that concern a
portal such as this, and those of level 3 that it keeps too.

| id | level | asks for | shown by |
|---|---|---|---|
`

// asvsPage is docs/asvs.md. Each requirement has a test or a reason, not both.
func asvsPage(root string) (string, error) {
	all, err := requirements(root)
	if err != nil {
		return "", err
	}
	found, err := proofs(root)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	var wrong []error
	shown := 0
	b.WriteString(asvsHead)
	for _, r := range all {
		tests := found[r.id]
		delete(found, r.id)
		if (len(tests) > 0) == (r.reason != "") {
			wrong = append(wrong, fmt.Errorf("%s has %d tests and the reason %q: one or the other", r.id, len(tests), r.reason))
		}
		if len(tests) > 0 {
			shown++
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.id, r.level, r.asks, shownBy(tests, r.reason))
	}
	for id := range found {
		wrong = append(wrong, fmt.Errorf("a test names %s, which docs/asvs.csv has not", id))
	}
	fmt.Fprintf(&b, "\n%d of %d requirements are shown by tests; the others say why not.\n", shown, len(all))
	return b.String(), errors.Join(wrong...)
}

func shownBy(tests []proof, reason string) string {
	var all []string
	for _, p := range tests {
		all = append(all, "`"+p.name+"` ("+p.folder+")")
	}
	slices.Sort(all)
	return strings.Join(all, ", ") + reason // one of them is empty
}
