package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// tiny is a site with everything that the harness has to cope with: a strict
// content policy, forms, a file, a fragment that a script fetches, faults.
func tiny(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	page := func(path, head, body string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><title>Tiny</title><meta name="viewport" content="width=device-width">%s</head><body><main><h1>Tiny</h1>%s</main></body></html>`, head, body)
		})
	}
	page("/{$}", `<script src="/tiny.js" defer></script>`, tinyForm)
	page("/good", "", `<p>Influenced revenue</p><p><a href="/wide">Wide page</a></p>`)
	page("/bad", "", `<p><img src="/x.png"></p>`)
	page("/inline", `<script>window.x = 1</script>`, ``)
	page("/broken", "", `<p><b>open`)
	page("/wide", `<link rel="stylesheet" href="/wide.css">`, `<p>narrow</p><div class="wide">wide</div>`)
	page("/thrower", `<script src="/thrower.js" defer></script>`, "")
	mux.HandleFunc("GET /thrower.js", file("text/javascript", `throw new Error("thrown")`))
	mux.HandleFunc("GET /elsewhere", file("text/html", `<!DOCTYPE html><title>x</title><img alt="" src="http://localhost:1/x.png">`))
	mux.HandleFunc("GET /wide.css", file("text/css", ".wide { width: 700px } @media (prefers-color-scheme: dark) { h1 { color: rgb(1, 2, 3) } }"))
	mux.HandleFunc("GET /tiny.js", file("text/javascript", tinyScript))
	mux.HandleFunc("GET /part", file("text/html", "the part has come"))
	mux.HandleFunc("GET /cookie", func(w http.ResponseWriter, r *http.Request) {
		c, _ := r.Cookie("sid")
		fmt.Fprint(w, "cookie ", c)
	})
	mux.HandleFunc("GET /favicon.ico", file("image/x-icon", ""))
	mux.HandleFunc("POST /{$}", tinyPosted)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

const tinyForm = `<form method="post" action="/" enctype="multipart/form-data">
<p><label>Customer <input name="customer" value="old"></label> <label>Signed on <input name="signed_on" type="date"></label></p>
<p><label>State <select name="state"><option value="WA">Washington</option><option value="OR">Oregon</option></select></label></p>
<p><label><input type="radio" name="kind" value="direct" checked> Direct</label> <label><input type="radio" name="kind" value="split"> Split</label></p>
<p><label><input type="checkbox" name="primary" value="yes"> Primary</label> <label>Note <textarea name="note"></textarea></label></p>
<p><label>Share <input name="share"></label> <label>Share <input name="share"></label> <label>File <input name="file" type="file"></label></p>
<p><button>Submit claim</button> <a href="/good">Cancel</a></p></form><p><button id="part" type="button">Fetch part</button> <span id="into"></span></p>
<details><summary>More</summary><p>what was hidden</p></details>`

const tinyScript = `document.getElementById('part').addEventListener('click', async () => {
  document.getElementById('into').textContent = await (await fetch('/part')).text();
});`

func file(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, text)
	}
}

func tinyPosted(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name, size := "none", int64(0)
	if files := r.MultipartForm.File["file"]; len(files) > 0 {
		name, size = files[0].Filename, files[0].Size
	}
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: "secret", HttpOnly: true})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusUnprocessableEntity)
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>Sent</title><h1>Sent</h1><pre>%q %q %q %q %q %q %q %s %d</pre>`,
		r.FormValue("customer"), r.FormValue("signed_on"), r.FormValue("state"), r.FormValue("kind"), r.FormValue("primary"), r.FormValue("note"), r.Form["share"], name, size)
}

