package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"irm/influence"
	"irm/store"

	"github.com/spf13/cobra"
)

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
	DuplicateOf string `json:"duplicate_of"` // reference of the report that brought the same file
	refusals
}

func importReportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report FILE --lar SLUG", Short: "Import a LAR's report", Args: cobra.ExactArgs(1),
		Long: "report reads a LAR's report (CSV or XLSX) as the page does: every row gets a verdict.\nThe exit status is 1 if any row was refused."}
	lar := cmd.Flags().String("lar", "", "the LAR whose report it is")
	maps := cmd.Flags().StringArray("map", nil, `what a heading means: "Their heading=our_column", or "=-" for none (repeatable, remembered for the LAR)`)
	i := reportImport{cmd: cmd}
	i.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if *lar == "" {
			return errors.New("say whose report it is with --lar SLUG")
		}
		if i.mapping, err = mappings(*maps); err != nil {
			return err
		}
		if err := readable(args[0]); err != nil {
			return err
		}
		if i.s, err = open(cmd); err != nil {
			return err
		}
		defer i.s.Close()
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
		if column := f[i+1:]; column != influence.NotUsed && !influence.IsReportColumn(column) {
			return nil, fmt.Errorf("--map %q: there is no column %q; the columns are %s", f, column, influence.ReportColumnNames())
		}
		m[f[:i]] = f[i+1:]
	}
	return m, nil
}

// reportImport is one run of the command.
type reportImport struct {
	importFlags
	cmd     *cobra.Command
	s       *store.Store
	mapping map[string]string
}

func (i reportImport) run(slug, file string) error {
	ctx := i.cmd.Context()
	v, err := i.s.OperatorFor(ctx, slug)
	if errors.Is(err, influence.ErrNotFound) {
		return data(fmt.Errorf("there is no LAR %s; add it with irm lar add %s --name NAME", slug, slug))
	}
	if err != nil {
		return data(err)
	}
	upload := v.UploadReport
	if i.dry {
		upload = v.TryReport
	}
	ref, err := upload(ctx, filepath.Base(file), file, i.mapping)
	var dup store.DuplicateReport
	if errors.As(err, &dup) {
		return i.again(v, dup)
	}
	if err != nil {
		return data(err)
	}
	page, err := v.Report(ctx, ref)
	if err != nil {
		return data(err)
	}
	if err := i.understood(page); err != nil {
		return data(errors.Join(err, v.DiscardReport(ctx, ref, page.Version)))
	}
	return i.take(v, page)
}

// understood says what is to be explained before the file can be read.
func (i reportImport) understood(page store.ReportPage) error {
	known := map[string]bool{}
	for _, h := range page.Headings {
		known[influence.FoldHeading(h)] = true
	}
	for heading := range i.mapping {
		if !known[influence.FoldHeading(heading)] {
			return fmt.Errorf("there is no heading %q in this file; its headings are %s", heading, strings.Join(page.Headings, ", "))
		}
	}
	if page.State == store.ReportMapping {
		return errors.New(influence.MapAdvice(page.Headings, influence.FoldMapping(page.Mapping)))
	}
	return nil
}

// take imports what was read, or in a dry run throws it away, and prints it.
func (i reportImport) take(v store.Session, page store.ReportPage) error {
	ctx := i.cmd.Context()
	if i.dry {
		return errors.Join(i.report(v, page.Ref), v.DiscardReport(ctx, page.Ref, page.Version))
	}
	err := sealed(ctx, i.s, func() error {
		job, err := v.CommitReport(ctx, page.Ref, page.Version)
		if err != nil {
			return err
		}
		return i.s.RunJob(ctx, job, i.progress())
	})
	if err != nil {
		return data(err)
	}
	return i.report(v, page.Ref)
}

// again refuses a file that was imported before, unless its import was
// interrupted: then it goes on.
func (i reportImport) again(v store.Session, dup store.DuplicateReport) error {
	page, err := v.Report(i.cmd.Context(), dup.Ref)
	if err == nil && page.State == store.ReportCommitting && !i.dry {
		err = sealed(i.cmd.Context(), i.s, func() error { return i.s.RunJob(i.cmd.Context(), page.Job, i.progress()) })
		if err == nil {
			return i.report(v, dup.Ref)
		}
		if errors.Is(err, influence.ErrConflict) {
			err = fmt.Errorf("the same file is being imported as %s at this moment, or its import failed; see /reports/%s", dup.Ref, dup.Ref)
		}
	}
	if err != nil {
		return data(err)
	}
	sum := reportSummary{DuplicateOf: dup.Ref, refusals: refusals{Refused: map[string]string{}}}
	if i.json {
		if err := i.print(i.cmd.OutOrStdout(), sum, "", nil); err != nil {
			return err
		}
	}
	return data(dup)
}

// progress draws a bar on the terminal, at most once a second.
func (i reportImport) progress() func(done, total int64) {
	last := time.Now()
	return func(done, total int64) {
		if i.json || time.Since(last) < time.Second && done < total {
			return
		}
		last = time.Now()
		const width = 30
		full := int(width * done / max(total, 1))
		fmt.Fprintf(i.cmd.ErrOrStderr(), "[%s%s] %d of %d rows\n", strings.Repeat("#", full), strings.Repeat(".", width-full), done, total)
	}
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
		sum.Refused[freeName(sum.Refused, l)] = l.Reason
	}
	if err := writeFile(i.refused, func(out io.Writer) error { return v.WriteRefused(ctx, page, out) }); err != nil {
		return err
	}
	text := fmt.Sprintf("%s: %d orders of %d agreements, %s; %d refused, %d held, %d unchanged, %d corrected.", page.Ref, sum.Orders, sum.Agreements,
		influence.FormatMoney(sum.Cents), sum.RefusedRows, sum.Held, sum.Unchanged, sum.Corrected)
	if err := i.print(i.cmd.OutOrStdout(), sum, text, sum.Refused); err != nil {
		return err
	}
	return refusedAny(sum.RefusedRows)
}

// freeName names a refused row: its order number, else its agreement number. A
// row without either, or whose name another row has, goes by its place.
func freeName(taken map[string]string, l store.ReportLine) string {
	for _, name := range []string{l.Order, l.Agreement} {
		if name == "" {
			continue
		}
		if _, twice := taken[name]; !twice {
			return name
		}
		break
	}
	return fmt.Sprintf("row %d", l.Row)
}
