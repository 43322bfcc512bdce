package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// statement is one statement that was run.
type statement struct {
	query string
	args  []any
}

// listening runs statements and writes them down.
type listening struct {
	querier
	heard *[]statement
}

func (l listening) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	*l.heard = append(*l.heard, statement{query, args})
	return l.querier.QueryContext(ctx, query, args...)
}

func (l listening) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	*l.heard = append(*l.heard, statement{query, args})
	return l.querier.QueryRowContext(ctx, query, args...)
}

// lists are the pages that are asked for all day, on their first page and later.
func (p program) lists() map[string]func(ctx context.Context, s *Store) error {
	lar := influence.Actor{MemberID: p.north.MemberID, OrgID: p.north.ID, Role: influence.RoleLAR, Rank: influence.RankOwner}
	partner := influence.Actor{MemberID: p.alder.MemberID, OrgID: p.alder.ID, Role: influence.RolePartner, Rank: influence.RankOwner}
	staff := influence.Actor{MemberID: "m", OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager}
	day := joinCursor("2007-01-01", "agr_1")
	agreements := func(a influence.Actor, f AgreementFilter) func(context.Context, *Store) error {
		f.Limit = 50
		return func(ctx context.Context, s *Store) error { _, err := s.As(a).Agreements(ctx, f); return err }
	}
	claims := func(a influence.Actor, f ClaimFilter) func(context.Context, *Store) error {
		f.Limit = 50
		return func(ctx context.Context, s *Store) error { _, err := s.As(a).Claims(ctx, f); return err }
	}
	inbox := func(after, before string) func(context.Context, *Store) error {
		return func(ctx context.Context, s *Store) error {
			_, err := s.As(lar).Inbox(ctx, "decide", after, before, 50)
			return err
		}
	}
	search := func(a influence.Actor, typed string) func(context.Context, *Store) error {
		return func(ctx context.Context, s *Store) error { _, err := s.As(a).Search(ctx, typed, 5); return err }
	}
	entries := func(a influence.Actor, act influence.Action, f AuditFilter) func(context.Context, *Store) error {
		f.Limit = 50
		return func(ctx context.Context, s *Store) error { _, err := s.As(a).Entries(ctx, act, f); return err }
	}
	all := map[string]func(context.Context, *Store) error{
		"ledger":                         entries(staff, influence.ViewLedger, AuditFilter{}),
		"ledger, later":                  entries(staff, influence.ViewLedger, AuditFilter{After: joinCursor("", "ent_1")}),
		"ledger, of days":                entries(staff, influence.ViewLedger, AuditFilter{From: "2007-04-01", Until: "2007-04-16"}),
		"ledger, by thing and action":    entries(staff, influence.ViewLedger, AuditFilter{Thing: "AGR-1", Action: influence.Decide}),
		"ledger, by person and action":   entries(staff, influence.ViewLedger, AuditFilter{Person: p.north.MemberID, Action: influence.Decide, After: joinCursor("", "ent_1")}),
		"ledger, by action":              entries(staff, influence.ViewLedger, AuditFilter{Action: influence.Decide, Before: joinCursor("", "ent_1")}),
		"activity":                       entries(lar, influence.ViewActivity, AuditFilter{After: joinCursor("", "ent_1")}),
		"activity, by person and action": entries(lar, influence.ViewActivity, AuditFilter{Person: p.north.MemberID, Action: influence.Decide}),
		"inbox":                          inbox("", ""),
		"inbox, later":                   inbox("agr_1~-100~2007-04-16", ""),
		"inbox, before":                  inbox("", "agr_1~-100~2007-04-16"),
		"inbox's counts": func(ctx context.Context, s *Store) error {
			_, err := s.As(lar).InboxCounts(ctx)
			return err
		},
		"agreements":            agreements(staff, AgreementFilter{}),
		"agreements, later":     agreements(staff, AgreementFilter{After: day}),
		"agreements, before":    agreements(staff, AgreementFilter{Before: day}),
		"agreements of a state": agreements(staff, AgreementFilter{State: "NH", After: day}),
		"agreements of a LAR":   agreements(staff, AgreementFilter{LAR: p.north.Ref, After: day}),
		"a LAR's agreements":    agreements(lar, AgreementFilter{After: day}),
		"a partner's statement": func(ctx context.Context, s *Store) error {
			v := s.As(partner)
			_, err := v.statementDays(v.reader(ctx), StatementFilter{First: "2006-07-01", Last: "2007-06-30", Period: "FY2007", After: day, Limit: 50})
			return err
		},
		"a partner's claims in a state": claims(partner, ClaimFilter{State: "confirmed", After: joinCursor("1", "clm_1")}),
		"a partner's home": func(ctx context.Context, s *Store) error {
			v := s.As(partner)
			h := Home{Year: influence.Period{FY: 2007}}
			return errors.Join(v.homeMoney(v.reader(ctx), &h), v.homeClaims(v.reader(ctx), &h))
		},
		"LARs' service": func(ctx context.Context, s *Store) error {
			v := s.As(partner)
			_, err := v.serviceOf(v.reader(ctx), map[string]string{p.north.ID: p.north.Ref, p.south.ID: p.south.Ref})
			return err
		},
		"a LAR's service": func(ctx context.Context, s *Store) error {
			v := s.As(lar)
			_, err := v.serviceOf(v.reader(ctx), map[string]string{p.north.ID: p.north.Ref})
			return err
		},
		"a partner's search":          search(partner, "e"),
		"a partner's search, by name": search(partner, "CLM-7F3"),
		"a LAR's search":              search(lar, "f"),
		"staff's search":              search(staff, "1"),
		"staff's search, by name":     search(staff, "fabrikam"),
		"a partner's agreements":      agreements(partner, AgreementFilter{}),
		"claims":                      claims(staff, ClaimFilter{}),
		"claims, later":               claims(staff, ClaimFilter{After: joinCursor("1", "clm_1")}),
		"a LAR's claims":              claims(lar, ClaimFilter{After: joinCursor("1", "clm_1")}),
		"a partner's claims, to open": claims(partner, ClaimFilter{State: "open"}),
		"a partner's claims, before":  claims(partner, ClaimFilter{Before: joinCursor("1", "clm_1")}),
	}
	all["a partner's questions whose a deal is"] = func(ctx context.Context, s *Store) error {
		v := s.As(partner)
		return v.homeWhose(v.reader(ctx), &Home{})
	}
	applications := func(f ApplicationFilter) func(context.Context, *Store) error {
		f.Limit = 50
		return func(ctx context.Context, s *Store) error { _, err := s.As(staff).Applications(ctx, f); return err }
	}
	all["applications that wait"] = applications(ApplicationFilter{State: "waiting", After: joinCursor("1", "app_1")})
	all["applications that are asked about"] = applications(ApplicationFilter{State: "asked", After: joinCursor("1", "app_1")})
	all["questions about an application"] = func(ctx context.Context, s *Store) error {
		_, err := s.As(staff).reader(ctx).applicationTalk("app_1")
		return err
	}
	all["personal links to a partner"] = func(ctx context.Context, s *Store) error {
		_, err := s.As(staff).personalLinks(ctx, "PRT-1")
		return err
	}
	all["notices"] = func(ctx context.Context, s *Store) error {
		_, err := s.As(partner).Notices(ctx, NoticeFilter{After: joinCursor("1", "mail_1"), Limit: 50})
		return err
	}
	for who, a := range map[string]influence.Actor{"a partner's": partner, "a LAR's": lar, "staff's": staff} {
		all[who+" disputes to do"] = func(ctx context.Context, s *Store) error { _, err := s.As(a).DisputesDue(ctx, 6); return err }
	}
	for _, x := range slices.Concat(claimSilences(), connectionSilences(), disputeSilences()) { // the daily mails are looked for once a day
		all["clocks: "+x.step] = func(ctx context.Context, s *Store) error {
			_, err := x.due(reader{ctx, s.read}, s.moment())
			return err
		}
	}
	return all
}

