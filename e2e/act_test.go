package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Visit goes to a path of the program, such as /claims, and returns the status.
func (b *Tab) Visit(path string) int {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.Navigate(b.base+path))
	b.must("visit "+path, err)
	return b.Status()
}

// Fill types a value into the field of a name. A select takes an option's value or
// words, a radio its value, a checkbox anything for on and "" for off, a date
// YYYY-MM-DD.
func (b *Tab) Fill(name, value string) { b.t.Helper(); b.FillNth(name, 0, value) }

// FillNth is Fill for the nth field of that name, counted from 0.
func (b *Tab) FillNth(name string, nth int, value string) {
	b.t.Helper()
	do, err := ask[struct {
		How, Problem string
		X, Y         float64
	}](b, "fill", name, nth, value)
	if err != nil || do.Problem != "" {
		b.t.Fatalf("fill in %s with %q: %s %v", name, value, do.Problem, err)
	}
	switch do.How {
	case "type":
		b.must("type "+name, b.do(typing(value)...))
	case "click":
		b.must("tick "+name, b.do(chromedp.MouseClickXY(do.X, do.Y)))
	}
}

// typing replaces what is selected. What is longer than a few signs, or has line
// breaks, is pasted: each key takes the browser three messages.
func typing(value string) []chromedp.Action[chromedp.Void] {
	switch {
	case value == "":
		return []chromedp.Action[chromedp.Void]{chromedp.KeyEvent("\b")}
	case len(value) > 4 || strings.ContainsAny(value, "\r\n\t"):
		return []chromedp.Action[chromedp.Void]{call(input.InsertText, input.InsertTextParams{Text: value})}
	}
	return []chromedp.Action[chromedp.Void]{chromedp.KeyEvent(value)}
}

// Press presses keys, such as "j" in the inbox.
func (b *Tab) Press(keys string) { b.t.Helper(); b.must("press "+keys, b.do(chromedp.KeyEvent(keys))) }

// Upload chooses a file for the field of a name.
func (b *Tab) Upload(name, file string) {
	b.t.Helper()
	path, err := filepath.Abs(file)
	b.must("upload", err)
	b.must("upload "+file, b.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type=file][name="`+name+`"]`), []string{path}, chromedp.NodeReady)))
}

// Click clicks on the button or link with these words and waits until the page, or
// the part of it, that this brings has arrived.
func (b *Tab) Click(words string) { b.t.Helper(); b.ClickIn("", words) }

// ClickIn is Click inside the first element of a CSS selector.
func (b *Tab) ClickIn(within, words string) {
	b.t.Helper()
	before := b.traffic.seen()
	b.tap(within, words)
	b.arrived("click on "+words, before)
}

// Tap clicks on what changes the page at hand only, such as a menu, and waits for nothing.
func (b *Tab) Tap(words string) { b.t.Helper(); b.tap("", words) }

func (b *Tab) tap(within, words string) {
	b.t.Helper()
	at, err := ask[struct {
		X, Y    float64
		Problem string
	}](b, "control", words, within)
	if err != nil || at.Problem != "" {
		b.t.Fatalf("click on %q at %s: %s %v", words, b.URL(), at.Problem, err)
	}
	b.must("click on "+words, b.do(chromedp.MouseClickXY(at.X, at.Y)))
}

// arrived waits until more than before has loaded and the page has come to rest.
func (b *Tab) arrived(what string, before int) {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	for b.traffic.seen() == before {
		select {
		case <-b.traffic.changed:
		case <-ctx.Done():
			b.t.Fatalf("%s: nothing came of it in %v", what, patience)
		}
	}
	if !b.until(ctx, func() bool { still, err := ask[bool](b, "still"); return still && err == nil }) {
		b.t.Fatalf("%s: the page does not come to rest", what)
	}
}

// Await waits until the page holds a text: progress that ends, a row that appears.
func (b *Tab) Await(text string) {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	if !b.until(ctx, func() bool { return strings.Contains(b.reading(), text) }) {
		b.t.Fatalf("%q did not appear at %s in %v; the page says\n%s", text, b.URL(), patience, b.reading())
	}
}

// until asks again and again, for a page between two documents has no answer.
func (b *Tab) until(ctx context.Context, ok func() bool) bool {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func (b *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := b.step()
	defer cancel()
	return chromedp.Do(ctx, steps...)
}
