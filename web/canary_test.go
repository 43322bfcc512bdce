package web

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"irm/influence"
	"irm/store"
	"irm/store/storetest"

	"github.com/PuerkitoBio/goquery"
)

// TestASVS_8_2_3_15_3_1_Canaries: for each actor the canaries found over all pages, lists, files,
// search hits, errors and own mails are those of the table, no more and no less.
func TestASVS_8_2_3_15_3_1_Canaries(t *testing.T) {
	databases.Each(t, func(t *testing.T, dsn string) {
		w := &world{portal: bare(t, dsn, Config{Limits: Limits{"export": {10_000, time.Hour}}}), db: storetest.Behind(t, dsn)}
		c := &coalmine{world: w, t: t, partners: map[string]store.LoadedPartner{}, lars: map[string]store.LoadedLAR{}}
		c.fill()
		c.more = c.receipted()
		w.find(t)
		maps.DeleteFunc(w.things, func(thing, _ string) bool {
			return strings.HasPrefix(thing, "receipt ") || strings.HasPrefix(thing, "member ")
		}) // who asks for a receipt has it; no page is a member's
		found := map[string]map[string]string{} // actor, field, where
		for actor, email := range c.actors() {
			found[actor] = c.search(actor, email)
		}
		for _, x := range c.table() {
			for _, actor := range slices.Sorted(maps.Keys(found)) {
				where, sees := found[actor][x.field]
				may := slices.Contains(strings.Fields(x.seen), as(actor)) && x.closed != actor
				switch {
				case sees && !may:
					t.Errorf("%s finds %s, at %s", actor, x.field, where)
				case !sees && may:
					t.Errorf("%s does not find %s", actor, x.field)
				}
			}
		}
	})
}

// table is the written one, and what is different in each coalmine.
func (c *coalmine) table() []canary { return append(table(), c.more...) }

// search goes through the whole portal as an actor, and says where it found what.
func (c *coalmine) search(actor, email string) map[string]string {
	found := map[string]string{}
	table := c.table()
	look := func(where, text string) {
		text = strings.ToLower(text) // once for all forms: it is most of the work
		for _, x := range table {
			if _, known := found[x.field]; known {
				continue
			}
			if slices.ContainsFunc(x.forms, func(form string) bool { return holds(text, strings.ToLower(form)) }) {
				found[x.field] = where
			}
		}
	}
	cookie := ""
	if email != "" {
		cookie = c.cookie(c.t, c.who[email])
	}
	c.seeAs(actor, cookie)
	c.walk(cookie, look)
	c.hits(cookie, look)
	c.trip(cookie, look)
	for _, m := range storetest.Rows(c.t, c.db, `SELECT o.id, o.subject || ' ' || o.body FROM outbox o JOIN members m ON m.id = o.member_id WHERE m.email = $1 AND o.dropped_at IS NULL`, email) {
		look("mail", m[1])
	}
	return found
}

// as is the actor whose fields an actor is to find: staff that sees the portal as
// a company finds that company's.
func as(actor string) string { return strings.TrimPrefix(actor, "view ") }

// seeAs has staff see the portal as the company that it is to find the fields of.
func (c *coalmine) seeAs(actor, cookie string) {
	staff := c.store.As(influence.Actor{MemberID: c.who["manager@microsoft.example"], OrgID: influence.Staff, Role: influence.RoleStaff, Rank: influence.RankManager})
	switch actor {
	case "view alder":
		c.must(staff.ViewAsPartner(c.t.Context(), c.things["partner Canalder"], cookie))
	case "view north":
		c.must(staff.ViewAsLAR(c.t.Context(), c.things["lar north"], cookie))
	}
}

