package influence

import (
	"errors"
	"time"
)

// Method is how a person proves who it is.
type Method string

// The methods. A passkey is two factors in one: the device, and what unlocks it.
const (
	ByPassword     Method = "password"
	ByLink         Method = "link"     // an invitation or the confirmation of an address
	ByCode         Method = "code"     // a code of the authenticator app, after the password
	ByRecoveryCode Method = "recovery" // a recovery code, after the password
	ByPasskey      Method = "passkey"
)

// TwoFactors reports whether a method proves more than one thing.
func (m Method) TwoFactors() bool { return m == ByCode || m == ByRecoveryCode || m == ByPasskey }

// Guessed reports whether a method can be guessed at, so that wrong tries make wait.
func (m Method) Guessed() bool { return m == ByPassword || m == ByCode || m == ByRecoveryCode }

// What admission answers besides yes. ErrForbidden is for who may not enter at all.
var (
	ErrSecondFactor = errors.New("second factor needed")  // the first was right
	ErrWait         = errors.New("too many wrong tries")  // only for what can be guessed
	ErrProof        = errors.New("proof is not fresh")    // who is signed in has to prove it again
	ErrWrongCode    = errors.New("the code is not right") // or was used, or is too old
)

// Suspended is the error for who may not enter because Microsoft suspended the
// company; it is the reason that was given. It is an ErrForbidden.
type Suspended string

func (s Suspended) Error() string { return "the company is suspended" }

// Unwrap makes it an ErrForbidden.
func (s Suspended) Unwrap() error { return ErrForbidden }

// Standing is what admission looks at.
type Standing struct {
	Active    bool // the member was not removed
	Open      bool // its organization takes part and is not suspended
	Suspended bool // its organization is suspended, for the reason Why
	Why       string
	HasSecond bool // an authenticator app or a passkey is set up
	Waiting   bool // wrong tries are to be waited for
}

// LetIn is the one place that says whether somebody who proved a method is let in.
func LetIn(s Standing, by Method) error {
	switch {
	case s.Active && s.Suspended:
		return Suspended(s.Why)
	case !s.Active || !s.Open:
		return ErrForbidden
	case s.Waiting && by.Guessed():
		return ErrWait
	case s.HasSecond && !by.TwoFactors():
		return ErrSecondFactor
	}
	return nil
}

// ProofLife is how long a proof is fresh: what matters most is not done from a
// desk that somebody left.
const ProofLife = 15 * time.Minute

// needsProof lists the actions for which the proof has to be fresh.
var needsProof = map[Action]bool{EditCredentials: true, EditTeam: true, EditMembers: true, SuspendPartner: true, SuspendLAR: true}

// NeedsProof reports whether act is done only with a fresh proof.
func NeedsProof(act Action) bool { return needsProof[act] }

// NeedsSecondFactor reports whether a member can do without a second factor: not
// Microsoft's staff and the owners at a LAR, who see what most others don't.
func NeedsSecondFactor(role Role, rank Rank) bool {
	return role == RoleStaff || role == RoleLAR && rank == RankOwner
}

// withoutSecond lists what somebody does who has yet to set up a second factor.
var withoutSecond = map[Action]bool{Public: true, SignedIn: true, ViewAccount: true, EditAccount: true, EditCredentials: true, Register: true}

// CodePause is how long to wait after n wrong codes in a row: five are free, then a
// quarter of an hour.
func CodePause(n int64) time.Duration {
	if n < 5 {
		return 0
	}
	return TriesForgotten
}

// EmailLinkLife is how long a new e-mail address can be confirmed, CeremonyLife how
// long a sign-in waits for its second half, SignInsKept how long they are listed.
const (
	EmailLinkLife = 24 * time.Hour
	CeremonyLife  = 10 * time.Minute
	SignInsKept   = 90 * 24 * time.Hour
)
