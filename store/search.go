package store

import (
	"context"
	"regexp"
	"strings"

	"irm/influence"
)

// Hit is one thing that a search found, with what this actor may read of it.
type Hit struct {
	Kind  string // claim, agreement, partner, lar or customer
	Ref   string
	Title string // the customer, or the company
	Note  string // the agreement's number, the claim's state, the partner's place
	Exact bool   // its whole reference or number was typed
}

// reference is how references begin; three signs behind the dash leave few of them.
var reference = regexp.MustCompile(`^(AGR|CLM|PRT|LAR)-?([0-9A-Z]{3,6})$`)

// searching is one search: what was typed, as references, numbers and names are compared.
type searching struct {
	reader
	v     Session
	ref   string // CLM-7F3, "" if no reference was typed
	num   string
	name  string
	typed string // in capitals
	limit int
	found []Hit
	seen  map[string]bool
}

// Search finds what begins with what was typed, among what the actor sees: claims and
// agreements by reference, number and customer, companies by name. At most limit of
// each kind; names as each kind of sight gives them.
func (v Session) Search(ctx context.Context, typed string, limit int) ([]Hit, error) {
	if !v.actor.May(influence.Search) {
		return nil, influence.ErrForbidden
	}
	typed = strings.TrimSpace(typed)
	x := searching{v: v, num: influence.NumberKey(typed), name: influence.NameKey(typed), typed: upper(typed), limit: limit, seen: map[string]bool{}}
	if m := reference.FindStringSubmatch(x.typed); m != nil {
		x.ref = m[1] + "-" + m[2]
	}
	if x.num == "" && x.name == "" {
		return nil, nil
	}
	x.reader = v.reader(ctx)
	for _, look := range []func() error{x.claims, x.agreements, x.partners, x.lars, x.customers} {
		if err := look(); err != nil {
			return nil, wrap(err)
		}
	}
	return x.found, nil
}

// past is the end of the stretch of an index that begins with s.
func past(s string) string { return s + "\U0010FFFF" }

// begins narrows w to what begins with s by column, which an index is in the order of.
func (w *where) begins(column, s string) {
	w.and(column+` >= ? AND `+column+` < ? AND `+column+` LIKE ? ESCAPE '\'`, s, past(s), likePrefix(s))
}

// look runs one query of a kind, each row of which is a hit, unless nothing was typed for it.
func (x *searching) look(kind, columns, from, column, begins string) error {
	if begins == "" {
		return nil
	}
	alias, action := kindOf(kind)
	w := x.v.where(x.v.visible(action, alias))
	w.begins(column, begins)
	w.and(more(kind, x.v.actor.Role))
	rows, err := x.rows(`SELECT `+columns+` FROM `+from+` AND `+w.String()+` ORDER BY `+column+` LIMIT `+w.arg(x.limit), w.args...)
	all, err := collect(rows, err, func(row scanner) (h Hit, err error) {
		if h.Kind = kind; kind == "sight" {
			h.Kind = "agreement"
		}
		return h, row.Scan(&h.Ref, &h.Title, &h.Note)
	})
	for _, h := range all {
		x.add(h)
	}
	return err
}

// add keeps what was not found before, up to the limit of its kind.
func (x *searching) add(h Hit) {
	n := 0
	for _, f := range x.found {
		if f.Kind == h.Kind {
			n++
		}
	}
	if x.seen[h.Ref] || n >= x.limit {
		return
	}
	h.Exact = h.Ref == x.ref || h.Kind == "agreement" && influence.NumberKey(h.Note) == x.num
	x.seen[h.Ref], x.found = true, append(x.found, h)
}

// kindOf is the alias that visible knows a kind by, and what it takes to see it.
func kindOf(kind string) (alias string, action influence.Action) {
	switch kind {
	case "claim":
		return "c", influence.ViewClaims
	case "agreement":
		return "a", influence.ViewAgreements
	case "sight":
		return "s", influence.ViewAgreements
	case "partner":
		return "p", influence.ViewPartners
	case "lar":
		return "l", influence.ViewLARs
	}
	return "u", influence.ViewCustomers
}

