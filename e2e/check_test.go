package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"irm/store/storetest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Violation is a rule of accessibility that a page breaks, as axe-core says it.
type Violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, Target, Why string }
}

func (v Violation) String() string {
	s := fmt.Sprintf("%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		s += fmt.Sprintf("\n    %s  %s\n      %s", n.Target, n.HTML, strings.ReplaceAll(n.Why, "\n", " "))
	}
	return s
}

// axeScript reads axe-core once.
var axeScript = sync.OnceValues(func() (string, error) {
	b, err := os.ReadFile(axeSource())
	return string(b), err
})

// Axe returns what axe-core finds on the page as it looks now. The browser runs it,
// not the page, so the page's content policy does not stand in its way, and
// scripts are on for as long as it takes.
func (b *Tab) Axe() []Violation {
	b.t.Helper()
	need(b.t, "axe-core", axeSource())
	if b.look.NoScripts {
		b.must("scripts on", b.do(call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})))
		defer b.Look(b.look)
	}
	b.bringAxe()
	got, err := ask[[]Violation](b, "axe", b.look.Dark)
	b.must("axe-core", err)
	return got
}

// bringAxe puts axe-core into the page, unless it is there from another look at it.
func (b *Tab) bringAxe() {
	b.t.Helper()
	there, err := ask[bool](b, "hasAxe")
	b.must("axe-core", err)
	if there {
		return
	}
	source, err := axeScript()
	b.must("axe-core", err)
	ctx, cancel := b.step()
	defer cancel()
	_, err = chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](source+"\n;undefined"))
	b.must("axe-core", err)
}

// Wide lists what makes the page scroll sideways in a window of so many pixels.
func (b *Tab) Wide(width int) []string {
	b.t.Helper()
	defer b.Look(b.look)
	return b.wideIn(width)
}

// wideIn is Wide for one who goes on to look at the page in other ways.
func (b *Tab) wideIn(width int) []string {
	b.t.Helper()
	narrow := b.look
	narrow.Width = width
	b.Look(narrow)
	got, err := ask[[]string](b, "wide")
	b.must("width", err)
	return got
}

// Fault is a place where a page is not HTML, as the W3C validator says it.
type Fault struct {
	Page    string
	Line    int
	Message string
	Extract string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s:%d: %s\n    %s", f.Page, f.Line, f.Message, strings.ReplaceAll(f.Extract, "\n", " "))
}

// validate gives pages, by name, to the W3C validator. It takes a second and a half
// to start, so pages are collected and given to it together.
func validate(t *testing.T, pages map[string]string) []Fault {
	t.Helper()
	jar := need(t, "vnu.jar", vnuJar())
	java := need(t, "java", found("", "java"))
	dir := t.TempDir()
	names := map[string]string{}
	for name, html := range pages {
		file := fmt.Sprintf("%03d.html", len(names))
		names[file] = name
		if err := os.WriteFile(filepath.Join(dir, file), []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return vnu(t, names, exec.CommandContext(t.Context(), java, "-jar", jar, "--format", "json", "--exit-zero-always", "--stdout", dir))
}

func vnu(t *testing.T, names map[string]string, cmd *exec.Cmd) []Fault {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var said struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine                             int
		}
	}
	if err == nil {
		err = json.Unmarshal(out, &said)
	}
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", cmd.Args, err, out, stderr.Bytes())
	}
	var faults []Fault
	for _, m := range said.Messages {
		if m.Type == "error" || m.Type == "non-document-error" || m.SubType == "warning" {
			faults = append(faults, Fault{names[path.Base(m.URL)], m.LastLine, m.Message, m.Extract})
		}
	}
	return faults
}

// examine holds a page against what is promised of every page: axe-core in both
// schemes and both widths (a phone in the dark, whose colors are those of a wide
// window, in the full run), no scrolling sideways on a phone or a tablet. It returns
// what is wrong.
func (b *Tab) examine(name string) (wrong []string) {
	b.t.Helper()
	before := b.look
	defer b.Look(before)
	looks := []Look{{Width: 1280}, {Width: 1280, Dark: true}, {Width: 390}, {Width: 390, Dark: true}}
	for _, l := range looks[:storetest.Full(3, 3, 4)] {
		l.NoScripts = before.NoScripts
		b.Look(l)
		b.Shot(name + "-" + l.String())
		for _, v := range b.Axe() {
			wrong = append(wrong, fmt.Sprintf("%s at %s: %s", name, l, v))
		}
	}
	for _, width := range []int{320, 700, 1024} {
		for _, w := range b.wideIn(width) {
			wrong = append(wrong, fmt.Sprintf("%s at %d px scrolls sideways: %s", name, width, w))
		}
	}
	return wrong
}
