package views

import (
	"context"
	"strings"
	"testing"

	"irm/influence"
	"irm/static"
	"irm/views/ui"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

func render(t *testing.T, c templ.Component) (*goquery.Document, string) {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d, b.String()
}

// The components know no files, so the icons' address stands there as a constant.
func TestSprite(t *testing.T) {
	if ui.Sprite != static.URL("icons.svg") {
		t.Errorf("the icons have changed: ui.Sprite is %s, has to be %s", ui.Sprite, static.URL("icons.svg"))
	}
}

func TestLayoutSignedIn(t *testing.T) {
	p := Page{Title: "Claims", Actor: influence.Actor{MemberID: "m", Name: "Dana Lee Ruiz", OrgName: "Granite <State>"},
		Nav:  []NavItem{{Label: "Home", Href: "/"}, {Label: "Claims", Href: "/claims", Current: true, Count: 1200}},
		Demo: &DemoBar{Text: "Demo: program time Mon 16 Apr 2007, 09:12 ET"}, Search: true, Wide: true,
		Flash: &Flash{Tone: "good", Text: "Confirmed.", UndoAction: "/agreements/AGR-1/undo", UndoVersion: "3", UndoFields: []Hidden{{"decision", "D7"}}, UndoUntil: "09:27"}}
	d, html := render(t, Layout(p))
	for what, want := range map[string]string{
		"title": "Claims · Influence Portal", ".nav [aria-current=page]": "Claims 1,200", ".av": "DR", ".demo-line": "Demo: program time Mon 16 Apr 2007, 09:12 ET",
		"form[action='/signout'][method=post] button": "Sign out", "main > .notice[role=status] strong": "Confirmed.",
	} {
		if got := strings.Join(strings.Fields(d.Find(what).Text()), " "); got != want {
			t.Errorf("%s is %q, want %q", what, got, want)
		}
	}
	for _, what := range []string{"a.skip[href='#main']", "main#main", "input[type=search][name=q]", "body.wide-page", "meta[name=viewport]",
		"form[action='/agreements/AGR-1/undo'] input[name=version][value='3']", "input[name=decision][value=D7]", "nav[popover]#nav", "button[popovertarget=nav]"} {
		if d.Find(what).Length() != 1 {
			t.Errorf("%d times %s", d.Find(what).Length(), what)
		}
	}
	strict(t, html)
}

// strict checks that the content policy allows the page as it is.
func strict(t *testing.T, html string) {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Find("[style], script:not([src]), [onclick], style").Length(); n != 0 {
		t.Errorf("%d styles or scripts within the page", n)
	}
}

func TestLayoutPublic(t *testing.T) {
	d, html := render(t, Layout(Page{Title: "Sign in", Path: "/signin"}))
	if d.Find("form[action='/signout'], .find, .me, .nav, .nav-btn, .demo-line, .notice").Length() != 0 {
		t.Error("a visitor sees what is for members")
	}
	if d.Find(".top a[href='/signin']").Length() != 0 || d.Find(".top a[href='/signup']").Length() != 1 {
		t.Error("the page offers itself, or no way to enroll")
	}
	if !strings.HasPrefix(html, "<!doctype html><html lang=\"en\">") {
		t.Errorf("begins with %.40s", html)
	}
}

func TestFailure(t *testing.T) {
	for _, status := range []int{403, 404, 413, 429, 500, 503} {
		d, html := render(t, Failure(Page{Title: "x"}, FailureModel{Status: status, Title: "It failed", Text: "Because.", Kept: "Nothing was stored.",
			RequestID: "abc123", Actions: []Link{{Label: "Home", Href: "/"}}}))
		text := d.Find("main").Text()
		for _, want := range []string{"It failed", "Because.", "Nothing was stored.", "Home"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d does not say %q", status, want)
			}
		}
		if got := strings.Contains(text, "abc123"); got != (status != 404) {
			t.Errorf("%d: reference shown is %v", status, got)
		}
		strict(t, html)
	}
}

func TestConflict(t *testing.T) {
	d, html := render(t, Conflict(Page{Title: "x"}, ConflictModel{Title: "Changed", Text: "Ana did.", Rows: []ConflictRow{{"State", "To decide", "Confirmed", ""}},
		Actions: []Link{{Label: "Keep hers", Href: "/inbox", Primary: true}, {Label: "Mine", Href: "/x"}}, Note: "Hers stays."}))
	row := strings.Join(strings.Fields(d.Find("tbody tr").Text()), " ")
	if row != "StateTo decideConfirmed–" && row != "State To decide Confirmed –" {
		t.Errorf("the row is %q", row)
	}
	if d.Find(".btn.primary").Length() != 2 { // Enroll, in the bar, and the page's own
		t.Errorf("%d main actions", d.Find(".btn.primary").Length())
	}
	strict(t, html)
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Theo Okafor": "TO", "dana": "D", "": "?", "Ana de la Cruz": "AC", "Émile Zola": "ÉZ"} {
		if got := initials(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
