package e2e

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
)

// view is one page as one kind of person sees it.
type view struct {
	actor  string // "" signed out, or partner, lar, staff: the three of the demo
	path   string // where it is; "/claims > /claims/CLM-" is the first link there that begins so, and so on
	tap    string // what is opened first, by its words
	press  string // a button to press there with the form as it stands, for the look of a refused form
	status int    // what it answers, 200 if nothing else is said
}

// views are the pages that TestASVS_3_4_7_3_6_1_Pages examines. A new page is a new line.
var views = []view{
	{path: "/"},
	{path: "/signup"},
	{path: "/signup", press: "Send application", status: 422},
	{path: "/signup", press: "Save for later"},
	{path: "/signup/personal?token=used", status: 410},
	{path: "/signin"},
	{path: "/signin", press: "Sign in", status: 422},
	{path: "/password/forgot"},
	{path: "/password/forgot", press: "Send the link", status: 422},
	{path: "/lars"},
	{path: "/signup/sent"},
	{path: "/signup/confirm?token=used", status: 410},
	{path: "/password/sent"},
	{path: "/help/start"},
	{path: "/help/claims"},
	{path: "/help/disputes"},
	{path: "/help/terms"},
	{path: "/receipt/1-00", status: 404},
	{path: "/demo/mail"},
	{path: "/no-such-page", status: 404},
	{actor: "partner", path: "/"},
	{actor: "partner", path: "/claims"},
	{actor: "partner", path: "/claims?q=nothing-is-called-so"},
	{actor: "partner", path: "/claims > /claims/CLM-"},
	{actor: "partner", path: "/claims/new"},
	{actor: "partner", path: "/claims/new", press: "Submit claim", status: 422},
	{actor: "partner", path: "/claims?state=intent > /claims/CLM-"},
	{actor: "partner", path: "/claims?state=intent > /claims/CLM-", tap: "Add evidence", press: "Add the evidence", status: 422},
	{actor: "partner", path: "/claims?state=draft > /claims/CLM-"},
	{actor: "partner", path: "/claims?state=draft > /claims/CLM- > /claims/CLM-"},
	{actor: "partner", path: "/search"},
	{actor: "partner", path: "/search?q=c"},
	{actor: "partner", path: "/search?q=nothing-is-called-so"},
	{actor: "partner", path: "/agreements"},
	{actor: "partner", path: "/agreements > /agreements/AGR-"},
	{actor: "partner", path: "/ > /claims/CLM-"},
	{actor: "partner", path: "/disputes"},
	{actor: "partner", path: "/disputes?state=open > /disputes/DSP-"},
	{actor: "partner", path: "/disputes?state=open > /disputes/DSP-", press: "Send the answer", status: 422},
	{actor: "partner", path: "/disputes?state=upheld > /disputes/DSP-"},
	{actor: "partner", path: "/disputes?state=dismissed > /disputes/DSP-"},
	{actor: "partner", path: "/agreements?q=E9100418 > /agreements/AGR-", tap: "Dispute the decision"},
	{actor: "partner", path: "/agreements?q=E9100418 > /agreements/AGR-", tap: "Dispute the decision", press: "Send the dispute", status: 422},
	{actor: "partner", path: "/statement"},
	{actor: "partner", path: "/statement?fy=2001"},
	{actor: "partner", path: "/statement > /statement/AGR-"},
	{actor: "partner", path: "/record"},
	{actor: "partner", path: "/lars"},
	{actor: "partner", path: "/lars > /lars/LAR-"},
	{actor: "partner", path: "/lars?status=invited > /lars/LAR-"},
	{actor: "partner", path: "/connections"},
	{actor: "partner", path: "/connections > /connections/CON-"},
	{actor: "partner", path: "/profile"},
	{actor: "partner", path: "/partners"},
	{actor: "partner", path: "/team"},
	{actor: "partner", path: "/team", press: "Send invitation", status: 422},
	{actor: "partner", path: "/team/activity"},
	{actor: "partner", path: "/team/activity?from=someday", status: 422},
	{actor: "partner", path: "/claims?state=confirmed > /claims/CLM-"},
	{actor: "partner", path: "/claims?state=confirmed > /claims/CLM- > /claims/CLM-"},
	{actor: "partner", path: "/claims?state=confirmed > /claims/CLM- > /claims/CLM- > /receipt/"},
	{actor: "partner", path: "/account"},
	{actor: "partner", path: "/account", press: "Change password", status: 422},
	{actor: "partner", path: "/notices"},
	{actor: "partner", path: "/notices", press: "Open the claim"},
	{actor: "partner", path: "/account/email"},
	{actor: "partner", path: "/account/email", press: "Send the link", status: 422},
	{actor: "partner", path: "/account/email/sent"},
	{path: "/account/email/confirm?token=used", status: 410},
	{actor: "partner", path: "/account/app"},
	{actor: "partner", path: "/account/app", press: "Show the code"},
	{actor: "partner", path: "/account/app", press: "Set up the app", status: 422},
	{actor: "partner", path: "/account/proof"},
	{actor: "partner", path: "/account/proof", press: "Go on", status: 422},
	{actor: "partner", path: "/account/passkeys/new"},
	{actor: "partner", path: "/demo/mail"},
	{actor: "partner", path: "/inbox", status: 403},
	{actor: "partner", path: "/claims/CLM-000000", status: 404},
	{actor: "lar", path: "/"},
	{actor: "lar", path: "/inbox"},
	{actor: "lar", path: "/inbox?tab=unclaimed"},
	{actor: "lar", path: "/inbox?list=1"},
	{actor: "lar", path: "/agreements"},
	{actor: "lar", path: "/agreements?q=nothing-is-called-so"},
	{actor: "lar", path: "/agreements > /agreements/AGR-"},
	{actor: "lar", path: "/agreements/new"},
	{actor: "lar", path: "/agreements/new", press: "Enter agreement", status: 422},
	{actor: "lar", path: "/claims"},
	{actor: "lar", path: "/claims > /claims/CLM-"},
	{actor: "lar", path: "/disputes"},
	{actor: "lar", path: "/disputes?state=open > /disputes/DSP-", press: "Send the answer", status: 422},
	{actor: "lar", path: "/disputes?state=upheld > /disputes/DSP-"},
	{actor: "lar", path: "/disputes?state=upheld > /disputes/DSP- > /agreements/AGR-"},
	{actor: "lar", path: "/reports"},
	{actor: "lar", path: "/reports/new"},
	{actor: "lar", path: "/reports/new", press: "Read the file", status: 422},
	{actor: "lar", path: "/claims?state=intent > /claims/CLM-"},
	{actor: "lar", path: "/claims?state=intent > /claims/CLM-", press: "Reject the claim", status: 422},
	{actor: "lar", path: "/claims?state=attached > /claims/CLM-", tap: "Detach from"},
	{actor: "lar", path: "/partners"},
	{actor: "lar", path: "/partners", press: "Look up", status: 422},
	{actor: "lar", path: "/partners > /partners/PRT-"},
	{actor: "lar", path: "/lars"},
	{actor: "lar", path: "/lars > /lars/LAR-"},
	{actor: "lar", path: "/connections"},
	{actor: "lar", path: "/dashboard"},
	{actor: "lar", path: "/team"},
	{actor: "lar", path: "/team/activity"},
	{actor: "lar", path: "/account"},
	{actor: "lar", path: "/notices"},
	{actor: "staff", path: "/"},
	{actor: "staff", path: "/search?q=a"},
	{actor: "staff", path: "/dashboard?fy=2006"},
	{actor: "staff", path: "/dashboard?fy=1999"},
	{actor: "staff", path: "/partners"},
	{actor: "staff", path: "/partners > /partners/PRT-"},
	{actor: "staff", path: "/lars"},
	{actor: "staff", path: "/lars > /lars/LAR-"},
	{actor: "staff", path: "/agreements"},
	{actor: "staff", path: "/agreements > /agreements/AGR-"},
	{actor: "staff", path: "/claims"},
	{actor: "staff", path: "/claims > /claims/CLM-"},
	{actor: "staff", path: "/connections"},
	{actor: "staff", path: "/notices"},
	{actor: "staff", path: "/notices", press: "Mark all as read"},
	{actor: "staff", path: "/notices", press: "Open the claim"},
	{actor: "staff", path: "/claims?state=attached&order=reverse > /claims/CLM- > /agreements/AGR-"},
	{actor: "staff", path: "/claims?state=attached&order=reverse > /claims/CLM- > /agreements/AGR-", tap: "No partner influenced", press: "Decide: no partner", status: 422},
	{actor: "staff", path: "/disputes"},
	{actor: "staff", path: "/ > /disputes/DSP-"},
	{actor: "staff", path: "/ > /disputes/DSP-", press: "Rule", status: 422},
	{actor: "staff", path: "/notices", press: "Open the dispute"}, // that waits for a second approval
	{actor: "staff", path: "/reports"},
	{actor: "staff", path: "/applications"},
	{actor: "staff", path: "/applications > /applications/APP-"},
	{actor: "staff", path: "/applications > /applications/APP-", press: "Refuse", status: 422},
	{actor: "staff", path: "/applications > /applications/APP-", tap: "Ask the applicant", press: "Send the question", status: 422},
	{actor: "staff", path: "/applications?state=asked"},
	{actor: "staff", path: "/partners?enrolled=no > /partners/PRT-", press: "Send a personal link"},
	{actor: "staff", path: "/roster"},
	{actor: "staff", path: "/roster", press: "Import roster", status: 422},
	{actor: "staff", path: "/customers"},
	{actor: "staff", path: "/lars > /lars/LAR-", press: "Save status", status: 422},
	{actor: "staff", path: "/lars > /lars/LAR-", tap: "Keep its members out"},
	{actor: "staff", path: "/lars > /lars/LAR-", tap: "Keep its members out", press: "Suspend", status: 422},
	{actor: "staff", path: "/lars", press: "Add LAR", status: 422},
	{actor: "staff", path: "/partners?enrolled=yes > /partners/PRT-", tap: "Keep its members out", press: "Suspend", status: 422},
	{actor: "staff", path: "/team"},
	{actor: "staff", path: "/members"},
	{actor: "staff", path: "/members?q=nobody-is-called-so"},
	{actor: "staff", path: "/members", press: "Send invitation", status: 422},
	{actor: "staff", path: "/members", tap: "Sign everybody out"},
	{actor: "staff", path: "/members?role=partner", tap: "Change"},
	{actor: "staff", path: "/partners?enrolled=yes > /partners/PRT-", press: "View as"},
	{actor: "staff", path: "/team"}, // as the partner, with the line that says so
	{actor: "staff", path: "/claims/new", status: 403},
	{actor: "staff", path: "/team", press: "Stop seeing it so"},
	{actor: "staff", path: "/team/activity"},
	{actor: "staff", path: "/audit"},
	{actor: "staff", path: "/audit?thing=nothing-is-called-so"},
	{actor: "staff", path: "/audit?person=nobody&until=x", status: 422},
	{actor: "staff", path: "/account"},
}

