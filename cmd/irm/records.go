package main

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"irm/influence"
	"irm/store"

	"github.com/spf13/cobra"
)

func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Short: "Bring the database's schema up to date", Args: cobra.NoArgs}
	status := cmd.Flags().Bool("status", false, "only show which steps the database has")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		steps, err := store.Migrate(cmd.Context(), database(cmd), *status)
		if err != nil {
			return atFault{err}
		}
		for _, m := range steps {
			state := "applied"
			if !m.Applied {
				state = "pending"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%04d %-20s %s\n", m.Version, m.Name, state)
		}
		if len(steps) == 0 {
			fmt.Fprintln(cmd.OutOrStdout(), "The schema is up to date.")
		}
		return nil
	}
	return cmd
}

func larCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "lar", Short: "Large Account Resellers"}
	add := &cobra.Command{Use: "add SLUG --name NAME", Short: "Add a LAR", Args: cobra.ExactArgs(1)}
	name := add.Flags().String("name", "", "the company's name")
	status := add.Flags().String("status", "invited", "invited, signed or ready")
	add.RunE = func(cmd *cobra.Command, args []string) error {
		if *name == "" {
			return errors.New("a LAR needs a --name")
		}
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		err = sealed(cmd.Context(), s, func() error {
			ref, err := s.As(influence.Operator()).AddLAR(cmd.Context(), store.NewLAR{Slug: args[0], Name: *name, Status: influence.LARStatus(*status)})
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %s was added.\n", ref, *name)
			}
			return err
		})
		return data(err)
	}
	cmd.AddCommand(add)
	return cmd
}

// data marks an error as the data's fault.
func data(err error) error {
	if err == nil {
		return nil
	}
	return atFault{err}
}

func backupCommand() *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "Copy a running SQLite database, checked", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			err = s.Backup(cmd.Context(), args[0])
			if errors.Is(err, store.ErrUsePgDump) {
				return err
			}
			return data(err)
		}}
}

func restoreCommand() *cobra.Command {
	return &cobra.Command{Use: "restore FILE", Short: "Put a backup where the database is to be", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := store.Restore(cmd.Context(), args[0], database(cmd))
			if errors.Is(err, store.ErrUsePgDump) {
				return err
			}
			return data(err)
		}}
}

// version is set when a release is built.
var version = "development"

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Version, commit, SQLite and Go", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			commit := "unknown"
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						commit = s.Value
					}
				}
			}
			lite, err := store.SQLiteVersion(cmd.Context())
			if err != nil {
				return data(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "irm %s\ncommit %s\nSQLite %s\n%s\n", version, commit, lite, runtime.Version())
			return nil
		}}
}
