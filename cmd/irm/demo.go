package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"irm/demo"
	"irm/store"
	"irm/web"

	"github.com/alexedwards/argon2id"
	"github.com/spf13/cobra"
)

func demoCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "demo", Short: "Show the portal with invented companies", Args: cobra.NoArgs,
		Long: "demo makes a complete program of invented companies in a fresh temporary database and serves it.\nThe same --seed gives the same program. Its day is 16 April 2007 unless --today says another."}
	f := cmd.Flags()
	addr := f.String("addr", "127.0.0.1:8080", "address to listen on")
	size := f.Int("agreements", 5000, "how many agreements")
	seed := f.Uint64("seed", 1, "another number is another program")
	today := f.String("today", "2007-04-16", "the program's day, YYYY-MM-DD")
	browse := f.Bool("open", false, "open the browser")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *size < 0 || *size > 1_000_000 {
			return fmt.Errorf("--agreements is 0 to 1,000,000, not %d", *size)
		}
		c, err := clockAt(*today)
		if err != nil {
			return fmt.Errorf("--today %q is not a day such as 2007-04-16", *today)
		}
		d := demonstration{addr: *addr, browse: *browse, clock: c, size: demo.Size{Partners: 400, Agreements: *size, Seed: *seed}}
		return d.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

// demonstration is one run of the demo.
type demonstration struct {
	addr   string
	browse bool
	clock  store.Clock
	size   demo.Size
}

func (d demonstration) run(ctx context.Context, out, log io.Writer) error {
	dir, err := os.MkdirTemp("", "irm-demo-")
	if err != nil {
		return data(err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(ctx, filepath.Join(dir, "demo.db"), d.clock)
	if err != nil {
		return data(err)
	}
	defer s.Close()
	start := time.Now()
	if err := fillDemo(ctx, s, d.size); err != nil {
		return data(err)
	}
	fmt.Fprintf(out, "A program with %d agreements was made in %.1f s.\n", d.size.Agreements, time.Since(start).Seconds())
	var signIns []web.DemoSignIn
	for _, p := range demo.SignIns() {
		fmt.Fprintf(out, "  %-10s %-22s %s\n", p.Role, p.Email, demo.Password)
		signIns = append(signIns, web.DemoSignIn{Name: p.Name, Role: p.Role, Email: p.Email, Password: demo.Password})
	}
	o := options{signIns: signIns, addr: d.addr, demo: true, log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if d.browse {
		o.started = openBrowser
	}
	return data(serve(ctx, s, o, out))
}

func fillDemo(ctx context.Context, s *store.Store, size demo.Size) error {
	key, _, err := s.Signer(ctx)
	if err != nil {
		return err
	}
	hash, err := argon2id.CreateHash(demo.Password, &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // what is made is written at once: collecting it can wait
	return demo.Fill(ctx, s, key, size, hash)
}

// openBrowser shows the portal; where there is no browser the address stands on
// the terminal.
func openBrowser(address string) {
	name := map[string]string{"darwin": "open", "windows": "explorer"}[runtime.GOOS]
	if name == "" {
		name = "xdg-open"
	}
	_ = exec.Command(name, address).Start() //nolint:gosec // the address is our own
}
