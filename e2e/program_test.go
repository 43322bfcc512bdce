package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the built binary, made once for a run.
var program struct {
	once sync.Once
	dir  string
	err  error
}

// binary builds the program as `make build` does and returns its path.
func binary(t *testing.T) string {
	t.Helper()
	program.once.Do(func() {
		if program.dir, program.err = os.MkdirTemp("", "irm-e2e-"); program.err != nil { //nolint:usetesting // it outlives the test
			return
		}
		cmd := exec.Command("go", "build", "-o", filepath.Join(program.dir, "irm"), "irm/cmd/irm")
		if out, err := cmd.CombinedOutput(); err != nil {
			program.err = fmt.Errorf("build the program: %w\n%s", err, out)
		}
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return filepath.Join(program.dir, "irm")
}

// Server is a running irm.
type Server struct {
	URL  string // http://127.0.0.1:…
	cmd  *exec.Cmd
	log  *output
	done chan struct{} // closed when the process has ended
	err  error         // how it ended
}

var address = regexp.MustCompile(`https?://(127\.0\.0\.1|localhost|\[::1\]):[0-9]+`)

// start runs irm with a command that serves, such as "demo", on a free port of
// this machine and waits until it has printed its address. It ends with the test.
func start(t *testing.T, args ...string) *Server {
	t.Helper()
	return serving(t, command(context.Background(), binary(t), append(args, "--addr", "127.0.0.1:0")...))
}

func serving(t *testing.T, cmd *exec.Cmd) *Server {
	t.Helper()
	s := &Server{log: &output{}, cmd: cmd, done: make(chan struct{})}
	s.cmd.Stderr = s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.end(t) })
	printed := make(chan string, 1)
	go s.watch(stdout, printed)
	select {
	case s.URL = <-printed:
	case <-s.done:
		t.Fatalf("%v ended: %v\n%s", cmd.Args, s.err, s.log)
	case <-time.After(time.Minute):
		t.Fatalf("%v printed no address in a minute\n%s", cmd.Args, s.log)
	}
	return s
}

// watch reads what the program prints to its end, and tells the first address.
func (s *Server) watch(stdout io.Reader, printed chan<- string) {
	lines := bufio.NewScanner(stdout)
	for told := false; lines.Scan(); {
		fmt.Fprintln(s.log, lines.Text())
		if a := address.FindString(lines.Text()); a != "" && !told {
			printed <- a
			told = true
		}
	}
	s.err = s.cmd.Wait()
	close(s.done)
}

// Stop asks the program to end and returns when it has.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.done:
		return s.err
	case <-time.After(30 * time.Second):
		s.Kill()
		return errors.New("irm did not end within 30 seconds of SIGTERM")
	}
}

// Kill ends the program as a power cut would (kill -9).
func (s *Server) Kill() {
	s.cmd.Process.Kill()
	<-s.done
}

// Log is what the program has said so far.
func (s *Server) Log() string { return s.log.String() }

func (s *Server) end(t *testing.T) {
	select {
	case <-s.done:
	default:
		if err := s.Stop(); err != nil {
			t.Errorf("irm ended with %v", err)
		}
	}
	if t.Failed() {
		t.Logf("irm said:\n%s", s.log.last(4000))
	}
}

// run runs a command of irm that ends by itself and returns what it printed and
// its exit status.
func run(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := command(ctx, binary(t), args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatalf("irm %s: %v", strings.Join(args, " "), err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// command runs the program without the settings of whoever runs the tests.
func command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "IRM_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	return cmd
}

// output is a buffer that is written and read at the same time.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func (o *output) last(n int) string {
	s := o.String()
	return s[max(0, len(s)-n):]
}
