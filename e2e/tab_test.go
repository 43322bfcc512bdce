package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed page.js
var pageScript string

// patience is how long one step may take before the test fails.
const patience = 20 * time.Second

// Look is how a person looks at the page.
type Look struct {
	Width     int // pixels; 0 is 1280
	Dark      bool
	NoScripts bool
}

func (l Look) String() string {
	s := fmt.Sprint(l.width())
	if l.Dark {
		s += "-dark"
	}
	if l.NoScripts {
		s += "-noscripts"
	}
	return s
}

func (l Look) width() int {
	if l.Width == 0 {
		return 1280
	}
	return l.Width
}

// Tab is one person at one screen, with cookies of its own. Its methods fail the
// test when a step can't be done.
type Tab struct {
	t       *testing.T
	ctx     context.Context
	base    string
	look    Look
	traffic *traffic
}

// open opens a tab on the program at base, such as http://127.0.0.1:8080.
func open(t *testing.T, base string, look Look) *Tab {
	t.Helper()
	ctx, close := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(close)
	b := &Tab{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/"), traffic: newTraffic(base)}
	b.must("open tab", chromedp.Do(ctx))
	b.must("listen", chromedp.Listen(ctx, b.traffic.hear))
	b.Look(look)
	t.Cleanup(b.ended)
	return b
}

// ended fails the test for what a person would not see: errors on the console,
// refusals by the content policy, anything fetched from elsewhere.
func (b *Tab) ended() {
	b.t.Helper()
	if b.t.Failed() {
		b.Shot("failed-" + b.t.Name())
		b.t.Logf("the tab was at %s, status %d", b.URL(), b.Status())
	}
	for _, e := range b.traffic.errors() {
		b.t.Errorf("the browser says: %s", e)
	}
}

// Look changes how the page is looked at, without loading it anew. Scripts are
// stopped from the next page on.
func (b *Tab) Look(l Look) {
	b.t.Helper()
	scheme := "light"
	if l.Dark {
		scheme = "dark"
	}
	b.look = l
	b.must("look", chromedp.Do(b.ctx,
		chromedp.EmulateViewport(int64(l.width()), 900),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: l.NoScripts}),
	))
}

// call makes a step of a command of the browser's protocol.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

func (b *Tab) must(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// step is the time that one step has.
func (b *Tab) step() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, patience)
}

// ask calls a function of page.js with arguments and returns its answer.
func ask[T any](b *Tab, function string, args ...any) (T, error) {
	written := make([]string, len(args))
	for i, a := range args {
		js, err := json.Marshal(a)
		if err != nil {
			return *new(T), err
		}
		written[i] = string(js)
	}
	ctx, cancel := b.step()
	defer cancel()
	script := "(" + pageScript + ")." + function + "(" + strings.Join(written, ", ") + ")"
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, awaited))
}

func awaited(p *runtime.EvaluateParams) { p.AwaitPromise = new(true) }
