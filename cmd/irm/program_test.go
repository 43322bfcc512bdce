package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"irm/store/storetest"
)

// databases are empty ones: the program brings the schema itself.
var databases = storetest.New(func(context.Context, string) error { return nil })

// TestMain is also the program that the crash test kills.
func TestMain(m *testing.M) {
	if os.Getenv("IRM_TEST_CHILD") != "" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}
	os.Exit(databases.Run(m))
}

// each runs test with the address of an empty database of each kind.
func each(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, "sqlite:"+filepath.Join(t.TempDir(), "irm.db")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, databases.Postgres(t)) })
}

// nothing is an environment without any variable.
func nothing(string) string { return "" }

// said runs a command and returns its exit status and what it wrote.
func said(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, nothing, &o, &e)
	return code, o.String(), e.String()
}

// done runs a command that has to succeed and returns what it wrote.
func done(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := said(t, args...)
	if code != statusDone {
		t.Fatalf("irm %s: status %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

// TestExitStatuses: 0 done, 1 the data was at fault, 2 the command line was, and
// the error is one sentence that says what to do.
func TestExitStatuses(t *testing.T) {
	dir := t.TempDir()
	db := "--database=sqlite:" + filepath.Join(dir, "irm.db")
	done(t, "lar", "add", "north", "--name", "North Licensing", "--status", "ready", db)
	done(t, "backup", filepath.Join(dir, "backup.db"), db)
	report := filepath.Join(dir, "report.csv")
	if err := os.WriteFile(report, []byte("this,is,no,report\n1,2,3,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		want int
		says string
		args []string
	}{
		{0, "", []string{"version"}},
		{0, "", []string{"verify", db}},
		{0, "", []string{"keys", db}},
		{2, "none.txt", []string{"verify", "--checkpoint", filepath.Join(dir, "none.txt"), db}},
		{2, "neither a checkpoint nor a receipt", []string{"verify", "--checkpoint", report, db}},
		{2, "not a receipt", []string{"verify", "--receipt", report, db}},
		{2, "not both", []string{"verify", "--receipt", report, "--checkpoint", report, db}},
		{2, "--key is for --receipt", []string{"verify", "--key", "k", db}},
		{1, "nobody has this address", []string{"person", "export", "nobody@x.example", db}},
		{1, "nobody has this address", []string{"person", "erase", "nobody@x.example", db}},
		{2, "accepts 1 arg", []string{"person", "erase", db}},
		{0, "", []string{"migrate", "--status", db}},
		{0, "", []string{"export", "agreements", "--format", "json", db}},
		{1, "There is a LAR north already", []string{"lar", "add", "north", "--name", "North", db}},
		{1, "slug", []string{"lar", "add", "No Slug", "--name", "North", db}},
		{1, "there is no LAR nobody", []string{"import", "report", report, "--lar", "nobody", db}},
		{1, "No row of headings", []string{"import", "report", report, "--lar", "north", db}},
		{2, "none.csv", []string{"import", "report", filepath.Join(dir, "none.csv"), "--lar", "north", db}},
		{1, "is there already", []string{"backup", filepath.Join(dir, "backup.db"), db}},
		{1, "is there already", []string{"restore", filepath.Join(dir, "backup.db"), db}},
		{1, "none.db", []string{"restore", filepath.Join(dir, "none.db"), "--database=sqlite:" + filepath.Join(dir, "new.db")}},
		{2, "needs a --name", []string{"lar", "add", "south", db}},
		{2, "there is no table", []string{"export", "profits", db}},
		{2, "--format is", []string{"export", "agreements", "--format", "pdf", db}},
		{2, "unknown command", []string{"sing"}},
		{2, "unknown flag", []string{"verify", "--loudly", db}},
		{2, "--role is", []string{"member", "add", "--role", "king", "--email", "k@x.example", db}},
		{2, "--lar", []string{"member", "add", "--role", "lar", "--email", "k@x.example", db}},
		{2, "--email", []string{"member", "add", "--role", "manager", db}},
		{2, "--lar", []string{"import", "report", "none.csv", db}},
		{2, "not both", []string{"serve", "--mail-dir", dir, "--smtp", "smtp://mail.example", db}},
		{2, "not a day", []string{"demo", "--today", "soon"}},
	} {
		code, _, errs := said(t, tt.args...)
		if code != tt.want || !strings.Contains(errs, tt.says) || code != 0 && strings.Count(strings.TrimSpace(errs), "\n") > 0 {
			t.Errorf("irm %s: status %d, want %d and %q: %q", strings.Join(tt.args, " "), code, tt.want, tt.says, errs)
		}
	}
}

// TestVersionNamesItsParts: the four lines a report of a fault needs.
func TestVersionNamesItsParts(t *testing.T) {
	out := done(t, "version")
	for _, want := range []string{"irm ", "commit ", "SQLite 3.", "go1."} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in %q", want, out)
		}
	}
}

// TestVariablesStandForFlags: IRM_DATABASE is --database, a flag given counts
// more, and a value that is none is the command line's fault.
func TestVariablesStandForFlags(t *testing.T) {
	dir := t.TempDir()
	env := func(name string) string {
		return map[string]string{"IRM_DATABASE": "sqlite:" + filepath.Join(dir, "env.db"), "IRM_NAME": "East Licensing", "IRM_STATUS": "ready"}[name]
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"lar", "add", "east"}, env, &out, &errs); code != 0 {
		t.Fatalf("status %d: %s", code, &errs)
	}
	if got := done(t, "export", "lars", "--database=sqlite:"+filepath.Join(dir, "env.db")); !strings.Contains(got, "East Licensing,ready") {
		t.Errorf("%q", got)
	}
	if code := run(t.Context(), []string{"lar", "add", "west", "--name", "West Licensing", "--status", "invited"}, env, &out, &errs); code != 0 {
		t.Fatalf("status %d: %s", code, &errs)
	}
	if got := done(t, "export", "lars", "--database=sqlite:"+filepath.Join(dir, "env.db")); !strings.Contains(got, "west,West Licensing,invited") {
		t.Errorf("%q", got)
	}
	bad := func(name string) string { return map[string]string{"IRM_AGREEMENTS": "many"}[name] }
	if code := run(t.Context(), []string{"demo"}, bad, &out, &errs); code != statusUsage || !strings.Contains(errs.String(), "IRM_AGREEMENTS") {
		t.Errorf("status %d: %s", code, &errs)
	}
}

// TestMigrateStatus shows pending steps without taking them.
func TestMigrateStatus(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		before := done(t, "migrate", "--status", "--database", dsn)
		if !strings.Contains(before, "pending") || strings.Contains(before, "applied") {
			t.Errorf("before: %s", before)
		}
		done(t, "migrate", "--database", dsn)
		after := done(t, "migrate", "--status", "--database", dsn)
		if strings.Contains(after, "pending") || strings.Count(after, "applied") != strings.Count(before, "pending") {
			t.Errorf("after: %s", after)
		}
	})
}

