package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"irm/store/storetest"
)

// TestARetriedPostActsOnceAfterAKill kills the program while six people enter
// agreements. Who got no answer sends the same form again after the restart, and is
// answered as if nothing had happened: the agreement is there once, whether it was
// stored before the kill or not.
func TestARetriedPostActsOnceAfterAKill(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := "--database=" + dsn
		done(t, "lar", "add", "north", "--name", "North Licensing", "--status", "ready", db)
		done(t, "member", "add", "--role", "lar", "--lar", "north", "--email", "owner@north.example", db) // the first is the owner, who needs a second factor
		link := done(t, "member", "add", "--role", "lar", "--lar", "north", "--email", "desk@north.example", "--base-url", "", db)
		behind := storetest.Behind(t, dsn)
		b := newBrowser("")
		p := begin(t, "serve", "--addr", "127.0.0.1:0", db)
		b.base = p.address
		if status, _, err := b.post(strings.TrimSpace(link), url.Values{"password": {password}}); err != nil || status != 303 {
			t.Fatalf("password: %d, %v", status, err)
		}
		rounds, retried, stored := storetest.Full(2, 10, 60), 0, 0
		for round := range rounds {
			var mu sync.Mutex
			var unanswered []string
			var people sync.WaitGroup
			for person := range 6 {
				people.Go(func() {
					for n := 0; ; n++ {
						number := fmt.Sprintf("K%03d%d%05d", round, person, n)
						if _, _, err := b.post("/agreements", agreementForm(number)); err != nil {
							mu.Lock()
							unanswered = append(unanswered, number)
							mu.Unlock()
							return
						}
					}
				})
			}
			time.Sleep(30*time.Millisecond + rand.N(200*time.Millisecond)) // the moment is what is random
			p.kill()
			people.Wait()
			p = begin(t, "serve", "--addr", "127.0.0.1:0", db)
			b.base = p.address
			for _, number := range unanswered {
				if n := storetest.Texts(t, behind, `SELECT count(*) FROM agreements WHERE number = $1`, number); n[0] == "1" {
					stored++
				}
				status, to, err := b.post("/agreements", agreementForm(number))
				if err != nil || status != 303 || !strings.HasPrefix(to, "/agreements/AGR-") {
					t.Errorf("%s sent again: %d to %s, %v", number, status, to, err)
				}
				if n := storetest.Texts(t, behind, `SELECT count(*) FROM orders o JOIN agreements a ON a.id = o.agreement_id WHERE a.number = $1`, number); n[0] != "1" {
					t.Errorf("%s has %s orders", number, n[0])
				}
				retried++
			}
		}
		p.kill()
		done(t, "verify", db)
		storetest.Figure(t, "R9", "%s: %d kills: %d forms without an answer sent again, %d of them had been stored, each is there once", t.Name()[strings.LastIndex(t.Name(), "/")+1:], rounds, retried, stored)
	})
}

func agreementForm(number string) url.Values {
	return url.Values{"key": {number}, "agreement_number": {number}, "program": {"Enterprise"}, "customer": {"Contoso " + number}, "customer_state": {"NH"}, "seats": {"400"},
		"signed_on": {"2007-03-01"}, "order_number": {number + "-1"}, "order_kind": {"initial"}, "ordered_on": {"2007-03-02"}, "amount": {"$2,500"}}
}
