package main

import (
	"fmt"
	"slices"
	"syscall"
	"time"
)

// cost is what a number of operations took.
type cost struct {
	ops       int
	wall, cpu time.Duration
}

// each is the CPU time of one operation.
func (c cost) each() time.Duration { return c.cpu / time.Duration(max(c.ops, 1)) }

// rate is operations per second of the clock on the wall.
func (c cost) rate() float64 { return float64(c.ops) / c.wall.Seconds() }

// cpuTime is what this process has used so far, in user and system mode.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic("bench: getrusage: " + err.Error())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure times fn, which returns how many operations it did.
func measure(fn func() (int, error)) (c cost, err error) {
	wall, cpu := time.Now(), cpuTime()
	c.ops, err = fn()
	c.wall, c.cpu = time.Since(wall), cpuTime()-cpu
	return c, err
}

// contender is one of those that are measured side by side.
type contender struct {
	name string
	run  func() (cost, error)
}

// contest holds the costs of contenders, round by round.
type contest struct {
	names []string
	costs map[string][]cost
}

// interleave runs all contenders in each of n rounds, each round beginning with
// another, so that what disturbs the machine disturbs them alike.
func interleave(n int, all []contender) (*contest, error) {
	t := &contest{costs: map[string][]cost{}}
	for _, c := range all {
		t.names = append(t.names, c.name)
	}
	for round := range n {
		for i := range all {
			c := all[(i+round)%len(all)]
			took, err := c.run()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			t.costs[c.name] = append(t.costs[c.name], took)
		}
	}
	return t, nil
}

// median is the middle of what of takes from each round's cost.
func (t *contest) median(name string, of func(cost) float64) float64 {
	var all []float64
	for _, c := range t.costs[name] {
		all = append(all, of(c))
	}
	return middle(all)
}

// ratio is the median of a to b, each of the same round.
func (t *contest) ratio(a, b string, of func(cost) float64) float64 {
	var all []float64
	for i, c := range t.costs[a] {
		all = append(all, of(c)/of(t.costs[b][i]))
	}
	return middle(all)
}

func middle(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(all))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func byCPU(c cost) float64  { return c.each().Seconds() }
func byRate(c cost) float64 { return c.rate() }
