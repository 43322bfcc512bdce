package store

import (
	"slices"

	"irm/influence"
)

// asked looks at the names of a file that changed no order.
func (b *bundle) asked(known bool) error {
	if !known || len(b.named) == 0 {
		return nil
	}
	return b.names()
}

// names applies decisions.md rule 6 to the partners that the file names.
func (b *bundle) names() error {
	if len(b.named) == 0 && len(b.dropped) == 0 {
		return nil
	}
	if !b.touched { // what was read before may be changing at this moment
		if err := b.t.later(`UPDATE agreements SET version = version WHERE id = $1`, b.a.ID); err != nil {
			return err
		}
	}
	f, err := factsOf(b.t.reader(), b.a)
	if err != nil {
		return err
	}
	nos := make([]string, 0, len(b.named))
	for no := range b.named {
		nos = append(nos, no)
	}
	slices.Sort(nos)
	if len(nos) == 0 {
		return b.droppedNames(f)
	}
	in, p, err := b.situation(f, nos)
	if err != nil {
		return err
	}
	out := influence.ReportNames(in)
	switch out.Kind {
	case influence.NamesDecide:
		b.filed = true
		return b.decide(f, p)
	case influence.NamesItem:
		b.filed = true
		return b.t.raise(f.agreement, item{kind: out.Item, nos: nos, sentence: out.Sentence, report: b.report})
	}
	return nil
}

// droppedNames asks the desk when a correction took the name away that a report
// had decided by.
func (b *bundle) droppedNames(f facts) error {
	in, ok := influence.InForce(f.Decisions, b.t.today)
	if !ok {
		return nil
	}
	for _, s := range in.Shares {
		if slices.Contains(b.dropped, s.PartnerNo) {
			return b.t.raise(f.agreement, item{kind: "contradicts", nos: []string{s.PartnerNo}, report: b.report,
				sentence: "The report names partner " + s.PartnerNo + " no longer, and the decision gives it a share."})
		}
	}
	return nil
}

// situation gathers what rule 6 asks about.
func (b *bundle) situation(f facts, nos []string) (in influence.Named, p partnerRow, err error) {
	in = influence.Named{PartnerNos: nos, HasLive: len(influence.Live(f.Decisions)) > 0, LARNotReady: !b.ready}
	if d, ok := influence.InForce(f.Decisions, b.t.today); ok {
		in.InForceToday = &d
	}
	if len(nos) != 1 {
		return in, p, nil
	}
	if in.InDispute, err = b.t.inDispute(f.ID); err != nil {
		return in, p, err
	}
	if p, err = b.t.partnerByNo(nos[0]); err != nil {
		return in, p, err
	}
	in.Suspended, in.OwnedByLAR = p.suspended, p.ownedBy == b.v.actor.OrgID
	err = b.t.row(`SELECT EXISTS (SELECT 1 FROM claims c WHERE c.agreement_id = $1 AND c.partner_id <> $2
			AND c.state IN ('attached', 'action_required'))
		OR EXISTS (SELECT 1 FROM suggestions g JOIN claims c ON c.id = g.claim_id
			WHERE g.agreement_id = $1 AND g.closed_at IS NULL AND g.score >= $3 AND c.partner_id <> $2 AND c.state = 'intent')`,
		f.ID, p.ID, hundredths(b.t.s.settings.SuggestFrom)).Scan(&in.RivalClaims)
	return in, p, err
}

// decide records the decision that the report makes, under an entry of its own.
func (b *bundle) decide(f facts, p partnerRow) error {
	d := desk{v: b.v, t: b.t, f: f, lar: b.v.actor.OrgID}
	var err error
	if d.open, err = b.t.reader().openClaims(f.ID); err != nil {
		return err
	}
	if d.candidates, err = b.t.reader().candidates(f.ID); err != nil {
		return err
	}
	kind := influence.Other
	for _, c := range append(d.open, d.candidates...) {
		if c.PartnerID == p.ID && c.Kind != "" {
			kind = c.Kind
			break
		}
	}
	if !b.touched { // else follow has counted it already
		if err := b.t.later(`UPDATE agreements SET version = version + 1 WHERE id = $1`, f.ID); err != nil {
			return err
		}
	}
	share := influence.Share{PartnerID: p.ID, PartnerNo: p.No, Points: influence.Whole, Kind: kind, Primary: true}
	return b.t.apart(influence.Decide, func() (change, error) {
		ref, err := d.record(&newDecision{Decision: influence.Decision{Basis: influence.Report, Shares: []influence.Share{share}},
			lar: b.v.actor.OrgID, report: b.report}, influence.DecisionDraft{}.RejectCode)
		return change{ref, nil, d.became}, err
	})
}
