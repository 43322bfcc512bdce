package store

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

// canaryPeople has people enter the records by every way there is, each with a name,
// an address and where it can be a phone number that stand nowhere else.
func canaryPeople(t *testing.T, s *Store) (addresses []string) {
	t.Helper()
	begun(t, s)
	ops := s.As(influence.Operator())
	_, err := ops.AddMember(t.Context(), NewMember{Kind: "manager", Email: "canmanager@microsoft.example", Name: "Canmanager Kim"})
	must(t, err)
	_, err = ops.AddMember(t.Context(), NewMember{Kind: "lar", LARSlug: "north", Email: "candesk@north.example", Name: "Candesk Lee"})
	must(t, err)
	key, _ := ownSigner(t, s)
	must(t, s.Load(t.Context(), key, func(l *Loader) error {
		if err := l.Staff(PastMember{Name: "Canloaded Poe", Email: "canloaded@microsoft.example", Rank: influence.RankManager}, storetest.Start()); err != nil {
			return err
		}
		return l.Application(PastApplication{Company: "Waits Inc.", Name: "Canapplied Roe", Email: "canapplied@waits.example", PartnerNo: "55501", State: "NH", Level: influence.Registered, At: storetest.Start()})
	}))
	signup := dogwood()
	signup.Name, signup.Email, signup.Phone = "Canenrolled Moe", "canenrolled@dogwood.example", "603 555 7731"
	_, err = nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, signup))
	must(t, err)
	waits := dogwood()
	waits.Name, waits.Email, waits.Phone, waits.PartnerNo, waits.Company = "Canwaiting Zoe", "canwaiting@elsewhere.example", "603 555 7732", "55502", "Elsewhere"
	_, err = nobody(s).ConfirmSignUp(t.Context(), signedUp(t, s, waits))
	must(t, err)
	ref := texts(t, s, `SELECT ref FROM applications WHERE company = 'Elsewhere'`)[0]
	must(t, s.As(staffActor()).AcceptApplication(t.Context(), ref, count(t, s, `SELECT version FROM applications WHERE ref = $1`, ref)))
	roster := filepath.Join(t.TempDir(), "roster.csv")
	must(t, os.WriteFile(roster, []byte("partner_id,name,level,state,contact_name,contact_email\n55503,Oak,gold,NH,Cancontact Ash,CanContact@oak.example\n"+
		"x,Bad,gold,NH,Cancontact Ash,CanContact@oak.example\n"), 0o600))
	_, err = s.As(staffActor()).ImportRosterFile(t.Context(), "roster.csv", roster, false)
	must(t, err)
	member := texts(t, s, `SELECT id FROM members WHERE email = 'canmanager@microsoft.example'`)[0]
	manager := s.As(influence.Actor{MemberID: member, OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager, Name: "Canmanager Kim"})
	must(t, manager.AskEmail(t.Context(), "canmanager.new@microsoft.example", 1))
	must(t, nobody(s).ConfirmEmail(t.Context(), mailedToken(t, s, "canmanager.new@microsoft.example"), ""))
	must(t, manager.AskEmail(t.Context(), "canmanager.asked@microsoft.example", count(t, s, `SELECT version FROM members WHERE id = $1`, member)))
	must(t, ownerOf(s, "owner@alder.example").InviteMember(t.Context(), NewMember{Name: "Caninvited Fay", Email: "caninvited@alder.example", Rank: string(influence.RankMember)}, "invite"))
	sealAll(t, s, key)
	return []string{"canmanager.new@microsoft.example", "candesk@north.example", "canloaded@microsoft.example", "canapplied@waits.example",
		"canenrolled@dogwood.example", "canwaiting@elsewhere.example", "caninvited@alder.example", "cancontact@oak.example"}
}

// ownerOf is the session of a partner's owner.
func ownerOf(s *Store, email string) Session {
	a := influence.Actor{Role: influence.RolePartner, Rank: influence.RankOwner}
	if err := s.db.QueryRow(`SELECT id, org_id, name FROM members WHERE email = $1`, email).Scan(&a.MemberID, &a.OrgID, &a.Name); err != nil {
		return Session{}
	}
	return s.As(a)
}

// canaries are the texts of a row that hold a canary.
func canaries(row []string) (found []string) {
	for _, cell := range row {
		if low := strings.ToLower(cell); strings.Contains(low, "can") && slices.ContainsFunc([]string{"canmanager", "candesk", "canloaded", "canapplied", "canenrolled", "canwaiting", "caninvited", "cancontact"},
			func(c string) bool { return strings.Contains(low, c) }) || strings.Contains(low, "555 773") {
			found = append(found, cell)
		}
	}
	return found
}