// holds reports whether a text has a form, both in lower case; a number only as a
// whole one.
func holds(text, form string) bool {
	if form[0] < '0' || form[0] > '9' {
		return strings.Contains(text, form)
	}
	for from := 0; ; {
		i := strings.Index(text[from:], form)
		if i < 0 {
			return false
		}
		at, end := from+i, from+i+len(form)
		if (at == 0 || !digit(text[at-1])) && (end == len(text) || !digit(text[end])) {
			return true
		}
		from = end
	}
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// walk opens every page: each route with each reference there is, and whatever
// the pages lead to.
func (c *coalmine) walk(cookie string, look func(where, text string)) {
	var next []string
	for _, r := range new(server).routes() {
		if r.method != "GET" {
			continue
		}
		i := strings.Index(r.path, ":")
		if i < 0 {
			next = append(next, r.path)
			continue
		}
		for _, ref := range c.things {
			next = append(next, strings.Replace(r.path, r.path[i:i+len(":"+strings.SplitN(r.path[i+1:], "/", 2)[0])], ref, 1))
		}
	}
	for _, ref := range c.things {
		next = append(next, "/inbox?at="+ref)
	}
	for _, begin := range "abcdefghijklmnopqrstuvwxyz0123456789" { // whatever is named begins with one of them
		next = append(next, "/search?q="+string(begin))
	}
	next = append(next, "/search?q=can")
	seen := map[string]bool{}
	for followed := 0; len(next) > 0; {
		path := next[0]
		next = next[1:]
		if seen[path] || path == "/signout" || strings.HasPrefix(path, "/help/") {
			continue
		}
		seen[path] = true
		got := c.ask(c.t, cookie, "GET", path, "", nil)
		if got.status >= 500 {
			c.t.Errorf("%s: status %d", path, got.status)
		}
		look(path, unpacked(got.text)+" "+got.to)
		if got.status == 200 && !got.file && followed < 250 {
			for _, to := range links(got.text) {
				if !seen[to] {
					followed++
					next = append(next, to)
				}
			}
		}
	}
}

// links are where a page leads to within the portal.
func links(page string) (all []string) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return nil
	}
	doc.Find("a[href^='/']").Each(func(_ int, s *goquery.Selection) {
		to, _, _ := strings.Cut(s.AttrOr("href", ""), "#")
		all = append(all, to)
	})
	return all
}

// unpacked is the text of a workbook, or the text as it is.
func unpacked(text string) string {
	if !strings.HasPrefix(text, "PK\x03\x04") {
		return text
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(text)), int64(len(text)))
	if err != nil {
		return text
	}
	var all strings.Builder
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets") && !strings.HasPrefix(f.Name, "xl/sharedStrings") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		io.Copy(&all, r) //nolint:gosec // our own file
		r.Close()
	}
	return all.String()
}

// hits searches each list for each canary: a row that comes is a sighting.
func (c *coalmine) hits(cookie string, look func(where, text string)) {
	for _, list := range []string{"/agreements.json", "/claims.json", "/partners.json", "/customers.json", "/roster.json"} {
		for _, x := range c.table() {
			path := list + "?q=" + url.QueryEscape(x.forms[0])
			got := c.ask(c.t, cookie, "GET", path, "", nil)
			if got.status == 200 && strings.Contains(got.text, `"ref"`) {
				look(path, x.forms[0])
			}
		}
	}
}

// trip makes mistakes: what an error says is a sighting too. What was typed is
// shown again and is none.
func (c *coalmine) trip(cookie string, look func(where, text string)) {
	order := url.Values{"order_number": {"T-1"}, "order_kind": {"initial"}, "ordered_on": {"2007-03-02"}, "amount": {"$1"}, "program": {"Enterprise"}, "customer": {"T"},
		"customer_state": {"NH"}, "seats": {"300"}, "signed_on": {"2007-03-01"}, "key": {"t"}, "agreement_number": {"CANNUMBERA"}}
	claim := url.Values{"lar": {c.lars["north"].Ref}, "agreement_number": {"CANNUMBERB"}, "kind": {"presales"}, "note": {"T"}, "key": {"t"}, "program": {"none"}}
	for path, fields := range map[string]url.Values{"/agreements": order, "/claims": claim} {
		kind, body := formBody(fields)
		got := c.ask(c.t, cookie, "POST", path, kind, body)
		if got.status == 303 {
			c.t.Errorf("%s took what is wrong", path)
		}
		look("error of "+path, strings.ReplaceAll(got.text, fields.Get("agreement_number"), ""))
	}
	for _, ref := range c.things {
		for _, path := range []string{"/agreements/" + ref + "/decide", "/agreements/" + ref + "/orders", "/claims/" + ref, "/claims/" + ref + "/withdraw", "/reports/" + ref + "/commit"} {
			kind, body := formBody(url.Values{"version": {"0"}, "partner_id": {"1"}, "share": {"300"}, "kind": {"none"}})
			look("error of "+path, c.ask(c.t, cookie, "POST", path, kind, body).text)
		}
	}
}
