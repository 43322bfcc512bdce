package store

import "testing"

// TestDollarParameters: both drivers bind $n by its number; every query relies on it.
func TestDollarParameters(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		var got string
		err := s.db.QueryRow(`SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT) || CAST($2 AS TEXT)`, "a", "b").Scan(&got)
		if err != nil || got != "bab" {
			t.Fatalf("got %q, %v; want bab", got, err)
		}
	})
}

// TestProgramBegins: what tests start from is a program whose people can work.
func TestProgramBegins(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		claimed(t, s, p, p.alder, "E1")
		decided(t, s, p, agreement, p.alder)
		if n := count(t, s, `SELECT influenced FROM agreements WHERE ref = $1`, agreement); n != 100_000 {
			t.Errorf("influenced %d cents, want 100000", n)
		}
		if got := texts(t, s, `SELECT state FROM claims`); len(got) != 1 || got[0] != "confirmed" {
			t.Errorf("claims %q", got)
		}
	})
}
