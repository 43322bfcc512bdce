package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"irm/store"

	"github.com/spf13/cobra"
)

func verifyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "verify", Short: "Compute everything anew and print each difference", Args: cobra.NoArgs,
		Long: "verify computes every figure, every split, sight, inbox and the ledger's tree anew from the records\n" +
			"and prints each difference; the exit status is 1 if there is one.\n\n" +
			"With --checkpoint it also proves that today's ledger begins with the entries that a checkpoint kept\n" +
			"elsewhere was signed for. The file is a checkpoint, a receipt, which holds one, or lines of a log of\n" +
			"irm serve --log-checkpoints, of which the last counts.\n\n" +
			"With --receipt it checks a receipt's file and nothing else. With --key it needs no database."}
	checkpoint := cmd.Flags().String("checkpoint", "", "file of a checkpoint that was kept elsewhere, of a receipt, or of a log")
	receipt := cmd.Flags().String("receipt", "", "file of a receipt to check")
	key := cmd.Flags().String("key", "", "the portal's public key, for --receipt without a database")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case *receipt != "" && *checkpoint != "":
			return errors.New("give --receipt or --checkpoint, not both")
		case *receipt != "":
			return verifyReceipt(cmd, *receipt, *key)
		case *key != "":
			return errors.New("--key is for --receipt")
		}
		return verifyRecords(cmd, *checkpoint)
	}
	return cmd
}

// verifyRecords verifies a database, against a checkpoint's file if there is one.
func verifyRecords(cmd *cobra.Command, file string) error {
	held := ""
	if file != "" {
		var err error
		if held, err = readCheckpoint(file); err != nil {
			return err
		}
	}
	s, err := open(cmd)
	if err != nil {
		return err
	}
	defer s.Close()
	wrong, err := s.VerifySince(cmd.Context(), held)
	if err != nil {
		return data(err)
	}
	for _, w := range wrong {
		fmt.Fprintln(cmd.OutOrStdout(), w)
	}
	if len(wrong) > 0 {
		return data(fmt.Errorf("%d differences", len(wrong)))
	}
	if held != "" {
		fmt.Fprintln(cmd.OutOrStdout(), "Today’s ledger extends the one of the checkpoint.")
	}
	return nil
}

// readCheckpoint reads the checkpoint that a file is, or holds.
func readCheckpoint(file string) (string, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the file that the operator names
	if err != nil {
		return "", err
	}
	held, err := checkpointIn(string(text))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return held, nil
}

// verifyReceipt checks a receipt with the key given, or with those of the database.
func verifyReceipt(cmd *cobra.Command, file, key string) error {
	text, err := os.ReadFile(file) //nolint:gosec // the file that the operator names
	if err != nil {
		return err
	}
	r, err := store.ReadReceipt(text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	public := []string{key}
	if key == "" {
		if public, err = databaseKeys(cmd); err != nil {
			return err
		}
	}
	keys, err := store.Verifiers(public...)
	if err != nil {
		return err
	}
	if err := r.Check(keys...); err != nil {
		return data(fmt.Errorf("%s: %w", file, err))
	}
	fmt.Fprintf(cmd.OutOrStdout(), "Genuine: entry %d, made on %s.\n", r.Seq, time.UnixMicro(r.Entry.At).UTC().Format("2006-01-02 15:04:05 UTC"))
	for _, l := range r.Shown {
		fmt.Fprintf(cmd.OutOrStdout(), "%s = %s\n", l.Path, l.Value)
	}
	return nil
}

// databaseKeys are the public keys of a database, which must be there already.
func databaseKeys(cmd *cobra.Command) ([]string, error) {
	dsn := database(cmd)
	if file, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		if _, err := os.Stat(file); err != nil {
			return nil, errors.New("give the portal's public key with --key, or its --database")
		}
	}
	s, err := open(cmd)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	keys, err := s.PublicKeys(cmd.Context())
	return keys, data(err)
}