// served starts the program on a free port and returns its address. It has to
// end by itself, with status 0, when the test ends.
func served(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), nothing, in, &log)
		in.Close()
		ended <- code
	}()
	lines := bufio.NewScanner(out)
	address := ""
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "The portal is at ")
	}
	go io.Copy(io.Discard, out)
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != statusDone {
			t.Errorf("serve ended with status %d: %s", code, &log)
		}
	})
	if address == "" {
		t.Fatal("it did not start")
	}
	return address
}

// browser keeps cookies and stays where it is sent.
type browser struct {
	http.Client
	base string
}

func newBrowser(base string) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, base}
}

func (b *browser) get(t testing.TB, path string) (int, string) {
	t.Helper()
	resp, err := b.Get(b.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// post sends a form as a page of the portal does, and returns where it leads.
func (b *browser) post(path string, fields url.Values) (status int, to string, err error) {
	req, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.base)
	resp, err := b.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Header.Get("Location"), nil
}

const password = "orange tractor violin 52"

// TestServeFromNothing sets a portal up as an operator does, with nothing but
// commands, and a member signs in with the link that was printed.
func TestServeFromNothing(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		done(t, "lar", "add", "north", "--name", "North Licensing", "--status", "ready", "--database", dsn)
		address := served(t, "--database", dsn, "--mail-dir", t.TempDir())
		done(t, "member", "add", "--role", "lar", "--lar", "north", "--email", "owner@north.example", "--database", dsn) // the first is the owner, who needs a second factor
		link := strings.TrimSpace(done(t, "member", "add", "--role", "lar", "--lar", "north", "--email", "Desk@North.example", "--database", dsn, "--base-url", address))
		b := newBrowser(address)
		for _, path := range []string{"/healthz", "/readyz"} {
			if status, body := b.get(t, path); status != 200 || body != "ok\n" {
				t.Errorf("%s: %d %q", path, status, body)
			}
		}
		path := strings.TrimPrefix(link, address)
		if status, body := b.get(t, path); status != 200 || !strings.Contains(body, "North Licensing") {
			t.Fatalf("%s: %d", path, status)
		}
		if status, _, err := b.post(path, url.Values{"password": {"short"}}); err != nil || status != 422 {
			t.Errorf("a short password: %d, %v", status, err)
		}
		if status, to, err := b.post(path, url.Values{"password": {password}}); err != nil || status != 303 || to != "/" {
			t.Fatalf("password: %d to %q, %v", status, to, err)
		}
		if status, _ := b.get(t, "/inbox"); status != 200 {
			t.Errorf("the inbox: %d", status)
		}
		if status, _, err := newBrowser(address).post(path, url.Values{"password": {password}}); err != nil || status == 303 {
			t.Errorf("the link worked twice: %d, %v", status, err)
		}
		again := newBrowser(address)
		if status, to, err := again.post("/signin", url.Values{"email": {"desk@north.example"}, "password": {password}}); err != nil || status != 303 {
			t.Errorf("signing in: %d to %q, %v", status, to, err)
		}
		if status, _ := again.get(t, "/inbox"); status != 200 {
			t.Errorf("signed in again: %d", status)
		}
	})
}

