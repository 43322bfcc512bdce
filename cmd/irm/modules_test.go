package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every module that is named in go.mod as needed directly has its line among the
// dependencies, its sums are there, and none brings another engine of patterns than
// Go's, which takes linear time.
func TestASVS_1_3_12_15_1_2_ModulesAreListed(t *testing.T) {
	read := func(name ...string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, name...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	mod, sums, page := read("go.mod"), read("go.sum"), read("docs", "dependencies.md")
	needed := regexp.MustCompile(`(?m)^\t(\S+) (v\S+)( // indirect)?$`).FindAllStringSubmatch(mod, -1)
	if len(needed) < 15 {
		t.Fatalf("%d modules are read", len(needed))
	}
	for _, m := range needed {
		if !strings.Contains(sums, m[1]+" "+m[2]+" h1:") && !strings.Contains(sums, m[1]+" "+m[2]+"/go.mod h1:") {
			t.Errorf("go.sum lacks %s %s", m[1], m[2])
		}
		name := regexp.MustCompile(`/v[0-9]+$`).ReplaceAllString(m[1], "")
		short := name[strings.LastIndex(name, "/")+1:]
		if m[3] == "" && !strings.Contains(page, short) {
			t.Errorf("docs/dependencies.md does not name %s", m[1])
		}
		for _, engine := range []string{"regexp2", "pcre", "rubex", "onigmo", "hyperscan"} {
			if strings.Contains(m[1], engine) && m[3] == "" {
				t.Errorf("%s is another engine of patterns", m[1])
			}
		}
	}
}
