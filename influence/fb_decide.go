package influence

import (
	"fmt"
	"time"
)

type DecisionDraft struct {
	Version  int64
	Shares   []Share
	None     bool
	Code     string
	From     Day
	Note     string
	Replaces []string
	Rejects  map[string]string
}

func (d DecisionDraft) Validate(signedOn Day, openClaims bool) error {
	v := Invalid{}
	var sum int64
	primaries := 0
	seen := map[string]bool{}
	for _, s := range d.Shares {
		v.Check(s.Points >= 100 && s.Points <= 10_000, "share", "A share is 1 % to 100 %.")
		v.Check(!seen[s.PartnerNo], "partner_id", "Partner "+s.PartnerNo+" has two shares. One share a partner.")
		_, known := map[InfluenceKind]bool{Sourced: true, Licensing: true, Presales: true, Deployment: true, Training: true, Other: true}[s.Kind]
		v.Check(known, "kind", "Choose what each partner did.")
		seen[s.PartnerNo] = true
		sum += s.Points
		if s.Primary {
			primaries++
		}
	}
	v.Check(sum <= 10_000, "share", fmt.Sprintf("The shares add up to %s. Together they can be 100 %% at most.", FormatPercent(sum)))
	v.Check(len(d.Shares) == 0 || primaries == 1, "primary", "Choose one partner as primary.")
	v.Check(d.None == (len(d.Shares) == 0), "outcome", "Give at least one partner a share, or choose No partner influenced.")
	v.Check(!d.None || !openClaims || d.Code != "", "code", "Choose why the claims are rejected.")
	v.Check(d.From == Start || d.From > signedOn, "effective_on", "A decision is in force from the beginning, or from a day after the signing date.")
	return v.OrNil()
}

func OwnedSentence(name string) string {
	return name + " is owned by your company. A decision that gives it a share needs a second approval, which the portal does not offer yet."
}

type NamesKind string

const (
	NamesNothing NamesKind = "nothing"
	NamesDecide  NamesKind = "decide"
	NamesItem    NamesKind = "item"
)

type Named struct {
	PartnerNos                                                                           []string
	InForceToday                                                                         *Decision
	HasLive, RivalClaims, Suspended, OwnedByLAR, LARNotReady, InDispute, BookedElsewhere bool
}

type Outcome struct {
	Kind           NamesKind
	Item, Sentence string
}

func ReportNames(n Named) Outcome {
	item := func(kind, sentence string) Outcome { return Outcome{NamesItem, kind, sentence} }
	if len(n.PartnerNos) == 0 {
		return Outcome{Kind: NamesNothing}
	}
	if len(n.PartnerNos) > 1 {
		return item("several", "The report names several partners for this agreement.")
	}
	no := n.PartnerNos[0]
	if n.InForceToday != nil {
		for _, s := range n.InForceToday.Shares {
			if s.PartnerNo == no {
				return Outcome{Kind: NamesNothing}
			}
		}
	}
	switch {
	case n.HasLive:
		return item("contradicts", "The report names partner "+no+", and the decision says otherwise.")
	case n.RivalClaims:
		return item("conflict", "The report names partner "+no+", and another partner claims this agreement.")
	case n.Suspended:
		return item("suspended", "The report names partner "+no+", which is suspended.")
	case n.OwnedByLAR:
		return item("owned", "The report names partner "+no+", which your company owns.")
	case n.LARNotReady:
		return item("lar_not_ready", "The report names partner "+no+". Your company decides once it is Ready.")
	case n.InDispute:
		return item("dispute", "The report names partner "+no+", and a dispute is open.")
	}
	return Outcome{Kind: NamesDecide}
}

func CanUndo(d Decision, ds []Decision, by string, now time.Time, set Settings) error {
	for _, o := range ds {
		if o.Seq > d.Seq {
			return Refusal("A newer decision was made. Enter another decision instead.")
		}
	}
	switch {
	case d.Void:
		return Refusal("This decision was undone already.")
	case d.By != by:
		return Refusal("Only the person who made a decision can undo it.")
	case d.Basis == Ruling:
		return Refusal("A ruling can’t be undone.")
	case now.Sub(d.RecordedAt) > set.Undo:
		return Refusal("A decision can be undone for 15 minutes. Enter another decision instead.")
	}
	return nil
}

func CanUndoReport(number string, current, decidedLater bool) error {
	switch {
	case !current:
		return Refusal("An order of agreement " + number + " was corrected after this report. Undo the later change first.")
	case decidedLater:
		return Refusal("Agreement " + number + " was decided after this report. The report can’t be undone any more.")
	}
	return nil
}

func FormatPercent(points int64) string {
	if points%100 == 0 {
		return fmt.Sprintf("%d\u00a0%%", points/100)
	}
	return fmt.Sprintf("%.2f\u00a0%%", float64(points)/100)
}
