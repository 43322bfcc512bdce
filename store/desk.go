package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"irm/influence"
)

// desk is a LAR's decision on an agreement while it is made, or Microsoft's in its place.
type desk struct {
	v           Session
	lar         string // that decides; "" for Microsoft
	t           *tx
	f           facts
	open        []claim // attached and waiting
	candidates  []claim
	told        map[string]bool // partners whom the answer to a claim tells
	was, became any
}

// decisionRecord is what the ledger keeps of a decision.
type decisionRecord struct {
	Ref      string            `json:"ref"`
	From     influence.Day     `json:"from"`
	Basis    influence.Basis   `json:"basis"`
	Shares   []shareRecord     `json:"shares"`
	Replaces []string          `json:"replaces,omitempty"`
	Note     string            `json:"note,omitempty"`
	Claims   map[string]string `json:"claims,omitempty"` // reference to outcome
}

type shareRecord struct {
	PartnerNo string `json:"partner_id"`
	Points    int64  `json:"points"`
	Kind      string `json:"kind"`
	Primary   bool   `json:"primary"`
}

func recordShares(shares []influence.Share) []shareRecord {
	all := make([]shareRecord, 0, len(shares))
	for _, s := range shares {
		all = append(all, shareRecord{s.PartnerNo, s.Points, string(s.Kind), s.Primary})
	}
	return all
}

// decide checks the draft against the program's rules and records it.
func (d *desk) decide(draft influence.DecisionDraft) (ref string, err error) {
	r := d.t.reader()
	if d.open, err = r.openClaims(d.f.ID); err != nil {
		return "", err
	}
	if d.candidates, err = r.candidates(d.f.ID); err != nil {
		return "", err
	}
	basis := influence.Desk
	if d.v.actor.Role == influence.RoleStaff {
		if err := d.escalated(); err != nil {
			return "", err
		}
		d.lar, basis = "", influence.Escalation
	}
	if err := d.undisputed(); err != nil {
		return "", err
	}
	if err := d.check(&draft); err != nil {
		return "", err
	}
	n := newDecision{Decision: influence.Decision{From: draft.From, Basis: basis, Note: draft.Note, Replaces: draft.Replaces, Shares: draft.Shares}, lar: d.lar, code: draft.Code}
	if ref, err = d.record(&n, draft.RejectCode); err != nil || d.lar != "" {
		return ref, err
	}
	return ref, d.t.mailOrg(d.f.LAR, mail{subject: "Microsoft decided agreement " + d.f.Number, link: "/agreements/" + d.f.Ref, button: "Open the agreement", about: n.ID,
		notBefore: d.t.at.Add(d.t.s.settings.Undo), body: "A claim on agreement " + d.f.Number + " was left undecided for so long that Microsoft decided in your place."})
}

// escalated refuses Microsoft's decision as long as it is the LAR's and its owners'
// alone: no claim has been left for so long.
func (d *desk) escalated() error {
	var first influence.Day
	for _, c := range d.open {
		if c.State != influence.ClaimAttached {
			continue
		}
		if influence.StaffMayAct(c.Due, d.t.today, d.t.s.settings) {
			return nil
		}
		if first == "" || c.Due < first {
			first = c.Due
		}
	}
	return influence.StaffTooEarly(first, d.t.s.settings)
}

// check resolves the partners that the draft names and reports everything that is wrong.
func (d *desk) check(draft *influence.DecisionDraft) error {
	if err := d.ready(); err != nil {
		return err
	}
	wrong := influence.Invalid{}
	for i := range draft.Shares {
		d.resolve(&draft.Shares[i], wrong)
	}
	known := map[string]bool{}
	for _, x := range influence.Live(d.f.Decisions) {
		known[x.ID] = true
	}
	for _, id := range draft.Replaces {
		wrong.Check(known[id], "replaces", "A decision that is to be replaced is not in force any more.")
	}
	on, err := d.view()
	if err != nil {
		return err
	}
	if err := draft.Validate(on); err != nil {
		var more influence.Invalid
		if !errors.As(err, &more) {
			return err
		}
		for field, msg := range more {
			wrong.Check(false, field, msg)
		}
	}
	return wrong.OrNil()
}

// ready refuses a LAR that is not Ready. Microsoft decides in place of any.
func (d *desk) ready() error {
	if d.lar == "" {
		return nil
	}
	var status influence.LARStatus
	if err := d.t.row(`SELECT status FROM lars WHERE id = $1`, d.lar).Scan(&status); err != nil {
		return err
	}
	if status != influence.LARReady {
		return influence.Invalid{"outcome": "Only a Ready LAR decides. Yours can upload reports and look until it is."}
	}
	return nil
}

