package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"irm/influence"
	"irm/store"
)

// decisions measures G5: durable decisions of many callers against writing 8 KB
// and flushing it in the same folder.
func (b *bench) decisions() error {
	p, err := b.copied()
	if err != nil {
		return err
	}
	defer p.remove()
	s, err := openStore(b.ctx, p.File)
	if err != nil {
		return err
	}
	defer s.Close()
	d := &desks{b: b, s: s, p: p}
	if err := d.gather(b.rounds * (b.decisions1() + b.sizes.decisions)); err != nil {
		return err
	}
	t, err := interleave(b.rounds, []contender{
		{"flush", func() (cost, error) { return b.flushes(max(b.sizes.decisions/4, 50)) }},
		{"64", func() (cost, error) { return d.decide(64, b.sizes.decisions) }},
		{"1", func() (cost, error) { return d.decide(1, b.decisions1()) }},
	})
	if err != nil {
		return err
	}
	b.tellDecisions(t)
	return nil
}

// decisions1 is how many one caller makes in a round.
func (b *bench) decisions1() int { return max(b.sizes.decisions/6, 20) }

// flushes writes 8 KB and flushes it, n times, in the database's folder.
func (b *bench) flushes(n int) (cost, error) {
	f, err := os.Create(b.path("flush"))
	if err != nil {
		return cost{}, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 8<<10)
	return measure(func() (int, error) {
		for i := range n {
			if _, err := f.WriteAt(page, int64(i%512)*int64(len(page))); err != nil {
				return i, err
			}
			if err := fdatasync(f); err != nil {
				return i, err
			}
		}
		return n, nil
	})
}

// desks decide agreements that wait, each once.
type desks struct {
	b    *bench
	s    *store.Store
	p    *program
	todo []todo
}

// todo is an agreement that waits, and who may decide on it.
type todo struct {
	lar store.Session
	ref string
}

// gather lists n agreements that wait, LAR by LAR in turn, so that neighbours in
// the list are not neighbours in the database.
func (d *desks) gather(n int) error {
	var queues [][]todo
	for _, r := range d.p.LARs {
		v := d.s.As(influence.Actor{MemberID: r.MemberID, OrgID: r.ID, Role: influence.RoleLAR, Rank: influence.RankOwner})
		q, err := waiting(d.b.ctx, v, n/len(d.p.LARs)+1)
		if err != nil {
			return err
		}
		queues = append(queues, q)
	}
	for i := 0; len(d.todo) < n; i++ {
		any := false
		for _, q := range queues {
			if i < len(q) {
				d.todo, any = append(d.todo, q[i]), true
			}
		}
		if !any {
			return fmt.Errorf("only %d agreements wait, %d are needed", len(d.todo), n)
		}
	}
	return nil
}

func waiting(ctx context.Context, v store.Session, n int) (all []todo, err error) {
	for _, tab := range []string{"decide", "unclaimed"} {
		for after := ""; len(all) < n; {
			page, err := v.Inbox(ctx, tab, after, "", 500)
			if err != nil {
				return nil, err
			}
			for _, row := range page.Rows {
				all = append(all, todo{v, row.Ref})
			}
			if after = page.Older; after == "" {
				break
			}
		}
	}
	return all, nil
}

// decide makes n decisions by so many callers at once while they are sealed: both
// belong to what a decision costs.
func (d *desks) decide(callers, n int) (cost, error) {
	work, next := d.todo[:n], atomic.Int64{}
	d.todo = d.todo[n:]
	var answered cost
	all, err := measure(func() (int, error) {
		return n, d.b.sealing(d.s, func() (err error) {
			answered, err = measure(func() (int, error) { return n, together(callers, func() error { return d.take(work, &next) }) })
			return err
		})
	})
	all.wall = answered.wall
	return all, err
}

// sealing runs fn while a sealer works as the portal's does, twice a second and
// bite after full bite, and returns when nothing is left to seal.
func (b *bench) sealing(s *store.Store, fn func() error) error {
	key, _, err := s.Signer(b.ctx)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	var sealer sync.WaitGroup
	var failed error
	sealer.Go(func() {
		tick := time.NewTicker(store.SealEvery)
		defer tick.Stop()
		for last := false; failed == nil; {
			n, full, err := s.Seal(b.ctx, "bench", key)
			failed = err
			if full || last && n > 0 {
				continue
			}
			if last {
				return
			}
			select {
			case <-tick.C:
			case <-ended:
				last = true
			}
		}
	})
	err = fn()
	close(ended)
	sealer.Wait()
	return errors.Join(err, failed)
}

// take decides one agreement after the other until none is left.
func (d *desks) take(work []todo, next *atomic.Int64) error {
	for {
		i := int(next.Add(1)) - 1
		if i >= len(work) {
			return nil
		}
		p := d.p.Partners[i%len(d.p.Partners)]
		_, err := work[i].lar.Decide(d.b.ctx, work[i].ref, influence.DecisionDraft{Version: 1, Code: "other_partner_confirmed",
			Shares: []influence.Share{{PartnerNo: p.No, Points: 10_000, Kind: influence.Sourced, Primary: true}}})
		if err != nil {
			return err
		}
	}
}

// together runs fn in so many goroutines and waits for all.
func together(n int, fn func() error) error {
	var done sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		done.Go(func() { errs[i] = fn() })
	}
	done.Wait()
	return errors.Join(errs...)
}

func (b *bench) tellDecisions(t *contest) {
	many, one := t.ratio("64", "flush", byRate), t.ratio("1", "flush", byRate)
	b.doc.verdict(verdict{"G5", "durable decisions, 64 callers ÷ write 8 KB + fdatasync", "≥ 2.5 ×", "≥ 1.5 ×", times(many), many >= 1.5})
	line := func(name, key string) []string {
		return []string{name, fmt.Sprintf("%.0f", t.median(key, byRate)), times(t.ratio(key, "flush", byRate)), short(seconds(t.median(key, byCPU)))}
	}
	b.doc.section("G5: durable decisions",
		"A decision reads the agreement, its orders, decisions, claims and candidates, checks the rules, writes the decision with its",
		"shares, answers the claims, puts their mails into the outbox, moves the agreement out of the inbox, counts the figures and",
		"writes the ledger entry; it is answered when it is on the disk (`synchronous=FULL`). CPU has the sealing of all of it in it.",
		fmt.Sprintf("One caller makes %s of the floor (goal: 50 %%).", percent(one)), "",
		rows([]string{"", "per second", "÷ floor", "CPU each"},
			line("write 8 KB + fdatasync", "flush"), line("decisions, 64 callers", "64"), line("decisions, one caller", "1")))
}
