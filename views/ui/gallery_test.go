package ui

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

func dollars(v int64) string { return fmt.Sprintf("$%dM", v) }

func months() MonthsProps {
	p := MonthsProps{Label: dollars}
	for i, name := range strings.Fields("Jul Aug Sep Oct Nov Dec Jan Feb Mar Apr May Jun") {
		m := Month{Name: name, Title: name + ": figures", Href: "/orders?month=" + name, Before: int64(10 + 3*(i%5))}
		if i < 9 {
			m.Parts = [3]int64{int64(6 + i), int64(5 + i%3), int64(i / 3)}
		}
		p.Months = append(p.Months, m)
	}
	return p
}

func words(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>"+templ.EscapeString(s)+"</p>")
		return err
	})
}

func within(c, child templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, child), w)
	})
}

func wrapped(open string, shut string, all ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, open); err != nil {
			return err
		}
		for _, c := range all {
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, shut)
		return err
	})
}

func card(class string, all ...templ.Component) templ.Component {
	return wrapped(`<div class="card `+class+`">`, "</div>", all...)
}

func formPart() templ.Component {
	states := []Option{{Value: "", Label: "Choose a state"}, {Value: "WA", Label: "Washington", Selected: true}}
	return card("", Problems([]Problem{{Field: "amount", Text: "Type an amount such as $12,500.", Label: "Amount"}, {Field: "program", Text: "Choose a program."}}),
		wrapped(`<form class="form-grid">`, "</form>",
			Field(FieldProps{Name: "customer", Label: "Customer", Value: `A "quoted" <name>`, Hint: "As on the agreement.", Auto: "organization", Max: 500}),
			Field(FieldProps{Name: "amount", Label: "Amount", Value: "twelve", Error: "Type an amount such as $12,500.", Hint: "Example: $12,500", Mode: "decimal"}),
			Field(FieldProps{Name: "state", Label: "State", Kind: "select", Options: states}),
			Field(FieldProps{Name: "signed_on", Label: "Signed on", Kind: "date", Value: "2007-04-16", Optional: true}),
			Field(FieldProps{Name: "password", Label: "Password", Kind: "password", Value: "secret", Auto: "new-password"}),
			Field(FieldProps{Name: "email", Label: "Email", Kind: "email", Value: "dana@example.com"}),
			Field(FieldProps{Name: "note", Label: "In your words", Kind: "textarea", Value: "</textarea><b>", Full: true}),
			Field(FieldProps{Name: "weekly", Label: "Send me a summary each week", Kind: "checkbox", Checked: true, Full: true}),
			Picks("program", "Program", []Pick{{Value: "enterprise", Label: "Enterprise Agreement", Hint: "Three years, all desktops", Checked: true}, {Value: "select", Label: "Select Agreement"}}, "Choose a program.")))
}

func listPart() templ.Component {
	head := wrapped("<thead><tr>", "</tr></thead>", Th(Column{Label: "Customer", Href: "?sort=customer"}), Th(Column{Label: "Level"}), Th(Column{Label: "Signed", Href: "?sort=signed", Sorted: "descending", Less: true}), Th(Column{Label: "Revenue", Num: true}))
	row := wrapped(`<tbody><tr><td class="c-main"><a class="main-link" href="/x">Wingtip Toys</a><small>CLM-7F3K9Q</small></td><td>`, "</td>", Level("gold"))
	rest := wrapped(`<td class="c-less">16 Apr 2007</td>`, "</tr></tbody>", Num("$1,284,300", "$1,284,300.47"))
	return wrapped(`<div class="stack">`, "</div>",
		Filters("/claims", "Filter claims", []FieldProps{{Name: "q", Label: "Search", Kind: "search", Hint: "Customer or number"}, {Name: "state", Label: "State", Kind: "select", Options: []Option{{Label: "Any"}}}}),
		Chips([]Chip{{Label: "FY2007", Href: "/claims"}, {Label: "Open", Href: "/claims?y"}}, "/claims"),
		Tabs("Claims", []Tab{{Label: "Yours", Href: "/claims", Count: 1200, Current: true}, {Label: "Theirs", Href: "/claims?t", Count: 3}, {Label: "All", Href: "/claims?a", Count: -1}}),
		card("flush", wrapped(`<table class="cards many">`, "</table>", head, row, rest)),
		Pager(PagerProps{Newer: "?n", Older: "?o", Exports: []Link{{Label: "CSV", Href: "/claims.csv"}, {Label: "Excel", Href: "/claims.xlsx"}}}))
}

