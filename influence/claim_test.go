package influence

import (
	"strings"
	"testing"
)

func TestClaimStatesAreShown(t *testing.T) {
	for _, c := range []struct {
		state ClaimState
		title string
		turn  string // as a partner reads it
		tone  Tone
		open  bool
	}{
		{ClaimDrafted, "Draft", "Your turn", TonePlain, false},
		{ClaimWaiting, "Waiting for connection", "LAR’s turn", ToneInfo, true},
		{ClaimIntent, "Waiting for an agreement", "Nobody’s turn", ToneInfo, true},
		{ClaimAttached, "Submitted", "LAR’s turn", ToneInfo, true},
		{ClaimActionRequired, "Action required", "Your turn", ToneWarn, true},
		{ClaimConfirmed, "Confirmed", "Nobody’s turn", ToneGood, false},
		{ClaimRejected, "Rejected", "Nobody’s turn", ToneBad, false},
		{ClaimWithdrawn, "Withdrawn", "Nobody’s turn", TonePlain, false},
		{ClaimExpired, "Expired", "Nobody’s turn", TonePlain, false},
		{ClaimSuperseded, "Superseded", "Nobody’s turn", TonePlain, false},
	} {
		s := c.state
		if s.Title() != c.title || s.Turn().Title(RolePartner) != c.turn || s.Tone() != c.tone || s.Open() != c.open {
			t.Errorf("%s: %q, %q, %s, open %v", s, s.Title(), s.Turn().Title(RolePartner), s.Tone(), s.Open())
		}
	}
	if len(ClaimStates()) != len(claimStates) {
		t.Error("the list of states is not whole")
	}
	if TurnLAR.Title(RoleLAR) != "Your turn" || TurnPartner.Title(RoleLAR) != "Partner’s turn" || TurnPartner.Title(RoleStaff) != "Partner’s turn" {
		t.Error("whose turn it is follows from who looks")
	}
}

func TestClaimSilence(t *testing.T) {
	if got := ClaimAttached.Silence("2007-04-30", "Northgate 100%s", Defaults()); got != "Northgate 100%s has until 30 Apr 2007 to decide, then its owners have until 7 May 2007. After that Microsoft may decide too." {
		t.Error(got)
	}
	for _, s := range ClaimStates() {
		got := s.Silence("2007-04-30", "Northgate", Defaults())
		if strings.ContainsAny(got, "{}%") || (got == "") != (!s.Open() && s != ClaimDrafted) {
			t.Errorf("%s: %q", s, got)
		}
	}
}

func TestClaimDue(t *testing.T) {
	for state, want := range map[ClaimState]Day{
		ClaimDrafted: "", ClaimWaiting: "2007-04-30", ClaimIntent: "2007-10-13", ClaimAttached: "2007-04-30",
		ClaimActionRequired: "2007-04-30", ClaimConfirmed: "", ClaimWithdrawn: "",
	} {
		if got := state.Due("2007-04-16", Defaults()); got != want {
			t.Errorf("%s begun on 2007-04-16 is due %q, want %q", state, got, want)
		}
	}
}

func TestFitsWindow(t *testing.T) {
	for signed, want := range map[Day]bool{
		"2007-01-15": false, "2007-01-16": true, "2007-04-16": true, "2007-10-13": true, "2007-10-14": false,
	} {
		if FitsWindow(signed, "2007-04-16", "2007-10-13", Defaults()) != want {
			t.Errorf("signed %s: not %v", signed, want)
		}
	}
}
