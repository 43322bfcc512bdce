package web

import (
	"strings"
	"testing"

	"irm/store/storetest"
)

// canary is a value that stands in one field and nowhere else, and who is to
// find it: the whole portal is searched by each, and nobody finds more or less.
type canary struct {
	field string
	forms []string // how it may be written
	seen  string   // the actors

	closed string // who sees the portal as one of them and does not find it
}

// The actors of the table of sight: alder has a claim on the agreement (and an
// intent with south), birch and fir share the decision, cedar is another partner,
// gum had a share in a decision that was undone; north booked the agreement,
// south is connected with alder, east is another LAR. Canlisted is a partner that
// everybody may know of, and nobody is connected with: no other is listed.
const (
	everyStaff = " manager administrator"
	signedIn   = "alder birch fir cedar gum east south" + bookers
	bookers    = " north north_member" + everyStaff
)

// table is sight.md's, field by field, for what the portal has so far.
func table() []canary {
	word := func(field, word, seen string) canary { return canary{field: field, forms: []string{word}, seen: seen} }
	rows := func(field, word string) canary { // of a LAR's report, which staff does not see as the LAR either
		return canary{field: field, forms: []string{word}, seen: "north north_member", closed: "view north"}
	}
	asked := func(field, word string) canary { // of who asks to join alder, whom nobody answers as alder
		return canary{field: field, forms: []string{word}, seen: "alder" + everyStaff, closed: "view alder"}
	}
	money := func(field, whole, seen string) canary {
		return canary{field: field, forms: []string{whole, strings.ReplaceAll(whole, ",", "")}, seen: seen}
	}
	return []canary{
		word("agreement: number", "CANNUMBERA", "alder birch fir"+bookers),
		word("customer: as the booking LAR reported it", "Canbooked", "birch fir"+bookers),
		word("customer: canonical name", "Cancanonical", everyStaff),
		{field: "agreement: signed on", forms: []string{"2007-02-11", "11 Feb 2007", "39124"}, seen: "birch fir" + bookers},
		money("agreement: seats", "48,173", "birch fir"+bookers),
		money("agreement: total revenue", "166,739", "birch fir"+bookers),
		word("order: number", "CANORDERONE", "birch fir"+bookers),
		{field: "order: date", forms: []string{"2007-02-13", "13 Feb 2007", "39126"}, seen: "birch fir" + bookers},
		money("order: amount", "75,311", "birch fir"+bookers),
		word("order with a part: number", "CANPARTED", "birch"+bookers),
		money("order with a part: amount", "53,917", "birch"+bookers),
		word("order without a part: number", "CANPARTLESS", bookers),
		{field: "order without a part: date", forms: []string{"2007-02-19", "19 Feb 2007", "39132"}, seen: bookers},
		money("order without a part: amount", "62,718", bookers),
		money("agreement with such an order: total revenue", "116,635", bookers),
		money("share: cents of one", "54,856", "birch"+bookers),
		money("share: cents of the other", "36,571", "fir"+bookers),
		{field: "figures of a partner with one LAR", forms: []string{"67,713", "67713", "67.7"}, seen: "alder" + bookers},
		word("decision: note to the claims it answered", "Candecisionnote", "alder birch"+bookers),
		word("decision: who decided", "Candecider", "alder birch fir"+bookers),
		word("undone decision: note", "Canundonenote", bookers),

		word("claim of one with a claim: customer", "Canclaimcustomer", "alder"+bookers),
		word("claim of one with a claim: note", "Canclaimnote", "alder"+bookers),
		word("claim of one with a claim: evidence", "Canclaimevidence", "alder"+bookers),
		money("claim of one with a claim: estimate", "33,338", "alder"+bookers),
		money("claim of one with a claim: seats", "51,239", "alder"+bookers),
		word("claim of one with a share: customer", "Cansharercustomer", "birch"+bookers),
		word("claim of one with a share: evidence", "Cansharerevidence", "birch"+bookers),
		money("claim of one with a share: estimate", "44,449", "birch"+bookers),
		word("claim of one with a claim: question", "Canquestion", "alder"+bookers),
		word("claim of one with a claim: answer", "Cananswer", "alder"+bookers),
		word("claim of one with a claim: name of a file", "Canfilename", "alder"+bookers),
		word("claim of one with a claim: file", "Canfilecontent", "alder"+bookers),
		word("claim of one with a claim: what a file shows", "Canfileshows", "alder"+bookers),
		word("claim of one with a claim: statement", "Canstatement", "alder"+bookers),
		word("withdrawn claim: name of a file", "Canwithdrawnname", "alder"+everyStaff),
		word("withdrawn claim: file", "Canwithdrawnfile", "alder"+everyStaff),
		word("withdrawn claim: what a file shows", "Canwithdrawnshows", "alder"+everyStaff),
		word("draft: name of a file", "Candraftname", "alder"),
		word("draft: file", "Candraftfile", "alder"),
		word("detached claim: why", "Candetached", "alder"+bookers),
		word("claim of one with a claim: who opened it", "Canopener", "alder"+bookers),
		word("withdrawn claim: note", "Canwithdrawnnote", "alder"+bookers),
		word("withdrawn claim: evidence", "Canwithdrawnevidence", "alder"+everyStaff),
		word("draft: customer", "Candraftcustomer", "alder"),
		word("draft: note", "Candraftnote", "alder"),
		word("draft that was changed before it was submitted: note", "Canfirstdraft", ""),
		word("intent: customer", "Canintentcustomer", "alder south"+everyStaff),
		word("intent: note", "Canintentnote", "alder south"+everyStaff),
		word("claim that waits for its connection: customer", "Canwaitingcustomer", "cedar"+everyStaff),
		word("dispute: reason", "Candisputereason", "alder"+bookers),
		word("dispute: new evidence", "Candisputeevidence", "alder"+bookers),
		word("dispute: the LAR's answer", "Canlaranswer", "alder"+bookers),
		word("dispute: the holder's answer", "Canholderanswer", "birch"+bookers),
		word("dispute: proposed ruling", "Canproposed", everyStaff),
		word("dispute: why a ruling was sent back", "Cansentback", everyStaff),
		word("dispute: ruling", "Canruling", "alder birch fir"+bookers),
		word("suggested agreement: number", "CANNUMBERB", bookers),
		word("suggested agreement: reasons", "‘Canmatch Corporation’", bookers),

		word("claimant: company", "Canalder", "alder south"+bookers),
		word("claimant: partner ID", "7700111", "alder south"+bookers),
		word("sharer: company", "Canbirch", "birch fir"+bookers),
		word("sharer: partner ID", "7700222", "birch"+bookers),
		word("co-holder: company", "Canfir", "birch fir"+bookers),
		word("co-holder: partner ID", "7700333", "fir"+bookers), // north typed it: it stands in its own entries
		word("claimant: work e-mail", "owner@canalder.example", "alder south"+bookers),
		word("claimant: phone", "555-0111", "alder south"+bookers),
		word("co-holder: work e-mail", "owner@canfir.example", "fir"+everyStaff),
		word("co-holder: phone", "555-0333", "fir"+everyStaff),
		word("connection: note", "Canconnectionnote", "cedar south"+everyStaff),
		word("application: company", "Canapplicant", everyStaff),
		word("application: question", "Canapplicationquestion", everyStaff),
		word("application: answer", "Canapplicationanswer", everyStaff),
		asked("request to join: person", "Canjoiner"),
		asked("request to join: e-mail", "canjoiner@canalder.example"),
		asked("request to join: company as typed", "Canjoincompany"),
		word("request to join: why it waits", "Canjoinwhy", everyStaff),
		word("application: why it waits", "Canapplicationwhy", everyStaff),
		word("roster: contact", "Canrostercontact", everyStaff),
		word("personal link: address that it went to", "canformercontact@roster.example", everyStaff),
		word("roster only: company", "Canroster Systems", everyStaff),

		word("listed partner: company", "Canlisted", signedIn),
		word("listed partner: partner ID", "7700777", everyStaff), // it takes part, and no more is known of it
		word("listed partner: city", "Canlistedcity", everyStaff),
		word("listed partner: street", "Canlistedstreet", everyStaff),
		word("listed partner: competency", "Cancompetency", signedIn),
		word("listed partner: website", "canlistedsite", everyStaff),
		word("listed partner: work e-mail", "owner@canlisted.example", everyStaff),
		word("suspended partner: reason", "Cansuspended", everyStaff), // and its own members, who can't sign in
		word("suspended LAR: reason", "Canlarsuspended", everyStaff),
		word("listed partner: phone", "555-0777", everyStaff),

		rows("report: row of a refused line", "Canrawcell"),
		rows("report: what a refused line's reason repeats", "Canreason"),
		word("report: why a line was refused", "is not a date", bookers),
		word("line held for another's agreement: order", "CANHELDORDER", "south"+everyStaff),
		money("line held for another's agreement: amount", "88,123", "south"+everyStaff),
		word("ledger: what a member looked up", "7700987", " north north_member"+everyStaff),
		word("LAR service record: days to a decision", "1487", "alder birch fir cedar gum"+bookers), // it is north's
		word("team: another member of the LAR", "member@cannorth.example", " north north_member"+everyStaff),
	}
}

