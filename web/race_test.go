package web

import (
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"irm/store/storetest"
)

// TestOneOfSixteenDesks: of 16 who send a decision on an agreement with the same
// version one is done, and 15 are shown that somebody was faster.
func TestOneOfSixteenDesks(t *testing.T) {
	worlds.Each(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn)
		for _, number := range []string{"E1", "R3"} {
			ref := w.things[number]
			version := w.version(t, "agreements", ref)
			var done, told atomic.Int64
			var wg sync.WaitGroup
			for i := range 16 {
				cookie := w.cookie(t, w.who[[]string{"owner@north.example", "member@north.example"}[i%2]])
				wg.Go(func() {
					kind, body := formBody(url.Values{"version": {version}, "partner_id": {[]string{"10001", "10002", "10003"}[i%3]}, "share": {"100"}, "kind": {"presales"}, "code": {"other_partner_confirmed"}})
					switch got := w.ask(t, cookie, "POST", "/agreements/"+ref+"/decide", kind, body); got.status {
					case 303:
						done.Add(1)
					case 409:
						told.Add(1)
					default:
						t.Errorf("status %d", got.status)
					}
				})
			}
			wg.Wait()
			if done.Load() != 1 || told.Load() != 15 {
				t.Errorf("%s: %d were done and %d told of it, want 1 and 15", number, done.Load(), told.Load())
			}
			if n := storetest.Texts(t, w.db, `SELECT count(*) FROM decisions d JOIN agreements a ON a.id = d.agreement_id WHERE a.ref = $1`, ref); n[0] != "1" {
				t.Errorf("%s has %s decisions", number, n[0])
			}
		}
	})
}

// TestARetriedPostActsOnce: the same form sent 2 to 16 times at once, and once more
// later, is done once, and each is answered as the first.
func TestARetriedPostActsOnce(t *testing.T) {
	for kind, fresh := range map[string]func(testing.TB) string{"sqlite": worlds.SQLite, "postgres": worlds.Postgres} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t, fresh(t))
			rounds, posts := storetest.Full(12, 200, 1_000), 0
			desk, partner := w.cookie(t, w.who["owner@north.example"]), w.cookie(t, w.who["owner@alder.example"])
			for i := range rounds {
				key := fmt.Sprint("round", i)
				times := 2 + i%15
				posts += times + 1
				switch i % 3 {
				case 0:
					f := url.Values{"key": {key}, "agreement_number": {key}, "program": {"Enterprise"}, "customer": {"Customer of " + key}, "customer_state": {"NH"}, "seats": {"300"},
						"signed_on": {"2007-03-01"}, "order_number": {key + "-1"}, "order_kind": {"initial"}, "ordered_on": {"2007-03-02"}, "amount": {"$1,000"}}
					w.sameAnswers(t, desk, "/agreements", f, times, `SELECT count(*) FROM agreements WHERE number = '`+key+`'`)
				default:
					f := url.Values{"key": {key}, "do": {[]string{"", "submit", "draft"}[i%3]}, "lar": {w.things["lar north"]}, "customer": {"Customer of " + key}, "customer_state": {"NH"}, "program": {"enterprise"},
						"seats": {"300"}, "amount": {"$3,000"}, "expected_on": {"2007-05-01"}, "kind": {"presales"}, "note": {"We ran another pilot."}}
					w.sameAnswers(t, partner, "/claims", f, times, `SELECT count(*) FROM claims WHERE customer = 'Customer of `+key+`'`)
				}
			}
			storetest.Figure(t, "R9", "%s: %d forms sent 2 to 16 times at once and once more (%d posts), each done once and answered alike", kind, rounds, posts)
		})
	}
}

// sameAnswers sends a form many times at once and once more, and compares the
// answers; query counts what it made.
func (w *world) sameAnswers(t *testing.T, cookie, path string, f url.Values, times int, query string) {
	t.Helper()
	answers := make([]answer, times)
	var wg sync.WaitGroup
	for i := range times {
		wg.Go(func() {
			kind, body := formBody(f)
			answers[i] = w.ask(t, cookie, "POST", path, kind, body)
		})
	}
	wg.Wait()
	kind, body := formBody(f)
	answers = append(answers, w.ask(t, cookie, "POST", path, kind, body))
	for _, a := range answers {
		if a.status != 303 || a.to != answers[0].to {
			t.Errorf("%s %s: %d to %q, another %d to %q", path, f.Get("key"), a.status, a.to, answers[0].status, answers[0].to)
		}
	}
	if n := storetest.Texts(t, w.db, query); n[0] != "1" {
		t.Errorf("%s %s is there %s times", path, f.Get("key"), n[0])
	}
}
