package store

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"irm/influence"
)

// signIn writes down that somebody came in, or did not.
func (t *tx) signIn(memberID string, from Client, result string) error {
	return t.later(`INSERT INTO sign_ins (id, member_id, at, network, agent, method, result) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		newID("sgn", t.sys), memberID, t.sys.UnixMicro(), coarse(from.Address), cut(from.Agent, 300), string(from.method()), result)
}

// coarse is an address without the part that names one machine: its first three
// bytes, or the first 48 bits of an IPv6 one.
func coarse(address string) string {
	prefix, err := netip.ParsePrefix(address) // a network of IPv6 comes as one
	ip := prefix.Addr()
	if err != nil {
		if ip, err = netip.ParseAddr(address); err != nil {
			return ""
		}
	}
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}

// SignInRefused writes down a sign-in that failed. For an address that is nobody's
// it does as much.
func (s *Store) SignInRefused(ctx context.Context, memberID string, from Client) error {
	err := s.transact(ctx, func(t *tx) error { return t.signIn(memberID, from, "refused") })
	if err != nil {
		return fmt.Errorf("write down sign-in: %w", err)
	}
	return nil
}

// SignInRow is one time somebody signed in as the actor, or tried to.
type SignInRow struct {
	At             time.Time // the machine's
	Network, Agent string
	By             influence.Method
	In             bool // else it was refused
}

// SignIns returns the actor's newest sign-ins.
func (v Session) SignIns(ctx context.Context) ([]SignInRow, error) {
	if !v.actor.May(influence.ViewAccount) {
		return nil, influence.ErrForbidden
	}
	rows, err := v.s.read.QueryContext(ctx, `SELECT at, network, agent, method, result FROM sign_ins WHERE member_id = $1 AND member_id <> ''
		ORDER BY id DESC LIMIT 20`, v.actor.MemberID)
	all, err := collect(rows, err, func(row scanner) (r SignInRow, err error) {
		var at int64
		var result string
		err = row.Scan(&at, &r.Network, &r.Agent, &r.By, &result)
		r.At, r.In = micros(at), result == "in"
		return r, err
	})
	return all, wrap(err)
}
