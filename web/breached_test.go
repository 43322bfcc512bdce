package web

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // of the lists of breached passwords
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"irm/influence"
)

// breachedFile writes a list of passwords with as many others around them.
func breachedFile(t testing.TB, end string, others int, passwords ...string) string {
	t.Helper()
	var lines []string
	for i := range others {
		passwords = append(passwords, fmt.Sprintf("another %d", i))
	}
	for i, p := range passwords {
		lines = append(lines, fmt.Sprintf("%X:%d", sha1.Sum([]byte(p)), 1+i*i*i*7919)) //nolint:gosec // as above
	}
	slices.Sort(lines)
	path := filepath.Join(t.TempDir(), "breached.txt")
	if err := os.WriteFile(path, []byte(strings.Join(lines, end)+end), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openBreached(t testing.TB, path string) *Breached {
	t.Helper()
	b, err := OpenBreached(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// Every password of a list is found, and none that is not in it, whatever ends its
// lines and however few they are.
func TestBreachedPasswordsAreFound(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		for _, n := range []int{1, 2, 3, 1000} {
			b := openBreached(t, breachedFile(t, end, n))
			for i := range n + 500 {
				found, err := b.has(fmt.Sprintf("another %d", i))
				if err != nil || found != (i < n) {
					t.Fatalf("%d of %d: %v, %v", i, n, found, err)
				}
			}
		}
	}
}

// What is no such list is refused when the portal starts, not when somebody chooses
// a password.
func TestBreachedFileIsLookedAt(t *testing.T) {
	for what, text := range map[string]string{"empty": "", "words": "password\nsecret\n", "one long line": strings.Repeat("A", 5000),
		"not sorted": strings.Repeat("B", 40) + ":1\n" + strings.Repeat("A", 40) + ":1\n"} {
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenBreached(path); err == nil {
			t.Errorf("%s is taken for a list", what)
		}
	}
	if _, err := OpenBreached(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("no file is taken for a list")
	}
}

// A list is not read into memory: a look-up in one of 30 MB reads a few lines.
func TestBreachedFileIsNotLoaded(t *testing.T) {
	var lines bytes.Buffer
	for i := range 600_000 {
		fmt.Fprintf(&lines, "%010X%030X:%d\n", i*1000, i, i)
	}
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b := openBreached(t, path)
	if _, err := b.has("seven green kettles sing"); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<10 {
		t.Errorf("a look-up took %d bytes", grown)
	}
}

// A password that was breached is refused at its field wherever one is chosen, and
// the rest that was typed is kept.
func TestASVS_6_2_12_NoBreachedPassword(t *testing.T) {
	const breached, sentence = "eleven quiet harbors wake", "found in a breach"
	list := breachedFile(t, "\n", 100, breached)
	p := newPortal(t, databases.SQLite(t), Config{Breached: openBreached(t, list)})
	member := p.as(t, p.partner.MemberID)
	member.visit("/account").fill("current", p.password).fill("password", breached).press("Change password").sees(422, sentence)
	if member.wrong()["password"] == "" {
		t.Errorf("wrong %v", member.wrong())
	}
	out := p.browser(t)
	out.visit("/signup").fill("name", "Ann Birch").fill("email", "ann@birch.example").fill("password", breached).press("Send application").sees(422, sentence, "Enter the company")
	if out.wrong()["password"] == "" || out.doc.Find("#name").AttrOr("value", "") != "Ann Birch" {
		t.Errorf("wrong %v", out.wrong())
	}
	out.visit("/password/forgot").fill("email", "dana@alder.example").press("Send the link").sees(200)
	out.visit(p.mailed(t, "dana@alder.example")).fill("password", breached).press("Set the password").sees(422, sentence)
	if out.wrong()["password"] == "" {
		t.Errorf("wrong %v", out.wrong())
	}
	out.fill("password", "twelve loud harbors wake").press("Set the password").sees(200, "Your new password is set.")
	member.visit("/signin").post("/signin", url.Values{"email": {"dana@alder.example"}, "password": {"twelve loud harbors wake"}}).sees(200)
	without := newPortal(t, databases.SQLite(t), Config{})
	member = without.as(t, without.partner.MemberID)
	member.visit("/account").fill("current", without.password).fill("password", breached).press("Change password").sees(200, "Your password is changed.")
}

// A list that can't be read lets no password pass unlooked at.
func TestUnreadableListSetsNoPassword(t *testing.T) {
	b := openBreached(t, breachedFile(t, "\n", 100))
	s := &server{Config: Config{Breached: b}}
	if err := s.checkPassword("eleven quiet harbors wake", influence.PasswordOwner{}); err != nil {
		t.Errorf("while it can be read: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	var refused influence.Refusal
	if err := s.checkPassword("eleven quiet harbors wake", influence.PasswordOwner{}); err == nil || errors.As(err, &refused) {
		t.Errorf("once it can't be read: %v", err)
	}
}
