package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"irm/influence"
	"irm/store"

	"github.com/spf13/cobra"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Import the roster or a LAR's report"}
	cmd.AddCommand(importRosterCommand(), importReportCommand())
	return cmd
}

// refusals is what both imports print of the rows they refused.
type refusals struct {
	RefusedRows int64             `json:"refused_rows"`
	Refused     map[string]string `json:"refused"`
}

// rosterSummary is what `irm import roster --json` prints: a promise.
type rosterSummary struct {
	Partners int64 `json:"partners"`
	refusals
}

// reportSummary is what `irm import report --json` prints: a promise.
type reportSummary struct {
	Orders      int64  `json:"orders"`
	Agreements  int64  `json:"agreements"`
	Cents       int64  `json:"amount_cents"`
	NamePartner int64  `json:"orders_naming_a_partner"`
	NotOrders   int64  `json:"rows_that_are_not_orders"`
	Held        int64  `json:"held_rows"`
	Unchanged   int64  `json:"unchanged"`
	Corrected   int64  `json:"corrected"`
	DuplicateOf string `json:"duplicate_of"`
	refusals
}

func importRosterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "roster FILE", Short: "Import Microsoft's list of known partners", Args: cobra.ExactArgs(1)}
	asJSON := cmd.Flags().Bool("json", false, "print the summary as one JSON object")
	dry := cmd.Flags().Bool("dry-run", false, "read and check, change nothing")
	cmd.Flags().String("today", "", "program day, YYYY-MM-DD; for trying things out")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		var sum rosterSummary
		err = sealed(cmd.Context(), s, func() error {
			done, err := s.As(influence.Operator()).ImportRosterFile(cmd.Context(), filepath.Base(args[0]), args[0], *dry)
			sum = rosterSummary{done.Partners, refusals{int64(len(done.Refused)), done.Refused}}
			return err
		})
		if err != nil {
			return data(err)
		}
		if err := printSummary(cmd.OutOrStdout(), *asJSON, sum, fmt.Sprintf("%d partners, %d rows refused.", sum.Partners, sum.RefusedRows), sum.Refused); err != nil {
			return err
		}
		return refusedAny(sum.RefusedRows)
	}
	return cmd
}

func refusedAny(n int64) error {
	if n == 0 {
		return nil
	}
	return data(fmt.Errorf("%d rows were refused", n))
}

func printSummary(out io.Writer, asJSON bool, summary any, text string, refused map[string]string) error {
	if asJSON {
		return json.NewEncoder(out).Encode(summary)
	}
	fmt.Fprintln(out, text)
	rows := make([]string, 0, len(refused))
	for row := range refused {
		rows = append(rows, row)
	}
	slices.Sort(rows)
	for i, row := range rows {
		if i == 20 {
			fmt.Fprintf(out, "  and %d more; --refused FILE writes them all\n", len(rows)-20)
			break
		}
		fmt.Fprintf(out, "  %s: %s\n", row, refused[row])
	}
	return nil
}

func importReportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report FILE --lar SLUG", Short: "Import a LAR's report", Args: cobra.ExactArgs(1),
		Long: "report reads a LAR's report (CSV or XLSX) as the page does: every row gets a verdict.\nThe exit status is 1 if any row was refused."}
	f := cmd.Flags()
	lar := f.String("lar", "", "the LAR whose report it is")
	maps := f.StringArray("map", nil, `what a heading means: "Their heading=our_column" (repeatable, remembered for the LAR)`)
	dry := f.Bool("dry-run", false, "read and check, change nothing")
	refused := f.String("refused", "", "write refused rows with their reasons to this file")
	asJSON := f.Bool("json", false, "print the summary as one JSON object")
	f.String("today", "", "program day, YYYY-MM-DD; for trying things out")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *lar == "" {
			return errors.New("say whose report it is with --lar SLUG")
		}
		mapping, err := mappings(*maps)
		if err != nil {
			return err
		}
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		i := reportImport{cmd: cmd, s: s, mapping: mapping, dry: *dry, refused: *refused, json: *asJSON}
		return i.run(*lar, args[0])
	}
	return cmd
}

