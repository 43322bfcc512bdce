package influence

import (
	"fmt"
	"slices"
	"strings"
)

// ClaimAction is one thing that is done to a claim.
type ClaimAction string

// The actions of the table in domain.md, Connections and claims.
const (
	EditClaim        ClaimAction = "edit"
	SubmitClaim      ClaimAction = "submit"
	DiscardClaim     ClaimAction = "discard"
	WithdrawClaim    ClaimAction = "withdraw"
	AttachClaim      ClaimAction = "attach"
	RejectClaim      ClaimAction = "reject"
	ExtendClaim      ClaimAction = "extend"
	AddClaimEvidence ClaimAction = "add_evidence"
	AskAboutClaim    ClaimAction = "ask"
	TakeQuestionBack ClaimAction = "take_question_back"
	AnswerAboutClaim ClaimAction = "answer"
	DetachClaim      ClaimAction = "detach"
	DisputeClaim     ClaimAction = "dispute"
	ReopenClaim      ClaimAction = "reopen"
)

// claimRule says by whom and in which states an action is taken.
type claimRule struct {
	by      Role
	done    string // "withdrawn", in sentences
	from    []ClaimState
	offered bool // false: the portal does not do it yet
}

// claimRules is the whole table. What is not in it is refused.
var claimRules = map[ClaimAction]claimRule{
	EditClaim:        {RolePartner, "edited", []ClaimState{ClaimDrafted, ClaimWaiting, ClaimIntent}, true},
	SubmitClaim:      {RolePartner, "submitted", []ClaimState{ClaimDrafted}, true},
	DiscardClaim:     {RolePartner, "discarded", []ClaimState{ClaimDrafted}, true},
	WithdrawClaim:    {RolePartner, "withdrawn", []ClaimState{ClaimWaiting, ClaimIntent, ClaimAttached, ClaimActionRequired}, true},
	AttachClaim:      {RoleLAR, "attached", []ClaimState{ClaimIntent}, true},
	RejectClaim:      {RoleLAR, "rejected", []ClaimState{ClaimIntent}, true},
	ExtendClaim:      {RolePartner, "extended", []ClaimState{ClaimIntent}, true},
	AddClaimEvidence: {RolePartner, "given evidence", []ClaimState{ClaimDrafted, ClaimWaiting, ClaimIntent, ClaimAttached, ClaimActionRequired}, true},
	AskAboutClaim:    {RoleLAR, "asked about", []ClaimState{ClaimAttached}, true},
	TakeQuestionBack: {RoleLAR, "freed of its question", []ClaimState{ClaimActionRequired}, true},
	AnswerAboutClaim: {RolePartner, "answered", []ClaimState{ClaimActionRequired}, true},
	DetachClaim:      {RoleLAR, "detached", []ClaimState{ClaimAttached}, true},
	DisputeClaim:     {RolePartner, "disputed", []ClaimState{ClaimConfirmed, ClaimRejected}, true},
	ReopenClaim:      {RolePartner, "reopened", []ClaimState{ClaimRejected, ClaimWithdrawn, ClaimExpired}, true},
}

// Can returns nil when somebody of role r may do a to a claim in s, and a Refusal
// that says why not otherwise.
func (s ClaimState) Can(a ClaimAction, r Role) error {
	rule, known := claimRules[a]
	switch {
	case !known:
		return Refusal("This cannot be done to a claim.")
	case rule.by != r:
		return Refusal(fmt.Sprintf("Only the %s a claim belongs to decides whether it is %s.", sideName(rule.by), rule.done))
	case !rule.offered:
		return Refusal(fmt.Sprintf("A claim cannot be %s in this portal yet.", rule.done))
	case slices.Contains(rule.from, s):
		return nil
	case a == RejectClaim && (s == ClaimAttached || s == ClaimActionRequired):
		return Refusal("This claim is attached to an agreement. The decision on the agreement confirms or rejects it.")
	}
	return Refusal(fmt.Sprintf("This claim is %s, so it cannot be %s.", stateInSentence(s), rule.done))
}

// sideName is the word for the side that acts.
func sideName(r Role) string {
	if r == RoleLAR {
		return "LAR"
	}
	return "partner"
}

func stateInSentence(s ClaimState) string {
	switch s {
	case ClaimDrafted:
		return "a draft"
	case ClaimActionRequired:
		return "waiting for an answer"
	case ClaimAttached:
		return "attached to an agreement"
	}
	return strings.ToLower(s.Title())
}

// MayChangeLAR reports whether an edit in s may send the claim to another LAR:
// once a LAR has it, it stays there.
func (s ClaimState) MayChangeLAR() bool { return s == ClaimDrafted || s == ClaimWaiting }
