package mail

import (
	"strings"
	"testing"
)

const (
	claimed  = "Contoso claims agreement S1000007.\nIt waits for you.\n\nYou have until 20 April."
	address1 = "https://portal.example/claims/CLM-7F3K9Q?from=mail&x=1"
)

func TestText(t *testing.T) {
	want := claimed + "\n\nOpen the claim:\n" + address1 + "\n"
	if got := Text(claimed+"\n\n", "Open the claim", address1); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := Text("Welcome.", "", ""); got != "Welcome.\n" {
		t.Errorf("without a link: %q", got)
	}
}

func TestHTML(t *testing.T) {
	got := HTML("Your claim", claimed, "Open the claim", address1)
	for _, want := range []string{
		"<title>Your claim</title>",
		"S1000007.<br>It waits for you.</p>",
		">You have until 20 April.</p>",
		`<a href="https://portal.example/claims/CLM-7F3K9Q?from=mail&amp;x=1"`,
		">Open the claim</a>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if got := HTML("Welcome", "Welcome.", "Nothing", ""); strings.Contains(got, "<a ") || strings.Contains(got, "Nothing") {
		t.Errorf("a button without a link in\n%s", got)
	}
}

// What people typed stays text, and a link is a link to a page.
func TestHTMLEscapes(t *testing.T) {
	bad := `<img src=x onerror=alert(1)>"'</title><script>alert(1)</script>`
	got := HTML(bad, bad, bad, "javascript:alert(1)")
	for _, no := range []string{"<img", "<script", `href="javascript`} {
		if strings.Contains(got, no) {
			t.Errorf("%s in\n%s", no, got)
		}
	}
	if strings.Count(got, "&lt;script&gt;alert(1)&lt;/script&gt;") < 2 {
		t.Errorf("the text was lost in\n%s", got)
	}
}
