package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"irm/influence"
	"irm/sheet"
)

// rosterWritten writes a roster with these rows under the usual headings.
func rosterWritten(t testing.TB, rows ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "roster.csv")
	text := "partner_id,name,level,state,city,website,contact_name,contact_email\n" + strings.Join(rows, "\n") + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func rosterIn(t testing.TB, s *Store, file string) RosterDone {
	t.Helper()
	done, err := s.As(staffActor()).ImportRosterFile(t.Context(), filepath.Base(file), file, false)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// rosterData is the roster that comes with the test data, and what is expected of it.
func rosterData(t *testing.T) (file string, want map[string]string, partners int64) {
	t.Helper()
	dir := os.Getenv("IRM_TEST_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	file = filepath.Join(dir, "reports", "roster.csv")
	text, err := os.ReadFile(filepath.Join(dir, "reports", "expected.json"))
	if err != nil {
		if os.Getenv("IRM_TEST_ALL") == "1" {
			t.Fatalf("the test data is missing: %v", err)
		}
		t.Skipf("skipped: there is no test data at %s; IRM_TEST_DATA says where it is", dir)
	}
	var all map[string]struct {
		Partners int64
		Refused  map[string]string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return file, all["roster.csv"].Refused, all["roster.csv"].Partners
}

// TestRosterImport: the roster of the test data comes in but for its wrong rows,
// which are refused with the expected reasons; the same file again changes nothing.
func TestRosterImport(t *testing.T) {
	file, refused, partners := rosterData(t)
	each(t, func(t *testing.T, s *Store) {
		done := rosterIn(t, s, file)
		if done.Partners != partners || done.Added != partners || int64(len(done.Refused)) != int64(len(refused)) {
			t.Errorf("%d partners, %d added, refused %v; want %d, and %v", done.Partners, done.Added, done.Refused, partners, refused)
		}
		for row, reason := range refused {
			if !strings.Contains(done.Refused[row], reason) {
				t.Errorf("%s: %q does not say that %q", row, done.Refused[row], reason)
			}
		}
		facts := rosterFacts(t, s)
		if again := rosterIn(t, s, file); again.Unchanged != partners || again.Added+again.Changed+again.Gone != 0 {
			t.Errorf("again: %+v", again)
		}
		if now := rosterFacts(t, s); now != facts+1 {
			t.Errorf("the same roster again made %d entries and levels; it makes one, that it was imported", now-facts)
		}
		last, err := s.As(staffActor()).LastRosterImport(t.Context())
		if err != nil || last.Refused != int64(len(refused)) || len(last.Refusals) != len(refused) {
			t.Errorf("last import %+v, %v", last, err)
		}
		var out bytes.Buffer
		if err := s.As(staffActor()).WriteRosterRefusals(t.Context(), &out); err != nil || strings.Count(out.String(), "\n") != len(refused)+1 {
			t.Errorf("the refused rows as a file: %v\n%s", err, out.String())
		}
	})
}

// rosterFacts counts what only ever grows by an import.
func rosterFacts(t testing.TB, s *Store) int64 {
	t.Helper()
	return count(t, s, `SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM partner_levels)`)
}

// TestLaterRosterUpdates: a later roster gives partners new names and dated
// levels, marks who is not on it, and takes those back who return.
func TestLaterRosterUpdates(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		rosterIn(t, s, rosterWritten(t, "10001,alder Consulting,Certified,NH,Concord,,,", "20001,Elm,Registered,VT,,,,", "20002,Fir,Gold,ME,,,,"))
		done := rosterIn(t, s, rosterWritten(t, "10001,Alder Group,Gold,NH,Concord,alder.example,Dana Fox,DANA@alder.example", "20001,Elm,Registered,VT,,,,"))
		if done.Changed != 1 || done.Unchanged != 1 || done.Gone != 1 {
			t.Errorf("%+v", done)
		}
		page, err := s.As(staffActor()).Partner(t.Context(), texts(t, s, `SELECT ref FROM partners WHERE id = $1`, p.alder.ID)[0])
		if err != nil || page.Name != "Alder Group" || page.Level != influence.Gold || len(page.Levels) != 2 || page.Levels[1].Level != influence.Certified || page.Roster.ContactEmail != "dana@alder.example" {
			t.Errorf("%+v, %v", page, err)
		}
		gone, err := s.As(staffActor()).Roster(t.Context(), RosterFilter{Gone: true, Query: "Fi", Limit: 10})
		if err != nil || len(gone.Rows) != 1 || gone.Rows[0].PartnerNo != "20002" {
			t.Errorf("gone: %+v, %v", gone, err)
		}
		rosterIn(t, s, rosterWritten(t, "20002,Fir,Gold,ME,,,,"))
		if n := count(t, s, `SELECT count(*) FROM roster WHERE gone_at IS NULL`); n != 1 {
			t.Errorf("%d rows are on the current roster, want Fir alone", n)
		}
		if n := count(t, s, `SELECT count(*) FROM partner_levels WHERE partner_id = (SELECT partner_id FROM roster WHERE partner_no = '20002')`); n != 1 {
			t.Errorf("returning to the roster wrote %d levels, want the first alone", n)
		}
	})
}

// TestRosterWorkbook: a workbook is read like a CSV file, with IDs that are
// numbers, under headings as people write them.
func TestRosterWorkbook(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		file := filepath.Join(t.TempDir(), "roster.xlsx")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		w := sheet.NewXLSX(f)
		head := []sheet.Column{{Name: "Company name"}, {Name: "Partner No.", Kind: sheet.IntColumn}, {Name: "Level"}, {Name: "State"}, {Name: "Remark"}}
		if err := errors.Join(w.Head(head), w.Row("Elm", int64(20001), "GOLD", "Vermont", "x"), w.Row("Fir", int64(2), "Gold", "ME", ""), w.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		done := rosterIn(t, s, file)
		if done.Added != 1 || !strings.Contains(done.Refused["row 3"], "not 4 to 10 digits") {
			t.Errorf("%+v", done)
		}
		if got := texts(t, s, `SELECT partner_no || ' ' || name || ' ' || level || ' ' || state FROM partners`); len(got) != 1 || got[0] != "20001 Elm gold VT" {
			t.Errorf("%q", got)
		}
	})
}

