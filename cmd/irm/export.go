package main

import (
	"fmt"
	"slices"
	"strings"

	"irm/influence"
	"irm/web"

	"github.com/spf13/cobra"
)

func exportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "export TABLE", Short: "Write a list as CSV, Excel or JSON", Args: cobra.ExactArgs(1),
		Long: "export writes all rows of a list to standard output: " + strings.Join(web.Tables(), ", ") + "."}
	format := cmd.Flags().String("format", "csv", strings.Join(web.Formats(), ", "))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !slices.Contains(web.Tables(), args[0]) {
			return fmt.Errorf("there is no table %q; there are %s", args[0], strings.Join(web.Tables(), ", "))
		}
		if !slices.Contains(web.Formats(), *format) {
			return fmt.Errorf("--format is %s, not %q", strings.Join(web.Formats(), ", "), *format)
		}
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		return data(web.Export(cmd.Context(), s.As(influence.Operator()), args[0], *format, web.Filters{}, cmd.OutOrStdout()))
	}
	return cmd
}
