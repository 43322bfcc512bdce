package influence

import "time"

// SessionLife says how long somebody stays signed in: idle is the longest pause
// between two requests, longest the time after which the password is asked again
// whatever happens. Who sees many companies' records is asked sooner.
func SessionLife(role Role) (idle, longest time.Duration) {
	switch role {
	case RoleStaff:
		return 12 * time.Hour, 24 * time.Hour
	case RoleLAR:
		return 12 * time.Hour, 7 * 24 * time.Hour
	}
	return 7 * 24 * time.Hour, 30 * 24 * time.Hour
}

// How long a one-time link can be used. A mail with a reset link is worth a
// password, so it is short.
const (
	ConfirmLinkLife = 24 * time.Hour
	InviteLinkLife  = 72 * time.Hour
	ResetLinkLife   = 30 * time.Minute
)

// TriesPause is how long somebody waits before the next try at an account after n
// wrong ones in a row: nothing for ten, then from a second on twice as long each
// time, 15 minutes at most. An account is never locked.
func TriesPause(n int64) time.Duration {
	const free = 10
	if n < free {
		return 0
	}
	if n-free >= 10 {
		return TriesForgotten
	}
	return time.Second << (n - free)
}

// TriesForgotten is after how much quiet wrong tries no longer count.
const TriesForgotten = 15 * time.Minute

// ViewingLife is how long staff sees the portal as an organization does before it
// has to ask for that again.
const ViewingLife = 30 * time.Minute