// TestASVS_3_4_7_3_6_1_Pages holds every page of the list against axe-core, the W3C validator and
// 320 pixels of width.
func TestASVS_3_4_7_3_6_1_Pages(t *testing.T) {
	need(t, "Chromium", chromium())
	examineSideBySide(t, start(t, "demo", "--agreements", "300").URL, Look{}, views)
}

// examineSideBySide examines what each actor sees beside the others.
func examineSideBySide(t *testing.T, base string, look Look, views []view) {
	of := map[string][]view{}
	for _, v := range views {
		of[v.actor] = append(of[v.actor], v)
	}
	for actor, views := range of {
		t.Run(cmp.Or(actor, "public"), func(t *testing.T) {
			t.Parallel()
			for _, wrong := range examineAll(t, base, look, views) {
				t.Error(wrong)
			}
		})
	}
}

// examineAll examines views in one tab for each actor, has the validator read them
// all at the end, and returns what is wrong.
func examineAll(t *testing.T, base string, look Look, views []view) (wrong []string) {
	t.Helper()
	sources := map[string]string{}
	tabs := map[string]*Tab{}
	for _, v := range views {
		if tabs[v.actor] == nil {
			tabs[v.actor] = open(t, base, look)
			if v.actor != "" {
				tabs[v.actor].SignIn(v.actor+"@demo.example", "influence-demo-2007")
			}
		}
		b := tabs[v.actor]
		wrong = append(wrong, b.reach(v)...)
		wrong = append(wrong, b.examine(v.String())...)
		sources[v.String()] = b.Source()
	}
	for _, f := range validate(t, sources) {
		wrong = append(wrong, "not HTML: "+f.String())
	}
	return wrong
}

