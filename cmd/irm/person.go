package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"irm/influence"

	"github.com/spf13/cobra"
)

func personCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "person", Short: "One person's data"}
	cmd.AddCommand(&cobra.Command{Use: "export EMAIL", Short: "Print what the records hold of a person, as JSON", Args: cobra.ExactArgs(1), RunE: exportPerson},
		&cobra.Command{Use: "erase EMAIL", Short: "Forget a person", Args: cobra.ExactArgs(1), RunE: erasePerson,
			Long: "erase forgets a person: name, address, phone number, password, sessions, mails, and what the ledger committed to.\n" +
				"What the person did for its organization stays, as an erased person's, and the ledger still verifies.\n" +
				"Texts that people wrote, such as notes on claims, are not searched, and backups made before still hold the data."})
	return cmd
}

func exportPerson(cmd *cobra.Command, args []string) error {
	s, err := open(cmd)
	if err != nil {
		return err
	}
	defer s.Close()
	file, err := s.As(influence.Operator()).ExportPerson(cmd.Context(), args[0])
	if err != nil {
		return data(unknownPerson(err))
	}
	out := json.NewEncoder(cmd.OutOrStdout())
	out.SetIndent("", "  ")
	return out.Encode(file)
}

func erasePerson(cmd *cobra.Command, args []string) error {
	s, err := open(cmd)
	if err != nil {
		return err
	}
	defer s.Close()
	return data(sealed(cmd.Context(), s, func() error {
		if err := s.As(influence.Operator()).ErasePerson(cmd.Context(), args[0]); err != nil {
			return unknownPerson(err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), "The person was erased.")
		return nil
	}))
}

func unknownPerson(err error) error {
	if errors.Is(err, influence.ErrNotFound) {
		return errors.New("nobody has this address")
	}
	return err
}