func blockPart() templ.Component {
	return wrapped(`<div class="cols two">`, "</div>",
		card("", wrapped(`<div class="row close">`, "</div>", Badge("good", "ok", "Confirmed"), Badge("warn", "hand", "Action required"), Badge("bad", "no", "Rejected"), Badge("info", "clock", "Submitted"), Badge("plain", "edit", "Draft"),
			Level("gold"), Level("certified"), Level("registered"), Button("", "download", "Secondary"), ButtonLink("quiet", "", Link{Label: "Quiet", Href: "/"})),
			Steps([]Step{{Label: "Submitted", Note: "2 Apr", Done: true}, {Label: "With the LAR", Note: "until 16 Apr", Current: true}, {Label: "Decided"}}),
			Facts([]Fact{{Label: "Program", Value: "Enterprise"}, {Label: "Agreement", Value: "E-1234", Href: "/a"}, {Label: "Signed", Value: "3 days ago", Title: "13 Apr 2007"}}, false),
			Progress("Rows read", 320, 1263), Bar([]Part{{Class: "k1", Value: 54, Title: "Influenced: 54 %"}, {Class: "k2", Value: 38}, {Class: "k3", Value: 8}}, 100, true), MonthsLegend("")),
		card("", CardHead(CardHeadProps{ID: "hh", Title: "History", LinkLabel: "All", LinkHref: "/all", Text: "The newest first."}),
			Timeline([]Event{{Title: "Submitted", When: "3 days ago", Exact: "13 Apr 2007, 09:00 ET", Who: "Dana Ruiz", Now: true}, {Title: "Draft", When: "4 days ago", Note: "Saved."}}),
			wrapped(`<ul class="checks">`, "</ul>", CheckLine(Check{Tone: "good", Text: "A LAR is chosen"}), CheckLine(Check{Tone: "bad", Text: "No amount", Hint: "Type one."}), CheckLine(Check{Tone: "warn", Text: "No evidence"})),
			Facts([]Fact{{Label: "Influence", Value: "Deployment planning"}, {Label: "Evidence", Value: "Letter"}}, true)))
}

func chartPart() templ.Component {
	up, down := Delta{By: 12, Text: "12.4 %", Good: true, On: "on FY2006"}, Delta{By: 1, Text: "1.1 days", On: "on Q2"}
	states := []StateValue{{"CA", "California: $10.6M", "/agreements?state=CA", 10600}, {"TX", "Texas: $6.8M", "/agreements?state=TX", 6800}, {"NY", "New York: $8.8M", "/agreements?state=NY", 8800},
		{"FL", "Florida: $1.4M", "/x", 1400}, {"WA", "Washington: $740K", "/x", 740}, {"AK", "Alaska: $220K", "/x", 220}, {"HI", "Hawaii: -$3K", "/x", -3}, {"IL", "Illinois: $2.1M", "/x", 2100}}
	bounds := []int64{1, 5, 10, 20, 40}
	return wrapped(`<div class="stack wide">`, "</div>",
		wrapped(`<div class="tiles">`, "</div>", Tile(TileProps{Label: "Influenced revenue", Href: "/x", Number: "$90.23M", Exact: "$90,230,000.00", Delta: &up, Note: "· 54 % of $167.8M", Spark: []int64{3, 5, 4, 8, 12, 13}, First: true}),
			Tile(TileProps{Label: "Time to decision", Number: "3.2", Unit: "days", Delta: &down, Spark: []int64{9, 7, 8, 3}}), Tile(TileProps{Label: "Coverage", Number: "80 %"}), Tile(TileProps{Label: "Attach rate", Number: "61 %", Note: "no figure a year ago"}), Tile(TileProps{Label: "Active partners", Number: "742", Delta: &Delta{Text: "unchanged"}})),
		wrapped(`<div class="cols wide-left">`, "</div>", card("", CardHead(CardHeadProps{Title: "Revenue by month"}), MonthsLegend("FY2006"), Months(months())),
			card("", CardHead(CardHeadProps{Title: "By state"}), Map(MapProps{States: states, Label: func(v int64) string { return fmt.Sprintf("$%dK", v) }}))),
		card("flush", HeatLegend(bounds), wrapped(`<table class="dense"><thead><tr><th>LAR</th><th class="heat">&lt; 7</th><th class="heat">&lt; 30</th><th class="heat">90 +</th></tr></thead><tbody><tr class="mid"><th scope="row">Keystone</th>`, "</tr></tbody></table>",
			Heat(58, "< 7", "58 undecided under 7 days", "/x", bounds), Heat(12, "< 30", "12 undecided", "/x", bounds), Heat(0, "90 +", "", "", bounds))))
}