// A form is filled in and sent the same way with scripts on and off.
func TestHarnessForm(t *testing.T) {
	site := tiny(t)
	report := filepath.Join(t.TempDir(), "northgate.csv")
	if err := os.WriteFile(report, []byte("agreement_number\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, look := range []Look{{}, {NoScripts: true}, {Width: 390, Dark: true}} {
		t.Run(look.String(), func(t *testing.T) {
			b := open(t, site, look)
			if status := b.Visit("/"); status != 200 {
				t.Fatalf("status %d", status)
			}
			b.Fill("customer", "Contoso & Söhne")
			b.Fill("signed_on", "2007-04-16")
			b.Fill("state", "Oregon")
			b.Fill("kind", "split")
			b.Fill("primary", "yes")
			b.Fill("note", "one\ntwo")
			b.FillNth("share", 1, "40")
			b.Upload("file", report)
			if got := b.Value("customer") + " " + b.Value("kind") + " " + b.Value("primary"); got != "Contoso & Söhne split yes" {
				t.Errorf("the form holds %q", got)
			}
			b.Click("Submit claim")
			want := `"Contoso & Söhne" "2007-04-16" "OR" "split" "yes" "one\r\ntwo" ["" "40"] northgate.csv 17`
			if got := b.Text("pre"); b.Status() != 422 || got != want {
				t.Errorf("status %d, sent\n%s, want\n%s", b.Status(), got, want)
			}
			if got := b.Source(); !strings.HasPrefix(got, "<!DOCTYPE html>") || !strings.Contains(got, "<h1>Sent</h1>") {
				t.Errorf("the source is %q", got)
			}
			if got := b.Fetch("/cookie"); got.Status != 200 || string(got.Body) != "cookie sid=secret" {
				t.Errorf("fetched %d %q", got.Status, got.Body)
			}
		})
	}
}

func TestHarnessClicks(t *testing.T) {
	b := open(t, tiny(t), Look{})
	b.Visit("/")
	b.Click("Fetch part")
	if got := b.Text("#into"); got != "the part has come" {
		t.Errorf("a fragment is not awaited: %q", got)
	}
	if b.Has("what was hidden") {
		t.Error("what is hidden is read")
	}
	b.Tap("More")
	b.Await("what was hidden")
	b.ClickIn("form", "Cancel")
	if b.URL() != "/good" || !b.Has("Influenced revenue") {
		t.Errorf("at %s: %s", b.URL(), b.Page())
	}
}

// With scripts off the page's own do not run, and the harness works all the same.
func TestHarnessNoScripts(t *testing.T) {
	b := open(t, tiny(t), Look{NoScripts: true})
	b.Visit("/")
	b.Tap("Fetch part")
	b.Click("Cancel")
	b.Visit("/")
	if got := b.Text("#into"); got != "" {
		t.Errorf("a script ran: %q", got)
	}
	b.Visit("/good")
	if found := b.Axe(); len(found) != 0 {
		t.Errorf("%v", found)
	}
}

// Each tab is a person of its own.
func TestHarnessCookies(t *testing.T) {
	site := tiny(t)
	ann, bob := open(t, site, Look{}), open(t, site, Look{})
	ann.Visit("/")
	ann.Click("Submit claim")
	bob.Visit("/good")
	if got := string(bob.Fetch("/cookie").Body); got != "cookie " {
		t.Errorf("the other tab has %q", got)
	}
}

func TestHarnessAxe(t *testing.T) {
	b := open(t, tiny(t), Look{})
	b.Visit("/good")
	if found := b.Axe(); len(found) != 0 {
		t.Errorf("on a good page: %v", found)
	}
	b.Excuse("x.png")
	b.Visit("/bad")
	found := b.Axe()
	if len(found) != 1 || found[0].ID != "image-alt" || len(found[0].Nodes) != 1 || found[0].Nodes[0].HTML == "" {
		t.Errorf("a picture without words: %v", found)
	}
}

func TestHarnessLook(t *testing.T) {
	b := open(t, tiny(t), Look{Dark: true})
	b.Visit("/wide")
	color := func() string {
		got, err := ask[string](b, `field.constructor("return getComputedStyle(document.querySelector('h1')).color + ' ' + innerWidth")`)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := color(); got != "rgb(1, 2, 3) 1280" {
		t.Errorf("dark is %s", got)
	}
	b.Look(Look{Width: 390})
	if got := color(); got != "rgb(0, 0, 0) 390" {
		t.Errorf("light and narrow is %s", got)
	}
}

func TestHarnessWide(t *testing.T) {
	b := open(t, tiny(t), Look{})
	b.Visit("/good")
	if got := b.Wide(320); len(got) != 0 {
		t.Errorf("a good page: %v", got)
	}
	b.Visit("/wide")
	if got := b.Wide(1280); len(got) != 0 {
		t.Errorf("at 1280: %v", got)
	}
	if got := b.Wide(320); len(got) != 2 || !strings.Contains(got[1], `class="wide"`) {
		t.Errorf("at 320: %v", got)
	}
}

func TestHarnessValidator(t *testing.T) {
	b := open(t, tiny(t), Look{})
	pages := map[string]string{}
	for _, path := range []string{"/good", "/broken"} {
		b.Visit(path)
		pages[path] = b.Source()
	}
	faults := validate(t, pages)
	if len(faults) == 0 {
		t.Fatal("nothing found on the broken page")
	}
	for _, f := range faults {
		if f.Page != "/broken" || f.Line == 0 || f.Message == "" {
			t.Errorf("%+v", f)
		}
	}
}

// What the browser complains about does not go unseen.
func TestHarnessComplaints(t *testing.T) {
	site := tiny(t)
	for path, want := range map[string]string{
		"/inline":    "Content Security Policy",
		"/bad":       "x.png",
		"/thrower":   "script failed: Error: thrown",
		"/elsewhere": "asked elsewhere: http://localhost:1/x.png",
	} {
		b := open(t, site, Look{})
		b.Visit(path)
		ctx, cancel := b.step()
		defer cancel()
		complains := func() bool { return strings.Contains(strings.Join(b.traffic.errors(), "\n"), want) }
		if !b.until(ctx, complains) {
			t.Errorf("%s: the browser says %q", path, b.traffic.errors())
		}
		b.Excuse("")
	}
}

// A page that answers with an error is no complaint.
func TestHarnessStatus(t *testing.T) {
	b := open(t, tiny(t), Look{})
	if status := b.Visit("/no such page"); status != 404 || b.URL() != "/no%20such%20page" {
		t.Errorf("status %d at %s", status, b.URL())
	}
}

// The list of pages finds every kind of fault, and none where there is none.
func TestHarnessPages(t *testing.T) {
	got := examineAll(t, tiny(t), Look{}, []view{
		{path: "/good"},
		{path: "/good > /wide"},
		{path: "/", press: "Submit claim", status: 422},
		{path: "/none", status: 404},
		{path: "/broken", status: 500},
	})
	want := []string{
		"public /good > /wide at 320 px scrolls sideways: the page is ",
		"public /good > /wide at 320 px scrolls sideways: <div class=\"wide\">",
		"public /broken: status 200, want 500",
		"not HTML: public /broken:1: ",
	}
	for _, w := range want {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, w) }) {
			t.Errorf("not found: %s", w)
		}
	}
	for _, g := range got {
		if strings.Contains(g, "/good at") || strings.Contains(g, "/good:") {
			t.Errorf("found on a good page: %s", g)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(got, "\n"))
	}
}

