package influence

import "strings"

// MemberState is how a member stands in its organization.
type MemberState string

// The states: invited and without a password yet, active, suspended for a time,
// removed for good. Only who is active can be signed in.
const (
	MemberInvited   MemberState = "invited"
	MemberActive    MemberState = "active"
	MemberSuspended MemberState = "suspended"
	MemberRemoved   MemberState = "removed"
)

// Title is the state in words.
func (s MemberState) Title() string {
	switch s {
	case MemberInvited:
		return "Invited"
	case MemberActive:
		return "Active"
	case MemberSuspended:
		return "Suspended"
	}
	return "Removed"
}

// MemberAction is what can be done with a member.
type MemberAction string

// The actions of an owner or administrator on a member, and leaving by oneself.
const (
	PromoteMember MemberAction = "promote"
	DemoteMember  MemberAction = "demote"
	SuspendMember MemberAction = "suspend"
	ResumeMember  MemberAction = "resume"
	RemoveMember  MemberAction = "remove"
	HandOver      MemberAction = "handover"
	InviteAgain   MemberAction = "invite"
	ResetPassword MemberAction = "reset"   // mail it a link to choose a new password
	SignOutMember MemberAction = "signout" // end all its sessions
	LeaveTeam     MemberAction = "leave"
)

// TopRank is the rank that governs an organization's members, and BaseRank the other.
func TopRank(r Role) Rank {
	if r == RoleStaff {
		return RankAdministrator
	}
	return RankOwner
}

// BaseRank is the rank of members who do not govern their organization's members.
func BaseRank(r Role) Rank {
	if r == RoleStaff {
		return RankManager
	}
	return RankMember
}

// MemberStanding is what decides which actions a member takes.
type MemberStanding struct {
	Role  Role
	Rank  Rank
	State MemberState
	Self  bool // the member is who asks
	Last  bool // nobody else of its organization governs its members and can sign in
}

// top reports whether the member governs its organization's members.
func (m MemberStanding) top() bool { return m.Rank == TopRank(m.Role) }

// irreplaceable reports whether the organization is lost without the member.
func (m MemberStanding) irreplaceable() bool {
	return m.top() && m.State == MemberActive && m.Last
}

// Can says why an action is not possible as the member stands, as a Refusal, or
// returns nil.
func (m MemberStanding) Can(act MemberAction) error {
	if m.irreplaceable() && (act == DemoteMember || act == SuspendMember || act == RemoveMember || act == LeaveTeam) {
		return Refusal("This is the last " + m.topWord() + " who can sign in. Make somebody else " + m.topWord() + " first.")
	}
	switch act {
	case PromoteMember, HandOver:
		return m.canRise()
	case DemoteMember:
		if !m.top() {
			return Refusal("This person is not " + m.topWord() + " any more.")
		}
	case SuspendMember:
		return m.canSuspend()
	case ResumeMember:
		if m.State != MemberSuspended {
			return Refusal("This person is not suspended.")
		}
	case InviteAgain:
		if m.State != MemberInvited {
			return Refusal("This person has accepted the invitation already.")
		}
	case ResetPassword, SignOutMember:
		return m.canSignIn()
	}
	return nil
}

// canSignIn refuses what is only for somebody else who can sign in.
func (m MemberStanding) canSignIn() error {
	switch {
	case m.Self:
		return Refusal("This is you. Your account page changes your password and ends your sessions.")
	case m.State == MemberInvited:
		return Refusal("This person has not accepted the invitation yet.")
	case m.State != MemberActive:
		return Refusal("This person is suspended. End that first.")
	}
	return nil
}

func (m MemberStanding) canRise() error {
	switch {
	case m.top():
		return Refusal("This person is " + m.topWord() + " already.")
	case m.State == MemberInvited:
		return Refusal("This person has not accepted the invitation yet.")
	case m.State != MemberActive:
		return Refusal("This person is suspended. End that first.")
	}
	return nil
}

func (m MemberStanding) canSuspend() error {
	switch {
	case m.Self:
		return Refusal("You can’t suspend yourself. You can leave the team.")
	case m.State == MemberSuspended:
		return Refusal("This person is suspended already.")
	case m.State == MemberInvited:
		return Refusal("This person has not accepted the invitation yet. Withdraw it instead.")
	}
	return nil
}

func (m MemberStanding) topWord() string {
	if m.Role == RoleStaff {
		return "administrator"
	}
	return "owner"
}

// Actions are what can be done with the member now, in the order in which pages
// offer it.
func (m MemberStanding) Actions() (all []MemberAction) {
	for _, act := range []MemberAction{InviteAgain, PromoteMember, HandOver, DemoteMember, ResetPassword, SignOutMember, ResumeMember, SuspendMember, RemoveMember} {
		if m.Self && (act == RemoveMember || act == HandOver) {
			continue // leaving is an action of its own
		}
		if m.Can(act) == nil {
			all = append(all, act)
		}
	}
	return all
}

// CheckPerson returns name and address of a person to invite as they are stored,
// and records what is wrong with them against the fields name and email.
func CheckPerson(v Invalid, name, email string) (string, string) {
	name = line(name)
	checkRequired(v, "name", name, "Enter the person’s name.")
	v.Check(strings.TrimSpace(email) != "", "email", "Enter the person’s work e-mail.")
	return name, parsed(v, "email", email, ParseEmail)
}
