package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"irm/influence"
	"irm/store"

	"github.com/spf13/cobra"
)

func personCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "person", Short: "One person's data"}
	cmd.AddCommand(&cobra.Command{Use: "export EMAIL", Short: "Print what the records hold of a person, as JSON", Args: cobra.ExactArgs(1), RunE: exportPerson},
		&cobra.Command{Use: "erase EMAIL", Short: "Forget a person", Args: cobra.ExactArgs(1), RunE: erasePerson,
			Long: "erase forgets a person: name, address, phone number, password, sessions, mails, and what the ledger committed to.\n" +
				"What the person did for its organization stays, as an erased person's, and the ledger still verifies.\n" +
				"It is taken out of mails to others, too. Texts that people wrote, such as notes on claims, are records of the program\n" +
				"and are not changed; those that name the person are listed. The files of reports are not searched, and backups made\n" +
				"before still hold the data."})
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
		done, err := s.As(influence.Operator()).ErasePerson(cmd.Context(), args[0])
		if err != nil {
			return unknownPerson(err)
		}
		sayErased(cmd.OutOrStdout(), done)
		return nil
	}))
}

// sayErased says what was done, and what can't be.
func sayErased(out io.Writer, done store.Erasure) {
	fmt.Fprintln(out, "The person was erased.")
	if done.Mails > 0 {
		fmt.Fprintf(out, "It was taken out of %d mails to others. Who got them still has them.\n", done.Mails)
	}
	if len(done.Stand) == 0 {
		fmt.Fprintln(out, "No text that people wrote names it.")
		return
	}
	fmt.Fprintln(out, "Texts that people wrote name it, or somebody called alike. They are records of the program and stay as they are:")
	for _, x := range done.Stand {
		fmt.Fprintf(out, "  %s %s: %s\n", x.Thing, x.Ref, x.What)
	}
}

func unknownPerson(err error) error {
	if errors.Is(err, influence.ErrNotFound) {
		return errors.New("nobody has this address")
	}
	return err
}