// notBuilt are the fields of the table of sight that the portal does not have
// yet, with how a table, column or address of theirs would be called.
func notBuilt() map[string]string {
	return map[string]string{
		"internal notes": "internal", "assignee": "assignee", "offer to partners that a report named, or that earlier agreements had": "offer",
		"compensation": "compensation", "rate card": "rate", "payments": "payment",
		"standing in a scheme": "scheme", "funds": "fund", "merge of customers": "merge",
		"LAR move": "move_request",
	}
}

// TestNotBuiltIsNotThere: a field on the list is neither stored nor has a page.
// Whoever builds it gives it a canary.
func TestNotBuiltIsNotThere(t *testing.T) {
	db := storetest.Behind(t, databases.SQLite(t))
	var names []string
	for _, table := range storetest.Tables(t, db) {
		names = append(names, table)
		for _, column := range storetest.Texts(t, db, `SELECT name FROM pragma_table_info('`+table+`')`) {
			names = append(names, table+"."+column)
		}
	}
	for _, r := range new(server).routes() {
		names = append(names, r.path)
	}
	for field, part := range notBuilt() {
		for _, name := range names {
			for _, word := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("/.:-", r) }) {
				if strings.HasPrefix(word, part) || strings.Contains(word, "_"+part) {
					t.Errorf("%s is on the list of what is not built, and there is %s", field, name)
				}
			}
		}
	}
}