// more is what else holds for things of a kind that are found.
func more(kind string, role influence.Role) string {
	switch {
	case kind == "claim" && role != influence.RolePartner:
		return `c.state <> 'draft'`
	case kind == "agreement", kind == "sight":
		return `NOT a.withdrawn`
	}
	return `0 = 0`
}

const claimHit = `c.ref, CASE c.customer WHEN '' THEN c.number ELSE c.customer END, c.state`

func (x *searching) claims() error {
	// By the reference first: few claims of all begin so, and many are the actor's.
	if err := x.look("claim", claimHit, `claims r CROSS JOIN claims c WHERE c.id = r.id`, "r.ref", x.ref); err != nil {
		return err
	}
	var by [][2]string
	if x.v.actor.Role == influence.RolePartner {
		by = append(by, [2]string{"c.number_key", x.num})
	}
	if x.v.actor.Role != influence.RoleStaff { // whose names are those of customers
		by = append(by, [2]string{"c.name_key", x.name})
	}
	for _, b := range by {
		from := `claims c WHERE 0 = 0`
		if b[0] == "c.number_key" {
			from += ` AND c.number_key <> ''`
		}
		if err := x.look("claim", claimHit, from, b[0], b[1]); err != nil {
			return err
		}
	}
	return nil
}

// agreements are found by number and customer as each kind of sight gives them.
func (x *searching) agreements() error {
	const own = `(SELECT max(c.customer) FROM claims c WHERE c.agreement_id = a.id AND c.partner_id = $1)`
	if err := x.look("agreement", `a.ref, `+x.customer(own)+`, a.number`, `agreements a WHERE 0 = 0`, "a.ref", x.ref); err != nil {
		return err
	}
	if x.v.actor.Role == influence.RoleStaff {
		return x.look("agreement", `a.ref, a.customer, a.number`, `agreements a WHERE 0 = 0`, "a.number_key", x.num)
	}
	seen := `sight s CROSS JOIN agreements a WHERE a.id = s.agreement_id`
	hit := `a.ref, CASE s.seen_as WHEN 'PC' THEN coalesce(` + own + `, '') ELSE a.customer END, a.number`
	if err := x.look("sight", hit, seen, "s.number_key", x.num); err != nil {
		return err
	}
	return x.look("sight", hit, seen+` AND s.customer_key <> ''`, "s.customer_key", x.name)
}

// customer is a customer's name as the actor sees it on agreement a.
func (x *searching) customer(own string) string {
	if x.v.actor.Role != influence.RolePartner {
		return `a.customer`
	}
	return `CASE (SELECT s.seen_as FROM sight s WHERE s.org_id = $1 AND s.agreement_id = a.id) WHEN 'PC' THEN coalesce(` + own + `, '') ELSE a.customer END`
}

func (x *searching) partners() error {
	const hit = `p.ref, p.name, p.level || ' ' || p.state`
	if err := x.look("partner", hit, `partners p WHERE 0 = 0`, "p.ref", x.ref); err != nil {
		return err
	}
	if x.v.actor.Role == influence.RoleStaff {
		if err := x.look("partner", hit, `partners p WHERE 0 = 0`, "p.partner_no", x.num); err != nil {
			return err
		}
	}
	return x.look("partner", hit, `partners p WHERE 0 = 0`, "upper(p.name)", x.typed)
}

// lars are few: they are found by any beginning of their names.
func (x *searching) lars() error {
	const hit = `l.ref, l.name, l.status`
	if err := x.look("lar", hit, `lars l WHERE 0 = 0`, "l.ref", x.ref); err != nil {
		return err
	}
	return x.look("lar", hit, `lars l WHERE 0 = 0`, "upper(l.name)", x.typed)
}

func (x *searching) customers() error {
	if x.v.actor.Role != influence.RoleStaff {
		return nil
	}
	return x.look("customer", `u.ref, u.name, u.state`, `customers u WHERE 0 = 0`, "u.name_key", x.name)
}
