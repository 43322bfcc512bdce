package e2e

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// chrome is the one browser of a run; tabs have their own cookies. It starts when
// the first test asks for it.
var chrome struct {
	sync.Mutex
	ctx  context.Context
	stop func()
}

func TestMain(m *testing.M) {
	if os.Getenv("E2E_STANDIN") != "" {
		standIn()
		return
	}
	code := m.Run()
	if chrome.stop != nil {
		chrome.stop()
	}
	if program.dir != "" {
		os.RemoveAll(program.dir)
	}
	os.Exit(code)
}

// browser returns the browser's context, a parent of every tab's.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := need(t, "Chromium", chromium())
	chrome.Lock()
	defer chrome.Unlock()
	if chrome.ctx == nil {
		if err := launch(path); err != nil {
			t.Fatalf("start %s: %v", path, err)
		}
	}
	return chrome.ctx
}

// launch starts the browser with an empty profile, and quiet: it asks nobody on
// the network for anything.
func launch(path string) error {
	profile, err := os.MkdirTemp("", "irm-browser-")
	if err != nil {
		return err
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en-US"),
		chromedp.Env("LANGUAGE=en_US", "TZ=America/New_York"),
	)
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, stop := chromedp.NewContext(alloc)
	end := func() {
		_ = chromedp.Cancel(ctx) // waits until the browser is gone
		stop()
		stopAlloc()
		os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil {
		end()
		return fmt.Errorf("browser: %w", err)
	}
	chrome.ctx, chrome.stop = ctx, end
	return nil
}
