package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"irm/influence"
)

// matched measures how names are matched and writes docs/matching.md.
func matched(root, data string) error {
	set := influence.Defaults()
	firms, err := firmsOf(data)
	if err != nil {
		return err
	}
	key, like, err := ofReports(data, set.SuggestFrom)
	if err != nil {
		return err
	}
	spelt, unseen := asReportsSpell(firms, 1), neverSeen(firms, 1)
	var b strings.Builder
	fmt.Fprintf(&b, matchingHead, grouped(len(firms)), len(owners(firms)))
	fmt.Fprintf(&b, "A claim is suggested for an agreement from %.2f on; staff is shown two customers as perhaps one from %.2f on. Both are settings.\n\n", set.SuggestFrom, set.MergeFrom)
	b.WriteString("## Spelt as reports spell\n\nEach spelling of the measuring half in capitals, with a legal form behind it, with an ampersand, in small letters, or with two letters exchanged, looked for among all " + grouped(len(firms)) + " spellings.\n\n")
	table(&b, row{"same key", byKey(firms, spelt)}, row{"likeness", askAll(firms, spelt, set.SuggestFrom)})
	b.WriteString("\n## The customers of two reports\n\nThe spellings of two reports that name " + grouped(like.asked) + " orders, looked for among the customers that six reports mean.\n\n")
	table(&b, row{"same key", key}, row{"likeness", like})
	b.WriteString(matchingUnseen)
	table(&b, row{"likeness", askAll(firms, unseen, set.SuggestFrom)}, row{fmt.Sprintf("likeness from %.2f on", set.MergeFrom), askAll(firms, unseen, set.MergeFrom)})
	return os.WriteFile(filepath.Join(root, "docs", "matching.md"), []byte(b.String()), 0o644) //nolint:gosec // a page for everybody
}

// owners are the firms that spellings belong to.
func owners(firms []firm) map[string]bool {
	all := map[string]bool{}
	for _, f := range firms {
		all[f.owner] = true
	}
	return all
}

// grouped writes a number of some thousands with its comma.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

type row struct {
	how string
	figure
}

// table writes what was asked, answered and right. Right is of the answered, the
// top suggestion of all that were asked.
func table(b *strings.Builder, rows ...row) {
	b.WriteString("| by | asked | answered | right of the answered | top suggestion right |\n|---|---:|---:|---:|---:|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %d | %.2f %% | %.2f %% | %.2f %% |\n", r.how, r.asked, r.answers(), r.rights(), r.top())
	}
}

const matchingHead = `# How well names are matched

Written by ` + "`go run ./cmd/proofs -matching FOLDER`" + `, where FOLDER is that of the test data; the tests TestMatchingIsAsGoodAsItsPageSays and TestTheReportsCustomersAreFound fail when the figures drop.

A customer's name is compared by its key (no case, accents, punctuation or legal form) and by its likeness: the share of trigrams in common, or of the signs that stay when one is typed for the other with a few slips. The names are %s spellings of %d real firms. A hash of the firm's name puts it in one of two halves; the likeness was tuned on one, and what stands here was measured on the other. An answer that fits two firms equally well counts as wrong.

`

const matchingUnseen = `
## A spelling that nobody has recorded

The harder question: each spelling of the measuring half as it was written, looked for among all *other* spellings; firms with one spelling can't be asked for. Many of these are subsidiaries and firms that were bought (Ariba is SAP), which no likeness of letters can find, and branches whose place is the longest part of the name. Nothing follows from likeness alone: the LAR sees the suggestion with its reason and answers it.

`
