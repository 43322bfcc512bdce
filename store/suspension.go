package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"irm/influence"
)

// CompanyAccess is whether a company's members may sign in.
type CompanyAccess struct {
	Suspended time.Time // since when they may not; zero while they may
	Why       string    // the reason given
	Version   int64     // of the company's record
}

// companies are the two kinds that can be suspended, and what of them is read.
type companies struct {
	act          influence.Action
	table, alias string
	open         string // condition under which members can sign in at all
}

func partners() companies {
	return companies{influence.SuspendPartner, "partners", "p", "p.enrolled_at IS NOT NULL"}
}

func lars() companies { return companies{influence.SuspendLAR, "lars", "l", "l.id <> ''"} }

// SuspendPartner keeps all members of an enrolled partner out until RestorePartner,
// and mails its owners the reason. Their sessions end; what the company did stays.
// The error is influence.Invalid without a reason, a Refusal for a company that is
// not enrolled or out already, and ErrConflict for an older version.
func (v Session) SuspendPartner(ctx context.Context, ref, reason string, version int64) error {
	return v.suspend(ctx, partners(), ref, companyAccess{why: reason, version: version})
}

// RestorePartner lets a suspended partner's members in again, and tells its owners.
// The error is a Refusal for a company that is not suspended, ErrConflict for an
// older version.
func (v Session) RestorePartner(ctx context.Context, ref string, version int64) error {
	return v.restore(ctx, partners(), ref, version)
}

// SuspendLAR is SuspendPartner for a LAR.
func (v Session) SuspendLAR(ctx context.Context, ref, reason string, version int64) error {
	return v.suspend(ctx, lars(), ref, companyAccess{why: reason, version: version})
}

// RestoreLAR is RestorePartner for a LAR.
func (v Session) RestoreLAR(ctx context.Context, ref string, version int64) error {
	return v.restore(ctx, lars(), ref, version)
}

// companyAccess is a company as it is kept out or let in.
type companyAccess struct {
	id, name, why   string
	open, suspended bool
	version         int64
}

// suspensionRecord is what the ledger keeps of it.
type suspensionRecord struct {
	Suspended bool   `json:"suspended"`
	Reason    string `json:"reason,omitempty"`
}

func (v Session) suspend(ctx context.Context, kind companies, ref string, to companyAccess) error {
	to.why = strings.TrimSpace(to.why)
	err := v.changeAccess(ctx, kind, ref, to.version, func(t *tx, c companyAccess) error {
		switch {
		case c.suspended:
			return influence.Refusal("This company is suspended already.")
		case !c.open:
			return influence.Refusal("This company has not enrolled. Nobody signs in for it.")
		}
		wrong := influence.Invalid{}
		wrong.Check(to.why != "", "reason", "Enter the reason.")
		influence.CheckNote(wrong, "reason", to.why)
		if err := wrong.OrNil(); err != nil {
			return err
		}
		to.id = c.id
		if err := t.keepOut(kind, to); err != nil {
			return err
		}
		return t.tellGoverning(c.id, mail{subject: c.name + " is suspended from the program",
			body: "Microsoft suspended the access of " + c.name + " to the U.S. Influence Revenue Model. Nobody of the company can sign in until Microsoft ends this. " +
				"What the company did stays on record. The reason:\n\n“" + to.why + "”"})
	})
	if err != nil {
		return fmt.Errorf("suspend %s: %w", ref, err)
	}
	return nil
}

// keepOut marks the company and ends its members' sessions.
func (t *tx) keepOut(kind companies, c companyAccess) error {
	if err := t.must(`UPDATE `+kind.table+` SET suspended_at = $3, suspended_why = $4, version = version + 1 WHERE id = $1 AND version = $2`,
		c.id, c.version, t.at.UnixMicro(), c.why); err != nil {
		return err
	}
	return t.later(`DELETE FROM sessions WHERE member_id IN (SELECT m.id FROM members m WHERE m.org_id = $1)`, c.id)
}

func (v Session) restore(ctx context.Context, kind companies, ref string, version int64) error {
	err := v.changeAccess(ctx, kind, ref, version, func(t *tx, c companyAccess) error {
		if !c.suspended {
			return influence.Refusal("This company is not suspended.")
		}
		if err := t.must(`UPDATE `+kind.table+` SET suspended_at = NULL, suspended_why = '', version = version + 1 WHERE id = $1 AND version = $2`, c.id, version); err != nil {
			return err
		}
		return t.tellGoverning(c.id, mail{subject: c.name + " takes part in the program again", link: "/signin", button: "Sign in",
			body: "Microsoft ended the suspension of " + c.name + ". Its members can sign in again; everything stands as it was."})
	})
	if err != nil {
		return fmt.Errorf("restore %s: %w", ref, err)
	}
	return nil
}

// changeAccess has fn change whether a company's members may enter, if it still is
// what the actor read.
func (v Session) changeAccess(ctx context.Context, kind companies, ref string, version int64, fn func(*tx, companyAccess) error) error {
	return v.do(ctx, kind.act, func(t *tx) (change, error) {
		c, err := v.access(t, kind, ref)
		if err != nil {
			return change{}, err
		}
		if err := v.still(t, kind.act); err != nil {
			return change{}, err
		}
		if c.version != version {
			return change{}, influence.ErrConflict
		}
		if err := fn(t, c); err != nil {
			return change{}, err
		}
		became, err := v.access(t, kind, ref)
		return change{ref, suspensionRecord{c.suspended, c.why}, suspensionRecord{became.suspended, became.why}}, err
	})
}

func (v Session) access(t *tx, kind companies, ref string) (c companyAccess, err error) {
	a := kind.alias
	var suspended sql.NullInt64
	err = t.row(`SELECT `+a+`.id, `+a+`.name, `+kind.open+`, `+a+`.suspended_at, `+a+`.suspended_why, `+a+`.version
		FROM `+kind.table+` `+a+` WHERE `+v.visible(kind.act, a)+` AND `+a+`.ref = $2`, v.actor.OrgID, ref).
		Scan(&c.id, &c.name, &c.open, &suspended, &c.why, &c.version)
	c.suspended = suspended.Valid
	if errors.Is(err, sql.ErrNoRows) {
		err = influence.ErrNotFound
	}
	return c, err
}

// tellGoverning mails those who govern an organization. The mail does not count as
// a member's: what is a member's of a suspended company is not sent.
func (t *tx) tellGoverning(org string, m mail) error {
	rows, err := t.rows(`SELECT o.email FROM members o WHERE o.org_id = $1 AND `+governing+` ORDER BY o.id LIMIT 100`, org)
	all, err := collect(rows, err, func(row scanner) (email string, err error) { return email, row.Scan(&email) })
	if err != nil {
		return err
	}
	for _, m.email = range all {
		if err := t.mail(m); err != nil {
			return err
		}
	}
	return nil
}

// companyAccess reads it for staff; for anybody else there is none.
func (v Session) companyAccess(ctx context.Context, kind companies, ref string) (*CompanyAccess, error) {
	if v.actor.Role != influence.RoleStaff {
		return nil, nil
	}
	var c CompanyAccess
	var suspended sql.NullInt64
	a := kind.alias
	err := v.s.read.QueryRowContext(ctx, `SELECT `+a+`.suspended_at, `+a+`.suspended_why, `+a+`.version FROM `+kind.table+` `+a+` WHERE `+a+`.ref = $1`, ref).
		Scan(&suspended, &c.Why, &c.Version)
	c.Suspended = when(suspended)
	return &c, err
}
