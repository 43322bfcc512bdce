package main

import (
	"fmt"
	"text/tabwriter"

	"irm/influence"

	"github.com/spf13/cobra"
)

func mailCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "mail", Short: "Mails that could not be sent"}
	list := &cobra.Command{Use: "unsent", Short: "List mails that were tried in vain, and why", Args: cobra.NoArgs}
	list.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		all, err := s.As(influence.Operator()).UnsentMails(cmd.Context())
		if err != nil {
			return data(err)
		}
		w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		for _, m := range all {
			state := "waits"
			if m.GivenUp {
				state = "given up"
			}
			fmt.Fprintf(w, "%s\t%s\t%d tries\t%s\t%s\t%s\n", m.ID, state, m.Tries, m.Email, m.Subject, m.Error)
		}
		return w.Flush()
	}
	retry := &cobra.Command{Use: "retry ID", Short: "Try a mail again that was given up", Args: cobra.ExactArgs(1)}
	retry.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		return data(sealed(cmd.Context(), s, func() error { return s.As(influence.Operator()).RetryMail(cmd.Context(), args[0]) }))
	}
	cmd.AddCommand(list, retry)
	return cmd
}
