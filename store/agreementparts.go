package store

import (
	"strings"

	"irm/influence"
)

// itemViews reads what reports ask about an agreement, the newest first.
func (r reader) itemViews(agreementID string) ([]ItemView, error) {
	rows, err := r.rows(`SELECT i.kind, i.sentence, coalesce(t.ref, ''), i.partner_nos, i.due, i.settled_at IS NOT NULL
		FROM items i LEFT JOIN reports t ON t.id = i.report_id WHERE i.agreement_id = $1 ORDER BY i.id DESC LIMIT 50`, agreementID)
	var nos []string
	all, err := collect(rows, err, func(row scanner) (i ItemView, err error) {
		var named string
		err = row.Scan(&i.Kind, &i.Sentence, &i.ReportRef, &named, &i.Due, &i.Settled)
		nos = append(nos, named)
		return i, err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		for _, no := range strings.Fields(nos[i]) {
			n, err := r.partnerNamed(no)
			if err != nil {
				return nil, err
			}
			all[i].Partners = append(all[i].Partners, n)
		}
	}
	return all, nil
}

// partnerNamed names the partner with an ID that a report wrote.
func (r reader) partnerNamed(no string) (PartnerName, error) {
	return scanPartnerName(r.row(`SELECT `+partnerNameColumns+` FROM partners p WHERE p.partner_no = $1`, no))
}

// heldLines reads the lines held for an agreement: Microsoft sees them all, a
// LAR its own. The LAR that booked it learns of others' without their amounts
// when moves are asked for.
func (v Session) heldLines(r reader, agreementID string) ([]HeldLine, error) {
	rows, err := r.rows(`SELECT hl.order_number, l.name, hl.kind, hl.ordered_on, hl.cents FROM held_lines hl JOIN lars l ON l.id = hl.lar_id
		WHERE hl.agreement_id = $2
			AND NOT EXISTS (SELECT 1 FROM held_lines n WHERE n.agreement_id = hl.agreement_id AND n.lar_id = hl.lar_id
				AND n.order_key = hl.order_key AND n.recorded_at > hl.recorded_at)
			AND `+v.visible(influence.ViewReports, "hl")+`
		ORDER BY hl.ordered_on, hl.order_key LIMIT 500`,
		v.actor.OrgID, agreementID)
	return collect(rows, err, func(row scanner) (h HeldLine, err error) {
		return h, row.Scan(&h.Number, &h.LAR, &h.Kind, &h.OrderedOn, &h.Cents)
	})
}

// customerViews gives Microsoft the customer's canonical name and all spellings.
func (v Session) customerViews(r reader, a agreement, p *FullView) error {
	if v.actor.Role != influence.RoleStaff {
		return nil
	}
	if err := r.row(`SELECT ref, name FROM customers WHERE id = $1`, a.CustomerID).Scan(&p.CustomerRef, &p.Customer); err != nil {
		return err
	}
	rows, err := r.rows(`SELECT h.name, coalesce(l.name, q.name, '') FROM aliases h LEFT JOIN lars l ON l.id = h.org_id
		LEFT JOIN partners q ON q.id = h.org_id WHERE h.customer_id = $1 ORDER BY h.name LIMIT 100`, a.CustomerID)
	p.Aliases, err = collect(rows, err, func(row scanner) (x Alias, err error) { return x, row.Scan(&x.Name, &x.By) })
	return err
}
