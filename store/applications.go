package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"irm/influence"
)

// application is an application's own row.
type application struct {
	ID, Ref, State, Name, Email, Phone, Company, PartnerNo, PartnerState string
	Level                                                                influence.Level
	Password, Why, Reason, MemberID                                      string
	CreatedAt                                                            int64
	ConfirmedAt, DecidedAt, AskedAt                                      sql.NullInt64
	Version                                                              int64
}

const applicationColumns = `a.id, a.ref, a.state, a.name, a.email, a.phone, a.company, a.partner_no, a.partner_state, a.level, a.password,
	a.why, a.reason, coalesce(a.member_id, ''), a.created_at, a.confirmed_at, a.decided_at, a.asked_at, a.version`

func scanApplication(row scanner) (a application, err error) {
	err = row.Scan(&a.ID, &a.Ref, &a.State, &a.Name, &a.Email, &a.Phone, &a.Company, &a.PartnerNo, &a.PartnerState, &a.Level, &a.Password,
		&a.Why, &a.Reason, &a.MemberID, &a.CreatedAt, &a.ConfirmedAt, &a.DecidedAt, &a.AskedAt, &a.Version)
	return a, err
}

// applicationRecord is what the ledger keeps of an application.
type applicationRecord struct {
	personRecord
	Company   string   `json:"company"`
	PartnerNo string   `json:"partner_id"`
	State     string   `json:"state"`
	Partner   string   `json:"partner,omitempty"` // the reference it has since
	Reason    string   `json:"reason,omitempty"`
	Question  string   `json:"question,omitempty"`
	Answer    string   `json:"answer,omitempty"`
	Fields    []string `json:"fields,omitempty"` // that a question names, or an answer corrected
}

// ApplicationRow is one application of the list.
type ApplicationRow struct {
	Ref, State, Name, Email, Phone, Company, PartnerNo, PartnerState, Why, Reason string
	Level                                                                         influence.Level
	Created, Confirmed, Decided                                                   time.Time
	Asked                                                                         time.Time // since when it is the applicant's turn; zero when it is not
	Version                                                                       int64
	id                                                                            string
	confirmed                                                                     int64
}

func (a application) row() ApplicationRow {
	return ApplicationRow{Ref: a.Ref, State: a.State, Name: a.Name, Email: a.Email, Phone: a.Phone, Company: a.Company, PartnerNo: a.PartnerNo,
		PartnerState: a.PartnerState, Why: a.Why, Reason: a.Reason, Level: a.Level, Created: micros(a.CreatedAt), Confirmed: when(a.ConfirmedAt),
		Decided: when(a.DecidedAt), Asked: when(a.AskedAt), Version: a.Version, id: a.ID, confirmed: a.ConfirmedAt.Int64}
}

func (r ApplicationRow) cursor() string { return joinCursor(digits(r.confirmed), r.id) }

// Shown is the application's state as lists say it: asked is one that waits for
// the applicant's answer.
func (r ApplicationRow) Shown() string {
	if r.State == "waiting" && !r.Asked.IsZero() {
		return "asked"
	}
	return r.State
}

// ApplicationFilter narrows the list of applications. State is waiting (for
// Microsoft or an owner), asked (for the applicant), accepted, refused or enrolled
// (at once, by the roster or a personal link); "" is all of them.
type ApplicationFilter struct {
	Reversed      bool // the newest first
	State         string
	After, Before string
	Limit         int
}

