package influence

// NamesKind is what a report's naming of partners leads to.
type NamesKind string

// The outcomes: nothing, a decision for the partner named, a question to the desk.
const (
	NamesNothing NamesKind = "nothing"
	NamesDecide  NamesKind = "decide"
	NamesItem    NamesKind = "item"
)

// Named is what a report says about the partners of one agreement, and what the
// records say about the agreement and, if it is one, the partner.
type Named struct {
	PartnerNos   []string  // named in the file's lines of the agreement; a blank names nobody
	InForceToday *Decision // nil while undecided
	HasLive      bool      // a decision that is not void exists, also one for no partner
	RivalClaims  bool      // another partner's open claim is attached, or suggested from the threshold on
	Suspended    bool      // the partner is
	OwnedByLAR   bool      // the partner is, by the LAR that reports
	LARNotReady  bool
	InDispute    bool
}

// Outcome is what follows; Item and Sentence are set for a question to the desk.
type Outcome struct {
	Kind           NamesKind
	Item, Sentence string
}

// ReportNames decides what follows from the partners that a report names. A
// report never changes a decision: what contradicts one is asked.
func ReportNames(n Named) Outcome {
	switch len(n.PartnerNos) {
	case 0:
		return Outcome{Kind: NamesNothing}
	case 1:
		return namesOne(n, n.PartnerNos[0])
	}
	return ask("several", "The report names several partners for this agreement.")
}

func namesOne(n Named, no string) Outcome {
	names := "The report names partner " + no
	switch {
	case n.InForceToday != nil && n.InForceToday.gives(no):
		return Outcome{Kind: NamesNothing}
	case n.HasLive:
		return ask("contradicts", names+", and the decision says otherwise.")
	case n.RivalClaims:
		return ask("conflict", names+", and another partner claims this agreement.")
	case n.Suspended:
		return ask("suspended", names+", which is suspended.")
	case n.OwnedByLAR:
		return ask("owned", names+", which your company owns.")
	case n.LARNotReady:
		return ask("lar_not_ready", names+". Your company decides once it is Ready.")
	case n.InDispute:
		return ask("dispute", names+", and a dispute is open.")
	}
	return Outcome{Kind: NamesDecide}
}

func ask(item, sentence string) Outcome { return Outcome{NamesItem, item, sentence} }

// gives reports whether a decision gives the partner with an ID a share.
func (d Decision) gives(partnerNo string) bool {
	for _, s := range d.Shares {
		if s.PartnerNo == partnerNo {
			return true
		}
	}
	return false
}
