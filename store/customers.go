package store

import (
	"database/sql"
	"errors"

	"irm/influence"
)

// customer finds the customer that names and a state mean, or makes one: the same
// normalised name or alias and state are the same customer (domain.md, Matching).
// All names mean one customer; the first one found is it, and one that is new has
// the first name.
func (t *tx) customer(names []string, state, org string) (id string, err error) {
	for _, name := range names {
		if id, err = t.knownCustomer(influence.NameKey(name), state); !errors.Is(err, sql.ErrNoRows) {
			break
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		id, err = t.newCustomer(names[0], influence.NameKey(names[0]), state)
	}
	if err != nil {
		return "", err
	}
	return id, t.aliasIn(id, org, names[0], state)
}

func (t *tx) knownCustomer(key, state string) (id string, err error) {
	err = t.row(`SELECT id FROM customers WHERE name_key = $1 AND state = $2 ORDER BY id LIMIT 1`, key, state).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row(`SELECT customer_id FROM aliases WHERE name_key = $1 AND state = $2 ORDER BY customer_id LIMIT 1`, key, state).Scan(&id)
	}
	return id, err
}

func (t *tx) newCustomer(name, key, state string) (id string, err error) {
	id = newID("cus", t.at)
	_, err = t.referred("CUS", func(ref string) (int64, error) {
		return t.once(`INSERT INTO customers (id, ref, name, name_key, state, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (ref) DO NOTHING`, id, ref, name, key, state, t.at.UnixMicro())
	})
	return id, err
}

// aliasIn keeps how an organization spells a customer of a state.
func (t *tx) aliasIn(customerID, org, name, state string) error {
	return t.later(`INSERT INTO aliases (customer_id, org_id, name, name_key, state, first_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (customer_id, org_id, name) DO NOTHING`, customerID, org, name, influence.NameKey(name), state, t.at.UnixMicro())
}