// Applications returns a page of the applications, the one that has waited
// longest first. Those whose address was never confirmed are nobody's business.
func (v Session) Applications(ctx context.Context, f ApplicationFilter) (Page[ApplicationRow], error) {
	w := v.where(v.visible(influence.ViewApplications, "ap") + ` AND a.confirmed_at IS NOT NULL`)
	switch f.State {
	case "":
		w.and(`a.state <> 'unconfirmed'`)
	case "waiting":
		w.and(`a.state = 'waiting' AND a.asked_at IS NULL`)
	case "asked":
		w.and(`a.state = 'waiting' AND a.asked_at IS NOT NULL`)
	default:
		w.and(`a.state = ?`, f.State)
	}
	key, op, dir, back := keyset(f.After, f.Before, f.Reversed)
	if key[0] != "" {
		w.and(`(a.confirmed_at, a.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+applicationColumns+` FROM applications a WHERE `+w.String()+`
		ORDER BY a.confirmed_at `+dir+`, a.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (ApplicationRow, error) {
		a, err := scanApplication(row)
		return a.row(), err
	})
	if err != nil {
		return Page[ApplicationRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", ApplicationRow.cursor), nil
}

// EveryApplication yields all applications of the filter, for an export.
func (v Session) EveryApplication(ctx context.Context, f ApplicationFilter) iter.Seq2[ApplicationRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[ApplicationRow], error) {
		f.After = after
		return v.Applications(ctx, f)
	}, ApplicationRow.cursor)
}

// ApplicationPage is one application beside the roster's row of its partner ID.
type ApplicationPage struct {
	ApplicationRow
	Roster    *influence.RosterRow // nil: the partner ID is not on the roster
	Partner   *PartnerItem         // the partner that has the ID, enrolled or not
	DecidedBy string
	Owners    bool // it asks to join a company whose owner answers
	Talk      []ApplicationTalk
}

// Application returns the page of an application.
func (v Session) Application(ctx context.Context, ref string) (p ApplicationPage, err error) {
	a, err := v.application(ctx, v.s.read, influence.ViewApplications, ref)
	if err != nil {
		return p, wrap(err)
	}
	p.ApplicationRow = a.row()
	if p.Talk, err = v.reader(ctx).applicationTalk(a.ID); err != nil {
		return p, wrap(err)
	}
	r, err := v.reader(ctx).rosterRow(a.PartnerNo)
	if err == nil {
		p.Roster = &r
	} else if !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+partnerItemColumns+` FROM partners p WHERE p.partner_no = $1`, a.PartnerNo)
	found, err := collect(rows, err, scanPartnerItem)
	if err != nil {
		return p, wrap(err)
	}
	if len(found) > 0 {
		p.Partner = &found[0]
	}
	if p.Partner != nil && p.Partner.Enrolled && p.State == "waiting" {
		if p.Owners, err = v.reader(ctx).ownerLeft(p.Partner.id); err != nil {
			return p, wrap(err)
		}
	}
	err = v.s.read.QueryRowContext(ctx, `SELECT m.name FROM applications a JOIN members m ON m.id = a.decided_by WHERE a.id = $1`, a.ID).Scan(&p.DecidedBy)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return p, err
}

func (v Session) application(ctx context.Context, q querier, act influence.Action, ref string) (application, error) {
	return scanApplication(q.QueryRowContext(ctx, `SELECT `+applicationColumns+` FROM applications a
		WHERE `+v.visible(act, "ap")+` AND a.ref = $2 AND a.state <> 'unconfirmed'`, v.actor.OrgID, ref))
}

// AcceptApplication enrolls the company of an application that waits: the person
// who made it becomes its owner and gets a mail. Who asks to join a company that
// is enrolled is its owners' to accept, unless none is left who can sign in.
func (v Session) AcceptApplication(ctx context.Context, ref string, version int64) error {
	err := v.decideApplication(ctx, influence.DecideApplication, ref, func(t *tx, a application) (applicationRecord, error) {
		return t.accept(a, version)
	})
	if err != nil {
		return fmt.Errorf("accept application %s: %w", ref, err)
	}
	return nil
}

