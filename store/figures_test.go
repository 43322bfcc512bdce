package store

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"irm/influence"
)

// TestDashboardOfAnEmptyProgramIsEmpty: nothing is counted, and nothing fails.
func TestDashboardOfAnEmptyProgramIsEmpty(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		d, err := s.As(staffActor()).Dashboard(t.Context(), Selection{Period: influence.Period{FY: 2007}})
		if err != nil {
			t.Fatal(err)
		}
		if d.Now != (Sums{}) || len(d.States)+len(d.Partners)+len(d.LARs) != 0 || d.Active.N != 0 || d.Waiting.All() != 0 {
			t.Errorf("an empty program shows %+v", d)
		}
		if len(d.Months) != 12 || len(d.Years) != 1 || d.Years[0] != 2007 {
			t.Errorf("%d months, years %v", len(d.Months), d.Years)
		}
	})
}

// TestFiguresOfOneDecision: known numbers, before and after sealing, for Microsoft
// and the LAR.
func TestFiguresOfOneDecision(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		claimed(t, s, p, p.alder, "E1")
		d := wholly(p.alder, versionOf(t, s, agreement))
		d.Shares[0].Points, d.Shares[0].Kind = 3_333, influence.Sourced
		if _, err := s.As(larActor(p.north)).Decide(t.Context(), agreement, d); err != nil {
			t.Fatal(err)
		}
		key, _ := ownSigner(t, s)
		want := Sums{Influenced: 333_30, Unassisted: 666_70, Sourced: 333_30, Orders: 1, Agreements: 1, Decided: 1, Attached: 1}
		for _, state := range []string{"unsealed", "sealed"} {
			for _, who := range []influence.Actor{staffActor(), larActor(p.north)} {
				d, err := s.As(who).Dashboard(t.Context(), Selection{Period: influence.Period{FY: 2007, Quarter: 3}})
				if err != nil {
					t.Fatal(err)
				}
				if d.Now != want || d.Active.N != 1 || len(d.Partners) != 1 || d.Partners[0].Influenced != 333_30 {
					t.Errorf("%s, %s: %+v, active %+v, partners %+v", who.Role, state, d.Now, d.Active, d.Partners)
				}
				year, err := s.As(who).Dashboard(t.Context(), Selection{Period: influence.Period{FY: 2007}})
				if err != nil {
					t.Fatal(err)
				}
				if twice, ok := year.Days.Now.Median(); !ok || twice != 0 {
					t.Errorf("%s, %s: decided on the day it came, the median is %d/2 days", who.Role, state, twice)
				}
			}
			d, err := s.As(larActor(p.south)).Dashboard(t.Context(), Selection{Period: influence.Period{FY: 2007}})
			if err != nil || d.Now != (Sums{}) || len(d.Partners) != 0 {
				t.Errorf("the other LAR sees %+v, %+v, %v", d.Now, d.Partners, err)
			}
			sealAll(t, s, key)
		}
	})
}

// TestDashboardIsRefused: a partner has none, a LAR none of another, and what no
// rollup counts is said at the field.
func TestDashboardIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		year := influence.Period{FY: 2007}
		for _, tt := range []struct {
			who  influence.Actor
			sel  Selection
			want string
		}{
			{partnerActor(p.alder), Selection{Period: year}, "forbidden"},
			{larActor(p.north), Selection{Period: year, LAR: p.south.Ref}, "not found"},
			{larActor(p.north), Selection{Period: year, Program: influence.Select, State: "NH"}, "invalid: state"},
			{staffActor(), Selection{Period: year, Program: influence.Select, State: "NH", LAR: p.south.Ref}, "invalid: state"},
			{staffActor(), Selection{Period: year, State: "XX"}, "invalid: state"},
			{staffActor(), Selection{Period: influence.Period{FY: 7}}, "invalid: fy"},
			{staffActor(), Selection{Period: year, LAR: "LAR-000000"}, "not found"},
		} {
			_, err := s.As(tt.who).Dashboard(t.Context(), tt.sel)
			if err == nil || !strings.HasSuffix(err.Error(), tt.want) && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s %+v: %v, want %s", tt.who.Role, tt.sel, err, tt.want)
			}
		}
	})
}

