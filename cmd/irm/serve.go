package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"irm/mail"
	"irm/store"
	"irm/web"

	"github.com/spf13/cobra"
)

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "serve", Short: "Serve the portal", Args: cobra.NoArgs}
	f := cmd.Flags()
	f.String("addr", "127.0.0.1:8080", "address to listen on")
	f.String("base-url", "", "where people reach the portal, such as https://irm.example; links in mails begin with it (default http://ADDR)")
	f.String("smtp", "", "mail server: smtp://user:password@host:port")
	f.String("mail-from", "Influence Portal <portal@localhost>", "sender of mails")
	f.String("mail-dir", "", "write mails as .eml files into this folder instead")
	f.String("key-file", "", keyFileUsage)
	f.String("second-factor", "required", "of Microsoft's staff and LAR owners: required, or offered as to everybody; for trying things out")
	f.String("breached-passwords", "", "file of the SHA-1 hashes of breached passwords, HASH:COUNT a line, sorted; passwords in it are refused")
	f.Duration("log-checkpoints", 0, "write the ledger's newest signed checkpoint into the log, at most once in this time, such as 1m; 0 is never")
	f.String("metrics-addr", "", "address of a listener of its own for /metrics")
	for _, name := range web.DefaultLimits().Names() {
		f.String("limit-"+name, web.DefaultLimits()[name].String(), "how often, as a number of times and a time; more is answered with 429")
	}
	f.String("today", "", "program day to start at, YYYY-MM-DD; for trying things out")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		o, err := optionsOf(cmd)
		if err != nil {
			return err
		}
		useKeyFile(cmd, s)
		if err := useSecondFactor(cmd, s); err != nil {
			return err
		}
		if o.breached, err = breached(cmd); err != nil {
			return err
		}
		defer o.breached.Close()
		return serve(cmd.Context(), s, o, cmd.OutOrStdout())
	}
	return cmd
}

const keyFileUsage = "file of the keys that seal stored secrets, made when one is first stored (default: the SQLite file's name with .keys, or irm.keys)"

// useKeyFile tells the store where the keys are.
func useKeyFile(cmd *cobra.Command, s *store.Store) {
	file, _ := cmd.Flags().GetString("key-file")
	if file == "" && s.Dialect() == "postgres" {
		file = "irm.keys"
	}
	if file != "" {
		s.UseKeys(file)
	}
}

// useSecondFactor tells the store of whom a second factor is due.
func useSecondFactor(cmd *cobra.Command, s *store.Store) error {
	switch how, _ := cmd.Flags().GetString("second-factor"); how {
	case "required":
		s.RequireSecondFactor()
	case "offered":
	default:
		return fmt.Errorf("--second-factor is required or offered, not %q", how)
	}
	return nil
}

// breached opens the list of breached passwords; without one it is nil.
func breached(cmd *cobra.Command) (*web.Breached, error) {
	path, _ := cmd.Flags().GetString("breached-passwords")
	if path == "" {
		return nil, nil
	}
	list, err := web.OpenBreached(path)
	if err != nil {
		return nil, atFault{err}
	}
	return list, nil
}

// options say how to serve.
type options struct {
	addr, baseURL, metrics string
	sender                 *mail.Sender // nil keeps mails in the outbox
	from                   string
	demo                   bool
	signIns                []web.DemoSignIn
	limits                 web.Limits
	breached               *web.Breached
	logCheckpoints         time.Duration        // how often at most; 0 is never
	started                func(address string) // told once the portal listens
	log                    *slog.Logger
}

func optionsOf(cmd *cobra.Command) (o options, err error) {
	get := func(name string) string { v, _ := cmd.Flags().GetString(name); return v }
	o = options{addr: get("addr"), baseURL: get("base-url"), metrics: get("metrics-addr"), from: get("mail-from"),
		log: slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))}
	if o.limits, err = limitsOf(get); err != nil {
		return o, err
	}
	if o.logCheckpoints, err = logCheckpoints(cmd); err != nil {
		return o, err
	}
	switch dir, smtp := get("mail-dir"), get("smtp"); {
	case dir != "" && smtp != "":
		return o, errors.New("give --smtp or --mail-dir, not both")
	case dir != "":
		o.sender, err = mail.ToFolder(dir, o.from)
	case smtp != "":
		o.sender, err = mail.ToServer(smtp, o.from)
	}
	return o, err
}

// limitsOf reads how often things may be done.
func limitsOf(get func(flag string) string) (web.Limits, error) {
	all := web.Limits{}
	for _, name := range web.DefaultLimits().Names() {
		l, err := web.ParseLimit(get("limit-" + name))
		if err != nil {
			return nil, fmt.Errorf("--limit-%s: %w", name, err)
		}
		all[name] = l
	}
	return all, nil
}

// serve runs the portal and its workers until ctx ends.
func serve(ctx context.Context, s *store.Store, o options, out io.Writer) error {
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	if o.baseURL == "" {
		o.baseURL = address
	}
	handler, err := web.New(web.Config{Store: s, Log: o.log, BaseURL: o.baseURL, Demo: o.demo, SignIns: o.signIns, Limits: o.limits, Breached: o.breached})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop()
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Minute,
		WriteTimeout: 10 * time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(o.log.Handler(), slog.LevelWarn)}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	if err := work(ctx, s, o, &workers); err != nil { // pages are shown already
		return errors.Join(err, srv.Close())
	}
	fmt.Fprintf(out, "The portal is at %s\n", address)
	if o.started != nil {
		o.started(address)
	}
	return finish(ctx, srv, ended)
}

// finish waits until ctx ends, then lets the requests under way finish.
func finish(ctx context.Context, srv *http.Server, ended <-chan error) error {
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 25*time.Second)
	defer cancel()
	err := srv.Shutdown(grace)
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return err
}

// lull is how long the work beside the requests lets the first page go first.
const lull = 20 * time.Millisecond

// work starts what runs beside the requests: sealing, jobs, clocks, mail, metrics.
func work(ctx context.Context, s *store.Store, o options, workers *sync.WaitGroup) error {
	select {
	case <-time.After(lull):
	case <-ctx.Done():
		return nil
	}
	key, public, err := s.Signer(ctx)
	if err != nil {
		return err
	}
	o.log.Info("ledger key", "public", public)
	failed := func(what string) func(error) {
		return func(err error) { o.log.Error(what+" failed", "err", err) }
	}
	workers.Go(func() { s.KeepSealed(ctx, key, failed("sealing")) })
	workers.Go(func() { s.KeepWorking(ctx, failed("job")) })
	workers.Go(func() { s.KeepTime(ctx, failed("clocks")) })
	if o.logCheckpoints > 0 {
		workers.Go(func() { keepTelling(ctx, s, o.log, o.logCheckpoints) })
	}
	if o.sender != nil {
		workers.Go(func() { keepSending(ctx, s, o, failed("mail")) })
	}
	if o.metrics == "" {
		return nil
	}
	m := &http.Server{Addr: o.metrics, Handler: metricsPage(), ReadHeaderTimeout: 5 * time.Second}
	workers.Go(func() {
		if err := m.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			failed("metrics")(err)
		}
	})
	context.AfterFunc(ctx, func() { m.Close() })
	return nil
}
