package web

import (
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
