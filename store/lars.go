package store

import (
	"context"
	"fmt"
	"strings"

	"irm/influence"
)

// LARRow is a LAR as everybody signed in sees it.
type LARRow struct {
	Ref, Slug, Name string
	Status          influence.LARStatus
	PlannedOn       influence.Day
	Version         int64
	Connection      influence.ConnectionState // of the actor's company, "" for none
	id              string
}

type larRecord struct {
	Name      string              `json:"name"`
	Status    influence.LARStatus `json:"status"`
	PlannedOn influence.Day       `json:"planned_on,omitempty"`
}

// NewLAR is a LAR as it was typed. The same Key of the same member adds once.
type NewLAR struct {
	Slug, Name string
	Status     influence.LARStatus
	Key        string
}

// AddLAR adds a LAR and returns its reference. The error is influence.Invalid for
// what is wrong with what was typed.
func (v Session) AddLAR(ctx context.Context, n NewLAR) (ref string, err error) {
	n.Name, n.Slug = strings.TrimSpace(n.Name), strings.TrimSpace(n.Slug)
	err = v.do(ctx, influence.EditLARs, func(t *tx) (change, error) {
		at, ok, err := t.answered(n.Key)
		if err != nil || ok {
			ref = strings.TrimPrefix(at, "/lars/")
			return change{}, err
		}
		if err := t.checkLAR(n); err != nil {
			return change{}, err
		}
		id := newID("lar", t.at)
		ref, err = t.referred("LAR", func(ref string) (int64, error) {
			return t.exec(`INSERT INTO lars (id, ref, slug, name, status, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ref) DO NOTHING`,
				id, ref, n.Slug, n.Name, string(n.Status), t.at.UnixMicro())
		})
		if err != nil {
			return change{}, err
		}
		if err := t.answer(n.Key, "/lars/"+ref); err != nil {
			return change{}, err
		}
		return change{ref, nil, larRecord{n.Name, n.Status, ""}}, t.keepStatus(id, n.Status, "")
	})
	if err != nil {
		return "", fmt.Errorf("add LAR: %w", err)
	}
	return ref, nil
}

// checkLAR says what is wrong with a LAR to add: all of it at once.
func (t *tx) checkLAR(n NewLAR) error {
	wrong := influence.Invalid{}
	wrong.Check(isSlug(n.Slug), "slug", "Use lower-case letters, digits and dashes, 40 at most.")
	wrong.Check(n.Name != "", "name", "Enter the company’s name.")
	influence.CheckLine(wrong, "name", n.Name)
	_, bad := influence.ParseLARStatus(string(n.Status))
	wrong.Check(bad == nil, "status", "Choose a status: invited, signed or ready.")
	var slug, name bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM lars WHERE slug = $1), EXISTS (SELECT 1 FROM lars WHERE lower(name) = lower($2))`, n.Slug, n.Name).Scan(&slug, &name); err != nil {
		return err
	}
	wrong.Check(!slug, "slug", "There is a LAR "+n.Slug+" already.")
	wrong.Check(!name, "name", "There is a LAR of this name already.")
	return wrong.OrNil()
}

func isSlug(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

func (t *tx) keepStatus(id string, status influence.LARStatus, planned influence.Day) error {
	return t.later(`INSERT INTO lar_statuses (lar_id, recorded_at, entry_id, status, planned_on) VALUES ($1, $2, $3, $4, $5)`,
		id, t.at.UnixMicro(), t.entry, string(status), string(planned))
}

// SetLARStatus records a LAR's status and the day on which it plans to be Ready,
// both as typed; planned may be empty. The error is influence.Invalid for what is
// wrong with them.
func (v Session) SetLARStatus(ctx context.Context, ref, typed, plannedOn string, version int64) error {
	err := v.do(ctx, influence.EditLARs, func(t *tx) (change, error) {
		var id string
		var was larRecord
		if err := t.row(`SELECT l.id, l.name, l.status, l.planned_on FROM lars l WHERE `+v.visible(influence.EditLARs, "l")+` AND l.ref = $2`, v.actor.OrgID, ref).
			Scan(&id, &was.Name, &was.Status, &was.PlannedOn); err != nil {
			return change{}, err
		}
		status, planned, err := influence.LARStatusDraft{Status: typed, PlannedOn: plannedOn}.Validate()
		if err != nil {
			return change{}, err
		}
		if status == was.Status && planned == was.PlannedOn {
			return change{}, influence.Invalid{"status": "This is the status already, with this date."}
		}
		if err := t.must(`UPDATE lars SET status = $3, planned_on = $4, version = version + 1 WHERE id = $1 AND version = $2`, id, version, string(status), string(planned)); err != nil {
			return change{}, err
		}
		return change{ref, was, larRecord{was.Name, status, planned}}, t.keepStatus(id, status, planned)
	})
	if err != nil {
		return fmt.Errorf("LAR status: %w", err)
	}
	return nil
}

// LARs returns all LARs with their statuses; there are a few dozen at most.
func (v Session) LARs(ctx context.Context) ([]LARRow, error) {
	if !v.actor.May(influence.ViewLARs) {
		return nil, influence.ErrForbidden
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT l.id, l.ref, l.slug, l.name, l.status, l.planned_on, l.version,
		coalesce((SELECT n.state FROM connections n WHERE n.lar_id = l.id AND n.partner_id = $1 ORDER BY n.asked_at DESC LIMIT 1), '')
		FROM lars l ORDER BY l.name, l.id LIMIT 200`, v.actor.OrgID)
	all, err := collect(rows, err, func(row scanner) (l LARRow, err error) {
		return l, row.Scan(&l.id, &l.Ref, &l.Slug, &l.Name, &l.Status, &l.PlannedOn, &l.Version, &l.Connection)
	})
	return all, wrap(err)
}

// LAR returns one LAR by its reference or slug.
func (v Session) LAR(ctx context.Context, ref string) (LARRow, error) {
	all, err := v.LARs(ctx)
	if err != nil {
		return LARRow{}, err
	}
	for _, l := range all {
		if l.Ref == ref || l.Slug == ref {
			return l, nil
		}
	}
	return LARRow{}, influence.ErrNotFound
}

// OwnLAR returns the LAR that the actor works for.
func (v Session) OwnLAR(ctx context.Context) (l LARRow, err error) {
	err = v.s.read.QueryRowContext(ctx, `SELECT id, ref, slug, name, status, planned_on, version FROM lars WHERE id = $1`, v.actor.OrgID).
		Scan(&l.id, &l.Ref, &l.Slug, &l.Name, &l.Status, &l.PlannedOn, &l.Version)
	return l, wrap(err)
}

// OperatorFor returns a session in which the operator acts for a LAR.
func (s *Store) OperatorFor(ctx context.Context, slug string) (Session, error) {
	a := influence.Operator()
	a.Role, a.Rank = influence.RoleLAR, influence.RankOwner
	err := s.read.QueryRowContext(ctx, `SELECT id, name FROM lars WHERE slug = $1`, slug).Scan(&a.OrgID, &a.OrgName)
	return s.As(a), wrap(err)
}

// PublicLARs returns the Ready LARs: what the front page shows to anybody.
func (s *Store) PublicLARs(ctx context.Context) ([]LARRow, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT ref, slug, name, status FROM lars WHERE status = 'ready' ORDER BY name, id LIMIT 200`)
	all, err := collect(rows, err, func(row scanner) (l LARRow, err error) { return l, row.Scan(&l.Ref, &l.Slug, &l.Name, &l.Status) })
	return all, wrap(err)
}
