package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// plainViews are the main pages of each actor, which are examined, and pictured,
// with scripts off as well.
var plainViews = []view{
	{actor: "partner", path: "/"},
	{actor: "partner", path: "/claims/new"},
	{actor: "partner", path: "/claims/new", press: "Submit claim", status: 422},
	{actor: "lar", path: "/inbox"},
	{actor: "lar", path: "/inbox > /agreements/AGR-"},
	{actor: "lar", path: "/reports"},
	{actor: "lar", path: "/reports > /reports/RPT-"},
	{actor: "staff", path: "/dashboard"},
}

// toLookAt is a report with a new order, one that is refused and one without a program.
const toLookAt = `agreement_number,program,customer,customer_state,seats,signed_on,order_number,order_kind,ordered_on,amount,partner_id
PLAIN-1,Enterprise,Fabrikam,NH,300,2007-03-01,PLAIN-1-1,initial,2007-03-02,"12,500.00",
PLAIN-1,Enterprise,Fabrikam,NH,300,2007-03-01,PLAIN-1-2,initial,someday,1000,
PLAIN-2,,Litware,NH,300,2007-03-01,PLAIN-2-1,initial,2007-03-02,1000,
`

// TestPagesWithoutScripts holds the main pages against the same as TestASVS_3_4_7_3_6_1_Pages with
// scripts off. A report waits there to be looked at.
func TestPagesWithoutScripts(t *testing.T) {
	need(t, "Chromium", chromium())
	base := start(t, "demo", "--agreements", "300").URL
	file := filepath.Join(t.TempDir(), "report.csv")
	if err := os.WriteFile(file, []byte(toLookAt), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, base, Look{NoScripts: true})
	b.SignIn("lar@demo.example", "influence-demo-2007")
	b.Visit("/reports/new")
	b.Upload("file", file)
	b.Click("Read the file")
	if !b.Has("PLAIN-1-2") {
		t.Fatalf("the report is not there to look at:\n%s", b.Page())
	}
	for _, wrong := range b.wrongDecision() {
		t.Error(wrong)
	}
	examineSideBySide(t, base, Look{NoScripts: true}, plainViews)
}

// wrongDecision sends the desk's form with a share too large and examines what comes back.
func (b *Tab) wrongDecision() []string {
	b.t.Helper()
	b.Visit("/inbox")
	b.Tap("Split or add partners")
	b.FillNth("share", b.nth("share", "#split", 0), "150")
	b.Click("Confirm these shares")
	if b.Status() != 422 {
		b.t.Fatalf("a share of 150 %%: status %d\n%s", b.Status(), b.Page())
	}
	return b.examine("lar /inbox refused")
}