// TestBackupIsRestored: what was exported before is exported afterwards, and the
// restored records verify.
func TestBackupIsRestored(t *testing.T) {
	dir := t.TempDir()
	db, other := "--database=sqlite:"+filepath.Join(dir, "irm.db"), "--database=sqlite:"+filepath.Join(dir, "other.db")
	done(t, "lar", "add", "north", "--name", "North Licensing", "--status", "ready", db)
	report := filepath.Join(dir, "report.csv")
	if err := os.WriteFile(report, reportOf(30), 0o600); err != nil {
		t.Fatal(err)
	}
	var summary struct {
		Orders int64 `json:"orders"`
		Cents  int64 `json:"amount_cents"`
	}
	if err := json.Unmarshal([]byte(done(t, "import", "report", report, "--lar", "north", "--json", db)), &summary); err != nil || summary.Orders != 30 || summary.Cents != 30*125_000 {
		t.Fatalf("%+v, %v", summary, err)
	}
	want := done(t, "export", "orders", db)
	if strings.Count(want, "\n") != 31 {
		t.Fatalf("%s", want)
	}
	done(t, "backup", filepath.Join(dir, "backup.db"), db)
	done(t, "restore", filepath.Join(dir, "backup.db"), other)
	if got := done(t, "export", "orders", other); got != want {
		t.Errorf("restored\n%s\nwant\n%s", got, want)
	}
	done(t, "verify", other)
}

// TestPostgresIsBackedUpByItsOwnTools: status 2, and the sentence says with which.
func TestPostgresIsBackedUpByItsOwnTools(t *testing.T) {
	dsn := databases.Postgres(t)
	for _, command := range []string{"backup", "restore"} {
		if code, _, errs := said(t, command, filepath.Join(t.TempDir(), "x.db"), "--database", dsn); code != statusUsage || !strings.Contains(errs, "pg_dump") {
			t.Errorf("%s: status %d: %s", command, code, errs)
		}
	}
}