// view is what the draft is checked against.
func (d *desk) view() (influence.DeskView, error) {
	on := influence.DeskView{SignedOn: d.f.SignedOn, Today: d.t.today}
	for _, c := range d.open {
		o := influence.OpenClaim{Ref: c.Ref, State: c.State, Due: c.Due}
		var owner sql.NullString
		if err := d.t.row(`SELECT partner_no, name, owned_by FROM partners WHERE id = $1`, c.PartnerID).Scan(&o.PartnerNo, &o.Partner, &owner); err != nil {
			return on, err
		}
		o.Owned = d.lar != "" && owner.String == d.lar
		on.Open = append(on.Open, o)
	}
	return on, nil
}

// resolve finds the partner of a share by its ID: enrolled or on the roster.
func (d *desk) resolve(s *influence.Share, wrong influence.Invalid) {
	p, err := d.t.partnerByNo(s.PartnerNo)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		wrong.Check(false, "partner_id", fmt.Sprintf("Partner ID %s is neither enrolled nor on the roster.", s.PartnerNo))
	case err != nil:
		wrong.Check(false, "partner_id", "The partner could not be looked up.")
	case p.suspended:
		wrong.Check(false, "partner_id", p.Name+" is suspended and can't be given a share.")
	case d.lar != "" && p.ownedBy == d.lar:
		wrong.Check(false, "partner_id", influence.OwnedSentence(p.Name))
	}
	s.PartnerID = p.ID
}

// record writes the decision and everything that follows from it (decisions.md rule 5).
func (d *desk) record(made *newDecision, code func(claim string) string) (ref string, err error) {
	if made.Basis == influence.Desk || made.Basis == influence.Escalation {
		since, err := d.waitedSince()
		if err != nil {
			return "", err
		}
		made.timing = d.t.timed(d.f.agreement, since)
	}
	if ref, err = d.t.decide(d.f, made); err != nil {
		return "", err
	}
	n := *made
	outcomes, err := d.dispose(n, code)
	if err != nil {
		return "", err
	}
	if err := d.revise(n, outcomes); err != nil {
		return "", err
	}
	if err := d.tellLowered(n); err != nil {
		return "", err
	}
	if err := d.settle(n.ID); err != nil {
		return "", err
	}
	d.became = decisionRecord{ref, n.From, n.Basis, recordShares(n.Shares), n.Replaces, n.Note, outcomes}
	return ref, d.count(n)
}

// count brings up to date what follows from a decision that answered all that
// was asked.
func (d *desk) count(n newDecision) error {
	f := d.f
	f.Decisions = append(slices.Clone(f.Decisions), n.Decision)
	all, err := d.t.recounted(f, &d.f.agreement)
	if err != nil {
		return err
	}
	if len(n.Replaces) > 0 { // who had a share may have none now
		err = d.t.see(f.ID)
	} else {
		err = d.t.seenBySharers(f.agreement, n.Shares)
	}
	if err != nil {
		return err
	}
	if all.Decided == 0 {
		return d.t.refile(f.ID)
	}
	return d.t.unfile(f.ID)
}

// waitedSince is the day from which the oldest open claim or item has waited,
// without the time in which a claim waited for its partner.
func (d *desk) waitedSince() (since influence.Day, err error) {
	var at sql.NullInt64
	err = d.t.row(`SELECT min(i.arose_at) FROM items i WHERE i.agreement_id = $1 AND i.settled_at IS NULL`, d.f.ID).Scan(&at)
	if err != nil {
		return "", err
	}
	if at.Valid {
		since = d.t.dayOf(at.Int64)
	}
	for _, c := range d.open {
		began := influence.AddBusinessDays(d.t.today, -int(c.DaysSpent))
		if c.State == influence.ClaimAttached {
			began = influence.AddBusinessDays(d.t.dayOf(c.Since), -int(c.DaysSpent))
		}
		if since == "" || began < since {
			since = began
		}
	}
	return since, nil
}

