package e2e

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A partner claims a deal at the width of a phone with a keyboard alone: past the
// head by the skip link, through the form in its order, and once with a mistake, of
// which it is told at the field.
func TestClaimByKeyboard(t *testing.T) {
	for _, look := range []Look{{Width: 390}, {Width: 390, NoScripts: true}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			b := newClaimant(t, look)
			b.Visit("/claims")
			b.Press(kb.Tab)
			if on, err := ask[focus](b, "focused"); err != nil || on.Words != "Skip to content" || !on.InView {
				t.Fatalf("the first Tab leads to %+v, %v", on, err)
			}
			b.Press(kb.Enter)
			b.enterOn("New claim")
			for _, f := range [][2]string{{"LAR", "North"}, {"Customer", "Coho Winery"}, {"State", "Ore"}, {"Enterprise Agreement", " "}, {"Seats", "300"},
				{"Estimated amount", "1.234,56"}, {"Signing date", "06012007"}, {"Introduced the deal", " "}, {"In your words", "We ran the pilot."}} {
				b.tabTo(f[0])
				b.Press(f[1])
			}
			b.enterOn("Submit claim")
			if b.Status() != 422 || !strings.Contains(plain(b.Page()), "1,234.56") {
				t.Fatalf("a wrong amount: status %d\n%s", b.Status(), plain(b.Page()))
			}
			b.tabTo("Estimated amount")
			b.Press("$12,500") // what a field holds is selected when Tab comes to it
			b.enterOn("Submit claim")
			if b.Status() != 200 || !strings.HasPrefix(b.URL(), "/claims/CLM-") || !b.Has("$12,500") || !b.Has("Coho Winery") {
				t.Fatalf("submitted: status %d at %s\n%s", b.Status(), b.URL(), plain(b.Page()))
			}
		})
	}
}

// newClaimant is a partner who has signed in.
func newClaimant(t *testing.T, look Look) *Tab {
	t.Helper()
	w := newWorld(t, map[string]string{"northgate": "Northgate"})
	w.invite("partner", "--role", "partner", "--partner", claimant, "--email", partnerMail, "--name", "Pat Alvarez")
	return w.enter("partner", partnerMail, look)
}

// focus is what a key acts on.
type focus struct {
	Words          string // what a person would call it
	InView, Marked bool   // it stands in the window; it looks other than what is not focused
}

// tabTo presses Tab until the focus is on what a person calls by these words. All on
// the way has to be seen and told apart.
func (b *Tab) tabTo(words string) {
	b.t.Helper()
	var way []string
	for range 60 {
		b.Press(kb.Tab)
		on, err := ask[focus](b, "focused")
		b.must("focus", err)
		way = append(way, on.Words)
		if on.Words != "" && (!on.InView || !on.Marked) {
			b.t.Errorf("on the way to %q the focus is on %+v", words, on)
		}
		if on.Words == words || strings.HasPrefix(on.Words, words+" ") {
			return
		}
	}
	b.t.Fatalf("at %s, Tab does not come to %q but to %q", b.URL(), words, way)
}

// enterOn comes to a link or button and presses Enter on it.
func (b *Tab) enterOn(words string) {
	b.t.Helper()
	b.tabTo(words)
	before := b.traffic.seen()
	b.Press(kb.Enter)
	b.arrived("Enter on "+words, before)
}

// What a screen reader tells of the claim form: each control with its name, what it
// is for, and, once it was refused, what is wrong with it.
func TestClaimFormIsTold(t *testing.T) {
	b := newClaimant(t, Look{NoScripts: true, Width: 390})
	b.Visit("/claims/new")
	b.tells("at first", claimForm(nil))
	b.Fill("agreement_number", "S1")
	b.Fill("amount", "1.234,56")
	b.Click("Submit claim")
	if b.Status() != 422 {
		t.Fatalf("status %d", b.Status())
	}
	const lar, amount, kind = "Choose the LAR that sells the agreement.", "“1.234,56” is not taken. Put a point before the cents and commas between thousands, as in 1,234.56.", "Choose what you did."
	wrong := []string{"alert |  |  | ", "link | " + lar + " |  | ", "link | " + amount + " |  | ", "link | " + kind + " |  | "}
	b.tells("refused", claimForm(wrong, lar, amount, kind))
}

