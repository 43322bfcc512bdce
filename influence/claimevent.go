package influence

// What happens to a claim by something else than its own buttons; history shows
// it beside the actions of the table.
const (
	ConfirmClaim ClaimAction = "confirm" // by a decision on its agreement
	UndoClaim    ClaimAction = "undo"    // of the decision
	DeliverClaim ClaimAction = "deliver" // the connection was accepted
	ReturnClaim  ClaimAction = "return"  // the connection was declined
	ExpireClaim  ClaimAction = "expire"  // nobody attached it in time
	OwnersClaim  ClaimAction = "owners"  // the LAR's turn ended: its owners' began
	StaffClaim   ClaimAction = "staff"   // the owners' ended too: Microsoft may decide

	SayMine    ClaimAction = "mine"     // its partner says that an agreement that fits is its own
	SayNotMine ClaimAction = "not_mine" // or that none is

	SupersedeClaim ClaimAction = "supersede" // by its partner's newer claim
)
