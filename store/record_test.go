package store

import (
	"errors"
	"slices"
	"testing"

	"irm/influence"
)

// recorded adds up a partner's record and compares it with what counts for it.
func (h *chronicle) recorded(p LoadedPartner) {
	var sum int64
	for l, err := range h.s.As(partnerActor(p)).EveryRecordLine(h.test.Context()) {
		if err != nil {
			h.Fatal(err)
		}
		if l.Share.PartnerID != p.ID || l.Decision == "" {
			h.Errorf("%s has in its record %+v", p.Name, l)
		}
		sum += l.Cents
	}
	if want := count(h.test, h.s, `SELECT coalesce(sum(k.influenced), 0) FROM standing k JOIN agreements a ON a.id = k.agreement_id WHERE k.partner_id = $1 AND NOT a.withdrawn`, p.ID); sum != want {
		h.Errorf("the record of %s comes to %d, what counts for it to %d", p.Name, sum, want)
	}
}

// TestRecordShowsOwnSharesWithTheirReceipts: each share in force, who confirmed it and
// the hash of its receipt, which anybody finds to be genuine; nothing of another's.
func TestRecordShowsOwnSharesWithTheirReceipts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		first, second := booked(t, s, p, "E1"), booked(t, s, p, "E2")
		claim := claimed(t, s, p, p.alder, "E1")
		decided(t, s, p, first, p.alder)
		decided(t, s, p, second, p.alder)
		key, _ := ownSigner(t, s)
		if err := s.SealAll(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		v := s.As(partnerActor(p.alder))
		page, err := v.Record(t.Context(), "", "", 10)
		if err != nil || len(page.Rows) != 2 {
			t.Fatalf("%+v %v", page, err)
		}
		a, b := page.Rows[0], page.Rows[1]
		if a.Number != "E1" || a.Claim != claim || a.Share.Points != 10_000 || a.Cents != 100_000 || a.Orders != 1 || a.LAR != p.north.Name || a.From != influence.Start || a.Until != "" {
			t.Errorf("%+v", a)
		}
		if b.Number != "E2" || b.Claim != "" || b.Receipt != "" {
			t.Errorf("%+v", b)
		}
		if x, err := s.As(influence.Actor{}).Genuine(t.Context(), a.Receipt); err != nil || x.Seq == 0 {
			t.Errorf("the receipt %q is not genuine: %+v %v", a.Receipt, x, err)
		}
		one, err := v.Record(t.Context(), "", "", 1)
		if err != nil || len(one.Rows) != 1 || one.Older == "" {
			t.Fatalf("%+v %v", one, err)
		}
		next, err := v.Record(t.Context(), one.Older, "", 1)
		if err != nil || len(next.Rows) != 1 || next.Rows[0].Number != "E2" {
			t.Errorf("%+v %v", next, err)
		}
		if lines := slices.Collect(func(yield func(RecordLine) bool) {
			for l, err := range v.EveryRecordLine(t.Context()) {
				if err != nil || !yield(l) {
					return
				}
			}
		}); len(lines) != 2 {
			t.Errorf("%d lines in the file", len(lines))
		}
		if other, err := s.As(partnerActor(p.birch)).Record(t.Context(), "", "", 10); err != nil || len(other.Rows) != 0 {
			t.Errorf("birch reads %+v, %v", other, err)
		}
		if _, err := s.As(larActor(p.north)).Record(t.Context(), "", "", 10); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a LAR: %v", err)
		}
	})
}
