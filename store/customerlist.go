package store

import (
	"context"
	"iter"

	"irm/influence"
)

// CustomerLine is one customer with its spellings, for Microsoft.
type CustomerLine struct {
	Ref, Name, State string
	Aliases          []Alias
	id               string
}

func (c CustomerLine) cursor() string { return joinCursor(c.Name, c.id) }

// CustomerFilter narrows the list of customers.
type CustomerFilter struct {
	Reversed      bool // the last name first
	State         string
	Query         string // beginning of the name, or of a spelling
	After, Before string
	Limit         int
}

// Customers returns a page of the customers by name, each with who spells it how.
func (v Session) Customers(ctx context.Context, f CustomerFilter) (Page[CustomerLine], error) {
	w := v.where(v.visible(influence.ViewCustomers, "u"))
	if f.State != "" {
		w.and(`u.state = ?`, f.State)
	}
	if f.Query != "" {
		w.and(`upper(u.name) LIKE ? ESCAPE '\' OR u.id IN (SELECT h.customer_id FROM aliases h WHERE upper(h.name) LIKE ? ESCAPE '\')`,
			likePrefix(upper(f.Query)), likePrefix(upper(f.Query)))
	}
	key, op, dir, back := keyset(f.After, f.Before, f.Reversed)
	if key[1] != "" {
		w.and(`(u.name, u.id) `+op+` (?, ?)`, key[0], key[1])
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT u.id, u.ref, u.name, u.state FROM customers u WHERE `+w.String()+`
		ORDER BY u.name `+dir+`, u.id `+dir+` LIMIT `+w.arg(f.Limit+1), w.args...)
	all, err := collect(rows, err, func(row scanner) (c CustomerLine, err error) { return c, row.Scan(&c.id, &c.Ref, &c.Name, &c.State) })
	if err != nil {
		return Page[CustomerLine]{}, wrap(err)
	}
	page := paged(all, f.Limit, back, f.After != "", CustomerLine.cursor)
	return page, wrap(v.spell(ctx, page.Rows))
}

// spell adds the spellings of the customers of a page.
func (v Session) spell(ctx context.Context, page []CustomerLine) error {
	if len(page) == 0 {
		return nil
	}
	at := map[string]int{}
	w := v.where(v.visible(influence.ViewCustomers, "u"))
	names := ""
	for i, c := range page {
		at[c.id] = i
		if i > 0 {
			names += ", "
		}
		names += w.arg(c.id)
	}
	w.parts = append(w.parts, `h.customer_id IN (`+names+`)`)
	rows, err := v.s.read.QueryContext(ctx, `SELECT h.customer_id, h.name, coalesce(l.name, p.name, '') FROM aliases h LEFT JOIN lars l ON l.id = h.org_id
		LEFT JOIN partners p ON p.id = h.org_id WHERE `+w.String()+` ORDER BY h.customer_id, h.name, h.org_id`, w.args...)
	_, err = collect(rows, err, func(row scanner) (a Alias, err error) {
		var id string
		err = row.Scan(&id, &a.Name, &a.By)
		if i, ok := at[id]; ok {
			page[i].Aliases = append(page[i].Aliases, a)
		}
		return a, err
	})
	return err
}

// EveryCustomer yields all customers of the filter, for an export.
func (v Session) EveryCustomer(ctx context.Context, f CustomerFilter) iter.Seq2[CustomerLine, error] {
	f.Limit, f.Before = 500, ""
	return every(func(after string) (Page[CustomerLine], error) {
		if v.actor.Scope(influence.ViewCustomers) != influence.ScopeAll {
			return Page[CustomerLine]{}, influence.ErrForbidden
		}
		f.After = after
		return v.Customers(ctx, f)
	}, CustomerLine.cursor)
}
