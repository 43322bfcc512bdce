package store

import (
	"slices"
	"strings"
	"testing"

	"irm/influence"
	"irm/store/storetest"
)

// named writes a person into texts by every way that most of them have, and returns
// how traces name the places.
func namedInTexts(t *testing.T, s *Store) (want []string) {
	t.Helper()
	p := begun(t, s)
	key, _ := ownSigner(t, s)
	ops := s.As(influence.Operator())
	token, err := ops.AddMember(t.Context(), NewMember{Kind: "lar", LARSlug: "north", Email: "zoe.poe@north.example", Name: "Zoë Poe"})
	must(t, err)
	_, err = nobody(s).ChoosePassword(t.Context(), "invite", token, "hash")
	must(t, err)
	change1(t, s, `UPDATE members SET phone = '+1 603 555 0199' WHERE email = 'zoe.poe@north.example'`)
	alder := s.As(partnerActor(p.alder))
	booked(t, s, p, "E1")
	d := influence.ClaimDraft{LAR: p.north.Ref, AgreementNumber: "E1", Kind: "presales", Note: "ZOË POE of North was with us.", Evidence: "Call (603) 555-0199."}
	claim, err := alder.SubmitClaim(t.Context(), "", "k", 0, d)
	must(t, err)
	d = intentDraft(p, "Contoso")
	d.Note, d.Evidence = "Zoë Poels and Mazoë Poe are others, and so is 6035550199123.", ""
	_, err = alder.SubmitClaim(t.Context(), "", "other", 0, d)
	must(t, err)
	north := s.As(influence.Actor{MemberID: texts(t, s, `SELECT id FROM members WHERE email = 'zoe.poe@north.example'`)[0], OrgID: p.north.ID, Role: influence.RoleLAR, Rank: influence.RankMember, Name: "Zoë Poe"})
	must(t, north.AskAboutClaim(t.Context(), claim, versionOfClaim(t, s, claim), influence.QuestionDraft{Code: "evidence_missing", Note: "Mail it to Zoe.Poe@north.example."}))
	booked(t, s, p, "E2")
	agreement := texts(t, s, `SELECT ref FROM agreements WHERE number = 'E2'`)[0]
	decision, err := north.Decide(t.Context(), agreement, influence.DecisionDraft{Version: count(t, s, `SELECT version FROM agreements WHERE ref = $1`, agreement), Note: "Asked Zoë Poe.",
		Shares: []influence.Share{{PartnerNo: "10002", Points: 10_000, Kind: influence.Presales, Primary: true}}})
	must(t, err)
	connection, err := s.As(partnerActor(p.cedar)).AskConnection(t.Context(), p.south.Ref, "Zoë Poe knows us.", "c")
	must(t, err)
	birch := texts(t, s, `SELECT ref FROM partners WHERE id = $1`, p.birch.ID)[0]
	must(t, ops.SuspendPartner(t.Context(), birch, "Zoë  Poe reported it; 603.555.0199", count(t, s, `SELECT version FROM partners WHERE ref = $1`, birch)))
	must(t, s.transact(t.Context(), func(x *tx) error {
		return x.mail(mail{email: "else@where.example", subject: "Zoë Poe asks", body: "zoë poe, Zoë Poe (Zoe.poe@North.example, 603 555-0199) asks. Zoë Poels too."})
	}))
	sealAll(t, s, key)
	return []string{"claim " + claim + ": statement", "claim " + claim + ": evidence", "claim " + claim + ": fields as typed", "claim " + claim + ": question, answer or reason", "decision " + decision + ": note",
		"connection " + connection + ": note", "partner " + birch + ": reason of its suspension"}
}

// TestErasedPersonIsSoughtInTexts: the texts that name an erased person, however it is
// spelled, are listed and stay; mails to others lose it; who is called almost so is
// nobody's trace; the ledger verifies.
func TestErasedPersonIsSoughtInTexts(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		want := namedInTexts(t, s)
		before := texts(t, s, `SELECT note FROM claims ORDER BY ref`)
		held := texts(t, s, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`)[0]
		done, err := s.As(influence.Operator()).ErasePerson(t.Context(), "zoe.poe@north.example")
		must(t, err)
		var got []string
		entries := 0
		for _, x := range done.Stand {
			if x.Thing == "ledger entry on" {
				entries++
				continue
			}
			got = append(got, x.Thing+" "+x.Ref+": "+x.What)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("traces\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if entries < 2 { // of the decision and the suspension at least
			t.Errorf("%d entries of the ledger are named", entries)
		}
		if now := texts(t, s, `SELECT note FROM claims ORDER BY ref`); !slices.Equal(now, before) {
			t.Errorf("the statements are %q", now)
		}
		mails := storetest.Rows(t, s.db, `SELECT subject, body FROM outbox WHERE email = 'else@where.example'`)[0]
		if mails[0] != "Erased person asks" || mails[1] != "Erased person, Erased person (Erased person, Erased person) asks. Zoë Poels too." {
			t.Errorf("the mail says %q", mails)
		}
		for _, row := range storetest.Rows(t, s.db, `SELECT subject, body FROM outbox`) {
			if text := strings.ToLower(strings.Join(row, " ")); strings.Contains(text, "zoe.poe@") || strings.Contains(text, "zoë poe ") || strings.Contains(text, "0199") {
				t.Errorf("a mail says %q", row)
			}
		}
		if done.Mails < 2 { // the one above, and the question's to alder
			t.Errorf("%d mails were cleaned", done.Mails)
		}
		key, _ := ownSigner(t, s)
		sealAll(t, s, key)
		if wrong, err := s.VerifySince(t.Context(), held); err != nil || len(wrong) > 0 {
			t.Errorf("%q, %v", wrong, err)
		}
	})
}

// TestEveryTextIsSought: a column for what people write is one that is searched, or
// one that erasing empties.
func TestEveryTextIsSought(t *testing.T) {
	s := onSQLite(t)
	sought, erased := map[string]bool{}, map[string]bool{}
	for _, f := range freeTexts() {
		table := strings.Fields(f.from)[0]
		for _, column := range strings.Split(f.column, "||") {
			sought[table+"."+strings.TrimPrefix(strings.TrimSpace(column), "x.")] = true
		}
		if _, err := s.db.Exec(`SELECT ` + f.ref + `, ` + f.column + ` FROM ` + f.from + ` LIMIT 1`); err != nil {
			t.Errorf("%s of %s: %v", f.what, f.thing, err)
		}
	}
	for _, e := range erasures() {
		erased[e.table] = true
	}
	for _, table := range storetest.Tables(t, s.db) {
		for _, column := range texts(t, s, `SELECT name FROM pragma_table_info('`+table+`') WHERE type = 'TEXT'`) {
			for _, word := range []string{"note", "evidence", "reason", "why", "sentence", "text", "body", "comment", "typed", "raw", "file_name", "was", "became", "title", "description", "message", "fields", "statement"} {
				at := table + "." + column
				if (column == word || strings.HasSuffix(column, "_"+word)) && !sought[at] && !erased[table] && at != "checkpoints.note" {
					t.Errorf("%s is neither searched nor erased", at)
				}
			}
		}
	}
}
