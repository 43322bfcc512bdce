package web

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// TestASVS_1_2_4_ListsTakeAnyQuery: whatever stands in an address, the answer is a page or
// a refusal, never a failure.
func TestASVS_1_2_4_ListsTakeAnyQuery(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		odd := []string{"~", "~~~", "x~y", "9999999999999999999999~z", "%27%3B--", "%25_%5C", "%00", "%FF%FE", strings.Repeat("9", 3000), "%E2%80%AE", "-1", "==="}
		names := []string{"after", "before", "q", "state", "level", "enrolled", "lar", "partner", "program", "decided", "fy", "month", "quarter", "until", "by", "gone", "tab", "active", "person", "thing", "action", "from"}
		for member, lists := range map[string][]string{
			p.staff:            {"/partners", "/lars", "/connections", "/applications", "/roster", "/customers", "/agreements", "/claims", "/reports", "/audit", "/team/activity"},
			p.partner.MemberID: {"/partners", "/connections", "/agreements", "/claims", "/team/activity"},
			p.lar.MemberID:     {"/partners", "/connections", "/agreements", "/claims", "/inbox", "/reports"},
		} {
			b := p.as(t, member)
			for _, list := range lists {
				for i, name := range names {
					b.visit(list + "?" + name + "=" + odd[(i+len(list))%len(odd)] + "&" + names[(i+1)%len(names)] + "=" + odd[(i*7+3)%len(odd)])
					if b.status >= 500 {
						t.Errorf("%s answers %d", b.at, b.status)
					}
				}
				if b.visit(list + "?q=a&q=b"); b.status != 400 {
					t.Errorf("%s answers %d to a field twice", b.at, b.status)
				}
			}
			for _, page := range []string{"/partners/x", "/lars/%27", "/claims/%00", "/agreements/%FF", "/connections/CON-1/accept"} {
				if b.visit(page); b.status >= 500 {
					t.Errorf("%s answers %d", b.at, b.status)
				}
			}
		}
	})
}

// TestASearchWithoutLettersFindsNothing: dashes are left out of what numbers are
// compared by, and what is left then matches none rather than all. The page says
// what to type.
func TestASearchWithoutLettersFindsNothing(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.entered(t, "E1")
		partner := influence.Actor{MemberID: p.partner.MemberID, OrgID: p.partner.ID, Role: influence.RolePartner}
		for _, number := range []string{"E1", ""} { // without a number the claim has no key either
			if _, err := p.store.As(partner).SubmitClaim(t.Context(), "", "key"+number, 0, claimFor("northgate", number, "Fabrikam Inc")); err != nil {
				t.Fatal(err)
			}
		}
		for _, member := range []string{p.staff, p.lar.MemberID, p.partner.MemberID} {
			b := p.as(t, member)
			for _, list := range []string{"/agreements", "/claims"} {
				b.visit(list+"?q=E-1").sees(200, "Fabrikam Inc")
				b.visit(list+"?q=-+%E2%80%93-").sees(200, "Nothing begins with “- –-”. Search for the first letters or digits.")
				b.visit(list+"?q=xyz").sees(200, "The filters leave nothing.")
			}
			b.visit("/partners?q=...").sees(200, "Search for the first letters or digits.")
		}
	})
}

// TestListsAreTurnedRound: the head of the column that a list is in the order of
// leads to the other order, on the page and in its file, and back.
func TestListsAreTurnedRound(t *testing.T) {
	each(t, func(t *testing.T, p *portal) {
		p.applies(t, "Elm Works", "330055", "erin@elm.example")
		p.applies(t, "Fir Works", "330066", "finn@fir.example")
		p.decidedProgram(t)
		p.secondLAR(t)
		for member, lists := range map[string]map[string]string{
			p.staff:            {"/partners": "Partner", "/agreements": "Signed", "/applications": "Sent", "/connections": "Asked", "/lars": "LAR", "/members": "Name", "/customers": "Customer", "/reports": "", "/roster": "", "/claims": ""},
			p.partner.MemberID: {"/agreements": "Number", "/partners": "Partner"},
		} {
			b := p.as(t, member)
			for list, column := range lists {
				usual, other := refs(b, list+".csv"), refs(b, list+".csv?order=reverse")
				slices.Reverse(other)
				if !slices.Equal(usual, other) {
					t.Errorf("%s: %v, turned round %v", list, usual, other)
				}
				if column == "" {
					continue
				}
				head := func(want string) string {
					th := b.doc.Find("th[aria-sort]")
					if got := th.AttrOr("aria-sort", ""); got != want || !strings.HasPrefix(said(th), column) {
						t.Errorf("%s is in the order of %q, %s; want %s", list, said(th), got, want)
					}
					return th.Find("a").AttrOr("href", "")
				}
				turn := map[bool][]string{true: {"descending", "ascending"}, false: {"ascending", "descending"}}[column == "Signed" || column == "Asked"]
				if kept := b.visit(list + "?order=reverse&sort=name").doc.Find("form[role=search]"); kept.Find("[name=order]").AttrOr("value", "") != "reverse" || kept.Find("[name=sort]").AttrOr("value", "") != "name" {
					t.Errorf("%s: a filter drops the order", list)
				}
				b.visit(list)
				b.visit(head(turn[0])).sees(200)
				b.visit(head(turn[1])).sees(200)
				head(turn[0])
			}
		}
		staff := p.as(t, p.staff).visit("/applications?order=reverse")
		if got, want := refs(staff, staff.href("CSV")), refs(staff, "/applications.csv?order=reverse&state=waiting"); !slices.Equal(got, want) || len(got) != 2 {
			t.Errorf("the page leads to a file of %v, want %v", got, want)
		}
		p.as(t, p.staff).visit("/partners?sort=influenced&order=reverse").sees(200, "Influenced FY2007")
	})
}

// refs is the first column of a list's file.
func refs(b *browser, path string) (all []string) {
	b.t.Helper()
	_, text := b.file(path)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	for _, row := range rows[1:] {
		all = append(all, row[0])
	}
	return all
}

// TestASearchOfAnyLengthIsAnswered: what is longer than any text of the records finds
// nothing, and breaks nothing.
func TestASearchOfAnyLengthIsAnswered(t *testing.T) {
	w := newWorld(t, worlds.SQLite(t))
	long := strings.Repeat("a", 60_000)
	for _, role := range []string{"alder", "north", "administrator"} {
		cookie := w.signedIn(t, role)
		for _, list := range []string{"/search?q=", "/claims?q=", "/agreements?q=", "/partners?q=", "/customers?q=", "/roster?q=", "/members?q=", "/audit?thing=", "/team/activity?thing="} {
			if got := w.ask(t, cookie, "GET", list+long, "", nil); got.status >= 500 {
				t.Errorf("%s as %s: status %d", list, role, got.status)
			}
		}
	}
}
