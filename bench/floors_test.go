package main

import (
	"context"
	"strings"
	"testing"

	"irm/influence"
	"irm/views"
	"irm/views/ui"

	"github.com/a-h/templ"
	"pgregory.net/rapid"
)

// TestAppendedRowsAreTempls says that the inbox's rows, which the portal appends by
// hand, are byte for byte what plain templ makes of them, whatever stands in them.
func TestAppendedRowsAreTempls(t *testing.T) {
	page := views.Page{Title: "Inbox", Path: "/inbox", Actor: influence.Actor{MemberID: "m", Name: "Dana Ruiz", OrgName: "Granite"}}
	hostile := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("<>&'\"\\x\u2028\x00\t\n=;#ü\ufffd"))),
		rapid.SampledFrom([]string{`"><script>alert(1)</script>`, "javascript:alert(1)", "&lt;", "&#39;", "</a>", "\xff\xfe<", "' onclick='x"}))
	rapid.Check(t, func(t *rapid.T) {
		place, tabs := hostile.Draw(t, "place"), []ui.Tab{{Label: "To decide", Href: "/inbox?tab=decide", Count: 3}}
		m, plain := views.InboxModel{Tabs: tabs, Place: place, Count: 3}, floorModel{tabs: tabs, count: "3 in all"}
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			r := views.InboxRow{Ref: hostile.Draw(t, "ref"), Customer: hostile.Draw(t, "customer"), Amount: hostile.Draw(t, "amount"),
				Why: hostile.Draw(t, "why"), Tone: hostile.Draw(t, "tone"), Due: hostile.Draw(t, "due"), Current: i == 1}
			m.Rows = append(m.Rows, r)
			plain.rows = append(plain.rows, floorRow{href: "/inbox?at=" + r.Ref + place, customer: r.Customer, amount: r.Amount, why: r.Why,
				tone: r.Tone, due: r.Due, current: r.Current})
		}
		got, want := rendered(t, views.Inbox(page, m)), rendered(t, floorInbox(page, plain))
		if got != want {
			t.Fatalf("the portal renders\n%s\nplain templ\n%s", got, want)
		}
	})
}

// rendered is the list of a rendered inbox.
func rendered(t *rapid.T, c templ.Component) string {
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(b.String(), `<nav class="card queue"`)
	list, _, found := strings.Cut(list, `</ul></nav><p class="row`)
	if !found {
		t.Fatal("there is no list")
	}
	return list
}
