package store

import (
	"fmt"

	"irm/influence"
)

// SeenAs is as what an organization sees an agreement.
type SeenAs string

// The kinds of sight, each with the fields that the program's table of fields
// gives it: the LAR that booked the agreement, a partner with a share in a
// decision that is or was in force, a partner with a claim, and Microsoft.
const (
	SeenByLAR      SeenAs = "LB"
	SeenBySharer   SeenAs = "PS"
	SeenByClaimant SeenAs = "PC"
	SeenByStaff    SeenAs = "PM"
)

// visible is the WHERE clause that keeps an actor to the rows of alias it may
// perform act on. It always uses $1, which is always the actor's organization.
// On tables of agreements the table of sight decides; claims are their
// partner's, and their LAR's from delivery on.
func (v Session) visible(act influence.Action, alias string) string {
	switch v.actor.Scope(act) {
	case influence.ScopeNone:
		return `($1 <> $1)`
	case influence.ScopeAll:
		return `($1 <> '')`
	}
	return owned(v.actor.Role, alias)
}

// owned narrows alias, which is short for one table, to the organization $1.
func owned(role influence.Role, alias string) string {
	switch alias {
	case "a": // agreements
		return `EXISTS (SELECT 1 FROM sight s WHERE s.org_id = $1 AND s.agreement_id = a.id)`
	case "s", "h", "m", "j", "e": // sight, aliases, members, jobs, entries
		return `(` + alias + `.org_id = $1)`
	case "l": // lars
		return `(l.id = $1)`
	case "p":
		return ownPartners(role)
	}
	if role == influence.RolePartner {
		switch alias {
		case "c", "n": // claims, connections
			return `(` + alias + `.partner_id = $1)`
		case "dp": // disputes: one's own, and those that may change one's share
			return `(dp.partner_id = $1 OR EXISTS (SELECT 1 FROM shares sh WHERE sh.decision_id = dp.decision_id AND sh.partner_id = $1))`
		case "ap": // applications of those who ask to join, and those that the company has answered
			return `(a.state = 'waiting' AND a.partner_no = (SELECT p.partner_no FROM partners p WHERE p.id = $1 AND p.enrolled_at IS NOT NULL)
				OR EXISTS (SELECT 1 FROM members d WHERE d.id = a.decided_by AND d.org_id = $1))`
		}
	}
	if role == influence.RoleLAR {
		switch alias {
		case "c":
			return `(c.lar_id = $1 AND c.delivered_at IS NOT NULL)`
		case "n", "i", "r", "b", "hl", "dp": // connections, inbox, reports, bookings, held lines, disputes
			return `(` + alias + `.lar_id = $1)`
		}
	}
	return `($1 <> $1)`
}

// ownPartners narrows partners to oneself and those that are listed, and for a
// LAR to those too that asked it or that its reports or decisions name.
func ownPartners(role influence.Role) string {
	switch role {
	case influence.RolePartner:
		return `(p.id = $1 OR (p.enrolled_at IS NOT NULL AND p.listed))`
	case influence.RoleLAR:
		return `((p.enrolled_at IS NOT NULL AND p.listed)
			OR EXISTS (SELECT 1 FROM connections n WHERE n.lar_id = $1 AND n.partner_id = p.id)
			OR EXISTS (SELECT 1 FROM shares sh JOIN decisions d ON d.id = sh.decision_id WHERE sh.partner_id = p.id AND d.lar_id = $1)
			OR EXISTS (SELECT 1 FROM orders o JOIN bookings b ON b.agreement_id = o.agreement_id
				WHERE o.partner_no = p.partner_no AND o.partner_no <> '' AND b.lar_id = $1))`
	}
	return `($1 <> $1)`
}

// sightNow is what sight must hold, for the agreements that a condition on
// %[1]s takes: $1's, or all.
func sightNow(condition string) string {
	return fmt.Sprintf(`SELECT s.org_id, s.agreement_id, CASE min(s.strength) WHEN 1 THEN 'LB' WHEN 2 THEN 'PS' ELSE 'PC' END, a.number_key,
			CASE min(s.strength) WHEN 3 THEN '' ELSE coalesce((SELECT x.name_key FROM aliases x WHERE x.customer_id = a.customer_id AND x.name = a.customer LIMIT 1), '') END
		FROM (SELECT b.lar_id AS org_id, b.agreement_id, 1 AS strength FROM bookings b WHERE b.agreement_id %[1]s
				AND NOT EXISTS (SELECT 1 FROM bookings n WHERE n.agreement_id = b.agreement_id AND n.from_day = b.from_day AND n.recorded_at > b.recorded_at)
			UNION ALL SELECT sh.partner_id, d.agreement_id, 2 FROM decisions d JOIN shares sh ON sh.decision_id = d.id
				WHERE d.agreement_id %[1]s AND NOT EXISTS (SELECT 1 FROM void_decisions v WHERE v.decision_id = d.id)
			UNION ALL SELECT c.partner_id, c.agreement_id, 3 FROM claims c WHERE c.agreement_id %[1]s AND c.state <> 'draft'
		) AS s JOIN agreements a ON a.id = s.agreement_id
		GROUP BY s.org_id, s.agreement_id, a.number_key, a.customer_id, a.customer`, condition)
}

// seenByBooker lets the LAR that books a new agreement see it; nobody else has to
// do with it yet.
func (t *tx) seenByBooker(a agreement) error {
	return t.later(`INSERT INTO sight (org_id, agreement_id, seen_as, number_key, customer_key) VALUES ($1, $2, $3, $4, $5)`,
		a.LAR, a.ID, string(SeenByLAR), influence.NumberKey(a.Number), influence.NameKey(a.Customer))
}

// seenBySharers lets the partners of a new decision see its agreement.
func (t *tx) seenBySharers(a agreement, shares []influence.Share) error {
	for _, s := range shares {
		err := t.later(`INSERT INTO sight AS s (org_id, agreement_id, seen_as, number_key, customer_key) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (org_id, agreement_id) DO UPDATE SET seen_as = excluded.seen_as, customer_key = excluded.customer_key WHERE s.seen_as = 'PC'`,
			s.PartnerID, a.ID, string(SeenBySharer), influence.NumberKey(a.Number), influence.NameKey(a.Customer))
		if err != nil {
			return err
		}
	}
	return nil
}

// see keeps sight of an agreement, whatever changed.
func (t *tx) see(agreementID string) error {
	if err := t.later(`DELETE FROM sight WHERE agreement_id = $1`, agreementID); err != nil {
		return err
	}
	return t.later(`INSERT INTO sight (org_id, agreement_id, seen_as, number_key, customer_key) `+sightNow("= $1"), agreementID)
}
