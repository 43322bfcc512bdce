package store

import "irm/influence"

// Activity takes the partners with a share in an order of a period, within at
// most what else is set. The zero Activity takes all partners.
type Activity struct {
	Period        string // FY2007 or FY2007Q3
	Program       influence.Program
	LAR           string // public reference or slug
	CustomerState string
}

// active narrows partners of alias p to those active. A LAR asks about its own
// agreements, and a partner about nobody.
func (v Session) active(w *where, a Activity) error {
	if a.Period == "" {
		return nil
	}
	if v.actor.Role == influence.RolePartner {
		return influence.ErrForbidden
	}
	p, err := influence.ParsePeriod(a.Period)
	if err != nil {
		return influence.Invalid{"active": err.Error()}
	}
	first, last := p.Span()
	more, args := "", []any{string(first), string(last)}
	for _, c := range []struct{ condition, value string }{
		{` AND a.program = ?`, string(a.Program)}, {` AND a.state = ?`, a.CustomerState},
		{` AND a.lar_id = (SELECT l.id FROM lars l WHERE l.ref = ?)`, a.LAR},
	} {
		if c.value != "" {
			more, args = more+c.condition, append(args, c.value)
		}
	}
	if v.actor.Role == influence.RoleLAR {
		more, args = more+` AND a.lar_id = ?`, append(args, v.actor.OrgID)
	}
	w.and(activePartner+more+`)`, args...)
	return nil
}

const activePartner = `EXISTS (SELECT 1 FROM standing k JOIN agreements a ON a.id = k.agreement_id
	WHERE k.partner_id = p.id AND k.partner_id <> '' AND k.orders > 0 AND k.on_day BETWEEN ? AND ?`
