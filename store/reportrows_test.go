package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"irm/influence"

	"github.com/google/go-cmp/cmp"
)

func TestTheSameOrderTwiceInAFile(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		north := s.As(larActor(p.north))
		file := rowsOf(t, "E1 1 100", "E1 1 100", "E1 1 100 10004", "E1 2 50", "e-1 2 50.00", "E1 2 51")
		page := previewed(t, north, file, nil)
		want := page.Summary
		if want.New.Rows != 2 || want.Unchanged.Rows != 2 || want.Refused.Rows != 2 || want.Cents() != 2*100_00+2*50_00 {
			t.Errorf("previewed %+v", want)
		}
		for _, l := range linesOf(t, north, page.Ref, "refused") {
			if (l.Row != 4 && l.Row != 7) || !strings.Contains(l.Reason, "stands in an earlier row of this file, with other details") {
				t.Errorf("row %d: %s", l.Row, l.Reason)
			}
		}
		if err := s.RunJob(t.Context(), begin(t, north, page), nil); err != nil {
			t.Fatal(err)
		}
		if got := reportPage(t, north, page.Ref).Summary; !cmp.Equal(got, want) {
			t.Errorf("committed %+v, previewed %+v", got, want)
		}
		if n := count(t, s, `SELECT CAST(sum(cents) AS BIGINT) FROM orders`); n != 150_00 || count(t, s, `SELECT count(*) FROM decisions`) != 0 {
			t.Errorf("%d cents; a refused row names nobody", n)
		}
		verified(t, s)
	})
}

func TestWhatAnotherReportBroughtInBetweenCountsAtCommit(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		north, south := s.As(larActor(p.north)), s.As(larActor(p.south))
		mine, theirs := previewed(t, north, rowsOf(t, "E1 1 100", "E2 1 70"), nil), previewed(t, south, rowsOf(t, "E1 1 100 10004"), nil)
		for v, page := range map[Session]ReportPage{south: theirs} {
			if err := s.RunJob(t.Context(), begin(t, v, page), nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.RunJob(t.Context(), begin(t, north, mine), nil); err != nil {
			t.Fatal(err)
		}
		got := reportPage(t, north, mine.Ref).Summary
		if got.New.Rows != 1 || got.Held.Rows != 1 || got.Cents() != 70_00 {
			t.Errorf("%+v", got)
		}
		held := linesOf(t, north, mine.Ref, "held")
		if len(held) != 1 || held[0].Reason != heldSentence {
			t.Errorf("%+v", held)
		}
		second := imported(t, north, rowsOf(t, "E1 1 120"), nil)
		if n := count(t, s, `SELECT count(*) FROM held_lines`); n != 2 {
			t.Errorf("%d held lines", n)
		}
		if err := north.UndoReport(t.Context(), second.Ref, second.Version); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, s, `SELECT CAST(cents AS TEXT) FROM held_lines`); len(got) != 1 || got[0] != "10000" {
			t.Errorf("held after the undo: %q", got)
		}
		verified(t, s)
	})
}

func TestACorrectionByFormKeepsThePartnerThatTheReportNamed(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		north := s.As(larActor(p.north))
		imported(t, north, rowsOf(t, "E1 1 100 10004"), nil)
		ref := texts(t, s, `SELECT ref FROM agreements`)[0]
		d := influence.OrderDraft{OrderNumber: "1", OrderKind: "initial", OrderedOn: "2007-03-02", Amount: "$80"}
		err := north.EnterOrder(t.Context(), ref, versionOf(t, s, ref), d)
		var wrong influence.Invalid
		if !errors.As(err, &wrong) || wrong["order_number"] == "" {
			t.Errorf("a known number is no new order: %v", err)
		}
		d.Correct = true
		if err := north.EnterOrder(t.Context(), ref, versionOf(t, s, ref), d); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, s, `SELECT partner_no || ' ' || CAST(cents AS TEXT) FROM orders`); len(got) != 1 || got[0] != "10004 8000" {
			t.Errorf("%q", got)
		}
		if n := count(t, s, `SELECT count(*) FROM items`); n != 0 {
			t.Errorf("%d questions", n)
		}
		verified(t, s)
	})
}

func TestAWithdrawnNumberIsBookedAgainByForm(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		north := s.As(larActor(p.north))
		page := imported(t, north, rowsOf(t, "E1 1 100"), nil)
		enter := func(v Session) error {
			_, err := v.EnterAgreement(context.Background(), "", influence.AgreementDraft{AgreementNumber: "E-1", Program: "Select", Customer: "Contoso", CustomerState: "OH", Seats: "400",
				SignedOn: "2007-02-01", OrderDraft: influence.OrderDraft{OrderNumber: "7", OrderKind: "initial", OrderedOn: "2007-02-02", Amount: "$5"}})
			return err
		}
		var wrong influence.Invalid
		if err := enter(s.As(larActor(p.south))); !errors.As(err, &wrong) || wrong["agreement_number"] == "" {
			t.Errorf("a number in use: %v", err)
		}
		if err := north.UndoReport(t.Context(), page.Ref, page.Version); err != nil {
			t.Fatal(err)
		}
		if err := enter(s.As(larActor(p.south))); err != nil {
			t.Fatal(err)
		}
		got := texts(t, s, `SELECT customer || ' ' || state || ' ' || program || ' ' || signed_on || ' ' || CAST(cents AS TEXT) FROM agreements WHERE lar_id = $1`, p.south.ID)
		if len(got) != 1 || got[0] != "Contoso OH select 2007-02-01 500" {
			t.Errorf("%q", got)
		}
		verified(t, s)
	})
}
