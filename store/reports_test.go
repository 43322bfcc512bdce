package store

import (
	"fmt"
	"strings"
	"testing"

	"irm/influence"
)

// reasonsMean are words that must stand in the reason for a refusal, by the meaning
// that the data's author gives.
var reasonsMean = map[string]string{
	"amount is not a number": "not a number", "amount is too large": "too large", "no such day": "no such day", "no such partner ID": "no partner ID",
	"no such state": "no such state", "seats": "seats", "fewer than 250 seats": "fewer than 250", "Open is not in the program": "not in the program",
	"order number is missing": "order number is missing", "agreement number is missing": "agreement number is missing",
}

func TestSixReportsComeInWithTheirFigures(t *testing.T) {
	want := expected(t)
	each(t, func(t *testing.T, s *Store) {
		if done := rostered(t, s); done.Partners != want["roster.csv"].Partners || int64(len(done.Refused)) != want["roster.csv"].RefusedRows {
			t.Errorf("roster: %d partners, refused %v", done.Partners, done.Refused)
		}
		for name, w := range want {
			if w.LAR == "" {
				continue
			}
			v := openDesk(t, s, w.LAR, influence.LARReady)
			path := dataFile(t, "reports", name)
			p := imported(t, v, path, nil)
			checkFigures(t, v, p, w)
			checkRecords(t, s, v, w)
			checkDuplicate(t, s, v, p, path)
		}
		if t.Failed() {
			return
		}
		checkCustomers(t, s)
		verified(t, s)
	})
}

func checkFigures(t *testing.T, v Session, p ReportPage, w comesTo) {
	t.Helper()
	got := comesTo{LAR: w.LAR, Orders: p.Summary.Orders(), Agreements: p.Summary.Agreements, Cents: p.Summary.Cents(), Naming: p.Summary.Naming,
		RefusedRows: p.Summary.Refused.Rows, NotOrders: p.Summary.Totals.Rows}
	if fmt.Sprint(got) != fmt.Sprint(comesTo{LAR: w.LAR, Orders: w.Orders, Agreements: w.Agreements, Cents: w.Cents, Naming: w.Naming, RefusedRows: w.RefusedRows, NotOrders: w.NotOrders}) {
		t.Errorf("%s: %+v, not %+v", p.FileName, got, w)
	}
	if p.State != ReportCommitted || p.Summary.New.Rows != w.Orders {
		t.Errorf("%s is %s: %+v", p.FileName, p.State, p.Summary)
	}
	refused := linesOf(t, v, p.Ref, "refused")
	if len(refused) != len(w.Refused) {
		t.Errorf("%s: %d rows refused, not %d", p.FileName, len(refused), len(w.Refused))
	}
	for _, l := range refused {
		name := l.Order
		if name == "" {
			name = l.Agreement
		}
		meaning, ok := reasonsMean[w.Refused[name]]
		if !ok || !strings.Contains(strings.ToLower(l.Reason), strings.ToLower(meaning)) || len(l.Raw) != 11 {
			t.Errorf("%s row %d, %s: %q, not %q", p.FileName, l.Row, name, l.Reason, w.Refused[name])
		}
	}
}

// checkRecords compares what the records hold of a LAR with the file.
func checkRecords(t *testing.T, s *Store, v Session, w comesTo) {
	t.Helper()
	for query, want := range map[string]int64{
		`SELECT count(*) FROM orders o JOIN agreements a ON a.id = o.agreement_id WHERE a.lar_id = $1`:                                     w.Orders,
		`SELECT count(*) FROM agreements WHERE lar_id = $1 AND NOT withdrawn`:                                                              w.Agreements,
		`SELECT CAST(sum(o.cents) AS BIGINT) FROM orders o JOIN agreements a ON a.id = o.agreement_id WHERE a.lar_id = $1`:                 w.Cents,
		`SELECT CAST(sum(influenced + unassisted + undecided) AS BIGINT) FROM agreements WHERE lar_id = $1`:                                w.Cents,
		`SELECT count(*) FROM orders o JOIN agreements a ON a.id = o.agreement_id WHERE a.lar_id = $1 AND o.partner_no <> ''`:              w.Naming,
		`SELECT CAST(sum(m.influenced + m.unassisted + m.undecided) AS BIGINT) FROM movements m WHERE m.lar_id = $1 AND m.topic = 'money'`: w.Cents,
	} {
		if n := count(t, s, query, v.actor.OrgID); n != want {
			t.Errorf("%s: %s gives %d, not %d", w.LAR, query, n, want)
		}
	}
}

func checkDuplicate(t *testing.T, s *Store, v Session, p ReportPage, path string) {
	t.Helper()
	before := count(t, s, `SELECT count(*) FROM reports`)
	_, err := v.UploadReport(t.Context(), "again.csv", path, nil)
	d, ok := isDuplicate(err)
	if !ok || d.Ref != p.Ref || d.By != "Operator" || d.At.IsZero() || !d.At.Equal(p.CommittedAt) {
		t.Errorf("%s again: %v", p.FileName, err)
	}
	if n := count(t, s, `SELECT count(*) FROM reports`); n != before {
		t.Errorf("a refused duplicate left a report")
	}
}

// checkCustomers compares which agreements have the same customer with which
// ones are meant to, whatever the spelling of their first row.
func checkCustomers(t *testing.T, s *Store) {
	t.Helper()
	_, truth := records(t, dataFile(t, "reports", "truth.csv"))
	meant := map[string]string{} // customer that is kept to customer that is meant
	kept := map[string]map[string]bool{}
	for _, row := range truth {
		id := texts(t, s, `SELECT customer_id FROM agreements WHERE number = $1`, row[1])
		if len(id) != 1 {
			t.Fatalf("agreement %s: %q", row[1], id)
		}
		name := influence.NameKey(row[2]) + " " + row[3]
		if other := meant[id[0]]; other != "" && other != name {
			t.Errorf("%s and %s are one customer", name, other)
		}
		meant[id[0]] = name
		if kept[name] == nil {
			kept[name] = map[string]bool{}
		}
		kept[name][id[0]] = true
	}
	split := 0
	for _, ids := range kept {
		split += len(ids) - 1
	}
	t.Logf("%d customers are kept as %d", len(kept), len(meant))
	if split*10 > len(kept) {
		t.Errorf("%d of %d customers are kept twice, more than a tenth", split, len(kept))
	}
}