// TestLedgerHoldsNoPerson: whoever comes in by whatever way, no entry holds a name,
// an address or a phone number; commitments stand for them, and their values
// beside the ledger.
func TestLedgerHoldsNoPerson(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		canaryPeople(t, s)
		for _, row := range storetest.Rows(t, s.db, `SELECT * FROM entries`) {
			if found := canaries(row); len(found) > 0 {
				t.Errorf("an entry holds %q", found)
			}
		}
		for field, want := range map[string]int{"name": 7, "email": 8, "phone": 2} {
			if got := texts(t, s, `SELECT value FROM personal WHERE field = $1`, field); len(got) != want {
				t.Errorf("%s: %q", field, got)
			}
		}
		for _, c := range texts(t, s, `SELECT commitment FROM personal`) {
			if n := count(t, s, `SELECT count(*) FROM entries WHERE was || became LIKE $1`, `%{"committed":"`+c+`"}%`); n < 1 {
				t.Errorf("%s stands in %d entries", c, n) // nothing else leads to it
			}
		}
	})
}

// TestErasedPersonIsGone: erased people leave nothing in any table, and the ledger
// and its old checkpoints still verify.
func TestErasedPersonIsGone(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		addresses := canaryPeople(t, s)
		held := texts(t, s, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0]
		ops := s.As(influence.Operator())
		for _, email := range addresses {
			_, err := ops.ErasePerson(t.Context(), strings.ToUpper(email))
			must(t, err)
			if _, err := ops.ErasePerson(t.Context(), email); !errors.Is(err, influence.ErrNotFound) {
				t.Errorf("again: %v", err)
			}
		}
		for _, table := range storetest.Tables(t, s.db) {
			for _, row := range storetest.Rows(t, s.db, `SELECT * FROM `+table) {
				if found := canaries(row); len(found) > 0 {
					t.Errorf("%s holds %q", table, found)
				}
			}
		}
		key, _ := ownSigner(t, s)
		sealAll(t, s, key)
		if wrong, err := s.VerifySince(t.Context(), held); err != nil || len(wrong) > 0 {
			t.Errorf("%q, %v", wrong, err)
		}
		if n := count(t, s, `SELECT count(*) FROM members WHERE name = $1 AND NOT active`, erasedName); n != 7 {
			t.Errorf("%d erased members", n)
		}
	})
}

// TestPersonIsExported: the file of a person holds all that is its own, and no
// secret.
func TestPersonIsExported(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		canaryPeople(t, s)
		file, err := s.As(influence.Operator()).ExportPerson(t.Context(), "Canenrolled@dogwood.example")
		must(t, err)
		text, err := json.Marshal(file)
		must(t, err)
		for _, want := range []string{`"name":"Canenrolled Moe"`, `"email":"canenrolled@dogwood.example"`, `"phone":"603 555 7731"`, `"value":"603 555 7731"`, `"action":"register"`, `"subject":"Confirm your e-mail address"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s is not in %s", want, text)
			}
		}
		for _, not := range []string{"argon2id", `"password"`, `"key"`, "Canwaiting", "Cancontact"} {
			if strings.Contains(string(text), not) {
				t.Errorf("%s is in %s", not, text)
			}
		}
		file, err = s.As(influence.Operator()).ExportPerson(t.Context(), "cancontact@oak.example")
		if err != nil || len(file["roster"]) != 1 || len(file["account"]) != 0 || len(file["entries"]) != 0 || len(file["mails"]) != 0 {
			t.Errorf("contact: %v, %v", file, err)
		}
		if _, err := s.As(influence.Operator()).ExportPerson(t.Context(), "nobody@oak.example"); !errors.Is(err, influence.ErrNotFound) {
			t.Error(err)
		}
		for _, who := range []influence.Actor{staffActor(), {}} {
			if _, err := s.As(who).ExportPerson(t.Context(), "cancontact@oak.example"); !errors.Is(err, influence.ErrForbidden) {
				t.Error(err)
			}
			if _, err := s.As(who).ErasePerson(t.Context(), "cancontact@oak.example"); !errors.Is(err, influence.ErrForbidden) {
				t.Error(err)
			}
		}
	})
}

// TestEveryPersonalColumnIsErased: a table with a column for a person's name,
// address, phone or browser is one that erasing empties.
func TestEveryPersonalColumnIsErased(t *testing.T) {
	s := onSQLite(t)
	erased := map[string]bool{}
	for _, e := range erasures() {
		erased[e.table] = true
	}
	for _, table := range storetest.Tables(t, s.db) {
		for _, column := range texts(t, s, `SELECT name FROM pragma_table_info('`+table+`')`) {
			for _, word := range []string{"email", "phone", "contact", "password", "agent", "address", "person"} {
				if strings.Contains(column, word) && !erased[table] {
					t.Errorf("%s.%s is not erased", table, column)
				}
			}
		}
	}
}