// TestListsComeToTheDashboard: the rows that figures link to add up to them.
func TestListsComeToTheDashboard(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		for i := range 4 {
			ref := booked(t, s, p, fmt.Sprint("E", i))
			if i > 0 {
				claimed(t, s, p, p.alder, fmt.Sprint("E", i))
			}
			if i > 1 {
				decided(t, s, p, ref, p.alder)
			}
		}
		v := s.As(staffActor())
		d, err := v.Dashboard(t.Context(), Selection{Period: influence.Period{FY: 2007}})
		if err != nil {
			t.Fatal(err)
		}
		first, last := influence.FiscalYearSpan(2007)
		year := AgreementFilter{First: first, Last: last, Limit: 50}
		orders, signed, undecided, answered, own, waiting := year, year, year, year, year, AgreementFilter{Limit: 50, Waiting: 1}
		signed.BySigning, undecided.BySigning, undecided.Decided, answered.ByAnswer = true, true, "no", true
		own.Partner = d.Partners[0].Ref
		for name, tt := range map[string]struct {
			f    AgreementFilter
			rows int64
			of   func(AgreementRow) int64
			sum  int64
		}{
			"influenced":          {orders, 4, func(r AgreementRow) int64 { return r.Influenced }, d.Now.Influenced},
			"undecided":           {orders, 4, func(r AgreementRow) int64 { return r.Undecided }, d.Now.Undecided},
			"signed":              {signed, d.Now.Agreements, nil, 0},
			"undecided agreement": {undecided, d.Now.Agreements - d.Now.Decided, nil, 0},
			"timed":               {answered, d.Days.Now.N(), nil, 0},
			"the partner's":       {own, d.Partners[0].Orders, func(r AgreementRow) int64 { return r.Own }, d.Partners[0].Influenced},
			"waiting":             {waiting, d.Waiting[0], nil, 0},
		} {
			page, err := v.Agreements(t.Context(), tt.f)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var sum int64
			for _, r := range page.Rows {
				if tt.of != nil {
					sum += tt.of(r)
				}
			}
			if int64(len(page.Rows)) != tt.rows || sum != tt.sum || tt.rows == 0 {
				t.Errorf("%s: %d rows of %d cents, the figure says %d of %d", name, len(page.Rows), sum, tt.rows, tt.sum)
			}
		}
		active, err := v.Partners(t.Context(), PartnerFilter{Active: Activity{Period: "FY2007", LAR: p.north.Ref}, Limit: 50})
		if err != nil || int64(len(active.Rows)) != d.Active.N {
			t.Errorf("%d active partners are listed, %d counted, %v", len(active.Rows), d.Active.N, err)
		}
	})
}

// TestListSums: what a list comes to is said where it is counted, and only there.
func TestListSums(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		decided(t, s, p, booked(t, s, p, "E1"), p.alder)
		booked(t, s, p, "E2")
		first, last := influence.FiscalYearSpan(2007)
		for name, tt := range map[string]struct {
			who  influence.Actor
			f    AgreementFilter
			want string
		}{
			"all":               {staffActor(), AgreementFilter{}, "2 200000"},
			"a LAR's own":       {larActor(p.south), AgreementFilter{}, "0 0"},
			"decided":           {staffActor(), AgreementFilter{Decided: "yes"}, "1 -"},
			"orders of a month": {staffActor(), AgreementFilter{First: "2007-03-01", Last: "2007-04-00", State: "NH"}, "- 200000"},
			"signed in a year":  {larActor(p.north), AgreementFilter{First: first, Last: last, BySigning: true, Program: influence.Enterprise}, "2 -"},
			"part of a month":   {staffActor(), AgreementFilter{First: first, Last: "2007-03-12"}, ""},
			"a search":          {staffActor(), AgreementFilter{Query: "E1"}, ""},
			"three filters":     {staffActor(), AgreementFilter{Program: influence.Enterprise, State: "NH", LAR: p.north.Ref}, ""},
			"a partner":         {partnerActor(p.alder), AgreementFilter{}, ""},
		} {
			l, err := s.As(tt.who).AgreementSums(t.Context(), tt.f)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := ""
			if l != nil {
				n, cents := "-", "-"
				if l.Counted {
					n = fmt.Sprint(l.Agreements)
				}
				if l.Added {
					cents = fmt.Sprint(l.Revenue())
				}
				got = n + " " + cents
			}
			if got != tt.want {
				t.Errorf("%s: %q, want %q", name, got, tt.want)
			}
		}
	})
}

