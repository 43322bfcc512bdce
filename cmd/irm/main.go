// Command irm is the partner portal for influence revenue: one binary that
// serves it, shows it with invented companies, and keeps its records.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"irm/influence"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// Exit statuses: done, the data was at fault, the command line was.
const (
	statusDone = iota
	statusData
	statusUsage
)

// atFault is an error of the data; any other is the command line's.
type atFault struct{ error }

// Unwrap gives the error that the data has.
func (e atFault) Unwrap() error { return e.error }

// run is the whole program: it returns the exit status.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	root := command(env)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var data atFault
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &data):
		fmt.Fprintln(stderr, "irm: "+sentence(data.error))
		return statusData
	}
	fmt.Fprintln(stderr, "irm: "+sentence(err)+"; see irm help")
	return statusUsage
}

// sentence says an error to the person at the terminal.
func sentence(err error) string {
	var wrong influence.Invalid
	if errors.As(err, &wrong) {
		var all []string
		for field, msg := range wrong {
			all = append(all, field+": "+msg)
		}
		return strings.Join(all, " ")
	}
	return err.Error()
}

// command is irm with all its commands.
func command(env func(string) string) *cobra.Command {
	root := &cobra.Command{
		Use:           "irm",
		Short:         "The partner portal for influence revenue",
		Long:          "irm serves the U.S. Influence Revenue Model: partners claim, LARs decide, Microsoft sees.\nEach flag can be given as an environment variable too: --base-url as IRM_BASE_URL.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().String("database", "sqlite:irm.db", "where the records are: sqlite:FILE or postgres://…")
	root.AddCommand(demoCommand(), serveCommand(), migrateCommand(), larCommand(), memberCommand(), mailCommand(), importCommand(), exportCommand(),
		backupCommand(), restoreCommand(), verifyCommand(), keysCommand(), personCommand(), versionCommand())
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.Flags(), env) }
	return root
}

// fromEnvironment fills in the flags that were not given from IRM_… variables.
func fromEnvironment(flags *pflag.FlagSet, env func(string) string) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := "IRM_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value := env(name); value != "" && !f.Changed && err == nil {
			if set := flags.Set(f.Name, value); set != nil {
				err = fmt.Errorf("%s is %q: %w", name, value, set)
			}
		}
	})
	return err
}
