package store

import (
	"context"

	"irm/influence"
)

// SortInfluenced orders partners by what they influenced this fiscal year, the
// most first; the usual order is by name.
const SortInfluenced = "influenced"

// byMoney reports whether the list is in the order of figures, which are not for
// other partners.
func (v Session) byMoney(f PartnerFilter) bool {
	return f.Sort == SortInfluenced && v.actor.Role != influence.RolePartner
}

// partnersByMoney is a page of the partners that w takes, by what they influenced
// this fiscal year: what is added up, and what is not yet.
func (v Session) partnersByMoney(ctx context.Context, w *where, f PartnerFilter) (Page[PartnerItem], error) {
	kind, scope := v.moneyOf()
	of := `kind = ` + w.arg(kind) + ` AND period = ` + w.arg(yearOf(v.s.clock.Today())) + ` AND scope = ` + w.arg(scope)
	const cents = `coalesce(m.cents, 0)`
	key, op, dir, back := keyset(f.After, f.Before, !f.Reversed)
	if key[1] != "" {
		w.and(`(`+cents+`, p.id) `+op+` (?, ?)`, number(key[0]), key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT `+partnerItemColumns+`, `+v.knows()+`, `+cents+` FROM partners p LEFT JOIN (
			SELECT x.name, CAST(sum(x.influenced) AS BIGINT) AS cents FROM (SELECT name, influenced FROM totals WHERE `+of+`
				UNION ALL SELECT name, influenced FROM fresh WHERE `+of+`) AS x GROUP BY x.name) AS m ON m.name = p.id
		WHERE `+w.String()+` ORDER BY `+cents+` `+dir+`, p.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (p PartnerItem, err error) {
		var influenced int64
		p, err = v.scanSeenPartner(withMore{row, []any{&influenced}})
		p.Influenced = influenced
		return p, err
	})
	if err != nil {
		return Page[PartnerItem]{}, wrap(err)
	}
	return paged(all, f.Limit, back, f.After != "", PartnerItem.moneyCursor), nil
}

func (p PartnerItem) moneyCursor() string { return joinCursor(digits(p.Influenced), p.id) }

// moneyOf names the rollup of partners' figures that is the actor's business:
// what was made with its LAR, or all of it.
func (v Session) moneyOf() (kind, scope string) {
	if v.actor.Role == influence.RoleLAR {
		return "lar_partner", v.actor.OrgID
	}
	return "partner", ""
}
