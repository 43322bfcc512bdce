package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"irm/influence"
	"irm/store"

	"golang.org/x/mod/sumdb/note"
)

// TestASVS_11_2_2_KeysRotateUnderTraffic: while signed-in people read and write, another
// process makes new keys again and again, those that seal secrets and the one that
// signs. Nobody is signed out, an authenticator app that was set up before opens the
// account after each of them, and each checkpoint on the way verifies at the end.
func TestASVS_11_2_2_KeysRotateUnderTraffic(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		r := &rotation{t: t, portal: newPortal(t, dsn, Config{}), ticks: make(chan struct{})}
		r.begin(dsn)
		stop := r.traffic()
		for range 8 {
			r.rotate()
			r.signsInWithTheApp()
			for range 10 { // the traffic goes on with the new keys
				<-r.ticks
			}
		}
		stop()
		r.verified()
		t.Logf("%d requests by 5 sessions while all keys were made anew %d times, %d signed out", r.asked.Load(), len(r.held), r.out.Load())
	})
}

// rotation is a portal whose keys are made anew.
type rotation struct {
	*portal
	t          *testing.T
	operator   store.Session // of another process
	signer     note.Signer   // as the portal has it in memory, from its start on
	secret     string        // of dana's app
	claims     *browser
	held       []string // checkpoints, the oldest first
	asked, out atomic.Int64
	ticks      chan struct{} // one for each request and answer that somebody waits for
}

func (r *rotation) begin(dsn string) {
	keys := filepath.Join(r.t.TempDir(), "keys")
	r.store.UseKeys(keys)
	other, err := store.Open(r.t.Context(), dsn, r.store.Clock())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := other.Close(); err != nil {
			r.t.Error(err)
		}
	})
	other.UseKeys(keys)
	r.operator = other.As(influence.Operator())
	if r.signer, _, err = r.store.Signer(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	b := r.browser(r.t)
	b.signIn("dana@alder.example", r.password)
	r.secret, _ = b.setUpApp()
	r.claims = b
}

// traffic has sessions read and write until stop is called.
func (r *rotation) traffic() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	clients := []*http.Client{r.claims.http}
	for _, member := range []string{r.lar.MemberID, r.lar.MemberID, r.staff, r.staff} {
		clients = append(clients, r.as(r.t, member).http)
	}
	for _, c := range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := r.asks(c); err != nil {
					r.out.Add(1)
					r.t.Error(err)
				}
				r.asked.Add(2)
				select {
				case r.ticks <- struct{}{}:
				default:
				}
			}
		})
	}
	return func() { cancel(); all.Wait() }
}

// asks reads a page and sends a form; only who is signed in stays at the account.
func (r *rotation) asks(c *http.Client) error {
	for _, ask := range []func() (*http.Response, error){
		func() (*http.Response, error) { return c.Get(r.url + "/account") },
		func() (*http.Response, error) {
			return c.PostForm(r.url+"/account/sessions/end", url.Values{"session": {"none"}})
		},
	} {
		resp, err := ask()
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/account" {
			return fmt.Errorf("status %d at %s", resp.StatusCode, resp.Request.URL.Path)
		}
	}
	return nil
}

// rotate makes all keys anew, and has the portal sign on with what it has in memory.
func (r *rotation) rotate() {
	r.t.Helper()
	ctx := r.t.Context()
	if n, err := r.operator.RotateSecrets(ctx); err != nil || n != 1 {
		r.t.Fatalf("%d secrets sealed anew, %v", n, err)
	}
	if _, err := r.operator.RotateKeys(ctx); err != nil {
		r.t.Fatal(err)
	}
	if err := r.store.SealAll(ctx, r.signer); err != nil {
		r.t.Fatal(err)
	}
	b := r.as(r.t, r.staff)
	resp, text := b.file("/audit/checkpoint.txt")
	if !store.IsCheckpoint(text) {
		r.t.Fatalf("%v: no checkpoint: %s", resp, text)
	}
	r.held = append(r.held, text)
}

// signsInWithTheApp signs in anew by a code of the app.
func (r *rotation) signsInWithTheApp() {
	r.t.Helper()
	r.pass(30 * time.Second) // each code works once
	b := r.browser(r.t)
	b.signIn("dana@alder.example", r.password).fill("code", r.appCode(r.t, r.secret, 0)).press("Sign in").sees(200, "Dana Ruiz")
}

// verified holds the ledger against each checkpoint; each has a key of its own.
func (r *rotation) verified() {
	r.t.Helper()
	if r.out.Load() > 0 {
		r.t.Errorf("%d of 5 sessions ended", r.out.Load())
	}
	signed := map[string]bool{}
	for i, held := range r.held {
		if wrong, err := r.store.VerifySince(r.t.Context(), held); err != nil || len(wrong) > 0 {
			r.t.Errorf("checkpoint %d: %q, %v", i, wrong, err)
		}
		lines := strings.Split(strings.TrimSpace(held), "\n")
		signature := strings.Fields(lines[len(lines)-1])
		signed[signature[len(signature)-1][:6]] = true // begins with the key's hash
	}
	if len(signed) != len(r.held) {
		r.t.Errorf("%d checkpoints are signed by %d keys", len(r.held), len(signed))
	}
}
