package influence

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every cell of the table: an action is taken by one role in these states and is
// refused with a sentence everywhere else.
func TestASVS_2_3_1_WhatCanBeDoneToAClaim(t *testing.T) {
	may := map[string]bool{}
	for action, states := range map[ClaimAction][]ClaimState{
		EditClaim:     {ClaimDrafted, ClaimWaiting, ClaimIntent},
		SubmitClaim:   {ClaimDrafted},
		DiscardClaim:  {ClaimDrafted},
		WithdrawClaim: {ClaimWaiting, ClaimIntent, ClaimAttached, ClaimActionRequired},
		ExtendClaim:   {ClaimIntent},
		ReopenClaim:   {ClaimRejected, ClaimWithdrawn, ClaimExpired},
		DisputeClaim:  {ClaimConfirmed, ClaimRejected},

		AddClaimEvidence: {ClaimDrafted, ClaimWaiting, ClaimIntent, ClaimAttached, ClaimActionRequired},
	} {
		for _, s := range states {
			may[fmt.Sprint(s, action, RolePartner)] = true
		}
	}
	for _, cell := range []string{
		fmt.Sprint(ClaimIntent, AttachClaim, RoleLAR), fmt.Sprint(ClaimIntent, RejectClaim, RoleLAR), fmt.Sprint(ClaimAttached, AskAboutClaim, RoleLAR), fmt.Sprint(ClaimAttached, DetachClaim, RoleLAR),
		fmt.Sprint(ClaimActionRequired, TakeQuestionBack, RoleLAR), fmt.Sprint(ClaimActionRequired, AnswerAboutClaim, RolePartner),
	} {
		may[cell] = true
	}

	for cell := range claimCells {
		err := cell.state.Can(cell.action, cell.role)
		if (err == nil) != may[fmt.Sprint(cell.state, cell.action, cell.role)] {
			t.Errorf("%+v: %v", cell, err)
		}
		if err != nil && (!strings.HasSuffix(err.Error(), ".") || strings.Contains(err.Error(), "_")) {
			t.Errorf("%+v is refused with %q", cell, err)
		}
	}
}

type claimCell struct {
	state  ClaimState
	action ClaimAction
	role   Role
}

// claimCells yields every state, action and role, and some that do not exist.
func claimCells(yield func(claimCell) bool) {
	actions := append(slices.Sorted(maps.Keys(claimRules)), "", "erase")
	roles := []Role{RolePartner, RoleLAR, RoleStaff, RoleApplicant, ""}
	states := append(ClaimStates(), "", "lost")
	for i := range len(states) * len(actions) * len(roles) {
		role, rest := roles[i%len(roles)], i/len(roles)
		if !yield(claimCell{states[rest/len(actions)], actions[rest%len(actions)], role}) {
			return
		}
	}
}

func TestRefusalsOfActions(t *testing.T) {
	for _, c := range []struct {
		state  ClaimState
		action ClaimAction
		role   Role
		want   string
	}{
		{ClaimConfirmed, WithdrawClaim, RolePartner, "This claim is confirmed, so it cannot be withdrawn."},
		{ClaimDrafted, WithdrawClaim, RolePartner, "This claim is a draft, so it cannot be withdrawn."},
		{ClaimIntent, WithdrawClaim, RoleLAR, "Only the partner a claim belongs to decides whether it is withdrawn."},
		{ClaimAttached, RejectClaim, RoleLAR, "This claim is attached to an agreement. The decision on the agreement confirms or rejects it."},
		{ClaimAttached, DisputeClaim, RolePartner, "This claim is attached to an agreement, so it cannot be disputed."},
		{ClaimAttached, EditClaim, RolePartner, "This claim is attached to an agreement, so it cannot be edited."},
	} {
		if err := c.state.Can(c.action, c.role); err == nil || err.Error() != c.want {
			t.Errorf("%s %s: %v", c.state, c.action, err)
		}
	}
}

func TestLARStaysOnceItHasTheClaim(t *testing.T) {
	for _, s := range ClaimStates() {
		if want := s == ClaimDrafted || s == ClaimWaiting; s.MayChangeLAR() != want {
			t.Errorf("%s: not %v", s, want)
		}
	}
}
