package web

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limit is how often something may be done: so many times at once, and as many
// again, one by one, in the course of Per.
type Limit struct {
	Times int
	Per   time.Duration
}

// ParseLimit reads a limit such as 100/1h.
func ParseLimit(s string) (l Limit, err error) {
	times, per, ok := strings.Cut(s, "/")
	if ok {
		l.Times, err = strconv.Atoi(times)
	}
	if ok && err == nil {
		l.Per, err = time.ParseDuration(per)
	}
	if !ok || err != nil || l.Times < 1 || l.Per < time.Millisecond || l.Per/time.Duration(l.Times) < 1 {
		return Limit{}, fmt.Errorf("a limit is written as 100/1h, a number of times and a time, not %q", s)
	}
	return l, nil
}

// String writes the limit as ParseLimit reads it.
func (l Limit) String() string {
	per := strings.TrimSuffix(strings.TrimSuffix(l.Per.String(), "0s"), "0m")
	if per == "" || !strings.ContainsAny(per[len(per)-1:], "hms") {
		per = l.Per.String()
	}
	return strconv.Itoa(l.Times) + "/" + per
}

// Limits are limits by what they are for. What is not in it has its default.
type Limits map[string]Limit

// DefaultLimits are the limits that a portal has unless its operator sets others.
// Of sign-ins only the wrong ones count.
func DefaultLimits() Limits {
	return Limits{
		"sign-in":         {100, time.Hour},   // wrong ones from a network
		"sign-in-company": {600, time.Hour},   // wrong ones with addresses of a domain
		"passkey":         {300, time.Hour},   // challenges for passkeys, by network
		"sign-up":         {20, time.Hour},    // mails that a network has sent to others
		"mail":            {3, time.Hour},     // mails that strangers have sent to an address
		"password":        {120, time.Hour},   // checks of one's own password, by member
		"look-up":         {30, time.Minute},  // exact look-ups in the roster, by member
		"invite":          {60, time.Hour},    // invitations, by organization
		"export":          {120, time.Hour},   // files of lists, by member
		"export-company":  {1_200, time.Hour}, // the same, by organization
		"upload-company":  {300, time.Hour},   // files sent, by organization
	}
}

// Names are what there are limits for, in order.
func (l Limits) Names() []string { return slices.Sorted(maps.Keys(l)) }

// limits hold how often things that cost or could be guessed may be asked for.
type limits struct {
	signIn, signInCompany, passkey, signUp, mailTo, password, lookUp, invite, export, exportCompany, uploadCompany *Buckets

	exporting atOnce
}

func newLimits(set Limits, clock func() time.Time) limits {
	all := DefaultLimits()
	maps.Copy(all, set)
	of := func(name string) *Buckets {
		l := all[name]
		return NewBuckets(l.Per/time.Duration(l.Times), l.Times, clock)
	}
	return limits{signIn: of("sign-in"), signInCompany: of("sign-in-company"), passkey: of("passkey"), signUp: of("sign-up"), mailTo: of("mail"), password: of("password"),
		lookUp: of("look-up"), invite: of("invite"), export: of("export"), exportCompany: of("export-company"), uploadCompany: of("upload-company")}
}

// tooMany says that something was asked for too often, and how long to wait.
type tooMany struct{ wait time.Duration }

func (e tooMany) Error() string { return "too many tries; wait " + e.wait.String() }

// take takes one from a bucket or answers tooMany.
func take(b *Buckets, key string) error {
	if wait := b.Take(key); wait > 0 {
		return tooMany{wait}
	}
	return nil
}

// try is one of a bucket's, by its key.
type try struct {
	of  *Buckets
	key string
}

// takeAll takes one of each, or none and answers tooMany. It is done before what is
// tried is checked, so that tries at once can't outrun the count.
func takeAll(tries []try) error {
	for i, x := range tries {
		if err := take(x.of, x.key); err != nil {
			giveBack(tries[:i])
			return err
		}
	}
	return nil
}

// giveBack gives back tries that were right, or that count for nothing.
func giveBack(tries []try) {
	for _, x := range tries {
		x.of.Give(x.key)
	}
}

// evenStep is longer than a change takes that is the same for known and unknown
// addresses but for a row or two.
const evenStep = 20 * time.Millisecond

// evenly waits until a whole number of steps has passed since a request came, so
// that the time of the answer does not tell what was done for it.
func evenly(ctx context.Context, since time.Time) {
	rest := evenStep - time.Since(since)%evenStep
	select {
	case <-time.After(rest):
	case <-ctx.Done():
	}
}

// domainOf is what comes after the @ of an address, which may be none.
func domainOf(email string) string {
	return strings.ToLower(strings.TrimSpace(email[strings.LastIndexByte(email, '@')+1:]))
}

// exportsAtOnce is how many files one member may have written at the same time.
const exportsAtOnce = 2

// mayExport counts a file that a member asks for, and holds a place for it until
// done is called.
func (r *request) mayExport() (done func(), err error) {
	l := &r.s.limits
	if err := take(l.export, r.actor.MemberID); err != nil {
		return nil, err
	}
	if err := take(l.exportCompany, r.actor.OrgID); err != nil {
		return nil, err
	}
	return l.exporting.enter(r.actor.MemberID, exportsAtOnce)
}

// atOnce counts what is under way by key.
type atOnce struct {
	mu   sync.Mutex
	keys map[string]int
}

func (a *atOnce) enter(key string, most int) (leave func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.keys[key] >= most {
		return nil, tooMany{5 * time.Second}
	}
	if a.keys == nil {
		a.keys = map[string]int{}
	}
	a.keys[key]++
	return func() { a.leave(key) }, nil
}

func (a *atOnce) leave(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.keys[key]--; a.keys[key] == 0 {
		delete(a.keys, key)
	}
}
