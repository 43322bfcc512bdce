package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"irm/influence"
)

// joins is the id of the enrolled partner that an application asks to join, "" for
// none: then it asks for its company to be enrolled.
func (t *tx) joins(a application) (partnerID string, err error) {
	p, err := t.partnerByNo(a.PartnerNo)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !p.enrolled {
		return "", nil
	}
	return p.ID, err
}

// tellJoining tells the owners of an enrolled company that a person asks to join
// it. The person's own mail is that of every applicant: who is known is not said.
func (t *tx) tellJoining(a application) error {
	partnerID, err := t.joins(a)
	if err != nil || partnerID == "" {
		return err
	}
	return t.mailOwners(partnerID, mail{subject: a.Name + " asks to join your team", link: "/team", button: "Answer the request",
		body: a.Name + " (" + a.Email + ") signed up with your partner ID and asks to join your team. Accept only whom you know: members see everything that your company sees."})
}

// mayAnswer says whether the actor answers an application: its owners' for who
// asks to join a company, or else a partner manager's. Where no owner can sign in
// any more, a partner manager answers for them.
func (v Session) mayAnswer(t *tx, a application) error {
	partnerID, err := t.joins(a)
	if err != nil {
		return err
	}
	if v.actor.Role != influence.RoleStaff {
		return errors.Join(t.team(partnerID), v.still(t, influence.AnswerJoin))
	}
	if partnerID == "" {
		return nil
	}
	left, err := t.reader().ownerLeft(partnerID)
	if err == nil && left {
		err = influence.Refusal("This person asks to join a company that takes part. Its owner answers the request.")
	}
	return err
}

// ownerLeft reports whether a partner has an owner who can sign in.
func (r reader) ownerLeft(partnerID string) (left bool, err error) {
	err = r.row(`SELECT EXISTS (SELECT 1 FROM members o WHERE o.org_id = $1 AND `+governing+`)`, partnerID).Scan(&left)
	return left, err
}

// JoinRequests returns who asks to join the actor's company, whoever waits longest first.
func (v Session) JoinRequests(ctx context.Context) ([]ApplicationRow, error) {
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+applicationColumns+` FROM applications a WHERE `+v.visible(influence.AnswerJoin, "ap")+`
		AND a.state = 'waiting' ORDER BY a.confirmed_at, a.id LIMIT 100`, v.actor.OrgID)
	all, err := collect(rows, err, func(row scanner) (ApplicationRow, error) {
		a, err := scanApplication(row)
		return a.row(), err
	})
	return all, wrap(err)
}

// AcceptJoin makes a person who asks to join the actor's company a member of it.
func (v Session) AcceptJoin(ctx context.Context, ref string, version int64) error {
	err := v.decideApplication(ctx, influence.AnswerJoin, ref, func(t *tx, a application) (applicationRecord, error) {
		return t.accept(a, version)
	})
	if err != nil {
		return fmt.Errorf("accept join %s: %w", ref, err)
	}
	return nil
}

// DeclineJoin declines it, with a reason that the person reads.
func (v Session) DeclineJoin(ctx context.Context, ref, reason string, version int64) error {
	err := v.decideApplication(ctx, influence.AnswerJoin, ref, func(t *tx, a application) (applicationRecord, error) {
		return t.refuse(a, reason, version)
	})
	if err != nil {
		return fmt.Errorf("decline join %s: %w", ref, err)
	}
	return nil
}