func gallery() templ.Component {
	return wrapped("", "", within(Head(HeadProps{Over: "Claims", OverHref: "/claims", Title: "Components", Lead: "Everything pages are made of."}), Button("primary", "plus", "New claim")),
		within(Notice("good", "ok"), words("Done.")), within(Notice("warn", "warn"), words("Attention.")), within(Notice("bad", "no"), words("Problem.")), within(Notice("", "info"), words("Information.")),
		chartPart(), blockPart(), listPart(), formPart(),
		card("quiet-card", within(Empty("flag", "Your claims will be listed here", "A claim asks a LAR to credit you."), ButtonLink("", "", Link{Label: "Make the first claim", Href: "/claims/new", Primary: true}))))
}

// TestGallery draws every component, for the checks below and, with IRM_TEST_GALLERY
// naming a file, to be looked at.
func TestGallery(t *testing.T) {
	var b strings.Builder
	if err := gallery().Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if to := os.Getenv("IRM_TEST_GALLERY"); to != "" {
		if err := os.WriteFile(to, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if d.Find("[style], script, b:contains('</textarea>')").Length() != 0 || strings.Contains(b.String(), "NaN") {
		t.Error("a style or script within the page, or no number")
	}
	ids := map[string]int{}
	d.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%d times #%s", n, id)
		}
	}
	d.Find("[aria-describedby]").Each(func(_ int, s *goquery.Selection) {
		for _, id := range strings.Fields(s.AttrOr("aria-describedby", "")) {
			if ids[id] != 1 {
				t.Errorf("described by #%s, which is not there", id)
			}
		}
	})
	d.Find(".notice.bad a").Each(func(_ int, s *goquery.Selection) {
		if to := strings.TrimPrefix(s.AttrOr("href", ""), "#"); ids[to] != 1 {
			t.Errorf("the summary leads to #%s, which is not there", to)
		}
	})
}

func TestTypedValuesAreKept(t *testing.T) {
	var b strings.Builder
	if err := formPart().Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{"#customer": `A "quoted" <name>`, "#amount": "twelve", "#signed_on": "2007-04-16", "#password": "", "#weekly": "on"} {
		if got := d.Find(what).AttrOr("value", ""); got != want {
			t.Errorf("%s holds %q, want %q", what, got, want)
		}
	}
	if got := d.Find("#note").Text(); got != "</textarea><b>" {
		t.Errorf("the note holds %q", got)
	}
	if d.Find("#amount[aria-invalid=true]").AttrOr("aria-describedby", "") != "amount-e amount-h" || d.Find("#state option[selected]").AttrOr("value", "") != "WA" {
		t.Error("the error is not tied to its field, or the choice is lost")
	}
}