// dispose answers every open claim, and attaches and confirms the candidates
// whose partners were given a share.
func (d *desk) dispose(n newDecision, code func(claim string) string) (map[string]string, error) {
	sharers := map[string]bool{}
	for _, s := range n.Shares {
		sharers[s.PartnerID] = true
	}
	outcomes := map[string]string{}
	for _, c := range d.open {
		to := turned{action: influence.ConfirmClaim, state: influence.ClaimConfirmed, note: n.Note, decision: n.ID}
		if !sharers[c.PartnerID] {
			to.action, to.state, to.code = influence.RejectClaim, influence.ClaimRejected, code(c.Ref)
		}
		delete(sharers, c.PartnerID)
		outcomes[c.Ref] = string(to.state)
		if err := d.answer(c, c, to); err != nil {
			return nil, err
		}
	}
	for _, c := range d.candidates {
		if !sharers[c.PartnerID] {
			continue
		}
		delete(sharers, c.PartnerID)
		to := c
		to.AgreementID = d.f.ID
		outcomes[c.Ref] = string(influence.ClaimConfirmed)
		if err := d.answer(c, to, turned{action: influence.ConfirmClaim, state: influence.ClaimConfirmed, note: n.Note, decision: n.ID}); err != nil {
			return nil, err
		}
		if err := d.t.closeSuggestions(c.ID, n.ID); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// revise answers the claims that an earlier decision answered otherwise: one
// that was confirmed is rejected when its partner has a share on no day any
// more, one that was rejected is confirmed when its partner gets a share now.
func (d *desk) revise(n newDecision, outcomes map[string]string) error {
	if len(d.f.Decisions) == 0 {
		return nil
	}
	answered, err := d.t.reader().answeredClaims(d.f.ID, n.ID)
	if err != nil || len(answered) == 0 {
		return err
	}
	holds := map[string]bool{}
	for _, span := range influence.Spans(append(slices.Clone(d.f.Decisions), n.Decision)) {
		for _, s := range span.Decision.Shares {
			holds[s.PartnerID] = true
		}
	}
	for _, c := range answered {
		to := turned{action: influence.ConfirmClaim, state: influence.ClaimConfirmed, note: n.Note, decision: n.ID}
		if !holds[c.PartnerID] {
			to.action, to.state, to.code = influence.RejectClaim, influence.ClaimRejected, revisedCode(n)
		}
		if to.state == c.State {
			continue
		}
		outcomes[c.Ref] = string(to.state)
		if err := d.answer(c, c, to); err != nil {
			return err
		}
	}
	return nil
}

// revisedCode is why a claim that was confirmed is rejected now.
func revisedCode(n newDecision) string {
	switch {
	case n.code != "":
		return n.code
	case len(n.Shares) > 0:
		return string(influence.OtherPartnerConfirmed)
	}
	return string(influence.InfluenceNotShown)
}

// answer moves a claim on and tells its partner, once the decision can't be undone.
func (d *desk) answer(was, c claim, to turned) error {
	c, err := d.t.turn(was, c, to)
	if err != nil {
		return err
	}
	if d.told == nil {
		d.told = map[string]bool{}
	}
	d.told[c.PartnerID] = true
	return d.t.tellDecided(c, to)
}

// tellLowered tells the partners whose share a decision lowers, once it can't be
// undone: from then on they can dispute it. A ruling is told to all sides apart.
func (d *desk) tellLowered(n newDecision) error {
	if n.Basis == influence.Ruling {
		return nil
	}
	var before influence.Decision
	for _, x := range d.f.Decisions {
		if !x.Void {
			before = x
		}
	}
	who := "The LAR"
	if d.lar == "" {
		who = "Microsoft"
	}
	for _, s := range before.Shares {
		now := n.ShareOf(s.PartnerID)
		if now >= s.Points || d.told[s.PartnerID] {
			continue
		}
		until := influence.FormatDay(influence.DayOf(d.t.at.Add(d.t.s.settings.Undo), d.t.s.clock.zone()).AddDays(d.t.s.settings.DisputeWindow))
		err := d.t.mailOrg(s.PartnerID, mail{subject: "Your share in agreement " + d.f.Number + " is lower now", link: "/agreements/" + d.f.Ref, button: "Open the agreement", about: n.ID,
			notBefore: d.t.at.Add(d.t.s.settings.Undo),
			body:      who + " decided agreement " + d.f.Number + " anew. Your share is " + influence.FormatPercent(now) + "; it was " + influence.FormatPercent(s.Points) + ". You can dispute that until " + until + "."})
		if err != nil {
			return err
		}
	}
	return nil
}

// settle closes what the agreement waited for.
func (d *desk) settle(decision string) error {
	if err := d.t.later(`UPDATE items SET settled_at = $2, settled_by = $3 WHERE agreement_id = $1 AND settled_at IS NULL`,
		d.f.ID, d.t.at.UnixMicro(), decision); err != nil {
		return err
	}
	return d.t.later(`UPDATE suggestions SET closed_at = $2, closed_by = $3 WHERE agreement_id = $1 AND closed_at IS NULL`,
		d.f.ID, d.t.at.UnixMicro(), decision)
}