// TestVerifyNamesWhatDiffers: whatever is changed behind the program's back is named.
func TestVerifyNamesWhatDiffers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		agreement := booked(t, s, p, "E1")
		claimed(t, s, p, p.alder, "E1")
		decided(t, s, p, agreement, p.alder)
		booked(t, s, p, "E2")
		key, _ := ownSigner(t, s)
		sealAll(t, s, key)
		booked(t, s, p, "E3") // unsealed
		if wrong, err := s.Verify(t.Context()); err != nil || len(wrong) > 0 {
			t.Fatalf("a sound database: %v %v", wrong, err)
		}
		for _, tt := range []struct{ change, back, want string }{
			{`UPDATE agreements SET influenced = influenced + 1 WHERE ref = '` + agreement + `'`, `UPDATE agreements SET influenced = influenced - 1 WHERE ref = '` + agreement + `'`, "agreement " + agreement},
			{`UPDATE agreements SET decided = FALSE WHERE ref = '` + agreement + `'`, `UPDATE agreements SET decided = TRUE WHERE ref = '` + agreement + `'`, "agreement " + agreement},
			{`UPDATE standing SET undecided = undecided + 7`, `UPDATE standing SET undecided = undecided - 7`, "it counts for"},
			{`UPDATE totals SET orders = orders + 1 WHERE kind = 'lar' AND period = '2007-03'`, `UPDATE totals SET orders = orders - 1 WHERE kind = 'lar' AND period = '2007-03'`, "totals of lar"},
			{`UPDATE totals SET agreements = agreements + 1 WHERE kind = 'inbox'`, `UPDATE totals SET agreements = agreements - 1 WHERE kind = 'inbox'`, "totals of inbox"},
			{`UPDATE totals SET agreements = agreements + 1 WHERE kind = 'claims'`, `UPDATE totals SET agreements = agreements - 1 WHERE kind = 'claims'`, "totals of claims"},
			{`UPDATE actives SET n = n + 1`, `UPDATE actives SET n = n - 1`, "actives"},
			{`UPDATE inbox SET claims = claims + 1`, `UPDATE inbox SET claims = claims - 1`, "inbox"},
			{`UPDATE sight SET seen_as = 'PC' WHERE seen_as = 'PS'`, `UPDATE sight SET seen_as = 'PS' WHERE seen_as = 'PC'`, "sight"},
			{`INSERT INTO void_decisions (decision_id) SELECT id FROM decisions`, `DELETE FROM void_decisions`, "kept as void true"},
			{`UPDATE orders SET cents = cents + 1`, `UPDATE orders SET cents = cents - 1`, "orders"},
			{`UPDATE unsealed SET weight = weight + 1`, `UPDATE unsealed SET weight = weight - 1`, "unsealed"},
			{`DELETE FROM tiles WHERE level = 0 AND n = 0`, ``, "ledger: tile 0 of level 0 is missing"},
		} {
			changed(t, s, tt.change)
			wrong, err := s.Verify(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", tt.change, err)
			}
			if !strings.Contains(strings.Join(wrong, "\n"), tt.want) {
				t.Errorf("%s is not found: %q", tt.change, wrong)
			}
			if tt.back != "" {
				changed(t, s, tt.back)
			}
		}
	})
}

// changed changes something behind the program's back.
func changed(t testing.TB, s *Store, query string) {
	t.Helper()
	var n int64
	err := s.transact(t.Context(), func(x *tx) (err error) { n, err = x.exec(query); return err })
	if err != nil || n == 0 {
		t.Fatalf("%s: %d rows, %v", query, n, err)
	}
}

// asking writes down the statements that are run.
type asking struct {
	querier
	asked map[string][]any
}

func (a asking) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	a.asked[query] = args
	return a.querier.QueryContext(ctx, query, args...)
}

func (a asking) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	a.asked[query] = args
	return a.querier.QueryRowContext(ctx, query, args...)
}

// TestDashboardReadsByKey: no statement of a dashboard reads a table that grows
// with the program from end to end.
func TestDashboardReadsByKey(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		decided(t, s, p, booked(t, s, p, "E1"), p.alder)
		for _, sel := range []Selection{{}, {Program: influence.Enterprise}, {LAR: p.north.Ref}, {State: "NH"}, {LAR: p.north.Ref, State: "NH"}} {
			sel.Period = influence.Period{FY: 2007}
			a := asking{s.db, map[string][]any{}}
			v := s.As(staffActor())
			chosen, err := v.selected(reader{t.Context(), s.db}, sel)
			if err != nil {
				t.Fatal(err)
			}
			f := figures{rollups: newRollups(reader{t.Context(), a}), selected: chosen, v: v, today: s.clock.Today(), d: &Dashboard{Selection: chosen.Selection}}
			if err := f.read(); err != nil {
				t.Fatal(err)
			}
			if len(a.asked) < 4 {
				t.Fatalf("only %d statements", len(a.asked))
			}
			for query, args := range a.asked {
				if plan := scans(t, s, query, args); plan != "" {
					t.Errorf("%+v reads all of a table:\n%s\n%s", sel, query, plan)
				}
			}
		}
	})
}

// scans returns the steps of a plan that read a growing table from end to end.
func scans(t testing.TB, s *Store, query string, args []any) string {
	t.Helper()
	explain, whole := `EXPLAIN QUERY PLAN `, regexp.MustCompile(`^SCAN (t|m|totals|movements|standing|agreements|orders|claims|partners|actives)\b`)
	conn, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if s.dialect == "postgres" {
		// Small tables are read whole whatever their indexes: only where there is no other way now.
		if _, err := conn.ExecContext(t.Context(), `SET enable_seqscan = off`); err != nil {
			t.Fatal(err)
		}
		defer conn.ExecContext(context.Background(), `RESET enable_seqscan`)
		explain, whole = `EXPLAIN `, regexp.MustCompile(`Seq Scan on (totals|movements|standing|agreements|orders|claims|partners|actives)\b`)
	}
	rows, err := conn.QueryContext(t.Context(), explain+query, args...)
	steps, err := collect(rows, err, func(row scanner) (step string, err error) {
		if s.dialect == "postgres" {
			return step, row.Scan(&step)
		}
		var id, parent, unused int64
		return step, row.Scan(&id, &parent, &unused, &step)
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	var found []string
	for _, step := range steps {
		if whole.MatchString(strings.TrimSpace(step)) {
			found = append(found, step)
		}
	}
	return strings.Join(found, "\n")
}
