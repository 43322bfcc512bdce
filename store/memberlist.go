package store

import (
	"context"
	"iter"

	"irm/influence"
)

// MemberRow is a member of any organization, as Microsoft sees it.
type MemberRow struct {
	TeamMember
	Org, OrgRef string
}

func (r MemberRow) cursor() string { return joinCursor(r.Name, r.id) }

// MemberFilter narrows the list of members.
type MemberFilter struct {
	Reversed      bool // the last name first
	Role          influence.Role
	State         influence.MemberState // "" for all but the removed
	Query         string                // beginning of the name, the address or the organization's name
	After, Before string
	Limit         int
}

// Members returns a page of the members of all organizations, by name. Applicants
// are none yet.
func (v Session) Members(ctx context.Context, f MemberFilter) (Page[MemberRow], error) {
	w := v.where(v.visible(influence.ViewMembers, "m") + ` AND m.role <> 'applicant'`)
	f.narrow(w)
	key, op, dir, back := keyset(f.After, f.Before, f.Reversed)
	if f.After+f.Before != "" {
		w.and(`(m.name, m.id) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+teamColumns+`, coalesce(p.name, l.name, 'Microsoft'), coalesce(p.ref, l.ref, '') FROM members m
		LEFT JOIN partners p ON p.id = m.org_id LEFT JOIN lars l ON l.id = m.org_id WHERE `+w.String()+`
		ORDER BY m.name `+dir+`, m.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (r MemberRow, err error) {
		r.TeamMember, err = v.scanTeamMember(withMore{row, []any{&r.Org, &r.OrgRef}})
		return r, err
	})
	if err != nil {
		return Page[MemberRow]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", MemberRow.cursor), nil
}

func (f MemberFilter) narrow(w *where) {
	if f.Role != "" {
		w.and(`m.role = ?`, string(f.Role))
	}
	switch f.State {
	case "":
		w.and(`m.active`)
	case influence.MemberRemoved:
		w.and(`NOT m.active`)
	case influence.MemberSuspended:
		w.and(`m.active AND m.suspended_at IS NOT NULL`)
	case influence.MemberInvited:
		w.and(`m.active AND m.suspended_at IS NULL AND m.password = ''`)
	default:
		w.and(`m.active AND m.suspended_at IS NULL AND m.password <> ''`)
	}
	if f.Query != "" {
		like := likePrefix(upper(f.Query))
		w.and(`upper(m.name) LIKE ? ESCAPE '\' OR upper(m.email) LIKE ? ESCAPE '\' OR upper(p.name) LIKE ? ESCAPE '\' OR upper(l.name) LIKE ? ESCAPE '\'`, like, like, like, like)
	}
}

// EveryMember yields all members of the filter, for an export.
func (v Session) EveryMember(ctx context.Context, f MemberFilter) iter.Seq2[MemberRow, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[MemberRow], error) {
		f.After = after
		return v.Members(ctx, f)
	}, MemberRow.cursor)
}
