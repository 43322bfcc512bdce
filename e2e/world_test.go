package e2e

import (
	"bytes"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The program's day in every journey: 16 April 2007.
const today = "2007-04-16"

// phrase is a password that the rules take for everybody of a journey.
const phrase = "seven herons over the levee"

// world is a fresh database, what mails it sent, and the program that serves it.
type world struct {
	t        *testing.T
	database string
	mails    string
	server   *Server
	links    map[string]string // slug of a LAR, or staff, to the path of its member's one-time link
}

// reports is the folder with LARs' reports; without it a test is left out.
func reports(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("IRM_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, "reports")
	if _, err := os.Stat(filepath.Join(dir, "northgate.csv")); err != nil {
		dir = ""
	}
	return need(t, "the folder with reports (IRM_TEST_DATA)", dir)
}

// newWorld makes a database with the roster, Ready LARs with a member each, and a
// program administrator, and serves it.
func newWorld(t *testing.T, lars map[string]string) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, database: filepath.Join(dir, "irm.db"), mails: filepath.Join(dir, "mails"), links: map[string]string{}}
	w.irm(1, "import", "roster", filepath.Join(reports(t), "roster.csv")) // 1: four of its rows are refused
	for slug, name := range lars {
		w.irm(0, "lar", "add", slug, "--name", name, "--status", "ready")
		w.invite(slug, "--role", "lar", "--lar", slug, "--email", "desk@"+slug+".example", "--name", "Desk of "+name)
	}
	w.invite("staff", "--role", "administrator", "--email", "staff@program.example", "--name", "Maya Kim")
	w.server = start(t, "serve", "--second-factor", "offered", "--database", w.database, "--today", today, "--mail-dir", w.mails)
	return w
}

// irm runs a command on the database and demands its exit status.
func (w *world) irm(want int, args ...string) string {
	w.t.Helper()
	stdout, stderr, status := run(w.t, append(args, "--database", w.database)...)
	if status != want {
		w.t.Fatalf("irm %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, stdout, stderr)
	}
	return stdout
}

var oneTime = regexp.MustCompile(`/(?:invite|signup/confirm|signup/personal)[/?][^\s"<>]+`)

func (w *world) invite(who string, args ...string) {
	w.t.Helper()
	out := w.irm(0, append([]string{"member", "add"}, args...)...)
	if w.links[who] = oneTime.FindString(out); w.links[who] == "" {
		w.t.Fatalf("irm member add printed no link: %s", out)
	}
}

// enter opens a tab in which a member has chosen a password by its one-time link
// and is signed in.
func (w *world) enter(who, email string, look Look) *Tab {
	w.t.Helper()
	b := open(w.t, w.server.URL, look)
	b.Visit(w.links[who])
	b.Fill("password", phrase)
	b.ClickIn("form:has([name=password])", "Set the password")
	if strings.HasPrefix(b.URL(), "/invite") {
		w.t.Fatalf("%s could not set a password: status %d: %s", who, b.Status(), b.Page())
	}
	if strings.HasPrefix(b.URL(), "/signin") {
		b.SignIn(email, phrase)
	}
	return b
}

// mailTo waits for a mail to an address whose subject holds words and returns its text.
func (w *world) mailTo(address, words string) string {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if text := w.findMail(address, words); text != "" {
			return text
		}
		time.Sleep(50 * time.Millisecond) // the program writes mails into a folder, which tells nobody
	}
	w.t.Fatalf("no mail to %s about %q in %v", address, words, patience)
	return ""
}

func (w *world) findMail(address, words string) string {
	files, _ := filepath.Glob(filepath.Join(w.mails, "*.eml"))
	for _, name := range files {
		if text := readMail(name, address, words); text != "" {
			return text
		}
	}
	return ""
}

// readMail is the text of a file with a mail to an address whose subject holds
// words, "" for another mail.
func readMail(name, address, words string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil || !strings.Contains(m.Header.Get("To"), address) || !strings.Contains(m.Header.Get("Subject"), words) {
		return ""
	}
	// Quoted-printable breaks long lines and writes = as =3D.
	return strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(string(b))
}
