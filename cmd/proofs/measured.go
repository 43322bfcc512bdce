package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// measured puts figures into the last column of the table of docs/promises.md
// whose rows begin with the promise's name, such as S1. What was not measured
// keeps what is there.
func measured(page, figures, day string) error {
	found, err := readFigures(figures)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(page) //nolint:gosec // the module's own page
	if err != nil {
		return err
	}
	lines := strings.Split(string(old), "\n")
	for i, line := range lines {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		name := strings.TrimSpace(cells[1])
		if said := found[name]; len(said) > 0 {
			cells[len(cells)-2] = " " + strings.Join(said, "; ") + " (" + day + ") "
			lines[i] = strings.Join(cells, "|")
			delete(found, name)
		}
	}
	for name := range found {
		return fmt.Errorf("figures of %s, which docs/promises.md has no row for", name)
	}
	return os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o644) //nolint:gosec // a page for everybody
}

// readFigures reads what the tests wrote: one file a figure, named by the promise
// and the test.
func readFigures(dir string) (map[string][]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	all := map[string][]string{}
	for _, name := range files {
		text, err := os.ReadFile(name) //nolint:gosec // in the folder that was named
		if err != nil {
			return nil, err
		}
		promise, _, _ := strings.Cut(filepath.Base(name), ".")
		all[promise] = append(all[promise], strings.ReplaceAll(strings.TrimSpace(string(text)), "|", "/"))
	}
	return all, nil
}