func TestHarnessShots(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shots")
	t.Setenv("IRM_SHOTS", dir)
	b := open(t, tiny(t), Look{})
	b.Visit("/good")
	b.Shot("front / page")
	png, err := os.ReadFile(filepath.Join(dir, "front-page.png"))
	if err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("%d bytes, %v", len(png), err)
	}
}

// standIn is what this test program does in place of irm: it prints an address and
// what it was given, and waits to be told to end.
func standIn() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	fmt.Fprintln(os.Stderr, "given", os.Args[1:], os.Getenv("IRM_DATABASE"))
	fmt.Println("The portal is at http://127.0.0.1:4711/ and a mail is at http://127.0.0.1:1")
	<-stop
	fmt.Println("bye")
}

func TestHarnessServer(t *testing.T) {
	t.Setenv("E2E_STANDIN", "1")
	t.Setenv("IRM_DATABASE", "somebody's own")
	begin := func() *Server {
		return serving(t, command(context.Background(), os.Args[0], "demo", "--addr", "127.0.0.1:0"))
	}
	s := begin()
	if err := s.Stop(); s.URL != "http://127.0.0.1:4711" || err != nil {
		t.Errorf("address %s, ended with %v", s.URL, err)
	}
	if got := s.Log(); !strings.Contains(got, "given [demo --addr 127.0.0.1:0] \n") || !strings.Contains(got, "bye") {
		t.Errorf("the log is %q", got)
	}
	killed := begin()
	killed.Kill()
	if killed.err == nil || strings.Contains(killed.Log(), "bye") {
		t.Errorf("killed, it ended with %v and said %q", killed.err, killed.Log())
	}
}
