// Command bench measures the portal against floors of the same machine, in one
// program and in interleaved rounds, and writes what it saw to docs/speed.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the program's day is New York's, whatever the machine has
)

// sizes say how much is measured.
type sizes struct {
	agreements []int // of the databases that pages are read from
	requests   int   // for pages, a round
	orders     int   // of the one large import
	part       int   // of the imports that are repeated
	decisions  int   // a round
	claims     int   // of the database that partners' pages are read from
	rounds     int
}

func (s *sizes) quick() {
	*s = sizes{agreements: []int{2_000}, requests: 200, orders: 4_000, part: 1_000, decisions: 150, claims: 10_000, rounds: 2}
}

// bench is one run.
type bench struct {
	sizes
	ctx      context.Context
	dir      string // for databases; removed at the end
	keep     string // for those that are not removed
	doc      *document
	programs map[int]*program // by number of agreements
}

// goals are what is measured, in this order.
func goals() []goal {
	return []goal{{"G1", (*bench).pages}, {"G5", (*bench).decisions}, {"G6", (*bench).imports}, {"G7", (*bench).figures}, {"G10", (*bench).starts}, {"P", (*bench).partners}}
}

type goal struct {
	name    string
	measure func(*bench) error
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == visiting {
		if err := visit(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "visitor:", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	sizes
	only, out, dir, keep, profile string
	strict                        bool
}

func parse(args []string) (s settings, err error) {
	s.sizes = sizes{requests: 4_000, orders: 1_000_000, part: 60_000, decisions: 3_000, claims: 1_000_000, rounds: 5}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	agreements := f.String("agreements", "100000,1000000", "sizes of the databases that pages are read from")
	f.IntVar(&s.requests, "requests", s.requests, "requests a round")
	f.IntVar(&s.orders, "orders", s.orders, "orders of the one large import")
	f.IntVar(&s.part, "part", s.part, "orders of the imports that are repeated")
	f.IntVar(&s.decisions, "decisions", s.decisions, "decisions a round")
	f.IntVar(&s.claims, "claims", s.claims, "claims of the database that partners' pages are read from")
	f.IntVar(&s.rounds, "rounds", s.rounds, "rounds")
	quick := f.Bool("quick", false, "small sizes, to see that everything runs")
	f.StringVar(&s.only, "goals", "", "only these, such as G1,G6")
	f.StringVar(&s.out, "out", "docs/speed.md", "where to write; - for the terminal")
	f.StringVar(&s.dir, "dir", "", "folder for databases, on the disk to measure; the system's for temporary files if empty")
	f.StringVar(&s.keep, "keep", "", "folder to leave the databases that pages are read from in, and to take them from")
	f.StringVar(&s.profile, "profile", "", "write a CPU profile to this file")
	f.BoolVar(&s.strict, "strict", false, "end with status 1 when a gate is missed")
	if err = f.Parse(args); err != nil {
		return s, err
	}
	for _, n := range strings.Split(*agreements, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(n))
		if err != nil || size < 1000 {
			return s, fmt.Errorf("-agreements: %q is not a number from 1000 on", n)
		}
		s.agreements = append(s.agreements, size)
	}
	if *quick {
		s.quick()
		s.out = "-"
	}
	return s, nil
}

func run(ctx context.Context, args []string) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	if s.profile != "" {
		f, err := os.Create(s.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	dir, err := os.MkdirTemp(s.dir, "irm-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{sizes: s.sizes, ctx: ctx, dir: dir, keep: s.keep, programs: map[int]*program{}}
	b.doc = newDocument(b)
	for _, g := range goals() {
		if s.only != "" && !strings.Contains(","+s.only+",", ","+g.name+",") {
			continue
		}
		b.say("%s", g.name)
		if err := g.measure(b); err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
	}
	if err := b.doc.write(s.out); err != nil {
		return err
	}
	if missed := b.doc.missed(); s.strict && len(missed) > 0 {
		return fmt.Errorf("missed: %s", strings.Join(missed, ", "))
	}
	return nil
}

// say tells on the terminal how far it is.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }
