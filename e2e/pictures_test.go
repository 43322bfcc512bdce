package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// The first screen of each actor's home in the whole demo: the README's pictures.
// IRM_PICTURES=../docs/pictures writes them anew.
func TestPictures(t *testing.T) {
	dir := os.Getenv("IRM_PICTURES")
	if dir == "" {
		dir = t.TempDir()
	}
	base := start(t, "demo").URL
	for _, actor := range []string{"partner", "lar", "staff"} {
		b := open(t, base, Look{})
		b.SignIn(actor+"@demo.example", "influence-demo-2007")
		b.Visit("/")
		ctx, cancel := b.step()
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		cancel()
		b.must("picture", err)
		if len(png) < 20_000 {
			t.Errorf("%s: a picture of %d bytes shows nothing", actor, len(png))
		}
		if err := os.WriteFile(filepath.Join(dir, actor+".png"), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
