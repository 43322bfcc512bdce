package main

import (
	"fmt"

	"irm/influence"

	"github.com/spf13/cobra"
)

func keysCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "keys", Short: "The portal's keys", Args: cobra.NoArgs,
		Long: "keys prints the public keys with which checkpoints and receipts are checked: the one in force, then the retired ones.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			keys, err := s.PublicKeys(cmd.Context())
			for _, k := range keys {
				fmt.Fprintln(cmd.OutOrStdout(), k)
			}
			return data(err)
		}}
	rotate := &cobra.Command{Use: "rotate", Short: "Sign with a new key from now on", Args: cobra.NoArgs,
		Long: "rotate makes a new key for the ledger's checkpoints and prints its public half. What was signed before stays\n" +
			"good: public halves are kept. A portal that runs takes the new key with its next checkpoint. Stored secrets are sealed\n" +
			"with a new key too; nobody is signed out.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			useKeyFile(cmd, s)
			return data(sealed(cmd.Context(), s, func() error {
				if _, err := s.As(influence.Operator()).RotateSecrets(cmd.Context()); err != nil {
					return err
				}
				public, err := s.As(influence.Operator()).RotateKeys(cmd.Context())
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), public)
				}
				return err
			}))
		}}
	rotate.Flags().String("key-file", "", keyFileUsage)
	cmd.AddCommand(rotate)
	return cmd
}