// mappings reads "Their heading=our_column" flags.
func mappings(flags []string) (map[string]string, error) {
	m := map[string]string{}
	for _, f := range flags {
		i := strings.LastIndex(f, "=")
		if i < 1 {
			return nil, fmt.Errorf(`--map %q is not "Their heading=our_column"`, f)
		}
		m[f[:i]] = f[i+1:]
	}
	return m, nil
}

// reportImport is one run of the command.
type reportImport struct {
	cmd       *cobra.Command
	s         *store.Store
	mapping   map[string]string
	dry, json bool
	refused   string
}

func (i reportImport) run(slug, file string) error {
	ctx := i.cmd.Context()
	v, err := i.s.OperatorFor(ctx, slug)
	if err != nil {
		return data(fmt.Errorf("there is no LAR %s", slug))
	}
	upload := v.UploadReport
	if i.dry {
		upload = v.TryReport
	}
	ref, err := upload(ctx, filepath.Base(file), file, i.mapping)
	var dup store.DuplicateReport
	if errors.As(err, &dup) {
		if i.json {
			if err := json.NewEncoder(i.cmd.OutOrStdout()).Encode(reportSummary{DuplicateOf: dup.Ref, refusals: refusals{Refused: map[string]string{}}}); err != nil {
				return err
			}
		}
		return data(dup)
	}
	if err != nil {
		return data(err)
	}
	page, err := v.Report(ctx, ref)
	if err != nil {
		return data(err)
	}
	if page.State == store.ReportMapping {
		return data(errors.Join(errors.New(influence.MapAdvice(page.Headings, influence.FoldMapping(page.Mapping))), v.DiscardReport(ctx, ref, page.Version)))
	}
	if !i.dry {
		if err := i.commit(v, page); err != nil {
			return data(err)
		}
	}
	err = i.report(v, ref)
	if i.dry {
		err = errors.Join(err, v.DiscardReport(ctx, ref, page.Version))
	}
	return err
}

// commit takes the report in, part by part, beside a sealer.
func (i reportImport) commit(v store.Session, page store.ReportPage) error {
	ctx := i.cmd.Context()
	return sealed(ctx, i.s, func() error {
		job, err := v.CommitReport(ctx, page.Ref, page.Version)
		if err != nil {
			return err
		}
		last := time.Now()
		return i.s.RunJob(ctx, job, func(done, total int64) {
			if !i.json && time.Since(last) > time.Second {
				last = time.Now()
				fmt.Fprintf(i.cmd.ErrOrStderr(), "%d of %d rows\n", done, total)
			}
		})
	})
}

// report prints what became of the rows.
func (i reportImport) report(v store.Session, ref string) error {
	ctx := i.cmd.Context()
	page, err := v.Report(ctx, ref)
	if err != nil {
		return data(err)
	}
	s := page.Summary
	sum := reportSummary{Orders: s.Orders(), Agreements: s.Agreements, Cents: s.Cents(), NamePartner: s.Naming, NotOrders: s.Totals.Rows,
		Held: s.Held.Rows, Unchanged: s.Unchanged.Rows, Corrected: s.Corrected.Rows, refusals: refusals{s.Refused.Rows, map[string]string{}}}
	for l, err := range v.EveryReportLine(ctx, ref, "refused") {
		if err != nil {
			return data(err)
		}
		sum.Refused[lineName(l)] = l.Reason
	}
	if err := i.writeRefused(v, page); err != nil {
		return data(err)
	}
	text := fmt.Sprintf("%s: %d orders of %d agreements, %s; %d refused, %d held, %d unchanged, %d corrected.", page.Ref, sum.Orders, sum.Agreements,
		influence.FormatMoney(sum.Cents), sum.RefusedRows, sum.Held, sum.Unchanged, sum.Corrected)
	if err := printSummary(i.cmd.OutOrStdout(), i.json, sum, text, sum.Refused); err != nil {
		return err
	}
	return refusedAny(sum.RefusedRows)
}

// lineName names a refused row: its order number, else its agreement number,
// else its place.
func lineName(l store.ReportLine) string {
	switch {
	case l.Order != "":
		return l.Order
	case l.Agreement != "":
		return l.Agreement
	}
	return fmt.Sprintf("row %d", l.Row)
}

func (i reportImport) writeRefused(v store.Session, page store.ReportPage) (err error) {
	if i.refused == "" {
		return nil
	}
	f, err := os.Create(i.refused)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return v.WriteRefused(i.cmd.Context(), page, f)
}
