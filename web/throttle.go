package web

import "time"

// limits hold how often things that cost or could be guessed may be asked for.
type limits struct {
	signIn, signUp, mailTo, password, lookUp, export *Buckets
}

// newLimits: sign-ins by network; sign-ups and resets by network and by address,
// because each sends a mail; checks of one's own password, exact look-ups in the
// roster and exports by member.
func newLimits(clock func() time.Time) limits {
	return limits{
		signIn:   NewBuckets(36*time.Second, 100, clock), // 100 an hour
		signUp:   NewBuckets(3*time.Minute, 20, clock),   // 20 an hour
		mailTo:   NewBuckets(20*time.Minute, 3, clock),   // 3 an hour
		password: NewBuckets(30*time.Second, 10, clock),  // 120 an hour
		lookUp:   NewBuckets(2*time.Second, 30, clock),   // 30 a minute
		export:   NewBuckets(30*time.Second, 120, clock), // 120 an hour
	}
}

// take takes one from a bucket or answers errTooMany.
func take(b *Buckets, key string) error {
	if b.Take(key) > 0 {
		return errTooMany
	}
	return nil
}
