package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"irm/influence"
)

// ProposedRuling is a ruling that needs two: one proposes it, and until another has
// approved it nothing changes.
type ProposedRuling struct {
	Outcome          influence.DisputeState
	Reason           string
	Shares           []ProposedShare
	By               string
	At               time.Time
	Answer           string // "", "approved" or "returned"
	Sentence         string // why it was sent back
	AnsweredBy       string
	AnsweredAt       time.Time
	n                int64
	memberID, stored string
}

// ProposedShare is a share of the decision that a proposed ruling carries.
type ProposedShare struct {
	No, Name string
	Points   int64
	Kind     influence.InfluenceKind
	Primary  bool
}

// proposed writes down a ruling that a second member has to approve.
func (v Session) proposed(t *tx, d dispute, draft influence.RulingDraft) (change, error) {
	outcome, x, err := v.checked(t, d, &draft)
	if err != nil {
		return change{}, err
	}
	shares, err := json.Marshal(recordShares(x.decision.Shares))
	if err != nil {
		return change{}, err
	}
	if err := t.must(`UPDATE disputes SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'`, d.ID, d.Version); err != nil {
		return change{}, err
	}
	err = t.later(`INSERT INTO proposed_rulings (dispute_id, n, member_id, at, outcome, reason, shares)
		VALUES ($1, 1 + coalesce((SELECT max(x.n) FROM proposed_rulings x WHERE x.dispute_id = $1), 0), $2, $3, $4, $5, $6)`,
		d.ID, t.who.MemberID, t.at.UnixMicro(), string(outcome), draft.Reason, string(shares))
	if err != nil {
		return change{}, err
	}
	return change{d.Ref, disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: d.State}, disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: d.State, Proposed: outcome}},
		t.mailOrg(influence.Staff, mail{subject: "A ruling on dispute " + d.Ref + " waits for a second approval", link: "/disputes/" + d.Ref, button: "Open the dispute", kind: influence.NoticeDeadlines,
			body: t.who.Name + " proposes a ruling on dispute " + d.Ref + ": " + outcome.Title() + ". Somebody else who took no part approves it or sends it back, until " + influence.FormatDay(d.RulingDue) + "."})
}

// AnswerProposal approves the proposed ruling on a dispute, which then counts, or sends
// it back to who proposed it. Of several who answer with the same version one wins.
func (v Session) AnswerProposal(ctx context.Context, ref string, version int64, a influence.Approval) error {
	err := v.do(ctx, influence.ApproveRulings, func(t *tx) (change, error) {
		d, k, err := v.ruling(t, influence.ApproveRulings, ref, version)
		if err != nil {
			return change{}, err
		}
		if err := k.MayApprove(v.actor.MemberID); err != nil {
			return change{}, err
		}
		approved, err := a.Validate()
		if err != nil {
			return change{}, err
		}
		p, err := t.reader().proposal(d.ID)
		if err != nil {
			return change{}, err
		}
		if approved {
			return v.approved(t, d, p)
		}
		return t.returned(d, p, a.Sentence)
	})
	if err != nil {
		return fmt.Errorf("answer the proposed ruling on %s: %w", ref, err)
	}
	return nil
}

// approved makes a proposed ruling count, as the ruling of who proposed it.
func (v Session) approved(t *tx, d dispute, p ProposedRuling) (change, error) {
	draft, err := p.draft()
	if err != nil {
		return change{}, err
	}
	was := disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: d.State, Proposed: p.Outcome}
	decision, err := v.ruled(t, &d, draft, p.memberID)
	if wrong, ok := asWrong(err); ok && len(wrong) > 0 { // what it rests on has changed since
		return change{}, influence.Invalid{"answer": "This ruling can’t count any more, so send it back. " + strings.Join(slices.Sorted(maps.Values(wrong)), " ")}
	}
	if err != nil {
		return change{}, err
	}
	if err := t.answerProposal(d, p, "approved", ""); err != nil {
		return change{}, err
	}
	return change{d.Ref, was, disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: d.State, Ruled: decision}}, t.tellRuled(d)
}

// returned sends a proposed ruling back to who proposed it.
func (t *tx) returned(d dispute, p ProposedRuling, sentence string) (change, error) {
	if err := t.must(`UPDATE disputes SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'`, d.ID, d.Version); err != nil {
		return change{}, err
	}
	if err := t.answerProposal(d, p, "returned", sentence); err != nil {
		return change{}, err
	}
	return change{d.Ref, disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: d.State, Proposed: p.Outcome}, disputeRecord{Ref: d.Ref, Decision: d.DecisionID, State: d.State}},
		t.mailMember(p.memberID, influence.Staff, mail{subject: "Your ruling on dispute " + d.Ref + " was sent back", link: "/disputes/" + d.Ref, button: "Open the dispute", kind: influence.NoticeDeadlines,
			body: t.who.Name + " sent your ruling on dispute " + d.Ref + " back and says what is to be changed."})
}

func (t *tx) answerProposal(d dispute, p ProposedRuling, answer, sentence string) error {
	return t.must(`UPDATE proposed_rulings SET answer = $3, answered_by = $4, answered_at = $5, sentence = $6 WHERE dispute_id = $1 AND n = $2 AND answer = ''`,
		d.ID, p.n, answer, t.who.MemberID, t.at.UnixMicro(), sentence)
}

// draft is the ruling as it was typed.
func (p ProposedRuling) draft() (draft influence.RulingDraft, err error) {
	var shares []shareRecord
	draft = influence.RulingDraft{Outcome: string(p.Outcome), Reason: p.Reason}
	err = json.Unmarshal([]byte(p.stored), &shares)
	for _, s := range shares {
		draft.Decision.Shares = append(draft.Decision.Shares, influence.Share{PartnerNo: s.PartnerNo, Points: s.Points, Kind: influence.InfluenceKind(s.Kind), Primary: s.Primary})
	}
	return draft, err
}

// proposal is the newest ruling proposed on a dispute; its zero value is none.
func (r reader) proposal(disputeID string) (p ProposedRuling, err error) {
	rows, err := r.rows(`SELECT x.n, x.member_id, x.at, x.outcome, x.reason, x.shares, x.answer, x.sentence, coalesce(x.answered_at, 0), coalesce(m.name, 'A former member'), coalesce(q.name, 'A former member')
		FROM proposed_rulings x LEFT JOIN members m ON m.id = x.member_id LEFT JOIN members q ON q.id = x.answered_by WHERE x.dispute_id = $1 ORDER BY x.n DESC LIMIT 1`, disputeID)
	var at, answered int64
	err = scanEach(rows, err, func(row scanner) error {
		return row.Scan(&p.n, &p.memberID, &at, &p.Outcome, &p.Reason, &p.stored, &p.Answer, &p.Sentence, &answered, &p.By, &p.AnsweredBy)
	})
	if err != nil || p.n == 0 {
		return p, err
	}
	p.At, p.AnsweredAt = micros(at), micros(answered)
	draft, err := p.draft()
	for _, s := range draft.Decision.Shares {
		share := ProposedShare{No: s.PartnerNo, Points: s.Points, Kind: s.Kind, Primary: s.Primary}
		if err == nil {
			err = r.row(`SELECT p.name FROM partners p WHERE p.partner_no = $1`, s.PartnerNo).Scan(&share.Name)
		}
		p.Shares = append(p.Shares, share)
	}
	return p, err
}