// TestUnreadableRosterChangesNothing: what is wrong with a file as a whole is
// said before anything of it counts.
func TestUnreadableRosterChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		var rows []string
		for i := range 900 {
			rows = append(rows, fmt.Sprintf("%d,Partner %d,Gold,NH,,,,", 30000+i, i))
		}
		for name, file := range map[string]string{
			"no headings":          written(t, "1,2,3\n4,5,6\n"),
			"a column missing":     written(t, "partner_id,name,level\n10001,Alder,Gold\n"),
			"nobody on it":         rosterWritten(t, "12,Too short,Gold,NH,,,,"),
			"a quote left open":    rosterWritten(t, append(rows, `40000,"Open,Gold,NH,,,,`)...),
			"an old workbook":      written(t, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
			"a column there twice": written(t, "partner_id,name,level,state,Partner ID\n10001,Alder,Gold,NH,10001\n"),
		} {
			_, err := s.As(staffActor()).ImportRosterFile(t.Context(), "roster.csv", file, false)
			var wrong influence.Invalid
			if !errors.As(err, &wrong) || wrong["file"] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM partners`); n != 0 {
			t.Errorf("%d partners came in", n)
		}
	})
}

func written(t testing.TB, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "roster.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestDryRosterChangesNothing: a dry run says what a file holds and leaves no trace.
func TestDryRosterChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		file := rosterWritten(t, "20001,Elm,Registered,VT,,,,", "20001,Elm again,Registered,VT,,,,")
		done, err := s.As(staffActor()).ImportRosterFile(t.Context(), "roster.csv", file, true)
		if err != nil || done.Partners != 1 || !strings.Contains(done.Refused["row 3"], "row 2") {
			t.Errorf("%+v, %v", done, err)
		}
		if n := count(t, s, `SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM roster) + (SELECT count(*) FROM roster_refusals)`); n != 0 {
			t.Errorf("%d rows were written", n)
		}
	})
}

// TestRosterIsMicrosofts: nobody else sees the roster or brings one; a LAR finds
// a partner by its whole ID, and the ledger knows who looked.
func TestRosterIsMicrosofts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		file := rosterWritten(t, "20001,Elm,Registered,VT,,,,")
		for _, who := range []influence.Actor{partnerActor(p.alder), larActor(p.north), {}} {
			v := s.As(who)
			if _, err := v.ImportRosterFile(t.Context(), "r", file, false); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s imports: %v", who.Role, err)
			}
			if page, err := v.Roster(t.Context(), RosterFilter{Limit: 10}); err != nil || len(page.Rows) != 0 {
				t.Errorf("%s sees %d rows, %v", who.Role, len(page.Rows), err)
			}
			if _, err := v.LastRosterImport(t.Context()); !errors.Is(err, influence.ErrForbidden) {
				t.Errorf("%s sees the last import: %v", who.Role, err)
			}
		}
		lar := s.As(larActor(p.south))
		hit, err := lar.LookUpRoster(t.Context(), " 10004 ")
		if err != nil || hit.Name != "dogwood Consulting" || hit.Enrolled || hit.Level != influence.Certified {
			t.Errorf("looked up %+v, %v", hit, err)
		}
		if _, err := lar.LookUpRoster(t.Context(), "1000"); !errors.Is(err, influence.ErrNotFound) {
			t.Errorf("the beginning of an ID: %v", err)
		}
		var wrong influence.Invalid
		if _, err := lar.LookUpRoster(t.Context(), "dog"); !errors.As(err, &wrong) || wrong["partner_id"] == "" {
			t.Errorf("no ID at all: %v", err)
		}
		if _, err := s.As(partnerActor(p.alder)).LookUpRoster(t.Context(), "10004"); !errors.Is(err, influence.ErrForbidden) {
			t.Errorf("a partner looks up: %v", err)
		}
		if got := texts(t, s, `SELECT became FROM entries WHERE action = 'roster.lookup' ORDER BY id`); len(got) != 2 || !strings.Contains(got[0], "10004") || !strings.Contains(got[1], "false") {
			t.Errorf("the ledger has %q", got)
		}
	})
}
