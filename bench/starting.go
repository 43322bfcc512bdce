package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// starts measures G10: the program as a file, how soon it shows a page, and what
// it holds when nobody asks.
func (b *bench) starts() error {
	bin := b.path("irm")
	build := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bin, "./cmd/irm")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	info, err := os.Stat(bin)
	if err != nil {
		return err
	}
	empty := b.path("empty.db")
	if out, err := exec.CommandContext(b.ctx, bin, "migrate", "--database", "sqlite:"+empty).CombinedOutput(); err != nil {
		return fmt.Errorf("migrate: %w: %s", err, out)
	}
	files := []started{{name: "empty database", file: empty}}
	for _, size := range b.agreements {
		p, err := b.program(size)
		if err != nil {
			return err
		}
		files = append(files, started{name: thousands(size) + " agreements", file: p.File})
	}
	for range 2 * b.rounds {
		for i := range files {
			if err := files[i].start(b, bin); err != nil {
				return err
			}
		}
	}
	b.tellStarts(info.Size(), files)
	return nil
}

// started is a database that the program was started with, some times.
type started struct {
	name, file     string
	took, rss, own []float64 // seconds; bytes in memory, and of these its own
}

// start starts the program and asks for the page to sign in until it comes.
func (s *started) start(b *bench, bin string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	var log bytes.Buffer
	cmd := exec.CommandContext(b.ctx, bin, "serve", "--database", "sqlite:"+s.file, "--addr", address)
	cmd.Stdout, cmd.Stderr = &log, &log
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	took, err := firstPage(address, begun)
	if err == nil {
		time.Sleep(time.Second) // the workers have looked around, and nobody asks
		rss, own := memory(cmd.Process.Pid)
		s.took, s.rss, s.own = append(s.took, took.Seconds()), append(s.rss, rss), append(s.own, own)
	}
	if stop := cmd.Process.Signal(syscall.SIGTERM); stop != nil {
		return stop
	}
	if end := cmd.Wait(); end != nil && err == nil {
		err = fmt.Errorf("%w: %s", end, log.String())
	}
	return err
}

func firstPage(address string, begun time.Time) (time.Duration, error) {
	ask := "GET /signin HTTP/1.0\r\nHost: " + address + "\r\n\r\n"
	for time.Since(begun) < 10*time.Second {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			time.Sleep(100 * time.Microsecond)
			continue
		}
		_, err = conn.Write([]byte(ask))
		answer, readErr := io.ReadAll(conn)
		conn.Close()
		if err == nil && readErr == nil && bytes.Contains(answer[:min(len(answer), 20)], []byte(" "+strconv.Itoa(http.StatusOK)+" ")) {
			return time.Since(begun), nil
		}
	}
	return 0, fmt.Errorf("no page at %s within ten seconds", address)
}

// memory is what a process has in memory, and what of it is not a file's; 0 where
// the system does not say.
func memory(pid int) (all, own float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		kb, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
		switch name {
		case "VmRSS":
			all = kb * 1024
		case "RssAnon":
			own = kb * 1024
		}
	}
	return all, own
}

func (b *bench) tellStarts(size int64, files []started) {
	table := [][]string{{"", "start to first page", "in memory, idle", "of it its own"}}
	for _, f := range files {
		took, rss := seconds(middle(f.took)), middle(f.rss)
		table = append(table, []string{f.name, short(took), mega(rss), mega(middle(f.own))})
		b.doc.verdict(verdict{"G10", "start to first page, " + f.name, "≤ 10 ms", "≤ 10 ms", short(took), took <= 10*time.Millisecond})
		if f.name == files[0].name || f.name == files[len(files)-1].name {
			b.doc.verdict(verdict{"G10", "idle memory, " + f.name, "≤ 30 MB", "≤ 30 MB", mega(rss), rss <= 30e6})
		}
	}
	b.doc.verdict(verdict{"G10", "stripped binary", "≤ 30 MB", "≤ 30 MB", mega(float64(size)), size <= 30e6})
	b.doc.section("G10: the start", "From the start of the process to the last byte of the page to sign in; the median of "+strconv.Itoa(2*b.rounds)+" starts in turn. Memory is",
		"looked at a second later: all that is in memory, of which the program's own file and the database's are a part.", "", rows(table...))
}

func mega(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/1e6) }