// accept lets the person of an application in.
func (t *tx) accept(a application, version int64) (applicationRecord, error) {
	p, err := t.admit(&a)
	if err != nil {
		return applicationRecord{}, err
	}
	if err := t.closeApplication(a, version, "accepted", "", p.ID); err != nil {
		return applicationRecord{}, err
	}
	return applicationRecord{Company: a.Company, PartnerNo: a.PartnerNo, State: "accepted", Partner: p.Ref}, t.mail(mail{memberID: a.MemberID, email: a.Email,
		subject: "Your application was accepted", link: "/", button: "Open the portal",
		body: "You are a member of " + p.Name + ". You can sign in, see the LARs and make claims."})
}

// RefuseApplication refuses an application that waits, with a reason that the
// applicant reads.
func (v Session) RefuseApplication(ctx context.Context, ref, reason string, version int64) error {
	err := v.decideApplication(ctx, influence.DecideApplication, ref, func(t *tx, a application) (applicationRecord, error) {
		return t.refuse(a, reason, version)
	})
	if err != nil {
		return fmt.Errorf("refuse application %s: %w", ref, err)
	}
	return nil
}

func (t *tx) refuse(a application, reason string, version int64) (applicationRecord, error) {
	reason = strings.TrimSpace(reason)
	wrong := influence.Invalid{}
	wrong.Check(reason != "", "reason", "Give the reason. The applicant reads it and can act on it.")
	influence.CheckNote(wrong, "reason", reason)
	if err := wrong.OrNil(); err != nil {
		return applicationRecord{}, err
	}
	if err := t.closeApplication(a, version, "refused", reason, ""); err != nil {
		return applicationRecord{}, err
	}
	return applicationRecord{Company: a.Company, PartnerNo: a.PartnerNo, State: "refused", Reason: reason}, t.mail(mail{memberID: a.MemberID, email: a.Email,
		subject: "Your application was not accepted", body: a.Company + " was not enrolled. The reason:\n\n“" + reason + "”", link: "/", button: "Read the answer"})
}

func (v Session) decideApplication(ctx context.Context, act influence.Action, ref string, fn func(*tx, application) (applicationRecord, error)) error {
	return v.do(ctx, act, func(t *tx) (change, error) {
		a, err := v.application(t.ctx, t.q, act, ref)
		if err != nil {
			return change{}, err
		}
		if a.State != "waiting" {
			return change{}, influence.ErrConflict
		}
		if err := v.mayAnswer(t, a); err != nil {
			return change{}, err
		}
		became, err := fn(t, a)
		return change{ref, applicationRecord{Company: a.Company, PartnerNo: a.PartnerNo, State: a.State}, became}, err
	})
}

func (t *tx) closeApplication(a application, version int64, state, reason, partnerID string) error {
	return t.must(`UPDATE applications SET state = $3, reason = $4, decided_at = $5, decided_by = $6, partner_id = $7, password = '', asked_at = NULL, version = version + 1
		WHERE id = $1 AND version = $2`, a.ID, version, state, reason, t.at.UnixMicro(), t.who.MemberID,
		sql.NullString{String: partnerID, Valid: partnerID != ""})
}

// admit makes the person of a confirmed application a member of its partner, the
// first one its owner, and enrolls the partner if it is not yet. Where the roster
// knows the partner ID its name, level and state count, not what was typed.
func (t *tx) admit(a *application) (p partnerRow, err error) {
	p, err = t.partnerByNo(a.PartnerNo)
	if errors.Is(err, sql.ErrNoRows) {
		p, err = t.newPartner(influence.RosterRow{PartnerNo: a.PartnerNo, Name: a.Company, Level: a.Level, State: a.PartnerState})
	}
	if err != nil {
		return p, err
	}
	p.enrolled = true
	if err := t.takePart(p.ID); err != nil {
		return p, err
	}
	if err := t.later(`UPDATE partners SET phone = $2 WHERE id = $1 AND phone = ''`, p.ID, a.Phone); err != nil {
		return p, err
	}
	rank, err := t.nextRank(p.ID)
	if err != nil {
		return p, err
	}
	return p, t.memberOf(a, member{Role: influence.RolePartner, OrgID: p.ID, Rank: rank})
}
