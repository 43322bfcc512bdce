package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// document is docs/speed.md while it is gathered.
type document struct {
	begun    time.Time
	sizes    sizes
	verdicts []verdict
	parts    []string
}

// verdict is one goal as it came out.
type verdict struct {
	name, what, goal, gate, seen string
	met                          bool // the first gate
}

func newDocument(b *bench) *document { return &document{begun: time.Now(), sizes: b.sizes} }

func (d *document) verdict(v verdict) {
	d.verdicts = append(d.verdicts, v)
	fmt.Fprintf(os.Stderr, "          %s %s: %s, first gate %s, %s\n", v.name, v.what, v.seen, v.gate, v.word())
}

func (v verdict) word() string {
	if v.met {
		return "met"
	}
	return "not met"
}

func (d *document) missed() (names []string) {
	for _, v := range d.verdicts {
		if !v.met {
			names = append(names, v.name+" "+v.what)
		}
	}
	return names
}

// section adds a part: a heading, sentences and tables.
func (d *document) section(heading string, lines ...string) {
	d.parts = append(d.parts, "## "+heading+"\n\n"+strings.Join(lines, "\n")+"\n")
}

// rows makes a table; the first row is its head.
func rows(all ...[]string) string {
	var b strings.Builder
	for i, row := range all {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return b.String()
}

func (d *document) write(out string) error {
	if out == "-" {
		_, err := os.Stdout.WriteString(d.text())
		return err
	}
	return os.WriteFile(out, []byte(d.text()), 0o644) //nolint:gosec // a document for everybody
}

func (d *document) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Speed

Written by %smake bench%s on %s (it took %s). Machine: %s. %s, SQLite %s.

A machine is never alone, so a figure is a ratio to a floor that the same program
measured in the same rounds, interleaved; it is the median of %d rounds. CPU is what
getrusage gives for the process that does the work, in user and system mode; what
asks for pages is another process. Rates are per second on the wall and tell less.

`, "`", "`", d.begun.Format("2 January 2006, 15:04"), time.Since(d.begun).Round(time.Second), machine(), runtime.Version(), sqliteVersion(), d.sizes.rounds)
	b.WriteString(d.conditions())
	table := [][]string{{"goal", "what", "goal", "first gate", "seen", "first gate is"}}
	for _, v := range d.verdicts {
		table = append(table, []string{v.name, v.what, v.goal, v.gate, v.seen, v.word()})
	}
	b.WriteString(rows(table...))
	for _, part := range d.parts {
		b.WriteString("\n" + part)
	}
	return b.String()
}

// conditions say what else there is to know before the figures are believed.
func (d *document) conditions() string {
	var b strings.Builder
	if d.sizes.agreements[len(d.sizes.agreements)-1] < 1_000_000 || d.sizes.orders < 1_000_000 {
		fmt.Fprintf(&b, "This run was smaller than a full one: %s agreements, an import of %s orders.\n\n",
			thousands(d.sizes.agreements[len(d.sizes.agreements)-1]), thousands(d.sizes.orders))
	}
	if busy := loadAverage(); busy > float64(runtime.NumCPU())+1.5 {
		fmt.Fprintf(&b, "The machine was busy with other work as well (%.1f processes wanted its %d cores in the last minutes):\n"+
			"CPU times are longer than on a quiet one, waiting and starting much longer; only ratios of CPU say something.\n\n", busy, runtime.NumCPU())
	}
	return b.String()
}

// loadAverage is the system's of five minutes, 0 where it does not say.
func loadAverage() (five float64) {
	text, err := os.ReadFile("/proc/loadavg")
	if err == nil {
		_, _ = fmt.Sscanf(string(text), "%f %f", new(float64), &five)
	}
	return five
}

func machine() string {
	cpu := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	memory := ""
	if out, err := exec.Command("awk", "/MemTotal/ { printf \", %.0f GB\", $2 / 1048576 }", "/proc/meminfo").Output(); err == nil {
		memory = string(out)
	}
	return fmt.Sprintf("%d cores (%s)%s, %s/%s", runtime.NumCPU(), cpu, memory, runtime.GOOS, runtime.GOARCH)
}

func sqliteVersion() (version string) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "unknown"
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT sqlite_version()`).Scan(&version); err != nil {
		return "unknown"
	}
	return version
}

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

func times(x float64) string { return fmt.Sprintf("%.2f ×", x) }

// short writes a duration with three digits.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}

func seconds(x float64) time.Duration { return time.Duration(x * float64(time.Second)) }

// thousands writes 1234567 as 1,234,567.
func thousands[N int | int64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
