package store

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"irm/influence"
)

// partnerRow is what decisions and reports have to know of a partner.
type partnerRow struct {
	ID, Ref, No, Name string
	level             influence.Level
	state             string
	enrolled          bool
	suspended         bool
	ownedBy           string // id of the LAR that owns it, or ""
}

// partnerByNo finds a partner by its ID, whether it enrolled or stands on the
// roster only; sql.ErrNoRows says that there is none.
func (t *tx) partnerByNo(no string) (p partnerRow, err error) {
	var enrolled, suspended sql.NullInt64
	var owner sql.NullString
	err = t.row(`SELECT id, ref, partner_no, name, level, state, enrolled_at, suspended_at, owned_by FROM partners WHERE partner_no = $1`, no).
		Scan(&p.ID, &p.Ref, &p.No, &p.Name, &p.level, &p.state, &enrolled, &suspended, &owner)
	p.enrolled, p.suspended, p.ownedBy = enrolled.Valid, suspended.Valid, owner.String
	return p, err
}

// PartnerFilter narrows a list of partners.
type PartnerFilter struct {
	Reversed bool // the last name, or the least money, first
	Level    influence.Level
	State    string
	Enrolled string // "yes", "no"; "" for both
	Query    string // beginning of the name or of the partner ID
	Active   Activity
	Sort     string // SortInfluenced, or by name
	After    string // cursor of the last row seen
	Before   string // or of the first, to page back
	Limit    int
}

// PartnerItem is one row of a list of partners.
type PartnerItem struct {
	Ref, No, Name, State, City string
	Level                      influence.Level
	Enrolled                   bool
	EnrolledAt                 time.Time // zero when it has not
	Suspended                  bool
	Influenced                 int64 // cents of this fiscal year, as PartnerMoney; not for partners
	id                         string
}

const partnerItemColumns = `p.id, p.ref, p.partner_no, p.name, p.level, p.state, p.city, p.enrolled_at, p.suspended_at`

func scanPartnerItem(row scanner) (p PartnerItem, err error) {
	var enrolled, suspended sql.NullInt64
	err = row.Scan(&p.id, &p.Ref, &p.No, &p.Name, &p.Level, &p.State, &p.City, &enrolled, &suspended)
	p.Enrolled, p.EnrolledAt, p.Suspended = enrolled.Valid, when(enrolled), suspended.Valid
	return p, err
}

func (p PartnerItem) cursor() string { return joinCursor(p.Name, p.id) }

// narrowPartners adds the filter's conditions.
func (v Session) narrowPartners(w *where, f PartnerFilter) error {
	if f.Level != "" {
		w.and(`p.level = ?`, string(f.Level))
	}
	if f.State != "" {
		w.and(`p.state = ?`, f.State)
	}
	switch f.Enrolled {
	case "yes":
		w.and(`p.enrolled_at IS NOT NULL`)
	case "no":
		w.and(`p.enrolled_at IS NULL`)
	}
	v.searchPartners(w, f.Query)
	return v.active(w, f.Active)
}

// Partners returns a page of the partners that the actor sees.
func (v Session) Partners(ctx context.Context, f PartnerFilter) (Page[PartnerItem], error) {
	w := v.where(v.visible(influence.ViewPartners, "p"))
	if err := v.narrowPartners(w, f); err != nil {
		return Page[PartnerItem]{}, err
	}
	if v.byMoney(f) {
		return v.partnersByMoney(ctx, w, f)
	}
	key, op, dir, back := keyset(f.After, f.Before, f.Reversed)
	if key[1] != "" {
		w.and(`(p.name, p.id) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+partnerItemColumns+`, `+v.knows()+` FROM partners p WHERE `+w.String()+`
		ORDER BY p.name `+dir+`, p.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, v.scanSeenPartner)
	if err != nil {
		return Page[PartnerItem]{}, wrap(err)
	}
	page := paged(all, f.Limit, back, f.After != "", PartnerItem.cursor)
	return page, wrap(v.addMoney(ctx, page.Rows))
}

// knows is the condition under which the actor sees more of partner p than that
// it takes part: its ID, its city. $1 is the actor's organization.
func (v Session) knows() string {
	switch v.actor.Role {
	case influence.RoleStaff:
		return `($1 <> '')`
	case influence.RoleLAR:
		return `EXISTS (SELECT 1 FROM connections n WHERE n.lar_id = $1 AND n.partner_id = p.id AND n.state = 'accepted')`
	}
	return `(p.id = $1)`
}

// scanSeenPartner leaves out what the actor does not know of a partner.
func (v Session) scanSeenPartner(row scanner) (p PartnerItem, err error) {
	var known bool
	if p, err = scanPartnerItem(withMore{row, []any{&known}}); !known {
		p.No, p.City = "", ""
	}
	if v.actor.Role != influence.RoleStaff {
		p.Suspended = false
	}
	return p, err
}

// withMore scans further columns behind those that a function scans.
type withMore struct {
	row  scanner
	more []any
}

func (w withMore) Scan(dest ...any) error { return w.row.Scan(append(dest, w.more...)...) }

// searchPartners narrows a list by what somebody typed. The ID is searched by
// those alone who see it of everybody.
func (v Session) searchPartners(w *where, typed string) {
	switch {
	case typed == "":
	case v.actor.Role == influence.RoleStaff:
		w.and(`upper(p.name) LIKE ? ESCAPE '\' OR p.partner_no LIKE ? ESCAPE '\'`, likePrefix(upper(typed)), likePrefix(typed))
	default:
		w.and(`upper(p.name) LIKE ? ESCAPE '\'`, likePrefix(upper(typed)))
	}
}

// addMoney fills in what the partners of a page influenced this fiscal year.
func (v Session) addMoney(ctx context.Context, rows []PartnerItem) error {
	if v.actor.Role == influence.RolePartner {
		return nil
	}
	ids := make([]string, len(rows))
	for i, p := range rows {
		ids[i] = p.id
	}
	money, err := v.partnerMoney(ctx, yearOf(v.s.clock.Today()), ids)
	for i, p := range rows {
		rows[i].Influenced = money[p.id].Influenced
	}
	return err
}

// PartnerName returns the name of a partner that the actor sees, by its reference.
func (v Session) PartnerName(ctx context.Context, ref string) (name string, err error) {
	err = v.s.read.QueryRowContext(ctx, `SELECT p.name FROM partners p WHERE `+v.visible(influence.ViewPartners, "p")+` AND p.ref = $2`, v.actor.OrgID, ref).Scan(&name)
	return name, wrap(err)
}

// EveryPartner yields all partners of the filter, for an export.
func (v Session) EveryPartner(ctx context.Context, f PartnerFilter) iter.Seq2[PartnerItem, error] {
	f.Limit, f.Before = 500, ""
	cursor := PartnerItem.cursor
	if v.byMoney(f) {
		cursor = PartnerItem.moneyCursor
	}
	return every(func(after string) (Page[PartnerItem], error) {
		f.After = after
		return v.Partners(ctx, f)
	}, cursor)
}
