package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"irm/sheet"

	"github.com/spf13/cobra"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Import the roster or a LAR's report", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(importRosterCommand(), importReportCommand())
	return cmd
}

// importFlags are the flags that both imports have.
type importFlags struct {
	dry, json bool
	refused   string
}

func (f *importFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.dry, "dry-run", false, "read and check, change nothing")
	flags.BoolVar(&f.json, "json", false, "print the summary as one JSON object on one line")
	flags.StringVar(&f.refused, "refused", "", "write the refused rows with their reasons to this file, as CSV")
	flags.String("today", "", "program day, YYYY-MM-DD; for trying things out")
}

// refusals is what both imports print of the rows they refused.
type refusals struct {
	RefusedRows int64             `json:"refused_rows"`
	Refused     map[string]string `json:"refused"`
}

// print writes a summary: as JSON, or as a sentence and the first refused rows.
func (f importFlags) print(out io.Writer, summary any, text string, refused map[string]string) error {
	if f.json {
		return json.NewEncoder(out).Encode(summary)
	}
	fmt.Fprintln(out, text)
	rows := slices.SortedFunc(maps.Keys(refused), compareRows)
	for i, row := range rows {
		if i == 20 {
			fmt.Fprintf(out, "  and %d more; --refused FILE writes them all\n", len(rows)-20)
			break
		}
		fmt.Fprintf(out, "  %s: %s\n", row, refused[row])
	}
	return nil
}

// compareRows sorts "row 9" before "row 10".
func compareRows(a, b string) int {
	if strings.HasPrefix(a, "row ") && strings.HasPrefix(b, "row ") && len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// refusedAny is why the exit status is 1 although the rest came in.
func refusedAny(n int64) error {
	switch n {
	case 0:
		return nil
	case 1:
		return data(errors.New("1 row was refused; correct it and import the file again"))
	}
	return data(fmt.Errorf("%d rows were refused; correct them and import the file again", n))
}

// writeFile writes a file with fn; nothing is written where no name is given.
func writeFile(name string, fn func(io.Writer) error) (err error) {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return fn(f)
}

// writeReasons writes refused rows of which only the place is known.
func writeReasons(out io.Writer, refused map[string]string) error {
	w := sheet.NewCSV(out)
	if err := w.Head([]sheet.Column{{Name: "row"}, {Name: "reason"}}); err != nil {
		return err
	}
	for _, row := range slices.SortedFunc(maps.Keys(refused), compareRows) {
		if err := w.Row(strings.TrimPrefix(row, "row "), refused[row]); err != nil {
			return err
		}
	}
	return w.Close()
}

// readable checks that a file named on the command line can be opened.
func readable(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("the file can't be read: %w", err)
	}
	return f.Close()
}
