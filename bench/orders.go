package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"

	"irm/influence"
	"irm/store"
)

// writeOrders writes a report of n orders in the canonical columns, four to an
// agreement, and returns its path. One agreement in seven names a partner. from
// is the first agreement's place, so that two reports have nothing in common.
func (b *bench) writeOrders(n, from int, partners []store.LoadedPartner) (string, error) {
	f, err := os.Create(b.path(fmt.Sprintf("orders-%d-%d.csv", from, n)))
	if err != nil {
		return "", err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on,amount,partner_id")
	d := draw{Rand: rand.New(rand.NewPCG(2, uint64(from)))} //nolint:gosec // nothing secret is drawn
	for i := 0; i < n; i += ordersEach {
		d.writeAgreement(w, from+i/ordersEach, min(ordersEach, n-i), partners)
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	return f.Name(), nil
}

// ordersEach is how many orders an imported agreement has.
const ordersEach = 4

func (d draw) writeAgreement(w *bufio.Writer, i, orders int, partners []store.LoadedPartner) {
	signed := influence.Day("2005-07-01").AddDays(d.IntN(500))
	customer, state, partner := d.customer(), states[d.IntN(len(states))], ""
	if i%7 == 0 {
		partner = partners[d.IntN(len(partners))].No
	}
	program, seats := []string{"Enterprise", "Select"}[d.IntN(2)], 250+d.IntN(5000)
	for n := range orders {
		kind := []string{"initial", "true-up", "call-off", "call-off"}[n]
		cents := 100_000 + d.IntN(90_000_000)
		fmt.Fprintf(w, "%s,%s,%s,%s,%d,%s,%s-%02d,%s,%s,%d.%02d,%s\n", number(i), program, customer, state, seats, signed,
			number(i), n+1, kind, signed.AddDays(n*45), cents/100, cents%100, partner)
	}
}
