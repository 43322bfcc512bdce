package web

import (
	"container/list"
	"math"
	"net/http"
	"net/netip"
	"path"
	"strconv"
	"sync"
	"time"
)

// LimitBody ends what is sent at a number of bytes: usual, or for the paths of
// uploads, in which * stands for one part of a path, their own. Who says beforehand that more is coming gets tooLarge's page
// for 413; who sends more without saying so gives whoever reads the body an
// *http.MaxBytesError.
func LimitBody(usual int64, uploads map[string]int64, tooLarge http.HandlerFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			limit := limitOf(r.URL.Path, usual, uploads)
			if r.ContentLength > limit {
				tooLarge(w, r)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, limit)
			next.ServeHTTP(w, r)
		})
	}
}

// limitOf is the limit of a path.
func limitOf(at string, usual int64, uploads map[string]int64) int64 {
	for pattern, limit := range uploads {
		if ok, err := path.Match(pattern, at); ok && err == nil {
			return limit
		}
	}
	return usual
}

// Buckets counts tries by key (an account, a network): burst at once, then one
// each time every has passed. It lives in memory, holds so many keys and no more,
// and forgets the key that has been quiet longest.
type Buckets struct {
	every time.Duration
	burst int
	most  int
	clock func() time.Time

	mu    sync.Mutex
	keys  map[string]*list.Element
	quiet *list.List // of *bucket; the one used last is in front
}

// bucket is full again at an instant: each try moves it by every.
type bucket struct {
	key  string
	full time.Time
}

// mostKeys bounds the memory of one Buckets to about 10 MB.
const mostKeys = 50_000

// NewBuckets returns Buckets without a try counted.
func NewBuckets(every time.Duration, burst int, clock func() time.Time) *Buckets {
	return &Buckets{every: every, burst: burst, most: mostKeys, clock: clock, keys: map[string]*list.Element{}, quiet: list.New()}
}

// Take counts a try of key. It returns 0 if there was one left, or else how long it
// is until there will be one; such a try counts for nothing.
func (b *Buckets) Take(key string) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock()
	x := b.bucket(key)
	full := x.full
	if full.Before(now) {
		full = now
	}
	full = full.Add(b.every)
	if wait = full.Sub(now) - time.Duration(b.burst)*b.every; wait > 0 {
		return wait
	}
	x.full = full
	return 0
}

// Give takes back a try of key: it was a right one, and only wrong ones count.
func (b *Buckets) Give(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.bucket(key)
	x.full = x.full.Add(-b.every)
}

func (b *Buckets) bucket(key string) *bucket {
	e, ok := b.keys[key]
	if ok {
		b.quiet.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if b.quiet.Len() >= b.most {
		oldest := b.quiet.Remove(b.quiet.Back()).(*bucket)
		delete(b.keys, oldest.key)
	}
	fresh := &bucket{key: key}
	b.keys[key] = b.quiet.PushFront(fresh)
	return fresh
}

// LimitRate lets a request through when its key has a try left, or else says in
// Retry-After when it will have one and lets refuse write the page for 429. A
// request with the key "" is not counted.
func LimitRate(b *Buckets, key func(*http.Request) string, refuse http.HandlerFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if k := key(r); k != "" {
				if wait := b.Take(k); wait > 0 {
					w.Header().Set("Retry-After", RetryAfter(wait))
					refuse(w, r)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// RetryAfter is wait as the header of that name has it: whole seconds, at least one.
func RetryAfter(wait time.Duration) string {
	return strconv.Itoa(int(math.Max(1, math.Ceil(wait.Seconds()))))
}

// Network is the key of an address: the address itself for IPv4, and its /64 for
// IPv6, where one customer has as many addresses as it likes. Anything else is its
// own key.
func Network(address string) string {
	if at, err := netip.ParseAddrPort(address); err == nil {
		address = at.Addr().String()
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}