// claimForm is the claim form as it is to be told: after what is said first, each
// control, with what is wrong with the LAR, the amount and the kind.
func claimForm(first []string, wrong ...string) []string {
	text, invalid := [3]string{}, [3]string{}
	for i, w := range wrong {
		text[i], invalid[i] = w+" ", "invalid=true"
	}
	all := append([]string{"link | Claims |  | ", "heading | New claim |  | "}, first...)
	all = append(all, "group | Which deal? |  | ",
		"combobox | LAR | "+text[0]+"The LAR that sells the agreement. If you are not connected yet, Submit asks for it. | "+invalid[0],
		"textbox | Agreement number (optional) | Leave empty if nothing is signed yet. | ",
		"textbox | Customer | The name as on the agreement. | ", "combobox | State |  | ",
		"group | Program |  | ", "radio | Enterprise Agreement |  | ", "radio | Select Agreement |  | ",
		"textbox | Seats (optional) | 250 or more. | ",
		"textbox | Estimated amount | "+text[1]+"Example: $12,500 | "+invalid[1],
		"Date | Signing date | Expected, or past. | ", "button | Show date picker Show date picker | Expected, or past. | ",
		"group | What did you do? |  | ", "group | Choose one | "+strings.TrimSpace(text[2])+" | ")
	for _, kind := range []string{"Introduced the deal", "Licensing advice", "Technical pre-sales", "Deployment", "Training", "Other"} {
		all = append(all, "radio | "+kind+" |  | "+invalid[2])
	}
	return append(all, "textbox | In your words | Who you worked with, what you did, and when. | ",
		"textbox | Evidence (optional) | What shows it: letters, plans, statements of work, with their dates. Files are added on the claim’s page, before or after you submit. | ",
		"button | Submit claim |  | ", "button | Save draft |  | ", "heading | Before you submit |  | ", "heading | What happens then |  | ")
}

// control is a control as a screen reader tells it.
type control struct{ role, name, description, state string }

func (c control) String() string {
	return strings.Join([]string{c.role, c.name, c.description, c.state}, " | ")
}

// tells compares the controls of the page's content with those that it should have.
func (b *Tab) tells(when string, want []string) {
	b.t.Helper()
	var got []string
	for _, c := range b.controls() {
		got = append(got, c.String())
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("%s a screen reader is told\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// controls are those that the accessibility tree has in the page's content, in its order.
func (b *Tab) controls() (all []control) {
	b.t.Helper()
	var tree accessibility.GetFullAXTreeResult
	b.must("accessibility tree", b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
		tree, err = cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		return err
	})))
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	var walk func(n *accessibility.Node, inside bool)
	walk = func(n *accessibility.Node, inside bool) {
		if n == nil {
			return
		}
		role := said(n.Role)
		inside = inside || role == "main"
		if inside && !n.Ignored && told(role) {
			all = append(all, control{role, said(n.Name), said(n.Description), state(n)})
		}
		for _, id := range n.ChildIDs {
			walk(nodes[id], inside)
		}
	}
	walk(tree.Nodes[0], false)
	return all
}

// told is whether a node of this role is acted on, groups what is, or speaks up.
func told(role string) bool {
	return slices.Contains([]string{"textbox", "combobox", "radio", "checkbox", "button", "link", "group", "radiogroup", "alert", "Date", "heading"}, role)
}

func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text string
	if json.Unmarshal(v.Value, &text) != nil {
		text = string(v.Value) // a number or a truth
	}
	return text
}

// state is what the tree says of a control besides: that it is wrong, demanded or chosen.
func state(n *accessibility.Node) string {
	var all []string
	for _, p := range n.Properties {
		if s := said(p.Value); slices.Contains([]string{"invalid", "required", "checked"}, string(p.Name)) && s != "false" {
			all = append(all, string(p.Name)+"="+s)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