// TestListsReadByIndex looks at the plan of every statement behind the lists:
// none reads a table from end to end, and on SQLite none sorts what it found but
// the few spellings of a customer.
func TestListsReadByIndex(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for name, list := range begun(t, s).lists() {
			var heard []statement
			ear := *s
			ear.read = listening{s.read, &heard}
			if err := list(t.Context(), &ear); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(heard) == 0 {
				t.Errorf("%s: nothing was asked", name)
			}
			for _, a := range heard {
				checkPlan(t, s, name, a)
			}
		}
	})
}

// TestMatchingReadsByIndex does the same for what a report's agreement and a
// claim are matched by.
func TestMatchingReadsByIndex(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		var heard []statement
		err := s.transact(t.Context(), func(t *tx) error {
			heard = nil
			t.q = listening{t.q, &heard}
			a := agreement{ID: "agr_1", Number: "E1", State: "NH", LAR: p.north.ID, SignedOn: "2007-04-01"}
			if _, err := t.suggestClaims(a); err != nil {
				return err
			}
			c := claim{ID: "clm_1", LAR: p.north.ID, PartnerID: p.alder.ID, CustomerState: "NH", DatedOn: "2007-04-01", ValidUntil: "2007-10-01"}
			return t.suggestAgreements(c)
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(heard) < 3 {
			t.Errorf("only %d statements", len(heard))
		}
		for _, a := range heard {
			checkPlan(t, s, "matching", a)
		}
	})
}

// Tables that have few rows at any time may be read whole.
var (
	wholeTable = regexp.MustCompile(`^SCAN (\S+)$`)
	seqScan    = regexp.MustCompile(`Seq Scan on (\S+)`)
	small      = map[string]bool{"CONSTANT": true, "u": true, "unsealed": true, "kinds": true, "k": true, "lars": true, "l": true, "x": true}
)

func checkPlan(t *testing.T, s *Store, name string, a statement) {
	t.Helper()
	for _, line := range planOf(t, s, a) {
		m := wholeTable.FindStringSubmatch(line)
		if m == nil {
			m = seqScan.FindStringSubmatch(line)
		}
		if m != nil && !small[m[1]] {
			t.Errorf("%s reads %s whole: %s\n%s", name, m[1], line, a.query)
		}
		if strings.HasPrefix(line, "USE TEMP B-TREE FOR") && strings.HasSuffix(line, "ORDER BY") && !strings.Contains(a.query, "FROM aliases h") {
			t.Errorf("%s sorts: %s\n%s", name, line, a.query)
		}
	}
}

// planOf asks for the plan; PostgreSQL, whose tables are nearly empty here, is
// told that reading one whole is the last thing it should do.
func planOf(t *testing.T, s *Store, a statement) (lines []string) {
	t.Helper()
	q, err := s.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Rollback() // nothing was changed
	explain := `EXPLAIN QUERY PLAN `
	if s.dialect == "postgres" {
		explain = `EXPLAIN `
		if _, err := q.ExecContext(t.Context(), `SET LOCAL enable_seqscan = off`); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := q.QueryContext(t.Context(), explain+a.query, a.args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, a.query)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		into := []any{&line}
		if s.dialect != "postgres" {
			into = []any{new(int), new(int), new(int), &line}
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
