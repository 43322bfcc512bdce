package main

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// lived is an import into a database that is in use.
type lived struct {
	in    taken
	into  int             // agreements that were there
	waits []time.Duration // of decisions made meanwhile, sorted
}

// importLive imports into the database that pages are read from, while one caller
// decides ten agreements a second and notes how long each took.
func (b *bench) importLive() (out lived, err error) {
	p, err := b.copied()
	if err != nil {
		return out, err
	}
	defer p.remove()
	s, err := openStore(b.ctx, p.File)
	if err != nil {
		return out, err
	}
	defer s.Close()
	d := &desks{b: b, s: s, p: p}
	if err := d.gather(min(600, p.Size/20)); err != nil {
		return out, err
	}
	report, err := b.writeOrders(b.part, 4_000_000, p.Partners)
	if err != nil {
		return out, err
	}
	defer os.Remove(report)
	var ended atomic.Bool
	var other sync.WaitGroup
	var failed error
	other.Go(func() { out.waits, failed = d.meanwhile(&ended) })
	out.in, err = b.take(s, p, report, b.part)
	ended.Store(true)
	other.Wait()
	if err == nil {
		err = failed
	}
	slices.Sort(out.waits)
	out.into = p.Size
	return out, err
}

// meanwhile decides agreements, with a pause after each, until the import has ended.
func (d *desks) meanwhile(ended *atomic.Bool) (waits []time.Duration, err error) {
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	for i := 0; i < len(d.todo) && !ended.Load(); i++ {
		var next atomic.Int64
		begun := time.Now()
		if err := d.take(d.todo[i:i+1], &next); err != nil {
			return waits, err
		}
		waits = append(waits, time.Since(begun))
		<-pause.C
	}
	return waits, nil
}

func (b *bench) tellImports(t *contest, in imported) {
	ratio := in.big.cpu.Seconds() / in.floor.cpu.Seconds()
	b.doc.verdict(verdict{"G6", fmt.Sprintf("first import of %s orders ÷ inserting its rows, CPU", thousands(in.big.ops)), "≤ 1.6 ×", "≤ 2.5 ×", times(ratio), ratio <= 2.5})
	live := in.live.in.each().Seconds() / t.median("rows", byCPU)
	n := len(in.live.waits)
	longest := in.live.waits[n-1]
	tables := [][]string{{"table", "rows left"}}
	for _, r := range in.rows {
		tables = append(tables, []string{r.table, thousands(r.n)})
	}
	line := func(name string, c cost, ratio float64) []string {
		return []string{name, thousands(c.ops), short(c.wall), fmt.Sprintf("%.0f", c.rate()), short(c.each()), times(ratio)}
	}
	floor := in.floor
	floor.ops = in.big.ops
	small := line(fmt.Sprintf("first import, median of %d", b.rounds), in.small.cost, t.ratio("import", "rows", byCPU))
	b.doc.section("G6: imports",
		"The file is kept and read, every row validated, compared with the records and the rows before it, staged with its verdict,",
		"then committed agreement by agreement in chunks: customers, agreements, orders, decisions that the file's partners make,",
		"suggestions, inbox, sight, figures, ledger; the sealing of all of it is in the CPU. The floor inserts the same rows into the",
		"same tables with the same indexes by prepared statements, 5,000 to a transaction, and checks nothing.", "",
		rows([]string{"", "orders", "took", "orders per second", "CPU an order", "÷ rows"},
			line("first import", in.big.cost, ratio), line("its rows alone", floor, 1), small,
			line(fmt.Sprintf("into %s agreements in use", thousands(in.live.into)), in.live.in.cost, live)), "",
		fmt.Sprintf("While the last one ran, %d decisions were made beside it, one after the other: the median took %s, the longest %s (goal: none over 100 ms). Into a database in use the goal is 2.5 ×.",
			n, short(in.live.waits[n/2]), short(longest)), "",
		rows(tables...))
}
