// Command proofs writes docs/asvs.md from the names of the tests, and puts what
// the tests measured into docs/promises.md, so that neither page can claim what no
// test shows.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	root := flag.String("root", ".", "folder of the module")
	figures := flag.String("figures", "", "folder into which the tests wrote their figures (IRM_TEST_FIGURES); empty leaves docs/promises.md as it is")
	data := flag.String("matching", "", "folder of the test data (IRM_TEST_DATA): measures how names are matched and writes docs/matching.md alone")
	check := flag.Bool("check", false, "write nothing; fail if docs/asvs.md is not that of the tests")
	flag.Parse()
	var err error
	if *data != "" {
		err = matched(*root, *data)
	} else {
		err = run(*root, *figures, *check)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "proofs:", err)
		os.Exit(1)
	}
}

func run(root, figures string, check bool) error {
	page, err := asvsPage(root)
	if err != nil {
		return err
	}
	at := filepath.Join(root, "docs", "asvs.md")
	if check {
		old, err := os.ReadFile(at) //nolint:gosec // the operator's own folder
		if err == nil && string(old) != page {
			err = errors.New("docs/asvs.md is not that of the tests; make generate writes it")
		}
		return err
	}
	if err := os.WriteFile(at, []byte(page), 0o644); err != nil { //nolint:gosec // a page for everybody
		return err
	}
	if figures == "" {
		return nil
	}
	return measured(filepath.Join(root, "docs", "promises.md"), figures, time.Now().UTC().Format("2 Jan 2006"))
}