func (v view) String() string {
	actor := v.actor
	if actor == "" {
		actor = "public"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", actor, v.path, v.tap, v.press))
}

// reach goes to the page of a view and says if it answers otherwise than it should.
func (b *Tab) reach(v view) []string {
	b.t.Helper()
	path := strings.Split(v.path, " > ")
	b.Visit(path[0])
	for _, link := range path[1:] {
		b.Visit(b.Href(link))
	}
	if v.tap != "" {
		b.Tap(v.tap)
	}
	if v.press != "" {
		b.Click(v.press)
	}
	want := v.status
	if want == 0 {
		want = 200
	}
	if b.Status() != want {
		return []string{fmt.Sprintf("%s: status %d, want %d", v, b.Status(), want)}
	}
	return nil
}

// Href is the address of the first link that begins so.
func (b *Tab) Href(prefix string) string {
	b.t.Helper()
	href, err := ask[string](b, "href", prefix)
	if err != nil {
		b.t.Fatalf("no link to %s… at %s: %v", prefix, b.URL(), err)
	}
	return href
}

// SignIn signs a member in by the form, as everybody does.
func (b *Tab) SignIn(email, password string) {
	b.t.Helper()
	b.Visit("/signin")
	b.Fill("email", email)
	b.Fill("password", password)
	b.ClickIn("form:has([name=password])", "Sign in")
	if b.Status() != 200 || strings.HasPrefix(b.URL(), "/signin") {
		b.t.Fatalf("%s is not signed in: status %d at %s", email, b.Status(), b.URL())
	}
}

// The commands' exit statuses are a promise to scripts.
func TestCommands(t *testing.T) {
	if stdout, stderr, status := run(t, "version"); status != 0 || stdout == "" || stderr != "" {
		t.Errorf("version: status %d, %q, %q", status, stdout, stderr)
	}
	if stdout, stderr, status := run(t, "no-such-command"); status != 2 || stdout != "" || strings.Count(strings.TrimSpace(stderr), "\n") > 0 {
		t.Errorf("no-such-command: status %d, %q, %q; want 2 and one line", status, stdout, stderr)
	}
}
