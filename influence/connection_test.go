package influence

import (
	"fmt"
	"testing"
)

func TestWhatCanBeDoneToAConnection(t *testing.T) {
	may := map[string]bool{
		"- ask partner": true, "-declined ask partner": true, "-ended ask partner": true,
		"-asked accept lar": true, "-asked accept staff": true, "-asked decline lar": true,
		"-accepted end lar": true, "-accepted end partner": true,
	}
	for _, s := range append(ConnectionStates(), "") {
		for _, a := range []ConnectionAction{AskToConnect, AcceptConnection, DeclineConnection, EndConnection, "sell"} {
			for _, r := range []Role{RolePartner, RoleLAR, RoleStaff} {
				cell := fmt.Sprintf("-%s %s %s", s, a, r)
				if err := s.Can(a, r); (err == nil) != may[cell] {
					t.Errorf("%s: %v", cell, err)
				}
			}
		}
	}
}

func TestConnectionIsShown(t *testing.T) {
	for state, want := range map[ConnectionState]string{
		ConnectionAsked: "Asked info lar", ConnectionAccepted: "Connected good ",
		ConnectionDeclined: "Declined bad ", ConnectionEnded: "Ended plain ",
	} {
		if got := fmt.Sprintf("%s %s %s", state.Title(), state.Tone(), state.Turn()); got != want {
			t.Errorf("%s is shown as %q", state, got)
		}
	}
	due := ConnectionDue("2007-04-16", Defaults())
	if due != "2007-04-30" {
		t.Errorf("due %s", due)
	}
	if got := ConnectionAsked.Silence(due, "Northgate", Defaults()); got != "Northgate has until 30 Apr 2007 to accept or decline, then its owners have until 7 May 2007. After that Microsoft may connect the two." {
		t.Error(got)
	}
	if ConnectionEnded.Silence(due, "Northgate", Defaults()) != "" {
		t.Error("an ended connection waits for nothing")
	}
}
