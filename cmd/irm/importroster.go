package main

import (
	"fmt"
	"io"
	"path/filepath"

	"irm/influence"

	"github.com/spf13/cobra"
)

// rosterSummary is what `irm import roster --json` prints: a promise.
type rosterSummary struct {
	Partners int64 `json:"partners"`
	refusals
}

func importRosterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "roster FILE", Short: "Import Microsoft's list of known partners", Args: cobra.ExactArgs(1),
		Long: "roster reads Microsoft's list of known partners (CSV or XLSX) as the page does.\nThe exit status is 1 if any row was refused."}
	var f importFlags
	f.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return importRoster(cmd, f, args[0]) }
	return cmd
}

func importRoster(cmd *cobra.Command, f importFlags, file string) error {
	if err := readable(file); err != nil {
		return err
	}
	s, err := open(cmd)
	if err != nil {
		return err
	}
	defer s.Close()
	var sum rosterSummary
	err = sealed(cmd.Context(), s, func() error {
		done, err := s.As(influence.Operator()).ImportRosterFile(cmd.Context(), filepath.Base(file), file, f.dry)
		sum = rosterSummary{done.Partners, refusals{int64(len(done.Refused)), done.Refused}}
		return err
	})
	if err != nil {
		return data(err)
	}
	if err := writeFile(f.refused, func(out io.Writer) error { return writeReasons(out, sum.Refused) }); err != nil {
		return err
	}
	text := fmt.Sprintf("%d partners, %d rows refused.", sum.Partners, sum.RefusedRows)
	if err := f.print(cmd.OutOrStdout(), sum, text, sum.Refused); err != nil {
		return err
	}
	return refusedAny(sum.RefusedRows)
}
